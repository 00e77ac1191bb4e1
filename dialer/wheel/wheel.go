// Package wheel is a hierarchical timing wheel in flat arrays: 11 levels of 64
// slots, so that every instant of an int64 has its place and nothing overflows.
// It has no goroutine, lock or clock: one owner schedules, cancels and advances
// it. Instants are Unix milliseconds. A timer costs 32 bytes without pointers,
// and memory is reused.
package wheel

import (
	"math"
	"math/bits"
	"time"
)

const (
	levelBits = 6
	slots     = 1 << levelBits
	levels    = 11 // 11 × 6 bits ≥ the 63 bits of a non-negative int64
	overdue   = levels * slots
	lists     = overdue + 1

	none   = math.MaxUint32
	firing = lists // a timer taken out for this Advance, not yet fired
	unused = lists + 1
)

// Handle names one scheduled timer. The zero Handle names none. A handle is
// dead once its timer fired or was cancelled, also when its memory is reused.
type Handle uint64

type node struct {
	id         uint64
	due        int64
	next, prev uint32
	generation uint32
	list       uint32 // which list holds it, or firing, or unused
}

// Wheel holds timers. The zero value is not usable; New makes one.
type Wheel struct {
	tick  uint64 // slot width at level 0, in ms
	start int64
	now   int64  // the latest instant advanced to: timers in slots are due after it
	at    uint64 // now in ticks since start, the cursor

	nodes    []node
	free     uint32
	count    int
	heads    [lists]uint32
	least    [lists]int64   // a lower bound of the dues in a list
	exact    [lists]bool    // least is the minimum itself
	occupied [levels]uint64 // a bit per slot
	batch    []fired
	busy     bool
}

// New makes an empty wheel that begins at start. A wider tick (at least 1 ms)
// saves cascading for timers far apart; it never changes what fires when.
func New(tick time.Duration, start int64) *Wheel {
	if tick < time.Millisecond {
		panic("BUG: wheel: a tick is at least one millisecond")
	}
	w := &Wheel{tick: uint64(tick.Milliseconds()), start: start, now: start, free: none}
	for i := range w.heads {
		w.heads[i] = none
	}
	return w
}

// Len is the number of timers scheduled.
func (w *Wheel) Len() int { return w.count }

// Schedule adds a timer. One that is due already, or that is added while
// Advance runs and due within it, fires in the next Advance.
func (w *Wheel) Schedule(id uint64, due int64) Handle {
	i := w.take()
	n := &w.nodes[i]
	n.id, n.due = id, due
	if due <= w.now {
		w.link(i, overdue)
	} else {
		w.link(i, w.slot(due))
	}
	w.count++
	return Handle(uint64(n.generation)<<32 | uint64(i))
}

// Cancel removes a timer and reports whether it was still to fire. Cancelling
// within Advance counts, also for a timer due in the same call.
func (w *Wheel) Cancel(h Handle) bool {
	i, generation := uint32(h), uint32(h>>32)
	if int(i) >= len(w.nodes) || w.nodes[i].generation != generation || w.nodes[i].list == unused {
		return false
	}
	if w.nodes[i].list != firing {
		w.unlink(i)
	}
	w.release(i)
	return true
}

// NextDue is the earliest due of all timers. It is exact: advancing to any
// earlier instant fires nothing, advancing to it fires.
func (w *Wheel) NextDue() (due int64, ok bool) {
	if w.count == 0 {
		return 0, false
	}
	list := w.nearest()
	if !w.exact[list] {
		w.least[list] = w.minimum(list)
		w.exact[list] = true
	}
	return w.least[list], true
}

// Floor is an instant at or before the earliest due of all timers. It costs no
// look through a list, which NextDue takes after its timer was cancelled.
func (w *Wheel) Floor() (instant int64, ok bool) {
	if w.count == 0 {
		return 0, false
	}
	return w.least[w.nearest()], true
}

// nearest is the list of the earliest timer. There must be one.
func (w *Wheel) nearest() uint32 {
	if w.heads[overdue] != none {
		return overdue
	}
	return w.first()
}

// first is the list of the earliest occupied slot: a lower level comes before
// a higher one, and within a level a lower slot before a higher.
func (w *Wheel) first() uint32 {
	for level, set := range w.occupied {
		if set != 0 {
			return uint32(level*slots + bits.TrailingZeros64(set))
		}
	}
	return none
}

// minimum looks through a list, ending early at its lower bound.
func (w *Wheel) minimum(list uint32) int64 {
	least := int64(math.MaxInt64)
	for i := w.heads[list]; i != none; i = w.nodes[i].next {
		if least = min(least, w.nodes[i].due); least == w.least[list] {
			break
		}
	}
	return least
}

func (w *Wheel) take() uint32 {
	if w.free == none {
		w.nodes = append(w.nodes, node{generation: 1, list: unused})
		return uint32(len(w.nodes) - 1)
	}
	i := w.free
	w.free = w.nodes[i].next
	return i
}

func (w *Wheel) release(i uint32) {
	n := &w.nodes[i]
	n.list, n.next = unused, w.free
	n.generation++
	if n.generation == 0 {
		n.generation = 1 // the zero Handle stays dead
	}
	w.free = i
	w.count--
}

// slot finds the list of a due that is not overdue. Timers at level l share
// all higher digits of their tick with the cursor and lie ahead of it in
// digit l.
func (w *Wheel) slot(due int64) uint32 {
	tick := w.ticks(due)
	level := uint32(0)
	if apart := tick ^ w.at; apart != 0 {
		level = uint32(bits.Len64(apart)-1) / levelBits
	}
	return level*slots + uint32(tick>>(level*levelBits))&(slots-1)
}

func (w *Wheel) ticks(instant int64) uint64 { return (uint64(instant) - uint64(w.start)) / w.tick }

func (w *Wheel) link(i, list uint32) {
	n := &w.nodes[i]
	head := w.heads[list]
	n.list, n.prev, n.next = list, none, head
	if head == none {
		w.least[list], w.exact[list] = n.due, true
		if list < overdue {
			w.occupied[list/slots] |= 1 << (list % slots)
		}
	} else {
		w.nodes[head].prev = i
		if n.due <= w.least[list] {
			w.least[list], w.exact[list] = n.due, true
		}
	}
	w.heads[list] = i
}

func (w *Wheel) unlink(i uint32) {
	n := &w.nodes[i]
	if n.next != none {
		w.nodes[n.next].prev = n.prev
	}
	if n.prev != none {
		w.nodes[n.prev].next = n.next
	} else {
		w.heads[n.list] = n.next
		if n.next == none && n.list < overdue {
			w.occupied[n.list/slots] &^= 1 << (n.list % slots)
		}
	}
	if n.due == w.least[n.list] {
		w.exact[n.list] = false
	}
}
