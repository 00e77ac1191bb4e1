package routing_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/routing"
)

var monday = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func hours(n int) cadence.Span { return cadence.Span{N: n, Unit: cadence.Hours} }

func span(n int, u cadence.Unit) *cadence.Span { return &cadence.Span{N: n, Unit: u} }

func call(key string, delay cadence.Span, routes ...cadence.Route) cadence.Step {
	return cadence.Step{Key: key, Kind: cadence.StepCall, DelayAfter: delay, Routes: routes}
}

// fiveTouches has the delays of the built-in five-step table.
func fiveTouches() *cadence.Document {
	return &cadence.Document{Name: "Five touches", Runs: cadence.Runs{Max: 1}, Steps: []cadence.Step{
		call("call-1", hours(4)), call("call-2", hours(24)), call("call-3", hours(48)), call("call-4", hours(72)), call("call-5", cadence.Span{}),
	}}
}

func TestFiveTouchesGolden(t *testing.T) {
	set, doc := shippedSet(t), fiveTouches()
	numbers := routing.Numbers{Count: 1}
	want := []string{"Mon 02 09:00", "Mon 02 13:00", "Tue 03 13:00", "Thu 05 13:00", "Sun 08 13:00"}
	m := routing.Start(doc, routing.Resume(doc, nil), numbers, monday)
	for i := range want {
		if got := m.Due.Format("Mon 02 15:04"); m.StepIndex != i || got != want[i] {
			t.Fatalf("touch %d: step %d at %s, want %s", i+1, m.StepIndex, got, want[i])
		}
		m = routing.Decide(routing.Input{Set: set, Doc: doc, StepIndex: m.StepIndex, Run: m.Run, Disposition: "NO_ANSWER", Numbers: numbers, At: m.Due, RunStarted: monday})
	}
	if m.Kind != routing.KindIdle || m.Final != routing.FinalCompleted || !m.Due.IsZero() {
		t.Fatalf("after the last touch: %+v", m)
	}
}

func TestDefaultRoutes(t *testing.T) {
	set, doc := shippedSet(t), fiveTouches()
	type want struct {
		kind  routing.Kind
		after time.Duration
		final routing.Final
	}
	cases := map[cadence.DispositionCode]want{
		"NO_ANSWER":         {routing.KindNextStep, 4 * time.Hour, ""},
		"NA":                {routing.KindNextStep, 4 * time.Hour, ""},
		"ANSWERING_MACHINE": {routing.KindNextStep, 4 * time.Hour, ""},
		"VOICEMAIL_LEFT":    {routing.KindNextStep, 4 * time.Hour, ""},
		"UNCONFIRMED":       {routing.KindNextStep, 4 * time.Hour, ""},
		"BLOCKED":           {routing.KindNextStep, 4 * time.Hour, ""},
		"BUSY":              {routing.KindRetry, 30 * time.Minute, ""},
		"CONGESTION":        {routing.KindRetry, 15 * time.Minute, ""},
		"ABANDONED":         {routing.KindRetry, 24 * time.Hour, ""},
		"CANCELLED":         {routing.KindRetry, 15 * time.Minute, ""},
		"CALLBACK":          {routing.KindCallback, 24 * time.Hour, ""},
		"CONNECTED":         {routing.KindExit, 0, routing.FinalExited},
		"SALE":              {routing.KindExit, 0, routing.FinalConverted},
		"NOT_INTERESTED":    {routing.KindExit, 0, routing.FinalExited},
		"DNC":               {routing.KindExit, 0, routing.FinalDNC},
		"FAX":               {routing.KindExit, 0, routing.FinalUnreachable},
		"DISCONNECTED":      {routing.KindExit, 0, routing.FinalUnreachable},
		"SOMETHING_ELSE":    {routing.KindNextStep, 4 * time.Hour, ""},
	}
	for code, w := range cases {
		t.Run(string(code), func(t *testing.T) {
			m := routing.Decide(routing.Input{Set: set, Doc: doc, Run: 1, Disposition: code, Numbers: routing.Numbers{Count: 1}, At: monday, RunStarted: monday})
			if m.Kind != w.kind || m.Final != w.final {
				t.Fatalf("got %+v, want %+v", m, w)
			}
			if !m.Kind.Ends() && m.Due.Sub(monday) != w.after {
				t.Errorf("due after %s, want %s", m.Due.Sub(monday), w.after)
			}
			if m.Kind.Ends() && (m.StepIndex != -1 || m.NumberIndex != -1 || !m.Due.IsZero()) {
				t.Errorf("an ended stay points somewhere: %+v", m)
			}
			if got := code == "CANCELLED" && m.ConsumesRetry; got {
				t.Error("a cancelled call consumed a retry")
			}
			if retires := code == "FAX" || code == "DISCONNECTED"; m.RetireNumber != retires {
				t.Errorf("retires the number: %v", m.RetireNumber)
			}
		})
	}
}

func TestRouteOrderAndExhaustion(t *testing.T) {
	set, doc := shippedSet(t), fiveTouches()
	decide := func(code cadence.DispositionCode, used int) routing.Move {
		return routing.Decide(routing.Input{
			Set: set, Doc: doc, Run: 1, Disposition: code, Numbers: routing.Numbers{Count: 1}, At: monday, RunStarted: monday,
			Retries: map[cadence.DispositionCode]int{"BUSY": used},
		})
	}
	if m := decide("BUSY", 2); m.Kind != routing.KindNextStep || m.Reason != routing.ReasonRetriesUsed || m.Due.Sub(monday) != 4*time.Hour || m.ConsumesRetry {
		t.Errorf("the default's two retries are used: %+v", m)
	}
	doc.Routes = []cadence.Route{{On: "B", Do: cadence.DoRetry, Delay: span(1, cadence.Hours), Max: 1}}
	if m := decide("BUSY", 0); m.Kind != routing.KindRetry || m.Reason != routing.ReasonCadenceRoute || m.Due.Sub(monday) != time.Hour || !m.ConsumesRetry || m.RouteOn != "BUSY" {
		t.Errorf("the cadence's route, by alias: %+v", m)
	}
	doc.Steps[0].Routes = []cadence.Route{{On: "BUSY", Do: cadence.DoNext, Delay: span(2, cadence.Hours)}}
	if m := decide("AB", 0); m.Kind != routing.KindNextStep || m.Reason != routing.ReasonStepRoute || m.Due.Sub(monday) != 2*time.Hour {
		t.Errorf("the step's route and its delay: %+v", m)
	}
	doc.Steps[0].Routes = []cadence.Route{{On: "NO_ANSWER", Do: cadence.DoRetry}}
	if m := decide("NO_ANSWER", 0); m.Kind != routing.KindRetry || m.Due.Sub(monday) != 4*time.Hour {
		t.Errorf("a retry without delay waits the step's: %+v", m)
	}
	doc.Steps[0].Routes = []cadence.Route{{On: "DNC", Do: cadence.DoNext}}
	if m := decide("DNC", 0); m.Kind != routing.KindExit || m.Final != routing.FinalDNC {
		t.Errorf("a route outranked a no: %+v", m)
	}
}

func TestGotoCallbackTransition(t *testing.T) {
	set, doc := shippedSet(t), fiveTouches()
	doc.Steps[1].Routes = []cadence.Route{
		{On: "NO_ANSWER", Do: cadence.DoGoto, To: "call-5", Delay: span(1, cadence.Days)},
		{On: "BUSY", Do: cadence.DoGoto, To: "nowhere"},
		{On: "NOT_INTERESTED", Do: cadence.DoTransition, To: "Nurture", Delay: span(30, cadence.Days)},
		{On: "INTERESTED", Do: cadence.DoExit},
		{On: "CALLBACK", Do: cadence.DoCallback, Delay: span(2, cadence.Hours)},
	}
	agreed := monday.Add(50 * time.Hour)
	decide := func(code cadence.DispositionCode, at time.Time) routing.Move {
		return routing.Decide(routing.Input{Set: set, Doc: doc, StepIndex: 1, Run: 1, Disposition: code, Numbers: routing.Numbers{Count: 2, Index: 1}, At: monday, RunStarted: monday, CallbackAt: at})
	}
	if m := decide("NO_ANSWER", time.Time{}); m.Kind != routing.KindGoto || m.StepIndex != 4 || m.Due.Sub(monday) != 24*time.Hour {
		t.Errorf("goto: %+v", m)
	}
	if m := decide("BUSY", time.Time{}); m.Kind != routing.KindNextStep || m.Reason != routing.ReasonNoSuchStep {
		t.Errorf("goto nowhere: %+v", m)
	}
	if m := decide("NOT_INTERESTED", time.Time{}); m.Kind != routing.KindTransition || m.To != "Nurture" || m.Final != routing.FinalTransitioned || m.Due.Sub(monday) != 30*24*time.Hour {
		t.Errorf("transition: %+v", m)
	}
	if m := decide("CALLBACK", agreed); m.Kind != routing.KindCallback || !m.Due.Equal(agreed) || m.StepIndex != 1 || m.NumberIndex != 1 || m.ConsumesRetry {
		t.Errorf("callback: %+v", m)
	}
	if m := decide("CALLBACK", monday.Add(-time.Hour)); !m.Due.Equal(monday) {
		t.Errorf("a callback agreed for the past is due %s", m.Due)
	}
	if m := decide("CALLBACK", time.Time{}); m.Due.Sub(monday) != 2*time.Hour || m.Reason != routing.ReasonCallbackDefault {
		t.Errorf("callback without a time: %+v", m)
	}
}

func TestAnchorAndLateRetry(t *testing.T) {
	set, doc := shippedSet(t), fiveTouches()
	late := monday.Add(3 * time.Hour)
	in := routing.Input{Set: set, Doc: doc, Run: 1, Disposition: "NO_ANSWER", Numbers: routing.Numbers{Count: 1}, At: late, RunStarted: monday}
	if m := routing.Decide(in); m.Due.Sub(monday) != 7*time.Hour {
		t.Errorf("a touch that ends late moves the next step: due %s", m.Due)
	}
	doc.Steps[1].Anchor = cadence.AnchorEnrollment
	if m := routing.Decide(in); m.Due.Sub(monday) != 4*time.Hour {
		t.Errorf("anchored at the enrollment: due %s", m.Due)
	}
	in.At = monday.Add(10 * time.Hour)
	if m := routing.Decide(in); !m.Due.Equal(in.At) {
		t.Errorf("anchored in the past: due %s, want at once", m.Due)
	}
	if m := routing.Skip(in); m.Kind != routing.KindNextStep || m.Reason != routing.ReasonSkipped || m.RetireNumber || m.RouteOn != "" {
		t.Errorf("skip: %+v", m)
	}
}
