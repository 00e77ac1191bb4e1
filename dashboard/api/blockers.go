package api

import (
	"net/url"
	"strconv"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
)

type blockersAnswer struct {
	AsOf        string         `json:"as_of"`
	Cadence     string         `json:"cadence"`
	CadenceName string         `json:"cadence_name"`
	Waiting     int64          `json:"waiting"`
	Looked      int            `json:"looked"`
	Callable    int            `json:"callable"`
	Items       []blockerCount `json:"items"`
	Ended       []putOutCount  `json:"ended"`
}

// putOutCount is a rule that has put leads out of the cadence, and where they
// are listed.
type putOutCount struct {
	Rule    string   `json:"rule"`
	Message string   `json:"message"`
	Leads   int64    `json:"leads"`
	Samples []string `json:"samples"`
	URL     string   `json:"enrollments_url"`
}

type blockerCount struct {
	Rule    string        `json:"rule"`
	Message string        `json:"message"`
	Result  permit.Result `json:"result"`
	Touches int           `json:"touches"`
	Next    *string       `json:"next"`
	Leads   []string      `json:"leads"`
}

// blockersLooked is how many touches are judged when the request does not say.
const blockersLooked = 20_000

func (a *API) cadenceBlockers(r *request) (answer, error) {
	id, err := r.id(cadence.KindCadence)
	if err != nil {
		return answer{}, err
	}
	look := blockersLooked
	if s := r.query("look"); s != "" {
		if look, err = strconv.Atoi(s); err != nil || look < 1 || look > dialer.MaxBlockersLooked {
			return answer{}, invalid("look", "look must be 1 to 100000")
		}
	}
	b, err := a.op.Blockers(id, look)
	if err != nil {
		return answer{}, err
	}
	rules, err := a.rulebook()
	if err != nil {
		return answer{}, err
	}
	out := blockersAnswer{
		AsOf: at(b.At.UnixMilli()), Cadence: id.Text(cadence.KindCadence), CadenceName: b.Name,
		Waiting: b.Waiting, Looked: b.Looked, Callable: b.Callable, Items: []blockerCount{}, Ended: []putOutCount{},
	}
	for _, one := range b.Rules {
		out.Items = append(out.Items, blockerCountOf(rules, &one))
	}
	for _, one := range b.Ended {
		c := putOutCount{Rule: one.Rule, Message: rules.message(one.Rule, ""), Leads: one.Leads, Samples: []string{}}
		switch one.Rule {
		case state.RuleCondition:
			c.Message = "the step's condition could not be judged: correct it, publish, and enroll the leads again"
		case state.RuleNo: // only they can take it back
		default:
			c.Message += "; then enroll the leads again"
		}
		for _, lead := range one.Samples {
			c.Samples = append(c.Samples, lead.Text(cadence.KindLead))
		}
		c.URL = "/v1/enrollments?" + url.Values{"cadence": {out.Cadence}, "rule": {one.Rule}}.Encode()
		out.Ended = append(out.Ended, c)
	}
	return ok(out)
}

func blockerCountOf(rules rulebook, b *dialer.Blocker) blockerCount {
	c := blockerCount{Rule: b.Rule, Message: rules.message(b.Rule, b.Detail), Result: b.Result, Touches: b.Touches, Next: maybeTime(b.Next), Leads: []string{}}
	for _, id := range b.Samples {
		c.Leads = append(c.Leads, id.Text(cadence.KindLead))
	}
	return c
}
