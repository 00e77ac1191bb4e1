package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// A rehearsal is an attempt like any other from its intent on: what stands here
// is only how the intent comes about, without a lead, a stay or a touch.

// rehearsalDue decides about a rehearsal that was granted a call, or whose
// patience is over.
func (c *Core) rehearsalDue(now int64, v *state.View, m *Due, r *state.Rehearsal) Outcome {
	switch {
	case r.State != state.RehearsalWaiting || m.Lane != 0 && (m.Lane != r.Lane || m.Due != r.At) || m.Lane == 0 && m.Due != r.Expires:
		return stale(m)
	case m.Lane == 0 || now >= r.Expires:
		return notRehearsed(m.Enrollment, RuleRehearsalLate, "", 0, now)
	case m.Grant == nil || v.Office().Stopped || v.Office().Packs.IsZero() || c.unfit:
		return Outcome{Unused: true} // it waits on, for its minute
	}
	s, n := v.Staff(r.Token), v.Number(r.Token)
	verifies := r.Code != ""
	switch {
	case s == nil || n == nil || !verifies && s.VerifiedAt == 0:
		return notRehearsed(m.Enrollment, RuleStaff, "", 0, now)
	case callsOfDay(s, now) >= rehearsalsOf(verifies):
		return notRehearsed(m.Enrollment, RuleRehearsals, "", 0, now)
	case n.OnLine > 0:
		return notRehearsed(m.Enrollment, RuleReturnCall, "", now+onLineWait, now)
	}
	if n.Number == "" { // the lead that had it was erased; the house has it still
		known := *n
		known.Number = s.Number
		n = &known
	}
	p := c.plan(v, r.Document, state.DocumentVersion)
	if audio := p.lacks(v, r.Step); audio != "" {
		return notRehearsed(m.Enrollment, RuleMedia, audio, 0, now)
	}
	return c.judgeRehearsal(now, v, m, r, n, p)
}

func notRehearsed(id cadence.ID, rule, detail string, until, now int64) Outcome {
	return Outcome{Unused: true, Facts: []event.Fact{&event.RehearsalRefused{ID: id, Rule: rule, Detail: detail, Until: until, At: now}}}
}

// judgeRehearsal runs the permit and writes the intent.
func (c *Core) judgeRehearsal(now int64, v *state.View, m *Due, r *state.Rehearsal, n *state.Number, p *Plan) Outcome {
	lead := someone(n.Number)
	zones := zoneText(lead, n.Number)
	facts := c.rehearsalFacts(v, r, n, p, zones)
	if err := c.rules.moneyFacts(&facts, now, func(day int64) (state.Spend, error) { return *v.Spend(day), nil }); err != nil {
		panic("BUG: a view reads without errors: " + err.Error())
	}
	verdict := permit.Decide(&facts, atMs(now))
	if verdict.Result != permit.Allow {
		out := notRehearsed(m.Enrollment, verdict.Rule, verdict.Detail, verdict.Until, now)
		out.Verdict = &verdict
		return out
	}
	a := &ask{
		Touch: m.Enrollment, Token: r.Token, Cadence: r.Cadence, Version: r.Version, Campaign: p.Doc.CampaignName(), Step: r.Step,
		Run: 1, Zones: zones, Due: m.Due, Grant: *m.Grant, Texts: p.texts(r.Step, lead),
	}
	if r.Code != "" {
		a.Texts = []string{"", codeText(r.Code)}
	}
	i, order := c.intended(now, a, n, p, state.Encode(&Judged{verdict, facts}), min(verdict.NotAfter, now+dialFor), verdict.NotAfter, verdict.Zone, facts.Policy)
	i.Rehearsal, i.Document = m.Enrollment, r.Document
	i.CapSince, i.CapDay = now-ms(24*time.Hour), 0
	return Outcome{Facts: []event.Fact{i}, Dials: []DialOrder{order}, Verdict: &verdict}
}

// rehearsalFacts are what the permit judges a rehearsal on. Hours, do-not-call,
// countries and money hold as for anybody. Caps and silences are about leads:
// they do not count here, and rehearsals do not count in them. Whoever has
// repeated the code has agreed to be called; that cadence need not be active,
// but a halted one stays silent.
func (c *Core) rehearsalFacts(v *state.View, r *state.Rehearsal, n *state.Number, p *Plan, zones string) permit.Facts {
	z := c.zonesOf(zones)
	held := agreed
	if r.Code != "" {
		held = 0
		held.Add("consent.express")
	}
	f := p.facts(r.Step, z, c.laws.ruling(c.packs(v), p, r.Step, z, zones, string(n.Number), n.Region, callee{held: held, given: held}), &c.rules)
	f.Policy, f.Kill, f.Active, f.Enrolled, f.CallerID = v.Office().Policy, v.Office().Stopped, true, true, true
	f.Countries, f.NumberCap = c.rules.Countries, c.rules.NumberCap
	if row := v.Cadence(r.Cadence); row != nil {
		f.Halted = row.Halted
	}
	numberFacts(&f, n)
	f.Intents = nil
	f.DNC, f.Lists = noOf(n, r.Cadence, p.Doc.CampaignName()), lists(v, r.Token)
	return f
}

// agreed is what whoever repeated a code has agreed to: being called, also by
// a machine. It is no consent to hours that the law forbids.
var agreed = func() (h pack.Held) {
	for _, name := range []string{"consent.express", "consent.express_written", "consent.prior"} {
		h.Add(name)
	}
	return h
}()

// someone stands in for the lead of a rehearsal.
func someone(n cadence.Number) *cadence.Lead {
	return &cadence.Lead{
		Name: "Sample Lead", FirstName: "Sample", LastName: "Lead", Numbers: []cadence.LeadNumber{{Number: n}},
	}
}

// playedBy is what the call of an attempt plays: the version it was made under,
// or the document of a rehearsal.
func playedBy(i *event.Intended) planKey {
	if !i.Rehearsal.IsZero() {
		return planKey{i.Document, state.DocumentVersion}
	}
	return planKey{i.Cadence, i.Version}
}

// playedIn is the same for an attempt that is over.
func playedIn(a *state.Attempt) planKey {
	if !a.Rehearsal.IsZero() {
		return planKey{a.Document, state.DocumentVersion}
	}
	return planKey{a.Cadence, a.Version}
}

// tell tells the lead's home of an attempt's end. A rehearsal has none.
func tell(out *Outcome, o *state.Open, m *over) {
	if o.I.Rehearsal.IsZero() {
		out.send(m)
	}
}
