package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// ErrInjected is the cause of every failure a Faulty ledger makes up.
var ErrInjected = errors.New("injected fault")

// Plan says when a Faulty ledger fails. Counts run over the whole ledger and
// begin at 1; 0 never fails.
type Plan struct {
	// FailCommit is the commit that fails. Every later one fails too, with
	// ErrFailed, as a ledger does that cannot tell what it stored.
	FailCommit int
	// Landed makes that commit fail after it took effect: the outcome a
	// process cannot know.
	Landed bool
	// FailGet is the Get that fails, counting those in snapshots. Later ones
	// work again.
	FailGet int
	// FailScan is the same for scans of every kind.
	FailScan int
	// Before, when set, is called before each operation with its name
	// ("commit", "get", "scan", "trim", "records"): a place to wait in.
	Before func(op string)
}

// Fault is a ledger that fails to plan. It is safe for concurrent use.
type Fault struct {
	inner ledger.Ledger
	plan  Plan

	mu                   sync.Mutex
	commits, gets, scans int
	failed               bool
}

var _ ledger.Ledger = (*Fault)(nil)

// Faulty wraps a ledger. Closing it closes the inner one.
func Faulty(inner ledger.Ledger, plan Plan) *Fault {
	if plan.Before == nil {
		plan.Before = func(string) {}
	}
	return &Fault{inner: inner, plan: plan}
}

// Commits is how many commits were begun: a run with FailCommit one higher
// than the count of a clean run fails nowhere, which ends an exhaustive loop.
func (f *Fault) Commits() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.commits
}

// Gets is how many Gets were begun.
func (f *Fault) Gets() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gets
}

// due counts one operation and reports whether it is the one to fail.
func (f *Fault) due(op string, count *int, at int) error {
	f.plan.Before(op)
	f.mu.Lock()
	defer f.mu.Unlock()
	*count++
	if *count == at {
		return fmt.Errorf("%s %d: %w", op, at, ErrInjected)
	}
	return nil
}

// Snapshot implements ledger.Ledger.
func (f *Fault) Snapshot(fn func(ledger.Reader) error) error {
	return f.inner.Snapshot(func(r ledger.Reader) error { return fn(faultyReader{f, r}) })
}

// Get implements ledger.Reader.
func (f *Fault) Get(key []byte) ([]byte, error) { return faultyReader{f, f.inner}.Get(key) }

// Scan implements ledger.Reader.
func (f *Fault) Scan(from, to []byte, fn func(key, value []byte) bool) error {
	return faultyReader{f, f.inner}.Scan(from, to, fn)
}

// ScanKeys implements ledger.Reader.
func (f *Fault) ScanKeys(from, to []byte, fn func(key []byte) bool) error {
	return faultyReader{f, f.inner}.ScanKeys(from, to, fn)
}

// ScanBack implements ledger.Reader.
func (f *Fault) ScanBack(from, to []byte, fn func(key, value []byte) bool) error {
	return faultyReader{f, f.inner}.ScanBack(from, to, fn)
}

// Claim implements ledger.Ledger.
func (f *Fault) Claim(ctx context.Context, shard uint16) (ledger.Tenure, error) {
	inner, err := f.inner.Claim(ctx, shard)
	if err != nil {
		return nil, err
	}
	return &faultyTenure{fault: f, inner: inner}, nil
}

// Close implements ledger.Ledger.
func (f *Fault) Close() error { return f.inner.Close() }

// Hold implements ledger.Ledger.
func (f *Fault) Hold() (ledger.Reader, func(), error) {
	r, release, err := f.inner.Hold()
	return faultyReader{f, r}, release, err
}

// faultyReader counts reads of the ledger or of a snapshot.
type faultyReader struct {
	fault *Fault
	inner ledger.Reader
}

func (r faultyReader) scan() error {
	return r.fault.due("scan", &r.fault.scans, r.fault.plan.FailScan)
}

func (r faultyReader) Get(key []byte) ([]byte, error) {
	if err := r.fault.due("get", &r.fault.gets, r.fault.plan.FailGet); err != nil {
		return nil, err
	}
	return r.inner.Get(key)
}

func (r faultyReader) Scan(from, to []byte, fn func(key, value []byte) bool) error {
	if err := r.scan(); err != nil {
		return err
	}
	return r.inner.Scan(from, to, fn)
}

func (r faultyReader) ScanKeys(from, to []byte, fn func(key []byte) bool) error {
	if err := r.scan(); err != nil {
		return err
	}
	return r.inner.ScanKeys(from, to, fn)
}

func (r faultyReader) ScanBack(from, to []byte, fn func(key, value []byte) bool) error {
	if err := r.scan(); err != nil {
		return err
	}
	return r.inner.ScanBack(from, to, fn)
}

type faultyTenure struct {
	fault *Fault
	inner ledger.Tenure
}

func (t *faultyTenure) Head() (uint64, int64) { return t.inner.Head() }

func (t *faultyTenure) Commit(ctx context.Context, at int64, body []byte, writes []ledger.Write) (uint64, error) {
	f := t.fault
	err := f.due("commit", &f.commits, f.plan.FailCommit)
	f.mu.Lock()
	already := f.failed
	f.failed = f.failed || err != nil
	f.mu.Unlock()
	if already {
		return 0, ledger.ErrFailed
	}
	if err == nil {
		return t.inner.Commit(ctx, at, body, writes)
	}
	if f.plan.Landed {
		if _, inner := t.inner.Commit(ctx, at, body, writes); inner != nil {
			return 0, inner
		}
	}
	return 0, err
}

func (t *faultyTenure) Records(from uint64, fn func(ledger.Record) bool) error {
	t.fault.plan.Before("records")
	return t.inner.Records(from, fn)
}

func (t *faultyTenure) Trim(ctx context.Context, before uint64, limit int) (int, error) {
	t.fault.plan.Before("trim")
	t.fault.mu.Lock()
	failed := t.fault.failed
	t.fault.mu.Unlock()
	if failed {
		return 0, ledger.ErrFailed
	}
	return t.inner.Trim(ctx, before, limit)
}
