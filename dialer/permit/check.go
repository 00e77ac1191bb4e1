package permit

import (
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
)

// finding is what one check says. The zero finding passes.
type finding struct {
	rule   string
	result Result
	until  time.Time // of Defer
	zone   *time.Location
	detail string
}

func (f finding) passes() bool { return f.rule == "" }

func block(rule string) finding { return finding{rule: rule, result: Block} }

// stops are the checks before any counting or clock arithmetic, in order.
// Consent belongs between DNC and the number.
var stops = [...]string{
	RuleKillSwitch, RuleHealth, RuleNoPack, RuleInactive, RuleHalted, RuleNotEnrolled,
	RuleDNC, RuleDNCScope, RuleRetired, RuleCountry, RuleNonGeographic, RuleZoneUnknown,
}

func checkStops(f *Facts) finding {
	for _, rule := range stops {
		if refuses(f, rule) {
			return stopped(f, rule)
		}
	}
	return finding{}
}

// refuses tells whether one of the stops does. It is a switch and no table of
// functions, so that facts need not live on the heap.
func refuses(f *Facts, rule string) bool {
	switch rule {
	case RuleKillSwitch:
		return f.Kill
	case RuleHealth:
		return f.Health != ""
	case RuleNoPack:
		return f.Pack == nil || len(f.Pack.Windows) == 0
	case RuleInactive:
		return !f.Active
	case RuleHalted:
		return f.Halted
	case RuleNotEnrolled:
		return !f.Enrolled
	case RuleDNC:
		return f.DNC.On && f.DNC.Scope == cadence.ScopeAll
	case RuleDNCScope:
		return f.DNC.On && f.DNC.Scope != cadence.ScopeAll
	case RuleRetired:
		return f.Retired
	case RuleCountry:
		return f.Country == "" || !slices.Contains(f.Countries, f.Country)
	case RuleNonGeographic:
		return f.NonGeographic
	case RuleZoneUnknown:
		return len(f.Zones) == 0
	}
	panic("BUG: permit: no check for " + rule)
}

func stopped(f *Facts, rule string) finding {
	found := block(rule)
	switch rule {
	case RuleHealth:
		found.detail = f.Health
	case RuleDNC:
		found.detail = f.DNC.Source
	case RuleDNCScope:
		found.detail = string(f.DNC.Scope)
	}
	return found
}

func checkOpen(f *Facts, now time.Time) finding {
	if !f.Open {
		return finding{}
	}
	return finding{rule: RuleOpenAttempt, result: Defer, until: now.Add(OpenWait)}
}

// checkCap counts a rolling window: one more call now must leave at most cap
// calls in the last 24 h at any instant. The guard widens the window, because
// a call rings a little after its intent and not always equally late.
func checkCap(f *Facts, now time.Time) finding {
	if countedSince(f, now) < f.limit() {
		return finding{}
	}
	return finding{rule: RuleNumberCap, result: Defer, until: capUntil(f, now)}
}

const capSpan = int64((NumberWindow + Guard) / time.Millisecond)

// countedSince is how many intents the window that ends at now holds. One
// dated later than now counts too.
func countedSince(f *Facts, now time.Time) int {
	from, n := floorMilli(now)-capSpan, 0
	for _, at := range f.Intents {
		if at > from {
			n++
		}
	}
	return n
}

// capUntil is the first instant at which enough intents have left the window:
// that of the oldest which leaves no more than cap - 1 younger ones.
func capUntil(f *Facts, now time.Time) time.Time {
	best := int64(-1)
	for _, at := range f.Intents {
		younger := 0
		for _, other := range f.Intents {
			if other > at {
				younger++
			}
		}
		if younger < f.limit() && (best < 0 || at < best) {
			best = at
		}
	}
	return time.UnixMilli(max(best+capSpan, ceilMilli(now)))
}

// hours is the answer of the windows for the instant at: when it allows, the
// end of the allowance less the guard; else the next instant that does.
type hours struct {
	finding
	notAfter time.Time
}

// checkHours also refuses the last minute of a window.
func checkHours(f *Facts, at time.Time) hours {
	v := window.Decide(at, f.Zones, f.Pack.Windows)
	if v.OK {
		if v.NotAfter.Sub(at) > Guard {
			return hours{notAfter: v.NotAfter.Add(-Guard)}
		}
		v = window.Decide(v.NotAfter, f.Zones, f.Pack.Windows)
	}
	found := finding{rule: v.Rule, result: Defer, zone: v.Zone}
	if found.until = opening(f, v); found.until.Equal(never) {
		found.result, found.until = Block, time.Time{}
	}
	return hours{finding: found}
}

// maxOpenings bounds the search past windows shorter than the guard.
const maxOpenings = 64

// opening is the next instant, after a refusal, at which a window opens for
// longer than the guard.
func opening(f *Facts, v window.Verdict) time.Time {
	for range maxOpenings {
		switch {
		case v.Never:
			return never
		case !v.OK:
			at := v.Until
			if v = window.Decide(at, f.Zones, f.Pack.Windows); v.OK && v.NotAfter.Sub(at) > Guard {
				return at
			}
		default:
			v = window.Decide(v.NotAfter, f.Zones, f.Pack.Windows)
		}
	}
	return never
}

func checkCallerID(f *Facts) finding {
	if f.CallerID {
		return finding{}
	}
	return block(RuleCallerID)
}
