package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/projection"
)

const (
	// adviceDays is how far back advice looks, recentDays what is lately.
	adviceDays, recentDays = 28, 7
	// hiddenFor is how long a recommendation that was put aside stays so.
	hiddenFor = 30 * 24 * time.Hour
	// adviceRest is how long an applied recommendation lets a number rest.
	adviceRest = 7 * 24 * time.Hour
	dayMs      = 86_400_000
)

type recommendations struct {
	AsOf   string           `json:"as_of"`
	Ready  bool             `json:"ready"`
	Days   int              `json:"days"`
	Hidden int              `json:"hidden"`
	Items  []recommendation `json:"items"`
}

// recommendation is one advice in words, with the figures it rests on.
type recommendation struct {
	ID       string       `json:"id"`
	Kind     string       `json:"kind"`
	Title    string       `json:"title"`
	Evidence string       `json:"evidence"`
	Effect   string       `json:"effect"`
	Own      adviceShare  `json:"own"`
	Rest     *adviceShare `json:"rest"`
	Period   span         `json:"period"`
	Cadence  *idName      `json:"cadence"`
	Number   *string      `json:"number"`
	Step     *string      `json:"step"`
	Weekday  *int         `json:"weekday"`
	Hour     *int         `json:"hour"`
	Until    *string      `json:"rest_until"`
}

type adviceShare struct {
	Count int64    `json:"count"`
	Of    int64    `json:"of"`
	Rate  *float64 `json:"rate"`
	interval
}

// listAdvice shows what the figures say should be looked at, the largest
// expected effect first.
func (a *API) listAdvice(r *request) (answer, error) {
	found, ready, err := a.advice(r)
	if err != nil {
		return answer{}, err
	}
	out := recommendations{AsOf: a.asOf(), Ready: ready, Days: adviceDays, Items: []recommendation{}}
	now := a.op.Now()
	for i := range found {
		row, err := a.op.Rows().Hidden(found[i].ID())
		if err != nil {
			return answer{}, err
		}
		if row != nil && row.At > now.Add(-hiddenFor).UnixMilli() {
			out.Hidden++
			continue
		}
		it, err := a.adviceItem(&found[i], now)
		if err != nil {
			return answer{}, err
		}
		out.Items = append(out.Items, it)
	}
	return ok(out)
}

// advice is all that can be said to the caller.
func (a *API) advice(r *request) (out []projection.Advice, ready bool, err error) {
	ctx, stop := context.WithTimeout(context.Background(), reportWait)
	defer stop()
	now := a.op.Now().UnixMilli()
	signals, ready, err := a.op.Signals(ctx, now-adviceDays*dayMs, now-recentDays*dayMs, now+1)
	if err != nil {
		return nil, false, err
	}
	for i := range signals {
		more, err := a.onCadence(&signals[i])
		if err != nil {
			return nil, false, err
		}
		out = append(out, more...)
	}
	if r.caller().Grants.Has(access.NumbersRead) {
		more, err := a.onCallerIDs()
		if err != nil {
			return nil, false, err
		}
		out = append(out, more...)
	}
	slices.SortStableFunc(out, func(x, y projection.Advice) int { return cmp.Compare(y.Gain, x.Gain) })
	return out, ready, nil
}

// onCadence advises about an active cadence.
func (a *API) onCadence(s *projection.Signal) (out []projection.Advice, err error) {
	rows := a.op.Rows()
	c, err := rows.Cadence(s.Cadence)
	if err != nil || c == nil || c.Status != event.Active {
		return nil, err
	}
	stats, err := rows.Stats(s.Cadence)
	if err != nil {
		return nil, err
	}
	if one := projection.OnHours(s); one != nil {
		out = append(out, *one)
	}
	if one := projection.OnLeads(s, stats.Active, stats.Pending); one != nil {
		out = append(out, *one)
	}
	return append(out, projection.OnSteps(s)...), nil
}

// onCallerIDs advises about the numbers that do not rest already.
func (a *API) onCallerIDs() (out []projection.Advice, err error) {
	ids, err := a.op.CallerIDs()
	for i := range ids {
		c := &ids[i]
		if c.Rest != nil {
			continue
		}
		for p := range c.Pools {
			if one := projection.OnCallerID(c.Number, c.Pools[p].Name, c.Figures, c.Pools[p].Others); one != nil {
				out = append(out, *one)
				break
			}
		}
	}
	return out, err
}

// hideAdvice puts a recommendation aside for hiddenFor.
func (a *API) hideAdvice(ctx context.Context, r *request) (answer, error) {
	return a.setAside(ctx, r, false)
}

// showAdvice takes that back.
func (a *API) showAdvice(ctx context.Context, r *request) (answer, error) {
	return a.setAside(ctx, r, true)
}

func (a *API) setAside(ctx context.Context, r *request, shown bool) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	id, err := r.id(cadence.KindAdvice)
	if err != nil {
		return answer{}, err
	}
	found, _, err := a.advice(r)
	if err != nil {
		return answer{}, err
	}
	at := slices.IndexFunc(found, func(one projection.Advice) bool { return one.ID() == id })
	if at < 0 {
		return answer{}, notFound("recommendation")
	}
	if err := a.command(ctx, &dialer.HideAdvice{ID: id, Shown: shown, By: r.caller().Author()}); err != nil {
		return answer{}, err
	}
	it, err := a.adviceItem(&found[at], a.op.Now())
	if err != nil {
		return answer{}, err
	}
	r.note(it.Title)
	return answer{status: http.StatusOK, body: it}, nil
}

func (a *API) adviceItem(x *projection.Advice, now time.Time) (recommendation, error) {
	it := recommendation{
		ID: x.ID().Text(cadence.KindAdvice), Kind: x.Kind, Own: adviceShareOf(x.Own),
		Period: span{at(now.UnixMilli() - adviceDays*dayMs), at(now.UnixMilli())},
	}
	if x.Rest.Of > 0 {
		rest := adviceShareOf(x.Rest)
		it.Rest = &rest
	}
	name := ""
	if !x.Cadence.IsZero() {
		var err error
		if name, err = newNames(a.op.Rows()).cadence(x.Cadence); err != nil {
			return it, err
		}
		it.Cadence = &idName{x.Cadence.Text(cadence.KindCadence), name}
	}
	it.aim(x, now)
	it.Title, it.Evidence, it.Effect = adviceWords(x, name, a.op.Thresholds().Days)
	return it, nil
}

// aim says what the advice is about besides the cadence.
func (it *recommendation) aim(x *projection.Advice, now time.Time) {
	switch x.Kind {
	case projection.AdviceCallerID:
		number, until := string(x.Number), at(now.Add(adviceRest).UnixMilli())
		it.Number, it.Until = &number, &until
	case projection.AdviceHours:
		day, hour := x.Week/24+1, x.Week%24
		it.Weekday, it.Hour = &day, &hour
	case projection.AdviceStep:
		it.Step = &x.Step
	}
}

func adviceShareOf(p projection.Part) adviceShare {
	return adviceShare{p.Count, p.Of, share(p.Count, p.Of), interval{p.Low, p.High}}
}
