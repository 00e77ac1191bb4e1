package dialer

import (
	"cmp"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// seller is who sells by the calls of a version: whom its document names, else
// its campaign's, else the house's; "" when nobody is named.
func (p *Plan) seller(r *Rules) string {
	return cmp.Or(p.Doc.Seller, r.Sellers[p.Doc.CampaignName()], r.Seller)
}

// callerFacts tell the permit of the caller ID where a rule wants one of a kind.
func (r *Rules) callerFacts(f *permit.Facts, from cadence.Number) {
	if f.Pack == nil || len(f.Pack.Law.Callers) == 0 || from == "" {
		return
	}
	f.From = from
	f.Away = slices.ContainsFunc(r.CallerIDs, func(id pacing.CallerID) bool { return id.Number == from && id.Away })
}

// candidate is a number of a step's pool that the rules about caller IDs let be
// shown, else any of the pool: what an explanation looks at before the pacer has
// chosen. It is empty for a pool without numbers.
func (r *Rules) candidate(f *permit.Facts, need cadence.CallerID) (first cadence.Number) {
	if f.Pack == nil || len(f.Pack.Law.Callers) == 0 {
		return ""
	}
	pool := cmp.Or(need.Pool, cadence.DefaultPool)
	for i := range r.CallerIDs {
		id := &r.CallerIDs[i]
		if need.Strategy == cadence.StrategyFixed && id.Number != need.Number || need.Strategy != cadence.StrategyFixed && cmp.Or(id.Pool, cadence.DefaultPool) != pool {
			continue
		}
		if !slices.ContainsFunc(f.Pack.Law.Callers, func(l pack.Limit) bool { return !l.Fits(string(id.Number), id.Away) }) {
			return id.Number
		}
		first = cmp.Or(first, id.Number)
	}
	return first
}

// demandsAt are what the law wants of the caller ID of a call at an instant, as
// the pacer understands it.
func (r *ruling) demandsAt(now int64) []pacing.Demand {
	if r.pack == nil || len(r.pack.Law.Callers) == 0 {
		return nil
	}
	callers := r.pack.Law.Callers
	if len(r.demands) == len(callers) {
		return r.demands
	}
	var out []pacing.Demand
	for i := range callers {
		l := &callers[i]
		if l.Always() || slices.ContainsFunc(r.zones, func(z *time.Location) bool { return l.InForce(window.DayOf(atMs(now).In(z))) }) {
			out = append(out, pacing.Demand{Rule: l.ID, Fits: l.Fits})
		}
	}
	return out
}

// standing are the demands of rules that are in force on all days; all of them,
// mostly.
func standing(callers []pack.Limit) (out []pacing.Demand) {
	for i := range callers {
		if callers[i].Always() {
			out = append(out, pacing.Demand{Rule: callers[i].ID, Fits: callers[i].Fits})
		}
	}
	return out
}
