package badger

import (
	"encoding/binary"
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// partBytes is how much of a body one stored part holds: below the threshold
// of the value log with head and seal, and small enough to move around.
const partBytes = 512 << 10

// headBytes is what part 0 carries before the body: at, prev, body length.
const headBytes = 8 + 32 + 4

// parts is how many parts a body of n bytes takes; an empty body takes one.
func parts(n int) int { return max((n+partBytes-1)/partBytes, 1) }

// storedBytes is the size of a record's keys and values.
func storedBytes(body int) int {
	return body + headBytes + parts(body)*(logKeyBytes+sealBytes)
}

// appendRecord calls put for each part of rec; the slices are cut from arena,
// whose capacity must suffice, and the rest of it is returned.
func appendRecord(arena []byte, rec *ledger.Record, put func(key, value []byte)) []byte {
	var head [headBytes]byte
	binary.BigEndian.PutUint64(head[:], uint64(rec.At))
	copy(head[8:], rec.Prev[:])
	binary.BigEndian.PutUint32(head[40:], uint32(len(rec.Body)))
	rest := rec.Body
	for part := range parts(len(rec.Body)) {
		chunk := rest[:min(len(rest), partBytes)]
		rest = rest[len(chunk):]
		at := len(arena)
		arena = appendLogKey(arena, rec.Shard, rec.Pos, uint16(part))
		key := arena[at:len(arena):len(arena)]
		at = len(arena)
		if part == 0 {
			arena = append(arena, head[:]...)
		}
		arena = append(arena, chunk...)
		arena = binary.BigEndian.AppendUint32(arena, crc(key, arena[at:]))
		put(key, arena[at:len(arena):len(arena)])
	}
	return arena
}

// assembly puts the parts of one record together again.
type assembly struct {
	rec  ledger.Record
	want int // bytes of body still missing
	next uint16
}

// add takes the next stored part, in key order, and reports whether the record
// is complete.
func (a *assembly) add(key, sealed []byte) (done bool, err error) {
	shard, pos, part, ok := parseLogKey(key)
	if !ok {
		return false, fmt.Errorf("%w: log key %x", ledger.ErrDamaged, key)
	}
	value, err := unseal(key, sealed)
	if err != nil {
		return false, fmt.Errorf("shard %d record %d part %d: %w", shard, pos, part, err)
	}
	if part == 0 && a.next == 0 {
		if len(value) < headBytes {
			return false, fmt.Errorf("%w: shard %d record %d has a head of %d bytes", ledger.ErrDamaged, shard, pos, len(value))
		}
		a.rec = ledger.Record{Shard: shard, Pos: pos, At: int64(binary.BigEndian.Uint64(value))}
		copy(a.rec.Prev[:], value[8:40])
		a.want = int(binary.BigEndian.Uint32(value[40:]))
		value = value[headBytes:]
		if a.want > ledger.MaxCommitBytes {
			return false, fmt.Errorf("%w: shard %d record %d says its body has %d bytes", ledger.ErrDamaged, shard, pos, a.want)
		}
		a.rec.Body = make([]byte, 0, a.want)
	} else if part != a.next || pos != a.rec.Pos || shard != a.rec.Shard {
		return false, fmt.Errorf("%w: shard %d record %d: found part %d of record %d where part %d was due",
			ledger.ErrDamaged, a.rec.Shard, a.rec.Pos, part, pos, a.next)
	}
	if len(value) > a.want {
		return false, fmt.Errorf("%w: shard %d record %d is longer than it says", ledger.ErrDamaged, shard, pos)
	}
	a.rec.Body = append(a.rec.Body, value...)
	a.want -= len(value)
	a.next++
	if a.want > 0 {
		return false, nil
	}
	a.next = 0
	return true, nil
}
