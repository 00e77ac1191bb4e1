package permit_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// drawLaw makes a law of windows, caps and silences, some of them in force
// only on some of the days around now.
func drawLaw(t *rapid.T, now time.Time) *pack.Law {
	period := func(name string) (since, until window.Day) {
		if rapid.IntRange(0, 1).Draw(t, name) == 0 {
			return 0, 0
		}
		since = window.DayOf(now) + window.Day(rapid.IntRange(-2, 3).Draw(t, name+" since"))
		if rapid.Bool().Draw(t, name+" ends") {
			until = since + window.Day(rapid.IntRange(0, 2).Draw(t, name+" lasts"))
		}
		return since, until
	}
	l := law()
	for range rapid.IntRange(0, 2).Draw(t, "windows") {
		from := rapid.IntRange(0, 20).Draw(t, "from")
		w := &window.Rule{ID: "law.window", Week: window.NewWeek(window.Span{
			Days: window.Days(rapid.IntRange(1, 127).Draw(t, "days")), From: from * 60, To: rapid.IntRange(from+1, 24).Draw(t, "to") * 60,
		})}
		w.Since, w.Until = period("window")
		l.Windows = append(l.Windows, w)
	}
	for range rapid.IntRange(0, 2).Draw(t, "caps") {
		c := pack.Limit{ID: "law.cap", Max: rapid.IntRange(1, 3).Draw(t, "max")}
		if rapid.Bool().Draw(t, "rolls") {
			c.Span = time.Duration(rapid.IntRange(1, 60).Draw(t, "span")) * time.Hour
		} else {
			c.Month = rapid.Bool().Draw(t, "month")
		}
		c.Since, c.Until = period("cap")
		l.Caps = append(l.Caps, c)
	}
	if rapid.Bool().Draw(t, "list") {
		s := pack.Limit{ID: "law.list", List: "national", Span: time.Duration(rapid.IntRange(1, 90).Draw(t, "young")) * time.Hour}
		s.Since, _ = period("list")
		l.Scrubs = append(l.Scrubs, s)
	}
	return l
}

func drawJudged(t *rapid.T, tb testing.TB) (permit.Facts, time.Time) {
	tb.Helper()
	now := drawNow(t).Truncate(time.Second)
	f := willing(tb)
	f.NumberCap = 50
	f.Scrub, f.Lists = permit.ScrubEnforce, []permit.List{{Name: "national", AsOf: now.Add(-time.Duration(rapid.IntRange(0, 60).Draw(t, "as of")) * time.Hour).UnixMilli()}}
	names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"America/New_York", "America/Denver", "Europe/Paris", "Asia/Beirut"}), 1, 2, rapid.ID).Draw(t, "zones")
	f.Zones = zones(tb, names...)
	for range rapid.IntRange(0, 4).Draw(t, "intents") {
		f.Intents = append(f.Intents, now.UnixMilli()-rapid.Int64Range(0, 70*3600).Draw(t, "ago")*1000)
	}
	var err error
	if f.Pack, err = permit.NewPack(drawLaw(t, now), nil); err != nil {
		tb.Fatal(err)
	}
	return f, now
}

// slow judges the plain way: it asks every rule by itself, with a wall clock
// and a recount.
func slow(f *permit.Facts, at time.Time) bool {
	inForce := func(since, until window.Day, z *time.Location) bool {
		return slices.ContainsFunc([]time.Time{at, at.Add(permit.Guard)}, func(at time.Time) bool { // it may ring a minute later
			y, m, d := at.In(z).Date()
			day := window.Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
			return (since == 0 || day >= since) && (until == 0 || day <= until)
		})
	}
	for _, ahead := range []time.Duration{0, permit.Guard} {
		for _, w := range f.Pack.Windows {
			for _, z := range f.Zones {
				local := at.Add(ahead).In(z)
				y, m, d := local.Date()
				day := window.Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
				if (w.Since == 0 || day >= w.Since) && (w.Until == 0 || day <= w.Until) && !w.Week.Allows(local.Weekday(), local.Hour()*60+local.Minute()) {
					return false
				}
			}
		}
	}
	for i := range f.Pack.Law.Scrubs {
		l := &f.Pack.Law.Scrubs[i]
		if at.Add(permit.Guard).Sub(time.UnixMilli(f.Lists[0].AsOf)) > l.Span && slices.ContainsFunc(f.Zones, func(z *time.Location) bool { return inForce(l.Since, l.Until, z) }) {
			return false
		}
	}
	for i := range f.Pack.Law.Caps {
		c := &f.Pack.Law.Caps[i]
		if !slices.ContainsFunc(f.Zones, func(z *time.Location) bool { return inForce(c.Since, c.Until, z) }) {
			continue
		}
		for _, z := range f.Zones {
			n := 0
			period := map[bool]string{false: time.DateOnly, true: "2006-01"}[c.Month]
			if c.Span == 0 && at.Add(permit.Guard).In(z).Format(period) != at.In(z).Format(period) {
				return false // it may ring in the next one
			}
			for _, ms := range f.Intents {
				made := time.UnixMilli(ms)
				same := made.In(z).Format(period) == at.In(z).Format(period)
				if c.Span > 0 && at.Sub(made) < c.Span+permit.Guard || c.Span == 0 && same {
					n++
				}
			}
			if n >= c.Max {
				return false
			}
		}
	}
	return true
}

// Until is allowed and no minute before it is, by a judge that shares nothing
// with Decide.
func TestUntilIsTheFirstInstant(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f, now := drawJudged(rt, t)
		v := permit.Decide(&f, now)
		if v.OK() != slow(&f, now) {
			rt.Fatalf("%s: %+v, the slow judge differs", now, v)
		}
		if v.OK() {
			return
		}
		end := now.Add(6 * 24 * time.Hour)
		if v.Result == permit.Defer {
			until := time.UnixMilli(v.Until)
			if then := permit.Decide(&f, until); !slow(&f, until) || !then.OK() {
				rt.Fatalf("%s: deferred until %s, which is refused", now, until)
			}
			end = until
		}
		for at := now; at.Before(end) && at.Before(now.Add(6*24*time.Hour)); at = at.Add(time.Minute) {
			if slow(&f, at) {
				rt.Fatalf("%s: %+v, but %s is allowed", now, v, at)
			}
		}
	})
}

// Another rule of any kind, or another zone, never turns no into yes and never
// lets a wait end sooner.
func TestAnotherRuleNeverWidens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f, now := drawJudged(rt, t)
		before := permit.Decide(&f, now)
		more := drawLaw(rt, now)
		joined := *f.Pack.Law
		joined.Windows = append(slices.Clone(joined.Windows), more.Windows...)
		joined.Caps = append(slices.Clone(joined.Caps), more.Caps...)
		g := f
		var err error
		if g.Pack, err = permit.NewPack(&joined, nil); err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(rt, "another zone") {
			g.Zones = append(zones(t, "Europe/London"), f.Zones...)
		}
		after := permit.Decide(&g, now)
		if after.OK() && !before.OK() {
			rt.Fatalf("more rules allowed it: %+v, was %+v", after, before)
		}
		if after.OK() && after.NotAfter > before.NotAfter || after.Result == permit.Defer && before.Result == permit.Defer && after.Until < before.Until {
			rt.Fatalf("more rules gave more room: %+v, was %+v", after, before)
		}
	})
}

// A silence after a conversation or a refusal, counted and replayed.
func TestSilences(t *testing.T) {
	set := shipped(t)
	f := willing(t)
	f.Jurisdictions, f.Purpose, f.Voice = []string{"US"}, "debt_collection", "live"
	f.Pack = lawful(t, set, &f)
	f.Talked = noon.Add(-6 * 24 * time.Hour).UnixMilli()
	if v := permit.Decide(&f, noon); !v.OK() {
		t.Errorf("after a conversation about another debt: %+v", v)
	}
	f.SubjectTalked = f.Talked
	want := noon.Add(24*time.Hour + permit.Guard)
	if v := permit.Decide(&f, noon); v.Rule != "us.regf.talked" || v.Until != want.UnixMilli() {
		t.Errorf("after a conversation: %+v", v)
	}
	if v := permit.Decide(&f, want); !v.OK() {
		t.Errorf("when the silence is over: %+v", v)
	}
	f.SubjectRefused, f.Refused, f.Talked, f.SubjectTalked = noon.UnixMilli(), noon.UnixMilli(), 0, 0
	if v := permit.Decide(&f, noon); !v.OK() {
		t.Errorf("a refusal is no conversation about a debt: %+v", v)
	}
	for range 7 {
		f.Intents = append(f.Intents, noon.Add(-5*24*time.Hour).UnixMilli())
	}
	if v := permit.Decide(&f, noon); v.Rule != "us.regf.7in7" || v.Calls != 7 || v.Cap != 7 || v.Until != noon.Add(2*24*time.Hour+permit.Guard).UnixMilli() {
		t.Errorf("seven calls in seven days: %+v", v)
	}
}
