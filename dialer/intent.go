package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/internal/wire"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Judged is a permit as it is stored with an attempt: the verdict and the
// facts it was given on, so that it can be judged again later.
type Judged struct {
	Verdict permit.Verdict `cbor:"1,keyasint"`
	Facts   permit.Facts   `cbor:"2,keyasint"`
}

// appendPermitZones writes zones as the permit does itself: by name.
func appendPermitZones(b []byte, zones permit.Zones) []byte {
	b = wire.AppendList(b, len(zones), false)
	for _, z := range zones {
		b = wire.AppendText(b, z.String())
	}
	return b
}

// listWait is when a call is looked at again that waits for an imported list.
const listWait = 300_000

// dialFor is how long after its verdict a call may still be sent.
const dialFor = 30_000

// ask decides at the number's home whether the call may be made, and writes
// the intent in the same turn. It answers exactly one of intent, deferred,
// blocked and returned.
func (c *Core) ask(now int64, v *state.View, m *ask) Outcome {
	a := &answer{Enrollment: m.Enrollment, Touch: m.Touch, Nth: m.Nth}
	out := Outcome{Sends: []Message{a}}
	n := v.Number(m.Token)
	switch {
	case n == nil:
		a.Blocked, a.Rule = true, permit.RuleRetired
		out.Unused = true
		return out
	case n.LastTouch == m.Touch && m.Nth == n.LastAsk:
		a.Attempt = n.LastAttempt() // the same ask again: the same answer
		a.At = intentOf(v, a.Attempt)
		return out
	case n.LastTouch == m.Touch && m.Nth < n.LastAsk || now > m.Expires || now > m.Grant.Expires:
		a.Returned, a.Until, a.Rule = true, m.Due, RuleLateGrant
		out.Unused = true
		return out
	case n.OnLine > 0:
		a.Until, a.Rule = now+onLineWait, RuleReturnCall
		out.Unused = true
		return out
	}
	c.judge(now, v, &out, a, m, n)
	return out
}

// intentOf is when the intent of an attempt was written; 0 for one that was
// returned.
func intentOf(v *state.View, id cadence.ID) int64 {
	if o := v.Open(id); o != nil {
		return o.I.At
	}
	if a := v.Attempt(id); a != nil {
		return a.At
	}
	return 0
}

// unask takes back what a touch's ask led to.
func (c *Core) unask(v *state.View, m *unask) Outcome {
	n := v.Number(m.Token)
	if n == nil || n.LastTouch != m.Touch || n.Asked().IsZero() {
		return Outcome{}
	}
	return Outcome{Sends: []Message{&withdraw{Attempt: n.Open, Reason: m.Reason}}}
}

// judge runs the permit over a new ask and does what it says.
func (c *Core) judge(now int64, v *state.View, out *Outcome, a *answer, m *ask, n *state.Number) {
	p := c.plan(v, m.Cadence, m.Version)
	facts := c.facts(now, v, p, m, n)
	err := c.rules.moneyFacts(&facts, now, func(day int64) (state.Spend, error) { return *v.Spend(day), nil })
	if err == nil {
		err = c.rules.cadenceFacts(&facts, m.Cadence, now, func(day int64, id cadence.ID) (int64, error) { return v.CadenceCalls(day, id), nil })
	}
	if err != nil {
		panic("BUG: a view reads without errors: " + err.Error())
	}
	verdict := permit.Decide(&facts, atMs(now))
	switch verdict.Result {
	case permit.Allow:
		notAfter := min(verdict.NotAfter, now+dialFor)
		i, order := c.intended(now, m, n, p, state.Encode(&Judged{verdict, facts}), notAfter, verdict.NotAfter, verdict.Zone, facts.Policy)
		i.CapSince = min(i.CapSince, now-ms(max(facts.Pack.Law.Reach, permit.Reach)+time.Hour))
		rules, within := facts.Abandons(atMs(now))
		i.Rules, i.Within, i.Sorted = rules, ms(within), true
		out.fact(i)
		out.Dials = []DialOrder{order}
		a.Attempt, a.At = i.Attempt, i.At
	case permit.Defer:
		a.Until, a.Rule = verdict.Until, verdict.Rule
		out.Unused = true
	case permit.Block:
		out.Unused = true
		if stopped(verdict.Rule) {
			a.Returned, a.Until, a.Rule = true, m.Due, verdict.Rule
			break
		}
		if facts.Pack.Law.Awaits(verdict.Rule) {
			a.Until, a.Rule = max(now+listWait, withoutLists(facts, now)), verdict.Rule
			break
		}
		a.Blocked, a.Rule = true, verdict.Rule
	}
	out.Verdict = &verdict
}

// withoutLists is until when a call would wait whose lists were young: looking
// earlier whether somebody has imported them is of no use. 0 is not at all.
func withoutLists(f permit.Facts, now int64) int64 {
	f.Scrub = permit.ScrubOff
	if v := permit.Decide(&f, atMs(now)); v.Result == permit.Defer {
		return v.Until
	}
	return 0
}

// stopped reports whether a rule is about the house: it says nothing about the
// lead, which waits until somebody lifts it.
func stopped(rule string) bool {
	switch rule {
	case permit.RuleKillSwitch, permit.RuleHealth, permit.RuleNoPack, permit.RuleInactive, permit.RuleHalted, permit.RuleListPaused:
		return true
	}
	return false
}

// facts gathers what the permit judges: the lead's side from the ask, the
// number's from its row.
func (c *Core) facts(now int64, v *state.View, p *Plan, m *ask, n *state.Number) permit.Facts {
	office := v.Office()
	z := c.zonesOf(m.Zones)
	who, records := evidenceOf(n, now, m.Cadence, m.Campaign, p.seller(&c.rules))
	f := p.facts(m.Step, z, c.laws.ruling(c.packs(v), p, m.Step, z, m.Zones, string(n.Number), n.Region, who), &c.rules)
	f.Consents = records
	f.Policy, f.Kill, f.Enrolled, f.Countries = office.Policy, office.Stopped, true, c.rules.Countries
	f.CallerID, f.NumberCap = m.Grant.From != "", c.rules.NumberCap
	c.rules.callerFacts(&f, m.Grant.From)
	if row := v.Cadence(m.Cadence); row != nil {
		f.Active, f.Halted = row.Status == event.Active, row.Halted
	}
	if c.unfit && !c.rules.Homes.here(m.Enrollment.Slot()) { // a shard that is not fit grants itself none
		f.Health = ReasonElsewhere
	}
	if !m.List.IsZero() {
		listFacts(&f, v.List(m.List))
	}
	numberFacts(&f, n)
	whole := m.person()
	whole.addErased(n, m.Token, m.Campaign, v.Erased, v.Enrollment)
	whole.facts(&f, n, m.Campaign)
	f.DNC, f.Lists, f.Scrub = noOf(n, m.Cadence, m.Campaign), lists(v, m.Token), c.rules.Scrub
	f.Over = overFacts(office, m.Campaign)
	return f
}

// facts begins a permit's facts with what a version's step and a place tell.
func (p *Plan) facts(step int, z *zoneSet, r *ruling, rules *Rules) permit.Facts {
	return permit.Facts{
		Seller: p.seller(rules), Given: r.given,
		Zones: r.zones, NonGeographic: z.rule == permit.RuleNonGeographic, Pack: r.pack, Jurisdictions: r.places,
		Purpose: string(p.Doc.PurposeOf()), Voice: string(p.Steps[step].voice), Evidence: r.evidence, Declared: p.declared, Ring: ms(p.Steps[step].ring),
	}
}

func numberFacts(f *permit.Facts, n *state.Number) {
	f.Country, f.Retired, f.Open, f.Intents = n.Region, n.Retired != "", !n.Open.IsZero(), n.Intents
	f.Premium = cadence.Premium(n.Number)
}

// Need is the caller ID a step asks for.
func (p *Plan) Need(step int) cadence.CallerID { return p.Doc.Steps[step].CallerID }
