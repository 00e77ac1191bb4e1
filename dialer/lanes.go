package dialer

import (
	"bytes"
	"maps"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/dialer/wheel"
)

// The index is the queue: memory holds only the near part of each lane.
const (
	nearFor   = 5 * 60_000  // ms ahead of now that is held
	nearAgain = nearFor / 2 // ms ahead of a row behind the near part at which it is read
	nearHeads = 4096        // or this many, whichever is fewer
	nearLow   = 1024        // refill below this
)

// timer is one entry of the wheel: a touch of a lane, or an open attempt whose
// deadline is near.
type timer struct {
	attempt    bool
	lane       uint32
	epoch      uint32
	due        int64
	id         cadence.ID // touch or attempt
	enrollment cadence.ID
}

// lane is the near part of one lane of the due index. Everything up to and
// including bound is loaded; next is the due time of the first row behind it.
type lane struct {
	number  uint32
	row     state.Lane
	epoch   uint32
	bound   []byte
	next    int64
	inWheel int
	ready   []timer
}

const noDue = int64(1) << 62

// waiting is how many of the lane's rows are in memory.
func (l *lane) waiting() int { return l.inWheel + len(l.ready) }

// timers is the volatile side of time: a wheel over the near part of the due
// index and over the deadlines of open attempts. Everything in it can be
// rebuilt from state.
type timers struct {
	wheel     *wheel.Wheel
	slab      []timer
	free      []uint32
	lanes     map[uint32]*lane
	order     []uint32 // lane numbers, ascending
	deadlines map[cadence.ID]armedAt
	fired     []timer // of lane 0 and deadlines, in order
	at        int64   // the wall of the last turn
}

type armedAt struct {
	handle wheel.Handle
	slot   uint32
	at     int64
}

func newTimers(now int64) *timers {
	return &timers{wheel: wheel.New(1_000_000, now), lanes: map[uint32]*lane{}, deadlines: map[cadence.ID]armedAt{}}
}

// open makes a lane known. A lane that may not be dialed holds nothing.
func (t *timers) open(n uint32, row state.Lane) *lane {
	l, ok := t.lanes[n]
	if !ok {
		l = &lane{number: n, row: row, next: noDue}
		t.lanes[n] = l
		i, _ := slices.BinarySearch(t.order, n)
		t.order = slices.Insert(t.order, i, n)
	}
	return l
}

// drop forgets the near part of a lane; its index stays as it is.
func (t *timers) drop(l *lane) {
	l.epoch++
	l.bound, l.ready, l.inWheel = nil, nil, 0
	l.next = 0 // unknown: the next refill finds out
}

// armed takes a new row of the due index.
func (t *timers) armed(a state.Armed) {
	l, ok := t.lanes[a.Lane]
	if !ok {
		return // opened in this turn; its first refill loads the row
	}
	if l.bound == nil || bytes.Compare(state.DueKey(a.Lane, a.Due, a.Touch), l.bound) > 0 {
		l.next = min(l.next, a.Due)
		return
	}
	t.load(l, timer{lane: a.Lane, due: a.Due, id: a.Touch, enrollment: a.Enrollment})
}

func (t *timers) load(l *lane, e timer) {
	e.epoch = l.epoch
	l.inWheel++
	t.schedule(e)
}

func (t *timers) schedule(e timer) (wheel.Handle, uint32) {
	var slot uint32
	if n := len(t.free); n > 0 {
		slot, t.free = t.free[n-1], t.free[:n-1]
		t.slab[slot] = e
	} else {
		slot = uint32(len(t.slab))
		t.slab = append(t.slab, e)
	}
	return t.wheel.Schedule(uint64(slot), e.due), slot
}

// deadline arms, moves or disarms the look at an open attempt. A deadline that
// moved back is left to fire and is then armed anew: most calls move theirs
// several times and end before any of them.
func (t *timers) deadline(id cadence.ID, at int64, open bool) {
	old, armed := t.deadlines[id]
	if armed && open && at >= old.at {
		return
	}
	if armed {
		if t.wheel.Cancel(old.handle) {
			t.free = append(t.free, old.slot)
		}
		delete(t.deadlines, id)
	}
	if open {
		h, slot := t.schedule(timer{attempt: true, due: at, id: id})
		t.deadlines[id] = armedAt{h, slot, at}
	}
}

// retract puts back what is not due any more because the wall was set back: a
// touch decided before its time would be taken for done.
func (t *timers) retract(now int64) {
	back := now < t.at
	t.at = now
	if !back {
		return
	}
	for _, n := range t.order {
		l := t.lanes[n]
		kept := l.ready[:0]
		for _, e := range l.ready {
			if e.due <= now {
				kept = append(kept, e)
			} else {
				t.load(l, e)
			}
		}
		l.ready = kept
	}
}

// advance moves what is due from the wheel to where it waits to be decided.
func (t *timers) advance(now int64) {
	t.wheel.Advance(now, func(slot uint64, _ int64) {
		e := t.slab[slot]
		t.free = append(t.free, uint32(slot))
		if e.attempt {
			delete(t.deadlines, e.id)
			t.fired = append(t.fired, e)
			return
		}
		l := t.lanes[e.lane]
		if l == nil || l.epoch != e.epoch {
			return
		}
		l.inWheel--
		if e.lane == 0 {
			t.fired = append(t.fired, e)
			return
		}
		l.ready = append(l.ready, e)
	})
}

// takeFired removes the first of lane 0's rows and deadlines that are due.
func (t *timers) takeFired() timer {
	first := t.fired[0]
	if t.fired = t.fired[1:]; len(t.fired) == 0 {
		t.fired = nil
	}
	return first
}

// needs reports whether a lane should be filled again.
func (l *lane) needs(now int64) bool {
	return l.next <= now+nearAgain && l.waiting() < nearLow
}

// refill reads the next rows of a lane's index. It returns the due time of the
// first row there is, to raise the lane's low mark with, when the lane was
// read from its mark.
func (t *timers) refill(r ledger.Reader, l *lane, mark, now int64) (first int64, fromMark bool, err error) {
	from := state.DueKey(l.number, mark, cadence.ID{})
	if l.bound != nil {
		from = append(slices.Clone(l.bound), 0)
	}
	to := state.DueKey(l.number+1, 0, cadence.ID{})
	horizon, n := now+nearFor, 0
	first, fromMark = noDue, l.bound == nil
	l.next = noDue
	bound := state.DueKey(l.number, horizon, lastID)
	err = r.Scan(from, to, func(k, v []byte) bool {
		_, due, touch, ok := state.ParseDueKey(k)
		if !ok || len(v) != 16 {
			panic(&state.Broken{Err: ledger.ErrDamaged})
		}
		first = min(first, due)
		if due > horizon || n == nearHeads {
			l.next = due
			return false
		}
		n++
		if n == nearHeads {
			bound = bytes.Clone(k)
		}
		t.load(l, timer{lane: l.number, due: due, id: touch, enrollment: cadence.ID(v)})
		return true
	})
	l.bound = bound
	return first, fromMark, err
}

var lastID = cadence.ID(bytes.Repeat([]byte{0xFF}, 16))

// nextWake is when there is something to do: a timer, or a lane to refill.
// dialable says which lanes are read at all.
func (t *timers) nextWake(dialable func(*lane) bool) (int64, bool) {
	at := noDue
	if due, ok := t.wheel.NextDue(); ok {
		at = due
	}
	return t.nextRefill(at, dialable)
}

// wakeBy is nextWake or earlier, found without a look at many timers. It lies
// behind now unless nextWake does not.
func (t *timers) wakeBy(now int64, dialable func(*lane) bool) (int64, bool) {
	at := noDue
	if due, ok := t.wheel.Floor(); ok {
		at = due
	}
	if at <= now {
		return t.nextWake(dialable)
	}
	return t.nextRefill(at, dialable)
}

// nextRefill is at, or when a lane is to be refilled before it.
func (t *timers) nextRefill(at int64, dialable func(*lane) bool) (int64, bool) {
	for _, n := range t.order {
		if l := t.lanes[n]; l.next < noDue && l.waiting() < nearLow && dialable(l) {
			at = min(at, max(l.next-nearAgain, 0))
		}
	}
	return at, at < noDue
}

// nextDue is the earliest due time of anything, also beyond the near part, or
// an instant before it unless it has to be exact.
func (t *timers) nextDue(exact bool, dialable func(*lane) bool) (int64, bool) {
	at, look := noDue, t.wheel.Floor
	if exact {
		look = t.wheel.NextDue
	}
	if due, ok := look(); ok {
		at = due
	}
	for _, n := range t.order {
		if l := t.lanes[n]; dialable(l) {
			at = min(at, l.next)
		}
	}
	return at, at < noDue
}

func sortedLanes(m map[uint32]int64) []uint32 { return slices.Sorted(maps.Keys(m)) }
