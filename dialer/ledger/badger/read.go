package badger

import (
	"bytes"
	"errors"
	"fmt"

	badgerdb "github.com/dgraph-io/badger/v4"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// Get implements ledger.Reader. A value that does not match its checksum is
// ErrDamaged.
func (l *Ledger) Get(key []byte) (value []byte, err error) {
	err = l.Snapshot(func(r ledger.Reader) error {
		value, err = r.Get(key)
		return err
	})
	return value, err
}

// Scan implements ledger.Reader. An empty to has no upper bound.
func (l *Ledger) Scan(from, to []byte, fn func(key, value []byte) bool) error {
	return l.Snapshot(func(r ledger.Reader) error { return r.Scan(from, to, fn) })
}

// ScanKeys implements ledger.Reader. It does not read the values and so does
// not check them.
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
	if !l.gate.enter() {
		return nil, nil, ledger.ErrClosed
	}
	txn := l.db.NewTransaction(false)
	return view{txn}, func() {
		txn.Discard()
		l.gate.leave()
	}, nil
}

// view reads the state as of one transaction.
type view struct{ txn *badgerdb.Txn }

func (v view) Get(key []byte) ([]byte, error) {
	return readSealed(v.txn, stateKey(key))
}

// readSealed returns a copy of the checked value of a stored key.
func readSealed(txn *badgerdb.Txn, key []byte) ([]byte, error) {
	item, err := txn.Get(key)
	if errors.Is(err, badgerdb.ErrKeyNotFound) {
		return nil, ledger.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("get %x: %w", key, err)
	}
	sealed, err := item.ValueCopy(nil)
	if err != nil {
		return nil, fmt.Errorf("get %x: %w", key, err)
	}
	return unseal(key, sealed)
}

func (v view) Scan(from, to []byte, fn func(key, value []byte) bool) error {
	return v.walk(from, to, false, withValue(fn))
}

func (v view) ScanKeys(from, to []byte, fn func(key []byte) bool) error {
	return v.walk(from, to, false, func(item *badgerdb.Item) (bool, error) { return fn(item.Key()[1:]), nil })
}

func (v view) ScanBack(from, to []byte, fn func(key, value []byte) bool) error {
	return v.walk(from, to, true, withValue(fn))
}

// withValue hands fn the key and its checked value.
func withValue(fn func(key, value []byte) bool) func(*badgerdb.Item) (bool, error) {
	return func(item *badgerdb.Item) (more bool, err error) {
		key := item.Key()
		rerr := item.Value(func(sealed []byte) error {
			value, err := unseal(key, sealed)
			if err != nil {
				return err
			}
			more = fn(key[1:], value)
			return nil
		})
		return more, rerr
	}
}

func (v view) walk(from, to []byte, back bool, fn func(*badgerdb.Item) (bool, error)) error {
	return walk(v.txn, stateKey(from), stateEnd(to), back, fn)
}

// walk calls fn for the stored keys of [from, to) until it returns false.
// Values are not fetched ahead: Badger would start a goroutine for each.
func walk(txn *badgerdb.Txn, from, to []byte, back bool, fn func(*badgerdb.Item) (bool, error)) error {
	if bytes.Compare(from, to) >= 0 {
		return nil
	}
	opts := badgerdb.IteratorOptions{Reverse: back, Prefix: from[:shared(from, to)]}
	it := txn.NewIterator(opts)
	defer it.Close()
	start := from
	if back {
		start = to
	}
	for it.Seek(start); it.Valid(); it.Next() {
		item := it.Item()
		key := item.Key()
		if back && bytes.Compare(key, to) >= 0 {
			continue
		}
		if bytes.Compare(key, from) < 0 || bytes.Compare(key, to) >= 0 {
			return nil
		}
		more, err := fn(item)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// shared is the length of the common prefix of two keys.
func shared(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
