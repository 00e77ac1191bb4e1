package routing_test

import (
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/routing"
)

func TestNumberPolicies(t *testing.T) {
	set := shippedSet(t)
	nextOn := cadence.NumberPolicy{NextOn: []cadence.DispositionCode{"NA"}}
	inOrder := cadence.NumberPolicy{InOrder: true}
	retry := []cadence.Route{{On: "NO_ANSWER", Do: cadence.DoRetry, Delay: span(1, cadence.Hours), Max: 5}}
	for _, c := range []struct {
		name    string
		policy  cadence.NumberPolicy
		routes  []cadence.Route
		code    cadence.DispositionCode
		numbers routing.Numbers
		kind    routing.Kind
		step    int
		number  int
	}{
		{"primary retries the same", cadence.NumberPolicy{}, nil, "BUSY", routing.Numbers{Count: 3}, routing.KindRetry, 0, 0},
		{"in order takes the next", inOrder, nil, "BUSY", routing.Numbers{Count: 3, Index: 1}, routing.KindRetry, 0, 2},
		{"in order begins again", inOrder, nil, "BUSY", routing.Numbers{Count: 3, Index: 2, Retired: 1}, routing.KindRetry, 0, 1},
		{"in order, cancelled: the same", inOrder, nil, "CANCELLED", routing.Numbers{Count: 3, Index: 1}, routing.KindRetry, 0, 1},
		{"next_on moves on", nextOn, nil, "NO_ANSWER", routing.Numbers{Count: 3}, routing.KindNextNumber, 0, 1},
		{"next_on skips retired", nextOn, nil, "NO_ANSWER", routing.Numbers{Count: 3, Retired: 2}, routing.KindNextNumber, 0, 2},
		{"next_on is through", nextOn, nil, "NO_ANSWER", routing.Numbers{Count: 3, Index: 2}, routing.KindNextStep, 1, 0},
		{"next_on is through, then retry", nextOn, retry, "NO_ANSWER", routing.Numbers{Count: 3, Index: 2}, routing.KindRetry, 0, 0},
		{"next_on names another", nextOn, nil, "BUSY", routing.Numbers{Count: 3, Index: 1}, routing.KindRetry, 0, 1},
		{"next step begins with the first", inOrder, nil, "NO_ANSWER", routing.Numbers{Count: 3, Index: 2}, routing.KindNextStep, 1, 0},
		{"retired, another waits", cadence.NumberPolicy{}, nil, "DISCONNECTED", routing.Numbers{Count: 2}, routing.KindNextNumber, 0, 1},
		{"retired, others were called", cadence.NumberPolicy{}, nil, "WRONG_NUMBER", routing.Numbers{Count: 2, Index: 1}, routing.KindNextStep, 1, 0},
		{"retired, none left", cadence.NumberPolicy{}, nil, "FAX", routing.Numbers{Count: 2, Index: 1, Retired: 1}, routing.KindExit, -1, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := fiveTouches()
			doc.Steps[0].Numbers, doc.Steps[0].Routes = c.policy, c.routes
			m := routing.Decide(routing.Input{Set: set, Doc: doc, Run: 1, Disposition: c.code, Numbers: c.numbers, At: monday, RunStarted: monday})
			if m.Kind != c.kind || m.StepIndex != c.step || m.NumberIndex != c.number {
				t.Fatalf("got %+v", m)
			}
		})
	}
}

func TestRetiredNumberOutranksRoutes(t *testing.T) {
	set, doc := shippedSet(t), fiveTouches()
	in := routing.Input{Set: set, Doc: doc, Run: 1, Disposition: "WRONG_NUMBER", At: monday, RunStarted: monday}
	for do, wantOther := range map[cadence.Action]routing.Kind{
		cadence.DoRetry: routing.KindRetry, cadence.DoNext: routing.KindNextStep, cadence.DoGoto: routing.KindGoto,
	} {
		doc.Steps[0].Routes = []cadence.Route{{On: "WRONG_NUMBER", Do: do, Delay: span(1, cadence.Hours), To: "call-3"}}
		in.Numbers = routing.Numbers{Count: 2}
		if m := routing.Decide(in); m.Kind != wantOther || m.NumberIndex != 1 || !m.RetireNumber {
			t.Errorf("%s with another number: %+v", do, m)
		}
		in.Numbers = routing.Numbers{Count: 1}
		if m := routing.Decide(in); m.Kind != routing.KindExit || m.Final != routing.FinalUnreachable || !m.RetireNumber || m.ConsumesRetry {
			t.Errorf("%s with no other number: %+v", do, m)
		}
	}
}
