package permit

import (
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// finding is what one check says. The zero finding passes.
type finding struct {
	rule   string
	result Result
	until  time.Time // of Defer
	zone   *time.Location
	detail string
	calls  int // of a cap: how many counted …
	max    int // … and how many there may be
}

func (f finding) passes() bool { return f.rule == "" }

func block(rule string) finding { return finding{rule: rule, result: Block} }

// stops are the checks before any counting or clock arithmetic, in order:
// those before the law is asked for consent and young lists, and those after.
var (
	stops = [...]string{
		RuleKillSwitch, RuleHealth, RuleNoPack, RuleInactive, RuleHalted, RuleListPaused, RuleNotEnrolled, RuleDNC, RuleDNCScope, RuleDNCList,
	}
	about = [...]string{RuleRetired, RuleCountry, RulePremium, RuleUnknownCountry, RuleNonGeographic, RuleZoneUnknown}
)

func checkStops(f *Facts, now time.Time) finding {
	for _, rule := range stops {
		if refuses(f, rule) {
			return stopped(f, rule)
		}
	}
	if l := firstInForce(f, f.Pack.Law.Missing, now); l != nil {
		return finding{rule: l.ID, result: Block, detail: l.Need}
	}
	if found := checkScrubs(f, now); !found.passes() {
		return found
	}
	for _, rule := range about {
		if refuses(f, rule) {
			return stopped(f, rule)
		}
	}
	return checkRing(f, now)
}

// firstInForce is the first of the limits that is in force.
func firstInForce(f *Facts, limits []pack.Limit, now time.Time) *pack.Limit {
	for i := range limits {
		if inForce(f, &limits[i], now) {
			return &limits[i]
		}
	}
	return nil
}

// inForce reports whether a limit is in force in a place the called party may
// be in, or will be before a call that leaves now has rung. Without a place it
// is: unknown means no.
func inForce(f *Facts, l *pack.Limit, now time.Time) bool {
	if l.Always() || len(f.Zones) == 0 {
		return true
	}
	for _, z := range f.Zones {
		if l.InForce(window.DayOf(now.In(z))) || l.InForce(window.DayOf(now.Add(Guard).In(z))) {
			return true
		}
	}
	return false
}

// checkRing refuses a step that gives up too soon. How long a step rings is
// part of its version; 0 is not known, from releases that did not say.
func checkRing(f *Facts, now time.Time) finding {
	for i := range f.Pack.Law.Rings {
		l := &f.Pack.Law.Rings[i]
		if f.Ring > 0 && time.Duration(f.Ring)*time.Millisecond < l.Span && inForce(f, l, now) {
			return block(l.ID)
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
	case RuleListPaused:
		return f.ListPaused
	case RuleNotEnrolled:
		return !f.Enrolled
	case RuleDNC:
		return f.DNC.On && f.DNC.Scope == cadence.ScopeAll
	case RuleDNCScope:
		return f.DNC.On && f.DNC.Scope != cadence.ScopeAll
	case RuleDNCList:
		return f.listed() != nil
	case RuleRetired:
		return f.Retired
	case RuleCountry:
		return f.Country == "" || !slices.Contains(f.Countries, f.Country)
	case RuleUnknownCountry:
		return !f.Pack.Law.Known
	case RulePremium:
		return f.Premium
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
	case RuleDNCList:
		found.detail = f.listed().Name
	}
	return found
}

func checkOpen(f *Facts, now time.Time) finding {
	if !f.Open {
		return finding{}
	}
	return finding{rule: RuleOpenAttempt, result: Defer, until: now.Add(OpenWait)}
}

// checkRelease has a new lead of a list wait that has let its day's leads go.
func checkRelease(f *Facts, now time.Time) finding {
	if now.UnixMilli() >= f.ListUntil {
		return finding{}
	}
	return finding{rule: RuleListRelease, result: Defer, until: time.UnixMilli(f.ListUntil)}
}

func checkCallerID(f *Facts, now time.Time) finding {
	if !f.CallerID {
		return block(RuleCallerID)
	}
	return checkCallers(f, now)
}

// checkMoney refuses a call that might take the day's spending past its cap.
// While open calls may still give back enough, it looks again soon.
func checkMoney(f *Facts, now time.Time) finding {
	if found := checkSpent(f, now); !found.passes() || f.SpendCap == 0 || f.Spent+f.CallCost <= f.SpendCap {
		return found
	}
	if now.UnixMilli() >= f.SpendEnds {
		return finding{}
	}
	return finding{rule: RuleSpendCap, result: Defer, until: earlier(now.Add(OpenWait), time.UnixMilli(f.SpendEnds))}
}

// checkSpent refuses a call for which there is no money whatever the open ones
// give back: only the next day has some.
func checkSpent(f *Facts, now time.Time) finding {
	if f.SpendCap == 0 || f.Spent-f.Held+f.CallCost <= f.SpendCap || now.UnixMilli() >= f.SpendEnds {
		return finding{}
	}
	return finding{rule: RuleSpendCap, result: Defer, until: time.UnixMilli(f.SpendEnds)}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
