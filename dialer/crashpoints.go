package dialer

import (
	"slices"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// around are the crash points before and after the commit of a turn that holds
// something.
type around struct{ before, after crash.Name }

// passBefore and passAfter pass the crash points of what a turn holds, each
// once. They are called only where crash.On is true.
func passBefore(facts []event.Fact) {
	for _, p := range held(facts) {
		crash.Point(p.before)
	}
}

func passAfter(facts []event.Fact) {
	for _, p := range held(facts) {
		crash.Point(p.after)
	}
}

// held lists the points of what a turn holds.
func held(facts []event.Fact) []around {
	var all []around
	add := func(p around) {
		if p != (around{}) && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	done := false
	for _, f := range facts {
		add(aroundOf(f))
		switch f.(type) {
		case *event.TouchDone:
			done = true
		case *event.TouchArmed:
			if done {
				add(around{crash.NextTimerBeforeCommit, crash.NextTimerAfterCommit})
			}
		}
	}
	return all
}

func aroundOf(f event.Fact) around {
	result := around{crash.ResultBeforeCommit, crash.ResultAfterCommit}
	switch f := f.(type) {
	case *event.ImportAdvanced:
		return around{crash.ImportBatchBeforeCommit, crash.ImportBatchAfterCommit}
	case *event.TouchArmed:
		return around{after: crash.TimerArmAfterCommit}
	case *event.Intended:
		return around{crash.IntentBeforeCommit, crash.IntentAfterCommit}
	case *event.CallPlaced:
		if f.How == placedByResponse {
			return result
		}
		return around{}
	case *event.AttemptReturned:
		return result
	case *event.AttemptUnclear:
		if f.Reason == unclearRestart {
			return around{crash.RecoverBeforeCommit, crash.RecoverAfterCommit}
		}
		return result
	case *event.CallChanged, *event.ReturnCalled, *event.ReturnChanged:
		return around{before: crash.WebhookBeforeCommit}
	case *event.AttemptEnded:
		return around{crash.TransitionBeforeCommit, crash.TransitionAfterCommit}
	case *event.NumberMarked:
		if f.Mark == event.MarkDNC && f.On {
			return around{crash.DNCBeforeCommit, crash.DNCAfterCommit}
		}
		return around{}
	case *event.DispositionPosted, *event.AttemptRevised:
		return around{crash.DispositionBeforeCommit, crash.DispositionAfterCommit}
	case *event.EffectOwed:
		return around{crash.EffectBeforeCommit, crash.EffectAfterCommit}
	case *event.AnswerKept:
		return around{crash.AnswerBeforeCommit, crash.AnswerAfterCommit}
	}
	return around{}
}
