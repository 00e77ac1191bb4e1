package routing_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/routing"
)

func TestRuns(t *testing.T) {
	set := shippedSet(t)
	week := cadence.Span{N: 1, Unit: cadence.Weeks}
	day := 24 * time.Hour
	for _, c := range []struct {
		name    string
		runs    cadence.Runs
		reEntry cadence.ReEntry
		run     int
		kind    routing.Kind
		nextRun int
		after   time.Duration
		final   routing.Final
	}{
		{"another run", cadence.Runs{Max: 2, Gap: week}, "", 1, routing.KindRestartRun, 2, 7 * day, ""},
		{"the last run, idle", cadence.Runs{Max: 2, Gap: week}, "", 2, routing.KindIdle, 2, 0, routing.FinalCompleted},
		{"max left out is one", cadence.Runs{}, "", 1, routing.KindIdle, 1, 0, routing.FinalCompleted},
		{"restart for ever", cadence.Runs{Max: 2, Gap: week, Then: cadence.ThenRestart}, "", 9, routing.KindRestartRun, 10, 7 * day, ""},
		{"transition after the step's delay", cadence.Runs{Max: 1, Then: cadence.ThenTransition, TransitionTo: "Nurture"}, "", 1, routing.KindTransition, 1, 5 * time.Hour, routing.FinalTransitioned},
		{"reenroll, never", cadence.Runs{Max: 1, Gap: week, Then: cadence.ThenReenroll}, "never", 1, routing.KindIdle, 1, 0, routing.FinalCompleted},
		{"reenroll, always", cadence.Runs{Max: 1, Gap: week, Then: cadence.ThenReenroll}, "always", 1, routing.KindReenroll, 1, 7 * day, routing.FinalCompleted},
		{"reenroll, later than the gap", cadence.Runs{Max: 1, Gap: week, Then: cadence.ThenReenroll}, "after 30d", 1, routing.KindReenroll, 1, 30 * day, routing.FinalCompleted},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := fiveTouches()
			doc.Runs, doc.ReEntry = c.runs, c.reEntry
			doc.Steps[4].DelayAfter = hours(5)
			m := routing.Decide(routing.Input{Set: set, Doc: doc, StepIndex: 4, Run: c.run, Disposition: "NO_ANSWER", Numbers: routing.Numbers{Count: 1}, At: monday, RunStarted: monday})
			if m.Kind != c.kind || m.Run != c.nextRun || m.Final != c.final {
				t.Fatalf("got %+v", m)
			}
			if c.after > 0 && m.Due.Sub(monday) != c.after {
				t.Fatalf("due after %s, want %s", m.Due.Sub(monday), c.after)
			}
			if c.kind == routing.KindTransition && m.To != "Nurture" {
				t.Fatalf("goes to %q", m.To)
			}
			if c.kind == routing.KindRestartRun && m.StepIndex != 0 {
				t.Fatalf("restarts at step %d", m.StepIndex)
			}
		})
	}
}

func TestSequenceAndResume(t *testing.T) {
	doc := fiveTouches()
	doc.Steps[2].When = []cadence.Trigger{{On: "opened"}}
	var keys []string
	for i, ok := routing.NextStep(doc, -1); ok; i, ok = routing.NextStep(doc, i) {
		keys = append(keys, doc.Steps[i].Key)
	}
	if len(keys) != 4 || keys[2] != "call-4" {
		t.Errorf("sequence %v: a step with a trigger is not part of it", keys)
	}
	done := map[string]bool{"call-1": true, "call-4": true}
	if i := routing.Resume(doc, done); i != 1 {
		t.Errorf("resume at %d, want the first unfinished step 1", i)
	}
	for _, k := range keys {
		done[k] = true
	}
	if i := routing.Resume(doc, done); i != -1 {
		t.Errorf("resume at %d of a finished run", i)
	}
}

func TestReEntry(t *testing.T) {
	for _, c := range []struct {
		re   cadence.ReEntry
		days int
		want bool
	}{
		{"", 1000, false},
		{"never", 1000, false},
		{"always", 0, true},
		{"after 30d", 29, false},
		{"after 30d", 30, true},
		{"after 1mo", 29, false},
		{"after 1mo", 31, true},
		{"after", 1000, false},
		{"after soon", 1000, false},
		{"sometimes", 1000, false},
	} {
		if got := routing.ReEntryAllowed(c.re, monday, monday.AddDate(0, 0, c.days)); got != c.want {
			t.Errorf("%q after %d days: %v, want %v", c.re, c.days, got, c.want)
		}
	}
}
