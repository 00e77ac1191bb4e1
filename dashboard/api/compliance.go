package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// packsAnswer are the rules in force: those of the packs, and those of the house
// that are built in.
type packsAnswer struct {
	AsOf    string      `json:"as_of"`
	Digest  *string     `json:"digest"`
	Since   *string     `json:"since"`
	Refused string      `json:"refused"`
	TZ      string      `json:"tz"`
	Files   []packFile  `json:"files"`
	BuiltIn []houseRule `json:"built_in"`
}

type packFile struct {
	Path      string     `json:"path"`
	Pack      string     `json:"pack"`
	ReviewBy  string     `json:"review_by"`
	Overdue   bool       `json:"overdue"`
	Calendars []calendar `json:"calendars"`
	Rules     []packRule `json:"rules"`
}

type calendar struct {
	ID         string `json:"id"`
	Days       int    `json:"days"`
	Source     string `json:"source"`
	Confidence string `json:"confidence"`
	ReviewBy   string `json:"review_by"`
	Overdue    bool   `json:"overdue"`
}

type packRule struct {
	ID         string          `json:"id"`
	Kind       pack.Kind       `json:"kind"`
	Title      string          `json:"title"`
	Judged     bool            `json:"judged"`
	Countries  []string        `json:"countries"`
	States     []string        `json:"states"`
	Purposes   []string        `json:"purposes"`
	Lines      []string        `json:"lines"`
	Voices     []string        `json:"voices"`
	Params     json.RawMessage `json:"params"`
	WaivedBy   []string        `json:"waived_by"`
	Declared   bool            `json:"declared"`
	Source     string          `json:"source"`
	Confidence string          `json:"confidence"`
	From       string          `json:"effective_from"`
	To         string          `json:"effective_to"`
	InForce    bool            `json:"in_force"`
	ReviewBy   string          `json:"review_by"`
	Overdue    bool            `json:"overdue"`
	Remedy     string          `json:"remedy"`
}

type houseRule struct {
	ID     string      `json:"id"`
	Kind   permit.Kind `json:"kind"`
	Title  string      `json:"title"`
	Source string      `json:"source"`
	Remedy string      `json:"remedy"`
}

// getPacks tells the rules in force, in the order in which they are judged.
func (a *API) getPacks(*request) (answer, error) {
	out := packsAnswer{AsOf: a.asOf(), TZ: window.TZVersion(), Refused: a.op.Status().PacksAmiss, Files: []packFile{}, BuiltIn: []houseRule{}}
	for _, r := range permit.Rules() {
		out.BuiltIn = append(out.BuiltIn, houseRule{r.ID, r.Kind, r.Title, r.Source, r.Unblock})
	}
	set, err := a.op.Packs()
	if err != nil || set == nil {
		return answer{status: http.StatusOK, body: out}, err
	}
	digest := set.Digest()
	out.Digest = new(digest.String())
	row, err := a.op.Rows().Packs(event.Packs(digest))
	if err != nil {
		return answer{}, err
	}
	if row != nil {
		out.Since = maybe(row.At)
	}
	out.Files, err = packFiles(set, a.op.Now().UTC().Format(time.DateOnly))
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}

// packFiles reads the canonical form of a set. today is a date; dates compare as
// their texts do.
func packFiles(set *pack.Set, today string) ([]packFile, error) {
	var files []pack.File
	if err := json.Unmarshal(set.Body(), &files); err != nil {
		return nil, fmt.Errorf("rule packs in force: %w", err)
	}
	overdue := func(day string) bool { return day != "" && today > day }
	var rules []packRule
	var failed error
	set.Rules(func(r *pack.Rule, on pack.Applies) {
		params, err := json.Marshal(r.Params)
		if err != nil {
			failed = err
		}
		info, _ := permit.Info(set, r.ID)
		rules = append(rules, packRule{
			ID: r.ID, Kind: r.Kind, Title: r.Title, Judged: !r.Kind.Duty(), Countries: texts(on.Country), States: texts(on.State), Purposes: texts(on.Purpose),
			Lines: texts(on.Line), Voices: texts(on.Voice), Params: params, WaivedBy: texts(r.WaivedBy), Declared: r.Declared, Source: r.Source,
			Confidence: r.Confidence, From: r.From, To: r.To, InForce: (r.From == "" || today >= r.From) && (r.To == "" || today <= r.To),
			ReviewBy: r.ReviewBy, Overdue: overdue(r.ReviewBy), Remedy: info.Unblock,
		})
	})
	out := make([]packFile, 0, len(files))
	for i := range files {
		f := &files[i]
		shown := packFile{Path: f.Path, Pack: f.Pack, ReviewBy: f.ReviewBy, Overdue: overdue(f.ReviewBy), Calendars: []calendar{}, Rules: rules[:len(f.Rules):len(f.Rules)]}
		rules = rules[len(f.Rules):]
		if len(f.Rules) == 0 {
			shown.Rules = []packRule{}
		}
		for j := range f.Calendars {
			c := &f.Calendars[j]
			shown.Calendars = append(shown.Calendars, calendar{c.ID, len(c.Days), c.Source, c.Confidence, c.ReviewBy, overdue(c.ReviewBy)})
		}
		out = append(out, shown)
	}
	return out, failed
}

type supposeRequest struct {
	Number     string   `json:"number"`
	Cadence    string   `json:"cadence"`
	Purpose    string   `json:"purpose"`
	Voice      string   `json:"voice"`
	Local      string   `json:"local"`
	Zone       string   `json:"zone"`
	State      string   `json:"state"`
	PostalCode string   `json:"postal_code"`
	LeadZone   string   `json:"lead_zone"`
	Consents   []string `json:"consents"`
}

// supposition is a verdict with the whole trace.
type supposition struct {
	At           string         `json:"at"`
	Answer       permit.Result  `json:"answer"`
	Rule         string         `json:"rule"`
	Message      string         `json:"message"`
	Until        *string        `json:"until"`
	NotAfter     *string        `json:"not_after"`
	NextEligible *eligible      `json:"next_eligible"`
	Zones        []supposedZone `json:"zones"`
	Places       []string       `json:"jurisdictions"`
	Purpose      string         `json:"purpose"`
	Voice        string         `json:"voice"`
	Packs        *string        `json:"packs"`
	Number       supposedNumber `json:"number"`
	Trace        []explainCheck `json:"trace"`
}

type supposedZone struct {
	Zone  string `json:"zone"`
	Local string `json:"local"`
}

// supposedNumber is what the books say of the number.
type supposedNumber struct {
	Number   string   `json:"number"`
	Known    bool     `json:"known"`
	Country  string   `json:"country"`
	DNC      bool     `json:"dnc"`
	Retired  bool     `json:"retired"`
	Open     bool     `json:"open_attempt"`
	Calls    int      `json:"calls_24h"`
	Consents []string `json:"consents"`
}

// supposeCall judges a call that nobody is about to make.
func (a *API) supposeCall(_ context.Context, r *request) (answer, error) {
	var in supposeRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	q, err := a.supposed(&in)
	if err != nil {
		return answer{}, err
	}
	s, err := a.op.Suppose(q)
	if err != nil {
		return answer{}, err
	}
	set, err := a.op.Packs()
	if err != nil {
		return answer{}, err
	}
	return ok(suppositionOf(rulebook{set}, s, in.Number))
}

func suppositionOf(rules rulebook, s *dialer.Supposition, number string) *supposition {
	v, f := &s.Verdict, &s.Facts
	out := &supposition{
		At: at(s.At.UnixMilli()), Answer: v.Result, Rule: v.Rule, Until: maybe(v.Until), NotAfter: maybe(v.NotAfter), Zones: []supposedZone{},
		Places: texts(f.Jurisdictions), Purpose: f.Purpose, Voice: f.Voice, Trace: rules.checks(s.Trace),
		Number: supposedNumber{number, s.Known, f.Country, f.DNC.On, f.Retired, f.Open, 0, texts(f.Evidence)},
	}
	if v.Rule != "" {
		out.Message = rules.message(v.Rule, v.Detail)
	}
	if !v.Rules.IsZero() {
		out.Packs = new(v.Rules.String())
	}
	for _, call := range f.Intents {
		if call > s.At.Add(-permit.NumberWindow).UnixMilli() {
			out.Number.Calls++
		}
	}
	for _, z := range f.Zones {
		out.Zones = append(out.Zones, supposedZone{z.String(), s.At.In(z).Format(localForm)})
	}
	if !s.Eligible.IsZero() {
		out.NextEligible = &eligible{at(s.Eligible.UnixMilli()), s.Eligible.In(s.Home).Format(localForm), s.Home.String()}
	}
	return out
}
