package badger

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/s2"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// Bodies that are alike take less room, others none more; both come back, as
// do those of the first format, which were stored as they were.
func TestRecordIsPacked(t *testing.T) {
	noise := make([]byte, 2*partBytes)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	alike := bytes.Repeat([]byte("the facts of a turn are much alike "), 3*partBytes/35)
	for _, c := range []struct {
		name   string
		body   []byte
		packed bool
		old    bool
	}{
		{"alike", alike, true, false}, {"noise", noise, false, false}, {"nothing", nil, false, false}, {"of the first format", alike, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			rec := ledger.Record{Shard: 1, Pos: 2, At: 3, Body: c.body}
			stored, _ := pack(nil, c.body)
			if c.old {
				stored = c.body
			}
			if smaller := len(stored) < len(c.body)/2; smaller != c.packed {
				t.Fatalf("%d bytes are stored as %d", len(c.body), len(stored))
			}
			var a assembly
			var done bool
			appendRecord(make([]byte, 0, storedBytes(len(c.body))), &rec, stored, func(key, value []byte) {
				var err error
				if done, err = a.add(key, value); err != nil {
					t.Fatal(err)
				}
			})
			if !done || a.rec.Hash() != rec.Hash() {
				t.Fatalf("record of %d bytes came back with %d", len(c.body), len(a.rec.Body))
			}
		})
	}
}

// A packed body that is none, or claims more than a commit holds, is damage.
func TestRecordIsNotPacked(t *testing.T) {
	huge := binary.AppendUvarint(nil, ledger.MaxCommitBytes+1)
	for _, packed := range [][]byte{[]byte("no block"), huge, s2.Encode(nil, bytes.Repeat([]byte("x"), 100))[:3]} {
		var a assembly
		rec := ledger.Record{Pos: 1, Body: make([]byte, 100)}
		appendRecord(make([]byte, 0, storedBytes(len(rec.Body))), &rec, packed, func(key, value []byte) {
			if _, err := a.add(key, value); !errors.Is(err, ledger.ErrDamaged) {
				t.Errorf("%x: %v", packed, err)
			}
		})
	}
}
