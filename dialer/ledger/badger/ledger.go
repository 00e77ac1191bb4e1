package badger

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	badgerdb "github.com/dgraph-io/badger/v4"
	"github.com/gofrs/flock"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// Ledger is an open embedded ledger. It is safe for concurrent use.
type Ledger struct {
	opts Options
	id   ID
	lock *flock.Flock
	db   *badgerdb.DB

	gate    gate
	queue   chan *job
	failure atomic.Pointer[failure]
	// The most one joined transaction carries. A single commit may be larger
	// by what its stored form adds.
	joinKeys, joinBytes int

	claimMu sync.Mutex
	claimed map[uint16]bool
	ends    map[uint16]end // as found at open

	water    *highWater
	witness  *highWater // nil without Options.Witness
	epoch    uint64     // of this open
	strange  bool       // the store is another ledger's, until somebody accepts it
	noted    bool       // the open is noted in store and files
	repaired []string
	// Tables that were not read whole before the open; the keeper's.
	unchecked []*tableFile
	checked   chan struct{} // closed when they have been
	latency   latency
	ground    ground

	stop      chan struct{}
	committer sync.WaitGroup
	keeper    sync.WaitGroup
}

var _ ledger.Ledger = (*Ledger)(nil)

// Open opens the ledger in o.Dir, or makes one when the directory is missing
// or empty. It fails with ErrOwned when another process has it, ErrForeign
// when it holds something else, ErrNewer when a newer version wrote it,
// ErrDamaged when what it holds cannot be trusted to be read at all, and
// ErrDiskFull. What could be mended or must be looked at stands in Health. An
// open that fails on damage may leave two idle goroutines of Badger's behind.
func Open(o Options) (_ *Ledger, err error) {
	o = o.withDefaults()
	l := &Ledger{
		opts:      o,
		queue:     make(chan *job, 64),
		claimed:   make(map[uint16]bool),
		joinKeys:  ledger.MaxCommitKeys,
		joinBytes: ledger.MaxCommitBytes,
		stop:      make(chan struct{}),
		checked:   make(chan struct{}),
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.release())
		}
	}()
	if err := l.takeDirectory(); err != nil {
		return nil, err
	}
	if !o.InMemory {
		if l.unchecked, err = checkTables(storeDir(o.Dir), o.CheckFirst); err != nil {
			return nil, err
		}
	}
	if l.db, err = openStore(o.store()); err != nil {
		return nil, err
	}
	crash.Point(crash.LedgerStoreOpened)
	l.joinKeys = min(l.joinKeys, int(l.db.MaxBatchCount())*9/10)
	l.joinBytes = min(l.joinBytes, int(l.db.MaxBatchSize())*6/10)
	if err := l.examine(); err != nil {
		return nil, err
	}
	crash.Point(crash.LedgerExamined)
	l.committer.Go(l.commitLoop)
	l.keeper.Go(func() { l.keep(l.stop) })
	if len(l.unchecked) == 0 {
		close(l.checked)
	} else {
		l.keeper.Go(l.checkRest)
	}
	return l, nil
}

// takeDirectory makes sure the directory is ours and fit to be opened.
func (l *Ledger) takeDirectory() (err error) {
	dir := l.opts.Dir
	if l.opts.InMemory {
		l.id = newID()
		return nil
	}
	if dir == "" {
		return errors.New("open ledger: no directory named")
	}
	if _, err := look(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make ledger directory: %w", err)
	}
	if l.lock, err = acquire(dir); err != nil {
		return err
	}
	exists, err := look(dir) // again: someone else may have made it meanwhile
	if err != nil {
		return err
	}
	if exists {
		l.id, err = openMarker(dir)
	} else {
		l.id, err = writeMarker(dir)
	}
	if err != nil {
		return err
	}
	return l.prepareDisk()
}

// prepareDisk checks for room, mends and lays ballast.
func (l *Ledger) prepareDisk() (err error) {
	dir := l.opts.Dir
	if err := l.measureDisk(); err != nil {
		return err
	}
	if need := l.opts.leastRoom(); l.ground.free < need {
		return fmt.Errorf("%w: %s has %d bytes free, opening takes %d; free some space (the file %q is there to be deleted)",
			ErrDiskFull, dir, l.ground.free, need, ballastName)
	}
	if l.repaired, err = repair(storeDir(dir)); err != nil {
		return err
	}
	if l.opts.Ballast > 0 {
		if err := layBallast(dir, l.opts.Ballast, l.opts.MinFree); err != nil {
			return err
		}
	}
	return l.measureDisk()
}

// examine reads the ends of all logs and compares them with the high-water
// file.
func (l *Ledger) examine() (err error) {
	txn := l.db.NewTransaction(false)
	defer txn.Discard()
	if l.ends, err = loadEnds(txn); err != nil {
		return err
	}
	if l.opts.InMemory {
		return nil
	}
	found, err := l.consult(txn)
	if err != nil {
		return err
	}
	for _, s := range found {
		l.opts.Logger.Error("ledger suspicious: no call may be placed until an operator accepts", zap.String("suspicion", s))
	}
	if err := l.noteOpen(found); err != nil {
		return err
	}
	for _, done := range l.repaired {
		l.opts.Logger.Warn("ledger repaired at open", zap.String("repair", done))
	}
	return nil
}

// ID is the ledger's id, made with it. A copy has the same.
func (l *Ledger) ID() ID { return l.id }

// Close implements ledger.Ledger. It waits for calls inside the ledger, so it
// must not be called from within a scan or a snapshot. A second Close does
// nothing. After ErrDiskFull goroutines and files of the store's stay behind:
// the process is to end.
func (l *Ledger) Close() error {
	if !l.gate.close() {
		return nil
	}
	close(l.queue)
	l.committer.Wait()
	close(l.stop)
	l.keeper.Wait()
	return l.release()
}

// release lets go of files and lock, in the opposite order of taking them.
func (l *Ledger) release() error {
	var errs []error
	closeTables(l.unchecked)
	if l.water != nil && l.Err() == nil && l.noted {
		errs = append(errs, l.tellWitness())
	}
	errs = append(errs, l.water.close(), l.witness.close())
	// Closing writes the last table. On a full disk that would kill: the store
	// is left as a killed process leaves it, with all commits in its log.
	if l.db != nil && !errors.Is(l.Err(), ErrDiskFull) {
		crash.Point(crash.ShutdownBeforeClose)
		if err := l.db.Close(); err != nil {
			errs = append(errs, fmt.Errorf("close store: %w", err))
		}
	}
	if l.lock != nil {
		errs = append(errs, l.lock.Unlock())
	}
	return errors.Join(errs...)
}
