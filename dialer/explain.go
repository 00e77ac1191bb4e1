package dialer

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Explanation says why a lead is, or is not, being called.
type Explanation struct {
	Lead  cadence.ID
	At    time.Time
	Stays []StayExplained // open enrollments, oldest first
}

// StayExplained explains one enrollment. First is the first blocker, zero when
// nothing stands in the way; Eligible is the earliest instant at which the
// next call may be placed under today's rules, zero when only somebody's
// action can make it possible.
type StayExplained struct {
	Enrollment cadence.ID
	Cadence    cadence.ID
	Name       string
	StepKey    string
	Run        int
	Waiting    string // due, dialing, disposition
	Due        time.Time
	Deferred   string // the rule that moved the due time, "" when none did
	Attempt    cadence.ID
	First      permit.Check
	Eligible   time.Time
	Trace      []permit.Check
}

// planCache compiles published versions for queries.
type planCache struct {
	mu   sync.Mutex
	m    map[planKey]*Plan
	laws lawbook
}

// packs returns a set of rule packs by its digest, nil for none.
func (pc *planCache) packs(rows state.Rows, digest pack.Digest) (*pack.Set, error) {
	if digest.IsZero() {
		return nil, nil
	}
	pc.mu.Lock()
	defer pc.mu.Unlock()
	if set := pc.laws.known(digest); set != nil {
		return set, nil
	}
	row, err := rows.Packs(event.Packs(digest))
	if err != nil {
		return nil, err
	}
	set, err := pack.Read(row.Body)
	if err == nil {
		pc.laws.take(set)
	}
	return set, err
}

func (pc *planCache) ruling(set *pack.Set, p *Plan, step int, z *zoneSet, text string, n *state.Number, who callee) *ruling {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	return pc.laws.ruling(set, p, step, z, text, string(n.Number), n.Region, who)
}

func (pc *planCache) get(rows state.Rows, id cadence.ID, n uint32) (*Plan, error) {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	k := planKey{id, n}
	if p, ok := pc.m[k]; ok {
		return p, nil
	}
	v, err := rows.Version(id, n)
	if err != nil {
		return nil, err
	}
	p, err := newPlan(id, n, v.Document)
	if err != nil {
		return nil, err
	}
	if pc.m == nil {
		pc.m = map[planKey]*Plan{}
	}
	pc.m[k] = p
	return p, nil
}

// Explain answers for one lead from committed state. It returns a *Refusal
// when there is no such lead.
func (e *Engine) Explain(lead cadence.ID) (*Explanation, error) {
	rows := e.Rows()
	l, err := rows.Lead(lead)
	if err != nil {
		return nil, err
	}
	if l == nil {
		return nil, refusal(CodeNotFound, "id", "there is no such lead")
	}
	now := e.Now()
	x := &Explanation{Lead: lead, At: now}
	for _, s := range l.Stays {
		if s.LeftAt != 0 {
			continue
		}
		row, err := rows.Enrollment(s.Enrollment)
		if err != nil {
			return nil, err
		}
		if row == nil || row.LeftAt != 0 {
			continue
		}
		one, err := e.explainStay(rows, now, s.Enrollment, row)
		if err != nil {
			return nil, err
		}
		x.Stays = append(x.Stays, one)
	}
	return x, nil
}

func (e *Engine) explainStay(rows state.Rows, now time.Time, id cadence.ID, row *state.Enrollment) (StayExplained, error) {
	x := StayExplained{Enrollment: id, Cadence: row.Cadence, StepKey: row.StepKey, Run: row.Run, Deferred: row.Touch.Rule, Attempt: row.Touch.Attempt}
	c, err := rows.Cadence(row.Cadence)
	if err != nil {
		return x, err
	}
	x.Name = c.Name
	switch row.Touch.State {
	case state.Dialing:
		x.Waiting = "dialing"
		return x, nil
	case state.Held:
		x.Waiting, x.Due = "disposition", atMs(row.Touch.Due)
		return x, nil
	case state.Waiting, state.AskedIt, state.NoTouch:
	}
	x.Waiting, x.Due = "due", atMs(row.Touch.Due)
	facts, err := e.factsNow(rows, id, row, c)
	if err != nil {
		return x, err
	}
	x.Trace = permit.Trace(&facts, now)
	if i := slices.IndexFunc(x.Trace, func(c permit.Check) bool { return c.Result != permit.Allow }); i >= 0 {
		x.First = x.Trace[i]
	}
	x.Eligible = eligible(&facts, now, x.Due)
	return x, nil
}

// eligible is the earliest instant, not before the due time, that the permit
// allows; zero when it blocks.
func eligible(f *permit.Facts, now, due time.Time) time.Time {
	at := now
	if due.After(at) {
		at = due
	}
	for range 64 { // each step passes one rule; a handful is all there are
		v := permit.Decide(f, at)
		switch v.Result {
		case permit.Allow:
			return at
		case permit.Block:
			return time.Time{}
		case permit.Defer:
		}
		if next := atMs(v.Until); next.After(at) {
			at = next
			continue
		}
		break
	}
	return time.Time{}
}

// factsNow gathers the permit's facts for an enrollment's next call.
func (e *Engine) factsNow(rows state.Rows, id cadence.ID, row *state.Enrollment, c *state.Cadence) (permit.Facts, error) {
	p, err := e.plans.get(rows, row.Cadence, row.Version)
	if err != nil {
		return permit.Facts{}, err
	}
	office, err := rows.Office()
	if err != nil {
		return permit.Facts{}, err
	}
	i := min(row.Touch.NumberIdx, len(row.Numbers)-1)
	n, err := rows.Number(row.Numbers[i])
	if err != nil {
		return permit.Facts{}, err
	}
	if n == nil {
		n = &state.Number{}
	}
	set, err := e.plans.packs(rows, pack.Digest(office.Packs))
	if err != nil {
		return permit.Facts{}, err
	}
	step := min(row.Step, len(p.Steps)-1)
	z := parseZones(row.ZoneSets[i])
	held, records := evidenceOf(n, e.Now().UnixMilli(), row.Cadence, row.Campaign, p.seller(&e.o.Rules))
	f := p.facts(step, z, e.plans.ruling(set, p, step, z, row.ZoneSets[i], n, held), &e.o.Rules)
	f.Consents = records
	e.o.Rules.callerFacts(&f, e.o.Rules.candidate(&f, p.Need(step)))
	f.Over = overFacts(&office, row.Campaign)
	f.Policy, f.Kill, f.Health, f.Active, f.Halted = office.Policy, office.Stopped, e.Status().healthReason(), c.Status == event.Active, c.Halted
	f.Enrolled, f.Countries, f.CallerID, f.NumberCap = row.Paused == 0, e.o.Rules.Countries, true, e.o.Rules.NumberCap
	if !row.List.IsZero() {
		list, err := rows.List(row.List)
		if err != nil {
			return permit.Facts{}, err
		}
		listFacts(&f, list)
		f.ListUntil = e.o.Rules.listUntil(list, row.Touch.Class, e.Now().UnixMilli())
	}
	numberFacts(&f, n)
	who, err := personNow(rows, id, row, row.Numbers[i], n)
	if err != nil {
		return permit.Facts{}, err
	}
	who.facts(&f, n, row.Campaign)
	f.DNC, f.Scrub = noOf(n, row.Cadence, row.Campaign), e.o.Rules.Scrub
	f.Lists, err = listsOf(rows, row.Numbers[i])
	now := e.Now().UnixMilli()
	return f, errors.Join(err, e.o.Rules.moneyFacts(&f, now, rows.Spend), e.o.Rules.cadenceFacts(&f, row.Cadence, now, rows.CadenceCalls))
}

// healthReason is the gate that is shut, but for those that have a rule of
// their own.
func (s Status) healthReason() string {
	switch s.Doubt.Reason {
	case ReasonKillSwitch, ReasonMoney:
		return ""
	}
	return s.Doubt.Reason
}
