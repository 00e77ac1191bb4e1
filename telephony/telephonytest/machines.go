package telephonytest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

// asked counts the requests the far side made for a call that are of one kind
// and name the attempt.
func (h Harness) asked(t *testing.T, callID, kind string, attempt cadence.ID) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	urls, err := h.Carrier.Requests(ctx, callID)
	if err != nil {
		t.Fatalf("requests: %v", err)
	}
	n := 0
	for _, u := range urls {
		if strings.Contains(u, "/twilio/"+kind+"/"+attempt.Bare()+"/") {
			n++
		}
	}
	return n
}

// redirect makes a call ask for its script again, and finds that of a call that
// is over, rings or does not exist nothing comes.
func redirect(t *testing.T, h Harness) {
	d, live := h.mustPlace(t, h.Number(), Human)
	h.Await(t, live, telephony.StatusInProgress)
	before := h.asked(t, live, "voice", d.Attempt)
	if err := h.Carrier.Redirect(t.Context(), live, d.Attempt); err != nil {
		t.Fatalf("redirect: %v", err)
	}
	h.Await(t, live, telephony.StatusInProgress)
	if n := h.asked(t, live, "voice", d.Attempt); n != before+1 {
		t.Errorf("a redirected call has asked for its script %d times, before %d times", n, before)
	}
	if err := h.Carrier.HangUp(t.Context(), live); err != nil {
		t.Fatalf("hang up: %v", err)
	}
	h.Await(t, live, telephony.StatusCompleted)
	if err := h.Carrier.Redirect(t.Context(), live, d.Attempt); err != nil {
		t.Errorf("redirect a call that is over: %v", err)
	}
	rings, ringing := h.mustPlace(t, h.Number(), Rings)
	h.Await(t, ringing, telephony.StatusRinging)
	if err := h.Carrier.Redirect(t.Context(), ringing, rings.Attempt); err != nil {
		t.Errorf("redirect a ringing call: %v", err)
	}
	if s := h.mustFetch(t, ringing).Status; s != telephony.StatusRinging {
		t.Errorf("redirecting a ringing call made it %s", s)
	}
	if err := h.Carrier.Redirect(t.Context(), h.Unknown, d.Attempt); err != nil {
		t.Errorf("redirect a call that is gone: %v", err)
	}
	if err := h.Carrier.Redirect(t.Context(), live, cadence.ID{}); err == nil {
		t.Error("redirected to the script of no attempt")
	}
}

// detection has a machine judged before the script and beside it.
func detection(t *testing.T, h Harness) {
	for name, change := range map[string]func(*telephony.Dial){
		"start":           func(d *telephony.Dial) { d.AMD = telephony.AMDDetect },
		"end":             func(d *telephony.Dial) { d.AMD = telephony.AMDDetectEnd },
		"end, in 40 s":    func(d *telephony.Dial) { d.AMD, d.AMDTimeout = telephony.AMDDetectEnd, 40*time.Second },
		"beside":          func(d *telephony.Dial) { d.AMD, d.AMDAsync = telephony.AMDDetectEnd, true },
		"start, beside":   func(d *telephony.Dial) { d.AMD, d.AMDAsync = telephony.AMDDetect, true },
		"not asked for":   func(*telephony.Dial) {},
		"beside, in 50 s": func(d *telephony.Dial) { d.AMD, d.AMDAsync, d.AMDTimeout = telephony.AMDDetect, true, 50*time.Second },
	} {
		t.Run(name, func(t *testing.T) {
			to := h.Number()
			h.SetAnswer(to, Machine)
			d := h.dial(to)
			change(&d)
			id := h.mustSend(t, d, Machine)
			h.Judge(t, id)
			by, told := h.mustFetch(t, id).AnsweredBy, h.asked(t, id, "amd", d.Attempt)
			if d.AMD == telephony.AMDOff {
				if by != telephony.ByNothing || told != 0 {
					t.Errorf("judged %q, told %d times, without detection", by, told)
				}
				return
			}
			if !by.Machine() {
				t.Errorf("a machine was judged %q", by)
			}
			if want := map[bool]int{true: 1}[d.AMDAsync]; told != want {
				t.Errorf("the judgement was reported %d times, want %d", told, want)
			}
		})
	}
}
