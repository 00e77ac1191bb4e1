package dialer_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// spoken is a cadence that needs written consent: a machine sells.
func spoken(t judge, parts map[string]any) string {
	doc := m{"campaign": "Spring", "connect": []any{m{"to": "message", "text": "Hello."}}, "steps": []any{m{"key": "one", "kind": "call"}}}
	maps.Copy(doc, parts)
	return document(t, "Spoken", doc)
}

func written(days int) cadence.ConsentRecord {
	return cadence.ConsentRecord{Kind: "express_written", Seller: seller, Given: monday.AddDate(0, 0, -days).UnixMilli()}
}

// Which records let a machine sell, and which do not.
func TestWhatCountsAsConsent(t *testing.T) {
	with := func(change func(*cadence.ConsentRecord)) []cadence.ConsentRecord {
		r := written(30)
		change(&r)
		return []cadence.ConsentRecord{r}
	}
	for name, c := range map[string]struct {
		records []cadence.ConsentRecord
		calls   bool
	}{
		"none":                   {nil, false},
		"in writing":             {[]cadence.ConsentRecord{written(30)}, true},
		"this very instant":      {[]cadence.ConsentRecord{written(0)}, true},
		"aloud":                  {with(func(r *cadence.ConsentRecord) { r.Kind = "express" }), false},
		"for this campaign":      {with(func(r *cadence.ConsentRecord) { r.Scope = cadence.CampaignScope("Spring") }), true},
		"for another campaign":   {with(func(r *cadence.ConsentRecord) { r.Scope = cadence.CampaignScope("Autumn") }), false},
		"for this cadence":       {with(func(r *cadence.ConsentRecord) { r.Scope = cadence.ScopeOf(theCadence) }), true},
		"for another cadence":    {with(func(r *cadence.ConsentRecord) { r.Scope = cadence.ScopeOf(elsewhere) }), false},
		"aloud, then in writing": {append(with(func(r *cadence.ConsentRecord) { r.Kind = "express" }), written(1)), true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.agreed = nil
			r.onDial = r.ends(telephony.StatusBusy)
			r.cadence(theCadence, spoken(t, nil))
			lead := r.lead(cadence.ID{}, "+13035550142")
			for _, rec := range c.records {
				r.must(&dialer.AddConsent{Number: "+13035550142", Record: rec, By: "agent 7"})
			}
			r.must(&dialer.Enroll{Lead: lead, Cadence: theCadence})
			r.pass(time.Minute)
			if _, e := r.stay(lead); len(r.dials) > 0 != c.calls || !c.calls && e.Reason != "us.fcc.ai-voice.sales" {
				t.Errorf("%d calls, left by %q", len(r.dials), e.Reason)
			}
		})
	}
}

// The record is of the number: a second lead that has it is covered, and one
// lead's other number is not.
func TestConsentIsOfTheNumber(t *testing.T) {
	r := newRig(t)
	r.agreed = nil
	r.onDial = r.ends(telephony.StatusBusy)
	r.cadence(theCadence, spoken(t, nil))
	r.lead(cadence.ID{}, "+13035550142")
	r.must(&dialer.AddConsent{Number: "+13035550142", Record: written(1)})
	r.leadOf(theCadence, cadence.Lead{ExternalID: "other", Numbers: numbered("+13035550143", "+13035550142")})
	r.pass(time.Minute)
	if len(r.dials) != 1 || r.dials[0].Dial.To != "+13035550142" {
		t.Errorf("calls: %+v", r.dials)
	}
}

// The stored permit names the record, and judging it again gives the same.
func TestTheVerdictNamesTheRecord(t *testing.T) {
	r := newRig(t)
	r.agreed.Seller = "Acme"
	r.onDial = r.ends(telephony.StatusBusy)
	r.cadence(theCadence, spoken(t, nil))
	r.lead(theCadence, "+13035550142")
	r.pass(time.Minute)
	a := r.attempt(r.last().Dial.Attempt)
	var j dialer.Judged
	r.check(state.Decode(a.Verdict, &j))
	id := r.number("+13035550142").Consents[0].ID
	if c := j.Facts.Consents; len(c) != 1 || c[0].ID != id || c[0].Evidence != "consent.express_written" || c[0].Seller != "Acme" {
		t.Fatalf("records in the facts: %+v", c)
	}
	f := j.Facts
	law := packs(t).Law(f.Query())
	var err error
	f.Pack, err = permit.NewPack(law, nil)
	r.check(err)
	for _, check := range permit.Trace(&f, time.UnixMilli(a.At)) {
		if check.Rule == "us.fcc.ai-voice.sales" {
			if check.Result != permit.Allow || !strings.Contains(check.Detail, id.Text(cadence.KindConsent)) || !strings.Contains(check.Detail, "Acme") {
				t.Errorf("the trace: %+v", check)
			}
			return
		}
	}
	t.Error("the trace does not tell of the rule")
}

// What was taken back counts no more: the call under way is taken back, none
// follows, and neither the same record nor an older one brings it back.
func TestRevocation(t *testing.T) {
	for name, c := range map[string]struct {
		revoke func(r *rig) *dialer.RevokeConsent
		older  bool // an older record counts all the same
	}{
		"one record": {func(r *rig) *dialer.RevokeConsent {
			return &dialer.RevokeConsent{ID: r.number(first).Consents[0].ID}
		}, true},
		"all of it":         {func(*rig) *dialer.RevokeConsent { return &dialer.RevokeConsent{} }, false},
		"the campaign":      {func(*rig) *dialer.RevokeConsent { return &dialer.RevokeConsent{Scope: cadence.CampaignScope("Spring")} }, false},
		"the cadence":       {func(*rig) *dialer.RevokeConsent { return &dialer.RevokeConsent{Scope: cadence.ScopeOf(theCadence)} }, false},
		"all of a seller's": {func(*rig) *dialer.RevokeConsent { return &dialer.RevokeConsent{Seller: "Acme"} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.agreed.Seller = "Acme"
			r.cadence(theCadence, spoken(t, nil))
			lead := r.lead(theCadence, first)
			d := r.last()
			m := c.revoke(r)
			m.Number, m.How, m.By = first, "call", "agent 7"
			r.must(m)
			if !r.kept[d.Dial.Attempt] {
				t.Error("the call under way went out")
			}
			r.must(&dialer.AddConsent{Number: first, Record: *r.agreed})
			again := *r.agreed
			again.Proof = "another"
			r.must(&dialer.AddConsent{Number: first, Record: again})
			r.pass(time.Hour)
			if _, e := r.stay(lead); len(r.dials) != 1 || e.Reason != "us.fcc.ai-voice.sales" {
				t.Fatalf("%d calls, left by %q", len(r.dials), e.Reason)
			}
			older := *r.agreed
			older.Given -= 1000
			r.must(&dialer.AddConsent{Number: first, Record: older})
			enroll := func() {
				t.Helper()
				if res := r.must(&dialer.Enroll{Lead: lead, Cadence: theCadence}).(dialer.EnrollResult); res.Skipped != "" {
					t.Fatalf("not enrolled again: %s", res.Skipped)
				}
				r.pass(time.Minute)
			}
			enroll()
			if got := len(r.dials) == 2; got != c.older {
				t.Fatalf("after an older record: %d calls", len(r.dials))
			}
			if c.older {
				return
			}
			newer := *r.agreed
			newer.Given = r.now.UnixMilli()
			r.must(&dialer.AddConsent{Number: first, Record: newer})
			enroll()
			if len(r.dials) != 2 {
				t.Errorf("after a new consent: %d calls", len(r.dials))
			}
		})
	}
}

// A revocation of something else leaves the call alone.
func TestRevocationOfSomethingElse(t *testing.T) {
	for name, m := range map[string]*dialer.RevokeConsent{
		"another campaign": {Number: first, Scope: cadence.CampaignScope("Autumn")},
		"another seller":   {Number: first, Seller: "Other"},
	} {
		r := newRig(t)
		r.agreed.Seller = "Acme"
		r.onDial = r.ends(telephony.StatusBusy)
		r.cadence(theCadence, spoken(t, nil))
		lead := r.lead(cadence.ID{}, first)
		r.must(m)
		r.must(&dialer.Enroll{Lead: lead, Cadence: theCadence})
		r.pass(time.Minute)
		if len(r.dials) != 1 {
			t.Errorf("%s: %d calls", name, len(r.dials))
		}
	}
}

// A number's row keeps so many records; the one that gives way is one that
// does not count, and it cannot come back.
func TestTooManyConsents(t *testing.T) {
	r := newRig(t)
	r.agreed = nil
	r.lead(cadence.ID{}, first)
	add := func(i int) cadence.ConsentRecord {
		rec := written(100 - i)
		r.must(&dialer.AddConsent{Number: first, Record: rec})
		return rec
	}
	var gone cadence.ConsentRecord
	for i := range state.MaxConsents {
		rec := add(i)
		if i == 20 {
			gone = rec
		}
	}
	r.must(&dialer.RevokeConsent{Number: first, ID: r.number(first).Consents[20].ID, How: "mail"})
	add(99)
	n := r.number(first)
	if len(n.Consents) != state.MaxConsents || len(n.Ends) != 1 || n.Ends[0].At != gone.Given {
		t.Fatalf("%d records, revocations %+v", len(n.Consents), n.Ends)
	}
	r.must(&dialer.AddConsent{Number: first, Record: gone})
	n = r.number(first)
	for i := range n.Consents {
		if g := &n.Consents[i]; g.At == gone.Given && n.Holds(g, r.now.UnixMilli(), theCadence, "Spring") {
			t.Error("what was taken back counts again")
		}
	}
}

// A consent of a file goes to each number of its row; what is wrong with it is
// wrong with the row.
func TestConsentOfAFile(t *testing.T) {
	r := newRig(t)
	r.agreed.Source, r.agreed.Proof = "form", "page 4"
	r.leadOf(cadence.ID{}, cadence.Lead{Numbers: numbered(first, second)})
	for _, n := range []cadence.Number{first, second} {
		if c := r.number(n).Consents; len(c) != 1 || c[0].Kind != "express_written" {
			t.Errorf("%s: %+v", n, c)
		}
	}
	var said []state.Agreement
	r.check(r.rows().Agreements(dialer.TokenOf([]byte(numberKey), first), func(a *state.Agreement) bool { said = append(said, *a); return true }))
	if len(said) != 1 || said[0].By != "import" || said[0].Record.Proof != "page 4" {
		t.Errorf("the history: %+v", said)
	}
	for line, bad := range map[int64]cadence.ConsentRecord{
		10: {Kind: "oral", Given: 1}, 11: {Kind: "express"}, 12: {Kind: "express", Given: r.now.Add(time.Hour).UnixMilli()},
	} {
		r.must(&dialer.ImportRow{Import: theImport, Line: line, Lead: cadence.Lead{Numbers: numbered("+13035550177")}, Consent: &bad})
	}
	var rejects []string
	r.check(r.rows().Rejects(theImport, 0, func(x *state.Reject) bool { rejects = append(rejects, x.Column); return true }))
	if len(rejects) == 0 || r.number("+13035550177").Number != "" {
		t.Errorf("rejects %v, number %+v", rejects, r.number("+13035550177"))
	}
	for _, column := range rejects {
		if column != "consent_kind" && column != "consent_at" {
			t.Errorf("rejected in column %q", column)
		}
	}
}

// A relationship counts up to the last call that rings within its months.
func TestARelationshipLapses(t *testing.T) {
	given := time.Date(2024, 9, 16, 15, 0, 0, 0, time.UTC) // 18 months before monday
	for _, c := range []struct {
		given time.Time
		holds bool
	}{{given.Add(permit.Guard + time.Millisecond), true}, {given.Add(permit.Guard), false}} {
		r := newRig(t)
		r.agreed = &cadence.ConsentRecord{Kind: "ebr.18m_purchase", Given: c.given.UnixMilli()}
		r.onDial = r.ends(telephony.StatusBusy)
		r.cadence(theCadence, document(t, "Plain", nil))
		r.lead(cadence.ID{}, first)
		r.now = monday
		lead := r.number(first).Leads[0]
		r.must(&dialer.Enroll{Lead: lead, Cadence: theCadence})
		var j dialer.Judged
		r.check(state.Decode(r.attempt(r.last().Dial.Attempt).Verdict, &j))
		if got := len(j.Facts.Consents) == 1; got != c.holds {
			t.Errorf("given %s: it counts: %v", c.given, got)
		}
	}
}
