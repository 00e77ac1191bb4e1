package sim

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"github.com/carillon-dialer/carillon/cadence"
)

// trace hashes all that happens in a world: the bytes of every record, every
// order that leaves the engine, every decision of the carrier and every fault.
// Two runs with one trace were the same run.
type trace struct {
	h   hash.Hash
	buf []byte
}

func newTrace() *trace { return &trace{h: sha256.New()} }

func (t *trace) sum() (out [32]byte) {
	t.h.Sum(out[:0])
	return out
}

// note enters one happening, with whom it is about and the numbers that make
// it this one.
func (w *World) note(what string, about cadence.ID, numbers ...int64) {
	t := w.trace
	t.buf = append(t.buf[:0], what...)
	t.buf = append(append(t.buf, 0), about[:]...)
	t.buf = binary.BigEndian.AppendUint64(t.buf, uint64(w.now))
	for _, n := range numbers {
		t.buf = binary.BigEndian.AppendUint64(t.buf, uint64(n))
	}
	t.h.Write(t.buf)
}

// noteBytes enters a whole piece.
func (w *World) noteBytes(what string, piece []byte) {
	w.note(what, cadence.ID{}, int64(len(piece)))
	w.trace.h.Write(piece)
}
