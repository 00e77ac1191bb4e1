package routing_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/routing"
)

var (
	actions = []cadence.Action{cadence.DoRetry, cadence.DoNext, cadence.DoGoto, cadence.DoExit, cadence.DoCallback, cadence.DoTransition}
	units   = []cadence.Unit{cadence.Seconds, cadence.Minutes, cadence.Hours, cadence.Days, cadence.Weeks, cadence.Months, cadence.BusinessDays}
)

func drawSpan(t *rapid.T) cadence.Span {
	return cadence.Span{N: rapid.IntRange(0, 30).Draw(t, "n"), Unit: rapid.SampledFrom(units).Draw(t, "unit")}
}

// drawRoutes draws routes without two for the same disposition.
func drawRoutes(t *rapid.T, codes []cadence.DispositionCode, keys []string) []cadence.Route {
	var out []cadence.Route
	for _, on := range rapid.SliceOfNDistinct(rapid.SampledFrom(codes), 0, 6, rapid.ID).Draw(t, "on") {
		r := cadence.Route{On: on, Do: rapid.SampledFrom(actions).Draw(t, "do"), Max: rapid.IntRange(0, 4).Draw(t, "max")}
		if rapid.Bool().Draw(t, "delayed") {
			s := drawSpan(t)
			r.Delay = &s
		}
		switch r.Do {
		case cadence.DoGoto:
			r.To = rapid.SampledFrom(keys).Draw(t, "to")
		case cadence.DoTransition:
			r.To = "Elsewhere"
		case cadence.DoRetry, cadence.DoNext, cadence.DoExit, cadence.DoCallback:
		}
		out = append(out, r)
	}
	return out
}

func drawDocument(t *rapid.T, codes []cadence.DispositionCode) *cadence.Document {
	keys := []string{"a", "b", "c", "d"}[:rapid.IntRange(1, 4).Draw(t, "steps")]
	doc := &cadence.Document{Name: "Drawn", Runs: cadence.Runs{
		Max: rapid.IntRange(0, 3).Draw(t, "runs"), Gap: drawSpan(t), TransitionTo: "Elsewhere",
		Then: rapid.SampledFrom([]string{"", cadence.ThenIdle, cadence.ThenRestart, cadence.ThenTransition, cadence.ThenReenroll}).Draw(t, "then"),
	}}
	doc.ReEntry = rapid.SampledFrom([]cadence.ReEntry{"", "never", "always", "after 10d"}).Draw(t, "re-entry")
	doc.Routes = drawRoutes(t, codes, keys)
	for _, k := range keys {
		s := call(k, drawSpan(t), drawRoutes(t, codes, keys)...)
		s.Anchor = rapid.SampledFrom([]cadence.Anchor{"", cadence.AnchorPrevious, cadence.AnchorEnrollment}).Draw(t, "anchor")
		s.Numbers.InOrder = rapid.Bool().Draw(t, "in order")
		if !s.Numbers.InOrder {
			s.Numbers.NextOn = rapid.SliceOfN(rapid.SampledFrom(codes), 0, 2).Draw(t, "next on")
		}
		doc.Steps = append(doc.Steps, s)
	}
	return doc
}

func drawZone(t *rapid.T) *time.Location {
	zone, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// A lead walked through a drawn cadence by drawn dispositions: every move
// follows the rules, whatever comes.
func TestWalkKeepsTheRules(t *testing.T) {
	set := shippedSet(t)
	codes := set.Codes()
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t, codes)
		n := routing.Numbers{Count: rapid.IntRange(1, 4).Draw(t, "numbers")}
		at := monday.Add(time.Duration(rapid.Int64Range(0, 400*24*3600).Draw(t, "start")) * time.Second)
		m := routing.Start(doc, 0, n, at)
		used, runStart := map[cadence.DispositionCode]int{}, at
		zone := drawZone(t)
		for range 12 {
			in := routing.Input{
				Set: set, Doc: doc, StepIndex: m.StepIndex, Run: m.Run, Retries: used, RunStarted: runStart, Zone: zone,
				Disposition: rapid.SampledFrom(codes).Draw(t, "disposition"),
				At:          m.Due.Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "late")) * time.Millisecond),
			}
			n.Index = m.NumberIndex
			in.Numbers = n
			next := routing.Decide(in)
			checkMove(t, in, next)
			if next.Kind.Ends() {
				return
			}
			if next.RetireNumber {
				n.Retired |= 1 << n.Index
			}
			if next.StepIndex != m.StepIndex || next.Run != m.Run {
				used = map[cadence.DispositionCode]int{}
			} else if next.ConsumesRetry {
				used[next.RouteOn]++
			}
			if next.Run != m.Run {
				runStart = next.Due
			}
			m = next
		}
	})
}

func checkMove(t *rapid.T, in routing.Input, m routing.Move) {
	again := in
	again.Retries = maps.Clone(in.Retries)
	if other := routing.Decide(again); !reflect.DeepEqual(m, other) {
		t.Fatalf("two moves from one input: %+v and %+v", m, other)
	}
	disp, _ := in.Set.Resolve(in.Disposition)
	switch {
	case m.Reason == "":
		t.Fatal("a move without a reason")
	case m.Kind.Ends() != (m.Final != routing.FinalNone) || m.Kind.Ends() != (m.StepIndex == -1):
		t.Fatalf("neither on its way nor at its end: %+v", m)
	case disp.DNC && m.Final != routing.FinalDNC:
		t.Fatalf("called on after a no: %+v", m)
	case m.RetireNumber != (disp.Scope == routing.ScopeNumber):
		t.Fatalf("retirement does not follow the scope: %+v", m)
	case m.Run < in.Run:
		t.Fatalf("the run went back: %+v", m)
	}
	if !m.Due.IsZero() && m.Due.Before(in.At) {
		t.Fatalf("due %s before the disposition %s", m.Due, in.At)
	}
	if m.ConsumesRetry && in.Retries[m.RouteOn] >= 4 {
		t.Fatalf("retry %d of a drawn or default max of at most 4", in.Retries[m.RouteOn]+1)
	}
	if m.Kind.Ends() {
		return
	}
	retired := in.Numbers.Retired
	if m.RetireNumber {
		retired |= 1 << in.Numbers.Index
	}
	if m.StepIndex >= len(in.Doc.Steps) || m.NumberIndex < 0 || m.NumberIndex >= in.Numbers.Count || retired>>m.NumberIndex&1 == 1 {
		t.Fatalf("calls nothing, or a retired number: %+v", m)
	}
}

// Retries of one route end: the same disposition for ever leaves the step.
func TestRetriesEnd(t *testing.T) {
	set := shippedSet(t)
	rapid.Check(t, func(t *rapid.T) {
		doc := fiveTouches()
		limit := rapid.IntRange(1, 9).Draw(t, "max")
		doc.Steps[0].Routes = []cadence.Route{{On: "NO_ANSWER", Do: cadence.DoRetry, Delay: span(1, cadence.Minutes), Max: limit}}
		in := routing.Input{Set: set, Doc: doc, Run: 1, Disposition: "NO_ANSWER", Numbers: routing.Numbers{Count: 1}, At: monday, RunStarted: monday, Retries: map[cadence.DispositionCode]int{}}
		for i := range limit {
			m := routing.Decide(in)
			if m.Kind != routing.KindRetry || !m.ConsumesRetry {
				t.Fatalf("try %d of %d: %+v", i+1, limit, m)
			}
			in.Retries[m.RouteOn]++
			in.At = m.Due
		}
		if m := routing.Decide(in); m.Kind != routing.KindNextStep || m.Due.Sub(in.At) != 4*time.Hour {
			t.Fatalf("after %d retries: %+v", limit, m)
		}
	})
}

func TestOrderOfRoutesDoesNotMatter(t *testing.T) {
	set := shippedSet(t)
	codes := set.Codes()
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t, codes)
		in := routing.Input{Set: set, Doc: doc, Run: 1, Disposition: rapid.SampledFrom(codes).Draw(t, "code"), Numbers: routing.Numbers{Count: 2}, At: monday, RunStarted: monday}
		before := routing.Decide(in)
		doc.Routes = rapid.Permutation(slices.Clone(doc.Routes)).Draw(t, "cadence routes")
		doc.Steps[0].Routes = rapid.Permutation(slices.Clone(doc.Steps[0].Routes)).Draw(t, "step routes")
		if after := routing.Decide(in); !reflect.DeepEqual(before, after) {
			t.Fatalf("%+v became %+v", before, after)
		}
	})
}

func BenchmarkDecide(b *testing.B) {
	in := routing.Input{Set: shippedSet(b), Doc: fiveTouches(), Run: 1, Disposition: "BUSY", Numbers: routing.Numbers{Count: 1}, At: monday, RunStarted: monday}
	b.ReportAllocs()
	for b.Loop() {
		if m := routing.Decide(in); m.Kind != routing.KindRetry {
			b.Fatal(m)
		}
	}
}
