package badger

import (
	"errors"
	"fmt"

	badgerdb "github.com/dgraph-io/badger/v4"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// Records implements ledger.Tenure. From 0 means from the oldest kept; a
// position that was trimmed away is ErrTrimmed.
func (t *tenure) Records(from uint64, fn func(ledger.Record) bool) error {
	if !t.ledger.gate.enter() {
		return ledger.ErrClosed
	}
	defer t.ledger.gate.leave()
	e := t.head()
	txn := t.ledger.db.NewTransaction(false)
	defer txn.Discard()
	if err := e.rebase(txn); err != nil {
		return err
	}
	if from == 0 {
		from = e.base + 1
	}
	if from <= e.base {
		return fmt.Errorf("read shard %d from %d: %w up to %d", t.shard, from, ledger.ErrTrimmed, e.base)
	}
	return chain(txn, &e, from, fn)
}

// rebase takes the begin of the log from the view that is going to be read: a
// trim may have come between.
func (e *end) rebase(txn *badgerdb.Txn) error {
	value, err := readSealed(txn, baseKey(e.shard))
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	m, err := decodeBase(e.shard, value)
	e.base, e.baseHash = m.pos, m.head
	return err
}

// chain reads the records from position from on and verifies that they follow
// each other, up to the end the caller knows of.
func chain(txn *badgerdb.Txn, e *end, from uint64, fn func(ledger.Record) bool) error {
	if from > e.pos {
		return nil
	}
	prev, err := before(txn, e, from)
	if err != nil {
		return err
	}
	var at int64
	want, stopped := from, false
	err = records(txn, e.shard, from, func(rec ledger.Record) (bool, error) {
		switch {
		case rec.Pos != want:
			return false, fmt.Errorf("%w: shard %d: found record %d where %d was due", ledger.ErrDamaged, e.shard, rec.Pos, want)
		case rec.Prev != prev:
			return false, fmt.Errorf("%w: shard %d: record %d does not follow its predecessor", ledger.ErrDamaged, e.shard, rec.Pos)
		case rec.At < at:
			return false, fmt.Errorf("%w: shard %d: record %d lies before its predecessor in time", ledger.ErrDamaged, e.shard, rec.Pos)
		}
		at, prev, want = rec.At, rec.Hash(), want+1
		if rec.Pos == e.pos && prev != e.head {
			return false, fmt.Errorf("%w: shard %d: record %d is not the one committed", ledger.ErrDamaged, e.shard, rec.Pos)
		}
		stopped = !fn(rec)
		return !stopped, nil
	})
	if err == nil && !stopped && want <= e.pos {
		err = fmt.Errorf("%w: shard %d: the log ends before record %d of %d", ledger.ErrDamaged, e.shard, want, e.pos)
	}
	return err
}

// before returns the hash of the record before position from.
func before(txn *badgerdb.Txn, e *end, from uint64) ([32]byte, error) {
	if from == e.base+1 {
		return e.baseHash, nil
	}
	rec, err := recordAt(txn, e.shard, from-1)
	if err != nil {
		return [32]byte{}, err
	}
	return rec.Hash(), nil
}

// recordAt reads one record, which must be there.
func recordAt(txn *badgerdb.Txn, shard uint16, pos uint64) (ledger.Record, error) {
	var found ledger.Record
	err := records(txn, shard, pos, func(rec ledger.Record) (bool, error) {
		found = rec
		return false, nil
	})
	if err == nil && found.Pos != pos {
		err = fmt.Errorf("%w: shard %d: record %d is missing", ledger.ErrDamaged, shard, pos)
	}
	return found, err
}

// records reads a shard's stored records in order, without judging the chain.
func records(txn *badgerdb.Txn, shard uint16, from uint64, fn func(ledger.Record) (bool, error)) error {
	var a assembly
	open := false
	lo := appendLogKey(nil, shard, from, 0)
	err := walk(txn, lo, logEnd(shard), false, func(item *badgerdb.Item) (bool, error) {
		var done bool
		err := item.Value(func(sealed []byte) (err error) {
			done, err = a.add(item.Key(), sealed)
			return err
		})
		if err != nil {
			return false, err
		}
		open = !done
		if !done {
			return true, nil
		}
		return fn(a.rec)
	})
	if err == nil && open {
		err = fmt.Errorf("%w: shard %d: record %d is incomplete", ledger.ErrDamaged, shard, a.rec.Pos)
	}
	return err
}

// logEnd is the first stored key after a shard's log.
func logEnd(shard uint16) []byte {
	if shard == 1<<16-1 {
		return []byte{logPrefix + 1}
	}
	return appendLogKey(nil, shard+1, 0, 0)
}
