package wheel

import (
	"cmp"
	"slices"
)

// fired is a timer taken out of its list, in the order it will fire.
type fired struct {
	due        int64
	id         uint64
	node       uint32
	generation uint32
}

// Advance moves to now and calls fire for every timer due at or before it, in
// the order (due, id). Nothing fires early; an instant before an earlier one
// moves nothing back and fires only what is due by then. fire may schedule and
// cancel, and must not advance. When it panics, the timers not yet fired stay.
func (w *Wheel) Advance(now int64, fire func(id uint64, due int64)) {
	if w.busy {
		panic("BUG: wheel: advanced within Advance")
	}
	w.busy = true
	defer w.settle()
	back := now < w.now
	w.now = max(w.now, now)
	// All that is overdue was due before anything in a slot.
	if w.heads[overdue] != none {
		w.gather(overdue, now)
		w.fireBatch(fire)
	}
	if !back {
		w.turn(now, fire)
	}
}

// turn moves the cursor over the occupied slots up to now.
func (w *Wheel) turn(now int64, fire func(id uint64, due int64)) {
	target := w.ticks(now)
	for list := w.first(); list != none; list = w.first() {
		level := list / slots
		begin := w.begin(level, list%slots)
		if begin > target {
			break
		}
		w.at = begin
		if level > 0 {
			w.cascade(list)
			continue
		}
		w.gather(list, now)
		w.fireBatch(fire)
		if w.heads[list] != none {
			break // the rest of this tick is due after now
		}
	}
	w.at = target
}

// settle ends an Advance. After a panic it puts back what was not fired.
func (w *Wheel) settle() {
	for _, f := range w.batch {
		if w.nodes[f.node].generation == f.generation {
			w.link(f.node, overdue)
		}
	}
	w.batch = w.batch[:0]
	w.busy = false
}

// begin is the first tick of a slot ahead of the cursor.
func (w *Wheel) begin(level, slot uint32) uint64 {
	shift := level * levelBits
	above := w.at >> shift >> levelBits << levelBits
	return (above | uint64(slot)) << shift
}

// cascade spreads a slot the cursor has reached over the levels below.
func (w *Wheel) cascade(list uint32) {
	i := w.heads[list]
	w.clear(list)
	for i != none {
		next := w.nodes[i].next
		w.link(i, w.slot(w.nodes[i].due))
		i = next
	}
}

func (w *Wheel) clear(list uint32) {
	w.heads[list] = none
	if list < overdue {
		w.occupied[list/slots] &^= 1 << (list % slots)
	}
}

// gather takes the timers of one list that are due by now into the batch, in
// firing order, and leaves the others.
func (w *Wheel) gather(list uint32, now int64) {
	w.batch = w.batch[:0]
	for i := w.heads[list]; i != none; {
		n := &w.nodes[i]
		next := n.next
		if n.due <= now {
			w.unlink(i)
			n.list = firing
			w.batch = append(w.batch, fired{n.due, n.id, i, n.generation})
		}
		i = next
	}
	if len(w.batch) > 1 {
		slices.SortFunc(w.batch, func(a, b fired) int {
			return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.id, b.id))
		})
	}
}

// fireBatch fires what was gathered, except what is cancelled meanwhile.
func (w *Wheel) fireBatch(fire func(id uint64, due int64)) {
	for _, f := range w.batch {
		if w.nodes[f.node].generation == f.generation {
			w.release(f.node)
			fire(f.id, f.due)
		}
	}
	w.batch = w.batch[:0]
}
