package dialer_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// However dialing is stopped: what was not sent is taken back and counts in
// nothing, what rings is cancelled, who talks goes on talking, nothing new is
// dialed, a restart changes nothing, and all goes on afterwards.
func TestStop(t *testing.T) {
	on, off := true, false
	for name, c := range map[string]struct{ stop, resume dialer.Message }{
		"list":       {&dialer.SetList{List: theList, Paused: &on}, &dialer.SetList{List: theList, Paused: &off}},
		"switch":     {&dialer.SetDialing{Stop: true, Reason: "drill"}, &dialer.SetDialing{}},
		"halt":       {&dialer.HaltCadence{ID: theCadence, Halted: true}, &dialer.HaltCadence{ID: theCadence}},
		"deactivate": {&dialer.SwitchCadence{ID: theCadence, To: event.Inactive}, &dialer.SwitchCadence{ID: theCadence, To: event.Active}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Stops", nil))
			waits := r.lead(theCadence, first)
			r.lead(theCadence, second)
			rings := r.last()
			ringing := r.accept(rings)
			r.settle()
			r.must(r.status(rings.Dial.Attempt, ringing, telephony.StatusRinging))
			r.lead(theCadence, third)
			talks := r.last()
			talking, _ := r.live(talks, telephony.ByHuman)
			sending := r.leadInFlight("+13035550103")

			r.owed = nil
			r.must(c.stop)
			r.must(c.stop) // harmless twice
			if _, e := r.stay(waits); e.Touch.State != state.Waiting || e.Touch.Rule == "" {
				t.Errorf("the order that was not sent: touch %+v", e.Touch)
			}
			if k := r.counts(); k.Returned != 1 || k.Intents != 3 {
				t.Errorf("counters %+v", k)
			}
			if len(r.owed) != 1 || r.owed[0].CallID != ringing || r.owed[0].Effect != event.EffectCancel {
				t.Errorf("owed: %+v", r.owed)
			}
			r.must(&dialer.Sent{Attempt: sending.Dial.Attempt, Placed: telephony.Placed{CallID: "CAlate"}})
			if n := len(r.owed); n != 2 || r.owed[1].CallID != "CAlate" {
				t.Errorf("the call that was going out is not cancelled: %+v", r.owed)
			}
			dialed := len(r.dials)
			r.lead(theCadence, "+13035550104")
			r.open()
			r.pass(3 * time.Hour)
			if len(r.dials) != dialed {
				t.Errorf("%d calls while stopped", len(r.dials)-dialed)
			}
			r.must(r.status(talks.Dial.Attempt, talking, telephony.StatusCompleted))
			if o, err := r.rows().Open(talks.Dial.Attempt); err != nil || o == nil || o.State != event.Closing || o.Owed != "" {
				t.Errorf("the live call: %+v", o)
			}
			r.must(c.resume)
			r.pass(time.Second)
			if len(r.dials) < dialed+2 {
				t.Errorf("%d calls after resuming", len(r.dials)-dialed)
			}
			r.refold()
		})
	}
}

// leadInFlight imports and dials a lead whose request is just being sent.
func (r *rig) leadInFlight(n cadence.Number) dialer.DialOrder {
	r.t.Helper()
	r.lead(theCadence, n)
	d := r.last()
	r.sent[d.Dial.Attempt] = true
	return d
}

// A no to one attempt that is going out cancels it, marks the number, and no
// later call reaches it.
func TestDNCCancels(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "No", nil))
	lead := r.lead(theCadence, first)
	r.must(&dialer.MarkNumber{Number: first, On: true, Source: "api"})
	if c := r.counts(); c.Returned != 1 || c.Intents != 0 {
		t.Errorf("the order was not taken back: %+v", c)
	}
	r.pass(time.Hour)
	if _, e := r.stay(lead); e.Left != "blocked" || e.Reason != "dnc.internal" || len(r.dials) != 1 {
		t.Errorf("the stay: %q %q after %d dials", e.Left, e.Reason, len(r.dials))
	}
	r.must(&dialer.MarkNumber{Number: "+13035550177", On: true})
	if o, err := r.rows().Office(); err != nil || o.DNC != 2 {
		t.Errorf("%d numbers on the list", o.DNC)
	}
	r.must(&dialer.MarkNumber{Number: "+13035550177"})
	if o, err := r.rows().Office(); err != nil || o.DNC != 1 {
		t.Errorf("%d numbers on the list after one was removed", o.DNC)
	}
}

func TestUnEnrollInMidCall(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Leaves", nil))
	lead := r.lead(theCadence, first)
	d := r.last()
	call := r.accept(d)
	r.settle()
	id, _ := r.stay(lead)
	r.must(&dialer.Leave{Enrollment: id, Status: "removed", Reason: "asked"})
	r.must(&dialer.Leave{Enrollment: id, Status: "removed", Reason: "asked"})
	if len(r.owed) != 1 {
		t.Errorf("owed: %+v", r.owed)
	}
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCanceled))
	if a := r.attempt(d.Dial.Attempt); a.Code != "CANCELLED" {
		t.Errorf("the attempt says %s", a.Code)
	}
	r.pass(48 * time.Hour)
	if s := r.stats(); len(r.dials) != 1 || s.Active != 0 || s.Pending != 0 {
		t.Errorf("%d calls, totals %+v", len(r.dials), s)
	}
}

// Dead numbers: the next one at once, and the end when none is left.
func TestNumbersRunOut(t *testing.T) {
	r := newRig(t)
	r.onDial = func(d dialer.DialOrder) {
		call := r.accept(d)
		dead := r.status(d.Dial.Attempt, call, telephony.StatusFailed)
		dead.Event.SIPCode = 404
		r.later(dead)
	}
	r.cadence(theCadence, document(t, "Dead", nil))
	lead := r.leadOf(theCadence, cadence.Lead{ExternalID: "A", Numbers: numbered(first, second, third)})
	r.pass(time.Minute)
	if len(r.dials) != 3 || r.dials[1].Dial.To != second || r.dials[2].Dial.To != third {
		t.Fatalf("%d calls", len(r.dials))
	}
	if _, e := r.stay(lead); e.Left != "unreachable" || e.Retired != 0b111 {
		t.Errorf("the stay: %q, retired %b", e.Left, e.Retired)
	}
	other := r.leadOf(theCadence, cadence.Lead{ExternalID: "B", Numbers: numbered(first, "+13035550105")})
	r.pass(time.Second)
	if r.last().Dial.To != "+13035550105" {
		t.Errorf("the retired number was called for another lead: %s", r.last().Dial.To)
	}
	if _, e := r.stay(other); e.Retired&1 == 0 {
		t.Error("the other lead's stay does not know")
	}
}

func TestRunsTransitionAndReEntry(t *testing.T) {
	one := []any{m{"key": "one", "kind": "call"}}
	t.Run("runs", func(t *testing.T) {
		r := newRig(t)
		r.onDial = r.ends(telephony.StatusNoAnswer)
		r.cadence(theCadence, document(t, "Runs", m{"steps": one, "runs": m{"max": 3, "gap": "24h"}}))
		lead := r.lead(theCadence, first)
		r.pass(5 * 24 * time.Hour)
		if _, e := r.stay(lead); len(r.dials) != 3 || e.Run != 3 || e.Left != "completed" {
			t.Errorf("%d calls, run %d, %q", len(r.dials), e.Run, e.Left)
		}
		for i, want := range []string{"Mon 09:00", "Tue 09:00", "Wed 09:00"} {
			if got := r.times()[i]; got != want {
				t.Errorf("run %d at %s, want %s", i+1, got, want)
			}
		}
	})
	t.Run("transition", func(t *testing.T) {
		r := newRig(t)
		r.onDial = r.ends(telephony.StatusNoAnswer)
		next := cadence.NewID(cadence.OfficeSlot, [14]byte{8})
		r.cadence(next, document(t, "Next", m{"steps": one}))
		r.cadence(theCadence, document(t, "Before", m{"steps": one, "runs": m{"max": 1, "then": "transition", "transition_to": "Next"}}))
		lead := r.lead(theCadence, first)
		r.pass(time.Minute)
		l, err := r.rows().Lead(lead)
		r.check(err)
		if len(l.Stays) != 2 || l.Stays[1].Cadence != next || l.Stays[0].LeftAt == 0 || len(r.dials) != 2 {
			t.Errorf("stays %+v, %d calls", l.Stays, len(r.dials))
		}
	})
	t.Run("re-enroll", func(t *testing.T) {
		r := newRig(t)
		r.onDial = r.ends(telephony.StatusNoAnswer)
		r.cadence(theCadence, document(t, "Again", m{"steps": one, "re_entry": "after 2d", "runs": m{"max": 1, "gap": "24h", "then": "reenroll"}}))
		lead := r.lead(theCadence, first)
		r.pass(5 * 24 * time.Hour)
		l, err := r.rows().Lead(lead)
		r.check(err)
		if len(l.Stays) != 4 || len(r.dials) != 3 { // Mon, Wed, Fri, and waiting for Sun
			t.Errorf("%d stays, %d calls", len(l.Stays), len(r.dials))
		}
	})
	t.Run("re-entry", func(t *testing.T) {
		for rule, want := range map[string][2]bool{"never": {false, false}, "after 2d": {false, true}, "always": {true, true}} {
			r := newRig(t)
			r.onDial = r.ends(telephony.StatusNoAnswer)
			r.cadence(theCadence, document(t, "Entry", m{"steps": one, "re_entry": rule}))
			lead := r.lead(theCadence, first)
			for i, wait := range []time.Duration{time.Hour, 48 * time.Hour} {
				r.pass(wait)
				res := r.must(&dialer.Enroll{Lead: lead, Cadence: theCadence}).(dialer.EnrollResult)
				if in := res.Skipped == ""; in != want[i] {
					t.Errorf("%s, after %s more: %+v", rule, wait, res)
				}
			}
		}
	})
}

func TestExit(t *testing.T) {
	doc := m{"exit_when": []any{m{"signal": "meeting_booked"}, m{"if": "lead.status == 'Won'"}}}
	won := "Won"
	for name, c := range map[string]struct {
		message func(lead cadence.ID) dialer.Message
		left    bool
	}{
		"signal":       {func(l cadence.ID) dialer.Message { return &dialer.Signal{Lead: l, Name: "meeting_booked"} }, true},
		"other signal": {func(l cadence.ID) dialer.Message { return &dialer.Signal{Lead: l, Name: "replied"} }, false},
		"patch": {func(l cadence.ID) dialer.Message {
			return &dialer.PatchLead{Lead: l, Patch: dialer.LeadPatch{Status: &won}}
		}, true},
		"other patch": {func(l cadence.ID) dialer.Message {
			return &dialer.PatchLead{Lead: l, Patch: dialer.LeadPatch{Name: &won}}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Exits", doc))
			lead := r.lead(theCadence, first)
			r.must(c.message(lead))
			if _, e := r.stay(lead); (e.LeftAt != 0) != c.left {
				t.Fatalf("the stay: %+v", e)
			}
			if k := r.counts(); c.left && (k.Returned != 1 || k.Intents != 0) || !c.left && k.Intents != 1 {
				t.Errorf("counters %+v: the order going out was not treated so", k)
			}
		})
	}
}

// Rows about leads that exist, in every way; and a file read again goes on
// behind the last row that is durable.
func TestImportRows(t *testing.T) {
	for _, mode := range []string{dialer.OnDuplicateUpdate, dialer.OnDuplicateSkip, dialer.OnDuplicateReject} {
		t.Run(mode, func(t *testing.T) {
			r := newRig(t)
			r.must(&dialer.OpenImport{
				Job:  event.ImportOpened{ID: theImport, List: theList, Digest: []byte("f"), OnDuplicate: mode},
				List: event.ListOpened{ID: theList, Name: "L"},
			})
			rows := []cadence.Lead{
				{ExternalID: "A", Name: "Lead 00001", Numbers: numbered(first), Fields: map[string]string{"k": "1", "old": "x"}},
				{ExternalID: "A", Name: "Lead 1", Numbers: numbered(second), Fields: map[string]string{"k": "2"}}, // the same by external id
				{Name: "Lead one", Numbers: numbered(first)},                                                      // by number
				{ExternalID: "B", Numbers: numbered(first)},                                                       // somebody else with that number
			}
			for range 2 { // read twice
				for i, l := range rows {
					r.must(&dialer.ImportRow{Import: theImport, Line: int64(i + 2), Lead: l})
				}
				r.must(&dialer.ImportRow{Import: theImport, Line: 9, Reject: &event.RowRejected{Import: theImport, Line: 9, Code: "number.invalid", Message: "no number"}})
				r.open()
			}
			imp, err := r.rows().Import(theImport)
			r.check(err)
			got := fmt.Sprint(imp.Line, imp.Rows, imp.Accepted, imp.Updated, imp.Skipped, imp.Rejected)
			want := map[string]string{dialer.OnDuplicateUpdate: "9 5 2 2 0 1", dialer.OnDuplicateSkip: "9 5 2 0 2 1", dialer.OnDuplicateReject: "9 5 2 0 0 3"}[mode]
			if got != want {
				t.Errorf("line, rows, accepted, updated, skipped, rejected: %s, want %s", got, want)
			}
			l, err := r.rows().Lead(r.number(first).Leads[0])
			r.check(err)
			if mode == dialer.OnDuplicateUpdate {
				if l.Lead.Name != "Lead one" || l.Lead.Fields["k"] != "2" || l.Lead.Fields["old"] != "x" || len(l.Tokens) != 2 {
					t.Errorf("merged: %+v", l.Lead)
				}
			} else if l.Lead.Name != "Lead 00001" || len(l.Tokens) != 1 {
				t.Errorf("changed: %+v", l.Lead)
			}
			if o, err := r.rows().Office(); err != nil || o.Leads != 2 {
				t.Errorf("%d leads", o.Leads)
			}
			r.must(&dialer.EndImport{Import: theImport})
			r.must(&dialer.ImportRow{Import: theImport, Line: 10, Lead: rows[0]})
			if imp, err := r.rows().Import(theImport); err != nil || imp.Line != 9 || imp.State != "done" {
				t.Errorf("a row behind the end was taken: %+v", imp)
			}
			r.refold()
		})
	}
}

// A number that moved to another person does not pull that person's row into
// the lead that had it; and a row read again after its lead moved on is that
// lead's.
func TestImportFollowsNumbers(t *testing.T) {
	r := newRig(t)
	lead := r.lead(cadence.ID{}, first)
	r.must(&dialer.PatchLead{Lead: lead, Patch: dialer.LeadPatch{Numbers: numbered(second)}})
	r.must(&dialer.ImportRow{Import: theImport, Line: 3, Lead: cadence.Lead{Name: "Lead 00002", Numbers: numbered(first)}})
	if l, err := r.rows().Lead(lead); err != nil || len(l.Tokens) != 1 || l.Lead.Name == "Lead 00002" {
		t.Errorf("the first lead took the second's row: %+v", l.Lead)
	}
	again := cadence.NewID(cadence.OfficeSlot, [14]byte{4})
	r.must(&dialer.OpenImport{
		Job:  event.ImportOpened{ID: again, List: theList, Digest: []byte("a file"), OnDuplicate: dialer.OnDuplicateUpdate},
		List: event.ListOpened{ID: theList, Name: "List"},
	})
	r.must(&dialer.ImportRow{Import: again, Line: 2, Lead: cadence.Lead{ExternalID: "new", Numbers: numbered(first)}})
	if o, err := r.rows().Office(); err != nil || o.Leads != 2 {
		t.Errorf("%d leads", o.Leads)
	}
}

// A message that panics is reported and leaves the others alone.
func TestQuarantine(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Poison", nil))
	r.lead(theCadence, first)
	d := r.last()
	answers := make([]error, 3)
	item := func(i int, msg dialer.Message) dialer.Item {
		return dialer.Item{Message: msg, Done: func(_ any, err error) { answers[i] = err }}
	}
	poison := &dialer.Looked{Attempt: d.Dial.Attempt, Kind: dialer.LookCall} // without the call it must hold
	r.turn(item(0, &dialer.MarkNumber{Number: second, On: true}), item(1, poison), item(2, &dialer.MarkNumber{Number: third, On: true}))
	if answers[0] != nil || answers[1] == nil || answers[2] != nil || !r.number(second).DNC || !r.number(third).DNC {
		t.Fatalf("answers %v", answers)
	}
	reports := 0
	r.check(r.rows().Reports(func(k *event.ReportKept) bool { reports++; return k.What != "" && k.Reason != "" }))
	if reports != 1 {
		t.Errorf("%d reports", reports)
	}
}

// A turn with more than it may write leaves the rest, in order.
func TestTurnIsBounded(t *testing.T) {
	r := newRig(t)
	r.lead(cadence.ID{}, first)
	fields := map[string]string{}
	for i := range 6 {
		fields[fmt.Sprint("f", i)] = string(make([]byte, 8<<10))
	}
	var items []dialer.Item
	for i := range 200 {
		l := cadence.Lead{ExternalID: fmt.Sprint(i), Numbers: numbered(numberAt(i)), Fields: fields}
		items = append(items, dialer.Item{Message: &dialer.ImportRow{Import: theImport, Line: int64(i + 3), Lead: l}})
	}
	turns := 0
	for len(items) > 0 {
		left := r.turn(items...).Left
		if len(left) >= len(items) {
			t.Fatal("a turn took nothing")
		}
		items, turns = left, turns+1
	}
	imp, err := r.rows().Import(theImport)
	r.check(err)
	if imp.Rows != 201 || imp.Accepted+imp.Updated != 201 || turns < 5 {
		t.Errorf("%d rows in %d turns, %d accepted", imp.Rows, turns, imp.Accepted)
	}
}
