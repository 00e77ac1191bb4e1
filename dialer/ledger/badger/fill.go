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

// fillChunk is how many bytes of rows are handed to the store at once.
const fillChunk = 4 << 20

// Fill writes rows of state straight into the tables of a ledger that nobody
// has open, many times as fast as commits. The rows come from next, in
// ascending order of keys, each once, until a nil key; they replace those that
// are there. The log says nothing of them: it is for what a ledger begins with.
// A Fill that fails or is cut short leaves a ledger that must be thrown away.
func Fill(o Options, next func() (key, value []byte, err error)) (err error) {
	l, err := Open(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	w := l.db.NewStreamWriter()
	defer w.Cancel()
	if err := w.PrepareIncremental(); err != nil {
		return fmt.Errorf("fill ledger: %w", err)
	}
	if err := fillFrom(w, l.db.MaxVersion()+1, next); err != nil {
		return fmt.Errorf("fill ledger: %w", err)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("fill ledger: %w", err)
	}
	return nil
}

func fillFrom(w *badgerdb.StreamWriter, version uint64, next func() (key, value []byte, err error)) error {
	buf := z.NewBuffer(fillChunk+1<<20, "fill")
	defer buf.Release() //nolint:errcheck // memory
	var last []byte
	for {
		key, value, err := next()
		if err != nil {
			return err
		}
		if key != nil {
			if last != nil && bytes.Compare(key, last) <= 0 {
				return fmt.Errorf("%w: %x after %x", ErrUnsorted, key, last)
			}
			last = append(last[:0], key...)
			k := stateKey(key)
			badgerdb.KVToBuffer(&pb.KV{Key: k, Value: seal(nil, k, value), Version: version, StreamId: 1}, buf)
		}
		if key == nil || buf.LenNoPadding() >= fillChunk {
			if err := w.Write(buf); err != nil {
				return err
			}
			buf.Reset()
		}
		if key == nil {
			return nil
		}
	}
}
