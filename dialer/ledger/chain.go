package ledger

import (
	"crypto/sha256"
	"encoding/binary"
)

// chainVersion is hashed first, so that a later form of the chain can never be
// mistaken for this one.
const chainVersion = "carillon.ledger.record/1"

// Hash is the record's own link of the chain: the next record of the shard
// carries it as Prev. It covers every field, so neither a body nor the order
// of records can change unseen. The first record of a shard has a zero Prev.
func (r *Record) Hash() [32]byte {
	h := sha256.New()
	var head [len(chainVersion) + 2 + 8 + 8 + 32]byte
	b := append(head[:0], chainVersion...)
	b = binary.BigEndian.AppendUint16(b, r.Shard)
	b = binary.BigEndian.AppendUint64(b, r.Pos)
	b = binary.BigEndian.AppendUint64(b, uint64(r.At))
	b = append(b, r.Prev[:]...)
	h.Write(b)
	h.Write(r.Body)
	var out [32]byte
	h.Sum(out[:0])
	return out
}
