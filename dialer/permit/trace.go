package permit

import (
	"fmt"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// Check is one rule looked at, for explanations. Until and NotAfter are this
// rule's own, without the others; zero when it has none.
type Check struct {
	Rule     string
	Kind     Kind
	Result   Result // Allow when it passes
	Zone     string
	Local    time.Time // of Zone, zero without one
	Until    time.Time // of Defer
	NotAfter time.Time // of a passing window: its own end
	Detail   string    // the numbers it compared
}

// Trace looks at every rule, also behind the first that does not allow: the
// first Check that is not Allow is Decide's. Rules that need what is missing
// (hours without a zone or a pack) are left out.
func Trace(f *Facts, now time.Time) []Check {
	var out []Check
	for _, rule := range stops {
		found := finding{}
		if refuses(f, rule) {
			found = stopped(f, rule)
		}
		out = append(out, check(rule, found, stopDetail(f, rule)))
	}
	out = append(out, check(RuleOpenAttempt, checkOpen(f, now), ""))
	counted := fmt.Sprintf("%d of %d calls within %s", countedSince(f, now), f.limit(), NumberWindow)
	out = append(out, check(RuleNumberCap, checkCap(f, now), counted))
	if f.Pack != nil && len(f.Zones) > 0 {
		out = append(out, traceHours(f, now)...)
	}
	return append(out, check(RuleCallerID, checkCallerID(f), ""))
}

func check(rule string, found finding, detail string) Check {
	c := Check{Rule: rule, Kind: kindOf(rule), Result: Allow, Detail: detail}
	if !found.passes() {
		c.Result, c.Until = found.result, found.until
	}
	return c
}

// stopDetail names what a stop looked at.
func stopDetail(f *Facts, rule string) string {
	switch rule {
	case RuleHealth:
		return f.Health
	case RuleDNC, RuleDNCScope:
		if refuses(f, rule) {
			return fmt.Sprintf("%s, since %s, %s", f.DNC.Scope, time.UnixMilli(f.DNC.At).UTC().Format(time.RFC3339), f.DNC.Source)
		}
	case RuleCountry:
		return fmt.Sprintf("%q, allowed: %s", f.Country, strings.Join(f.Countries, " "))
	case RuleZoneUnknown:
		names := make([]string, len(f.Zones))
		for i, z := range f.Zones {
			names[i] = z.String()
		}
		return strings.Join(names, ", ")
	}
	return ""
}

// traceHours looks at every rule in every zone. When all allow now but one
// ends within the guard, the ones that end first do not pass.
func traceHours(f *Facts, now time.Time) []Check {
	joint := window.Decide(now, f.Zones, f.Pack.Windows)
	at := now
	if joint.OK && joint.NotAfter.Sub(now) <= Guard {
		at = joint.NotAfter
	}
	blocked := checkHours(f, now).result == Block
	var out []Check
	for _, r := range f.Pack.Windows {
		for _, z := range zonesOf(r, f.Zones) {
			c := traceWindow(r, z, now, at)
			if blocked && c.Result == Defer {
				c.Result, c.Until = Block, time.Time{} // it opens, but never together with the others
			}
			out = append(out, c)
		}
	}
	return out
}

func zonesOf(r *window.Rule, zones []*time.Location) []*time.Location {
	if r.Zone != nil {
		return []*time.Location{r.Zone}
	}
	return zones
}

func traceWindow(r *window.Rule, z *time.Location, now, at time.Time) Check {
	own := window.Decide(at, []*time.Location{z}, []*window.Rule{r})
	c := Check{Rule: r.ID, Kind: kindOf(r.ID), Result: Allow, Zone: z.String(), Local: now.In(z)}
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

// kindOf is the kind of a built-in rule; rules of packs are windows.
func kindOf(rule string) Kind {
	for _, r := range builtIn {
		if r.ID == rule {
			return r.Kind
		}
	}
	return KindWindow
}
