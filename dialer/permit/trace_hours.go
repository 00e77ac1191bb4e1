package permit

import (
	"fmt"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// traceHours looks at every rule in every zone. When all allow now but one
// ends within the guard, the ones that end first do not pass.
func traceHours(f *Facts, now time.Time) []Check {
	joint := window.Decide(now, f.Zones, f.Pack.joint)
	at := now
	if joint.OK && joint.NotAfter.Sub(now) <= Guard {
		at = joint.NotAfter
	}
	own := checkHours(f, now)
	_, end := eligible(f, now)
	var out []Check
	for _, r := range f.Pack.Windows {
		kind := f.Pack.kindOf(r)
		if kind == KindConsent && own.rule != r.ID && end.rule != r.ID {
			continue // told before, or not yet in force
		}
		for _, z := range zonesOf(r, f.Zones) {
			c := traceWindow(r, z, now, at)
			if c.Kind = kind; c.Result == Defer && (own.result == Block || end.rule == r.ID) {
				c.Result, c.Until = Block, time.Time{} // it opens, but never together with the others
			}
			if c.Result == Allow && end.rule == r.ID {
				c.Result, c.NotAfter, c.Detail = Block, time.Time{}, "nothing is allowed any more when the rest would be"
			}
			out = append(out, c)
		}
	}
	return out
}

// kindOf tells windows, holidays, bans and missing consents apart.
func (p *Pack) kindOf(r *window.Rule) Kind {
	switch {
	case slices.ContainsFunc(p.Law.Missing, func(l pack.Limit) bool { return l.ID == r.ID }):
		return KindConsent
	case r.Holidays != nil:
		return KindHoliday
	case r.Week.Empty():
		return KindEmergency
	}
	return KindWindow
}

func zonesOf(r *window.Rule, zones []*time.Location) []*time.Location {
	if r.Zone != nil {
		return []*time.Location{r.Zone}
	}
	return zones
}

func traceWindow(r *window.Rule, z *time.Location, now, at time.Time) Check {
	own := window.Decide(at, []*time.Location{z}, []*window.Rule{r})
	c := Check{Rule: r.ID, Result: Allow, Zone: z.String(), Local: now.In(z)}
	switch {
	case own.OK:
		c.NotAfter = own.NotAfter
	case own.Never:
		c.Result = Block
	default:
		c.Result, c.Until = Defer, own.Until
	}
	if !at.Equal(now) && !own.OK {
		c.Detail = fmt.Sprintf("ends in %s; nothing is placed in the last %s", at.Sub(now).Round(time.Second), Guard)
	}
	return c
}
