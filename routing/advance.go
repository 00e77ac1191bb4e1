package routing

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// NextStep is the step of the plain sequence that follows index from; -1 asks
// for the first. Steps with triggers belong to a tree and are started by their
// trigger, not by the sequence.
func NextStep(doc *cadence.Document, from int) (index int, ok bool) {
	for i := from + 1; i < len(doc.Steps); i++ {
		if len(doc.Steps[i].When) == 0 {
			return i, true
		}
	}
	return -1, false
}

// Resume is the first step of the sequence whose key is not among the finished
// ones (those with a final disposition in this run), -1 when all are.
func Resume(doc *cadence.Document, finished map[string]bool) int {
	for i, ok := NextStep(doc, -1); ok; i, ok = NextStep(doc, i) {
		if !finished[doc.Steps[i].Key] {
			return i
		}
	}
	return -1
}

// next takes the step's default edge: the following step, or what comes after
// the run's last.
func (d *decision) next(delay cadence.Span, why string) Move {
	to, ok := NextStep(d.Doc, d.StepIndex)
	if !ok {
		return d.endRun(delay)
	}
	return d.enter(KindNextStep, to, d.anchored(to, delay), why)
}

// endRun follows the last step: another run while there are any, then what
// the cadence says. "restart" goes on with further runs for ever; the runs
// keep counting, so that no touch of one is taken for a touch of another. The
// pause before a further run or a new stay is runs.gap; before a transition it
// is the delay of the edge that led here.
func (d *decision) endRun(delay cadence.Span) Move {
	runs := d.Doc.Runs
	switch {
	case d.Run < max(runs.Max, 1):
		return d.restart(ReasonRunDone)
	case runs.Then == cadence.ThenRestart:
		return d.restart(ReasonRunsDone)
	case runs.Then == cadence.ThenTransition:
		d.route.Delay = &delay
		return d.transition(runs.TransitionTo, ReasonRunsDone)
	case runs.Then == cadence.ThenReenroll:
		return d.reenroll()
	}
	return d.leave(KindIdle, FinalCompleted, time.Time{}, ReasonRunsDone)
}

func (d *decision) restart(why string) Move {
	first, _ := NextStep(d.Doc, -1)
	d.move.Run++
	return d.enter(KindRestartRun, first, d.after(d.Doc.Runs.Gap), why)
}

// reenroll begins a new stay after the gap, or later when re_entry says so.
func (d *decision) reenroll() Move {
	due := d.after(d.Doc.Runs.Gap)
	from, ok := reEntryAt(d.Doc.ReEntry, d.At, d.zone())
	if !ok {
		return d.leave(KindIdle, FinalCompleted, time.Time{}, ReasonReEntryRefused)
	}
	if from.After(due) {
		due = from
	}
	return d.leave(KindReenroll, FinalCompleted, due, ReasonRunsDone)
}

func (d *decision) transition(to, why string) Move {
	d.move.To = to
	return d.leave(KindTransition, FinalTransitioned, d.after(d.routeDelay()), why)
}

func (d *decision) exit(f Final, why string) Move { return d.leave(KindExit, f, time.Time{}, why) }

// enter goes to a step with the first usable number; a call step without one
// ends the stay.
func (d *decision) enter(k Kind, step int, due time.Time, why string) Move {
	d.move.NumberIndex = -1
	if d.Doc.Steps[step].Kind == cadence.StepCall {
		if d.move.NumberIndex = d.Numbers.First(); d.move.NumberIndex < 0 {
			d.move.Run = d.Run
			return d.exit(FinalUnreachable, ReasonNumbersRetired)
		}
	}
	return d.finish(k, step, due, why)
}

func (d *decision) finish(k Kind, step int, due time.Time, why string) Move {
	if due.Before(d.At) {
		due = d.At
	}
	m := d.move
	m.Kind, m.StepIndex, m.Due, m.Reason = k, step, due, why
	return m
}

func (d *decision) leave(k Kind, f Final, due time.Time, why string) Move {
	m := d.move
	m.Kind, m.StepIndex, m.NumberIndex, m.Due, m.Reason, m.Final = k, -1, -1, due, why, f
	return m
}
