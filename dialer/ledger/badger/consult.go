package badger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	badgerdb "github.com/dgraph-io/badger/v4"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// stamp is what the store says of itself.
type stamp struct {
	empty  bool // neither state nor log
	signed bool
	id     []byte
	epoch  uint64 // of the last open; 0 before the first
}

func readStamp(txn *badgerdb.Txn) (s stamp, err error) {
	if s.empty, err = isEmpty(txn); err != nil {
		return s, err
	}
	s.id, err = readSealed(txn, idKey())
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return s, err
	}
	s.signed = err == nil
	raw, err := readSealed(txn, epochKey())
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return s, nil
	case err != nil:
		return s, err
	case len(raw) != 8:
		return s, fmt.Errorf("%w: epoch of %d bytes", ledger.ErrDamaged, len(raw))
	}
	s.epoch = binary.BigEndian.Uint64(raw)
	return s, nil
}

// consult opens the two files beside the store and returns in words what in
// the store contradicts them, or what one of them cannot tell any more.
func (l *Ledger) consult(txn *badgerdb.Txn) (found []string, err error) {
	s, err := readStamp(txn)
	if err != nil {
		return nil, err
	}
	switch {
	case !s.signed && !s.empty:
		found = append(found, "the store holds data but not the ledger's id")
	case s.signed && string(s.id) != string(l.id[:]):
		if l.strange = true; l.markerLies(s.id) {
			return nil, fmt.Errorf("%w: %s names ledger %s, but store and high-water file are of ledger %x", ledger.ErrDamaged, markerName, l.id, s.id)
		}
		found = append(found, fmt.Sprintf("the store belongs to ledger %x, the directory to %s", s.id, l.id))
	}
	water, known, trouble, err := openHighWater(filepath.Join(l.opts.Dir, highWaterName))
	if err != nil {
		return nil, err
	}
	l.water = water
	switch w := water.read(); {
	case trouble != "":
		found = append(found, trouble)
	case !known && !s.empty:
		found = append(found, "the high-water file is missing: nothing tells whether the store is complete")
	case known:
		found = append(found, l.suspect(txn, &w, "high-water", &s)...)
		found = append(found, w.suspicious...)
		l.epoch = max(l.epoch, w.epoch)
	}
	l.epoch = max(l.epoch, s.epoch)
	if l.opts.Witness == "" {
		return found, nil
	}
	more, err := l.consultWitness(txn, &s)
	return append(found, more...), err
}

// markerLies tells whether store and high-water file agree on another id than
// the marker's.
func (l *Ledger) markerLies(id []byte) bool {
	water, known, trouble, err := openHighWater(filepath.Join(l.opts.Dir, highWaterName))
	if err != nil {
		return false
	}
	w := water.read()
	return water.close() == nil && known && trouble == "" && string(w.id[:]) == string(id)
}

// MendMarker writes the marker of a closed ledger anew from the id that its
// high-water file keeps. The old one, if any, is kept beside it.
func MendMarker(dir string) (err error) {
	lock, err := acquire(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	water, known, trouble, err := openHighWater(filepath.Join(dir, highWaterName))
	if err != nil {
		return err
	}
	w := water.read()
	if err := water.close(); err != nil {
		return err
	}
	if !known || trouble != "" {
		return fmt.Errorf("%w: the high-water file cannot tell which ledger this is", ledger.ErrDamaged)
	}
	marker := filepath.Join(dir, markerName)
	if err := os.Rename(marker, marker+".damaged"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("keep the old marker: %w", err)
	}
	return putMarker(dir, w.id, realNow())
}

// consultWitness compares with the file outside the directory. It tells
// nothing when it is missing or damaged: the high-water file knows more, and
// it is made anew.
func (l *Ledger) consultWitness(txn *badgerdb.Txn, s *stamp) (found []string, err error) {
	witness, known, trouble, err := openHighWater(l.opts.Witness)
	if err != nil {
		return nil, err
	}
	l.witness = witness
	w := witness.read()
	switch {
	case trouble != "":
		l.repaired = append(l.repaired, "the witness file held no valid mark and was made anew")
	case !known && !s.empty && s.epoch > 0:
		l.repaired = append(l.repaired, "the witness file was missing and was made anew")
	case known:
		found = append(l.suspect(txn, &w, "witness", s), w.suspicious...)
		l.epoch = max(l.epoch, w.epoch)
	}
	return found, nil
}

// maxSuspicions bounds what one operator is to read and the file to hold.
const maxSuspicions = 64

// noteOpen gives this open its number and starts both files anew from what the
// store holds. What was found stays in them, over restarts, until an operator
// accepts. The store is told first: dying in between leaves it ahead.
func (l *Ledger) noteOpen(found []string) error {
	l.epoch++
	if err := l.note(func(txn *badgerdb.Txn) error {
		if !l.strange {
			if err := set(txn, idKey(), l.id[:]); err != nil {
				return err
			}
		}
		return set(txn, epochKey(), binary.BigEndian.AppendUint64(nil, l.epoch))
	}); err != nil {
		return err
	}
	err := l.water.update(func(w *watermark) {
		w.id, w.epoch = l.id, l.epoch
		w.shards = nil
		for _, e := range l.ends {
			w.set(e.shardMark)
		}
		for _, s := range found {
			if len(w.suspicious) < maxSuspicions && !slices.Contains(w.suspicious, s) {
				w.suspicious = append(w.suspicious, s)
			}
		}
	})
	if err := errors.Join(err, l.water.sync(), l.tellWitness()); err != nil {
		return err
	}
	l.noted = true
	return syncDir(l.opts.Dir)
}

// tellWitness copies the mark to the witness and syncs it there.
func (l *Ledger) tellWitness() error {
	if l.witness == nil {
		return nil
	}
	now := l.water.read()
	if l.witness.same(&now) {
		return nil
	}
	err := l.witness.update(func(w *watermark) {
		now.seq = w.seq
		*w = now
	})
	return errors.Join(err, l.witness.sync())
}

// signStore writes the ledger's id into the store.
func (l *Ledger) signStore() error {
	return l.note(func(txn *badgerdb.Txn) error { return set(txn, idKey(), l.id[:]) })
}

// note commits rows of the ledger's own.
func (l *Ledger) note(write func(*badgerdb.Txn) error) error {
	txn := l.db.NewTransaction(true)
	defer txn.Discard()
	err := write(txn)
	if err == nil {
		err = txn.Commit()
	}
	if err != nil {
		return fmt.Errorf("sign store: %w", err)
	}
	return nil
}

func set(txn *badgerdb.Txn, key, value []byte) error {
	return txn.Set(key, seal(nil, key, value))
}

// Shards lists the shards that had a log when the ledger was opened.
func (l *Ledger) Shards() []uint16 {
	return slices.Sorted(maps.Keys(l.ends))
}
