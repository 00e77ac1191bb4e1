package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

type stopRequest struct {
	Reason string `json:"reason"`
	By     string `json:"by"`
}

// maxStopReason keeps who and why within what the engine keeps.
const maxStopReason = 200

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
	why, err := stopReason(r, stop)
	if err != nil {
		return answer{}, err
	}
	var m dialer.Message = &dialer.SetDialing{Stop: stop, Reason: why}
	var of cadence.ID
	if r.c.QueryArgs().Has("cadence") {
		row, err := a.cadenceRef(r.query("cadence"))
		if err != nil {
			return answer{}, err
		}
		of = row.ID
		m = &dialer.HaltCadence{ID: of, Halted: stop}
	}
	r.note(strings.Trim(r.query("cadence")+", "+why, ", "))
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

// stopReason is what everybody is told of a stop: who threw it, and why. A
// resume has no body and needs no reason.
func stopReason(r *request, stop bool) (string, error) {
	if !stop {
		return "", noBody(r)
	}
	var in stopRequest
	if len(r.body) > 0 {
		if err := decode(r.body, &in); err != nil {
			return "", err
		}
	}
	if len(in.Reason) > maxStopReason {
		return "", invalid("reason", "reason is longer than 200 bytes")
	}
	by, err := author(r, in.By)
	if err != nil {
		return "", err
	}
	said := "stopped by " + by
	if by == "api" {
		said = "stopped through the API"
	}
	if why := strings.TrimSpace(in.Reason); why != "" {
		said += ": " + why
	}
	return said, nil
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
