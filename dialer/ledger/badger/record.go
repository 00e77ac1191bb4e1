package badger

import (
	"encoding/binary"
	"fmt"

	"github.com/klauspost/compress/s2"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// partBytes is how much of a body one stored part holds: below the threshold
// of the value log with head and seal, and small enough to move around.
const partBytes = 512 << 10

// headBytes is what part 0 carries before the body: at, prev, and the length of
// the body as it is stored, with packedBit when that is an S2 block.
const headBytes = 8 + 32 + 4

const packedBit = 1 << 31

// parts is how many parts a body of n bytes takes; an empty body takes one.
func parts(n int) int { return max((n+partBytes-1)/partBytes, 1) }

// storedBytes is the size of a record's keys and values.
func storedBytes(body int) int {
	return body + headBytes + parts(body)*(logKeyBytes+sealBytes)
}

// pack compresses a body: the facts of a turn are much alike, and every stored
// byte is written again and again while tables are merged. A body that shrinks
// by less than an eighth is stored as it is. S2 is chosen for its speed; hash
// and limits are those of the body as it was. The result is body, or memory of
// room's, which is returned for the next.
func pack(room, body []byte) (out, kept []byte) {
	if n := s2.MaxEncodedLen(len(body)); cap(room) < n {
		room = make([]byte, n)
	}
	packed := s2.Encode(room[:cap(room)], body)
	if len(packed) >= len(body)-len(body)/8 {
		return body, room
	}
	return packed, room
}

func unpack(body []byte) ([]byte, error) {
	n, err := s2.DecodedLen(body)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	if n > ledger.MaxCommitBytes {
		return nil, fmt.Errorf("unpack: %d bytes are more than one commit holds", n)
	}
	return s2.Decode(nil, body)
}

// appendRecord calls put for each part of rec, whose body is stored as packed;
// the slices are cut from arena, whose capacity must suffice, and the rest of
// it is returned.
func appendRecord(arena []byte, rec *ledger.Record, packed []byte, put func(key, value []byte)) []byte {
	var head [headBytes]byte
	binary.BigEndian.PutUint64(head[:], uint64(rec.At))
	copy(head[8:], rec.Prev[:])
	length := uint32(len(packed))
	if len(packed) < len(rec.Body) {
		length |= packedBit
	}
	binary.BigEndian.PutUint32(head[40:], length)
	rest := packed
	for part := range parts(len(packed)) {
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
	rec    ledger.Record
	want   int // stored bytes of body still missing
	next   uint16
	packed bool
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
		length := binary.BigEndian.Uint32(value[40:])
		a.want, a.packed = int(length&^packedBit), length&packedBit != 0
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
	if a.packed {
		if a.rec.Body, err = unpack(a.rec.Body); err != nil {
			return false, fmt.Errorf("%w: shard %d record %d: %w", ledger.ErrDamaged, shard, pos, err)
		}
	}
	return true, nil
}
