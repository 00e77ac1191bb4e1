package memory

import (
	"bytes"
	"slices"
)

// fanout is the most entries of a leaf and the most children of an inner
// node. 64 keeps an insert's memory move near 1 KiB and a million keys within
// four levels.
const fanout = 64

// entry is a key and its value in one piece of memory: one allocation and one
// pointer for the garbage collector per stored key.
type entry struct {
	data []byte
	cut  int
}

func newEntry(key, value []byte) entry {
	data := make([]byte, len(key)+len(value))
	copy(data, key)
	copy(data[len(key):], value)
	return entry{data: data, cut: len(key)}
}

func (e *entry) key() []byte   { return e.data[:e.cut:e.cut] }
func (e *entry) value() []byte { return e.data[e.cut:] }

// owner marks the nodes one version of the tree may change in place. Its
// address is its identity, so it must not be of size zero.
type owner struct{ _ byte }

// node is a leaf (kids is nil) or an inner node. An inner node's seps[i] is
// the smallest key that may live below kids[i+1].
type node struct {
	owner   *owner
	entries []entry
	hints   hints // of a leaf's entries
	seps    [][]byte
	kids    []*node
}

func (n *node) leaf() bool { return n.kids == nil }

// size is the number of entries or children.
func (n *node) size() int {
	if n.leaf() {
		return len(n.entries)
	}
	return len(n.kids)
}

// child returns the index of the child whose range holds key.
func (n *node) child(key []byte) int {
	lo, hi := 0, len(n.seps)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if bytes.Compare(n.seps[mid], key) <= 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// tree is an ordered map from bytes to bytes. The zero tree is empty.
type tree struct {
	root  *node
	owner *owner
	keys  int
}

func (t *tree) get(key []byte) ([]byte, bool) {
	n := t.root
	if n == nil {
		return nil, false
	}
	for !n.leaf() {
		n = n.kids[n.child(key)]
	}
	i, ok := n.find(key)
	if !ok {
		return nil, false
	}
	return n.entries[i].value(), true
}

// share lets the present nodes be read for ever: whoever changes the tree
// afterwards copies them first. The caller may then copy the tree value.
func (t *tree) share() { t.owner = nil }

// own returns n if this tree may change it, or else a copy it may change.
func (t *tree) own(n *node) *node {
	if t.owner == nil {
		t.owner = new(owner)
	}
	if n.owner == t.owner {
		return n
	}
	c := &node{owner: t.owner}
	if n.leaf() {
		c.entries = append(make([]entry, 0, fanout+1), n.entries...)
		c.hints = n.hints.clone()
		return c
	}
	c.seps = append(make([][]byte, 0, fanout), n.seps...)
	c.kids = append(make([]*node, 0, fanout+1), n.kids...)
	return c
}

// put stores e, replacing an entry of the same key.
func (t *tree) put(e entry) {
	if t.root == nil {
		t.root = t.own(&node{})
	}
	t.root = t.own(t.root)
	right, sep := t.putBelow(t.root, e)
	if right == nil {
		return
	}
	t.root = &node{
		owner: t.owner,
		seps:  append(make([][]byte, 0, fanout), sep),
		kids:  append(make([]*node, 0, fanout+1), t.root, right),
	}
}

// putBelow stores e under n, which the tree owns. When n overflows it keeps
// its left part and returns the right one with its separator.
func (t *tree) putBelow(n *node, e entry) (right *node, sep []byte) {
	if n.leaf() {
		i, found := n.find(e.key())
		if found {
			n.entries[i] = e
			return nil, nil
		}
		t.keys++
		n.insert(i, e)
		if len(n.entries) <= fanout {
			return nil, nil
		}
		return t.splitLeaf(n, i)
	}
	i := n.child(e.key())
	n.kids[i] = t.own(n.kids[i])
	right, sep = t.putBelow(n.kids[i], e)
	if right == nil {
		return nil, nil
	}
	n.seps = slices.Insert(n.seps, i, sep)
	n.kids = slices.Insert(n.kids, i+1, right)
	if len(n.kids) <= fanout {
		return nil, nil
	}
	return t.splitInner(n)
}

// splitLeaf halves a leaf, or leaves it full when the last insert was at its
// end: keys in rising order (due times, positions) then fill their leaves.
func (t *tree) splitLeaf(n *node, at int) (*node, []byte) {
	mid := len(n.entries) / 2
	if at == len(n.entries)-1 {
		mid = at
	}
	right := &node{owner: t.owner, entries: append(make([]entry, 0, fanout+1), n.entries[mid:]...)}
	clear(n.entries[mid:])
	n.entries = n.entries[:mid]
	n.hint()
	right.hint()
	return right, bytes.Clone(right.entries[0].key())
}

func (t *tree) splitInner(n *node) (*node, []byte) {
	mid := len(n.kids) / 2
	right := &node{
		owner: t.owner,
		seps:  append(make([][]byte, 0, fanout), n.seps[mid:]...),
		kids:  append(make([]*node, 0, fanout+1), n.kids[mid:]...),
	}
	sep := n.seps[mid-1]
	clear(n.seps[mid-1:])
	clear(n.kids[mid:])
	n.seps, n.kids = n.seps[:mid-1], n.kids[:mid]
	return right, sep
}
