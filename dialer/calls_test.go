package dialer_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
	"github.com/carillon-dialer/carillon/telephony"
)

func legEnded(d dialer.DialOrder, call, leg string, s telephony.Status) telephony.Event {
	return telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventDial, CallID: call, Seq: -1, LegStatus: s, LegID: leg, LegTime: time.Minute}
}

// The chain falls back from target to target, a repeat changes nothing, and
// what was heard in the end is what counts.
func TestConnectChain(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Chain", m{"connect": []any{
		m{"to": "number", "number": "+13035550198", "ring_timeout": "18s"},
		m{"to": "sip", "sip": "sip:desk@example.com"},
		m{"to": "message", "text": "Hello {{ lead.first_name }}.", "gather": m{"1": "INTERESTED"}},
	}}))
	lead := r.lead(theCadence, first)
	d := r.last()
	call, script := r.live(d, telephony.ByUnknown)
	one, ok := script[0].(telephony.Connect)
	if !ok || one.Number != "+13035550198" || one.Ring != 18*time.Second || one.CallerID != d.Dial.From {
		t.Fatalf("the first target: %+v", script)
	}
	for range 2 {
		two, ok := r.ask(legEnded(d, call, "L1", telephony.StatusNoAnswer))[0].(telephony.Connect)
		if !ok || two.SIP != "sip:desk@example.com" {
			t.Fatalf("the second target: %+v", two)
		}
	}
	three, ok := r.ask(legEnded(d, call, "L2", telephony.StatusBusy))[0].(telephony.Gather)
	if !ok || three.Prompt[0].(telephony.Say).Text != "Hello Lead." {
		t.Fatalf("the third target: %+v", three)
	}
	r.ask(telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventGather, CallID: call, Seq: -1, Digits: "1"})
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	a := r.attempt(d.Dial.Attempt)
	if a.Code != "INTERESTED" || a.By != "digits" || !a.Contact || a.Abandoned || a.Script != "message" {
		t.Errorf("the attempt: %s by %s, contact %v", a.Code, a.By, a.Contact)
	}
	if _, e := r.stay(lead); !e.Contacted {
		t.Error("the stay has no contact")
	}
	r.refold()
}

// What the carrier says twice is known: the second time nothing is written.
func TestRepeatsWriteNothing(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Twice", m{"connect": []any{
		m{"to": "number", "number": "+13035550198"}, m{"to": "message", "text": "Press.", "gather": m{"1": "INTERESTED"}},
	}}))
	r.lead(theCadence, first)
	d := r.last()
	call := r.accept(d)
	r.settle()
	id := d.Dial.Attempt
	question := func(ev telephony.Event) *dialer.Reported {
		ev.Attempt, ev.CallID, ev.Seq = id, call, -1
		return &dialer.Reported{Event: ev}
	}
	for i, ev := range []*dialer.Reported{
		r.status(id, call, telephony.StatusInitiated), r.status(id, call, telephony.StatusRinging), r.status(id, call, telephony.StatusInProgress),
		question(telephony.Event{Kind: telephony.EventVoice, AnsweredBy: telephony.ByHuman}),
		question(telephony.Event{Kind: telephony.EventAMD, AnsweredBy: telephony.ByHuman}),
		question(telephony.Event{Kind: telephony.EventDial, LegID: "L1", LegStatus: telephony.StatusNoAnswer}),
		question(telephony.Event{Kind: telephony.EventGather, Digits: "1"}),
		r.status(id, call, telephony.StatusCompleted),
	} {
		scripts := make([]telephony.Script, 2)
		for n := range scripts {
			r.now = r.now.Add(time.Second)
			rel := r.turn(dialer.Item{Message: ev, Done: func(reply any, err error) {
				r.check(err)
				scripts[n] = reply.(dialer.Answered).Script
			}})
			if wrote := len(rel.Facts) > 0; wrote != (n == 0) {
				t.Errorf("event %d (%s): time %d wrote %d facts", i, ev.Event.Kind, n+1, len(rel.Facts))
			}
		}
		if ev.Event.Kind != telephony.EventStatus && ev.Event.Kind != telephony.EventGather && !reflect.DeepEqual(scripts[0], scripts[1]) {
			t.Errorf("event %d (%s): %+v, and the second time %+v", i, ev.Event.Kind, scripts[0], scripts[1])
		}
	}
}

// An event with another call's id is not ours, whatever attempt it names: not
// while the attempt is open and not afterwards.
func TestAnotherCallsEvents(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Other", nil))
	r.lead(theCadence, first)
	d := r.last()
	call := r.accept(d)
	r.settle()
	foreign := func() {
		t.Helper()
		ev := r.status(d.Dial.Attempt, "CAother", telephony.StatusCompleted)
		rel := r.turn(dialer.Item{Message: ev, Done: func(reply any, _ error) {
			if reply.(dialer.Answered).Known {
				t.Error("another call's event is taken for ours")
			}
		}})
		if len(rel.Facts) > 0 {
			t.Errorf("it wrote %d facts", len(rel.Facts))
		}
	}
	foreign()
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusNoAnswer))
	foreign()
	if a := r.attempt(d.Dial.Attempt); a.Code != "NO_ANSWER" || a.Revisions != 0 {
		t.Errorf("%+v", a)
	}
	if a, ok := r.must(&dialer.Reported{Event: telephony.Event{Attempt: theCadence, Kind: telephony.EventVoice}}).(dialer.Answered); !ok || a.Known {
		t.Error("an attempt nobody made is known")
	}
}

// A ringing that is told after the answer takes nothing back: the call stays
// live, and its deadline that of a live call.
func TestALateRingingTakesNothingBack(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Rings", nil))
	r.lead(theCadence, first)
	d := r.last()
	call, _ := r.live(d, telephony.ByHuman)
	before, err := r.rows().Open(d.Dial.Attempt)
	if err != nil || before == nil || before.State != event.Live {
		t.Fatalf("%+v, %v", before, err)
	}
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusRinging))
	after, err := r.rows().Open(d.Dial.Attempt)
	if err != nil || after == nil || after.State != before.State || after.Deadline != before.Deadline {
		t.Errorf("%+v, %v; want it as it was: %+v", after, err, before)
	}
}

// Who picked up decides what the call does.
func TestAnsweredBy(t *testing.T) {
	leave := m{"steps": []any{m{"key": "one", "kind": "call", "voicemail": m{"leave": true, "text": "Call {{ lead.first_name }} back on 303 555 0100."}}}}
	for _, c := range []struct {
		by      telephony.AnsweredBy
		parts   m
		verbs   string
		code    cadence.DispositionCode
		retired bool
	}{
		{telephony.ByMachineBeep, leave, "Say Played", "VOICEMAIL_LEFT", false},
		{telephony.ByMachineSilence, leave, "Pause Say Played", "VOICEMAIL_LEFT", false},
		{telephony.ByMachineStart, leave, "Hangup", "ANSWERING_MACHINE", false},
		{telephony.ByMachineBeep, nil, "Hangup", "ANSWERING_MACHINE", false},
		{telephony.ByFax, leave, "Hangup", "FAX", true},
		{telephony.ByHuman, leave, "Connect", "ABANDONED", false},
		{telephony.ByUnknown, leave, "Connect", "ABANDONED", false},
	} {
		t.Run(fmt.Sprintf("%s/%v", c.by, c.parts != nil), func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Picks up", c.parts))
			r.lead(theCadence, first)
			d := r.last()
			if want := telephony.AMDDetect; c.parts == nil && d.Dial.AMD != want || c.parts != nil && d.Dial.AMD != telephony.AMDDetectEnd {
				t.Errorf("detection %s", d.Dial.AMD)
			}
			call, script := r.live(d, c.by)
			verbs := ""
			for _, v := range script {
				switch v := v.(type) {
				case telephony.Say:
					verbs += " Say"
					if v.Text != "Call Lead back on 303 555 0100." {
						t.Errorf("says %q", v.Text)
					}
				case telephony.Pause:
					verbs += " Pause"
				case telephony.Played:
					verbs += " Played"
				case telephony.Hangup:
					verbs += " Hangup"
				case telephony.Connect:
					verbs += " Connect"
				}
			}
			if verbs != " "+c.verbs {
				t.Errorf("the script is%s, want %s", verbs, c.verbs)
			}
			if c.code == "VOICEMAIL_LEFT" {
				r.ask(played(d, call))
			}
			if c.verbs == "Connect" {
				r.ask(legEnded(d, call, "L1", telephony.StatusNoAnswer))
			}
			r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
			a := r.attempt(d.Dial.Attempt)
			if a.Code != c.code || a.Contact || a.Voicemail != (c.code == "VOICEMAIL_LEFT") || a.Abandoned != (c.code == "ABANDONED") {
				t.Errorf("the attempt: %+v", a)
			}
			if got := r.number(first).Retired != ""; got != c.retired {
				t.Errorf("retired: %v", got)
			}
		})
	}
}

// A disposition is awaited, ends the wait when it comes, and stands at its end
// when none does; a later one corrects and makes no second move.
func TestDispositionWait(t *testing.T) {
	held := m{
		"connect": []any{m{"to": "number", "number": "+13035550199", "disposition_wait": "10m"}},
		"routes":  []any{m{"on": "NOT_INTERESTED", "do": "next"}, m{"on": "CONNECTED", "do": "next"}},
	}
	start := func(t *testing.T) (*rig, cadence.ID, cadence.ID) {
		r := newRig(t)
		r.cadence(theCadence, document(t, "Waits", held))
		lead := r.lead(theCadence, first)
		r.talk(r.last())
		return r, lead, r.last().Dial.Attempt
	}
	t.Run("posted", func(t *testing.T) {
		r, lead, id := start(t)
		r.pass(5 * time.Minute)
		r.must(&dialer.Dispose{Attempt: id, Code: "NOT_INTERESTED", By: "agent"})
		if _, e := r.stay(lead); e.Touch.State != state.Waiting || e.StepKey != "two" || e.Last != "NOT_INTERESTED" || e.Attempts != 1 {
			t.Errorf("the stay: %+v", e)
		}
		if a := r.attempt(id); a.Code != "NOT_INTERESTED" || !a.Posted || a.By != "agent" {
			t.Errorf("the attempt: %+v", a)
		}
	})
	t.Run("nobody posts", func(t *testing.T) {
		r, lead, _ := start(t)
		r.pass(10*time.Minute - time.Second)
		if _, e := r.stay(lead); e.Touch.State != state.Held {
			t.Fatalf("state %d before the end of the wait", e.Touch.State)
		}
		r.pass(2 * time.Second)
		if _, e := r.stay(lead); e.Last != "CONNECTED" || e.StepKey != "two" {
			t.Errorf("the stay: %+v", e)
		}
	})
	t.Run("corrected", func(t *testing.T) {
		r, lead, id := start(t)
		r.pass(11 * time.Minute)
		_, before := r.stay(lead)
		r.must(&dialer.Dispose{Attempt: id, Code: "NOT_INTERESTED", By: "agent"})
		if _, e := r.stay(lead); e.Touch.ID != before.Touch.ID || e.LeftAt != 0 && e.Touch.State == state.Waiting {
			t.Errorf("a correction moved the stay: %+v", e)
		}
	})
	t.Run("corrected to no", func(t *testing.T) {
		r, lead, id := start(t)
		r.pass(11 * time.Minute)
		r.must(&dialer.Dispose{Attempt: id, Code: "DNC", By: "agent"})
		if _, e := r.stay(lead); e.Left != "dnc" || !r.number(first).DNC {
			t.Errorf("the stay ended as %q, on the list: %v", e.Left, r.number(first).DNC)
		}
		r.pass(48 * time.Hour)
		if len(r.dials) != 1 {
			t.Error("called after a no")
		}
	})
	t.Run("nobody answered", func(t *testing.T) {
		r := newRig(t)
		r.onDial = r.ends(telephony.StatusNoAnswer)
		r.cadence(theCadence, document(t, "Refuses", nil))
		r.lead(theCadence, first)
		for _, code := range []cadence.DispositionCode{"SALE", "CONNECTED_", "CALLBACK"} {
			if _, err := r.do(&dialer.Dispose{Attempt: r.last().Dial.Attempt, Code: code}); err == nil {
				t.Errorf("%s was taken for a call nobody answered", code)
			}
		}
	})
	t.Run("callback", func(t *testing.T) {
		r, lead, id := start(t)
		at := r.now.Add(26 * time.Hour)
		r.must(&dialer.Dispose{Attempt: id, Code: "CALLBACK", CallbackAt: at.UnixMilli(), By: "agent"})
		if _, e := r.stay(lead); e.Touch.Due != at.UnixMilli() || e.Touch.Class != event.Callback || e.StepKey != "one" {
			t.Errorf("the callback: %+v", e.Touch)
		}
		r.pass(26 * time.Hour)
		if len(r.dials) != 2 || r.last().Due != at.UnixMilli() {
			t.Errorf("%d calls", len(r.dials))
		}
	})
}

// A placed call that the carrier denies is asked about for a day, and then
// given up: its lead is not stuck for ever, and nobody is called sooner.
func TestGone(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Gone", nil))
	lead := r.lead(theCadence, first)
	d := r.last()
	r.sent[d.Dial.Attempt] = true
	r.must(&dialer.Sent{Attempt: d.Dial.Attempt, Placed: telephony.Placed{CallID: "CA1"}})
	denied := func() {
		r.must(&dialer.Looked{Attempt: d.Dial.Attempt, Kind: dialer.LookCall, At: r.now.UnixMilli(), Gone: true, Err: telephony.ErrNoCall.Error()})
	}
	began := r.now
	for range 24 {
		r.now = r.now.Add(time.Hour)
		denied()
		if o, err := r.rows().Open(d.Dial.Attempt); err != nil || o == nil || len(r.dials) != 1 {
			t.Fatalf("given up after %s: %v", r.now.Sub(began), err)
		}
	}
	r.now = r.now.Add(time.Hour)
	denied()
	if a := r.attempt(d.Dial.Attempt); a.State != event.Ended || a.Code != routing.Unconfirmed || a.Reason != "gone" || !a.Accepted {
		t.Errorf("%+v", a)
	}
	if n := r.number(first); !n.Open.IsZero() || len(n.Intents) != 1 {
		t.Errorf("the number: %+v", n)
	}
	if _, e := r.stay(lead); e.StepKey != "two" || e.Touch.State != state.Waiting {
		t.Errorf("the stay: %+v", e)
	}
}

// An unknown attempt holds its number until there is evidence.
func TestUnknown(t *testing.T) {
	unknown := func(t *testing.T) (*rig, dialer.DialOrder) {
		r := newRig(t)
		r.cadence(theCadence, document(t, "Unknown", nil))
		r.lead(theCadence, first)
		d := r.last()
		r.sent[d.Dial.Attempt] = true
		r.must(&dialer.Sent{Attempt: d.Dial.Attempt, Err: &telephony.Error{Class: telephony.Unclear, Reason: "timeout"}})
		return r, d
	}
	t.Run("bound by a webhook", func(t *testing.T) {
		r, d := unknown(t)
		r.must(r.status(d.Dial.Attempt, "CA5", telephony.StatusBusy))
		if a := r.attempt(d.Dial.Attempt); a.Code != "BUSY" || a.CallID != "CA5" {
			t.Errorf("%+v", a)
		}
	})
	t.Run("bound by a listing", func(t *testing.T) {
		r, d := unknown(t)
		r.pass(6 * time.Second)
		if len(r.looks) != 1 || r.looks[0].Kind != dialer.LookFind || r.looks[0].To != first || r.looks[0].Since >= r.looks[0].Until {
			t.Fatalf("looks: %+v", r.looks)
		}
		r.must(&dialer.Looked{
			Attempt: d.Dial.Attempt, Kind: dialer.LookFind, At: r.now.UnixMilli(), Complete: true,
			Ours: &telephony.Call{ID: "CA6", Status: telephony.StatusNoAnswer},
		})
		if a := r.attempt(d.Dial.Attempt); a.Code != "NO_ANSWER" || a.CallID != "CA6" || !a.Accepted {
			t.Errorf("%+v", a)
		}
	})
	t.Run("not settled by less", func(t *testing.T) {
		r, d := unknown(t)
		for _, l := range []dialer.Looked{{Complete: false}, {Complete: true, Unbound: 1}, {Err: "no answer", Complete: true}} {
			r.now = r.now.Add(20 * time.Minute)
			l.Attempt, l.Kind, l.At = d.Dial.Attempt, dialer.LookFind, r.now.UnixMilli()
			r.must(&l)
		}
		early := &dialer.Looked{Attempt: d.Dial.Attempt, Kind: dialer.LookFind, Complete: true}
		before, err := r.rows().Open(d.Dial.Attempt)
		r.check(err)
		early.At = before.I.At + (10 * time.Minute).Milliseconds() - 1
		r.must(early)
		o, err := r.rows().Open(d.Dial.Attempt)
		r.check(err)
		if o == nil || o.State != event.Unknown || r.number(first).Open != d.Dial.Attempt {
			t.Fatalf("settled without evidence: %+v", o)
		}
		early.At++
		r.must(early)
		if a := r.attempt(d.Dial.Attempt); a.State != event.NotPlaced {
			t.Errorf("%+v", a)
		}
	})
	t.Run("after a restart", func(t *testing.T) {
		r := newRig(t)
		r.cadence(theCadence, document(t, "Restart", nil))
		r.lead(theCadence, first)
		d := r.last()
		r.open()
		r.pass(time.Minute)
		if o, err := r.rows().Open(d.Dial.Attempt); err != nil || o == nil || o.State != event.Unknown || len(r.dials) != 1 {
			t.Fatalf("%+v, %d dials", o, len(r.dials))
		}
	})
	t.Run("counts in the cap", func(t *testing.T) {
		r := newRig(t)
		r.rules.NumberCap = 1
		r.open()
		r.cadence(theCadence, document(t, "Capped", nil))
		r.lead(theCadence, first)
		r.unconfirmed(r.last())
		r.pass(23 * time.Hour)
		if len(r.dials) != 1 {
			t.Error("an unconfirmed call did not count")
		}
	})
}

// What the carrier refuses is about a number, a caller ID, or neither.
func TestRejectedByScope(t *testing.T) {
	for _, c := range []struct {
		scope   telephony.Scope
		code    cadence.DispositionCode // "" returned
		retired bool
		wait    time.Duration
		rests   bool
	}{
		{telephony.ScopeNumber, "DISCONNECTED", true, 0, false},
		{telephony.ScopeCallerID, "", false, time.Second, true},
		{telephony.ScopeCountry, "", false, time.Hour, false},
		{telephony.ScopeAccount, "", false, time.Second, false},
		{telephony.ScopeConfig, "", false, time.Second, false},
	} {
		t.Run(string(c.scope), func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Rejected", nil))
			lead := r.lead(theCadence, first)
			d := r.last()
			r.sent[d.Dial.Attempt] = true
			r.must(&dialer.Sent{Attempt: d.Dial.Attempt, Err: &telephony.Error{Class: telephony.Rejected, Scope: c.scope, Reason: "refused"}})
			_, e := r.stay(lead)
			if c.code != "" {
				if a := r.attempt(d.Dial.Attempt); a.Code != c.code || a.Accepted || a.State != event.Rejected || e.Attempts != 0 {
					t.Errorf("%+v", a)
				}
			} else if got := time.Duration(e.Touch.Due-r.now.UnixMilli()) * time.Millisecond; got != c.wait || r.counts().Returned != 1 || r.counts().Intents != 0 {
				t.Errorf("due in %v, counters %+v", got, r.counts())
			}
			row, err := r.rows().CallerID(d.Dial.From)
			r.check(err)
			if (row.RestUntil > r.now.UnixMilli()) != c.rests || (r.number(first).Retired != "") != c.retired {
				t.Errorf("caller ID %+v, number %+v", row, r.number(first))
			}
			if c.rests {
				r.pass(2 * time.Second)
				if len(r.dials) != 2 || r.last().Dial.From == d.Dial.From {
					t.Error("called again from the number the carrier refuses")
				}
			}
		})
	}
}
