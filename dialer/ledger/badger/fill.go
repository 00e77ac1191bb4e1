package badger

import (
	"bytes"
	"errors"
	"fmt"

	badgerdb "github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/pb"
	"github.com/dgraph-io/ristretto/v2/z"
)

// ErrUnsorted is returned by Fill for keys that do not ascend.
var ErrUnsorted = errors.New("ledger: keys to fill in do not ascend")

// Fill replaces the whole state of a ledger that nobody has open, many times as
// fast as commits would, straight in the store's tables; the log stays as it
// is. The rows come from next in ascending order of keys, each once, until a
// nil key. It is for what a ledger begins with: the log says nothing of these
// rows. A Fill that fails or is cut short leaves a ledger that must be thrown
// away.
func Fill(o Options, next func() (key, value []byte, err error)) (err error) {
	// Only the store is opened: noting this open in it would be a commit.
	// Nothing is compacted meanwhile: all rows go into the lowest level.
	o.NumCompactors = NoCompactors
	l := &Ledger{opts: o.withDefaults()}
	defer func() { err = errors.Join(err, l.release()) }()
	if err := l.takeDirectory(); err != nil {
		return err
	}
	if l.db, err = openStore(l.opts.store()); err != nil {
		return err
	}
	kept, err := l.beside()
	if err != nil {
		return fmt.Errorf("fill ledger: %w", err)
	}
	f := filler{w: l.db.NewStreamWriter(), version: l.db.MaxVersion() + 1, buf: z.NewBuffer(fillChunk+1<<20, "fill")}
	defer f.buf.Release() //nolint:errcheck // memory
	defer f.w.Cancel()
	if err := f.w.Prepare(); err != nil {
		return fmt.Errorf("fill ledger: %w", err)
	}
	if err := f.all(kept, next); err != nil {
		return fmt.Errorf("fill ledger: %w", err)
	}
	if err := f.w.Flush(); err != nil {
		return fmt.Errorf("fill ledger: %w", err)
	}
	return nil
}

// beside is all that the store holds beside the state, in stored form.
func (l *Ledger) beside() (kept []stored, err error) {
	txn := l.db.NewTransaction(false)
	defer txn.Discard()
	err = walk(txn, nil, []byte{statePrefix}, false, func(item *badgerdb.Item) (bool, error) {
		value, err := item.ValueCopy(nil)
		kept = append(kept, stored{key: item.KeyCopy(nil), value: value})
		return true, err
	})
	return kept, err
}

// fillChunk is how many bytes of rows are handed to the store at once.
const fillChunk = 4 << 20

// filler writes ascending keys.
type filler struct {
	w       *badgerdb.StreamWriter
	version uint64
	buf     *z.Buffer
	last    []byte
}

func (f *filler) all(kept []stored, next func() (key, value []byte, err error)) error {
	for _, k := range kept {
		if err := f.add(k.key, k.value); err != nil {
			return err
		}
	}
	for {
		key, value, err := next()
		if err != nil {
			return err
		}
		if key == nil {
			return f.w.Write(f.buf)
		}
		k := stateKey(key)
		if err := f.add(k, seal(nil, k, value)); err != nil {
			return err
		}
	}
}

func (f *filler) add(key, value []byte) error {
	if f.last != nil && bytes.Compare(key, f.last) <= 0 {
		return fmt.Errorf("%w: %x after %x", ErrUnsorted, key, f.last)
	}
	f.last = append(f.last[:0], key...)
	badgerdb.KVToBuffer(&pb.KV{Key: key, Value: value, Version: f.version, StreamId: 1}, f.buf)
	if f.buf.LenNoPadding() < fillChunk {
		return nil
	}
	if err := f.w.Write(f.buf); err != nil {
		return err
	}
	f.buf.Reset()
	return nil
}
