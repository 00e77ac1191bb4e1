package dialer_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// ours is the number that people call back.
const ours = cadence.Number("+13035550190")

// rings lets somebody call us and returns what the call is told.
func (r *rig) rings(call string, from cadence.Number) telephony.Script {
	r.t.Helper()
	a, ok := r.must(&dialer.ReturnCall{Call: telephony.Inbound{Connection: "default", CallID: call, From: from, To: ours, Status: telephony.StatusRinging}}).(dialer.Answered)
	if !ok || !a.Known {
		r.t.Fatalf("the call is not known: %+v", a)
	}
	return a.Script
}

// hangsUp ends a call to us.
func (r *rig) hangsUp(call string, from cadence.Number) {
	r.t.Helper()
	r.must(&dialer.ReturnCall{Call: telephony.Inbound{CallID: call, From: from, To: ours, Status: telephony.StatusCompleted, Duration: 40 * time.Second}})
}

// returned is the newest call to us, with its id.
func (r *rig) returned() (id cadence.ID, row *state.ReturnCall) {
	r.t.Helper()
	r.check(r.rows().Returns(cadence.ID{}, 0, cadence.ID{}, func(i cadence.ID, x *state.ReturnCall) bool { id, row = i, x; return false }))
	if row == nil {
		r.t.Fatal("no call to us is recorded")
	}
	return id, row
}

func pressed(id cadence.ID, call, key string) telephony.Event {
	return telephony.Event{Attempt: id, Kind: telephony.EventGather, CallID: call, Digits: key, Seq: -1}
}

func gather(t *testing.T, s telephony.Script) telephony.Gather {
	t.Helper()
	if len(s) > 0 {
		if g, ok := s[0].(telephony.Gather); ok {
			return g
		}
	}
	t.Fatalf("the caller is offered no key: %+v", s)
	return telephony.Gather{}
}

// calledBack is a cadence of two steps whose first call rang out.
func calledBack(t *testing.T, parts m) (*rig, cadence.ID) {
	t.Helper()
	r := newRig(t)
	r.cadence(theCadence, document(t, "Called back", parts))
	r.onDial = r.ends(telephony.StatusNoAnswer)
	lead := r.lead(theCadence, first, second)
	r.settle()
	r.onDial, r.dials = nil, nil
	return r, lead
}

var twoSteps = m{
	"connect": []any{m{"to": "number", "number": "+13035550199"}},
	"steps":   []any{m{"key": "one", "kind": "call", "delay_after": "1h"}, m{"key": "two", "kind": "call"}},
}

// A lead that calls back is put through to the step's target, and leaves the
// cadence as a contact; no call follows.
func TestReturnCallIsAContact(t *testing.T) {
	r, lead := calledBack(t, twoSteps)
	script := r.rings("CA1", first)
	gather(t, script)
	id, _ := r.returned()
	if len(script) != 2 || script[1].(telephony.Connect).Number != "+13035550199" || script[1].(telephony.Connect).Attempt != id {
		t.Fatalf("told %+v", script)
	}
	s := r.ask(telephony.Event{Attempt: id, Kind: telephony.EventDial, CallID: "CA1", LegID: "L1", LegStatus: telephony.StatusCompleted, LegTime: time.Minute, Seq: -1})
	if _, over := s[0].(telephony.Hangup); !over {
		t.Errorf("after the talk: %+v", s)
	}
	r.hangsUp("CA1", first)
	_, row := r.returned()
	if row.Code != "RETURN_CALL" || !row.Contact || row.EndedAt == 0 || row.Lead != lead || row.Attempt.IsZero() {
		t.Errorf("the record: %+v", row)
	}
	_, e := r.stay(lead)
	if e.Left != "exited" || e.Last != "RETURN_CALL" || !e.Contacted || e.Attempts != 1 {
		t.Errorf("the stay: %+v", e)
	}
	if s := r.stats(); s.Contacted != 1 || s.ToContact != 1 {
		t.Errorf("figures of leads: %+v", s)
	}
	if c := r.counts(); c.Contacts != 0 || c.Attempts != 1 {
		t.Errorf("figures of attempts: %+v", c)
	}
	r.pass(48 * time.Hour)
	if len(r.dials) != 0 {
		t.Errorf("called after all: %+v", r.dials)
	}
}

// The step's route for RETURN_CALL is followed.
func TestReturnCallIsRouted(t *testing.T) {
	parts := m{
		"connect": twoSteps["connect"],
		"steps": []any{
			m{"key": "one", "kind": "call", "delay_after": "1h"},
			m{"key": "two", "kind": "call", "delay_after": "1h", "routes": []any{m{"on": "RETURN_CALL", "do": "goto", "to": "three", "delay": "2h"}}},
			m{"key": "three", "kind": "call"},
		},
	}
	r, lead := calledBack(t, parts)
	r.rings("CA1", first)
	id, _ := r.returned()
	r.ask(telephony.Event{Attempt: id, Kind: telephony.EventDial, CallID: "CA1", LegID: "L1", LegStatus: telephony.StatusCompleted, LegTime: time.Minute, Seq: -1})
	r.hangsUp("CA1", first)
	if _, e := r.stay(lead); e.StepKey != "three" || e.Touch.State != state.Waiting || e.Touch.Due != r.now.Add(2*time.Hour).UnixMilli() {
		t.Errorf("%+v", e)
	}
}

// Who rings us up about a debt has talked about it: the silence of Regulation F
// begins at all numbers of the person, as if we had called.
func TestAReturnCallBeginsASilence(t *testing.T) {
	for name, c := range map[string]struct {
		purpose string
		taken   bool
		silent  bool
	}{
		"talked about a debt":   {"debt_collection", true, true},
		"nobody took it":        {"debt_collection", false, false},
		"talked about an offer": {"sales", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			r, lead := calledBack(t, m{
				"purpose": c.purpose, "connect": twoSteps["connect"], "routes": []any{m{"on": "RETURN_CALL", "do": "next"}},
				"steps": []any{
					m{"key": "one", "kind": "call", "delay_after": "1h"}, m{"key": "two", "kind": "call", "delay_after": "1h"}, m{"key": "three", "kind": "call"},
				},
			})
			leg := telephony.StatusNoAnswer
			if c.taken {
				leg = telephony.StatusCompleted
			}
			r.rings("CA1", first)
			id, _ := r.returned()
			r.ask(telephony.Event{Attempt: id, Kind: telephony.EventDial, CallID: "CA1", LegID: "L1", LegStatus: leg, LegTime: time.Minute, Seq: -1})
			r.hangsUp("CA1", first)
			if n := r.number(first); (len(n.Heard) == 1 && n.Heard[0].Subject == "Called back" && n.Heard[0].Talked > 0) != c.taken {
				t.Fatalf("heard on the number: %+v", n.Heard)
			}
			r.must(&dialer.PatchLead{Lead: lead, Patch: dialer.LeadPatch{Numbers: numbered(second)}})
			r.onDial = r.ends(telephony.StatusBusy)
			r.pass(6 * 24 * time.Hour)
			if silent := len(r.dials) == 0; silent != c.silent {
				t.Fatalf("%d calls in six days", len(r.dials))
			}
			r.pass(3 * 24 * time.Hour)
			if len(r.dials) == 0 {
				t.Fatal("the silence does not end")
			}
			r.refold()
		})
	}
}

// Who was talked to in a call to us is left in peace on another number too,
// whether or not there was a stay to keep it in: it may begin later. So is who
// comes back after an erasure.
func TestASilenceWithoutAStay(t *testing.T) {
	debt := m{"purpose": "debt_collection", "connect": twoSteps["connect"]}
	for name, c := range map[string]struct {
		doc    m
		stay   bool // one that is over
		erased bool
		silent bool
	}{
		"never enrolled":           {debt, false, false, true},
		"not enrolled any more":    {debt, true, false, true},
		"erased, and back":         {debt, false, true, true},
		"about something else":     {m{"connect": twoSteps["connect"]}, false, false, false},
		"erased, a debt of others": {m{"purpose": "debt_collection", "campaign": "Elsewhere", "connect": twoSteps["connect"]}, true, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.rules.Returns.Owners = map[string]cadence.Number{"Kim": "+13035550150"}
			r.open()
			person := cadence.Lead{FirstName: "Lead", Owner: "Kim", Numbers: numbered(first, second)}
			lead := r.leadOf(cadence.ID{}, person)
			if c.stay {
				was := cadence.NewID(cadence.OfficeSlot, [14]byte{7})
				r.cadence(was, document(t, "Over", m{"purpose": "debt_collection", "campaign": "Called back", "connect": twoSteps["connect"]}))
				r.onDial = r.ends(telephony.StatusNoAnswer)
				r.must(&dialer.Enroll{Lead: lead, Cadence: was})
				r.settle()
				id, _ := r.stay(lead)
				r.must(&dialer.Leave{Enrollment: id, Status: "removed"})
				r.dials = nil
			}
			r.rings("CA1", first)
			id, _ := r.returned()
			r.ask(telephony.Event{Attempt: id, Kind: telephony.EventDial, CallID: "CA1", LegID: "L1", LegStatus: telephony.StatusCompleted, LegTime: time.Minute, Seq: -1})
			r.hangsUp("CA1", first)
			if _, row := r.returned(); row.Lead != lead || !row.Contact {
				t.Fatalf("the call: %+v", row)
			}
			r.pass(24 * time.Hour)
			if c.erased {
				r.must(&dialer.EraseLead{Lead: lead, By: "privacy 1"})
				lead = r.leadOf(cadence.ID{}, cadence.Lead{FirstName: "Back", Numbers: numbered(second)})
			} else {
				r.must(&dialer.PatchLead{Lead: lead, Patch: dialer.LeadPatch{Numbers: numbered(second)}})
			}
			r.cadence(theCadence, document(t, "Called back", c.doc))
			r.onDial = r.ends(telephony.StatusBusy)
			r.must(&dialer.Enroll{Lead: lead, Cadence: theCadence})
			r.pass(5 * 24 * time.Hour)
			if silent := len(r.dials) == 0; silent != c.silent {
				t.Fatalf("%d calls within the week", len(r.dials))
			}
			r.pass(2 * 24 * time.Hour)
			if len(r.dials) == 0 {
				t.Fatal("the silence does not end")
			}
			r.refold()
		})
	}
}

// Nobody takes it: the stay is as it was, and goes on.
func TestReturnCallThatNobodyTakes(t *testing.T) {
	r, lead := calledBack(t, twoSteps)
	_, before := r.stay(lead)
	r.rings("CA1", first)
	id, _ := r.returned()
	s := r.ask(telephony.Event{Attempt: id, Kind: telephony.EventDial, CallID: "CA1", LegID: "L1", LegStatus: telephony.StatusNoAnswer, Seq: -1})
	if said := gather(t, s).Prompt[0].(telephony.Say).Text; said != dialer.DefaultNobody {
		t.Errorf("told %q", said)
	}
	r.hangsUp("CA1", first)
	if _, row := r.returned(); row.Contact || row.Code != "" {
		t.Errorf("the record: %+v", row)
	}
	_, after := r.stay(lead)
	if after.LeftAt != 0 || after.Touch.ID != before.Touch.ID || after.Touch.Due != before.Touch.Due || after.OnLine != 0 {
		t.Errorf("the stay: %+v, before %+v", after, before)
	}
	r.onDial = r.ends(telephony.StatusNoAnswer)
	r.pass(2 * time.Hour)
	if len(r.dials) != 1 {
		t.Errorf("%d calls follow, want 1", len(r.dials))
	}
}

// While a lead is on the line nobody calls any of its numbers; a row that fires
// meanwhile waits and names the rule, and goes on afterwards.
func TestNobodyIsDialedWhoIsOnTheLine(t *testing.T) {
	r, lead := calledBack(t, twoSteps)
	r.rings("CA1", second) // the other number of the same lead
	for range 60 {
		r.looks = nil
		r.pass(2 * time.Minute) // past the step's hour
		for _, l := range r.looks {
			r.must(&dialer.Looked{Attempt: l.Attempt, Kind: l.Kind, Call: &telephony.Call{ID: "CA1", Status: telephony.StatusInProgress}})
		}
	}
	if len(r.dials) != 0 {
		t.Fatalf("dialed while the lead is on the line: %+v", r.dials)
	}
	if _, e := r.stay(lead); e.Touch.Rule != dialer.RuleReturnCall || e.OnLine != 1 {
		t.Errorf("the stay: %+v", e)
	}
	r.onDial = r.ends(telephony.StatusNoAnswer)
	r.hangsUp("CA1", second)
	r.pass(6 * time.Second)
	r.must(&dialer.Looked{Attempt: r.looks[len(r.looks)-1].Attempt, Kind: dialer.LookLegs})
	r.pass(time.Minute)
	if len(r.dials) != 1 {
		t.Errorf("%d calls after it, want 1", len(r.dials))
	}
}

// A no by key holds in the turn it is heard in: for both numbers of the lead,
// for what is queued, and for the stay. A repeat says the same.
func TestOptOutByKeyOfAReturnCall(t *testing.T) {
	r, lead := calledBack(t, twoSteps)
	r.pass(time.Hour) // the second call is queued: its order has not left
	queued := r.last()
	script := r.rings("CA1", second)
	if said := gather(t, script).Prompt[1].(telephony.Say).Text; said != "To be taken off our calling list, press 9." {
		t.Errorf("offered %q", said)
	}
	if !r.kept[queued.Dial.Attempt] {
		t.Error("the queued attempt was not taken back when the lead called")
	}
	id, _ := r.returned()
	bye := r.ask(pressed(id, "CA1", "9"))
	for range 2 { // the carrier's own retry, and one after a restart
		if again := r.ask(pressed(id, "CA1", "9")); again[0] != bye[0] || bye[0].(telephony.Say).Text != dialer.DefaultOptedOut {
			t.Errorf("told %+v, then %+v", bye, again)
		}
		r.open()
	}
	for _, n := range []cadence.Number{first, second} {
		if !r.number(n).DNC {
			t.Errorf("%s may be called", n)
		}
	}
	if _, e := r.stay(lead); e.Left != "dnc" {
		t.Errorf("the stay: %+v", e)
	}
	r.hangsUp("CA1", second)
	if _, row := r.returned(); row.Code != "DNC" || row.OptedOutAt == 0 || !row.Contact {
		t.Errorf("the record: %+v", row)
	}
	r.dials = nil
	r.pass(72 * time.Hour)
	if len(r.dials) != 0 {
		t.Errorf("called after the no: %+v", r.dials)
	}
}

// A number that was one lead's when it was last called, and is another's now:
// the call is taken for who has it, nobody calls them meanwhile, and a no holds
// for the number, for who has it, and for the lead whose call was rung back.
func TestOptOutFromANumberThatMoved(t *testing.T) {
	for name, before := range map[string]func(*rig, cadence.ID){
		"it has gone to somebody else": func(r *rig, was cadence.ID) {
			r.must(&dialer.PatchLead{Lead: was, Patch: dialer.LeadPatch{Numbers: numbered(second)}})
		},
		"its former lead was erased first": func(r *rig, was cadence.ID) { r.must(&dialer.EraseLead{Lead: was, By: "privacy 1"}) },
	} {
		t.Run(name, func(t *testing.T) {
			r, was := calledBack(t, twoSteps)
			before(r, was)
			is := r.leadOf(theCadence, cadence.Lead{Numbers: numbered(third, first)})
			queued := r.last() // to third: its order has not left
			if is == was || queued.Dial.To != third {
				t.Fatalf("the number did not move: %+v", queued)
			}
			r.rings("CA1", first)
			if !r.kept[queued.Dial.Attempt] {
				t.Error("who has the number is called while they are on the line")
			}
			id, row := r.returned()
			if _, e := r.stay(is); row.Lead != is || e.OnLine != 1 {
				t.Errorf("the call is taken for %s, the stay %+v", row.Lead.Bare(), e)
			}
			r.ask(pressed(id, "CA1", "9"))
			said := []cadence.Number{first, third}
			leads := []cadence.ID{is}
			if l, err := r.rows().Lead(was); err == nil && l != nil {
				said, leads = append(said, second), append(leads, was)
			}
			for _, n := range said {
				if !r.number(n).DNC {
					t.Errorf("%s may be called", n)
				}
			}
			for _, l := range leads {
				if _, e := r.stay(l); e.Left != "dnc" {
					t.Errorf("the stay: %+v", e)
				}
			}
			r.hangsUp("CA1", first)
			r.dials = nil
			r.pass(72 * time.Hour)
			if len(r.dials) != 0 {
				t.Errorf("called after the no: %+v", r.dials)
			}
			r.refold()
		})
	}
}

// A number that nobody else has is still the lead's that had it: a call from it
// is theirs, and so is its no.
func TestOptOutFromAFormerNumber(t *testing.T) {
	r, lead := calledBack(t, twoSteps)
	r.must(&dialer.PatchLead{Lead: lead, Patch: dialer.LeadPatch{Numbers: numbered(second)}})
	r.rings("CA1", first)
	id, row := r.returned()
	if row.Lead != lead {
		t.Errorf("taken for %s", row.Lead.Bare())
	}
	r.ask(pressed(id, "CA1", "9"))
	if _, e := r.stay(lead); e.Left != "dnc" || !r.number(first).DNC || !r.number(second).DNC {
		t.Errorf("%+v", e)
	}
}

// A key that is told behind the end of its call is a no all the same.
func TestOptOutThatIsToldLate(t *testing.T) {
	r, lead := calledBack(t, m{"connect": []any{m{"to": "message", "text": "Hello."}}, "steps": twoSteps["steps"]})
	r.rings("CA1", first)
	id, _ := r.returned()
	r.hangsUp("CA1", first)
	if _, row := r.returned(); row.EndedAt == 0 || row.Code != "RETURN_CALL" {
		t.Fatalf("the record: %+v", row)
	}
	r.ask(pressed(id, "CA1", "9"))
	if _, row := r.returned(); row.Code != "DNC" || row.OptedOutAt == 0 || !r.number(first).DNC || !r.number(second).DNC {
		t.Errorf("%+v", row)
	}
	if _, e := r.stay(lead); e.LeftAt == 0 || e.OnLine != 0 {
		t.Errorf("the stay: %+v", e)
	}
}

// Who is no lead hears our message and can say no; who shows no number cannot
// be told from others and is told so.
func TestReturnCallOfStrangers(t *testing.T) {
	const stranger = cadence.Number("+13035550777")
	r := newRig(t)
	said := gather(t, r.rings("CA1", stranger)).Prompt
	if said[0].(telephony.Say).Text != dialer.DefaultUnknown {
		t.Errorf("told %+v", said)
	}
	id, _ := r.returned()
	r.ask(pressed(id, "CA1", "9"))
	r.hangsUp("CA1", stranger)
	if !r.number(stranger).DNC || r.number(stranger).OnLine != 0 {
		t.Errorf("%+v", r.number(stranger))
	}
	if lead := r.leadOf(cadence.ID{}, cadence.Lead{FirstName: "Later", Numbers: numbered(stranger)}); lead.IsZero() || !r.number(stranger).DNC {
		t.Error("the no is forgotten when the number becomes a lead's")
	}
	r.now = r.now.Add(time.Second)
	script := r.rings("CA2", "")
	if len(script) != 2 || script[0].(telephony.Say).Text != dialer.DefaultWithheld {
		t.Errorf("told %+v", script)
	}
	withheld := r.ids()[0]
	r.ask(pressed(withheld, "CA2", "9"))
	r.hangsUp("CA2", "")
	if row := r.back(withheld); row.OptedOutAt != 0 || row.EndedAt == 0 {
		t.Errorf("%+v", row)
	}
}

// ids are those of all calls to us, newest first.
func (r *rig) ids() (all []cadence.ID) {
	r.t.Helper()
	r.check(r.rows().Returns(cadence.ID{}, 0, cadence.ID{}, func(id cadence.ID, _ *state.ReturnCall) bool { all = append(all, id); return true }))
	return all
}

func (r *rig) back(id cadence.ID) *state.ReturnCall {
	r.t.Helper()
	row, err := r.rows().Return(id)
	r.check(err)
	return row
}

// The lead's owner comes first, then the step's targets in order, then a message.
func TestReturnCallGoesToTheOwner(t *testing.T) {
	r := newRig(t)
	r.rules.Returns.Owners = map[string]cadence.Number{"Kim": "+13035550150"}
	r.open()
	r.cadence(theCadence, document(t, "Owned", twoSteps))
	r.onDial = r.ends(telephony.StatusNoAnswer)
	r.leadOf(theCadence, cadence.Lead{FirstName: "Lead", Owner: "Kim", Numbers: numbered(first)})
	r.settle()
	leg := func(id cadence.ID, n string) telephony.Script {
		return r.ask(telephony.Event{Attempt: id, Kind: telephony.EventDial, CallID: "CA1", LegID: n, LegStatus: telephony.StatusBusy, Seq: -1})
	}
	script := r.rings("CA1", first)
	if got := script[1].(telephony.Connect).Number; got != "+13035550150" {
		t.Errorf("put through to %s", got)
	}
	id, _ := r.returned()
	for range 2 { // the carrier's own retry
		if got := leg(id, "L1")[0].(telephony.Connect).Number; got != "+13035550199" {
			t.Errorf("then to %s", got)
		}
	}
	r.open() // in mid-call
	if g := gather(t, leg(id, "L2")); g.Prompt[0].(telephony.Say).Text != dialer.DefaultNobody {
		t.Errorf("then told %+v", g)
	}
}

// An attempt that rings when its lead calls is cancelled, and what the return
// call came to is the touch's when the attempt is over.
func TestReturnCallCrossesAnAttempt(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Crossing", twoSteps))
	lead := r.lead(theCadence, first)
	d := r.last()
	call := r.accept(d)
	r.later(r.status(d.Dial.Attempt, call, telephony.StatusRinging))
	r.settle()
	r.rings("CA9", first)
	if len(r.owed) == 0 || r.owed[len(r.owed)-1].Effect != event.EffectCancel {
		t.Fatalf("the ringing call is not cancelled: %+v", r.owed)
	}
	id, _ := r.returned()
	r.ask(telephony.Event{Attempt: id, Kind: telephony.EventDial, CallID: "CA9", LegID: "L1", LegStatus: telephony.StatusCompleted, LegTime: time.Minute, Seq: -1})
	r.hangsUp("CA9", first)
	if _, e := r.stay(lead); e.LeftAt != 0 || e.Returned != "RETURN_CALL" {
		t.Fatalf("the stay before the attempt is over: %+v", e)
	}
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCanceled))
	_, e := r.stay(lead)
	if e.Left != "exited" || e.Last != "RETURN_CALL" || e.Attempts != 1 || !e.Contacted {
		t.Errorf("the stay: %+v", e)
	}
	if a := r.attempt(d.Dial.Attempt); a.Code != "CANCELLED" {
		t.Errorf("the attempt: %+v", a)
	}
}

// A call whose end nobody tells is asked about, and closed; one the carrier does
// not know any more does not hold its number for ever.
func TestReturnCallSettlesByItself(t *testing.T) {
	for name, c := range map[string]struct {
		answer  dialer.Looked
		contact bool
	}{
		"over":      {dialer.Looked{Kind: dialer.LookCall, Call: &telephony.Call{ID: "CA1", Status: telephony.StatusCompleted}}, false},
		"gone":      {dialer.Looked{Kind: dialer.LookCall, Err: "no such call", Gone: true}, false},
		"connected": {dialer.Looked{Kind: dialer.LookLegs, Legs: []telephony.Call{{Status: telephony.StatusCompleted, Duration: time.Minute}}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r, lead := calledBack(t, twoSteps)
			r.rings("CA1", first)
			r.open()
			if c.answer.Kind == dialer.LookLegs {
				r.hangsUp("CA1", first)
			}
			r.pass(3 * time.Minute)
			if len(r.looks) == 0 || r.looks[0].Kind != c.answer.Kind || r.looks[0].CallID != "CA1" {
				t.Fatalf("asked %+v", r.looks)
			}
			c.answer.Attempt = r.looks[0].Attempt
			r.must(&c.answer)
			if name == "gone" { // not believed while the call may last
				if _, row := r.returned(); row.EndedAt != 0 || r.number(first).OnLine != 1 {
					t.Errorf("given up too early: %+v", row)
				}
				r.pass(40 * time.Minute)
				r.must(&c.answer)
			}
			if name == "over" {
				r.pass(time.Minute)
				r.must(&dialer.Looked{Attempt: c.answer.Attempt, Kind: dialer.LookLegs})
			}
			_, row := r.returned()
			if row.EndedAt == 0 || row.Contact != c.contact || r.number(first).OnLine != 0 {
				t.Errorf("%+v", row)
			}
			if _, e := r.stay(lead); e.OnLine != 0 || (e.LeftAt != 0) != c.contact {
				t.Errorf("the stay: %+v", e)
			}
		})
	}
}

// A message that names no key is followed by the offer of one that it does not
// use; the key is a no. One that names a key itself is left as it is.
func TestEveryMessageOffersANo(t *testing.T) {
	for name, c := range map[string]struct {
		gather m
		offer  string
		key    string
	}{
		"none":     {m{}, "To be taken off our calling list, press 9.", "9"},
		"other":    {m{"9": "INTERESTED"}, "To be taken off our calling list, press 0.", "0"},
		"its own":  {m{"1": "INTERESTED", "7": "DNC"}, "", "7"},
		"an alias": {m{"7": "DO_NOT_CALL"}, "", "7"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Message", m{"connect": []any{m{"to": "message", "text": "Hello.", "gather": c.gather}}}))
			r.lead(theCadence, first)
			d := r.last()
			call, script := r.live(d, telephony.ByHuman)
			prompt := gather(t, script).Prompt
			if want := 1 + min(1, len(c.offer)); len(prompt) != want || want == 2 && prompt[1].(telephony.Say).Text != c.offer {
				t.Errorf("says %+v", prompt)
			}
			r.ask(pressed(d.Dial.Attempt, call, c.key))
			r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
			if a := r.attempt(d.Dial.Attempt); a.Code != "DNC" || !r.number(first).DNC {
				t.Errorf("%s is no no: %+v", c.key, a)
			}
		})
	}
}
