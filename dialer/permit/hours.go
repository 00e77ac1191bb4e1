package permit

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// hours is the answer of the windows for the instant at: when it allows, the
// end of the allowance less the guard; else the next instant that does.
type hours struct {
	finding
	notAfter time.Time
}

// checkHours also refuses the last minute of a window.
func checkHours(f *Facts, at time.Time) hours {
	v := window.Decide(at, f.Zones, f.Pack.joint)
	if v.OK {
		if v.NotAfter.Sub(at) > Guard {
			return hours{notAfter: v.NotAfter.Add(-Guard)}
		}
		at = v.NotAfter
	}
	v = window.Decide(at, f.Zones, f.Pack.Windows) // names the rule
	found := finding{rule: v.Rule, result: Defer, zone: v.Zone}
	if found.until = opening(f, v); found.until.Equal(never) {
		found.result, found.until = Block, time.Time{}
		found.rule, found.zone = culprit(f, at, v)
	}
	return hours{finding: found}
}

// culprit is, of rules that never allow together any more, one that never
// allows by itself, be it from later on; else the one that refuses now.
func culprit(f *Facts, at time.Time, v window.Verdict) (string, *time.Location) {
	for i := range f.Pack.Windows {
		own := window.Decide(at, f.Zones, f.Pack.Windows[i:i+1])
		if own.OK {
			own = window.Decide(own.NotAfter, f.Zones, f.Pack.Windows[i:i+1])
		}
		if own.Never {
			return own.Rule, own.Zone
		}
	}
	return v.Rule, v.Zone
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
			if v = window.Decide(at, f.Zones, f.Pack.joint); v.OK && v.NotAfter.Sub(at) > Guard {
				return at
			}
		default:
			v = window.Decide(v.NotAfter, f.Zones, f.Pack.joint)
		}
	}
	return never
}
