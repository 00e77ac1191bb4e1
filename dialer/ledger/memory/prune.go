package memory

import "slices"

// sparse is the size below which a node is joined with a neighbour, and roomy
// the largest size such a join may have: far enough apart that a key coming
// and going does not split and join the same nodes.
const (
	sparse = fanout / 4
	roomy  = fanout * 3 / 4
)

// remove deletes key and reports whether it was there.
func (t *tree) remove(key []byte) bool {
	if _, ok := t.get(key); !ok {
		return false
	}
	t.root = t.own(t.root)
	t.removeBelow(t.root, key)
	t.keys--
	for !t.root.leaf() && len(t.root.kids) == 1 {
		t.root = t.root.kids[0]
	}
	if t.root.size() == 0 {
		t.root = nil
	}
	return true
}

// removeBelow deletes key, which is there, under n, which the tree owns.
func (t *tree) removeBelow(n *node, key []byte) {
	if n.leaf() {
		i, _ := n.find(key)
		n.entries = slices.Delete(n.entries, i, i+1)
		n.hints.of = slices.Delete(n.hints.of, i, i+1)
		return
	}
	i := n.child(key)
	kid := t.own(n.kids[i])
	n.kids[i] = kid
	t.removeBelow(kid, key)
	switch {
	case kid.size() == 0:
		n.drop(i)
	case kid.size() < sparse:
		t.join(n, i)
	}
}

// drop takes child i, which is empty, out of n.
func (n *node) drop(i int) {
	n.kids = slices.Delete(n.kids, i, i+1)
	if len(n.seps) > 0 {
		at := max(i-1, 0)
		n.seps = slices.Delete(n.seps, at, at+1)
	}
}

// join merges child i of n with a neighbour when both fit into one node.
func (t *tree) join(n *node, i int) {
	left := i
	if i > 0 {
		left = i - 1
	}
	if left+1 >= len(n.kids) || n.kids[left].size()+n.kids[left+1].size() > roomy {
		return
	}
	into, from := t.own(n.kids[left]), n.kids[left+1]
	n.kids[left] = into
	if into.leaf() {
		into.entries = append(into.entries, from.entries...)
		into.hint()
	} else {
		into.seps = append(append(into.seps, n.seps[left]), from.seps...)
		into.kids = append(into.kids, from.kids...)
	}
	n.seps = slices.Delete(n.seps, left, left+1)
	n.kids = slices.Delete(n.kids, left+1, left+2)
}
