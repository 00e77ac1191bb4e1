package badger

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	badgerdb "github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/y"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// recoverDamage turns a panic into ErrDamaged, and for the calling goroutine
// also a fault in a memory map, which a damaged or truncated file causes. A
// fault in a goroutine of Badger's own still ends the process. Use:
//
//	defer recoverDamage("doing", &err)()
func recoverDamage(doing string, err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if p := recover(); p != nil {
			*err = fmt.Errorf("%w: %s: %v", ledger.ErrDamaged, doing, p)
		}
	}
}

// openStore opens Badger, telling damage from other errors.
func openStore(o badgerdb.Options) (db *badgerdb.DB, err error) {
	defer recoverDamage("open store", &err)()
	db, err = badgerdb.Open(o)
	switch {
	case err == nil:
		return db, nil
	case damageSaid(err):
		return nil, fmt.Errorf("%w: open store: %w", ledger.ErrDamaged, err)
	default:
		return nil, fmt.Errorf("open store: %w", err)
	}
}

// damageSaid recognises Badger's ways to say that a file is not what it wrote.
// Not all of them are error values.
func damageSaid(err error) bool {
	if errors.Is(err, y.ErrChecksumMismatch) || errors.Is(err, badgerdb.ErrTruncateNeeded) {
		return true
	}
	text := strings.ToLower(err.Error())
	for _, said := range []string{"checksum", "corrupt", "manifest has", "bad magic", "file does not exist for table", "unmarshal", "invalid"} {
		if strings.Contains(text, said) {
			return true
		}
	}
	return false
}
