package badger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	badgerdb "github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/dgraph-io/badger/v4/table"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// checkers is how many tables are read at once before the store opens.
const checkers = 2

// checkTables reads every table that the store will use, with all checksums.
// Badger would do the same in goroutines of its own, where what it finds in a
// damaged file ends the process with a panic instead of a word.
func checkTables(db string) error {
	manifest, err := readManifest(db)
	if err != nil {
		return err
	}
	ids := make(chan uint64)
	errs := make(chan error, len(manifest.Tables))
	var all sync.WaitGroup
	for range min(checkers, len(manifest.Tables)) {
		all.Go(func() {
			for id := range ids {
				if err := checkTable(filepath.Join(db, table.IDToFilename(id)), id, manifest.Tables[id].Compression); err != nil {
					errs <- err
				}
			}
		})
	}
	for id := range manifest.Tables {
		ids <- id
	}
	close(ids)
	all.Wait()
	close(errs)
	return <-errs
}

// readManifest reads the list of tables. Nothing is yet in a store without
// one; but one with tables or logs that has lost it must not be opened: Badger
// would take it for new and delete them.
func readManifest(db string) (m badgerdb.Manifest, err error) {
	f, err := os.Open(filepath.Join(db, badgerdb.ManifestFilename))
	if errors.Is(err, fs.ErrNotExist) {
		for _, pattern := range []string{"*.sst", "*.mem"} {
			if left, _ := filepath.Glob(filepath.Join(db, pattern)); len(left) > 0 {
				return m, fmt.Errorf("%w: %s is missing, and without it %s cannot be read", ledger.ErrDamaged, badgerdb.ManifestFilename, filepath.Base(left[0]))
			}
		}
		return m, nil
	}
	if err != nil {
		return m, fmt.Errorf("look at ledger store: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	defer recoverDamage("read "+badgerdb.ManifestFilename, &err)()
	if m, _, err = badgerdb.ReplayManifestFile(f, 0, badgerdb.Options{}); err != nil {
		return m, fmt.Errorf("%w: read %s: %w", ledger.ErrDamaged, badgerdb.ManifestFilename, err)
	}
	return m, nil
}

// checkTable reads one table whole; it is read, not mapped, so that a file
// that shrinks meanwhile is an error and no fault.
func checkTable(file string, id uint64, compression options.CompressionType) (err error) {
	name := filepath.Base(file)
	defer recoverDamage("read table "+name, &err)()
	raw, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%w: read table: %w", ledger.ErrDamaged, err)
	}
	t, err := table.OpenInMemoryTable(raw, id, &table.Options{BlockSize: 4096, Compression: compression})
	if err == nil {
		err = t.VerifyChecksum()
	}
	if err != nil {
		return fmt.Errorf("%w: read table %s: %w", ledger.ErrDamaged, name, err)
	}
	return nil
}
