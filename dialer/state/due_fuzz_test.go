package state_test

import (
	"bytes"
	"cmp"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// FuzzDueKey: keys of the due index sort as (lane, due, touch), and whatever
// is read as one is written the same.
func FuzzDueKey(f *testing.F) {
	f.Add(uint32(1), int64(1_772_000_000_000), []byte("touch"), state.DueKey(2, 3, cadence.ID{4}))
	f.Add(uint32(0), int64(0), []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, lane uint32, due int64, touch, other []byte) {
		if due < 0 {
			return // times before 1970 are never due
		}
		var id cadence.ID
		copy(id[:], touch)
		key := state.DueKey(lane, due, id)
		if l, d, to, ok := state.ParseDueKey(key); !ok || l != lane || d != due || to != id {
			t.Fatalf("%x was read as %d %d %s %v", key, l, d, to.Bare(), ok)
		}
		l, d, to, ok := state.ParseDueKey(other)
		if !ok || d < 0 {
			return
		}
		again := state.DueKey(l, d, to)
		if !bytes.Equal(again, other) && !bytes.Equal(again[7:], other[7:]) {
			t.Fatalf("%x became %x", other, again)
		}
		want := cmp.Or(cmp.Compare(lane, l), cmp.Compare(due, d), bytes.Compare(id[:], to[:]))
		if got := bytes.Compare(key, again); got != want {
			t.Fatalf("%x and %x sort %d, want %d", key, again, got, want)
		}
	})
}
