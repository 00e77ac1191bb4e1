package telephonytest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

func place(t *testing.T, h Harness) {
	to := h.Number()
	_, id := h.mustPlace(t, to, Human)
	calls := h.Calls(to)
	if len(calls) != 1 || calls[0].ID != id {
		t.Fatalf("the far side has %d calls %v, want the one call %s", len(calls), calls, id)
	}
	if calls[0].From != string(h.From) || calls[0].To != string(to) {
		t.Errorf("the far side was called from %s to %s, want %s to %s", calls[0].From, calls[0].To, h.From, to)
	}
}

func placeAtOnce(t *testing.T, h Harness) {
	const n = 16
	var group sync.WaitGroup
	ids, errs, numbers := make([]string, n), make([]error, n), make([]cadence.Number, n)
	for i := range n {
		numbers[i] = h.Number()
		h.SetAnswer(numbers[i], Busy)
		d := h.dial(numbers[i])
		group.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), limit)
			defer cancel()
			var p telephony.Placed
			p, errs[i] = h.Carrier.Place(ctx, d)
			ids[i] = p.CallID
		})
	}
	group.Wait()
	seen := map[string]bool{}
	for i := range n {
		if errs[i] != nil {
			t.Fatalf("place call %d of %d at once: %v", i, n, errs[i])
		}
		calls := h.Calls(numbers[i])
		if seen[ids[i]] || len(calls) != 1 || calls[0].ID != ids[i] {
			t.Fatalf("call %d got id %s, the far side has %v", i, ids[i], calls)
		}
		seen[ids[i]] = true
	}
}

// faults checks that every failure is told apart by what it means for the
// attempt, and that nothing is sent twice.
func faults(t *testing.T, h Harness) {
	cases := []struct {
		fault  Fault
		class  telephony.Class
		placed []int // how many calls the far side may have
	}{
		{Throttle, telephony.Throttled, []int{0}},
		{Refuse, telephony.Rejected, []int{0}},
		{Down, telephony.NotSent, []int{0}},
		{Break, telephony.Unclear, []int{0, 1}},
		{Drop, telephony.Unclear, []int{1}},
		{Stall, telephony.Unclear, []int{1}},
	}
	for _, c := range cases {
		t.Run(string(c.fault), func(t *testing.T) {
			to := h.Number()
			h.SetAnswer(to, NoAnswer)
			since := h.Now()
			restore := h.SetFault(c.fault)
			ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
			defer cancel()
			placed, err := h.Carrier.Place(ctx, h.dial(to))
			restore()
			if err == nil {
				t.Fatalf("placed %+v, want class %s", placed, c.class)
			}
			mustBe(t, err, c.class)
			calls := h.Calls(to)
			if n := len(calls); n < c.placed[0] || n > c.placed[len(c.placed)-1] {
				t.Fatalf("the far side has %d calls, want %v", n, c.placed)
			}
			found := h.mustFind(t, telephony.Query{
				To: to, From: h.From,
				Since: since.Add(-5 * time.Second), Until: h.Now().Add(time.Minute),
			})
			if len(found) != len(calls) {
				t.Fatalf("found %d calls, the far side has %d", len(found), len(calls))
			}
		})
	}
}

// givenUp places with a context that is already over.
func givenUp(t *testing.T, h Harness) {
	to := h.Number()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.Carrier.Place(ctx, h.dial(to))
	mustBe(t, err, telephony.NotSent)
	if calls := h.Calls(to); len(calls) != 0 {
		t.Fatalf("a request that was given up made %d calls", len(calls))
	}
}

// incomplete leaves out one part of a Dial at a time.
func incomplete(t *testing.T, h Harness) {
	cases := map[string]func(*telephony.Dial){
		"no attempt":    func(d *telephony.Dial) { d.Attempt = cadence.ID{} },
		"no From":       func(d *telephony.Dial) { d.From = "" },
		"client as To":  func(d *telephony.Dial) { d.To = "client:someone" },
		"SIP as To":     func(d *telephony.Dial) { d.To = "sip:a@example.com" },
		"no time limit": func(d *telephony.Dial) { d.TimeLimit = 0 },
		"no ring":       func(d *telephony.Dial) { d.Ring = 0 },

		"detection beside the script, but none":   func(d *telephony.Dial) { d.AMDAsync = true },
		"a limit of detection, but no detection":  func(d *telephony.Dial) { d.AMDTimeout = 10 * time.Second },
		"detection that may take but two seconds": func(d *telephony.Dial) { d.AMD, d.AMDTimeout = telephony.AMDDetectEnd, 2*time.Second },
		"detection that may take a minute":        func(d *telephony.Dial) { d.AMD, d.AMDTimeout = telephony.AMDDetectEnd, time.Minute },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			to := h.Number()
			d := h.dial(to)
			change(&d)
			_, err := h.Carrier.Place(t.Context(), d)
			mustBe(t, err, telephony.Rejected)
			if calls := h.Calls(to); len(calls) != 0 {
				t.Fatalf("the far side has %d calls, want none", len(calls))
			}
		})
	}
}
