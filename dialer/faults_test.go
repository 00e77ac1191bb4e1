package dialer_test

import (
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

const (
	first  = cadence.Number("+13035550100")
	second = cadence.Number("+13035550101")
	third  = cadence.Number("+13035550102")
)

// A touch that became due waits for a channel while the wall is put back a
// little: it must still be called.
func TestReadyTouchSurvivesAClockPutBack(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Back", nil))
	r.lead(theCadence, first)
	r.dials = nil
	r.lead(theCadence, second)
	r.shard.Pause(true)
	r.now = r.now.Add(time.Second)
	third := r.lead(theCadence, third) // due now, and held up by the pause
	r.turn()
	r.now = r.now.Add(-900 * time.Millisecond)
	r.shard.Pause(false)
	r.turn() // not due yet
	if _, e := r.stay(third); e.Touch.State != state.Waiting {
		t.Fatalf("called before it was due: state %d", e.Touch.State)
	}
	r.pass(2 * time.Second)
	if _, e := r.stay(third); e.Touch.State != state.Dialing {
		t.Fatalf("the touch was lost: state %d, due %d", e.Touch.State, e.Touch.Due)
	}
}

// A signed callback proves that there is a call; no answer to the request can
// make it unhappen.
func TestCallbackOutranksTheResponse(t *testing.T) {
	for name, e := range map[string]*telephony.Error{
		"throttled": {Class: telephony.Throttled, Reason: "throttled"},
		"not sent":  {Class: telephony.NotSent, Reason: "refused"},
		"rejected":  {Class: telephony.Rejected, Scope: telephony.ScopeNumber, Reason: "number_invalid"},
		"unclear":   {Class: telephony.Unclear, Reason: "timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Proof", nil))
			r.lead(theCadence, first)
			d := r.last()
			r.must(r.status(d.Dial.Attempt, "CA1", telephony.StatusRinging))
			r.must(&dialer.Sent{Attempt: d.Dial.Attempt, Err: e})
			r.pass(time.Second)
			if len(r.dials) != 1 {
				t.Fatal("called again while the first call rings")
			}
			o, err := r.rows().Open(d.Dial.Attempt)
			r.check(err)
			if o == nil || o.State != event.Ringing || o.CallID != "CA1" {
				t.Fatalf("the attempt is %+v", o)
			}
			r.must(r.status(d.Dial.Attempt, "CA1", telephony.StatusNoAnswer))
			if c := r.counts(); c.Attempts != 1 || c.Intents != 1 || c.Returned != 0 {
				t.Errorf("counters %+v", c)
			}
		})
	}
}

// The call goes on to the number it was made for, whatever becomes of the
// lead's numbers meanwhile: only that number is retired.
func TestNumbersChangeWhileDialing(t *testing.T) {
	for name, c := range map[string]struct {
		numbers []cadence.LeadNumber
		next    cadence.Number // called for the same step after the first number turned out dead
	}{
		"replaced":  {numbered(third), third},
		"reordered": {numbered(second, first), second},
		"shortened": {numbered(second), second},
		"prepended": {numbered(third, first, second), second}, // the one behind the dead one
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Moves", nil))
			lead := r.lead(theCadence, first, second)
			d := r.last()
			call := r.accept(d)
			r.settle()
			r.must(&dialer.PatchLead{Lead: lead, Patch: dialer.LeadPatch{Numbers: c.numbers}})
			dead := r.status(d.Dial.Attempt, call, telephony.StatusFailed)
			dead.Event.SIPCode = 404
			r.must(dead)
			if r.number(first).Retired == "" || r.number(second).Retired != "" || r.number(third).Retired != "" {
				t.Fatalf("retired: %q %q %q", r.number(first).Retired, r.number(second).Retired, r.number(third).Retired)
			}
			r.pass(5 * time.Hour)
			if got := r.last().Dial.To; got != c.next {
				t.Errorf("called %s next, want %s", got, c.next)
			}
		})
	}
}

// A number that was taken from the lead is not called any more, also when the
// waiting touch was meant for it.
func TestRemovedNumberIsNotCalled(t *testing.T) {
	r := newRig(t)
	r.onDial = r.ends(telephony.StatusNoAnswer)
	r.cadence(theCadence, document(t, "Removed", m{"steps": []any{
		m{"key": "one", "kind": "call", "numbers": "in_order", "routes": []any{m{"on": "NO_ANSWER", "do": "retry", "delay": "1h", "max": 9}}},
	}}))
	lead := r.lead(theCadence, first, second, third)
	r.pass(130 * time.Minute) // the third is waiting or was called
	if len(r.dials) != 3 {
		t.Fatalf("%d calls", len(r.dials))
	}
	r.pass(30 * time.Minute)
	r.must(&dialer.PatchLead{Lead: lead, Patch: dialer.LeadPatch{Numbers: numbered(first)}})
	r.pass(5 * time.Hour)
	for _, d := range r.dials[3:] {
		if d.Dial.To != first {
			t.Fatalf("called %s, which the lead has no more", d.Dial.To)
		}
	}
	if len(r.dials) < 6 {
		t.Errorf("%d calls", len(r.dials))
	}
}

// Un-enrolled in mid-call: what the call tells is about the number it called.
func TestLeftStayRetiresTheNumberThatWasCalled(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Left", m{"steps": []any{m{"key": "one", "kind": "call", "numbers": m{"next_on": []string{"NO_ANSWER"}}}}}))
	lead := r.lead(theCadence, first, second)
	d := r.last()
	r.must(r.status(d.Dial.Attempt, r.accept(d), telephony.StatusNoAnswer))
	r.settle()
	r.pass(time.Second)
	d = r.last()
	if d.Dial.To != second {
		t.Fatalf("the second call went to %s", d.Dial.To)
	}
	call := r.accept(d)
	r.settle()
	id, _ := r.stay(lead)
	r.must(&dialer.Leave{Enrollment: id, Status: "removed", Reason: "operator"})
	dead := r.status(d.Dial.Attempt, call, telephony.StatusFailed)
	dead.Event.SIPCode = 404
	r.must(dead)
	if r.number(first).Retired != "" || r.number(second).Retired == "" {
		t.Fatalf("retired: %q %q", r.number(first).Retired, r.number(second).Retired)
	}
	if _, e := r.stay(lead); e.Left != "removed" || e.Attempts != 2 {
		t.Errorf("the stay: %s, %d attempts", e.Left, e.Attempts)
	}
}

// Somebody leaves while a connected call's disposition is awaited: the contact
// still counts.
func TestContactCountsWhenTheStayEndsDuringTheHold(t *testing.T) {
	for name, end := range map[string]func(lead, stay cadence.ID) dialer.Message{
		"un-enrolled": func(_, stay cadence.ID) dialer.Message { return &dialer.Leave{Enrollment: stay, Status: "removed"} },
		"signal":      func(lead, _ cadence.ID) dialer.Message { return &dialer.Signal{Lead: lead, Name: "replied"} },
		"patched": func(lead, _ cadence.ID) dialer.Message {
			status := "Won"
			return &dialer.PatchLead{Lead: lead, Patch: dialer.LeadPatch{Status: &status}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Held", m{
				"connect":   []any{m{"to": "number", "number": "+13035550199", "disposition_wait": "10m"}},
				"exit_when": []any{m{"signal": "replied"}, m{"if": "lead.status == 'Won'"}},
			}))
			lead := r.lead(theCadence, first)
			r.talk(r.last())
			id, e := r.stay(lead)
			if e.Touch.State != state.Held {
				t.Fatalf("the touch is in state %d", e.Touch.State)
			}
			r.must(end(lead, id))
			r.must(end(lead, id)) // harmless again
			_, e = r.stay(lead)
			s := r.stats()
			if e.LeftAt == 0 || e.Attempts != 1 || !e.Contacted || s.Contacted != 1 || s.ToContact != 1 || s.Active != 0 || s.Pending != 0 {
				t.Errorf("stay %+v, totals %+v", e, s)
			}
			r.pass(time.Hour)
			r.refold()
		})
	}
}

// talk plays a call whose target's leg was answered, to its end.
func (r *rig) talk(d dialer.DialOrder) {
	r.t.Helper()
	call, _ := r.live(d, telephony.ByHuman)
	r.ask(telephony.Event{
		Attempt: d.Dial.Attempt, Kind: telephony.EventDial, CallID: call, Seq: -1, LegStatus: telephony.StatusCompleted,
		LegID: "CAleg", LegTime: time.Minute,
	})
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
}

// A no is a no at once, also while the person who said it is on the line: the
// lead's other numbers are not called by another cadence meanwhile.
func TestDNCDuringTheCall(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "No", nil))
	r.lead(theCadence, first, second)
	d := r.last()
	r.live(d, telephony.ByHuman)
	r.must(&dialer.Dispose{Attempt: d.Dial.Attempt, Code: "DNC", By: "agent"})
	if !r.number(first).DNC || !r.number(second).DNC {
		t.Fatal("the numbers are not marked when the answer is given")
	}
}

// No figure may say that somebody was converted who was never spoken to.
func TestConversionIsAContact(t *testing.T) {
	for _, when := range []string{"live", "closed"} {
		t.Run(when, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Sold", nil))
			r.lead(theCadence, first)
			d := r.last()
			call, _ := r.live(d, telephony.ByHuman)
			sale := &dialer.Dispose{Attempt: d.Dial.Attempt, Code: "SALE", By: "agent"}
			over := func() {
				r.ask(telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventDial, CallID: call, Seq: -1, LegStatus: telephony.StatusNoAnswer, LegID: "CAleg"})
				r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
			}
			if when == "live" {
				r.must(sale)
				over()
			} else {
				over()
				r.must(sale)
			}
			a, c := r.attempt(d.Dial.Attempt), r.counts()
			if !a.Converted || !a.Contact || !a.Answered || a.Abandoned || c.Conversions != 1 || c.Contacts != 1 || c.Abandoned != 0 {
				t.Errorf("attempt %+v, counters %+v", a, c)
			}
		})
	}
}

// An attempt given back counts in nothing, also not in the day of its caller
// ID; an unconfirmed one that turns out to be a call is none any more.
func TestCountersComeBack(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Counts", nil))
	r.lead(theCadence, first)
	d := r.last()
	r.must(&dialer.Sent{Attempt: d.Dial.Attempt, Late: true})
	row, err := r.rows().CallerID(d.Dial.From)
	r.check(err)
	if d2 := r.last(); d2.Dial.Attempt != d.Dial.Attempt && d2.Dial.From == d.Dial.From {
		row.Today-- // the one that followed at once
	}
	if row.Today != 0 {
		t.Errorf("the caller ID has %d calls today", row.Today)
	}
}

func TestLateEvidenceIsTakenToItsEnd(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Flips", nil))
	r.lead(theCadence, first)
	d := r.last()
	id := d.Dial.Attempt
	r.unconfirmed(d)
	if a, c := r.attempt(id), r.counts(); a.State != event.NotPlaced || a.Code != "UNCONFIRMED" || c.Unconfirmed != 1 || c.Attempts != 0 {
		t.Fatalf("%+v, %+v", a, c)
	}
	r.must(r.status(id, "CA9", telephony.StatusRinging))
	if a, c := r.attempt(id), r.counts(); a.State != event.Ended || !a.Accepted || a.CallID != "CA9" || c.Unconfirmed != 0 || c.Attempts != 1 {
		t.Fatalf("after the first callback: %+v, %+v", a, c)
	}
	over := r.status(id, "CA9", telephony.StatusNoAnswer)
	r.must(over)
	r.must(over)
	if a, c := r.attempt(id), r.counts(); a.Code != "NO_ANSWER" || !a.Completed || a.Revisions != 2 || c.Completed != 1 || c.Attempts != 1 {
		t.Fatalf("after the last one: %+v, %+v", a, c)
	}
	r.refold()
}

// unconfirmed plays an answer that was lost, and a carrier that lists nothing.
func (r *rig) unconfirmed(d dialer.DialOrder) {
	r.t.Helper()
	r.sent[d.Dial.Attempt] = true
	r.must(&dialer.Sent{Attempt: d.Dial.Attempt, Err: &telephony.Error{Class: telephony.Unclear, Reason: "timeout"}})
	for range 20 {
		r.looks = nil
		r.pass(time.Minute)
		for _, l := range r.looks {
			r.must(&dialer.Looked{Attempt: l.Attempt, Kind: l.Kind, At: r.now.UnixMilli(), Complete: true})
		}
		if o, err := r.rows().Open(d.Dial.Attempt); err == nil && o == nil {
			return
		}
	}
	r.t.Fatal("the attempt is still unknown after twenty minutes")
}

// The key a person pressed counts, also when its webhook comes behind the end
// of the call.
func TestPressedKeyComesLate(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Keys", m{"connect": []any{m{"to": "message", "text": "Press 1 or 9.", "gather": m{"1": "INTERESTED", "9": "DNC"}}}}))
	lead := r.lead(theCadence, first, second)
	d := r.last()
	call, _ := r.live(d, telephony.ByHuman)
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	key := telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventGather, CallID: call, Seq: -1, Digits: "9"}
	r.ask(key)
	r.ask(key)
	if a := r.attempt(d.Dial.Attempt); a.Code != "DNC" || a.Revisions != 1 || !a.Contact {
		t.Errorf("the attempt says %s after %d revisions", a.Code, a.Revisions)
	}
	if !r.number(first).DNC || !r.number(second).DNC {
		t.Error("the person said no and is not on the list")
	}
	if _, e := r.stay(lead); e.LeftAt == 0 {
		t.Error("the stay goes on")
	}
}

// A cancel that was owed when the process died is owed at once when it is
// back, not at the call's next deadline.
func TestOwedEffectIsTakenUpAtOpen(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Owed", nil))
	r.lead(theCadence, first)
	d := r.last()
	r.must(r.status(d.Dial.Attempt, r.accept(d), telephony.StatusRinging))
	r.settle()
	r.must(&dialer.MarkNumber{Number: first, On: true})
	r.owed = nil
	r.open()
	if len(r.owed) != 1 || r.owed[0].Effect != event.EffectCancel {
		t.Fatalf("owed after opening: %+v", r.owed)
	}
	r.must(&dialer.Acted{Attempt: d.Dial.Attempt, Effect: event.EffectCancel})
	r.owed = nil
	r.open()
	if len(r.owed) != 0 {
		t.Errorf("done, and owed again: %+v", r.owed)
	}
}

// A transition into a cadence that cannot be entered is told, and does not
// pass for one that happened.
func TestTransitionToNowhere(t *testing.T) {
	r := newRig(t)
	target := cadence.NewID(cadence.OfficeSlot, [14]byte{9})
	r.cadence(target, document(t, "Target", nil))
	r.onDial = r.ends(telephony.StatusNoAnswer)
	r.cadence(theCadence, document(t, "Source", m{"steps": []any{m{"key": "one", "kind": "call"}}, "routes": []any{m{"on": "NO_ANSWER", "do": "transition", "to": "Target"}}}))
	r.must(&dialer.SwitchCadence{ID: target, To: event.Inactive})
	r.must(&dialer.SwitchCadence{ID: target, To: event.Archived})
	lead := r.lead(theCadence, first)
	r.pass(time.Second)
	if _, e := r.stay(lead); e.Left == "transitioned" || !strings.Contains(e.Reason, "Target") {
		t.Errorf("the stay ended as %q: %q", e.Left, e.Reason)
	}
}
