package sim

import (
	"bytes"
	"maps"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// The liveness phase begins when the faults end. These are the virtual times,
// in ms, within which things have to happen in it.
const (
	// trustWithin is how soon the clock is trusted again.
	trustWithin = int64(5 * time.Minute / time.Millisecond)
	// drainWithin is how soon everything that is due has been asked for, when
	// the carrier's channels are the only limit.
	drainWithin = int64(90 * time.Minute / time.Millisecond)
	// knowWithin is how soon after its intent an attempt is not unknown any
	// more: ten minutes for a complete listing, and the schedule's last
	// interval behind it.
	knowWithin = int64(25 * time.Minute / time.Millisecond)
	// endWithin is how soon after its intent an attempt is over: the longest
	// call and what it takes to learn of its end.
	endWithin = int64(90 * time.Minute / time.Millisecond)
	// idleFor is how long a due touch may wait while nothing is in its way:
	// I12, with room for the send gate and a clock that drifts.
	idleFor = 2_000
)

// calm watches whether the engine gets on.
type calm struct {
	since  int64  // start of the liveness phase, 0 before
	intent int64  // the last one
	free   int64  // since when nothing was in the way of an intent, 0: something is
	why    string // the clock of the node whose turn it is, is not trusted; "" when it is
	slow   int64  // until when the pacer may be slower than its rate
}

func (t *witness) calmSince(now int64) { t.calm.since = now }

// changed tells that somebody stopped or resumed something, or set the wall.
func (c *calm) changed(now int64) { c.slow = max(c.slow, now+idleFor) }

// throttled tells that the pacer has reason to be slow for a while.
func (t *witness) throttled() { t.calm.slow = max(t.calm.slow, t.w.now+60_000) }

// moves checks, at every turn, that nothing waits that could go on: I12 before
// and after the faults, I16 and I17 after them. doubt is why the clock is not
// trusted, if it is not.
func (t *witness) moves(n *node, doubt string) {
	c, now, paused := &t.calm, t.w.now, doubt != ""
	if doubt == clock.ReasonBehindRecord && c.since != 0 {
		c.since, n.doubted = now, now // by design it waits until the wall has passed what it wrote while ahead
	}
	switch {
	case !paused:
		n.doubted = 0
	case n.doubted == 0:
		n.doubted = now
	}
	inWay := paused || len(t.open)+t.asking >= t.w.o.Channels || now < c.slow || now < n.thawed+idleFor
	switch {
	case inWay:
		c.free = 0
	case c.free == 0:
		c.free = now
	}
	t.checks++
	wall := t.w.wallMs()
	pace := idleFor + int64(1000/t.w.o.CPS)
	late := c.free != 0 && c.free <= now-pace && c.intent <= now-pace
	if !late && c.since == 0 {
		return
	}
	for _, id := range t.order {
		s := t.stays[id]
		switch {
		case s.left || s.state != state.Waiting && s.state != state.Held:
		case late && s.state == state.Waiting && s.due < wall-pace && t.dialing(s):
			t.broken("I12", about{enrollment: id}, "stay %s has been due for %d ms and nothing is in its way", id.Bare(), wall-s.due)
		case c.since != 0 && now-c.since > drainWithin && s.due < wall-drainWithin && !t.held(s):
			t.broken("I17", about{enrollment: id}, "stay %s has been due for %d minutes and the faults are over", id.Bare(), (wall-s.due)/60_000)
		}
	}
	if c.since != 0 {
		t.settles(now, wall)
	}
}

// settles checks I16 and I17 of attempts in the liveness phase.
func (t *witness) settles(now, wall int64) {
	c := &t.calm
	for _, n := range t.w.nodes { // each of them: the others' trust does not help
		if n.doubted != 0 && n.running() && now-max(n.doubted, c.since, n.thawed) > trustWithin {
			t.broken("I17", about{}, "node %d has doubted the clock for %d minutes and nothing is wrong with it", n.index, (now-n.doubted)/60_000)
		}
	}
	for _, id := range t.opens() {
		i := t.open[id]
		age := min(wall-i.At, now-c.since)
		if age > endWithin {
			t.broken("I17", about{attempt: id}, "attempt %s has been open for %d minutes", id.Bare(), (wall-i.At)/60_000)
		}
		if age > knowWithin && t.books.boundAt[id] == 0 {
			t.broken("I16", about{attempt: id}, "attempt %s has been unknown for %d minutes", id.Bare(), (wall-i.At)/60_000)
		}
	}
}

// opens are the open attempts in the order of their ids.
func (t *witness) opens() []cadence.ID {
	return slices.SortedFunc(maps.Keys(t.open), func(a, b cadence.ID) int { return bytes.Compare(a[:], b[:]) })
}

// dialing reports whether the stay's cadence is being dialed, as far as its
// facts say, by a home that runs and trusts its clock.
func (t *witness) dialing(s *stay) bool {
	r := t.ruleOf(s.home)
	return r.active[s.cadence] && !r.paused[s.cadence] && !r.stopped && !t.held(s) && s.home.running() && !s.home.doubts && t.w.now >= s.home.thawed+idleFor
}
