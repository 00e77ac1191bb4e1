package sim

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
)

// The world has three clocks. Its own, now, is the truth and the carrier's.
// The wall is what the engine takes for the time of day: it can be stepped and
// drifts. The monotonic clock stands still while the machine is suspended.

// trueMs is the true time of day.
func (w *World) trueMs() int64 { return w.now + w.o.Start.UnixMilli() }

func (w *World) trueTime() time.Time { return time.UnixMilli(w.trueMs()).UTC() }

func (w *World) wallMs() int64 { return w.now + w.ahead() }

// ahead is how far the wall is ahead of the world's own clock.
func (w *World) ahead() int64 { return w.offset + w.skew() }

func (w *World) wall() time.Time { return time.UnixMilli(w.wallMs()).UTC() }

func (w *World) mono() int64 { return w.now - w.slept }

func (w *World) monoSpan() time.Duration { return time.Duration(w.mono()) * time.Millisecond }

// real is the time that paces: it never steps.
func (w *World) real() time.Time { return time.UnixMilli(w.mono()).UTC() }

func (w *World) turnNow() dialer.Now { return dialer.Now{Wall: w.wallMs(), Real: w.real()} }

// driftPeriod is how long the wall takes from right over ahead and behind back
// to right: an oscillator that time servers pull back again and again.
const driftPeriod = int64(4 * time.Hour / time.Millisecond)

// skew is how far the wall is ahead by drifting, a triangle over time.
func (w *World) skew() int64 {
	if w.drift == 0 || w.now >= w.faultyUntil {
		return 0
	}
	at, quarter := w.now%driftPeriod, driftPeriod/4
	switch {
	case at < quarter:
		return w.drift * at / quarter
	case at < 3*quarter:
		return w.drift * (2*quarter - at) / quarter
	}
	return w.drift * (at - 4*quarter) / quarter
}

// stepClock moves the wall, and back later: by an hour, by up to two minutes,
// or by so little that nobody minds.
func (w *World) stepClock(id cadence.ID) {
	r := w.draw("clock.by", id)
	step := int64(r.IntN(240_000) - 120_000)
	switch r.IntN(4) {
	case 0:
		step = int64(r.IntN(3000) - 1500)
	case 1:
		step = int64(time.Hour/time.Millisecond) * int64(1-2*r.IntN(2))
	}
	w.setWall(step)
	w.agenda.plan(w.now+600_000, func() { w.setWall(-step) })
	if r.IntN(3) == 0 { // and the process starts again while the wall is wrong
		n := w.nodes[r.IntN(len(w.nodes))]
		w.agenda.plan(w.now+int64(r.IntN(240_000)), func() { w.kill(n) })
	}
}

// setWall moves the wall. What becomes due by that alone, at a node that slept
// while the wall was wrong and never saw it, has been due for no time yet.
func (w *World) setWall(by int64) {
	w.offset += by
	w.witness.calm.changed(w.now)
}

// pause stops a process for up to a quarter of an hour while the world goes
// on, or the machine with all its processes and its monotonic clock.
func (w *World) pause(id cadence.ID) {
	r := w.draw("pause.for", id)
	span := int64(5_000 + r.IntN(900_000))
	nodes := w.nodes[r.IntN(len(w.nodes)):][:1]
	if r.IntN(2) == 0 {
		// It stands still from now on. Nobody can look before it goes on.
		w.slept += span
		nodes = w.nodes
	}
	for _, n := range nodes {
		n.frozen = max(n.frozen, w.now+span)
		n.thawed = n.frozen
	}
}

// askDate asks the carrier for its time while the clock is in doubt.
func (n *node) askDate() {
	if n.asking {
		return
	}
	w := n.w
	n.asking = true
	n.later(w.now+10_000, func() {
		n.asking = false
		n.guard.CarrierDate(w.trueTime().Truncate(time.Second), w.wall(), w.monoSpan())
	})
}
