package badger

import (
	"fmt"

	badgerdb "github.com/dgraph-io/badger/v4"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// loadEnds finds where each shard's log begins and ends.
func loadEnds(txn *badgerdb.Txn) (map[uint16]end, error) {
	ends := make(map[uint16]end)
	lo, hi := []byte{metaPrefix, 'b'}, []byte{metaPrefix, 'b' + 1}
	err := walk(txn, lo, hi, false, func(item *badgerdb.Item) (bool, error) {
		key := item.KeyCopy(nil)
		if len(key) != 4 {
			return false, fmt.Errorf("%w: trim note under key %x", ledger.ErrDamaged, key)
		}
		value, err := readSealed(txn, key)
		if err != nil {
			return false, err
		}
		m, err := decodeBase(uint16(key[2])<<8|uint16(key[3]), value)
		ends[m.shard] = end{shardMark: m, base: m.pos, baseHash: m.head}
		return true, err
	})
	for shard := 0; err == nil && shard < 1<<16; shard++ {
		var last shardMark
		if last, err = lastRecord(txn, uint16(shard)); err != nil || last.pos == 0 {
			break
		}
		e := ends[last.shard]
		e.shardMark = last
		ends[last.shard] = e
		shard = int(last.shard)
	}
	return ends, err
}

// lastRecord returns the newest record of the first shard from shard on that
// has any; position 0 means there is none.
func lastRecord(txn *badgerdb.Txn, from uint16) (m shardMark, err error) {
	shard, found := uint16(0), false
	err = walk(txn, appendLogKey(nil, from, 0, 0), []byte{logPrefix + 1}, false, func(item *badgerdb.Item) (bool, error) {
		shard, _, _, found = parseLogKey(item.Key())
		if !found {
			return false, fmt.Errorf("%w: log key %x", ledger.ErrDamaged, item.Key())
		}
		return false, nil
	})
	if err != nil || !found {
		return m, err
	}
	var pos uint64
	err = walk(txn, appendLogKey(nil, shard, 0, 0), logEnd(shard), true, func(item *badgerdb.Item) (bool, error) {
		_, pos, _, _ = parseLogKey(item.Key())
		return false, nil
	})
	if err != nil {
		return m, err
	}
	rec, err := recordAt(txn, shard, pos)
	return shardMark{shard: shard, pos: pos, at: rec.At, head: rec.Hash()}, err
}

// suspect compares the store with the mark of one file and returns in words
// what does not fit.
func (l *Ledger) suspect(txn *badgerdb.Txn, w *watermark, file string, s *stamp) (found []string) {
	if w.id != l.id {
		found = append(found, fmt.Sprintf("the %s file belongs to ledger %s, the directory to %s", file, w.id, l.id))
	}
	if s.epoch < w.epoch {
		found = append(found, fmt.Sprintf("the store was last opened as no. %d, but no. %d has been: it is an older copy", s.epoch, w.epoch))
	}
	for _, m := range w.shards {
		if s := compareShard(txn, l.ends[m.shard], m); s != "" {
			found = append(found, s)
		}
	}
	return found
}

// isEmpty reports whether neither state nor log holds anything.
func isEmpty(txn *badgerdb.Txn) (bool, error) {
	empty := true
	look := func(*badgerdb.Item) (bool, error) {
		empty = false
		return false, nil
	}
	err := walk(txn, []byte{logPrefix}, []byte{logPrefix + 1}, false, look)
	if err == nil {
		err = walk(txn, []byte{statePrefix}, []byte{statePrefix + 1}, false, look)
	}
	return empty, err
}

// compareShard tells in words how a shard's log contradicts what the
// high-water file saw of it, or nothing.
func compareShard(txn *badgerdb.Txn, e end, m shardMark) string {
	switch {
	case e.pos < m.pos:
		return fmt.Sprintf("shard %d ends at record %d but %d was durable: the store has lost %d records and their writes",
			m.shard, e.pos, m.pos, m.pos-e.pos)
	case m.pos < e.base || m.pos == 0:
		return "" // trimmed since; the chain from there on is all there is
	case m.pos == e.base:
		if e.baseHash != m.head {
			return fmt.Sprintf("shard %d: record %d is not the one that was durable", m.shard, m.pos)
		}
		return ""
	}
	rec, err := recordAt(txn, m.shard, m.pos)
	if err != nil {
		return fmt.Sprintf("shard %d: record %d, which was durable: %v", m.shard, m.pos, err)
	}
	if rec.Hash() != m.head {
		return fmt.Sprintf("shard %d: record %d is not the one that was durable", m.shard, m.pos)
	}
	if err := chain(txn, &e, m.pos, func(ledger.Record) bool { return true }); err != nil {
		return fmt.Sprintf("shard %d: records after %d: %v", m.shard, m.pos, err)
	}
	return ""
}
