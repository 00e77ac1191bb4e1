package sim_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/sim"
)

// drawnCap is a cap of a drawn law or document: calls to a number, to a person or
// to a lead in a span that rolls, or on a local day or in a local month.
type drawnCap struct {
	per   string
	span  time.Duration // 0 is a calendar period
	most  int
	month bool
	whose string // number, person, lead
	of    string // the campaign whose calls it bounds; "" is any
}

// drawOwn draws a cadence's own caps.
func drawOwn(t *rapid.T, name string) (all []drawnCap, daily int, own *cadence.Caps) {
	own = &cadence.Caps{}
	for range rapid.IntRange(0, 2).Draw(t, name+" caps") {
		c := drawnCap{per: rapid.SampledFrom([]string{"2h", "24h", "3d", "day"}).Draw(t, "per"), whose: "lead", of: name}
		c.most = rapid.IntRange(1, 6).Draw(t, "max")
		one := cadence.Cap{Max: c.most, Per: c.per}
		span, err := one.Rolling()
		if err != nil {
			t.Fatal(err)
		}
		c.span = span
		own.Lead, all = append(own.Lead, one), append(all, c)
	}
	if rapid.Bool().Draw(t, name+" is limited") {
		own.Daily = rapid.IntRange(1, 12).Draw(t, name+" daily")
	}
	return all, own.Daily, own
}

// drawHasty draws the caps of a hasty cadence.
func drawHasty(t *rapid.T, name string) (document []byte, caps []drawnCap, daily int) {
	caps, daily, own := drawOwn(t, name)
	text, err := json.Marshal(own)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, hasty, name, text), caps, daily
}

// caps draws a law that is nothing but caps, around the clock.
func drawCaps(t *rapid.T) (all []drawnCap, packs []byte) {
	spans := map[string]time.Duration{"2h": 2 * time.Hour, "24h": day, "7d": 7 * day, "30d": 30 * day, "day": 0, "month": 0}
	text := "schema: 1\npack: drawn\nrules:\n" +
		"  - {id: drawn.always, kind: window, title: Always, params: {days: {mon-sun: [\"00:00-24:00\"]}}, source: test, confidence: V}\n" +
		"  - {id: drawn.hours, kind: window, title: Always, applies: {country: [US]}, params: {days: {mon-sun: [\"00:00-24:00\"]}}, source: test, confidence: V}\n"
	for i := range rapid.IntRange(1, 3).Draw(t, "caps") {
		c := drawnCap{per: rapid.SampledFrom([]string{"2h", "24h", "7d", "30d", "day", "month"}).Draw(t, "per")}
		c.span, c.month = spans[c.per], c.per == "month"
		c.most = rapid.IntRange(1, map[bool]int{true: 9, false: 4}[c.month || c.span > day]).Draw(t, "max")
		c.whose = rapid.SampledFrom([]string{"number", "person", "lead"}).Draw(t, "key")
		text += fmt.Sprintf("  - {id: drawn.cap%d, kind: cap, title: A cap, params: {key: [%s], max: %d, per: %s}, source: test, confidence: V}\n", i, c.whose, c.most, c.per)
		all = append(all, c)
	}
	set, problems := pack.Load(fstest.MapFS{"drawn.yaml": &fstest.MapFile{Data: []byte(text)}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return all, set.Body()
}

// drawShared draws leads of one to three numbers out of a few, so that most
// numbers are several people's.
func drawShared(t *rapid.T) (leads []cadence.Lead, numbers []cadence.Number) {
	pool := []cadence.Number{"+13035550100", "+13035550101", "+12125550100", "+12125550101", "+14155550100"}
	for i := range rapid.IntRange(2, 6).Draw(t, "leads") {
		own := rapid.SliceOfNDistinct(rapid.SampledFrom(pool), 1, 3, rapid.ID).Draw(t, "numbers")
		l := cadence.Lead{Name: fmt.Sprintf("Lead %05d", i+1), FirstName: "Lead", ExternalID: fmt.Sprintf("S%05d", i+1)}
		for _, n := range own {
			l.Numbers = append(l.Numbers, cadence.LeadNumber{Number: n})
		}
		leads, numbers = append(leads, l), append(numbers, own[0], own[len(own)-1])
	}
	return leads, numbers
}

// hasty calls as soon as it may, at every number, again and again.
const hasty = `{
  "format": "carillon.cadence/v1", "name": %q, "caps": %s, "audience": {"type": "manual"}, "connect": [` + byPhone + `],
  "runs": {"max": 60, "gap": "1h"}, "re_entry": "always",
  "routes": [
    {"on": "BUSY", "do": "retry", "delay": "5m", "max": 9}, {"on": "NO_ANSWER", "do": "retry", "delay": "10m", "max": 3},
    {"on": "SALE", "do": "next"}, {"on": "NOT_INTERESTED", "do": "next"}, {"on": "CONNECTED", "do": "next"}
  ],
  "steps": [
    {"key": "one", "kind": "call", "numbers": {"next_on": ["NO_ANSWER", "BUSY", "ANSWERING_MACHINE"]}, "delay_after": "20m"},
    {"key": "two", "kind": "call", "numbers": "in_order", "caller_id": {"strategy": "rotating_pool"}, "delay_after": "3h"}
  ]
}`

// Whatever retries, callbacks, other numbers, shared numbers, ends and new
// beginnings, noes, orders that are given back, lost answers and crashes do to
// each other: no number, no person and no lead gets more calls than a cap of the
// law or of a cadence allows, in any span that rolls, on any day or in any month;
// no cadence makes more on a day, however many shards share its limit, and no
// caller ID places more. The calls are counted one by one from what the carrier
// took.
func TestNoInterleavingExceedsACap(t *testing.T) {
	kinds := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		caps, packs := drawCaps(rt)
		leads, numbers := drawShared(rt)
		first, ofFirst, firstDaily := drawHasty(rt, "First")
		second, ofSecond, secondDaily := drawHasty(rt, "Second")
		daily := map[string]int{"First": firstDaily, "Second": secondDaily}
		span := time.Duration(rapid.SampledFrom([]int{3, 3, 9, 40}).Draw(rt, "days")) * day
		o := sim.Options{
			Seed: rapid.Uint64().Draw(rt, "seed"), Leads: len(leads), People: leads, Numbers: numbers, Dispositions: dispositions(t), Packs: packs,
			Document: first, Also: [][]byte{second},
			Start:  time.Date(2026, 1, rapid.IntRange(1, 365).Draw(rt, "day"), rapid.IntRange(0, 23).Draw(rt, "hour"), 0, 0, 0, time.UTC),
			Faulty: span, Limit: span, Shards: rapid.SampledFrom([]int{1, 3}).Draw(rt, "shards"), CPS: 5, Channels: 20,
			NumberCap: rapid.IntRange(1, 20).Draw(rt, "house"), CallerCap: rapid.SampledFrom([]int{0, 2, 9}).Draw(rt, "caller"),
			CallerIDs: []cadence.Number{"+13035550191", "+13035550192"}, GoodLines: true, Return: 5 * time.Hour, Log: &sim.Log{},
			Says: []cadence.DispositionCode{"SALE", "NOT_INTERESTED", "CALLBACK", "CALLBACK"}, Mute: []string{"publish", "scrub", "move", "dispose"},
		}
		o.Faults = sim.Chaos()
		o.Faults.ClockStep, o.Faults.Drift, o.Faults.Refuse, o.Faults.RefuseFrom = 0, 0, 0, 0 // the carrier's clock counts, and it is the engine's
		o.Faults.Operators, o.Faults.Withdraw, o.Faults.DropResponse = 0.3, rapid.SampledFrom([]float64{0, 0.1}).Draw(rt, "withdraw"), 0.1
		r, err := sim.Run(o)
		if err != nil {
			rt.Fatal(err)
		}
		if r.Broken != nil {
			rt.Fatalf("%s: %s", r.Broken.Invariant, r.Broken.What)
		}
		caps = slices.Concat(caps, ofFirst, ofSecond, []drawnCap{{per: "house's 24h", whose: "number", span: day, most: o.NumberCap}})
		for i := range o.Log.Calls {
			for _, c := range caps {
				switch n := c.before(o.Log.Calls[:i+1]); {
				case c.of != "" && c.of != o.Log.Calls[i].Campaign:
				case n > c.most:
					rt.Fatalf("%d calls to the %s of %s in %s until %s, %d allowed", n, c.whose, o.Log.Calls[i].To, c.per, o.Log.Calls[i].At, c.most)
				case n == c.most:
					kinds[c.per]++
					kinds[c.whose]++
				}
			}
			most := daily[o.Log.Calls[i].Campaign]
			switch n := madeBy(o.Log.Calls[:i+1]); {
			case most > 0 && n > most:
				rt.Fatalf("%d calls of %s on the day of %s, %d allowed", n, o.Log.Calls[i].Campaign, o.Log.Calls[i].Decided, most)
			case n == most:
				kinds["cadence"]++
			}
			if n := usedBy(o.Log.Calls[:i+1]); o.CallerCap > 0 && n > o.CallerCap {
				rt.Fatalf("%d calls from %s on a day, %d allowed", n, o.Log.Calls[i].From, o.CallerCap)
			}
		}
	})
	if testing.Short() {
		return // too few worlds to reach every kind
	}
	for kind := range strings.FieldsSeq("2h 24h 7d 30d day month number person lead cadence") {
		if kinds[kind] == 0 && !t.Failed() {
			t.Errorf("no cap per %s was ever reached: %v", kind, kinds)
		}
	}
	t.Logf("caps reached: %v", kinds)
}

// before counts the calls that the cap counts with the last one, itself among
// them: those to its number, those to its lead, or for a person both. A local day
// or month is that of the number's one zone.
func (c *drawnCap) before(calls []sim.LoggedCall) int {
	last, n := calls[len(calls)-1], 0
	zone := zoneOfArea(last.To)
	same := func(at time.Time) bool {
		switch a, b := at.In(zone), last.At.In(zone); {
		case c.span > 0:
			return last.At.Sub(at) < c.span
		case c.month:
			return a.Format("2006-01") == b.Format("2006-01")
		default:
			return a.Format(time.DateOnly) == b.Format(time.DateOnly)
		}
	}
	for _, k := range slices.Backward(calls) {
		if last.At.Sub(k.At) > 40*day {
			break
		}
		counts := k.To == last.To
		switch c.whose {
		case "person":
			counts = counts || k.Lead == last.Lead
		case "lead":
			counts = k.Lead == last.Lead
		}
		if counts && same(k.At) {
			n++
		}
	}
	return n
}

var zones = cached(time.LoadLocation)

// cached remembers what was loaded.
func cached(load func(string) (*time.Location, error)) func(string) (*time.Location, error) {
	known := map[string]*time.Location{}
	return func(name string) (z *time.Location, err error) {
		if z = known[name]; z == nil {
			z, err = load(name)
			known[name] = z
		}
		return z, err
	}
}

func zoneOfArea(n cadence.Number) *time.Location {
	name := map[string]string{"303": "America/Denver", "212": "America/New_York", "415": "America/Los_Angeles"}[string(n[2:5])]
	zone, err := zones(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// madeBy counts the calls of the last one's campaign on the house's day, which is
// UTC's: the day on which each was decided.
func madeBy(calls []sim.LoggedCall) (n int) {
	last := calls[len(calls)-1]
	for _, k := range calls {
		if k.Campaign == last.Campaign && k.Decided.Format(time.DateOnly) == last.Decided.Format(time.DateOnly) {
			n++
		}
	}
	return n
}

// usedBy counts the calls from the last one's caller ID on its UTC day.
func usedBy(calls []sim.LoggedCall) (n int) {
	last := calls[len(calls)-1]
	for _, k := range calls {
		if k.From == last.From && k.At.Format(time.DateOnly) == last.At.Format(time.DateOnly) {
			n++
		}
	}
	return n
}
