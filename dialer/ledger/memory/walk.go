package memory

import "bytes"

// ascend calls fn for the entries of [from, to) in ascending order until fn
// returns false, and reports whether it went on to the end. An empty to has
// no upper bound.
func (n *node) ascend(from, to []byte, fn func(*entry) bool) bool {
	if n.leaf() {
		i, _ := n.find(from)
		for ; i < len(n.entries); i++ {
			e := &n.entries[i]
			if len(to) > 0 && bytes.Compare(e.key(), to) >= 0 {
				return false
			}
			if !fn(e) {
				return false
			}
		}
		return true
	}
	for i := n.child(from); i < len(n.kids); i++ {
		if i > 0 && len(to) > 0 && bytes.Compare(n.seps[i-1], to) >= 0 {
			return false
		}
		if !n.kids[i].ascend(from, to, fn) {
			return false
		}
	}
	return true
}

// descend is ascend in the opposite order over the same range.
func (n *node) descend(from, to []byte, fn func(*entry) bool) bool {
	if n.leaf() {
		i := len(n.entries)
		if len(to) > 0 {
			i, _ = n.find(to)
		}
		for i--; i >= 0; i-- {
			e := &n.entries[i]
			if bytes.Compare(e.key(), from) < 0 || !fn(e) {
				return false
			}
		}
		return true
	}
	i := len(n.kids) - 1
	if len(to) > 0 {
		i = n.child(to)
	}
	for ; i >= 0; i-- {
		if !n.kids[i].descend(from, to, fn) {
			return false
		}
		if i > 0 && bytes.Compare(n.seps[i-1], from) < 0 {
			return false
		}
	}
	return true
}
