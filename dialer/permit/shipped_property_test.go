package permit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// drawShipped draws a call that the shipped packs judge: one of the golden
// places, one or two of its zones, an hour on one of the golden days (both
// Sundays on which clocks change, a leap day, the end of a year, holidays) and
// some calls before.
func drawShipped(t *rapid.T, tb testing.TB, set *pack.Set) (permit.Facts, time.Time) {
	tb.Helper()
	p := rapid.SampledFrom(places).Draw(t, "place")
	country, state, _ := strings.Cut(p.place, "-")
	f := willing(tb)
	f.Country, f.Countries, f.Jurisdictions, f.Purpose, f.Voice = country, []string{country}, []string{country}, p.purpose, p.voice
	in := window.CountryZones(country)
	if state != "" {
		f.Jurisdictions, in = append(f.Jurisdictions, p.place), window.StateZones(country, state)
	}
	f.Evidence = strings.Fields(p.evidence)
	f.Given = f.Evidence
	f.Zones = rapid.SliceOfNDistinct(rapid.SampledFrom(in), 1, min(2, len(in)), rapid.ID).Draw(t, "zones")
	day := rapid.SampledFrom(goldenDays).Draw(t, "day")
	at, err := time.ParseInLocation(time.DateOnly, day, f.Zones[0])
	if err != nil {
		tb.Fatal(err)
	}
	now := at.Add(time.Duration(rapid.IntRange(-600, 30*3600).Draw(t, "second")) * time.Second)
	f.NumberCap = rapid.IntRange(1, 9).Draw(t, "cap")
	for range rapid.IntRange(0, 6).Draw(t, "calls") {
		f.Intents = append(f.Intents, now.Add(-time.Duration(rapid.IntRange(0, 40*3600).Draw(t, "ago"))*time.Second).UnixMilli())
	}
	f.Pack = lawful(tb, set, &f)
	return f, now
}

// Until is allowed and nothing before it is, minute by minute, under the rules
// that are shipped.
func TestUntilUnderTheShippedPacks(t *testing.T) {
	set := shipped(t)
	deferred := 0
	rapid.Check(t, func(rt *rapid.T) {
		f, now := drawShipped(rt, t, set)
		v := permit.Decide(&f, now)
		if v.Result != permit.Defer {
			return
		}
		deferred++
		until := time.UnixMilli(v.Until)
		if then := permit.Decide(&f, until); !then.OK() {
			rt.Fatalf("%s: deferred until %s, and then %+v", now, until, then)
		}
		for at := now; at.Before(until) && at.Before(now.Add(20*24*time.Hour)); at = at.Truncate(time.Minute).Add(time.Minute) {
			if early := permit.Decide(&f, at); early.OK() {
				rt.Fatalf("%s: deferred until %s by %s, and %s is allowed", now, until, v.Rule, at)
			}
		}
		if early := permit.Decide(&f, until.Add(-time.Millisecond)); early.OK() {
			rt.Fatalf("%s: deferred until %s, and a millisecond before is allowed", now, until)
		}
	})
	if deferred < 20 {
		t.Errorf("only %d were deferred", deferred)
	}
}

// The law of another place, or another zone, never turns no into yes, ends a
// wait sooner or makes a permit last longer, under the rules that are shipped.
func TestAnotherPlaceNeverWidens(t *testing.T) {
	set := shipped(t)
	rapid.Check(t, func(rt *rapid.T) {
		f, now := drawShipped(rt, t, set)
		before := permit.Decide(&f, now)
		g := f
		if rapid.Bool().Draw(rt, "zone") {
			g.Zones = append(zones(t, rapid.SampledFrom([]string{"America/Chicago", "America/Adak", "Asia/Kolkata", "Australia/Sydney"}).Draw(rt, "another")), f.Zones...)
		} else {
			more := rapid.SampledFrom(places).Draw(rt, "law").place
			country, _, _ := strings.Cut(more, "-")
			g.Jurisdictions = append(slices.Clone(f.Jurisdictions), country, more)
		}
		g.Pack = lawful(t, set, &g)
		after := permit.Decide(&g, now)
		if after.OK() && (!before.OK() || after.NotAfter > before.NotAfter) {
			rt.Fatalf("%s: more law gave more room: %+v, was %+v", now, after, before)
		}
		if after.Result == permit.Defer && (before.Result == permit.Block || before.Result == permit.Defer && after.Until < before.Until) {
			rt.Fatalf("%s: more law ended the wait sooner: %+v, was %+v", now, after, before)
		}
	})
}
