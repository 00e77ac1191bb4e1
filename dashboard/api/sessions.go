package api

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// seconds is a wait as Retry-After has it.
func seconds(d time.Duration) string {
	return strconv.Itoa(max(1, int(math.Ceil(d.Seconds()))))
}

type sessionItem struct {
	ID        string `json:"id"`
	CreatedAt string `json:"created_at"`
	SeenAt    string `json:"seen_at"`
	From      string `json:"from"`
	Agent     string `json:"agent"`
	Current   bool   `json:"current"`
}

// listSessions lists where the user is signed in, the last used first.
func (a *API) listSessions(r *request) (answer, error) {
	w := r.caller()
	out := page[sessionItem]{Items: []sessionItem{}}
	id, err := w.user()
	if err != nil {
		return ok(out) // who is no user has none
	}
	now := a.gate.Now().UnixMilli()
	var own []*state.Session
	err = a.op.Rows().Sessions(func(s *state.Session) bool {
		if s.User == id && !dialer.Expired(s, now) {
			own = append(own, s)
		}
		return true
	})
	if err != nil {
		return answer{}, err
	}
	slices.SortFunc(own, func(x, y *state.Session) int { return int(y.SeenAt - x.SeenAt) })
	for _, s := range own {
		out.Items = append(out.Items, sessionItem{s.ID.Text(cadence.KindSession), at(s.At), at(s.SeenAt), s.From, s.Agent, s.ID == w.Session})
	}
	return ok(out)
}

// revokeSession ends one of the user's own sessions.
func (a *API) revokeSession(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	w := r.caller()
	user, err := w.user()
	if err != nil {
		return answer{}, err
	}
	id, err := r.id(cadence.KindSession)
	if err == nil && id.IsZero() { // it stands for all of them further in
		err = notFound("session")
	}
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, a.command(ctx, &dialer.CloseSessions{User: user, Only: id, By: w.Author()})
}
