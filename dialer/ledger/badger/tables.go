package badger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	badgerdb "github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/table"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// checkers is how many tables are read at once before the store opens.
const checkers = 2

// checkTables reads the tables that the store will use, with all checksums:
// whole as long as they fit into first bytes, the newest before all; of the
// others what Badger reads in opening them. Those it returns, open, so that
// they can be read on even when they are compacted away meanwhile. Badger would
// check in goroutines of its own, where what it finds in a damaged file ends the
// process with a panic instead of a word.
func checkTables(db string, first int64) (later []*tableFile, err error) {
	tables, err := listTables(db)
	if err != nil {
		return nil, err
	}
	whole := 0
	for ; whole < len(tables) && tables[whole].size <= first; whole++ {
		first -= tables[whole].size
	}
	next := make(chan int)
	errs := make(chan error, len(tables))
	var all sync.WaitGroup
	for range min(checkers, len(tables)) {
		all.Go(func() {
			for i := range next {
				if err := tables[i].checkFirst(i < whole); err != nil {
					errs <- err
				}
			}
		})
	}
	for i := range tables {
		next <- i
	}
	close(next)
	all.Wait()
	close(errs)
	if err := <-errs; err != nil {
		closeTables(tables)
		return nil, err
	}
	return tables[whole:], nil
}

// listTables lists the tables of the manifest: the newest levels first, and in
// each the newest table.
func listTables(db string) (tables []*tableFile, err error) {
	manifest, err := readManifest(db)
	if err != nil {
		return nil, err
	}
	for id, m := range manifest.Tables {
		t := &tableFile{path: filepath.Join(db, table.IDToFilename(id)), id: id, level: m.Level, compression: m.Compression}
		st, err := os.Stat(t.path)
		if err != nil {
			return nil, fmt.Errorf("%w: read table: %w", ledger.ErrDamaged, err)
		}
		t.size = st.Size()
		tables = append(tables, t)
	}
	slices.SortFunc(tables, func(a, b *tableFile) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(b.id, a.id))
	})
	return tables, nil
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

// Checked is closed when no table is left to be read whole: all have been, or
// one is damaged and the ledger has failed, or it is being closed.
func (l *Ledger) Checked() <-chan struct{} { return l.checked }

// AwaitChecked waits for Checked, for what must not begin on rows that a
// damaged table may hide: it returns ErrDamaged when there is one.
func (l *Ledger) AwaitChecked(ctx context.Context) error {
	select {
	case <-l.checked:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := l.Err(); errors.Is(err, ledger.ErrDamaged) {
		return err
	}
	return nil
}

// checkRest reads the tables that were too many to be read before the store
// opened, slowly, beside the work. What it finds ends the ledger: no commit is
// acknowledged any more, and so nothing is dialed. It stays a suspicion over
// restarts until an operator accepts it.
func (l *Ledger) checkRest() {
	defer close(l.checked)
	began, bytes := realNow(), int64(0)
	for _, t := range l.unchecked {
		err := t.check(true, func() bool { return !pause(l.stop, checkPause) })
		t.close()
		switch {
		case errors.Is(err, errStopped):
			return
		case err != nil:
			l.condemn(err)
			return
		}
		bytes += t.size
	}
	l.opts.Logger.Info("all tables checked", zap.Int("tables", len(l.unchecked)), zap.Int64("bytes", bytes), zap.Duration("took", realNow().Sub(began)))
}

// condemn fails the ledger for damage that was found in it.
func (l *Ledger) condemn(found error) {
	err := l.water.update(func(w *watermark) {
		if what := found.Error(); len(w.suspicious) < maxSuspicions && !slices.Contains(w.suspicious, what) {
			w.suspicious = append(w.suspicious, what)
		}
	})
	l.fail(errors.Join(found, err, l.water.sync(), l.tellWitness()))
}
