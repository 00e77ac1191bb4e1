package api

import (
	"context"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// consents are what a lead's numbers have agreed to and taken back.
type consents struct {
	Lead        string              `json:"lead"`
	Items       []consent           `json:"items"`
	Revocations []consentRevocation `json:"revocations"`
}

type consent struct {
	ID         string         `json:"id"`
	Number     cadence.Number `json:"number"`
	Kind       string         `json:"kind"`
	GivenAt    string         `json:"given_at"`
	Seller     string         `json:"seller"`
	Scope      string         `json:"scope"`
	Source     string         `json:"source"`
	Proof      string         `json:"proof"`
	By         string         `json:"by"`
	RecordedAt string         `json:"recorded_at"`
	Status     string         `json:"status"`
	LapsesAt   *string        `json:"lapses_at"`
	RevokedAt  *string        `json:"revoked_at"`
	History    []consentWord  `json:"history"`
}

type consentWord struct {
	At     string `json:"at"`
	What   string `json:"what"`
	By     string `json:"by"`
	How    string `json:"how"`
	Reason string `json:"reason"`
	Source string `json:"source"`
	Proof  string `json:"proof"`
}

type consentRevocation struct {
	Number cadence.Number `json:"number"`
	At     string         `json:"at"`
	Scope  string         `json:"scope"`
	Seller string         `json:"seller"`
	By     string         `json:"by"`
	How    string         `json:"how"`
	Reason string         `json:"reason"`
}

type consentRequest struct {
	Number  string `json:"number"`
	Kind    string `json:"kind"`
	GivenAt string `json:"given_at"`
	Seller  string `json:"seller"`
	Scope   string `json:"scope"`
	Source  string `json:"source"`
	Proof   string `json:"proof"`
	By      string `json:"by"`
}

type revocationRequest struct {
	How    string `json:"how"`
	Reason string `json:"reason"`
	By     string `json:"by"`
}

type wideRevocationRequest struct {
	Scope  string `json:"scope"`
	Seller string `json:"seller"`
	How    string `json:"how"`
	Reason string `json:"reason"`
	By     string `json:"by"`
}

// listConsents tells what all numbers of a lead have agreed to.
func (a *API) listConsents(r *request) (answer, error) {
	l, err := a.pathLead(r)
	if err != nil {
		return answer{}, err
	}
	out, err := a.consentsOf(l)
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}

func (a *API) consentsOf(l *state.Lead) (*consents, error) {
	out := &consents{Lead: l.Lead.ID.Text(cadence.KindLead), Items: []consent{}, Revocations: []consentRevocation{}}
	seen := map[cadence.Number]bool{}
	for _, n := range l.Lead.Numbers {
		if seen[n.Number] {
			continue // it stands there with several extensions
		}
		seen[n.Number] = true
		if err := a.consentsAt(out, n.Number); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// consentsAt reads the history of a number into records.
func (a *API) consentsAt(out *consents, n cadence.Number) error {
	rows, token, now := a.op.Rows(), a.op.Token(n), a.op.Now()
	row, err := rows.Number(token)
	if err != nil || row == nil {
		return err
	}
	at0 := map[cadence.ID]int{}
	err = rows.Agreements(token, func(g *state.Agreement) bool {
		i, known := at0[g.ID]
		switch {
		case g.On && !known:
			at0[g.ID] = len(out.Items)
			out.Items = append(out.Items, consentOf(n, g))
			standing(&out.Items[len(out.Items)-1], row, g, now)
		case g.On:
			out.Items[i].Source, out.Items[i].Proof = g.Record.Source, g.Record.Proof
			out.Items[i].say("amended", g)
		case known:
			out.Items[i].say("revoked", g)
			out.Items[i].Status, out.Items[i].RevokedAt = "revoked", maybe(g.At)
		default:
			out.Revocations = append(out.Revocations, consentRevocation{n, at(g.At), g.Record.Scope.String(), g.Record.Seller, g.By, g.How, g.Reason})
		}
		return true
	})
	return err
}

func consentOf(n cadence.Number, g *state.Agreement) consent {
	r := &g.Record
	c := consent{
		ID: g.ID.Text(cadence.KindConsent), Number: n, Kind: r.Kind, GivenAt: at(r.Given), Seller: r.Seller, Scope: r.Scope.String(), Source: r.Source,
		Proof: r.Proof, By: g.By, RecordedAt: at(g.At), Status: "valid",
	}
	c.say("recorded", g)
	return c
}

func (c *consent) say(what string, g *state.Agreement) {
	c.History = append(c.History, consentWord{at(g.At), what, g.By, g.How, g.Reason, g.Record.Source, g.Record.Proof})
}

// standing says whether a record counts.
func standing(c *consent, row *state.Number, g *state.Agreement, now time.Time) {
	evidence, _ := pack.EvidenceOf(g.Record.Kind)
	if end, lapses := pack.Lapses(evidence, time.UnixMilli(g.Record.Given)); lapses {
		c.LapsesAt = maybeTime(end)
		if !now.Before(end) {
			c.Status = "lapsed"
		}
	}
	given := row.Consent(g.ID)
	if given == nil {
		c.Status = "dropped"
		return
	}
	if over := row.Over(given); over != 0 {
		c.Status, c.RevokedAt = "revoked", maybe(over)
	}
}

// addConsent answers when the number's home has the record: the next permit
// knows of it.
func (a *API) addConsent(ctx context.Context, r *request) (answer, error) {
	var in consentRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	l, err := a.pathLead(r)
	if err != nil {
		return answer{}, err
	}
	m, err := a.agreed(r, l, &in)
	if err != nil {
		return answer{}, err
	}
	if err := a.command(ctx, m); err != nil {
		return answer{}, err
	}
	return a.showConsent(l, func(c *consent) bool {
		return c.Number == m.Number && c.Kind == m.Record.Kind && c.GivenAt == at(m.Record.Given) && c.Seller == m.Record.Seller && c.Scope == m.Record.Scope.String()
	})
}

// agreed reads a record. Of several numbers one has to be named: a person
// agrees to be called at a number.
func (a *API) agreed(r *request, l *state.Lead, in *consentRequest) (*dialer.AddConsent, error) {
	m := &dialer.AddConsent{Record: cadence.ConsentRecord{Kind: in.Kind, Seller: in.Seller, Source: in.Source, Proof: in.Proof}}
	var err error
	switch {
	case in.Number != "":
		if m.Number, err = number("number", in.Number); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(l.Lead.Numbers, func(n cadence.LeadNumber) bool { return n.Number == m.Number }) {
			return nil, invalid("number", "number is not one of the lead's")
		}
	case len(l.Lead.Numbers) == 1:
		m.Number = l.Lead.Numbers[0].Number
	default:
		return nil, invalid("number", "the lead has not exactly one number; say in number which one the consent is for")
	}
	if m.Record.Given, err = givenAt(in.GivenAt); err != nil {
		return nil, err
	}
	if m.Record.Scope, err = a.scope(in.Scope); err != nil {
		return nil, err
	}
	m.By, err = author(r, in.By)
	return m, err
}

// givenAt reads a time, or a date, which stands for its first moment: what was
// taken back on that day came after it.
func givenAt(text string) (int64, error) {
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil {
			return t.UnixMilli(), nil
		}
	}
	return 0, invalid("given_at", "given_at is neither a time with its zone such as 2026-03-01T15:04:05Z nor a date such as 2026-03-01")
}

func (a *API) showConsent(l *state.Lead, which func(*consent) bool) (answer, error) {
	all, err := a.consentsOf(l)
	if err != nil {
		return answer{}, err
	}
	if i := slices.IndexFunc(all.Items, func(c consent) bool { return which(&c) }); i >= 0 {
		return ok(all.Items[i])
	}
	return answer{}, notFound("consent")
}

// revokeConsent takes one record back.
func (a *API) revokeConsent(ctx context.Context, r *request) (answer, error) {
	var in revocationRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	l, err := a.pathLead(r)
	if err != nil {
		return answer{}, err
	}
	id, err := parseID(cadence.KindConsent, "consent", r.param("consent"))
	if err != nil {
		return answer{}, err
	}
	m, err := in.revocation(r)
	if err != nil {
		return answer{}, err
	}
	for _, n := range l.Lead.Numbers {
		row, err := a.op.Rows().Number(a.op.Token(n.Number))
		if err != nil {
			return answer{}, err
		}
		if row == nil || row.Consent(id) == nil {
			continue
		}
		m.Number, m.ID = n.Number, id
		if err := a.command(ctx, m); err != nil {
			return answer{}, err
		}
		return a.showConsent(l, func(c *consent) bool { return c.ID == id.Text(cadence.KindConsent) })
	}
	return answer{}, notFound("consent")
}

// revokeConsents takes back all of a scope, at all numbers of the lead.
func (a *API) revokeConsents(ctx context.Context, r *request) (answer, error) {
	var in wideRevocationRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	l, err := a.pathLead(r)
	if err != nil {
		return answer{}, err
	}
	scope, err := a.scope(in.Scope)
	if err != nil {
		return answer{}, err
	}
	if len(in.Seller) > cadence.MaxConsentSeller {
		return answer{}, invalid("seller", "seller is longer than 200 bytes")
	}
	said := revocationRequest{in.How, in.Reason, in.By}
	for _, n := range l.Lead.Numbers {
		m, err := said.revocation(r)
		if err != nil {
			return answer{}, err
		}
		m.Number, m.Scope, m.Seller = n.Number, scope, in.Seller
		if err := a.command(ctx, m); err != nil {
			return answer{}, err
		}
	}
	out, err := a.consentsOf(l)
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}

func (in *revocationRequest) revocation(r *request) (*dialer.RevokeConsent, error) {
	by, err := author(r, in.By)
	switch {
	case err != nil:
		return nil, err
	case in.How == "" || len(in.How) > 200:
		return nil, invalid("how", "say in how, in 1 to 200 bytes, in which way the person took it back: call, mail, web, letter")
	case len(in.Reason) > 500:
		return nil, invalid("reason", "reason is longer than 500 bytes")
	}
	return &dialer.RevokeConsent{How: in.How, Reason: in.Reason, By: by}, nil
}
