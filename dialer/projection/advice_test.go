package projection_test

import (
	"math"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func hours(usual projection.HourCalls, special map[int]projection.HourCalls) *projection.Signal {
	s := &projection.Signal{}
	for week := 8; week < 24; week++ {
		h := usual
		if other, some := special[week]; some {
			h = other
		}
		s.Hours[week] = h
		s.All.Attempts += h.Attempts
		s.All.Contacts += h.Contacts
	}
	return s
}

// An hour is named only when chance does not explain it.
func TestOnHours(t *testing.T) {
	usual := projection.HourCalls{Attempts: 200, Contacts: 20}
	cases := []struct {
		name    string
		special map[int]projection.HourCalls
		want    int // 0: none
	}{
		{"all alike", nil, 0},
		{"a little better", map[int]projection.HourCalls{10: {Attempts: 200, Contacts: 26}}, 0},
		{"far better, but few calls", map[int]projection.HourCalls{10: {Attempts: 60, Contacts: 30}}, 0},
		{"far better", map[int]projection.HourCalls{10: {Attempts: 200, Contacts: 60}}, 10},
		{"the better of two", map[int]projection.HourCalls{10: {Attempts: 200, Contacts: 60}, 18: {Attempts: 200, Contacts: 80}}, 18},
		{"far worse", map[int]projection.HourCalls{10: {Attempts: 200, Contacts: 0}}, 0},
	}
	for _, c := range cases {
		got := projection.OnHours(hours(usual, c.special))
		switch {
		case (got == nil) != (c.want == 0):
			t.Errorf("%s: %+v", c.name, got)
		case got != nil && got.Week != c.want:
			t.Errorf("%s: hour %d, want %d", c.name, got.Week, c.want)
		}
	}
	if a := projection.OnHours(hours(usual, cases[3].special)); !near(a.Gain, 60) {
		t.Errorf("a tenth of 3000 calls at 30 %% and not 10 %% reaches %v more", a.Gain)
	}
}

func TestOnSteps(t *testing.T) {
	step := func(before, recent projection.HourCalls) *projection.Signal {
		return &projection.Signal{Steps: []projection.StepSignal{{Step: "two", Before: before, Recent: recent}}}
	}
	if got := projection.OnSteps(step(projection.HourCalls{Attempts: 900, Contacts: 180}, projection.HourCalls{Attempts: 300, Contacts: 15})); len(got) != 1 || got[0].Step != "two" || !near(got[0].Gain, 45) {
		t.Errorf("a step that collapsed: %+v", got)
	}
	for name, s := range map[string]*projection.Signal{
		"as before":     step(projection.HourCalls{Attempts: 900, Contacts: 180}, projection.HourCalls{Attempts: 300, Contacts: 58}),
		"better":        step(projection.HourCalls{Attempts: 900, Contacts: 90}, projection.HourCalls{Attempts: 300, Contacts: 90}),
		"few calls yet": step(projection.HourCalls{Attempts: 900, Contacts: 180}, projection.HourCalls{Attempts: 60, Contacts: 0}),
	} {
		if got := projection.OnSteps(s); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestOnCallerID(t *testing.T) {
	others := pacing.Figures{Attempts: 2000, Answered: 320}
	if a := projection.OnCallerID("+13035550100", "default", pacing.Figures{Attempts: 500, Answered: 20}, others); a == nil || a.Pool != "default" || !near(a.Gain, 60) {
		t.Errorf("a number that nobody answers: %+v", a)
	}
	for name, own := range map[string]pacing.Figures{"like the others": {Attempts: 500, Answered: 75}, "few calls": {Attempts: 40}, "better": {Attempts: 500, Answered: 150}} {
		if a := projection.OnCallerID("+13035550100", "default", own, others); a != nil {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestOnLeads(t *testing.T) {
	called := &projection.Signal{Recent: projection.HourCalls{Attempts: 5}}
	if projection.OnLeads(called, 0, 0) == nil || projection.OnLeads(called, 3, 0) != nil || projection.OnLeads(called, 0, 1) != nil || projection.OnLeads(&projection.Signal{}, 0, 0) != nil {
		t.Error("nobody left is told when nobody is left, of a cadence that called lately")
	}
}

// Signals tell late calls from earlier ones, and nothing before all are read.
func TestSignals(t *testing.T) {
	day := int64(86_400_000)
	calls := projection.NewHistory(projection.MaxCalls)
	at := func(n int, days float64, step string, run int, contact bool) projection.Closed {
		when := begun + int64(days*float64(day))
		return projection.Closed{ID: id(1, n), Row: &state.Attempt{
			Enrollment: id(2, n), Cadence: id(3, n%2), StepKey: step, Run: run, At: when, Accepted: true, Contact: contact,
			Local: time.UnixMilli(when).UTC().Format(time.RFC3339),
		}}
	}
	calls.Add([]projection.Closed{at(8, 9, "a", 1, true), at(6, 8, "b", 2, false), at(4, 3, "a", 1, false), at(3, 2, "a", 1, true), at(2, -3, "a", 1, false)})
	if _, ok := calls.Signals(begun, begun+7*day, begun+10*day); ok {
		t.Error("half of the calls were judged")
	}
	calls.Complete()
	got, ok := calls.Signals(begun, begun+7*day, begun+10*day)
	if !ok || len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	s := got[0]
	if s.Cadence != id(3, 0) || s.All != (projection.HourCalls{Attempts: 3, Contacts: 1}) || s.Recent != (projection.HourCalls{Attempts: 2, Contacts: 1}) ||
		len(s.Steps) != 1 || s.Steps[0].Before != (projection.HourCalls{Attempts: 1}) || s.Steps[0].Recent != (projection.HourCalls{Attempts: 1, Contacts: 1}) {
		t.Errorf("%+v", s)
	}
	sum := projection.HourCalls{}
	for _, h := range s.Hours {
		sum.Attempts += h.Attempts
		sum.Contacts += h.Contacts
	}
	if sum != s.All {
		t.Errorf("the hours add up to %+v, not %+v", sum, s.All)
	}
}

// An advice keeps its name as long as it is about the same thing.
func TestAdviceKeepsItsName(t *testing.T) {
	a := projection.Advice{Kind: projection.AdviceStep, Cadence: id(3, 1), Step: "one", Gain: 3}
	b := a
	b.Gain, b.Own.Of = 9, 12
	c := a
	c.Step = "two"
	if a.ID() != b.ID() || a.ID() == c.ID() || a.ID() == (cadence.ID{}) {
		t.Error("names do not follow the subject")
	}
}
