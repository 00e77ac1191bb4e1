package api

import (
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
)

type forecast struct {
	AsOf   string         `json:"as_of"`
	Lead   string         `json:"lead"`
	Assume string         `json:"assume"`
	Stays  []forecastStay `json:"enrollments"`
}

type forecastStay struct {
	Enrollment  string          `json:"enrollment"`
	Cadence     string          `json:"cadence"`
	CadenceName string          `json:"cadence_name"`
	Held        *blocker        `json:"held"`
	Touches     []forecastTouch `json:"touches"`
	Ends        *string         `json:"ends"`
	Reason      string          `json:"reason"`
}

type forecastTouch struct {
	Step    string         `json:"step"`
	Run     int            `json:"run"`
	Number  cadence.Number `json:"number"`
	Why     string         `json:"why"`
	Wanted  string         `json:"wanted"`
	At      string         `json:"at"`
	Local   string         `json:"local"`
	Zone    string         `json:"zone"`
	Rule    string         `json:"rule"`
	Message string         `json:"message"`
}

// The forecast when the request does not say otherwise: nobody answers.
const assumedCode = "NO_ANSWER"

func (a *API) forecastLead(r *request) (answer, error) {
	id, err := r.id(cadence.KindLead)
	if err != nil {
		return answer{}, err
	}
	limit, err := r.limit()
	if err == nil && limit > dialer.MaxForecast {
		err = invalid("limit", fmt.Sprintf("limit must be 1 to %d", dialer.MaxForecast))
	}
	if err != nil {
		return answer{}, err
	}
	assume := cadence.DispositionCode(r.query("assume"))
	if assume == "" {
		assume = assumedCode
	}
	f, err := a.op.Forecast(id, assume, limit)
	if err != nil {
		return answer{}, err
	}
	l, err := foundLead(a.op.Rows(), id)
	if err != nil {
		return answer{}, err
	}
	rules, err := a.rulebook()
	if err != nil {
		return answer{}, err
	}
	out := forecast{AsOf: at(f.At.UnixMilli()), Lead: id.Text(cadence.KindLead), Assume: string(f.Assume), Stays: []forecastStay{}}
	for i := range f.Stays {
		out.Stays = append(out.Stays, forecastOf(rules, &f.Stays[i], l.Lead.Numbers))
	}
	return ok(out)
}

func forecastOf(rules rulebook, s *dialer.StayForecast, numbers []cadence.LeadNumber) forecastStay {
	out := forecastStay{
		Enrollment: s.Enrollment.Text(cadence.KindEnrollment), Cadence: s.Cadence.Text(cadence.KindCadence), CadenceName: s.Name,
		Touches: []forecastTouch{}, Reason: s.Reason,
	}
	if s.Held != "" {
		out.Held = &blocker{Rule: s.Held, Message: rules.message(s.Held, "")}
	}
	if s.Ends != "" {
		out.Ends = &s.Ends
	}
	for _, c := range s.Touches {
		out.Touches = append(out.Touches, touchOf(rules, c, numbers))
	}
	return out
}

func touchOf(rules rulebook, c dialer.ForecastTouch, numbers []cadence.LeadNumber) forecastTouch {
	t := forecastTouch{
		Step: c.StepKey, Run: c.Run, Why: c.Why, Wanted: at(c.Wanted.UnixMilli()), At: at(c.At.UnixMilli()),
		Local: c.At.In(c.Zone).Format(localForm), Zone: c.Zone.String(), Rule: c.Rule,
	}
	if c.Number >= 0 && c.Number < len(numbers) {
		t.Number = numbers[c.Number].Number
	}
	if c.Rule != "" {
		t.Message = rules.message(c.Rule, "")
	}
	return t
}
