package badger

import (
	"context"
	"encoding/binary"
	"fmt"

	badgerdb "github.com/dgraph-io/badger/v4"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// trimKeys is about how many stored parts one Trim deletes, well within one
// transaction of the smallest table size.
const trimKeys = 8_000

// Trim implements ledger.Tenure. The shard's head stays known when all its
// records are gone. One call deletes at most some 8,000 stored parts; the
// caller goes on until it returns 0.
func (t *tenure) Trim(ctx context.Context, before uint64, limit int) (int, error) {
	if !t.ledger.gate.enter() {
		return 0, fmt.Errorf("trim shard %d: %w", t.shard, ledger.ErrClosed)
	}
	defer t.ledger.gate.leave()
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.trim(ctx, before, limit)
	if err != nil {
		return 0, fmt.Errorf("trim shard %d: %w", t.shard, err)
	}
	return n, nil
}

func (t *tenure) trim(ctx context.Context, before uint64, limit int) (int, error) {
	if err := t.alive(ctx); err != nil {
		return 0, err
	}
	e := t.head()
	before = min(before, e.pos+1)
	if before <= e.base+1 || limit <= 0 {
		return 0, nil
	}
	j, after, err := t.ledger.deletions(e, min(before-1, e.base+uint64(limit)))
	if err != nil {
		return 0, err
	}
	crash.Point(crash.LogTrimBeforeCommit)
	if err := t.submit(ctx, j); err != nil {
		t.dead = true
		return 0, err
	}
	crash.Point(crash.LogTrimAfterCommit)
	t.setHead(after)
	return int(after.base - e.base), nil
}

// deletions gathers the removal of the records up to position last, or of
// fewer when those have too many parts, and the note of it.
func (l *Ledger) deletions(e end, last uint64) (*job, end, error) {
	txn := l.db.NewTransaction(false)
	defer txn.Discard()
	j := &job{done: make(chan error, 1)}
	lo, hi := appendLogKey(nil, e.shard, e.base+1, 0), appendLogKey(nil, e.shard, last+1, 0)
	err := walk(txn, lo, hi, false, func(item *badgerdb.Item) (bool, error) {
		key := item.KeyCopy(nil)
		_, pos, part, ok := parseLogKey(key)
		if !ok {
			return false, fmt.Errorf("%w: log key %x", ledger.ErrDamaged, key)
		}
		if part == 0 && len(j.writes) >= trimKeys {
			last = pos - 1
			return false, nil
		}
		j.writes = append(j.writes, stored{key: key, remove: true})
		j.bytes += len(key)
		return true, nil
	})
	if err != nil {
		return nil, e, err
	}
	rec, err := recordAt(txn, e.shard, last)
	if err != nil {
		return nil, e, err
	}
	e.base, e.baseHash = last, rec.Hash()
	key := baseKey(e.shard)
	value := seal(nil, key, encodeBase(e.base, rec.At, e.baseHash))
	j.writes = append(j.writes, stored{key: key, value: value})
	j.bytes += len(key) + len(value)
	return j, e, nil
}

// encodeBase is the stored form of how far a log was trimmed: position, record
// time and hash of the last record that went.
func encodeBase(pos uint64, at int64, hash [32]byte) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 48), pos)
	b = binary.BigEndian.AppendUint64(b, uint64(at))
	return append(b, hash[:]...)
}

func decodeBase(shard uint16, b []byte) (m shardMark, err error) {
	if len(b) != 48 {
		return m, fmt.Errorf("%w: shard %d: trim note of %d bytes", ledger.ErrDamaged, shard, len(b))
	}
	m = shardMark{shard: shard, pos: binary.BigEndian.Uint64(b), at: int64(binary.BigEndian.Uint64(b[8:]))}
	copy(m.head[:], b[16:])
	return m, nil
}
