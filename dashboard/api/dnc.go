package api

import (
	"context"
	"net/http"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// listInternal is the list that people's own words make.
const listInternal = "internal"

// dncEntry is one mark of a number.
type dncEntry struct {
	Number cadence.Number `json:"number"`
	List   string         `json:"list"`
	Scope  string         `json:"scope"`
	At     string         `json:"at"`
	Source string         `json:"source"`
	By     string         `json:"by"`
	Reason string         `json:"reason"`
}

func dncOf(n cadence.Number, no *state.No) dncEntry {
	return dncEntry{n, listInternal, no.Scope.String(), at(no.At), no.Source, no.By, no.Reason}
}

// dncWord is one entry of a number's history.
type dncWord struct {
	Scope  string `json:"scope"`
	On     bool   `json:"on"`
	At     string `json:"at"`
	Source string `json:"source"`
	By     string `json:"by"`
	Reason string `json:"reason"`
}

type dncRequest struct {
	Number string `json:"number"`
	Scope  string `json:"scope"`
	Reason string `json:"reason"`
	By     string `json:"by"`
}

// listDNC lists marks by number; those of one number are never torn apart.
// What imported lists say is told of one number only.
func (a *API) listDNC(r *request) (answer, error) {
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	after, err := r.after()
	if err != nil {
		return answer{}, err
	}
	out := page[dncEntry]{Items: []dncEntry{}}
	add := func(e164 cadence.Number, n *state.Number) {
		for _, no := range n.Marked() {
			out.Items = append(out.Items, dncOf(e164, &no))
		}
	}
	if s := r.query("number"); s != "" {
		n, err := number("number", s)
		if err != nil {
			return answer{}, err
		}
		row, err := a.op.Rows().Number(a.op.Token(n))
		if err != nil {
			return answer{}, err
		}
		if row != nil {
			add(n, row)
		}
		lists, err := a.op.ListsOf(n)
		if err != nil {
			return answer{}, err
		}
		for _, l := range lists {
			if l.On {
				out.Items = append(out.Items, dncEntry{Number: n, List: l.Name, Scope: cadence.ScopeAll.String(), At: at(l.Since), Source: "import", By: "", Reason: ""})
			}
		}
		return ok(out)
	}
	var last cadence.ID
	err = a.op.Rows().DNC(after, func(id cadence.ID, n *state.Number) bool {
		if len(out.Items) >= limit {
			next := last.Bare()
			out.Next = &next
			return false
		}
		if n.Number != "" { // else it was an erased person's: the mark holds, the number is not known
			add(n.Number, n)
		}
		last = id
		return true
	})
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}

// addDNC answers when the number's home has the mark: no call follows.
func (a *API) addDNC(ctx context.Context, r *request) (answer, error) {
	var in dncRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	m, err := a.said(r, in)
	if err != nil {
		return answer{}, err
	}
	m.On = true
	r.note(m.Number.Masked() + ", " + m.Scope.String() + ", by " + m.By + ": " + m.Reason)
	row, err := a.op.Rows().Number(a.op.Token(m.Number))
	if err != nil {
		return answer{}, err
	}
	if row == nil || !row.Has(m.Scope) {
		if err := a.command(ctx, m); err != nil {
			return answer{}, err
		}
		if row, err = a.op.Rows().Number(a.op.Token(m.Number)); err != nil {
			return answer{}, err
		}
	}
	return ok(dncOf(m.Number, markOf(row, m.Scope)))
}

// markOf is the mark of a scope, or the one for everything that took its place.
func markOf(n *state.Number, s cadence.Scope) *state.No {
	all := n.Marked()
	for i := range all {
		if all[i].Scope == s {
			return &all[i]
		}
	}
	return &all[0]
}

// said reads what somebody says about a number.
func (a *API) said(r *request, in dncRequest) (*dialer.MarkNumber, error) {
	n, err := number("number", in.Number)
	if err != nil {
		return nil, err
	}
	scope, err := a.scope(in.Scope)
	if err != nil {
		return nil, err
	}
	by, err := author(r, in.By)
	if err != nil {
		return nil, err
	}
	if len(in.Reason) > 500 {
		return nil, invalid("reason", "reason is longer than 500 bytes")
	}
	return &dialer.MarkNumber{Number: n, Scope: scope, Reason: in.Reason, Source: "api", By: by}, nil
}

// author is who says so: a user themselves, else whom the program names, else
// the program.
func author(r *request, by string) (string, error) {
	switch w := r.caller(); {
	case w.Kind == access.User:
		return w.Name, nil
	case by == "" && w.Kind == access.Key:
		return w.Name, nil
	case by == "":
		return "api", nil
	case len(by) > 200:
		return "", invalid("by", "by is longer than 200 bytes")
	}
	return by, nil
}

// scope reads what a no or a revocation is about. A cadence must be there.
func (a *API) scope(text string) (cadence.Scope, error) {
	s, err := cadence.ParseScope(text)
	if err != nil {
		return "", invalid("scope", err.Error())
	}
	if id, one := s.Cadence(); one {
		row, err := a.op.Rows().Cadence(id)
		if err != nil {
			return "", err
		}
		if row == nil {
			return "", invalid("scope", "scope: there is no such cadence")
		}
	}
	return s, nil
}

// removeDNC takes one mark away, and keeps who said so in the number's history
// and in the audit.
func (a *API) removeDNC(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	m, err := a.said(r, dncRequest{r.query("number"), r.query("scope"), r.query("reason"), r.query("by")})
	if err != nil {
		return answer{}, err
	}
	if m.Reason == "" {
		return answer{}, invalid("reason", "say in reason why the number may be called again")
	}
	r.note(m.Number.Masked() + ", " + m.Scope.String() + ", by " + m.By + ": " + m.Reason)
	return answer{status: http.StatusNoContent}, a.command(ctx, m)
}

// dncHistory tells all that was ever said about a number, oldest first.
func (a *API) dncHistory(r *request) (answer, error) {
	n, err := number("number", r.query("number"))
	if err != nil {
		return answer{}, err
	}
	out := page[dncWord]{Items: []dncWord{}}
	err = a.op.Rows().Words(a.op.Token(n), func(w *state.Word) bool {
		out.Items = append(out.Items, dncWord{w.Scope.String(), w.On, at(w.At), w.Source, w.By, w.Reason})
		return len(out.Items) < maxLimit
	})
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}
