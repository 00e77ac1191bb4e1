package api

import (
	"context"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// reportWait is how long a report waits for the first reading of all calls.
const reportWait = 3 * time.Second

// defaultDays is the period of a report that names none.
const defaultDays = 28

// reportAnswer is what became of the calls of a period.
type reportAnswer struct {
	AsOf   string   `json:"as_of"`
	Period span     `json:"period"`
	Of     *idName  `json:"cadence"`
	Since  *string  `json:"since"`
	Read   *string  `json:"read_back_to"`
	Leads  int64    `json:"leads"`
	Hours  []hourOf `json:"hours"`
	NoHour hourCall `json:"no_hour"`
	projection.MoreFigures
	Cadences     []cadenceCalls `json:"by_cadence"`
	Steps        []stepCalls    `json:"by_step"`
	Dispositions []codeCalls    `json:"by_disposition"`
	ToContact    contactCurve   `json:"attempts_to_contact"`
}

type idName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type cadenceCalls struct {
	idName
	Leads int64 `json:"leads"`
	projection.MoreFigures
}

type stepCalls struct {
	Cadence     string `json:"cadence"`
	CadenceName string `json:"cadence_name"`
	Step        string `json:"step"`
	Position    int    `json:"position"`
	Run         int    `json:"run"`
	Leads       int64  `json:"leads"`
	projection.MoreFigures
}

type codeCalls struct {
	Code  cadence.DispositionCode `json:"code"`
	Label string                  `json:"label"`
	Calls int64                   `json:"calls"`
	Share float64                 `json:"share"`
}

type hourCall struct {
	Attempts    int64    `json:"attempts"`
	Contacts    int64    `json:"contacts"`
	ContactRate *float64 `json:"contact_rate"`
}

type hourOf struct {
	Weekday int `json:"weekday"`
	Hour    int `json:"hour"`
	hourCall
}

type contactCurve struct {
	Leads  int64          `json:"leads"`
	Points []contactPoint `json:"points"`
}

type contactPoint struct {
	Attempt     int      `json:"attempt"`
	Reached     int64    `json:"reached"`
	Contacts    int64    `json:"contacts"`
	ContactRate *float64 `json:"contact_rate"`
	Cumulative  float64  `json:"cumulative"`
}

// getReport tells what became of the calls of a period that are over.
func (a *API) getReport(r *request) (answer, error) {
	out, err := a.report(r)
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}

func (a *API) report(r *request) (*reportAnswer, error) {
	q, of, err := a.question(r)
	if err != nil {
		return nil, err
	}
	found, err := a.counting(q)
	if err != nil {
		return nil, err
	}
	out := &reportAnswer{
		AsOf: a.asOf(), Period: span{at(q.From), at(q.To)}, Since: maybe(found.Since), Read: maybe(found.Reached), Leads: found.Leads,
		MoreFigures: projection.MoreFiguresOf(found.Counts), NoHour: hourCallOf(found.NoHour), Hours: []hourOf{},
		Cadences: []cadenceCalls{}, Steps: []stepCalls{}, Dispositions: []codeCalls{}, ToContact: curveOf(&found.ToContact),
	}
	if of != nil {
		out.Of = &idName{of.ID.Text(cadence.KindCadence), of.Name}
	}
	n := newNames(a.op.Rows())
	if err := out.byCadence(n, found); err != nil {
		return nil, err
	}
	for _, c := range found.Dispositions {
		label := string(c.Code)
		if d, known := a.op.Dispositions().Resolve(c.Code); known {
			label = d.Label
		}
		out.Dispositions = append(out.Dispositions, codeCalls{c.Code, label, c.Calls, float64(c.Calls) / float64(found.Counts.Intents)})
	}
	for i, h := range found.Hours {
		if h != (projection.HourCalls{}) {
			out.Hours = append(out.Hours, hourOf{i/24 + 1, i % 24, hourCallOf(h)})
		}
	}
	return out, nil
}

// question reads which calls a report is about.
func (a *API) question(r *request) (q projection.Question, of *state.Cadence, err error) {
	if q.From, q.To, err = a.span(r); err != nil {
		return q, nil, err
	}
	if q.To == 0 {
		q.To = a.op.Now().UnixMilli()/state.BucketMs*state.BucketMs + state.BucketMs
		q.From = q.To - defaultDays*86_400_000
	}
	if s := r.query("cadence"); s != "" {
		if of, err = a.cadenceRef(s); err != nil {
			return q, nil, err
		}
		q.Cadence = of.ID
	}
	return q, of, nil
}

// counting waits a moment for the first reading of all calls.
func (a *API) counting(q projection.Question) (*projection.Report, error) {
	ctx, stop := context.WithTimeout(context.Background(), reportWait)
	defer stop()
	return a.op.CallReport(ctx, q)
}

func (o *reportAnswer) byCadence(n *names, found *projection.Report) error {
	for _, c := range found.ByCadence {
		name, err := n.cadence(c.Cadence)
		if err != nil {
			return err
		}
		o.Cadences = append(o.Cadences, cadenceCalls{idName{c.Cadence.Text(cadence.KindCadence), name}, c.Leads, projection.MoreFiguresOf(c.Counts)})
	}
	for _, s := range found.Steps {
		name, err := n.cadence(s.Cadence)
		if err != nil {
			return err
		}
		o.Steps = append(o.Steps, stepCalls{s.Cadence.Text(cadence.KindCadence), name, s.Step, s.Position + 1, s.Run, s.Leads, projection.MoreFiguresOf(s.Counts)})
	}
	return nil
}

func hourCallOf(h projection.HourCalls) hourCall {
	return hourCall{h.Attempts, h.Contacts, share(h.Contacts, h.Attempts)}
}

func curveOf(c *projection.ToContact) contactCurve {
	out := contactCurve{c.Leads, []contactPoint{}}
	sum := int64(0)
	for _, p := range c.Points {
		sum += p.Contacts
		out.Points = append(out.Points, contactPoint{p.Attempt, p.Reached, p.Contacts, share(p.Contacts, p.Reached), float64(sum) / float64(c.Leads)})
	}
	return out
}

type callerReport struct {
	AsOf   string        `json:"as_of"`
	Period span          `json:"period"`
	Of     *idName       `json:"cadence"`
	Since  *string       `json:"since"`
	Read   *string       `json:"read_back_to"`
	Items  []callerCalls `json:"items"`
}

type callerCalls struct {
	Number   cadence.Number `json:"number"`
	State    *string        `json:"state"`
	Rate     *float64       `json:"answer_rate"`
	Interval interval       `json:"answer_interval"`
	projection.MoreFigures
}

// getCallerReport tells the same by the number that was shown.
func (a *API) getCallerReport(r *request) (answer, error) {
	out, err := a.callerReport(r)
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}

func (a *API) callerReport(r *request) (*callerReport, error) {
	q, of, err := a.question(r)
	if err != nil {
		return nil, err
	}
	found, err := a.counting(q)
	if err != nil {
		return nil, err
	}
	ids, err := a.op.CallerIDs()
	if err != nil {
		return nil, err
	}
	states := map[cadence.Number]string{}
	for i := range ids {
		states[ids[i].Number] = ids[i].State()
	}
	t := a.op.Thresholds()
	out := &callerReport{AsOf: a.asOf(), Period: span{at(q.From), at(q.To)}, Since: maybe(found.Since), Read: maybe(found.Reached), Items: []callerCalls{}}
	if of != nil {
		out.Of = &idName{of.ID.Text(cadence.KindCadence), of.Name}
	}
	for _, c := range found.CallerIDs {
		it := callerCalls{
			Number: c.Number, Rate: share(c.Counts.Answered, c.Counts.Attempts), Interval: wilson(c.Counts.Answered, c.Counts.Attempts, &t),
			MoreFigures: projection.MoreFiguresOf(c.Counts),
		}
		if s, configured := states[c.Number]; configured {
			it.State = &s
		}
		out.Items = append(out.Items, it)
	}
	return out, nil
}
