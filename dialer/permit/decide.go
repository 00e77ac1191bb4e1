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
		Calls: countedSince(f, now), Cap: f.limit(), Zones: len(f.Zones),
	}
	if f.Pack != nil {
		v.Pack = f.Pack.Digest
	}
	found := checkStops(f)
	if found.passes() {
		found = checkOpen(f, now)
	}
	if found.passes() {
		found = checkCap(f, now)
	}
	if found.passes() {
		h := checkHours(f, now)
		if found = h.finding; found.passes() {
			v.NotAfter = floorMilli(h.notAfter)
			found = checkCallerID(f)
		}
	}
	v.settle(f, found, now)
	return v
}

// settle writes a finding into the verdict.
func (v *Verdict) settle(f *Facts, found finding, now time.Time) {
	v.locate(f, found.zone, now)
	if found.passes() {
		return
	}
	v.Result, v.Rule, v.Detail, v.NotAfter = found.result, found.rule, found.detail, 0
	if found.result == Defer {
		v.Until = ceilMilli(eligible(f, found.until))
	}
}

// eligible moves an instant to where caps and hours allow too. Waiting only
// helps a cap, so one pass in this order is enough. Hours that never open do
// not move it: they will be named when it comes.
func eligible(f *Facts, at time.Time) time.Time {
	if found := checkCap(f, at); !found.passes() {
		at = found.until
	}
	if h := checkHours(f, at); h.result == Defer {
		at = h.until
	}
	return at
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
