package api

import (
	"context"
	"net/http"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

type stopAnswer struct {
	AsOf      string   `json:"as_of"`
	Stopped   bool     `json:"stopped"`
	Halted    []string `json:"halted"`
	Cancelled int      `json:"cancelled"`
}

func (a *API) stop(ctx context.Context, r *request) (answer, error) { return a.dial(ctx, r, true) }

func (a *API) resume(ctx context.Context, r *request) (answer, error) { return a.dial(ctx, r, false) }

// dial stops or resumes everything, or one cadence. It answers when that is
// durable: no intent is written after a stop's answer.
func (a *API) dial(ctx context.Context, r *request, stop bool) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	var m dialer.Message = &dialer.SetDialing{Stop: stop, Reason: "stopped through the API"}
	var of cadence.ID
	if r.c.QueryArgs().Has("cadence") {
		row, err := a.cadenceRef(r.query("cadence"))
		if err != nil {
			return answer{}, err
		}
		of = row.ID
		m = &dialer.HaltCadence{ID: of, Halted: stop}
	}
	r.note(r.query("cadence"))
	cancelled := 0
	if stop {
		n, err := a.cancellable(of)
		if err != nil {
			return answer{}, err
		}
		cancelled = n
	}
	if err := a.command(ctx, m); err != nil {
		return answer{}, err
	}
	out, err := a.stopped(cancelled)
	return answer{status: http.StatusOK, body: out}, err
}

// cancellable counts the calls that a stop sets out to cancel: queued and
// ringing ones.
func (a *API) cancellable(of cadence.ID) (int, error) {
	n := 0
	err := a.op.Rows().Opens(func(o *state.Open) bool {
		if o.State < event.Live && (of.IsZero() || o.I.Cadence == of) {
			n++
		}
		return true
	})
	return n, err
}

func (a *API) stopped(cancelled int) (*stopAnswer, error) {
	rows := a.op.Rows()
	office, err := rows.Office()
	if err != nil {
		return nil, err
	}
	out := &stopAnswer{AsOf: a.asOf(), Stopped: office.Stopped, Halted: []string{}, Cancelled: cancelled}
	err = rows.Cadences(func(c *state.Cadence) bool {
		if c.Halted {
			out.Halted = append(out.Halted, c.ID.Text(cadence.KindCadence))
		}
		return true
	})
	return out, err
}

// acceptClock is an operator's word that the wall clock is right.
func (a *API) acceptClock(_ context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	a.op.AcceptClock()
	s := a.op.Status()
	return ok(map[string]any{"as_of": a.asOf(), "dialing": DialingOf(&s)})
}

func (a *API) getContract(*request) (answer, error) {
	return answer{status: http.StatusOK, body: Spec(), contentType: yamlType}, nil
}
