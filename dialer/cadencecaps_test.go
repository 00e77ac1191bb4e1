package dialer_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/telephony"
)

var (
	another = cadence.NewID(cadence.OfficeSlot, [14]byte{7})
	goesOn  = []any{m{"on": "BUSY", "do": "next"}}
)

// A cadence's cap per lead holds over all numbers of the lead and counts the
// calls of other cadences, which have no cap themselves.
func TestALeadsCapHolds(t *testing.T) {
	r := newRig(t)
	r.onDial = r.ends(telephony.StatusBusy)
	r.cadence(another, document(t, "Autumn", m{"campaign": "Autumn", "routes": goesOn, "steps": []any{m{"key": "one", "kind": "call"}}}))
	doc := m{"campaign": "Spring", "caps": m{"lead": []any{m{"max": 3, "per": "24h"}}}, "routes": []any{m{"on": "BUSY", "do": "retry", "delay": "10m", "max": 30}}, "steps": []any{
		m{"key": "one", "kind": "call", "numbers": m{"next_on": []any{"BUSY"}}}, m{"key": "two", "kind": "call"},
	}}
	r.cadence(theCadence, document(t, "Spring", doc))
	lead := r.leadOf(another, cadence.Lead{Numbers: numbered(first, second)})
	r.pass(time.Minute)
	r.must(&dialer.Enroll{Lead: lead, Cadence: theCadence})
	r.pass(5 * time.Hour)
	if len(r.dials) != 3 || r.called(first) == 0 || r.called(second) == 0 {
		t.Fatalf("calls: %v", r.times())
	}
	if _, e := r.stay(lead); e.Touch.Rule != permit.RuleLeadCap {
		t.Errorf("it waits for %+v", e.Touch)
	}
	r.pass(3 * 24 * time.Hour)
	if got := r.within(); got != 3 || len(r.dials) < 6 {
		t.Errorf("%d calls within 24 hours: %v", got, r.times())
	}
	r.refold()
}

// Calls are kept for a cap that is published after they were made, also where no
// law counts them: those to the same number, and those to one that the lead had.
func TestACapCountsWhatWasBeforeIt(t *testing.T) {
	london, leeds := cadence.Number("+442079460123"), cadence.Number("+441134960123")
	for name, exchanged := range map[string]bool{"the same number": false, "another number": true} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.rules.Countries = []string{"GB"}
			r.open()
			r.onDial = r.ends(telephony.StatusBusy)
			twice := m{"purpose": "informational", "routes": goesOn, "steps": []any{m{"key": "one", "kind": "call", "delay_after": "48h"}, m{"key": "two", "kind": "call"}}}
			r.cadence(theCadence, document(t, "Spring", twice))
			lead := r.leadOf(theCadence, cadence.Lead{Numbers: numbered(london)})
			r.pass(3 * 24 * time.Hour)
			if len(r.dials) != 2 {
				t.Fatalf("calls: %v", r.times())
			}
			if exchanged {
				r.must(&dialer.PatchLead{Lead: lead, Patch: dialer.LeadPatch{Numbers: numbered(leeds)}})
			}
			once := m{"purpose": "informational", "routes": goesOn, "caps": m{"lead": []any{m{"max": 2, "per": "7d"}}}, "steps": []any{m{"key": "one", "kind": "call"}}}
			r.cadence(another, document(t, "Autumn", once))
			r.must(&dialer.Enroll{Lead: lead, Cadence: another})
			r.pass(3 * 24 * time.Hour)
			if _, e := r.stay(lead); len(r.dials) != 2 || e.Touch.Rule != permit.RuleLeadCap {
				t.Fatalf("calls: %v, waiting for %+v", r.times(), e.Touch)
			}
			r.pass(2 * 24 * time.Hour)
			if len(r.dials) != 3 {
				t.Errorf("calls: %v", r.times())
			}
		})
	}
}

// A cadence makes its calls of the day and no more; one that was taken back gives
// its place back, and the next day has its own.
func TestACadencesDayIsFull(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Spring", m{"caps": m{"daily": 2}, "steps": []any{m{"key": "one", "kind": "call"}}}))
	leads := make([]cadence.ID, 4)
	for i := range leads {
		leads[i] = r.lead(theCadence, callee(i))
	}
	r.pass(time.Second)
	if len(r.dials) != 2 {
		t.Fatalf("calls: %v", r.times())
	}
	day := r.now.UTC().Truncate(24*time.Hour).Unix() / 86_400
	if n, err := r.rows().CadenceCalls(day, theCadence); err != nil || n != 2 {
		t.Errorf("%d calls are counted, %v", n, err)
	}
	taken := r.dials[1]
	r.must(&dialer.Leave{Enrollment: r.enrollmentOf(leads[1]), Status: "removed"})
	if n, err := r.rows().CadenceCalls(day, theCadence); err != nil || n != 1 {
		t.Errorf("%d calls are counted when %s was taken back, %v", n, taken.Dial.Attempt.Bare(), err)
	}
	fifth := r.lead(theCadence, callee(9))
	r.pass(time.Second)
	if len(r.dials) != 3 || r.last().Dial.To != callee(9) {
		t.Fatalf("the place that was given back: %v", r.times())
	}
	_ = fifth
	for _, id := range leads[2:] {
		if _, e := r.stay(id); e.Touch.Rule != permit.RuleCadenceCap || e.Touch.Due < (day+1)*86_400_000 {
			t.Errorf("it waits for %+v", e.Touch)
		}
	}
	r.pass(24 * time.Hour)
	if len(r.dials) != 5 {
		t.Errorf("on the next day: %v", r.times())
	}
	r.refold()
}

// enrollmentOf is a lead's newest stay.
func (r *rig) enrollmentOf(lead cadence.ID) cadence.ID {
	id, _ := r.stay(lead)
	return id
}

// Where a law wants another number to be shown, the pool's next one that fits is;
// without one the call waits under the rule's name, and goes when there is one.
func TestTheCallerIDFits(t *testing.T) {
	fits := cadence.Number("+17205550190")
	series := packsWith(t, "id: test.series\nkind: callerid\napplies: {country: [US]}\nparams: {series: [\"720\"]}")
	for name, pool := range map[string][]cadence.Number{
		"one of three fits": {callerIDs[0], callerIDs[1], fits},
		"none fits":         {callerIDs[0], callerIDs[1]},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.pool = pool
			r.open()
			r.must(&dialer.SetPacks{Body: series.Body()})
			r.onDial = r.ends(telephony.StatusBusy)
			r.cadence(theCadence, document(t, "Spring", m{"steps": []any{m{"key": "one", "kind": "call", "caller_id": m{"strategy": "rotating_pool"}}}}))
			leads := make([]cadence.ID, 6)
			for i := range leads {
				leads[i] = r.lead(theCadence, callee(i))
			}
			r.pass(2 * time.Minute)
			if len(pool) == 3 {
				if len(r.dials) != len(leads) {
					t.Fatalf("%d calls", len(r.dials))
				}
			} else {
				if _, e := r.stay(leads[0]); len(r.dials) > 0 || e.Touch.Rule != "test.series" || e.LeftAt != 0 {
					t.Fatalf("%d calls, waiting for %+v", len(r.dials), e.Touch)
				}
				r.pool = append(r.pool, fits)
				r.open()
				r.pass(20 * time.Minute)
				if len(r.dials) != len(leads) {
					t.Fatalf("%d calls when there is one", len(r.dials))
				}
			}
			for _, d := range r.dials {
				if d.Dial.From != fits {
					t.Errorf("called from %s", d.Dial.From)
				}
			}
		})
	}
}

// A number whose calls go to somebody else is not shown where the law wants one
// that takes calls.
func TestANumberThatTakesNoCalls(t *testing.T) {
	r := newRig(t)
	for i, n := range callerIDs {
		r.rules.CallerIDs = append(r.rules.CallerIDs, pacing.CallerID{Number: n, Away: i != 1})
	}
	r.open()
	r.onDial = r.ends(telephony.StatusBusy)
	r.cadence(theCadence, document(t, "Spring", m{"steps": []any{m{"key": "one", "kind": "call"}}}))
	for i := range 6 {
		r.lead(theCadence, callee(i))
	}
	r.pass(time.Minute)
	if len(r.dials) != 6 {
		t.Fatalf("%d calls", len(r.dials))
	}
	for _, d := range r.dials {
		if d.Dial.From != callerIDs[1] {
			t.Errorf("called from %s", d.Dial.From)
		}
	}
}

// The document names the seller, else its campaign's entry, else the house; a
// consent to anybody else is none.
func TestWhoSells(t *testing.T) {
	for name, c := range map[string]struct {
		document, campaign, house, agreed string
		calls                             bool
	}{
		"the document":            {"Acme", "Bolt", "Crane", "Acme", true},
		"the document, not house": {"Acme", "", "Crane", "Crane", false},
		"the campaign":            {"", "Bolt", "Crane", "BOLT", true},
		"the house":               {"", "", "Crane", "Crane", true},
		"nobody":                  {"", "", "", "Crane", false},
		"nobody by name":          {"", "", "Crane", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.rules.Seller, r.rules.Sellers, r.agreed.Seller = c.house, map[string]string{}, c.agreed
			if c.campaign != "" {
				r.rules.Sellers["Spring"] = c.campaign
			}
			r.open()
			r.onDial = r.ends(telephony.StatusBusy)
			parts := m{}
			if c.document != "" {
				parts["seller"] = c.document
			}
			r.cadence(theCadence, spoken(t, parts))
			lead := r.lead(theCadence, first)
			r.pass(time.Minute)
			if _, e := r.stay(lead); len(r.dials) > 0 != c.calls || !c.calls && e.Reason != "us.fcc.ai-voice.sales" {
				t.Errorf("%d calls, left by %q", len(r.dials), e.Reason)
			}
		})
	}
}

// The list that would be too old when the lead's hours begin is foreseen: the
// stay goes on, and waits for them and not five minutes at a time.
func TestAnOldListIsForeseen(t *testing.T) {
	r := newRig(t)
	r.rules.Scrub, r.agreed, r.rules.NumberCap = permit.ScrubEnforce, nil, 1
	r.open()
	r.scrubbedBy(1, "us_national_dnc", r.now.Add(-31*24*time.Hour+2*time.Hour))
	r.onDial = r.ends(telephony.StatusBusy)
	r.cadence(theCadence, busyHourly(t, nil))
	lead := r.lead(theCadence, first)
	r.pass(90 * time.Minute)
	_, e := r.stay(lead)
	if len(r.dials) != 1 || e.LeftAt != 0 || e.Touch.Rule != "us.dnc.national" || e.Touch.Due < r.dialedAt(0)+24*3_600_000 {
		t.Fatalf("%d calls, waiting for %+v", len(r.dials), e.Touch)
	}
	r.scrubbedBy(2, "us_national_dnc", r.now)
	r.pass(24 * time.Hour)
	if len(r.dials) != 2 {
		t.Errorf("%d calls with a younger list", len(r.dials))
	}
}

// dialedAt is when the n-th call was decided.
func (r *rig) dialedAt(n int) int64 {
	for _, f := range r.facts {
		if i, ok := f.(*event.Intended); ok && i.Attempt == r.dials[n].Dial.Attempt {
			return i.At
		}
	}
	r.t.Fatal("nobody decided that call")
	return 0
}
