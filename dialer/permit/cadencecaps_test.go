package permit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// cappedBy are facts under a cadence's own caps and no others.
func cappedBy(t testing.TB, c *cadence.Caps) permit.Facts {
	t.Helper()
	f := willing(t)
	f.NumberCap, f.Pack = 1000, joined(t, nil)
	if err := f.Pack.Capped(c); err != nil {
		t.Fatal(err)
	}
	return f
}

func ago(d ...time.Duration) (all []int64) {
	for _, one := range d {
		all = append(all, noon.Add(-one).UnixMilli())
	}
	return all
}

// A call counts on the day on which it rings: where the hours go on over a
// midnight, an allowance ends a minute before it, and none is given from then on,
// for a lead's cap and a law's, by day and by month, in any of the zones.
func TestACalendarCapEndsWithItsDay(t *testing.T) {
	const day = 24 * time.Hour
	midnight := time.Date(2026, 4, 1, 6, 0, 0, 0, time.UTC) // in Denver, of a month too
	always := law()
	always.Windows = []*window.Rule{{ID: "law.always", Week: window.NewWeek(window.Span{Days: 127, To: 24 * 60})}}
	monthly, daily := *always, *always
	monthly.Caps = []pack.Limit{{ID: "law.month", Max: 1, Month: true}}
	daily.Caps = []pack.Limit{{ID: "law.day", Max: 1}}
	for name, c := range map[string]struct {
		law   *pack.Law
		own   *cadence.Caps
		zones []string
		rule  string // "": nothing ends at midnight
	}{
		"no cap":                 {always, nil, []string{"America/Denver"}, ""},
		"a cap that rolls":       {always, &cadence.Caps{Lead: []cadence.Cap{{Max: 1, Per: "24h"}}}, []string{"America/Denver"}, ""},
		"a lead's day":           {always, &cadence.Caps{Lead: []cadence.Cap{{Max: 1, Per: "day"}}}, []string{"America/Denver"}, permit.RuleLeadCap},
		"a law's day":            {&daily, nil, []string{"America/Denver"}, "law.day"},
		"a law's month":          {&monthly, nil, []string{"America/Denver"}, "law.month"},
		"the zone that ends it":  {&daily, nil, []string{"America/Los_Angeles", "America/Denver"}, "law.day"},
		"in another zone's hour": {&daily, nil, []string{"America/Los_Angeles"}, ""},
	} {
		f := willing(t)
		var err error
		if f.Pack, err = permit.NewPack(c.law, nil); err != nil {
			t.Fatal(err)
		}
		if err = f.Pack.Capped(c.own); err != nil {
			t.Fatal(err)
		}
		f.Zones = zones(t, c.zones...)
		before := permit.Decide(&f, midnight.Add(-2*time.Minute))
		late := permit.Decide(&f, midnight.Add(-15*time.Second))
		f.Intents = []int64{midnight.Add(-2 * time.Minute).UnixMilli()} // of the day that ended
		f.NumberCap = 3
		then := permit.Decide(&f, midnight)
		if c.rule == "" {
			if !before.OK() || before.NotAfter < midnight.Add(time.Minute).UnixMilli() || !late.OK() {
				t.Errorf("%s: %+v, then %+v", name, before, late)
			}
			continue
		}
		if want := midnight.Add(-permit.Guard).UnixMilli(); !before.OK() || before.NotAfter != want {
			t.Errorf("%s: allowed until %s: %+v", name, time.UnixMilli(before.NotAfter), before)
		}
		if late.Result != permit.Defer || late.Rule != c.rule || late.Until != midnight.UnixMilli() {
			t.Errorf("%s, in the last minute: %+v", name, late)
		}
		if len(c.zones) == 1 && (!then.OK() || then.NotAfter > midnight.Add(31*day).UnixMilli()) {
			t.Errorf("%s, at midnight: %+v", name, then)
		}
	}
}

// A cap per month counts since the month began where the called party is, and
// the next call waits for the first hours of the next one.
func TestMonthlyCap(t *testing.T) {
	l := law()
	l.Caps = []pack.Limit{{ID: "law.month", Max: 1, Month: true}}
	f := willing(t)
	var err error
	if f.Pack, err = permit.NewPack(l, nil); err != nil {
		t.Fatal(err)
	}
	f.Intents = ago(3 * 24 * time.Hour) // on 1 March
	v := permit.Decide(&f, noon)
	april := time.Date(2026, time.April, 1, 6, 0, 0, 0, time.UTC) // midnight in Denver
	if v.Rule != "law.month" || v.Until < april.UnixMilli() || v.Until > april.Add(12*time.Hour).UnixMilli() || v.Calls != 1 || v.Cap != 1 {
		t.Errorf("a call three days ago: %+v, want a wait until 1 April", v)
	}
	f.Intents = ago(5 * 24 * time.Hour) // on 27 February
	if v := permit.Decide(&f, noon); !v.OK() {
		t.Errorf("a call of the month before: %+v", v)
	}
}

// A rule holds for the calls that ring on its first day: one that would leave in
// the minute before is judged by it, and an allowance of before ends there.
func TestARuleHoldsForWhatRingsOnItsFirstDay(t *testing.T) {
	midnight := time.Date(2026, 4, 1, 6, 0, 0, 0, time.UTC) // in Denver
	from := window.DayOf(midnight)
	called := midnight.Add(-2 * time.Hour)
	for name, c := range map[string]struct {
		law   func(*pack.Law)
		until time.Time // of what is refused in the last minute; zero: blocked
	}{
		"a cap by the day": {func(l *pack.Law) { l.Caps = []pack.Limit{{ID: "law.new", Max: 5, Since: from}} }, midnight},
		"a cap that rolls": {func(l *pack.Law) {
			l.Caps = []pack.Limit{{ID: "law.new", Max: 1, Span: 24 * time.Hour, Since: from}}
		}, called.Add(24*time.Hour + permit.Guard)},
		"a silence": {func(l *pack.Law) {
			l.Waits = []pack.Limit{{ID: "law.new", After: "conversation", Span: 24 * time.Hour, Since: from}}
		}, called.Add(24*time.Hour + permit.Guard)},
		"a least ring": {func(l *pack.Law) { l.Rings = []pack.Limit{{ID: "law.new", Span: time.Minute, Since: from}} }, time.Time{}},
	} {
		law := *law()
		law.Windows = []*window.Rule{{ID: "law.always", Week: window.NewWeek(window.Span{Days: 127, To: 24 * 60})}}
		c.law(&law)
		f := willing(t)
		f.Zones, f.NumberCap, f.Intents, f.Talked, f.Ring = zones(t, "America/Denver"), 3, []int64{called.UnixMilli()}, called.UnixMilli(), 20_000
		var err error
		if f.Pack, err = permit.NewPack(&law, nil); err != nil {
			t.Fatal(err)
		}
		before := permit.Decide(&f, midnight.Add(-2*time.Minute))
		if want := midnight.Add(-permit.Guard).UnixMilli(); !before.OK() || before.NotAfter != want {
			t.Errorf("%s: allowed until %s: %+v", name, time.UnixMilli(before.NotAfter).UTC(), before)
		}
		late := permit.Decide(&f, midnight.Add(-15*time.Second))
		if c.until.IsZero() {
			if late.Result != permit.Block || late.Rule != "law.new" {
				t.Errorf("%s, in the last minute: %+v", name, late)
			}
		} else if late.Result != permit.Defer || late.Rule != "law.new" || late.Until != c.until.UnixMilli() {
			t.Errorf("%s, in the last minute: %+v, want until %s", name, late, c.until)
		}
	}
}

// A lead's cap counts the calls to all its numbers, about anything, and lets the
// next one go when the oldest leaves the period, or when the lead's day ends.
func TestLeadCaps(t *testing.T) {
	const hour = time.Hour
	midnight := time.Date(2026, 3, 5, 15, 0, 0, 0, time.UTC) // eight in the morning after, in Denver
	for name, c := range map[string]struct {
		per      string
		intents  []int64
		others   []int64
		elsewise []int64
		until    time.Time
	}{
		"none yet":                     {"6h", nil, nil, nil, time.Time{}},
		"one of two":                   {"6h", ago(hour), nil, nil, time.Time{}},
		"two on this number":           {"6h", ago(hour, 2*hour), nil, nil, noon.Add(4*hour + permit.Guard)},
		"one on another number":        {"6h", ago(hour), ago(2 * hour), nil, noon.Add(4*hour + permit.Guard)},
		"by another campaign":          {"6h", nil, ago(hour), ago(3 * hour), noon.Add(3*hour + permit.Guard)},
		"one is long ago":              {"6h", ago(hour), ago(7 * hour), nil, time.Time{}},
		"two on the lead's day":        {"day", ago(hour), ago(11 * hour), nil, midnight},
		"one was the lead's yesterday": {"day", ago(hour), ago(13 * hour), nil, time.Time{}},
	} {
		f := cappedBy(t, &cadence.Caps{Lead: []cadence.Cap{{Max: 2, Per: c.per}}})
		f.Intents, f.Others, f.OthersElse = c.intents, c.others, c.elsewise
		v := permit.Decide(&f, noon)
		if c.until.IsZero() {
			if !v.OK() {
				t.Errorf("%s: %+v", name, v)
			}
			continue
		}
		if v.Rule != permit.RuleLeadCap || v.Until != c.until.UnixMilli() || v.Calls != 2 && c.per != "day" || v.Cap != 2 {
			t.Errorf("%s: %+v, want a wait until %s", name, v, c.until)
		}
		trace := permit.Trace(&f, noon)
		if i := slices.IndexFunc(trace, func(k permit.Check) bool { return k.Rule == permit.RuleLeadCap }); i < 0 || trace[i].Result != permit.Defer || !strings.Contains(trace[i].Detail, "all numbers") {
			t.Errorf("%s: traced as %+v", name, trace)
		}
	}
}

// The calls of a cadence are counted by the house's day, and wait for its end
// and for the lead's hours behind it.
func TestDailyCap(t *testing.T) {
	ends := time.Date(2026, 3, 5, 5, 0, 0, 0, time.UTC) // midnight in New York, ten at night in Denver
	f := cappedBy(t, &cadence.Caps{Daily: 100})
	f.CadenceEnds, f.CadenceCalls = ends.UnixMilli(), 99
	if v := permit.Decide(&f, noon); !v.OK() {
		t.Errorf("99 of 100: %+v", v)
	}
	f.CadenceCalls = 100
	v := permit.Decide(&f, noon)
	if opens := time.Date(2026, 3, 5, 15, 0, 0, 0, time.UTC); v.Rule != permit.RuleCadenceCap || v.Until != opens.UnixMilli() || v.Calls != 100 || v.Cap != 100 {
		t.Errorf("100 of 100: %+v, want a wait until %s", v, opens)
	}
	if v := permit.Decide(&f, ends.Add(10*time.Hour)); !v.OK() {
		t.Errorf("on the next day: %+v", v)
	}
	trace := permit.Trace(&f, noon)
	if i := slices.IndexFunc(trace, func(k permit.Check) bool { return k.Rule == permit.RuleCadenceCap }); i < 0 || trace[i].Detail != "100 of 100 calls of the cadence in the house's day" {
		t.Errorf("traced as %+v", trace)
	}
	f.CadenceEnds = 0 // a rehearsal is nobody's call
	if v := permit.Decide(&f, noon); !v.OK() {
		t.Errorf("not counted: %+v", v)
	}
}

// However many shards there are and whatever the day: what they may call adds up
// to the limit.
func TestSharesAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		limit, shards := rapid.IntRange(1, 500).Draw(rt, "limit"), rapid.Int64Range(1, 16).Draw(rt, "shards")
		calls := int64(0)
		for turn := range shards {
			f := cappedBy(t, &cadence.Caps{Daily: limit})
			f.CadenceEnds = noon.Add(time.Hour).UnixMilli()
			if f.Shards, f.Turn = shards, turn; shards == 1 {
				f.Shards = 0
			}
			for ; permit.Decide(&f, noon).Result == permit.Allow; f.CadenceCalls++ {
				calls++
			}
		}
		if calls != int64(limit) {
			rt.Fatalf("%d calls, %d allowed", calls, limit)
		}
	})
}

// A rule of a pack may count per lead and per cadence as a document does.
func TestCapsOfPacks(t *testing.T) {
	l := law()
	l.Caps = []pack.Limit{{ID: "house.lead", Max: 1, Span: 24 * time.Hour, Person: true}}
	l.Daily = []pack.Limit{{ID: "house.cadence", Max: 2}}
	f := willing(t)
	var err error
	if f.Pack, err = permit.NewPack(l, nil); err != nil {
		t.Fatal(err)
	}
	f.CadenceEnds, f.CadenceCalls = noon.Add(time.Hour).UnixMilli(), 2
	if v := permit.Decide(&f, noon); v.Rule != "house.cadence" {
		t.Errorf("per cadence: %+v", v)
	}
	f.Others = ago(time.Hour)
	if v := permit.Decide(&f, noon); v.Rule != "house.lead" {
		t.Errorf("per lead: %+v", v)
	}
	if err := f.Pack.Capped(&cadence.Caps{Daily: 1}); err != nil || len(l.Daily) != 1 || len(f.Pack.Daily) != 2 {
		t.Errorf("the law's own limits: %+v, %v", l.Daily, err)
	}
}

// A number of the wrong series is not shown, nor one that nobody can call back.
func TestCallerIDs(t *testing.T) {
	set := shipped(t)
	for name, c := range map[string]struct {
		place, purpose, from string
		away                 bool
		rule                 string
	}{
		"promotion, India":             {"IN", "sales", "+911401234567", false, ""},
		"promotion from 1600":          {"IN", "sales", "+911600123456", false, "in.series"},
		"service, India":               {"IN", "healthcare", "+911600123456", false, ""},
		"service from 140":             {"IN", "healthcare", "+911401234567", false, "in.series.service"},
		"another country's 140":        {"IN", "sales", "+11401234567", false, "in.series"},
		"sales, Brazil":                {"BR", "sales", "+553031234567", false, ""},
		"an ordinary number, Brazil":   {"BR", "sales", "+551155501234", false, "br.series"},
		"an ordinary number, no sales": {"BR", "survey", "+551155501234", false, ""},
		"takes calls":                  {"US", "sales", "+13035550190", false, ""},
		"takes none":                   {"US", "sales", "+13035550190", true, "us.callerid"},
		"not told":                     {"IN", "sales", "", true, ""},
	} {
		f := willing(t)
		f.Country, f.Countries, f.Jurisdictions, f.Purpose, f.Voice = c.place, []string{c.place}, []string{c.place}, c.purpose, "live"
		f.From, f.Away = cadence.Number(c.from), c.away
		f.Pack = lawful(t, set, &f)
		v := permit.Decide(&f, noon)
		if v.Rule != c.rule || c.rule != "" && v.Result != permit.Defer {
			t.Errorf("%s: %+v", name, v)
		}
		if trace := permit.Trace(&f, noon); c.rule != "" && !slices.ContainsFunc(trace, func(k permit.Check) bool {
			return k.Rule == c.rule && k.Result == permit.Defer && k.Kind == permit.KindCallerID && strings.Contains(k.Detail, c.from)
		}) {
			t.Errorf("%s: traced as %+v", name, trace)
		}
	}
}

// What was given to somebody else is no consent to the seller, and the trace
// says so.
func TestConsentIsToTheSeller(t *testing.T) {
	set := shipped(t)
	written := []string{"consent.express_written"}
	to := func(who string) []permit.Consent {
		return []permit.Consent{{Evidence: written[0], Given: 1, Seller: who}}
	}
	for name, c := range map[string]struct {
		seller   string
		given    []string
		consents []permit.Consent
		rule     string
		says     string
	}{
		"to the seller":      {"Acme", written, to("acme"), "", "given to acme"},
		"to somebody else":   {"Acme", nil, to("Bolt"), "us.fl.consent", "given to Bolt, and not to Acme"},
		"to nobody by name":  {"Acme", nil, to(""), "us.fl.consent", "given to nobody by name, and not to Acme"},
		"nobody sells":       {"", nil, to("Acme"), "us.fl.consent", "neither cadence nor campaign nor configuration names the seller"},
		"nobody has it":      {"Acme", nil, nil, "us.fl.consent", "consent.express_written to Acme is not recorded"},
		"to both, and later": {"Acme", written, append(to("Bolt"), to("Acme")...), "", "given to Acme"},
	} {
		f := willing(t)
		f.Jurisdictions, f.Purpose, f.Voice, f.Zones = []string{"US", "US-FL"}, "sales", "live", zones(t, "America/New_York")
		f.Seller, f.Given, f.Consents = c.seller, c.given, c.consents
		if len(c.consents) > 0 {
			f.Evidence = written
		}
		f.Pack = lawful(t, set, &f)
		v := permit.Decide(&f, noon)
		if v.Rule != c.rule || c.rule != "" && v.Result != permit.Block {
			t.Errorf("%s: %+v", name, v)
		}
		trace := permit.Trace(&f, noon)
		if i := slices.IndexFunc(trace, func(k permit.Check) bool { return k.Rule == "us.fl.consent" }); i < 0 || !strings.Contains(trace[i].Detail, c.says) {
			t.Errorf("%s: traced as %+v", name, trace)
		}
	}
}

// A wait whose end a list would not live to see is no wait: without another
// edition nothing is allowed any more, and the verdict says so.
func TestListsAreForeseen(t *testing.T) {
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		age  time.Duration
		want permit.Result
	}{
		"young enough for tomorrow": {30 * day, permit.Defer},
		"too old by tomorrow":       {31*day - time.Hour, permit.Block},
	} {
		f := willing(t)
		l := law()
		l.Scrubs = []pack.Limit{{ID: "law.list", List: "national", Span: 31 * day}}
		var err error
		if f.Pack, err = permit.NewPack(l, nil); err != nil {
			t.Fatal(err)
		}
		f.Scrub, f.Lists = permit.ScrubEnforce, []permit.List{{Name: "national", AsOf: noon.Add(-c.age).UnixMilli()}}
		f.Intents = ago(time.Hour, 2*time.Hour, 3*time.Hour) // three: the next one is due tomorrow
		v := permit.Decide(&f, noon)
		if v.Result != c.want || c.want == permit.Block && (v.Rule != "law.list" || v.Detail != "national" || v.Until != 0) {
			t.Errorf("%s: %+v", name, v)
		}
		if v.Result == permit.Defer {
			if then := permit.Decide(&f, time.UnixMilli(v.Until)); !then.OK() {
				t.Errorf("%s: and then %+v", name, then)
			}
		}
		trace := permit.Trace(&f, noon)
		if i := slices.IndexFunc(trace, func(k permit.Check) bool { return k.Result != permit.Allow }); i < 0 || trace[i].Rule != v.Rule || trace[i].Result != v.Result {
			t.Errorf("%s: decided %+v, traced %+v", name, v, trace)
		}
	}
}
