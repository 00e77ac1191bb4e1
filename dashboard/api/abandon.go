package api

import (
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
)

type abandonShare struct {
	Rule      string   `json:"rule"`
	Message   string   `json:"message"`
	Campaign  *string  `json:"campaign"`
	Limit     float64  `json:"limit"`
	Since     string   `json:"since"`
	Until     *string  `json:"until"`
	Answered  int64    `json:"answered"`
	Abandoned int64    `json:"abandoned"`
	Rate      *float64 `json:"rate"`
	Within    *float64 `json:"connect_within"`
	Late      int64    `json:"late"`
	Told      int64    `json:"late_told"`
	LateRate  *float64 `json:"rate_with_late"`
	Today     int64    `json:"abandoned_today"`
	LateToday int64    `json:"late_today"`
	Over      bool     `json:"over"`
	OverLate  bool     `json:"over_with_late"`
	HeldUntil *string  `json:"held_until"`
}

// listAbandon tells what share of its answered calls each campaign abandons.
func (a *API) listAbandon(*request) (answer, error) {
	shares, err := a.op.Shares()
	if err != nil {
		return answer{}, err
	}
	office, err := a.op.Rows().Office()
	if err != nil {
		return answer{}, err
	}
	rules, err := a.rulebook()
	if err != nil {
		return answer{}, err
	}
	now := a.op.Now().UnixMilli()
	out := page[abandonShare]{Items: make([]abandonShare, 0, len(shares))}
	for i := range shares {
		s := &shares[i]
		info, _ := dialer.RuleInfo(rules.set, s.Rule)
		it := abandonShare{
			Rule: s.Rule, Message: info.Title, Limit: s.Limit / 100, Since: at(s.Since), Until: maybe(s.Ends), Answered: s.Answered,
			Abandoned: s.Abandoned, Today: s.Today, Over: s.Over, Late: s.Late, Told: s.Told, LateToday: s.TodayLate, OverLate: s.OverLate, HeldUntil: heldUntil(office.Overs(), s, now),
		}
		if s.Campaign != "" {
			it.Campaign = &s.Campaign
		}
		if s.Answered > 0 {
			it.Rate = new(float64(s.Abandoned) / float64(s.Answered))
			it.LateRate = new(float64(s.Abandoned+s.Late) / float64(s.Answered))
		}
		if s.Within > 0 {
			it.Within = new(s.Within.Seconds())
		}
		out.Items = append(out.Items, it)
	}
	return ok(out)
}

// heldUntil is until when a share's campaign waits; nil when it does not.
func heldUntil(over []event.Over, s *dialer.Share, now int64) *string {
	for i := range over {
		if o := &over[i]; o.Rule == s.Rule && o.Campaign == s.Campaign && o.Until > now {
			return maybe(o.Until)
		}
	}
	return nil
}
