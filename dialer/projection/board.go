// Package projection holds read models: what the dashboard shows, folded from
// what the engine stored.
package projection

import (
	"sync"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// meterSeconds is the window over which calls per second are averaged.
const meterSeconds = 10

// Board is the live picture: which attempts are open, in which state, and how
// fast calls are placed. The engine's loop feeds it after each durable turn;
// anybody may read it.
type Board struct {
	mu      sync.Mutex
	open    map[cadence.ID]place
	counts  [event.NotPlaced + 1]int
	seconds [meterSeconds]struct{ at, n int64 }
}

type place struct {
	state    event.State
	deadline int64
}

// Line is an attempt as the board shows it. Its state is 0 once it is over.
type Line struct {
	Attempt  cadence.ID
	State    event.State
	Deadline int64
}

// LineOf is the line of an open attempt.
func LineOf(o *state.Open) Line { return Line{o.I.Attempt, o.State, o.Deadline} }

// NewBoard returns an empty board.
func NewBoard() *Board { return &Board{open: map[cadence.ID]place{}} }

// Put takes the newest lines of attempts, the later ones counting.
func (b *Board) Put(lines ...Line) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range lines {
		l := &lines[i]
		was, known := b.open[l.Attempt]
		is := place{l.State, l.Deadline}
		if known {
			b.counts[was.state]--
		}
		switch {
		case l.State != 0:
			b.counts[l.State]++
			if is != was {
				b.open[l.Attempt] = is
			}
		case known:
			delete(b.open, l.Attempt)
		}
	}
}

// Placed counts one accepted call at a real second.
func (b *Board) Placed(second int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := &b.seconds[second%meterSeconds]
	if s.at != second {
		s.at, s.n = second, 0
	}
	s.n++
}

// PerSecond is the mean of accepted calls over the last full seconds.
func (b *Board) PerSecond(second int64) float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	sum := int64(0)
	for _, s := range b.seconds {
		if s.at < second && s.at >= second-meterSeconds+1 {
			sum += s.n
		}
	}
	return float64(sum) / (meterSeconds - 1)
}

// Calls are the open attempts by state.
type Calls struct {
	Intent, Unknown, Placed, Ringing, Live, Closing int
}

// Total is how many attempts are open.
func (c Calls) Total() int {
	return c.Intent + c.Unknown + c.Placed + c.Ringing + c.Live + c.Closing
}

// Calls counts the open attempts.
func (b *Board) Calls() Calls {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := &b.counts
	return Calls{c[event.Intent], c[event.Unknown], c[event.Placed], c[event.Ringing], c[event.Live], c[event.Closing]}
}

// Overdue counts open attempts whose deadline passed before an instant (Unix
// ms) and that nobody looked at since: it must be 0.
func (b *Board) Overdue(before int64) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, l := range b.open {
		if l.deadline < before {
			n++
		}
	}
	return n
}
