package badger

import (
	"context"
	"fmt"

	badgerdb "github.com/dgraph-io/badger/v4"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// Verify reads everything: the checksums of Badger's tables, of every value,
// and the chains of all logs. It returns ErrDamaged with the first thing
// found. It sees one state and lets commits go on meanwhile, but holds back
// compaction: run it at night or from the doctor. When ctx ends it returns at
// once; Close still waits for a table check under way.
func (l *Ledger) Verify(ctx context.Context) error {
	if !l.gate.enter() {
		return ledger.ErrClosed
	}
	done := make(chan error, 1)
	go func() {
		defer l.gate.leave()
		done <- l.verify(ctx)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("verify ledger: %w", ctx.Err())
	}
}

func (l *Ledger) verify(ctx context.Context) error {
	if err := l.verifyTables(); err != nil {
		return err
	}
	txn := l.db.NewTransaction(false)
	defer txn.Discard()
	seen := 0
	check := func(item *badgerdb.Item) (bool, error) {
		if seen++; seen%1024 == 0 && ctx.Err() != nil {
			return false, fmt.Errorf("verify ledger: %w", ctx.Err())
		}
		return true, item.Value(func(sealed []byte) error {
			_, err := unseal(item.Key(), sealed)
			return err
		})
	}
	if err := walk(txn, []byte{metaPrefix}, stateEnd(nil), false, check); err != nil {
		return err
	}
	ends, err := loadEnds(txn)
	if err != nil {
		return err
	}
	for _, e := range ends {
		if err := chain(txn, &e, e.base+1, func(ledger.Record) bool { return ctx.Err() == nil }); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("verify ledger: %w", ctx.Err())
	}
	return nil
}

// verifyTables runs Badger's own check, which may panic on what it finds.
func (l *Ledger) verifyTables() (err error) {
	defer recoverDamage("verify tables", &err)()
	if err := l.db.VerifyChecksum(); err != nil {
		return fmt.Errorf("%w: verify tables: %w", ledger.ErrDamaged, err)
	}
	return nil
}
