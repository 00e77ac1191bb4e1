package badger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// shardMark is the end of one shard's log: position, record time and the hash
// of the record there.
type shardMark struct {
	shard uint16
	pos   uint64
	at    int64
	head  [32]byte
}

// watermark is what the high-water file says.
type watermark struct {
	seq        uint64 // counts rewrites: the newest slot has the highest
	epoch      uint64 // counts opens; 0 in a file of the first form
	id         ID
	shards     []shardMark // ascending by shard
	digest     []byte      // the caller's, see SetMark
	suspicious []string    // found at an open and not yet accepted
}

// set replaces or adds the mark of a shard.
func (w *watermark) set(m shardMark) {
	i, found := slices.BinarySearchFunc(w.shards, m.shard, func(s shardMark, shard uint16) int {
		return int(s.shard) - int(shard)
	})
	if found {
		w.shards[i] = m
		return
	}
	w.shards = slices.Insert(w.shards, i, m)
}

const (
	waterMagic = "CRLNHW02"
	waterFirst = "CRLNHW01"              // the form without an epoch
	waterHead  = len(waterMagic) + 4 + 4 // magic, length, checksum
)

// encode appends the slot's bytes: magic, length and CRC-32C of what follows.
func (w *watermark) encode(to []byte) []byte {
	start := len(to)
	to = append(to, waterMagic...)
	to = append(to, make([]byte, 8)...)
	to = binary.BigEndian.AppendUint64(to, w.seq)
	to = binary.BigEndian.AppendUint64(to, w.epoch)
	to = append(to, w.id[:]...)
	to = binary.BigEndian.AppendUint32(to, uint32(len(w.shards)))
	for i := range w.shards {
		m := &w.shards[i]
		to = binary.BigEndian.AppendUint16(to, m.shard)
		to = binary.BigEndian.AppendUint64(to, m.pos)
		to = binary.BigEndian.AppendUint64(to, uint64(m.at))
		to = append(to, m.head[:]...)
	}
	to = appendBytes(to, w.digest)
	to = binary.BigEndian.AppendUint32(to, uint32(len(w.suspicious)))
	for _, s := range w.suspicious {
		to = appendBytes(to, []byte(s))
	}
	body := to[start+waterHead:]
	binary.BigEndian.PutUint32(to[start+8:], uint32(len(body)))
	binary.BigEndian.PutUint32(to[start+12:], crc(nil, body))
	return to
}

func appendBytes(to, b []byte) []byte {
	to = binary.BigEndian.AppendUint32(to, uint32(len(b)))
	return append(to, b...)
}

var errWater = errors.New("not a valid high-water slot")

// decodeWatermark reads a slot; trailing bytes are left over from longer ones.
func decodeWatermark(slot []byte) (w watermark, err error) {
	if len(slot) < waterHead || string(slot[:8]) != waterMagic && string(slot[:8]) != waterFirst {
		return w, errWater
	}
	n := binary.BigEndian.Uint32(slot[8:])
	if uint64(n) > uint64(len(slot)-waterHead) {
		return w, errWater
	}
	body := slot[waterHead : waterHead+int(n)]
	if crc(nil, body) != binary.BigEndian.Uint32(slot[12:]) {
		return w, errWater
	}
	r := waterReader{rest: body}
	w.seq = r.uint64()
	if string(slot[:8]) == waterMagic {
		w.epoch = r.uint64()
	}
	copy(w.id[:], r.take(len(w.id)))
	for range r.uint32() {
		m := shardMark{shard: binary.BigEndian.Uint16(r.take(2)), pos: r.uint64(), at: int64(r.uint64())}
		copy(m.head[:], r.take(32))
		if r.short {
			break
		}
		w.set(m)
	}
	w.digest = slices.Clone(r.take(int(r.uint32())))
	for range r.uint32() {
		if r.short {
			break
		}
		w.suspicious = append(w.suspicious, string(r.take(int(r.uint32()))))
	}
	if r.short {
		return watermark{}, fmt.Errorf("%w: it ends early", errWater)
	}
	return w, nil
}

// waterReader takes a slot's fields in turn; past the end it yields zeros and
// remembers that it was short.
type waterReader struct {
	rest  []byte
	short bool
	zeros [32]byte
}

func (r *waterReader) take(n int) []byte {
	if n > len(r.rest) {
		r.rest, r.short = nil, true
		return r.zeros[:min(n, len(r.zeros))]
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *waterReader) uint32() uint32 { return binary.BigEndian.Uint32(r.take(4)) }
func (r *waterReader) uint64() uint64 { return binary.BigEndian.Uint64(r.take(8)) }
