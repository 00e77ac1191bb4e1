package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
)

type previewRequest struct {
	Document   json.RawMessage `json:"document"`
	Number     string          `json:"number"`
	State      string          `json:"state"`
	PostalCode string          `json:"postal_code"`
	Enrolled   string          `json:"enrolled"`
	Assume     string          `json:"assume"`
	Limit      int             `json:"limit"`
}

type preview struct {
	Zone     string          `json:"zone"`
	Enrolled string          `json:"enrolled"`
	Local    string          `json:"local"`
	Assume   string          `json:"assume"`
	Touches  []forecastTouch `json:"touches"`
	Ends     *string         `json:"ends"`
	Reason   string          `json:"reason"`
}

// wallForm is a wall time without a zone, to the minute.
const wallForm = "2006-01-02T15:04"

// defaultTouches is how many calls a preview shows when it is not said.
const defaultTouches = 12

// previewCadence tells when a lead that is not there would be called.
func (a *API) previewCadence(_ context.Context, r *request) (answer, error) {
	var in previewRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	n, err := number("number", in.Number)
	if err != nil {
		return answer{}, err
	}
	when, err := time.Parse(wallForm, in.Enrolled)
	if err != nil || when.Year() < 2000 || when.Year() > 2100 {
		return answer{}, invalid("enrolled", "enrolled must be the wall time at the lead, such as 2026-11-27T16:50")
	}
	if in.Limit == 0 {
		in.Limit = defaultTouches
	}
	if in.Limit < 1 || in.Limit > dialer.MaxForecast {
		return answer{}, invalid("limit", "limit must be 1 to 100")
	}
	if in.Assume == "" {
		in.Assume = assumedCode
	}
	numbers := []cadence.LeadNumber{{Number: n}}
	p, err := a.op.Preview(dialer.Imagined{
		Document: in.Document, Enrolled: when, Assume: cadence.DispositionCode(in.Assume),
		Lead: cadence.Lead{Numbers: numbers, State: in.State, PostalCode: in.PostalCode},
	}, in.Limit)
	if err != nil {
		return answer{}, err
	}
	rules, err := a.rulebook()
	if err != nil {
		return answer{}, err
	}
	out := preview{
		Zone: p.Home.String(), Enrolled: at(p.Enrolled.UnixMilli()), Local: p.Enrolled.In(p.Home).Format(localForm), Assume: string(p.Assume),
		Touches: []forecastTouch{}, Reason: p.Stay.Reason,
	}
	if p.Stay.Ends != "" {
		out.Ends = &p.Stay.Ends
	}
	for _, c := range p.Stay.Touches {
		out.Touches = append(out.Touches, touchOf(rules, c, numbers))
	}
	return ok(out)
}
