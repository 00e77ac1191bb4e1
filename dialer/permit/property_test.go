package permit_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/permit"
)

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func drawFacts(t *rapid.T, tb testing.TB, now time.Time) permit.Facts {
	tb.Helper()
	rare := func(name string) bool { return rapid.IntRange(0, 19).Draw(t, name) == 0 }
	tr := &cadence.TimeRestrictions{Holidays: rapid.Bool().Draw(t, "holidays")}
	for range rapid.IntRange(0, 2).Draw(t, "windows") {
		from := rapid.IntRange(6, 20).Draw(t, "from")
		to := rapid.IntRange(from+1, 24).Draw(t, "to")
		w := cadence.Window{From: clock(from), To: clock(to)}
		w.Days = rapid.SliceOfDistinct(rapid.SampledFrom(weekdays), rapid.ID).Draw(t, "days")
		tr.Windows = append(tr.Windows, w)
	}
	names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"America/New_York", "America/Denver", "America/Phoenix", "Pacific/Honolulu", "Australia/Lord_Howe"}), 0, 3, rapid.ID).Draw(t, "zones")
	f := permit.Facts{
		Kill: rare("kill"), Halted: rare("halted"), Active: !rare("inactive"), Enrolled: !rare("left"), CallerID: !rare("no caller id"),
		Zones: zones(tb, names...), NonGeographic: rare("toll-free"), Countries: []string{"US"}, Country: "US", Pack: joined(tb, tr),
		Retired: rare("retired"), Open: rare("open"), NumberCap: rapid.IntRange(0, 4).Draw(t, "cap"),
	}
	f.DNC.On = rare("dnc")
	if rare("unhealthy") {
		f.Health = "public_url"
	}
	for range rapid.IntRange(0, 6).Draw(t, "intents") {
		f.Intents = append(f.Intents, now.UnixMilli()-rapid.Int64Range(0, 30*3600*1000).Draw(t, "ago"))
	}
	return f
}

func clock(hour int) string { return fmt.Sprintf("%02d:00", hour) }

func drawNow(t *rapid.T) time.Time {
	return time.UnixMilli(rapid.Int64Range(1767225600000, 1798761600000).Draw(t, "now")) // 2026
}

// Decide and Trace are of one mind, and what Decide promises comes true.
func TestVerdictsHold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		now := drawNow(rt)
		f := drawFacts(rt, t, now)
		v := permit.Decide(&f, now)
		if again := permit.Decide(&f, now); again != v {
			rt.Fatalf("two verdicts: %+v and %+v", v, again)
		}
		rule, result := "", permit.Allow
		for _, c := range permit.Trace(&f, now) {
			if c.Result != permit.Allow {
				rule, result = c.Rule, c.Result
				break
			}
		}
		if v.Rule != rule || v.Result != result {
			rt.Fatalf("decided %s by %q, traced %s by %q", v.Result, v.Rule, result, rule)
		}
		switch v.Result {
		case permit.Allow:
			checkLease(rt, f, now, v)
		case permit.Defer:
			checkUntil(rt, f, now, v)
		case permit.Block:
			if v.Until != 0 || v.NotAfter != 0 {
				rt.Fatalf("a block with a time: %+v", v)
			}
		}
	})
}

func checkLease(t *rapid.T, f permit.Facts, now time.Time, v permit.Verdict) {
	if v.NotAfter <= now.UnixMilli() || v.Until != 0 {
		t.Fatalf("allowed until the past: %+v", v)
	}
	end := time.UnixMilli(v.NotAfter)
	f.Intents = nil
	if v := permit.Decide(&f, end.Add(-time.Millisecond)); !v.OK() {
		t.Fatalf("just before not_after: %+v", v)
	}
	if end.Sub(now) < 300*24*time.Hour {
		if v := permit.Decide(&f, end); v.OK() {
			t.Fatalf("not_after %s could be later", end)
		}
	}
}

// checkUntil: caps and hours allow at Until, and, but for the wait on an open
// attempt, not a minute or a second before.
func checkUntil(t *rapid.T, f permit.Facts, now time.Time, v permit.Verdict) {
	until := time.UnixMilli(v.Until)
	if !until.After(now) {
		t.Fatalf("deferred to the past: %+v", v)
	}
	f.Open, f.CallerID = false, true
	then := permit.Decide(&f, until)
	if !then.OK() && then.Result != permit.Block {
		t.Fatalf("deferred until %s, and then %+v", until, then)
	}
	if v.Rule == permit.RuleOpenAttempt {
		return
	}
	for _, before := range []time.Duration{time.Millisecond, time.Second, time.Minute, time.Hour} {
		if at := until.Add(-before); at.After(now) {
			if early := permit.Decide(&f, at); early.OK() {
				t.Fatalf("deferred until %s, allowed %s before: %+v", until, before, early)
			}
		}
	}
}

// Another zone, an intent more or any stop never turns no into yes.
func TestNothingWidens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		now := drawNow(rt)
		f := drawFacts(rt, t, now)
		if len(f.Zones) == 0 || permit.Decide(&f, now).Result == permit.Allow {
			return
		}
		g := f
		g.Zones = append(zones(t, "Europe/London"), f.Zones...)
		g.Intents = append([]int64{now.UnixMilli()}, f.Intents...)
		if v := permit.Decide(&g, now); v.OK() {
			rt.Fatalf("more facts against it allowed it: %+v", v)
		}
	})
}

// Placing a call whenever allowed never exceeds the cap in any rolling day.
func TestCapHoldsOverTime(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := willing(t)
		f.Pack = joined(t, nil)
		f.NumberCap = rapid.IntRange(1, 5).Draw(rt, "cap")
		now := drawNow(rt)
		for range 40 {
			v := permit.Decide(&f, now)
			switch v.Result {
			case permit.Allow:
				f.Intents = append(f.Intents, now.UnixMilli())
				now = now.Add(time.Duration(rapid.Int64Range(1, 20*3600*1000).Draw(rt, "later")) * time.Millisecond)
			case permit.Defer:
				now = time.UnixMilli(v.Until)
			case permit.Block:
				rt.Fatalf("%+v", v)
			}
		}
		for i, at := range f.Intents {
			n := 0
			for _, other := range f.Intents[:i+1] {
				if other > at-24*3600*1000 {
					n++
				}
			}
			if n > f.NumberCap {
				rt.Fatalf("%d calls in the day before %d, cap %d", n, at, f.NumberCap)
			}
		}
	})
}
