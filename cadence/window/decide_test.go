package window_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence/window"
)

func zone(name string) *time.Location {
	z, err := window.LoadZone(name)
	if err != nil {
		panic(err)
	}
	return z
}

func zones(names ...string) []*time.Location {
	var all []*time.Location
	for _, n := range names {
		all = append(all, zone(n))
	}
	return all
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

var weekdays = window.On(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)

// plainRule is a rule kept as people write it, for the slow judge.
type plainRule struct {
	id       string
	spans    []window.Span
	holidays window.Holidays
	instead  []window.Span // on holidays
	zone     *time.Location
	// in force on these days, "2006-01-02"; "" is no bound
	since, until string
}

func (p plainRule) rule() *window.Rule {
	r := &window.Rule{ID: p.id, Week: window.NewWeek(p.spans...), Holidays: p.holidays, Zone: p.zone}
	if len(p.instead) > 0 {
		r.OnHolidays = new(window.NewWeek(p.instead...))
	}
	if p.since != "" {
		r.Since = window.DayOf(at(p.since + "T00:00:00Z"))
	}
	if p.until != "" {
		r.Until = window.DayOf(at(p.until + "T00:00:00Z"))
	}
	return r
}

var legalHours = &window.Rule{ID: "us.tsr.hours", Week: window.NewWeek(window.Span{Days: window.EveryDay, From: 8 * 60, To: 21 * 60})}

// allows judges one instant in one zone by looking at a wall clock.
func (p plainRule) allows(t time.Time, z *time.Location) bool {
	local := t.In(z)
	if today := local.Format(time.DateOnly); p.since != "" && today < p.since || p.until != "" && today > p.until {
		return true
	}
	spans := p.spans
	if p.holidays != nil && p.holidays(window.Date(local.Year()*10000+int(local.Month())*100+local.Day())) {
		spans = p.instead
	}
	minute := local.Hour()*60 + local.Minute()
	for _, s := range spans {
		if s.Days.Has(local.Weekday()) && minute >= s.From && minute < s.To {
			return true
		}
	}
	return false
}

func slowAllows(t time.Time, zs []*time.Location, rules []plainRule) bool {
	for _, r := range rules {
		in := zs
		if r.zone != nil {
			in = []*time.Location{r.zone}
		}
		for _, z := range in {
			if !r.allows(t, z) {
				return false
			}
		}
	}
	return true
}

// slowChange steps minute by minute to the first instant at which the answer
// is want, or zero after some days.
func slowChange(t time.Time, zs []*time.Location, rules []plainRule, want bool, days int) time.Time {
	for c := t; c.Before(t.Add(time.Duration(days) * 24 * time.Hour)); c = c.Truncate(time.Minute).Add(time.Minute) {
		if slowAllows(c, zs, rules) == want {
			return c
		}
	}
	return time.Time{}
}

var testZones = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
	"America/St_Johns", "America/Adak", "Europe/Paris", "Europe/London", "Australia/Lord_Howe",
	"Africa/Casablanca", "Asia/Calcutta", "Pacific/Chatham", "Pacific/Apia", "America/Scoresbysund",
}

// nights are instants around which some clock changes.
var nights = []string{
	"2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z", "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z",
	"2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z", "2026-02-15T02:00:00Z", "2026-03-22T02:00:00Z",
	"2011-12-30T10:00:00Z", // Samoa leaves out a day
	"2028-12-31T05:00:00Z", // the last day of a leap year
}

func drawInstant(t *rapid.T) time.Time {
	base := at("2026-01-01T00:00:00Z").Add(time.Duration(rapid.Int64Range(0, 400*24*3600).Draw(t, "second")) * time.Second)
	if rapid.Bool().Draw(t, "night") {
		base = at(rapid.SampledFrom(nights).Draw(t, "which")).Add(time.Duration(rapid.IntRange(-26*3600, 26*3600).Draw(t, "off")) * time.Second)
	}
	return base.Add(time.Duration(rapid.IntRange(0, 999_999_999).Draw(t, "ns")))
}

func drawRules(t *rapid.T) []plainRule {
	var rules []plainRule
	for range rapid.IntRange(1, 3).Draw(t, "rules") {
		r := plainRule{id: rapid.StringMatching(`r[a-z]{3}`).Draw(t, "id")}
		for range rapid.IntRange(1, 3).Draw(t, "spans") {
			from := rapid.IntRange(0, 1439).Draw(t, "from")
			r.spans = append(r.spans, window.Span{
				Days: window.Days(rapid.IntRange(1, 127).Draw(t, "days")),
				From: from, To: rapid.IntRange(from+1, 1440).Draw(t, "to"),
			})
		}
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			r.holidays = window.USFederal
			if rapid.Bool().Draw(t, "hours on holidays") {
				r.instead = []window.Span{{Days: window.EveryDay, From: 600, To: 720}}
			}
		case 1:
			r.zone = zone(rapid.SampledFrom(testZones).Draw(t, "fixed"))
		}
		if rapid.IntRange(0, 2).Draw(t, "bounded") == 0 {
			first := at(rapid.SampledFrom(nights).Draw(t, "since")).AddDate(0, 0, rapid.IntRange(-1, 1).Draw(t, "days off"))
			if r.since = first.Format(time.DateOnly); rapid.Bool().Draw(t, "ends") {
				r.until = first.AddDate(0, 0, rapid.IntRange(0, 3).Draw(t, "lasts")).Format(time.DateOnly)
			}
		}
		rules = append(rules, r)
	}
	return rules
}

func drawZones(t *rapid.T) []*time.Location {
	return zones(rapid.SliceOfNDistinct(rapid.SampledFrom(testZones), 1, 3, rapid.ID[string]).Draw(t, "zones")...)
}

func compile(plain []plainRule) []*window.Rule {
	var rules []*window.Rule
	for _, p := range plain {
		rules = append(rules, p.rule())
	}
	return rules
}

func TestDecideAgreesWithMinuteByMinute(t *testing.T) {
	const days = 9
	rapid.Check(t, func(t *rapid.T) {
		now, zs, plain := drawInstant(t), drawZones(t), drawRules(t)
		v := window.Decide(now, zs, compile(plain))
		if v.OK != slowAllows(now, zs, plain) {
			t.Fatalf("at %v: OK = %v", now, v.OK)
		}
		got := v.Until
		if v.OK {
			got = v.NotAfter
		}
		slow := slowChange(now, zs, plain, !v.OK, days)
		if slow.IsZero() {
			if !v.Never && got.Before(now.Add(days*24*time.Hour)) {
				t.Fatalf("at %v: says %v, slow judge finds nothing", now, got)
			}
			return
		}
		if v.Never || !got.Equal(slow) {
			t.Fatalf("at %v: %+v, slow judge says %v", now, v, slow)
		}
		if !v.OK {
			if again := window.Decide(v.Until, zs, compile(plain)); !again.OK {
				t.Fatalf("Until %v is itself refused: %+v", v.Until, again)
			}
			if early := window.Decide(v.Until.Add(-1), zs, compile(plain)); early.OK {
				t.Fatalf("a nanosecond before Until %v is allowed", v.Until)
			}
		}
	})
}

func TestMoreRulesAndZonesNeverWiden(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now, zs, plain := drawInstant(t), drawZones(t), drawRules(t)
		whole := window.Decide(now, zs, compile(plain))
		part := window.Decide(now, zs[:1], compile(plain[:1]))
		if whole.OK && !part.OK {
			t.Fatal("one rule in one zone refuses what all allow")
		}
		if whole.OK && part.NotAfter.Before(whole.NotAfter) {
			t.Fatalf("NotAfter %v with fewer rules, %v with more", part.NotAfter, whole.NotAfter)
		}
		if !part.OK && !whole.Never && whole.Until.Before(part.Until) {
			t.Fatalf("Until %v with fewer rules, %v with more", part.Until, whole.Until)
		}
	})
}

func TestDecideGolden(t *testing.T) {
	legal := legalHours
	office := &window.Rule{
		ID: "cadence.window", Week: window.NewWeek(window.Span{Days: weekdays, From: 9 * 60, To: 17 * 60}),
		Holidays: window.USFederal,
	}
	inNewYork := &window.Rule{ID: "fixed", Week: office.Week, Zone: zone("America/New_York")}
	from11th := plainRule{id: "opt-in", since: "2026-08-11"}.rule()
	emergency := plainRule{id: "ban", since: "2026-03-03", until: "2026-03-05"}.rule()
	night := &window.Rule{ID: "night", Week: window.NewWeek(window.Span{Days: window.EveryDay, From: 90, To: 150})}
	for _, c := range []struct {
		name  string
		now   string
		zones []*time.Location
		rules []*window.Rule
		ok    bool
		until string // Until, or NotAfter when ok
		rule  string
		where string
	}{
		{"a minute before eight", "2026-03-03T12:59:59.999Z", zones("America/New_York"), []*window.Rule{legal}, false, "2026-03-03T13:00:00Z", "us.tsr.hours", "America/New_York"},
		{"at eight", "2026-03-03T13:00:00Z", zones("America/New_York"), []*window.Rule{legal}, true, "2026-03-04T02:00:00Z", "", ""},
		{"the last moment", "2026-03-04T01:59:59.999Z", zones("America/New_York"), []*window.Rule{legal}, true, "2026-03-04T02:00:00Z", "", ""},
		{"at nine in the evening", "2026-03-04T02:00:00Z", zones("America/New_York"), []*window.Rule{legal}, false, "2026-03-04T13:00:00Z", "us.tsr.hours", "America/New_York"},
		{"both coasts, morning in the east", "2026-03-03T15:59:00Z", zones("America/Los_Angeles", "America/New_York"), []*window.Rule{legal}, false, "2026-03-03T16:00:00Z", "us.tsr.hours", "America/Los_Angeles"},
		{"both coasts, evening in the east", "2026-03-04T01:00:00Z", zones("America/Los_Angeles", "America/New_York"), []*window.Rule{legal}, true, "2026-03-04T02:00:00Z", "", ""},
		{"Phoenix keeps standard time", "2026-07-01T14:59:00Z", zones("America/Phoenix"), []*window.Rule{legal}, false, "2026-07-01T15:00:00Z", "us.tsr.hours", "America/Phoenix"},
		{"Phoenix and the Navajo Nation", "2026-07-02T02:59:00Z", zones("America/Phoenix", "America/Denver"), []*window.Rule{legal}, true, "2026-07-02T03:00:00Z", "", ""},
		{"the night before spring forward", "2026-03-08T02:00:00Z", zones("America/New_York"), []*window.Rule{legal}, false, "2026-03-08T12:00:00Z", "us.tsr.hours", "America/New_York"},
		{"the night before fall back", "2026-11-01T01:00:00Z", zones("America/New_York"), []*window.Rule{legal}, false, "2026-11-01T13:00:00Z", "us.tsr.hours", "America/New_York"},
		{"a window into the gap ends where the clock jumps", "2026-03-08T06:45:00Z", zones("America/New_York"), []*window.Rule{night}, true, "2026-03-08T07:00:00Z", "", ""},
		{"a window in the overlap, first pass", "2026-11-01T05:30:00Z", zones("America/New_York"), []*window.Rule{night}, true, "2026-11-01T06:00:00Z", "", ""},
		{"a window in the overlap, between the passes", "2026-11-01T06:00:00Z", zones("America/New_York"), []*window.Rule{night}, false, "2026-11-01T06:30:00Z", "night", "America/New_York"},
		{"Lord Howe moves by half an hour", "2026-10-03T20:59:00Z", zones("Australia/Lord_Howe"), []*window.Rule{legal}, false, "2026-10-03T21:00:00Z", "us.tsr.hours", "Australia/Lord_Howe"},
		{"Lord Howe the day before", "2026-10-02T21:29:00Z", zones("Australia/Lord_Howe"), []*window.Rule{legal}, false, "2026-10-02T21:30:00Z", "us.tsr.hours", "Australia/Lord_Howe"},
		{"over a weekend", "2026-03-06T22:00:00Z", zones("America/New_York"), []*window.Rule{legal, office}, false, "2026-03-09T13:00:00Z", "cadence.window", "America/New_York"},
		{"over Thanksgiving", "2026-11-25T22:00:00Z", zones("America/New_York"), []*window.Rule{office}, false, "2026-11-27T14:00:00Z", "cadence.window", "America/New_York"},
		{"over an observed Independence Day", "2026-07-02T21:00:00Z", zones("America/New_York"), []*window.Rule{office}, false, "2026-07-06T13:00:00Z", "cadence.window", "America/New_York"},
		{"a rule with its own zone", "2026-03-03T13:30:00Z", zones("America/New_York", "Europe/Paris"), []*window.Rule{inNewYork}, false, "2026-03-03T14:00:00Z", "fixed", "America/New_York"},
		{"a rule with its own zone needs no other", "2026-03-03T14:30:00Z", nil, []*window.Rule{inNewYork}, true, "2026-03-03T22:00:00Z", "", ""},
		{"the last day of a leap year", "2028-12-31T14:00:00Z", zones("America/New_York"), []*window.Rule{night}, false, "2029-01-01T06:30:00Z", "night", "America/New_York"},
		{"leap day", "2028-02-29T14:00:00Z", zones("America/New_York"), []*window.Rule{office}, true, "2028-02-29T22:00:00Z", "", ""},
		{"the eve of a change of law", "2026-08-10T18:00:00Z", zones("Europe/Paris"), []*window.Rule{legalHours, from11th}, true, "2026-08-10T19:00:00Z", "", ""},
		{"a ban that ends", "2026-03-03T15:00:00Z", zones("America/New_York"), []*window.Rule{legalHours, emergency}, false, "2026-03-06T13:00:00Z", "ban", "America/New_York"},
		{"New Year, seen from two days", "2026-12-31T22:00:00Z", zones("America/New_York"), []*window.Rule{office}, false, "2027-01-04T14:00:00Z", "cadence.window", "America/New_York"},
	} {
		v := window.Decide(at(c.now), c.zones, c.rules)
		end, where := v.Until, ""
		if v.OK {
			end = v.NotAfter
		}
		if v.Zone != nil {
			where = v.Zone.String()
		}
		if v.OK != c.ok || !end.Equal(at(c.until)) || v.Rule != c.rule || where != c.where || v.Never {
			t.Errorf("%s: %+v (%s)", c.name, v, where)
		}
		if end.Location() != time.UTC {
			t.Errorf("%s: %v is not UTC", c.name, end)
		}
	}
}

func TestDecideNever(t *testing.T) {
	now := at("2026-03-03T15:00:00Z")
	ny := zones("America/New_York")
	morning := &window.Rule{ID: "am", Week: window.NewWeek(window.Span{Days: window.EveryDay, From: 0, To: 720})}
	evening := &window.Rule{ID: "pm", Week: window.NewWeek(window.Span{Days: window.EveryDay, From: 720, To: 1440})}
	closed := &window.Rule{ID: "closed", Week: window.Full(), Holidays: func(window.Date) bool { return true }}
	for name, v := range map[string]window.Verdict{
		"rules that exclude each other": window.Decide(now, ny, []*window.Rule{morning, evening}),
		"an empty week":                 window.Decide(now, ny, []*window.Rule{{ID: "empty"}}),
		"always a holiday":              window.Decide(now, ny, []*window.Rule{closed}),
	} {
		if v.OK || !v.Never || v.Rule == "" || !v.Until.IsZero() {
			t.Errorf("%s: %+v", name, v)
		}
	}
	if v := window.Decide(now, nil, []*window.Rule{morning}); v.OK || !v.Never || v.Rule != window.RuleNoZone {
		t.Errorf("without a zone: %+v", v)
	}
	if v := window.Decide(now, nil, nil); !v.OK || !v.NotAfter.Equal(now.Add(window.Horizon)) {
		t.Errorf("without a rule: %+v", v)
	}
	if v := window.Decide(now, ny, []*window.Rule{{ID: "full", Week: window.Full()}}); !v.OK || !v.NotAfter.Equal(now.Add(window.Horizon)) {
		t.Errorf("a full week: %+v", v)
	}
}

func TestAllowAllocatesNothing(t *testing.T) {
	rules := []*window.Rule{legalHours, {ID: "hol", Week: window.Full(), Holidays: window.USFederal}}
	now, zs := at("2026-06-03T18:04:05Z"), zones("America/New_York", "America/Los_Angeles")
	if !window.Decide(now, zs, rules).OK {
		t.Fatal("refused")
	}
	for _, when := range []time.Time{now, now.Add(9 * time.Hour)} {
		if n := testing.AllocsPerRun(100, func() { window.Decide(when, zs, rules) }); n != 0 {
			t.Errorf("at %v: %v allocations", when, n)
		}
	}
}
