package api

import (
	"context"
	"slices"
	"strconv"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/pacing"
)

// callerIDItem is one of our numbers.
type callerIDItem struct {
	Number       cadence.Number `json:"number"`
	State        string         `json:"state"`
	Region       string         `json:"region"`
	Capabilities []string       `json:"capabilities"`
	CallsToday   int64          `json:"calls_today"`
	DailyCap     *int           `json:"daily_cap"`
	DayEnds      string         `json:"day_ends"`
	LastUsed     *string        `json:"last_used"`
	Health       callerHealth   `json:"health"`
	Pools        []callerPool   `json:"pools"`
	Rest         *callerRest    `json:"rest"`
}

// callerHealth are the figures a number is judged by, since its last rest for
// them, over at most Days days.
type callerHealth struct {
	Days           int      `json:"days"`
	Attempts       int64    `json:"attempts"`
	Answered       int64    `json:"answered"`
	Contacts       int64    `json:"contacts"`
	AnswerRate     *float64 `json:"answer_rate"`
	AnswerInterval interval `json:"answer_interval"`
	ShortCalls     int64    `json:"short_calls"`
	ShortRatio     *float64 `json:"short_ratio"`
	NeighbourCalls int64    `json:"neighbour_calls"`
	NeighbourRatio *float64 `json:"neighbour_ratio"`
	Enough         bool     `json:"enough"`
	Confidence     float64  `json:"confidence"`
	Well           bool     `json:"well"`
}

type interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// callerPool is a pool, with the figures of its other numbers.
type callerPool struct {
	Name           string   `json:"name"`
	Others         int64    `json:"others_attempts"`
	AnswerRate     *float64 `json:"others_answer_rate"`
	AnswerInterval interval `json:"others_answer_interval"`
	ShortRatio     *float64 `json:"others_short_ratio"`
	Ill            *string  `json:"ill"`
}

type callerRest struct {
	Since  string  `json:"since"`
	Until  string  `json:"until"`
	Reason string  `json:"reason"`
	By     string  `json:"by"`
	Rule   *string `json:"rule"`
	Author string  `json:"author"`
}

type callerIDRules struct {
	Days        int     `json:"days"`
	MinCalls    int64   `json:"min_calls"`
	MinAnswered int64   `json:"min_answered"`
	Confidence  float64 `json:"confidence"`
	Margin      float64 `json:"margin"`
	ShortRatio  float64 `json:"short_ratio"`
	NearRatio   float64 `json:"neighbour_ratio"`
	RestSeconds int64   `json:"rest_seconds"`
}

type callerIDPage struct {
	AsOf  string         `json:"as_of"`
	Rules callerIDRules  `json:"rules"`
	Items []callerIDItem `json:"items"`
	Next  *string        `json:"next"`
}

type callerIDAnswer struct {
	AsOf     string       `json:"as_of"`
	CallerID callerIDItem `json:"caller_id"`
}

// listCallerIDs lists our numbers in their order, those of one pool, or those
// in one state.
func (a *API) listCallerIDs(r *request) (answer, error) {
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	from := 0
	if s := r.query("cursor"); s != "" {
		if from, err = strconv.Atoi(s); err != nil || from < 0 {
			return answer{}, badCursor()
		}
	}
	pool, state := r.query("pool"), r.query("state")
	switch state {
	case "", dialer.CallerIDReady, dialer.CallerIDFull, dialer.CallerIDResting:
	default:
		return answer{}, invalid("state", "state must be ready, full or resting")
	}
	all, err := a.op.CallerIDs()
	if err != nil {
		return answer{}, err
	}
	t := a.op.Thresholds()
	out := callerIDPage{AsOf: a.asOf(), Items: []callerIDItem{}, Rules: callerIDRules{
		t.Days, t.MinCalls, t.MinAnswered, t.Confidence, t.Margin, t.ShortShare, t.NearShare, t.RestMs / 1000,
	}}
	for i := from; i < len(all); i++ {
		it := callerIDOf(&all[i], &t)
		if pool != "" && !slices.ContainsFunc(it.Pools, func(p callerPool) bool { return p.Name == pool }) || state != "" && it.State != state {
			continue
		}
		if len(out.Items) == limit {
			next := strconv.Itoa(i)
			out.Next = &next
			break
		}
		out.Items = append(out.Items, it)
	}
	return ok(out)
}

func (a *API) getCallerID(r *request) (answer, error) {
	n, err := number("number", r.param("number"))
	if err != nil {
		return answer{}, err
	}
	return a.callerID(n)
}

func (a *API) callerID(n cadence.Number) (answer, error) {
	all, err := a.op.CallerIDs()
	if err != nil {
		return answer{}, err
	}
	at := slices.IndexFunc(all, func(c dialer.CallerIDSeen) bool { return c.Number == n })
	if at < 0 {
		f := notFound("caller ID")
		f.Field = "number"
		return answer{}, f
	}
	t := a.op.Thresholds()
	return ok(callerIDAnswer{a.asOf(), callerIDOf(&all[at], &t)})
}

type restRequest struct {
	Until  string `json:"until"`
	Reason string `json:"reason"`
	By     string `json:"by"`
}

// restCallerID answers when no grant names the number any more.
func (a *API) restCallerID(ctx context.Context, r *request) (answer, error) {
	var in restRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	until, err := instant("until", in.Until)
	if err != nil {
		return answer{}, err
	}
	if until <= a.op.Now().UnixMilli() {
		return answer{}, invalid("until", "until must lie ahead; a rest is ended with unrest")
	}
	if in.Reason == "" {
		return answer{}, invalid("reason", "say in reason why the number rests")
	}
	return a.rest(ctx, r, until, in.Reason, in.By)
}

type unrestRequest struct {
	Reason string `json:"reason"`
	By     string `json:"by"`
}

func (a *API) unrestCallerID(ctx context.Context, r *request) (answer, error) {
	var in unrestRequest
	if len(r.body) > 0 {
		if err := decode(r.body, &in); err != nil {
			return answer{}, err
		}
	}
	return a.rest(ctx, r, 0, in.Reason, in.By)
}

func (a *API) rest(ctx context.Context, r *request, until int64, reason, who string) (answer, error) {
	n, err := number("number", r.param("number"))
	if err != nil {
		return answer{}, err
	}
	if len(reason) > 500 {
		return answer{}, invalid("reason", "reason is longer than 500 bytes")
	}
	by, err := author(r, who)
	if err != nil {
		return answer{}, err
	}
	if err := a.command(ctx, &dialer.RestCallerID{Number: n, Until: until, Reason: reason, By: by}); err != nil {
		return answer{}, err
	}
	return a.callerID(n)
}

func callerIDOf(c *dialer.CallerIDSeen, t *pacing.Thresholds) callerIDItem {
	it := callerIDItem{
		Number: c.Number, State: c.State(), Region: c.Region, Capabilities: texts(c.Capabilities), CallsToday: c.Today,
		DayEnds: at(c.DayEnds), LastUsed: maybe(c.LastUse), Health: healthOf(&c.Figures, t, c.Ill() == pacing.Well), Pools: []callerPool{},
	}
	if c.DailyCap > 0 {
		it.DailyCap = &c.DailyCap
	}
	if c.Rest != nil {
		it.Rest = &callerRest{at(c.Rest.Since), at(c.Rest.Until), c.Rest.Reason, c.Rest.By, ill(c.Rest.Rule), c.Rest.Author}
	}
	for i := range c.Pools {
		p := &c.Pools[i]
		it.Pools = append(it.Pools, callerPool{
			Name: p.Name, Others: p.Others.Attempts, AnswerRate: share(p.Others.Answered, p.Others.Attempts),
			AnswerInterval: wilson(p.Others.Answered, p.Others.Attempts, t), ShortRatio: share(p.Others.Short, p.Others.Answered), Ill: ill(p.Ill),
		})
	}
	return it
}

func healthOf(f *pacing.Figures, t *pacing.Thresholds, well bool) callerHealth {
	return callerHealth{
		Days: t.Days, Attempts: f.Attempts, Answered: f.Answered, Contacts: f.Contacts, AnswerRate: share(f.Answered, f.Attempts),
		AnswerInterval: wilson(f.Answered, f.Attempts, t), ShortCalls: f.Short, ShortRatio: share(f.Short, f.Answered),
		NeighbourCalls: f.Near, NeighbourRatio: share(f.Near, f.Attempts), Enough: f.Attempts >= t.MinCalls,
		Confidence: t.Confidence, Well: well,
	}
}

func share(part, of int64) *float64 {
	if s, ok := pacing.Rate(part, of); ok {
		return &s
	}
	return nil
}

func wilson(part, of int64, t *pacing.Thresholds) interval {
	w := pacing.Wilson(part, of, t.Z())
	return interval{w.Low, w.High}
}

func ill(i pacing.Ill) *string {
	if i == pacing.Well {
		return nil
	}
	s := string(i)
	return &s
}
