package memory

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// Ledger is an ordered store in memory. It is safe for concurrent use.
type Ledger struct {
	mu     sync.RWMutex
	tree   tree
	seen   *seen
	logs   map[uint16]*log
	closed bool
}

var _ ledger.Ledger = (*Ledger)(nil)

// seen counts who is reading one version of the tree.
type seen struct{ readers atomic.Int64 }

// New returns an empty ledger.
func New() *Ledger {
	return &Ledger{seen: new(seen), logs: make(map[uint16]*log)}
}

// Clone returns a second ledger with the state and logs as of the last commit
// and no tenures: what a process would find after a crash, or the ground of a
// forecast. Neither sees the other's later commits. It costs no copy of the
// state, and works on a closed ledger too.
func (l *Ledger) Clone() *Ledger {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tree.share()
	c := New()
	c.tree = l.tree
	for shard, g := range l.logs {
		c.logs[shard] = g.clone()
	}
	return c
}

// Len returns the number of keys in the state.
func (l *Ledger) Len() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.tree.keys
}

// Get implements ledger.Reader.
func (l *Ledger) Get(key []byte) ([]byte, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return nil, ledger.ErrClosed
	}
	return get(&l.tree, key)
}

// Scan implements ledger.Reader.
func (l *Ledger) Scan(from, to []byte, fn func(key, value []byte) bool) error {
	return l.Snapshot(func(r ledger.Reader) error { return r.Scan(from, to, fn) })
}

// ScanKeys implements ledger.Reader.
func (l *Ledger) ScanKeys(from, to []byte, fn func(key []byte) bool) error {
	return l.Snapshot(func(r ledger.Reader) error { return r.ScanKeys(from, to, fn) })
}

// ScanBack implements ledger.Reader.
func (l *Ledger) ScanBack(from, to []byte, fn func(key, value []byte) bool) error {
	return l.Snapshot(func(r ledger.Reader) error { return r.ScanBack(from, to, fn) })
}

// Snapshot implements ledger.Ledger. The view must not be used after fn has
// returned.
func (l *Ledger) Snapshot(fn func(ledger.Reader) error) error {
	r, release, err := l.Hold()
	if err != nil {
		return err
	}
	defer release()
	return fn(r)
}

// Hold implements ledger.Ledger.
func (l *Ledger) Hold() (ledger.Reader, func(), error) {
	l.mu.RLock()
	if l.closed {
		l.mu.RUnlock()
		return nil, nil, ledger.ErrClosed
	}
	v := view{tree: l.tree}
	s := l.seen
	s.readers.Add(1)
	l.mu.RUnlock()
	return &v, func() { s.readers.Add(-1) }, nil
}

// Claim implements ledger.Ledger.
func (l *Ledger) Claim(ctx context.Context, shard uint16) (ledger.Tenure, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("claim shard %d: %w", shard, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, ledger.ErrClosed
	}
	g := l.logs[shard]
	if g == nil {
		g = &log{shard: shard}
		l.logs[shard] = g
	}
	if g.claimed {
		return nil, fmt.Errorf("claim shard %d: %w", shard, ledger.ErrOwned)
	}
	g.claimed = true
	return &tenure{ledger: l, log: g}, nil
}

// Close implements ledger.Ledger. What was committed stays reachable by Clone.
func (l *Ledger) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	return nil
}

// apply changes the state. The caller holds the lock.
func (l *Ledger) apply(writes []ledger.Write) {
	if l.seen.readers.Load() > 0 {
		l.tree.share()
		l.seen = new(seen)
	}
	for i := range writes {
		w := &writes[i]
		if w.Delete {
			l.tree.remove(w.Key)
			continue
		}
		l.tree.put(newEntry(w.Key, w.Value))
	}
}

// view is one version of the tree, which nobody changes while it is read.
type view struct{ tree tree }

func (v *view) Get(key []byte) ([]byte, error) { return get(&v.tree, key) }

func (v *view) Scan(from, to []byte, fn func(key, value []byte) bool) error {
	if v.tree.root != nil {
		v.tree.root.ascend(from, to, func(e *entry) bool { return fn(e.key(), e.value()) })
	}
	return nil
}

func (v *view) ScanKeys(from, to []byte, fn func(key []byte) bool) error {
	if v.tree.root != nil {
		v.tree.root.ascend(from, to, func(e *entry) bool { return fn(e.key()) })
	}
	return nil
}

func (v *view) ScanBack(from, to []byte, fn func(key, value []byte) bool) error {
	if v.tree.root != nil {
		v.tree.root.descend(from, to, func(e *entry) bool { return fn(e.key(), e.value()) })
	}
	return nil
}

func get(t *tree, key []byte) ([]byte, error) {
	value, ok := t.get(key)
	if !ok {
		return nil, ledger.ErrNotFound
	}
	return bytes.Clone(value), nil
}
