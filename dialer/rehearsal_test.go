package dialer_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// desk is a number of the house's own.
const desk = cadence.Number("+13035550177")

const deskCode = "427190"

var deskToken = dialer.TokenOf([]byte(numberKey), desk)

// tries names rehearsals.
func tries(n byte) cadence.ID { return cadence.NewID(deskToken.Slot(), [14]byte{'t', n}) }

// aRehearsal is a rig with a cadence that has a message, and the staff number
// verified or not.
func aRehearsal(t judge, verified bool) *rig {
	t.Helper()
	r := newRig(t)
	r.cadence(theCadence, document(t, "Rehearsed", m{
		"connect": []any{m{"to": "message", "text": "Hello {{lead.first_name}}."}},
		"steps": []any{
			m{"key": "one", "kind": "call", "delay_after": "4h", "voicemail": m{"leave": true, "text": "Call us."}},
			m{"key": "two", "kind": "call", "detection": m{"mode": "off"}},
		},
	}))
	r.must(&dialer.AddStaff{Number: desk, Name: "Desk 4", By: "somebody"})
	if verified {
		r.must(&dialer.VerifyStaff{ID: tries(200), Number: desk, Code: deskCode})
		r.over(r.last())
		if r.must(&dialer.ConfirmStaff{Number: desk, Code: deskCode, By: "somebody"}) != true {
			t.Fatal("the code is refused")
		}
		r.dials, r.facts = nil, nil
		r.pass(25 * time.Hour) // what verified it counts in no limit any more
	}
	return r
}

// over ends a call that nobody took.
func (r *rig) over(d dialer.DialOrder) {
	r.t.Helper()
	r.ends(telephony.StatusNoAnswer)(d)
	r.settle()
}

func (r *rig) try(n byte, step string) dialer.Message {
	r.now = r.now.Add(5 * time.Millisecond) // the pacer lets one more call go
	return &dialer.Rehearse{ID: tries(n), Number: desk, Cadence: theCadence, Step: step, By: "somebody"}
}

func (r *rig) tried(n byte) *state.Rehearsal {
	r.t.Helper()
	row, err := r.rows().Rehearsal(tries(n))
	r.check(err)
	if row == nil {
		r.t.Fatalf("rehearsal %d is not recorded", n)
	}
	return row
}

func (r *rig) staffRow() *state.Staff {
	r.t.Helper()
	s, err := r.rows().Staff(deskToken)
	r.check(err)
	return s
}

// TestARehearsalIsTheStep: what a lead would hear, the staff number hears, and
// nothing is counted anywhere but in its caller ID's use.
func TestARehearsalIsTheStep(t *testing.T) {
	r := aRehearsal(t, true)
	before, leads := r.counts(), r.stats()
	r.must(r.try(1, "one"))
	if len(r.dials) != 1 {
		t.Fatalf("%d calls", len(r.dials))
	}
	d := r.last()
	if d.Dial.To != desk || d.Dial.AMD != telephony.AMDDetectEnd {
		t.Errorf("the call: %+v", d.Dial)
	}
	if row := r.tried(1); row.State != state.RehearsalPlaced || row.Attempt != d.Dial.Attempt || row.Version != 1 || row.StepKey != "one" {
		t.Errorf("the record: %+v", row)
	}
	call, script := r.live(d, telephony.ByHuman)
	if said := gather(t, script).Prompt[0].(telephony.Say).Text; said != "Hello Sample." {
		t.Errorf("it says %q", said)
	}
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	if row := r.tried(1); row.State != state.RehearsalOver || row.EndedAt == 0 {
		t.Errorf("the record: %+v", row)
	}
	a := r.attempt(d.Dial.Attempt)
	if a.Code != "CONNECTED" || !a.Contact || a.Rehearsal != tries(1) {
		t.Errorf("the attempt: %+v", a)
	}
	if after := r.counts(); after != before {
		t.Errorf("figures: %+v, before %+v", after, before)
	}
	if after := r.stats(); !reflect.DeepEqual(after, leads) {
		t.Errorf("figures of leads: %+v", after)
	}
	n := r.number(desk)
	if len(n.Intents) != 0 || len(n.Heard) != 0 || !n.Last.IsZero() || !n.Open.IsZero() || n.Rehearses {
		t.Errorf("the number: %+v", n)
	}
	r.check(r.rows().AttemptsBetween(0, 1<<53, cadence.ID{}, func(id cadence.ID, _ *state.Attempt) bool {
		t.Errorf("attempt %s stands in the list", id.Bare())
		return true
	}))
	c, err := r.rows().CallerID(d.Dial.From)
	r.check(err)
	if len(c.Days) != 0 || c.Today != 1 {
		t.Errorf("its caller ID: %+v", c)
	}
	r.refold()
}

// TestADraftIsRehearsedAsItStood: what the call plays is kept with it, whatever
// becomes of the draft meanwhile, and in another process, too.
func TestADraftIsRehearsedAsItStood(t *testing.T) {
	r := aRehearsal(t, true)
	draft := document(t, "Rehearsed", m{"connect": []any{m{"to": "message", "text": "A draft."}}})
	r.must(&dialer.SaveCadence{ID: theCadence, Document: []byte(draft)})
	r.must(&dialer.Rehearse{ID: tries(1), Number: desk, Cadence: theCadence, Draft: true, Step: "2"})
	d := r.last()
	r.must(&dialer.SaveCadence{ID: theCadence, Document: []byte(strings.Replace(draft, "A draft.", "Another.", 1))})
	call := r.accept(d)
	r.settle()
	r.open()
	script := r.ask(telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventVoice, CallID: call, Seq: -1})
	if said := gather(t, script).Prompt[0].(telephony.Say).Text; said != "A draft." {
		t.Errorf("it says %q", said)
	}
	if row := r.tried(1); row.Version != 0 || row.StepKey != "two" {
		t.Errorf("the record: %+v", row)
	}
}

// TestARehearsalIsPlacedOnce: neither asking again nor dying calls twice.
func TestARehearsalIsPlacedOnce(t *testing.T) {
	r := aRehearsal(t, true)
	r.must(r.try(1, "one"))
	r.must(r.try(1, "one"))
	if len(r.dials) != 1 {
		t.Fatalf("%d calls", len(r.dials))
	}
	r.open() // it dies before the carrier has answered
	if o, err := r.rows().Open(r.last().Dial.Attempt); err != nil || o == nil || o.State != event.Unknown {
		t.Fatalf("%+v, %v", o, err)
	}
	r.refused(r.try(2, "one"), "conflict", "under way")
	r.pass(5 * time.Minute)
	if len(r.dials) != 1 {
		t.Fatalf("%d calls", len(r.dials))
	}
	r.must(&dialer.Looked{Attempt: r.last().Dial.Attempt, Kind: dialer.LookFind, At: r.now.Add(time.Hour).UnixMilli(), Complete: true})
	if row := r.tried(1); row.State != state.RehearsalOver {
		t.Errorf("the record: %+v", row)
	}
	if a := r.attempt(r.last().Dial.Attempt); a.State != event.NotPlaced {
		t.Errorf("the attempt: %+v", a)
	}
}

// TestAWaitingRehearsalSurvivesAndGivesUp: one that gets no turn within its
// minute is not placed later, whoever waits for it.
func TestAWaitingRehearsalSurvivesAndGivesUp(t *testing.T) {
	r := aRehearsal(t, true)
	r.shard.Pause(true)
	r.must(r.try(1, "one"))
	r.pass(30 * time.Second)
	if row := r.tried(1); row.State != state.RehearsalWaiting || len(r.dials) != 0 {
		t.Fatalf("the record: %+v, %d calls", row, len(r.dials))
	}
	r.open() // a new process, which may dial
	if row := r.tried(1); row.State != state.RehearsalPlaced || len(r.dials) != 1 {
		t.Fatalf("the record: %+v, %d calls", row, len(r.dials))
	}
	r.over(r.last())

	r.shard.Pause(true)
	r.must(r.try(2, "one"))
	r.pass(dialer.RehearsalWait)
	if row := r.tried(2); row.State != state.RehearsalNotMade || row.Rule != dialer.RuleRehearsalLate {
		t.Fatalf("the record: %+v", row)
	}
	r.shard.Pause(false)
	r.pass(time.Hour)
	if len(r.dials) != 1 {
		t.Fatalf("%d calls", len(r.dials))
	}
	r.refold()
}

// TestNobodyElseIsRehearsedTo: the number must be of the house and verified, at
// the asking and at the intent.
func TestNobodyElseIsRehearsedTo(t *testing.T) {
	r := aRehearsal(t, false)
	r.refused(r.try(1, "one"), "conflict", "not verified")
	stranger := r.try(1, "one").(*dialer.Rehearse)
	stranger.Number = first
	r.refused(stranger, "not_found", "no staff number")
	if len(r.dials) != 0 {
		t.Fatalf("called: %+v", r.dials)
	}

	r = aRehearsal(t, true)
	r.shard.Pause(true)
	r.must(r.try(1, "one"))
	r.must(&dialer.RemoveStaff{Number: desk})
	r.shard.Pause(false)
	r.pass(time.Minute)
	if row := r.tried(1); row.State != state.RehearsalNotMade || row.Rule != dialer.RuleStaff || len(r.dials) != 0 {
		t.Errorf("the record: %+v, %d calls", row, len(r.dials))
	}
}

// TestTheCodeIsSpoken by a call to the number, is good for five wrong answers,
// and a number gets three such calls a day.
func TestTheCodeIsSpoken(t *testing.T) {
	r := aRehearsal(t, false)
	verify := func(n byte, code string) dialer.Message {
		r.now = r.now.Add(5 * time.Millisecond)
		return &dialer.VerifyStaff{ID: tries(n), Number: desk, Code: code}
	}
	r.refused(&dialer.ConfirmStaff{Number: desk, Code: deskCode}, "conflict", "no code is good")
	r.must(verify(1, "111111"))
	_, script := r.live(r.last(), telephony.ByNothing)
	said := gather(t, script)
	if text := said.Prompt[0].(telephony.Say).Text; strings.Count(text, "1, 1, 1, 1, 1, 1") != 2 {
		t.Errorf("it says %q", text)
	}
	if len(said.Prompt) != 2 || !strings.Contains(said.Prompt[1].(telephony.Say).Text, "press 9") {
		t.Errorf("no way out is offered: %+v", said.Prompt)
	}
	call := "CA" + strings.Repeat("0", 31) + "1"
	r.must(r.status(r.last().Dial.Attempt, call, telephony.StatusCompleted))
	for range dialer.MaxMisses {
		if r.must(&dialer.ConfirmStaff{Number: desk, Code: "999999"}) != false {
			t.Fatal("a wrong code is right")
		}
	}
	r.refused(&dialer.ConfirmStaff{Number: desk, Code: "111111"}, "conflict", "too many wrong codes")
	r.must(verify(2, "222222"))
	r.over(r.last())
	r.pass(dialer.CodeFor + time.Minute)
	r.refused(&dialer.ConfirmStaff{Number: desk, Code: "222222"}, "conflict", "no code is good")
	r.must(verify(10, "555555"))
	r.must(&dialer.SetDialing{Stop: true}) // it is taken back before anybody heard the code
	r.must(&dialer.SetDialing{})
	r.refused(&dialer.ConfirmStaff{Number: desk, Code: "555555"}, "conflict", "no code is good")
	for n := byte(3); n < 6; n++ {
		r.must(verify(n, "333333"))
		r.over(r.last())
	}
	r.must(&dialer.RemoveStaff{Number: desk})
	r.must(&dialer.AddStaff{Number: desk, Name: "Desk 4"})
	r.refused(verify(6, "444444"), "conflict", "3 calls of 24 hours") // taking it out and in lifts no limit
	r.pass(25 * time.Hour)
	r.must(verify(6, "333333"))
	r.over(r.last())
	if r.must(&dialer.ConfirmStaff{Number: desk, Code: "333333"}) != true || r.staffRow().VerifiedAt == 0 {
		t.Errorf("not verified: %+v", r.staffRow())
	}
	r.refused(verify(7, "555555"), "conflict", "is verified")
	r.refold()
}

// TestRehearsalsAreLimited to ten in 24 hours; one that certainly was no call
// does not count.
func TestRehearsalsAreLimited(t *testing.T) {
	r := aRehearsal(t, true)
	r.must(r.try(100, "one"))
	r.later(&dialer.Sent{Attempt: r.last().Dial.Attempt, Err: &telephony.Error{Class: telephony.Throttled, Reason: "throttled"}})
	r.settle()
	if row := r.tried(100); row.State != state.RehearsalNotMade || row.Rule != "throttled" {
		t.Fatalf("the record: %+v", row)
	}
	r.pass(time.Minute)
	for n := range byte(dialer.RehearsalsPerDay) {
		r.must(r.try(n, "one"))
		r.over(r.last())
	}
	r.refused(r.try(50, "one"), "conflict", "10 calls of 24 hours")
	r.pass(24*time.Hour + time.Minute)
	r.must(r.try(51, "one"))
	if len(r.dials) != dialer.RehearsalsPerDay+2 {
		t.Errorf("%d calls", len(r.dials))
	}
}

// TestThePermitJudgesRehearsals: hours, do-not-call, the kill switch and halted
// cadences hold; caps of leads do not.
func TestThePermitJudgesRehearsals(t *testing.T) {
	for name, c := range map[string]struct {
		before func(r *rig)
		rule   string
	}{
		"hours":       {func(r *rig) { r.pass(14 * time.Hour) }, "us.tsr.hours"},
		"do not call": {func(r *rig) { r.must(&dialer.MarkNumber{Number: desk, On: true, Scope: cadence.ScopeAll}) }, "dnc.internal"},
		"halted":      {func(r *rig) { r.must(&dialer.HaltCadence{ID: theCadence, Halted: true}) }, "house.halted"},
	} {
		r := aRehearsal(t, true)
		c.before(r)
		r.must(r.try(1, "one"))
		if row := r.tried(1); row.State != state.RehearsalNotMade || row.Rule != c.rule || len(r.dials) != 0 {
			t.Errorf("%s: the record: %+v, %d calls", name, row, len(r.dials))
		}
	}
	r := aRehearsal(t, true)
	r.must(&dialer.SetDialing{Stop: true})
	r.refused(r.try(1, "one"), "conflict", "stopped")
	r.must(&dialer.SetDialing{})
	r.rules.NumberCap = 1
	r.open()
	for n := byte(2); n < 5; n++ {
		r.must(r.try(n, "one"))
		r.over(r.last())
	}
	if len(r.dials) != 3 {
		t.Errorf("%d calls", len(r.dials))
	}
}

// TestStoppingTakesARehearsalBack like any other call.
func TestStoppingTakesARehearsalBack(t *testing.T) {
	r := aRehearsal(t, true)
	r.must(r.try(1, "one"))
	r.must(&dialer.SetDialing{Stop: true})
	if row := r.tried(1); row.State != state.RehearsalNotMade || row.Rule != "stopped" {
		t.Errorf("the record: %+v", row)
	}
}

// TestANoInARehearsalIsANo: whoever presses the key is not called again.
func TestANoInARehearsalIsANo(t *testing.T) {
	r := aRehearsal(t, true)
	r.must(r.try(1, "two"))
	d := r.last()
	call, _ := r.live(d, telephony.ByNothing)
	r.ask(pressed(d.Dial.Attempt, call, "9"))
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	if !r.number(desk).DNC {
		t.Error("the no is not on the list")
	}
	if a := r.attempt(d.Dial.Attempt); a.Code != "DNC" {
		t.Errorf("the attempt: %+v", a)
	}
}

// TestALeadWithAStaffNumber: its own calls and rehearsals stay apart, and the
// number is never called twice at once.
func TestALeadWithAStaffNumber(t *testing.T) {
	r := aRehearsal(t, true)
	r.must(r.try(1, "one"))
	rehearsed := r.last()
	lead := r.lead(theCadence, desk)
	r.settle()
	if len(r.dials) != 1 {
		t.Fatalf("%d calls at once", len(r.dials))
	}
	r.must(&dialer.Leave{Enrollment: func() cadence.ID { id, _ := r.stay(lead); return id }(), Status: "removed"})
	if o, _ := r.rows().Open(rehearsed.Dial.Attempt); o == nil || o.Owed != "" {
		t.Errorf("the end of a stay took the rehearsal back: %+v", o)
	}
	r.over(rehearsed)
	if n := r.number(desk); len(n.Intents) != 0 {
		t.Errorf("it counts with the lead: %+v", n)
	}
	r.refold()
}

// TestARehearsalTakesNoDisposition: what is posted about it would count.
func TestARehearsalTakesNoDisposition(t *testing.T) {
	r := aRehearsal(t, true)
	r.must(r.try(1, "two"))
	d := r.last()
	call, _ := r.live(d, telephony.ByNothing)
	r.refused(&dialer.Dispose{Attempt: d.Dial.Attempt, Code: "SALE"}, "not_found", "no such attempt")
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	r.refused(&dialer.Dispose{Attempt: d.Dial.Attempt, Code: "SALE"}, "not_found", "no such attempt")
}

// TestAnErasedLeadWithAStaffNumber: the person goes, the house's number stays, is
// called as before, and goes too when the house takes it out.
func TestAnErasedLeadWithAStaffNumber(t *testing.T) {
	const canary = "Canary 00018"
	r := aRehearsal(t, true)
	r.onDial = r.ends(telephony.StatusNoAnswer)
	lead := r.leadOf(theCadence, cadence.Lead{ExternalID: "canary-18", Name: canary, FirstName: canary, Numbers: numbered(desk)})
	r.must(&dialer.AddConsent{Number: desk, Record: cadence.ConsentRecord{Kind: "express", Given: r.now.Add(-time.Hour).UnixMilli(), Proof: "letter of " + canary}, By: "front desk"})
	r.settle()
	r.onDial = nil
	r.must(&dialer.EraseLead{Lead: lead, By: "privacy 1"})
	r.unnamed(t, canary, "canary-18")
	if s := r.staffRow(); s == nil || s.Number != desk || s.VerifiedAt == 0 {
		t.Fatalf("the staff number: %+v", s)
	}
	r.dials = nil
	r.must(r.try(1, "one"))
	if len(r.dials) != 1 || r.last().Dial.To != desk {
		t.Fatalf("rehearsed: %+v, %+v", r.dials, r.tried(1))
	}
	d := r.last()
	call, script := r.live(d, telephony.ByHuman)
	if said := gather(t, script).Prompt[0].(telephony.Say).Text; said != "Hello Sample." {
		t.Errorf("it says %q", said)
	}
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	r.must(&dialer.RemoveStaff{Number: desk, By: "somebody"})
	r.unnamed(t, string(desk))
	r.refold()
}
