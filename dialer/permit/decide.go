package permit

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// Decide judges one touch at one instant. The first rule that does not allow
// is named; until is then the earliest instant at which caps and hours allow
// together. It allocates nothing.
func Decide(f *Facts, now time.Time) Verdict {
	v := Verdict{
		Result: Allow, At: floorMilli(now), Policy: f.Policy, TZ: window.TZVersion(),
		Calls: countedIn(f, &house, now, NumberWindow), Cap: f.limit(), Zones: len(f.Zones),
	}
	if f.Pack != nil {
		v.Pack, v.Rules = f.Pack.Digest, f.Pack.Law.Set
	}
	found := checkStops(f, now)
	if found.passes() {
		found = checkRelease(f, now)
	}
	if found.passes() {
		found = checkOpen(f, now)
	}
	if found.passes() {
		found = checkCaps(f, now)
	}
	if found.passes() {
		h := checkHours(f, now)
		if found = h.finding; found.passes() {
			v.NotAfter = floorMilli(ageing(f, now, counting(f, now, h.notAfter)))
			found = checkCallerID(f, now)
		}
	}
	if found.passes() {
		found = checkAbandon(f, now)
	}
	if found.passes() {
		found = checkMoney(f, now)
	}
	v.settle(f, found, now)
	return v
}

// settle writes a finding into the verdict.
func (v *Verdict) settle(f *Facts, found finding, now time.Time) {
	if found.max > 0 {
		v.Calls, v.Cap = found.calls, found.max
	}
	if found.result == Defer {
		until, end := eligible(f, found.until)
		if !end.passes() && found.rule != RuleOpenAttempt {
			found = end // it would wait for nothing
		}
		v.Until = ceilMilli(until)
	}
	v.locate(f, found.zone, now)
	if found.passes() {
		return
	}
	v.Result, v.Rule, v.Detail, v.NotAfter = found.result, found.rule, found.detail, 0
	if found.result != Defer {
		v.Until = 0
	}
}

// maxSteps bounds how often caps and hours may hand an instant on to each
// other. Each step passes a call that counts, a midnight or a closed window.
const maxSteps = 256

// eligible moves an instant to the first one at which caps, silences and hours
// all allow. Each is asked for the first instant from there on that it allows
// itself, so none is passed over. When the hours never open again, end says
// which rule keeps them shut, and the instant is as far as the caps moved it.
func eligible(f *Facts, at time.Time) (until time.Time, end finding) {
	for range maxSteps {
		if found := checkSpent(f, at); !found.passes() {
			at = found.until
			continue
		}
		if found := checkAbandon(f, at); !found.passes() {
			at = found.until
			continue
		}
		if found := checkRelease(f, at); !found.passes() {
			at = found.until
			continue
		}
		if found := checkCaps(f, at); !found.passes() {
			at = found.until
			continue
		}
		h := checkHours(f, at)
		switch h.result {
		case Defer:
			at = h.until
		case Block:
			return at, h.finding
		default:
			old := checkScrubs(f, at)
			if old.passes() {
				return at, finding{}
			}
			// The list will be too old by then, and older after it.
			lapse := lapsing(f, f.Pack.Law.Scrub(old.rule), never)
			if lapse.Equal(never) {
				return at, old
			}
			at = lapse
		}
	}
	return at, finding{}
}

func (v *Verdict) locate(f *Facts, zone *time.Location, now time.Time) {
	if zone == nil && len(f.Zones) > 0 {
		zone = f.Zones[0]
	}
	if zone == nil {
		return
	}
	v.Zone = zone.String()
	_, offset := now.In(zone).Zone()
	v.Offset = int32(offset)
}
