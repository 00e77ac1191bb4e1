package sim

import (
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// faultEvery is how often operators, clocks and outages get their chance.
const faultEvery = int64(time.Hour / time.Millisecond)

// planFaults plans what comes by the hour during the safety phase, and its
// end.
func (w *World) planFaults() {
	if w.chance(w.o.Faults.Drift, "drift") {
		w.drift = int64(w.draw("drift.by").IntN(3000) - 1500)
	}
	for at := faultEvery / 4; at < w.faultyUntil; at += faultEvery {
		w.agenda.plan(w.now+at, func() { w.hour(uint64(at)) })
	}
	w.planPauses()
	w.agenda.plan(w.faultyUntil+1, w.heal)
}

// hour draws what goes wrong in one hour.
func (w *World) hour(n uint64) {
	id, f := seqID(n), &w.o.Faults
	if w.chance(f.ClockStep, "clock", id) {
		w.stepClock(id)
	}
	if w.chance(f.Pause, "pause", id) {
		w.pause(id)
	}
	if w.chance(f.Burst, "burst", id) {
		w.carrier.burst = w.now + int64(10_000+w.draw("burst.for", id).IntN(300_000))
	}
	if w.chance(f.Outage, "outage", id) {
		w.carrier.outage = w.now + int64(10_000+w.draw("outage.for", id).IntN(600_000))
	}
	if w.chance(f.Ghost, "ghost", id) {
		w.ghosts(id)
	}
	if w.chance(f.Operators, "operator", id) {
		w.operate(id)
	}
}

// heal ends the safety phase: whatever was stopped goes on, and from now on
// nothing goes wrong.
func (w *World) heal() {
	if slices.ContainsFunc(w.nodes, func(n *node) bool { return !n.running() }) {
		w.agenda.plan(w.now+1000, w.heal)
		return
	}
	w.order(&dialer.SetDialing{}, w.witness.ask("stop", false, func() {}))
	for _, id := range w.cadences {
		w.order(&dialer.HaltCadence{ID: id}, w.witness.ask("halt "+id.Bare(), false, func() {}))
		w.order(&dialer.SwitchCadence{ID: id, To: event.Active}, w.witness.ask("switch "+id.Bare(), false, func() {}))
	}
	w.witness.calmSince(w.now)
}

// ghosts lets timers fire that were moved or done with: what a store does that
// brings deleted rows back. None of them may call anybody.
func (w *World) ghosts(id cadence.ID) {
	r, t := w.draw("ghost.of", id), w.witness
	for range 5 {
		if len(t.order) == 0 {
			return
		}
		of := t.order[r.IntN(len(t.order))]
		s := t.stays[of]
		old := &dialer.Due{
			Lane: s.lane, Due: s.due - int64(1+r.IntN(100_000_000)), Touch: s.touch, Enrollment: of,
			Grant: &dialer.Grant{From: w.o.CallerIDs[0], Expires: w.wallMs() + 60_000},
		}
		n := w.nodeOf(of.Slot())
		n.postTo(n.opens, old, nil)
	}
}
