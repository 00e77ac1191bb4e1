package dialer

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Supposed is a call that nobody is about to make: what Suppose is asked about.
type Supposed struct {
	Lead cadence.Lead // with one number; it need not be there
	// Cadence, when set, is one whose published version says purpose, voice,
	// ring and hours; else Purpose and Voice do.
	Cadence cadence.ID
	Purpose cadence.Purpose
	Voice   cadence.Voice
	// Consents are kinds of records that are taken to be there beside those that
	// are (pack.RecordKinds).
	Consents []string
	// Local is the wall time of the call in Zone, where nil is the number's home.
	// Its own location does not matter; the zero time is now.
	Local time.Time
	Zone  *time.Location
}

// Supposition is the answer, with all it rests on.
type Supposition struct {
	At       time.Time
	Home     *time.Location
	Facts    permit.Facts
	Verdict  permit.Verdict
	Trace    []permit.Check
	Eligible time.Time // the first instant from At on that is allowed; zero when somebody has to act first
	Known    bool      // the number is in the books
}

// Suppose judges a call to a number by today's rule packs and by what is known
// of the number today: marks, lists, consents, calls up to that instant. House
// and cadence are taken to dial, the lead to be enrolled, a caller ID and money
// to be there. Nothing is stored. It returns a *Refusal for a number, cadence or
// consent that there is not.
func (e *Engine) Suppose(q *Supposed) (*Supposition, error) {
	texts := zoneTexts(&q.Lead)
	if len(texts) != 1 {
		return nil, refusal(CodeInvalid, "number", "name one number")
	}
	rows := e.Rows()
	p, err := e.supposedPlan(rows, q)
	if err != nil {
		return nil, err
	}
	out := &Supposition{At: e.Now(), Home: parseZones(texts[0]).home()}
	if zone := q.Zone; !q.Local.IsZero() {
		if zone == nil {
			zone = out.Home
		}
		l := q.Local
		out.At = time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), 0, zone)
	}
	if out.Facts, out.Known, err = e.supposedFacts(rows, q, p, texts[0], out.At); err != nil {
		return nil, err
	}
	out.Verdict = permit.Decide(&out.Facts, out.At)
	out.Trace = permit.Trace(&out.Facts, out.At)
	for i := range out.Trace {
		c := &out.Trace[i]
		c.Detail = strings.Replace(c.Detail, permit.NoRecord, "taken to be on record", 1)
	}
	out.Eligible = eligible(&out.Facts, out.At, out.At)
	return out, nil
}

// supposedPlan is the published version of the cadence that is asked about, or
// one call of the purpose and voice that are.
func (e *Engine) supposedPlan(rows state.Rows, q *Supposed) (*Plan, error) {
	if q.Cadence.IsZero() {
		doc := &cadence.Document{
			Format: cadence.Format, Name: "supposed", Purpose: q.Purpose, Voice: q.Voice, Audience: cadence.Audience{Type: "manual"},
			Steps: []cadence.Step{{Key: "call", Kind: "call"}},
		}
		return newPlan(cadence.ID{}, 0, cadence.Export(doc))
	}
	row, err := rows.Cadence(q.Cadence)
	switch {
	case err != nil:
		return nil, err
	case row == nil:
		return nil, refusal(CodeNotFound, "cadence", "there is no such cadence")
	case row.Version == 0:
		return nil, refusal(CodeConflict, "cadence", "the cadence was never published; nothing is dialed by a draft")
	}
	return e.plans.get(rows, q.Cadence, row.Version)
}

func (e *Engine) supposedFacts(rows state.Rows, q *Supposed, p *Plan, zones string, at time.Time) (f permit.Facts, known bool, err error) {
	office, err := rows.Office()
	if err != nil {
		return f, false, err
	}
	set, err := e.plans.packs(rows, pack.Digest(office.Packs))
	if err != nil {
		return f, false, err
	}
	to := q.Lead.Numbers[0].Number
	token := e.Token(to)
	n, err := rows.Number(token)
	if err != nil {
		return f, false, err
	}
	if known = n != nil; !known {
		n = &state.Number{}
	}
	seen := *n
	seen.Number, seen.Region = to, window.Region(string(to))
	seen.Intents = slices.DeleteFunc(slices.Clone(n.Intents), func(call int64) bool { return call > at.UnixMilli() })
	campaign := p.Doc.CampaignName()
	who, records := evidenceOf(n, at.UnixMilli(), q.Cadence, campaign, p.seller(&e.o.Rules))
	for _, kind := range q.Consents {
		name, ok := pack.EvidenceOf(kind)
		if !ok {
			return f, known, refusal(CodeInvalid, "consents", "there is no consent of the kind "+kind)
		}
		who.held.Add(name)
		who.given.Add(name) // by whom it was given is supposed too
	}
	book := lawbook{} // of its own: a supposed plan has the key of no cadence
	z := parseZones(zones)
	f = p.facts(0, z, book.ruling(set, p, 0, z, zones, string(to), seen.Region, who), &e.o.Rules)
	f.Consents, f.Policy, f.Active, f.Enrolled, f.CallerID = records, office.Policy, true, true, true
	f.Countries, f.NumberCap = e.o.Rules.Countries, e.o.Rules.NumberCap
	numberFacts(&f, &seen)
	(&person{}).facts(&f, n, campaign)
	f.DNC = noOf(n, q.Cadence, campaign)
	e.o.Rules.callerFacts(&f, e.o.Rules.candidate(&f, p.Need(0)))
	f.Lists, err = listsOf(rows, token)
	return f, known, errors.Join(err, e.o.Rules.cadenceFacts(&f, q.Cadence, at.UnixMilli(), rows.CadenceCalls))
}
