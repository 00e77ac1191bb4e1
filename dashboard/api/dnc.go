package api

import (
	"context"
	"net/http"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

type dncEntry struct {
	Number cadence.Number `json:"number"`
	At     string         `json:"at"`
	Source string         `json:"source"`
	Reason string         `json:"reason"`
}

func dncOf(n *state.Number) dncEntry {
	return dncEntry{Number: n.Number, At: at(n.DNCAt), Source: n.DNCSource, Reason: n.DNCReason}
}

type dncRequest struct {
	Number string `json:"number"`
	Reason string `json:"reason"`
}

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
	if s := r.query("number"); s != "" {
		n, err := number("number", s)
		if err != nil {
			return answer{}, err
		}
		row, err := a.op.Rows().Number(a.op.Token(n))
		if err != nil {
			return answer{}, err
		}
		if row != nil && row.DNC {
			out.Items = append(out.Items, dncOf(row))
		}
		return ok(out)
	}
	var last cadence.ID
	err = a.op.Rows().DNC(after, func(id cadence.ID, n *state.Number) bool {
		if len(out.Items) == limit {
			next := last.Bare()
			out.Next = &next
			return false
		}
		out.Items, last = append(out.Items, dncOf(n)), id
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
	n, err := number("number", in.Number)
	if err != nil {
		return answer{}, err
	}
	if len(in.Reason) > 500 {
		return answer{}, invalid("reason", "reason is longer than 500 bytes")
	}
	row, err := a.op.Rows().Number(a.op.Token(n))
	if err != nil {
		return answer{}, err
	}
	if row == nil || !row.DNC {
		if err := a.command(ctx, &dialer.MarkNumber{Number: n, On: true, Reason: in.Reason, Source: "api"}); err != nil {
			return answer{}, err
		}
		if row, err = a.op.Rows().Number(a.op.Token(n)); err != nil {
			return answer{}, err
		}
	}
	return ok(dncOf(row))
}

// removeDNC lets a number be called again, and keeps who said so in the audit.
func (a *API) removeDNC(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	n, err := number("number", r.query("number"))
	if err != nil {
		return answer{}, err
	}
	reason := r.query("reason")
	if len(reason) > 500 {
		return answer{}, invalid("reason", "reason is longer than 500 bytes")
	}
	if err := a.command(ctx, &dialer.Audit{What: "dnc.removed", Detail: n.Masked() + ": " + reason}); err != nil {
		return answer{}, err
	}
	err = a.command(ctx, &dialer.MarkNumber{Number: n, Reason: reason, Source: "api"})
	return answer{status: http.StatusNoContent}, err
}
