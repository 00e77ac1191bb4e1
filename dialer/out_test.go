package dialer_test

import (
	"slices"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// Whom a rule puts out of a cadence counts there under the rule, until they
// enter again or are erased.
func TestPutOut(t *testing.T) {
	const mute, refuses = cadence.Number("+13035550142"), cadence.Number("+13035550143")
	r := newRig(t)
	r.agreed = nil
	r.onDial = r.ends(telephony.StatusBusy)
	r.cadence(theCadence, spoken(t, m{"re_entry": "always", "routes": []any{m{"on": "BUSY", "do": "retry", "delay": "2h", "max": 9}}}))
	out := func(want ...state.RuleCount) {
		t.Helper()
		if got := r.stats().Out; !slices.Equal(got, want) {
			t.Errorf("put out: %+v, want %+v", got, want)
		}
	}
	lead := r.lead(theCadence, mute)
	r.pass(time.Minute)
	out(state.RuleCount{Rule: "us.fcc.ai-voice.sales", N: 1})
	other := r.lead(cadence.ID{}, refuses)
	r.must(&dialer.AddConsent{Number: refuses, Record: written(1)})
	r.must(&dialer.Enroll{Lead: other, Cadence: theCadence})
	r.must(&dialer.MarkNumber{Number: refuses, On: true, Reason: "asked", Source: "api"})
	r.pass(3 * time.Hour)
	out(state.RuleCount{Rule: permit.RuleDNC, N: 1}, state.RuleCount{Rule: "us.fcc.ai-voice.sales", N: 1})
	r.must(&dialer.AddConsent{Number: mute, Record: written(1)})
	r.must(&dialer.Enroll{Lead: lead, Cadence: theCadence})
	r.pass(time.Minute)
	out(state.RuleCount{Rule: permit.RuleDNC, N: 1})
	r.must(&dialer.EraseLead{Lead: other, By: "privacy 1"})
	out()
	r.refold()
}
