package badger

import (
	"bytes"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// FuzzRecord: what is stored of a record comes back as it was, and no other
// bytes, in whatever order, are taken for one.
func FuzzRecord(f *testing.F) {
	f.Add(uint16(0), uint64(1), int64(5), []byte("body"), 3, byte(1))
	f.Add(uint16(3), uint64(1<<40), int64(-1), bytes.Repeat([]byte{7}, 3000), 2900, byte(0x80))
	f.Add(uint16(2), uint64(9), int64(1), bytes.Repeat([]byte("alike"), 300_000), 40, byte(1))
	f.Add(uint16(9), uint64(0), int64(0), []byte{}, 0, byte(0))
	f.Fuzz(func(t *testing.T, shard uint16, pos uint64, at int64, body []byte, flip int, bits byte) {
		rec := ledger.Record{Shard: shard, Pos: pos, At: at, Prev: [32]byte{1, 2, 3}, Body: body}
		var whole, broken assembly
		done, refused := false, false
		packed, _ := pack(nil, body)
		appendRecord(make([]byte, 0, storedBytes(len(body))), &rec, packed, func(key, value []byte) {
			var err error
			if done, err = whole.add(key, value); err != nil {
				t.Fatal(err)
			}
			bad := bytes.Clone(value)
			if i := flip % len(bad); i >= 0 && bits != 0 {
				bad[i] ^= bits
				if _, err := broken.add(key, bad); err != nil {
					refused = true
				}
			}
		})
		if !done || whole.rec.Hash() != rec.Hash() {
			t.Fatalf("%+v became %+v", rec, whole.rec)
		}
		if bits != 0 && flip >= 0 && !refused {
			t.Fatal("a changed part was believed")
		}
	})
}

// FuzzUnseal: bytes are a value only under the key they were sealed for.
func FuzzUnseal(f *testing.F) {
	f.Add([]byte("key"), seal(nil, []byte("key"), []byte("value")))
	f.Add([]byte{}, []byte{0, 0, 0, 0})
	f.Add([]byte("k"), []byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, key, sealed []byte) {
		value, err := unseal(key, sealed)
		if err == nil && !bytes.Equal(seal(nil, key, value), sealed) {
			t.Fatalf("%x under %x is no seal of ours", sealed, key)
		}
		shard, pos, part, ok := parseLogKey(key)
		if ok && !bytes.Equal(appendLogKey(nil, shard, pos, part), key) {
			t.Fatalf("log key %x is not written as it is read", key)
		}
	})
}
