package api

import (
	"context"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
)

type eraseRequest struct {
	Reason string `json:"reason"`
	By     string `json:"by"`
}

// erasure is what is left of an erased person, and until when.
type erasure struct {
	AsOf             string `json:"as_of"`
	Lead             string `json:"lead"`
	ErasedAt         string `json:"erased_at"`
	By               string `json:"by"`
	Reason           string `json:"reason"`
	NumbersForgotten int    `json:"numbers_forgotten"`
	NumbersShared    int    `json:"numbers_shared"`
	Enrollments      int    `json:"enrollments"`
	OpenAttempts     int    `json:"open_attempts"`
	LogUntil         string `json:"log_until"`
	Backups          string `json:"backups"`
}

// eraseLead answers when nothing in the ledger's state names the person, but
// for calls that are under way.
func (a *API) eraseLead(ctx context.Context, r *request) (answer, error) {
	id, err := r.id(cadence.KindLead)
	if err != nil {
		return answer{}, err
	}
	var in eraseRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	if in.Reason == "" || len(in.Reason) > 500 {
		return answer{}, invalid("reason", "say in reason, in at most 500 bytes, why the person is erased; do not name them")
	}
	by, err := author(r, in.By)
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, bulkFor)
	defer cancel()
	x, err := a.op.Erase(ctx, id, by, in.Reason)
	if err != nil {
		return answer{}, err
	}
	return ok(a.erasureOf(x))
}

func (a *API) erasureOf(x *dialer.Erasure) erasure {
	return erasure{
		AsOf: a.asOf(), Lead: x.Lead.Text(cadence.KindLead), ErasedAt: Instant(x.At), By: x.By, Reason: x.Reason,
		NumbersForgotten: x.Forgotten, NumbersShared: x.Shared, Enrollments: x.Stays, OpenAttempts: x.Open, LogUntil: Instant(x.LogUntil),
		Backups: "backups and files of leads made before " + Instant(x.At) + " still name the person: delete them when their time is over, and erase again after a restore",
	}
}
