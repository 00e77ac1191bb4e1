package dialer

import (
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// StaleList is an imported list that a rule in force wants to be younger.
type StaleList struct {
	Rule string
	List string
	AsOf int64 // Unix ms, 0 for one that was never imported whole
	Most time.Duration
}

// StaleLists are the lists that the rule packs in force want for a country that
// may be called, and that are older than they allow; those that were never
// imported too where that keeps calls from being placed.
func (e *Engine) StaleLists() ([]StaleList, error) {
	set, err := e.Packs()
	if err != nil || set == nil {
		return nil, err
	}
	asOf := map[string]int64{}
	if err := e.Rows().ScrubLists(func(_ uint32, s *state.ScrubList) bool { asOf[s.Name] = s.AsOf; return true }); err != nil {
		return nil, err
	}
	now := e.Now()
	var stale []StaleList
	set.Rules(func(r *pack.Rule, a pack.Applies) {
		here := len(a.Country) == 0 || slices.ContainsFunc(a.Country, func(c string) bool { return slices.Contains(e.o.Rules.Countries, c) })
		if r.Kind != pack.Scrub || !here || !r.InForce(window.DayOf(now.UTC())) {
			return
		}
		l := StaleList{Rule: r.ID, List: r.Params.List, AsOf: asOf[r.Params.List], Most: r.MaxAge()}
		missing := l.AsOf == 0 && e.o.Rules.Scrub == permit.ScrubEnforce && !r.Params.Voluntary
		if missing || l.AsOf != 0 && now.Sub(atMs(l.AsOf)) > l.Most {
			stale = append(stale, l)
		}
	})
	return stale, nil
}
