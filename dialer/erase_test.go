package dialer_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
	"github.com/carillon-dialer/carillon/telephony"
)

// unnamed fails for every row of state that holds one of the texts.
func (r *rig) unnamed(t *testing.T, texts ...string) {
	t.Helper()
	r.check(r.store.Scan([]byte{0}, []byte{0xFF}, func(k, v []byte) bool {
		for _, text := range texts {
			if bytes.Contains(k, []byte(text)) || bytes.Contains(v, []byte(text)) {
				t.Errorf("the row %q still holds %q", k, text)
			}
		}
		return true
	}))
}

// An erased person is in no row any more, a number that somebody else has
// stays theirs, and caps and do-not-call marks hold when the number comes back.
func TestErase(t *testing.T) {
	const canary, mail, own, old, shared = "Canary 00017", "canary@example.com", "+13035560001", "+13035560002", "+13035560003"
	r := newRig(t)
	r.rules.NumberCap = 1
	r.open()
	r.cadence(theCadence, document(t, "Erase", m{"steps": []any{m{"key": "one", "kind": "call", "routes": []any{m{"on": "CONNECTED", "do": "retry", "delay": "30m", "max": 5}}}}}))
	r.onDial = func(d dialer.DialOrder) {
		call := r.accept(d)
		r.later(&dialer.Reported{Event: telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventVoice, CallID: call, Seq: -1, AnsweredBy: telephony.ByHuman}})
		r.later(&dialer.Reported{Event: legEnded(d, call, "L", telephony.StatusCompleted)})
		r.later(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	}
	person := cadence.Lead{
		ExternalID: "canary-17", Name: canary, FirstName: canary, LastName: canary, Email: mail, State: "CO", Country: "US", PostalCode: "80202",
		Numbers: numbered(own, old, shared), Fields: map[string]string{"nickname": canary},
	}
	id := r.leadOf(theCadence, person)
	r.must(&dialer.PatchLead{Lead: id, Patch: dialer.LeadPatch{Numbers: numbered(own, shared)}})
	r.must(&dialer.ImportRow{Import: theImport, Line: 3, Lead: cadence.Lead{ExternalID: "other-1", Numbers: numbered(shared)}})
	r.pass(time.Minute)
	attempt := r.last().Dial.Attempt
	r.must(&dialer.Dispose{Attempt: attempt, Code: "NOT_INTERESTED", Note: canary + " was busy", Variables: map[string]string{"who": canary}, By: "api"})
	r.must(&dialer.MarkNumber{Number: own, On: true, Scope: "campaign:Other", Reason: "asked", Source: "api", By: "front desk"})

	r.must(&dialer.AddConsent{Number: own, Record: cadence.ConsentRecord{Kind: "express", Given: r.now.Add(-time.Hour).UnixMilli(), Proof: "letter of " + canary}, By: "front desk"})

	r.must(&dialer.EraseLead{Lead: id, By: "privacy 1", Reason: "asked"})
	r.unnamed(t, canary, mail, own, old, "canary-17", "80202")
	if l, err := r.rows().Lead(id); err != nil || l != nil {
		t.Errorf("the lead %+v %v", l, err)
	}
	row, err := r.rows().Erased(id)
	if err != nil || row == nil || row.By != "privacy 1" || len(row.Tokens) != 3 || len(row.Stays) != 1 {
		t.Fatalf("in its place %+v %v", row, err)
	}
	if n := r.number(shared); n.Number != shared || len(n.Leads) != 1 || n.Leads[0] == id {
		t.Errorf("the number of another lead %+v", n)
	}
	a := r.attempt(attempt)
	if a.Code != "NOT_INTERESTED" || a.Lead != id || a.Verdict == nil {
		t.Errorf("the call is not kept: %+v", a)
	}
	dials := len(r.dials)
	r.pass(time.Hour)
	if len(r.dials) != dials {
		t.Error("an erased person is called")
	}
	if _, err := r.do(&dialer.PatchLead{Lead: id}); err == nil {
		t.Error("an erased lead is changed")
	}
	before := len(r.facts)
	r.must(&dialer.EraseLead{Lead: id})
	if len(r.facts) != before {
		t.Errorf("erasing again wrote %T", r.facts[before])
	}
	r.refold()

	back := r.leadOf(theCadence, cadence.Lead{ExternalID: "canary-17", Numbers: numbered(own)})
	r.pass(time.Hour)
	if len(r.dials) != dials {
		t.Error("the cap does not hold any more")
	}
	if _, e := r.stay(back); e.Touch.Rule != permit.RuleNumberCap {
		t.Errorf("it waits for %q", e.Touch.Rule)
	}
	if n := r.number(own); !n.Has("campaign:Other") || n.Number != own || len(n.Past) != 1 {
		t.Errorf("the number %+v", n)
	}
	r.refold()
}

// A do-not-call mark outlives the person, and a call under way is taken back.
func TestEraseDuringACall(t *testing.T) {
	const number = "+13035560009"
	r := newRig(t)
	r.cadence(theCadence, document(t, "Erase", nil))
	id := r.lead(theCadence, number)
	d := r.last()
	call := r.accept(d)
	r.settle()
	r.must(&dialer.EraseLead{Lead: id, By: "privacy 1"})
	if _, e := r.enrollment(d.Dial.Attempt); e.LeftAt == 0 || e.Left != "removed" {
		t.Errorf("the stay %+v", e)
	}
	if len(r.owed) == 0 || r.owed[len(r.owed)-1].Effect != event.EffectCancel {
		t.Errorf("nothing is cancelled: %+v", r.owed)
	}
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCanceled))
	r.pass(time.Minute)
	r.unnamed(t, number)
	if a := r.attempt(d.Dial.Attempt); a.State != event.Ended && a.State != event.NotPlaced {
		t.Errorf("the attempt is %s", a.State)
	}
	r.must(&dialer.MarkNumber{Number: number, On: true, Reason: "asked", Source: "api", By: "front desk"})
	r.unnamed(t, number)
	dials := len(r.dials)
	back := r.lead(theCadence, number)
	r.pass(time.Hour)
	if _, e := r.stay(back); len(r.dials) != dials || e.Left == "" {
		t.Errorf("called again though they said no: %+v", e)
	}
	r.refold()
}

// A release that entered calls found at the carrier with the number wrote it
// back into the row of an erased person. Erasing again takes it out, and their
// call goes on counting.
func TestEraseAgainAfterAFoundCall(t *testing.T) {
	const number = "+13035560011"
	r := newRig(t)
	r.cadence(theCadence, document(t, "Erase", nil))
	id := r.lead(theCadence, number)
	token, at := dialer.TokenOf([]byte(numberKey), number), r.now.Add(time.Hour).UnixMilli()
	r.must(&dialer.EraseLead{Lead: id})
	r.unnamed(t, number)

	r.store = r.store.Clone()
	tenure, err := r.store.Claim(t.Context(), 0)
	r.check(err)
	r.check(upgrade.Commit(t.Context(), r.store, tenure, []event.Fact{&event.CallFound{Token: token, Number: number, CallID: "CA1", At: at}}, nil))
	r.open()
	if n := r.number(number); n.Number != number {
		t.Fatalf("what the log says is folded otherwise: %+v", n)
	}
	r.must(&dialer.EraseLead{Lead: id})
	r.unnamed(t, number)
	if n := r.number(number); !slices.Contains(n.Intents, at) || len(n.Past) != 1 {
		t.Errorf("the number %+v", n)
	}
	r.refold()
}

// A cap that all numbers of a person share holds when the person is erased and
// comes back, with one of the numbers or with all of them.
func TestErasedPersonsSharedCapHolds(t *testing.T) {
	for name, back := range map[string][]cadence.Number{"all numbers": {first, second}, "the one that was not called": {second}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.must(&dialer.SetPacks{Body: personCap(t, "person, subject").Body()})
			r.onDial = r.ends(telephony.StatusBusy)
			r.cadence(theCadence, document(t, "Spring", m{"campaign": "Spring", "routes": []any{m{"on": "BUSY", "do": "retry", "delay": "10m", "max": 30}}}))
			id := r.leadOf(theCadence, cadence.Lead{Numbers: numbered(first, second)})
			r.pass(2 * time.Hour)
			if len(r.dials) != 4 || r.called(first) != 4 {
				t.Fatalf("%d calls before: %v", len(r.dials), r.times())
			}
			began := r.now
			r.must(&dialer.EraseLead{Lead: id, By: "privacy 1"})
			lead := r.leadOf(theCadence, cadence.Lead{Numbers: numbered(back...)})
			r.pass(3 * time.Hour)
			if _, e := r.stay(lead); len(r.dials) != 4 || e.Touch.Rule != "test.person" {
				t.Errorf("%d calls within the day, waiting for %+v", len(r.dials), e.Touch)
			}
			r.pass(24*time.Hour - r.now.Sub(began))
			if len(r.dials) == 4 {
				t.Error("nobody is called when the day is over")
			}
			if got := r.within(); got > 4 {
				t.Errorf("%d calls within 24 hours: %v", got, r.times())
			}
			r.refold()
		})
	}
}

// enrollment is the stay of an open attempt.
func (r *rig) enrollment(attempt cadence.ID) (cadence.ID, *state.Enrollment) {
	r.t.Helper()
	o, err := r.rows().Open(attempt)
	r.check(err)
	if o == nil {
		r.t.Fatal("the attempt is not open")
	}
	e, err := r.rows().Enrollment(o.I.Enrollment)
	r.check(err)
	return o.I.Enrollment, e
}
