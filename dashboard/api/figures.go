package api

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Dialing says whether calls are placed, and if not why.
type Dialing struct {
	On      bool   `json:"on"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
	Stopped bool   `json:"stopped"`
	// Since is since when an operator's stop holds, null without one.
	Since *string `json:"since"`
}

// DialingOf reads it from the engine's picture.
func DialingOf(s *dialer.Status) Dialing {
	return Dialing{On: s.Doubt.Reason == "", Reason: s.Doubt.Reason, Message: s.Doubt.Detail, Stopped: s.Stopped, Since: maybe(s.StoppedAt)}
}

// Virtual is the time the engine lives in when it is not real time.
type Virtual struct {
	Now   string  `json:"now"`
	Speed float64 `json:"speed"`
	Zone  string  `json:"zone"`
}

// Virtual is the engine's virtual time, nil when its time is real.
func (a *API) Virtual() *Virtual {
	if a.demo == nil {
		return nil
	}
	return &Virtual{a.asOf(), a.demo.Speed(), a.demo.Zone}
}

// Totals sums the counters of all time by cadence, cheaply.
func (a *API) Totals() (map[cadence.ID]state.Counts, error) { return a.totals() }

// spanFigures are the figures of another period.
type spanFigures struct {
	span
	projection.Figures
}

type overviewAnswer struct {
	AsOf string `json:"as_of"`
	Demo bool   `json:"demo"`
	*projection.Overview
	Period          *span        `json:"period"`
	Previous        *spanFigures `json:"previous"`
	Created         int          `json:"created"`
	CallsInProgress int          `json:"calls_in_progress"`
	Ready           int          `json:"ready"`
	Dialing         Dialing      `json:"dialing"`
	Virtual         *Virtual     `json:"virtual"`
}

// getOverview gives the figures of a period, or of all time, and those of the
// period of the same length before it.
func (a *API) getOverview(r *request) (answer, error) {
	from, to, err := a.span(r)
	if err != nil {
		return answer{}, err
	}
	rows := a.op.Rows()
	counts, err := a.counted(from, to)
	if err != nil {
		return answer{}, err
	}
	o, err := projection.NewOverview(rows, counts, a.docs)
	if err != nil {
		return answer{}, err
	}
	s := a.op.Status()
	out := overviewAnswer{
		AsOf: a.asOf(), Demo: a.demo != nil, Overview: o, CallsInProgress: s.Calls.Placed + s.Calls.Ringing + s.Calls.Live,
		Ready: s.Ready, Dialing: DialingOf(&s), Virtual: a.Virtual(),
	}
	if to == 0 {
		return ok(out)
	}
	out.Period = &span{at(from), at(to)}
	if before := 2*from - to; from > 0 && before > 0 {
		counts, err := projection.Tally(rows, before, from)
		if err != nil {
			return answer{}, err
		}
		out.Previous = &spanFigures{span{at(before), at(from)}, projection.FiguresOf(projection.Sum(counts))}
	}
	err = rows.Cadences(func(c *state.Cadence) bool {
		if c.CreatedAt >= from && c.CreatedAt < to && c.Status != event.Archived {
			out.Created++
		}
		return true
	})
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}

func (a *API) counted(from, to int64) (map[cadence.ID]state.Counts, error) {
	if from == 0 && to == 0 {
		return a.totals()
	}
	return projection.Tally(a.op.Rows(), from, to)
}
