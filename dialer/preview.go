package dialer

import (
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
)

// Imagined is a lead that is not there and a document that need not be stored:
// what a Preview is asked about. The wall time of Enrolled is read at the lead's
// home, whatever its location says.
type Imagined struct {
	Document []byte
	Lead     cadence.Lead
	Enrolled time.Time
	Assume   cadence.DispositionCode
}

// Preview is when the imagined lead would be called.
type Preview struct {
	Enrolled time.Time // the instant
	Home     *time.Location
	Assume   cadence.DispositionCode
	Stay     StayForecast
}

// Preview says when a lead would be called under a document: routing, the
// permit and the rule packs in force decide as they would then, and nothing is
// stored. The lead has no history, so limits that count calls count only those
// foreseen here. It returns a *Refusal when the document could not be
// published, with its problems, or the number is none.
func (e *Engine) Preview(q Imagined, limit int) (*Preview, error) {
	assume, ok := e.o.Rules.Dispositions.Resolve(q.Assume)
	if !ok {
		return nil, refusal(CodeInvalid, "assume", "there is no disposition "+string(q.Assume))
	}
	p, err := e.imaginedPlan(q.Document)
	if err != nil {
		return nil, err
	}
	f := facts{zones: zoneTexts(&q.Lead), lead: &q.Lead, plan: p, rules: &e.o.Rules}
	if len(f.zones) == 0 {
		return nil, refusal(CodeInvalid, "number", "the lead needs a number")
	}
	rows := e.Rows()
	if f.office, err = rows.Office(); err != nil {
		return nil, err
	}
	if f.set, err = e.plans.packs(rows, pack.Digest(f.office.Packs)); err != nil {
		return nil, err
	}
	home := parseZones(f.zones[0]).home()
	w := q.Enrolled
	at := time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, home)
	s := seer{rules: &e.o.Rules, lead: &state.Lead{Lead: q.Lead}, assume: assume, now: at, placed: map[int][]int64{}, begun: map[int]bool{}}
	s.facts = func(st *seenStay) (permit.Facts, error) { return f.of(&st.row), nil }
	st := &seenStay{plan: p, row: state.Enrollment{
		Campaign: p.Doc.CampaignName(), Numbers: make([]event.Token, len(f.zones)), ZoneSets: f.zones, Run: 1, RunStarted: at.UnixMilli(), EnteredAt: at.UnixMilli(),
	}}
	s.stays = []*seenStay{st}
	if err := s.apply(st, routing.Start(p.Doc, 0, routing.Numbers{Count: len(f.zones)}, at), at); err != nil {
		return nil, err
	}
	err = s.look(min(limit, MaxForecast))
	return &Preview{Enrolled: at, Home: home, Assume: assume.Code, Stay: st.StayForecast}, err
}

// imaginedPlan compiles a document that could be published.
func (e *Engine) imaginedPlan(text []byte) (*Plan, error) {
	known, err := e.Known()
	if err != nil {
		return nil, err
	}
	doc, problems := cadence.Parse(text)
	if doc != nil {
		cadence.Resolve(doc, known)
		problems = cadence.Publishable(doc, known)
	}
	if len(problems) > 0 {
		cadence.Locate(text, problems)
		return nil, &Refusal{Code: CodeInvalid, Field: "document", Message: "only a cadence that could be published can be previewed; see details", Details: problems}
	}
	return newPlan(cadence.ID{}, 0, cadence.Export(doc))
}

// facts gathers the permit's facts about an imagined lead, whose numbers nobody
// ever called, and whose consents are on record where the law wants them.
type facts struct {
	zones  []string
	lead   *cadence.Lead
	plan   *Plan
	rules  *Rules
	office state.Office
	set    *pack.Set
	book   lawbook // of its own: other documents have the same plan key
}

func (g *facts) of(row *state.Enrollment) permit.Facts {
	i := min(row.Touch.NumberIdx, len(g.zones)-1)
	step := min(row.Step, len(g.plan.Steps)-1)
	number := g.lead.Numbers[i].Number
	n := &state.Number{Number: number, Region: window.Region(string(number))}
	z := parseZones(g.zones[i])
	f := g.plan.facts(step, z, g.book.ruling(g.set, g.plan, step, z, g.zones[i], string(number), n.Region, stranger), g.rules)
	f.Policy, f.Active, f.Enrolled, f.CallerID = g.office.Policy, true, true, true
	f.Countries, f.NumberCap = slices.Clone(g.rules.Countries), g.rules.NumberCap
	numberFacts(&f, n)
	return f
}
