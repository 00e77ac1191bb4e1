package dialer_test

import (
	"slices"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// personCap is a cap over all numbers of a person in Colorado.
func personCap(t judge, keys string) *pack.Set {
	return packsWith(t, "id: test.person\nkind: cap\napplies: {country: [US], state: [CO]}\nparams: {key: ["+keys+"], max: 4, per: 24h}")
}

// tireless tries both numbers of a lead again and again.
func tireless(t judge, name string) string {
	return document(t, name, m{
		"campaign": name,
		"routes":   []any{m{"on": "BUSY", "do": "retry", "delay": "10m", "max": 30}},
		"steps": []any{
			m{"key": "one", "kind": "call", "numbers": m{"next_on": []any{"BUSY"}}},
			m{"key": "two", "kind": "call"},
			m{"key": "three", "kind": "call"},
		},
	})
}

// within is the most calls in any 24 hours.
func (r *rig) within() (most int) {
	for _, d := range r.dials {
		n := 0
		for _, o := range r.dials {
			if at, from := r.attempt(o.Dial.Attempt).At, r.attempt(d.Dial.Attempt).At; at >= from && at-from < 24*3_600_000 {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

func (r *rig) called(n cadence.Number) int {
	return len(slices.DeleteFunc(slices.Clone(r.dials), func(d dialer.DialOrder) bool { return d.Dial.To != n }))
}

// All numbers of a lead share a cap that holds for the person, in one stay and
// in several; stays about another subject count only where the rule has none.
func TestNumbersShareACap(t *testing.T) {
	autumn := cadence.NewID(cadence.OfficeSlot, [14]byte{7})
	for name, c := range map[string]struct {
		keys, other string
		most        int
	}{
		"one stay":                    {"person, subject", "", 4},
		"two stays of one subject":    {"person, subject", "Spring", 4},
		"two stays, two subjects":     {"person, subject", "Autumn", 8},
		"two subjects, one person":    {"person", "Autumn", 4},
		"counted by number":           {"number", "", 8},
		"two subjects and one seller": {"person, seller", "Autumn", 4},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.must(&dialer.SetPacks{Body: personCap(t, c.keys).Body()})
			r.onDial = r.ends(telephony.StatusBusy)
			r.cadence(theCadence, tireless(t, "Spring"))
			// One stay calls one of the numbers, the other one the other.
			lead := r.leadOf(theCadence, cadence.Lead{Numbers: numbered(first, second)})
			if c.other != "" {
				doc := tireless(t, "Autumn")
				if c.other == "Spring" {
					doc = document(t, "Autumn", m{"campaign": "Spring", "routes": []any{m{"on": "BUSY", "do": "retry", "delay": "11m", "max": 30}}})
				}
				r.cadence(autumn, doc)
				r.must(&dialer.Enroll{Lead: lead, Cadence: autumn})
			}
			r.pass(30 * time.Hour)
			if r.called(first) == 0 || r.called(second) == 0 && c.other != "Spring" {
				t.Fatalf("calls to one number only: %v", r.times())
			}
			if got := r.within(); got > c.most || got < 4 {
				t.Errorf("%d calls within 24 hours, at most %d: %v", got, c.most, r.times())
			}
		})
	}
}

// A number that is exchanged does not make the calls to the old one undone, in
// the stay that made them and in one that begins later.
func TestAnExchangedNumberCounts(t *testing.T) {
	for _, later := range []bool{false, true} {
		r := newRig(t)
		r.must(&dialer.SetPacks{Body: personCap(t, "person").Body()})
		r.onDial = r.ends(telephony.StatusBusy)
		r.cadence(theCadence, tireless(t, "Spring"))
		lead := r.lead(theCadence, first)
		r.pass(45 * time.Minute)
		if len(r.dials) != 4 {
			t.Fatalf("%d calls", len(r.dials))
		}
		if later {
			id, _ := r.stay(lead)
			r.must(&dialer.Leave{Enrollment: id, Status: "removed"})
		}
		r.must(&dialer.PatchLead{Lead: lead, Patch: dialer.LeadPatch{Numbers: numbered(second)}})
		if later {
			autumn := cadence.NewID(cadence.OfficeSlot, [14]byte{7})
			r.cadence(autumn, tireless(t, "Autumn"))
			r.must(&dialer.Enroll{Lead: lead, Cadence: autumn})
		}
		r.pass(20 * time.Hour)
		if got := r.within(); got != 4 {
			t.Errorf("later %v: %d calls within 24 hours: %v", later, got, r.times())
		}
	}
}

// What was taken back before its first byte counts for nobody.
func TestAReturnedCallIsNotCounted(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Taken back", nil))
	lead := r.leadOf(theCadence, cadence.Lead{Numbers: numbered(first, second)})
	if _, e := r.stay(lead); len(e.Calls) != 1 || len(e.Calls[0].At) != 1 {
		t.Fatalf("counted: %+v", e.Calls)
	}
	r.must(&dialer.SetDialing{Stop: true})
	if _, e := r.stay(lead); !r.kept[r.last().Dial.Attempt] || e.Counts(r.last().Due) || len(e.Calls[0].At) != 0 {
		t.Errorf("counted: %+v", e.Calls)
	}
}

// converse plays a call that is answered by a person, who is talked to, and how it
// is disposed of.
func (r *rig) converse(code cadence.DispositionCode) {
	r.t.Helper()
	d := r.last()
	call, _ := r.live(d, telephony.ByHuman)
	if code != "" {
		r.must(&dialer.Dispose{Attempt: d.Dial.Attempt, Code: code, By: "agent 7"})
	}
	r.ask(telephony.Event{
		Attempt: d.Dial.Attempt, Kind: telephony.EventDial, CallID: call, Seq: -1, LegStatus: telephony.StatusCompleted, LegID: "CAleg", LegTime: time.Minute,
	})
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
}

// A conversation begins the silence of Regulation F: for the person, at all
// numbers, about that debt. A call that nobody took begins none.
func TestAConversationBeginsASilence(t *testing.T) {
	const week = 7 * 24 * time.Hour
	for name, c := range map[string]struct {
		purpose string
		code    cadence.DispositionCode // "" : nobody answers
		silent  bool
	}{
		"talked about a debt":   {"debt_collection", "CALLBACK", true},
		"nobody answered":       {"debt_collection", "", false},
		"talked about an offer": {"sales", "CALLBACK", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Debt", m{
				"purpose": c.purpose, "routes": []any{m{"on": "CALLBACK", "do": "next"}, m{"on": "NO_ANSWER", "do": "next"}},
				"connect": []any{m{"to": "number", "number": "+13035550100"}},
				"steps":   []any{m{"key": "one", "kind": "call", "delay_after": "2h"}, m{"key": "two", "kind": "call", "numbers": "in_order"}},
			}))
			lead := r.leadOf(theCadence, cadence.Lead{Numbers: numbered(first, second)})
			if c.code == "" {
				r.ends(telephony.StatusNoAnswer)(r.last())
				r.settle()
			} else {
				r.converse(c.code)
			}
			began := r.now
			if n := r.number(first); (len(n.Heard) == 1 && n.Heard[0].Talked > 0) != (c.code != "") {
				t.Fatalf("heard on the number: %+v", n.Heard)
			}
			// Now the other number of the person.
			r.must(&dialer.PatchLead{Lead: lead, Patch: dialer.LeadPatch{Numbers: numbered(second)}})
			r.onDial = r.ends(telephony.StatusBusy)
			r.pass(6 * 24 * time.Hour)
			if silent := len(r.dials) == 1; silent != c.silent {
				t.Fatalf("%d calls in six days", len(r.dials))
			}
			r.pass(3 * 24 * time.Hour)
			if len(r.dials) < 2 {
				t.Fatal("the silence does not end")
			}
			if at := time.UnixMilli(r.attempt(r.dials[1].Dial.Attempt).At); c.silent && at.Before(began.Add(week-time.Minute)) {
				t.Errorf("called again at %s, talked until %s", at, began)
			}
		})
	}
}

// A refusal of an offer silences where a law wants it, also one that is posted
// later and corrects another disposition.
func TestARefusalBeginsASilence(t *testing.T) {
	rule := "id: test.refused\nkind: wait\napplies: {country: [US]}\nparams: {key: [person, seller], after: refusal, for: 60d}"
	for name, c := range map[string]struct {
		code, later cadence.DispositionCode
		silent      bool
	}{
		"not interested":        {"NOT_INTERESTED", "", true},
		"call me back":          {"CALLBACK", "", false},
		"posted when it's over": {"", "NOT_INTERESTED", true},
		"corrected":             {"CALLBACK", "NOT_INTERESTED", true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.must(&dialer.SetPacks{Body: packsWith(t, rule).Body()})
			r.cadence(theCadence, document(t, "Offer", m{
				"routes": []any{m{"on": "CALLBACK", "do": "next"}, m{"on": "CONNECTED", "do": "next"}, m{"on": "NOT_INTERESTED", "do": "next"}},
				"steps":  []any{m{"key": "one", "kind": "call", "delay_after": "2h"}, m{"key": "two", "kind": "call"}},
			}))
			r.lead(theCadence, first)
			d := r.last()
			r.converse(c.code)
			if c.later != "" {
				r.must(&dialer.Dispose{Attempt: d.Dial.Attempt, Code: c.later, By: "agent 7"})
			}
			a := r.attempt(d.Dial.Attempt)
			if !a.Answered {
				t.Fatalf("the call was not answered: %+v", a)
			}
			heard := r.number(first).Heard
			if got := len(heard) == 1 && heard[0].Refused == a.EndedAt; got != c.silent {
				t.Fatalf("heard on the number: %+v, ended %d", heard, a.EndedAt)
			}
			r.onDial = r.ends(telephony.StatusBusy)
			r.pass(50 * 24 * time.Hour)
			if _, e := r.stay(r.number(first).Leads[0]); c.silent && (len(r.dials) != 1 || e.Refused == 0 && e.LeftAt == 0) {
				t.Errorf("%d calls, stay %+v", len(r.dials), e)
			}
			if !c.silent && len(r.dials) < 2 {
				t.Error("no further call")
			}
		})
	}
}

// The number's row keeps so many subjects; what is beyond counts for all.
func TestManySubjects(t *testing.T) {
	n := state.Number{Heard: []state.Heard{{Subject: "one", Talked: 5}, {Refused: 9}}}
	about, any := n.LastHeard("one")
	if about.Talked != 5 || about.Refused != 9 || any.Talked != 5 {
		t.Errorf("%+v %+v", about, any)
	}
	if about, _ := n.LastHeard("two"); about.Talked != 0 || about.Refused != 9 {
		t.Errorf("%+v", about)
	}
}
