package memory

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// hints hold eight bytes of every key of a leaf side by side, so that a search
// touches two or three cache lines instead of six keys somewhere in memory.
// They are taken after the first skip bytes, which all keys of the leaf share.
type hints struct {
	skip int
	of   []uint64
}

func (h *hints) clone() hints {
	return hints{skip: h.skip, of: append(make([]uint64, 0, fanout+1), h.of...)}
}

// hintOf is the next eight bytes of key after skip, padded with zeros: keys
// that share skip bytes are ordered as their hints, unless those are equal.
func hintOf(key []byte, skip int) uint64 {
	rest := key[skip:]
	if len(rest) >= 8 {
		return binary.BigEndian.Uint64(rest)
	}
	var b [8]byte
	copy(b[:], rest)
	return binary.BigEndian.Uint64(b[:])
}

// hint takes the leaf's hints anew.
func (n *node) hint() {
	if cap(n.hints.of) == 0 {
		n.hints.of = make([]uint64, 0, fanout+1)
	}
	n.hints.skip, n.hints.of = 0, n.hints.of[:0]
	if len(n.entries) == 0 {
		return
	}
	first, last := n.entries[0].key(), n.entries[len(n.entries)-1].key()
	n.hints.skip = shared(first, last)
	for i := range n.entries {
		n.hints.of = append(n.hints.of, hintOf(n.entries[i].key(), n.hints.skip))
	}
}

// shared is the length of the common prefix of two keys.
func shared(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// insert puts e at index i of a leaf.
func (n *node) insert(i int, e entry) {
	key, skip := e.key(), n.hints.skip
	fits := len(n.entries) > 0 && len(key) >= skip && bytes.Equal(key[:skip], n.entries[0].data[:skip])
	n.entries = slices.Insert(n.entries, i, e)
	if !fits {
		n.hint()
		return
	}
	n.hints.of = slices.Insert(n.hints.of, i, hintOf(key, skip))
}

// find returns where key is, or where it would be inserted, in a leaf.
func (n *node) find(key []byte) (int, bool) {
	if len(n.entries) == 0 {
		return 0, false
	}
	skip := n.hints.skip
	switch bytes.Compare(key[:min(skip, len(key))], n.entries[0].data[:skip]) {
	case -1:
		return 0, false
	case 1:
		return len(n.entries), false
	}
	want := hintOf(key, skip)
	lo, hi := 0, len(n.entries)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		less := n.hints.of[mid] < want
		if n.hints.of[mid] == want {
			less = bytes.Compare(n.entries[mid].key(), key) < 0
		}
		if less {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(n.entries) && bytes.Equal(n.entries[lo].key(), key)
}
