package dialer_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// An order that has not left when other rules come into force is taken back and
// judged by them. What has left is let be: it was lawful when it did.
func TestNewPacksTakeBackWhatHasNotLeft(t *testing.T) {
	ban := packsWith(t, "id: test.ban\nkind: emergency\napplies: {state: [CO]}\neffective_from: 2026-01-01")
	r := newRig(t)
	r.cadence(theCadence, document(t, "Banned", nil))
	r.lead(theCadence, first)
	waiting := r.last()
	r.lead(theCadence, "+13035550142")
	ringing := r.last()
	call := r.accept(ringing)
	r.later(r.status(ringing.Dial.Attempt, call, telephony.StatusRinging))
	r.settle()
	r.dials, r.owed = nil, nil
	r.must(&dialer.SetPacks{Body: ban.Body()})
	if !r.kept[waiting.Dial.Attempt] {
		t.Error("an order judged by the old rules may leave")
	}
	r.pass(time.Hour)
	if len(r.dials) != 0 || len(r.owed) != 0 {
		t.Errorf("%d calls by the new rules, %d effects owed", len(r.dials), len(r.owed))
	}
}

// An order is judged anew when its lead turns out to be elsewhere, and made for
// another number when the lead no longer has the one it was for.
func TestChangedLeadTakesBackWhatHasNotLeft(t *testing.T) {
	for name, c := range map[string]struct {
		patch dialer.LeadPatch
		goes  cadence.Number // where the next call goes
	}{
		"elsewhere":              {patch: dialer.LeadPatch{State: new("NY")}, goes: first},
		"without the number":     {patch: dialer.LeadPatch{Numbers: numbered(second)}, goes: second},
		"with another one alone": {patch: dialer.LeadPatch{Numbers: numbered("+13035550177")}, goes: "+13035550177"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Changed", nil))
			lead := r.lead(theCadence, first, second)
			waiting := r.last()
			if waiting.Dial.To != first {
				t.Fatalf("a call to %s", waiting.Dial.To)
			}
			r.dials = nil
			r.must(&dialer.PatchLead{Lead: lead, Patch: c.patch})
			if !r.kept[waiting.Dial.Attempt] {
				t.Error("an order may leave that was judged for another place or number")
			}
			r.pass(time.Minute)
			if len(r.dials) != 1 || r.dials[0].Dial.To != c.goes {
				t.Errorf("calls after it: %+v", r.dials)
			}
			if _, e := r.stay(lead); e.LeftAt != 0 || e.Touch.State != state.Dialing {
				t.Errorf("the stay: %+v", e)
			}
		})
	}
}
