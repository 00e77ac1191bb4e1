package permit_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

func shipped(t testing.TB) *pack.Set {
	t.Helper()
	set, problems := pack.Load(os.DirFS("../../configs/compliance"))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return set
}

// lawful is what the set demands of the call that the facts are about.
func lawful(t testing.TB, set *pack.Set, f *permit.Facts) *permit.Pack {
	t.Helper()
	p, err := permit.NewPack(set.Law(f.Query()), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// places are the hours of every jurisdiction as the statutes have them, taken
// from those and not from the packs. closed are holidays among the days below.
var places = []struct{ place, purpose, voice, evidence, hours, closed string }{
	{"US", "sales", "live", "", "mon-sun 08:00-21:00", ""},
	{"US", "informational", "live", "", "mon-sun 08:00-21:00", ""},
	{"US", "debt_collection", "live", "", "mon-sun 08:00-21:00", ""},
	{"PR", "sales", "live", "", "mon-sun 08:00-21:00", ""},
	{"US-AL", "sales", "live", "", "mon-sat 08:00-20:00", "2027-01-01 2026-07-03 2026-07-04 2028-02-29 2026-11-26"},
	{"US-AL", "informational", "live", "", "mon-sun 08:00-21:00", ""},
	{"US-CT", "sales", "live", "consent.express_written", "mon-sun 09:00-20:00", ""},
	{"US-FL", "sales", "live", "consent.express_written", "mon-sun 08:00-20:00", ""},
	{"US-IL", "sales", "live", "", "mon-sun 08:00-21:00", ""},
	{"US-IL", "sales", "artificial", "consent.express_written", "mon-sun 09:00-21:00", ""},
	{"US-IN", "sales", "prerecorded", "consent.express_written", "mon-sun 09:00-20:00", ""},
	{"US-KY", "sales", "live", "", "mon-sun 10:00-21:00", ""},
	{"US-LA", "sales", "live", "", "mon-sat 08:00-20:00", "2027-01-01 2026-07-03 2026-07-04 2028-02-29 2026-11-03 2026-11-26"},
	{"US-MA", "sales", "live", "", "mon-sun 08:00-20:00", ""},
	{"US-MD", "sales", "live", "consent.express_written", "mon-sun 08:00-20:00", ""},
	{"US-ME", "sales", "artificial", "consent.express_written", "mon-fri 09:00-17:00", ""},
	{"US-MI", "sales", "live", "", "mon-sun 09:00-21:00", ""},
	{"US-MN", "sales", "live", "", "mon-sun 09:00-21:00", ""},
	{"US-MS", "sales", "live", "", "mon-sat 08:00-20:00", ""},
	{"US-NE", "sales", "artificial", "consent.express_written", "mon-sat 08:00-21:00, sun 13:00-21:00", "2026-07-03~13:00-21:00 2026-07-04~13:00-21:00 2027-01-01~13:00-21:00 2026-11-26~13:00-21:00"},
	{"US-NJ", "sales", "live", "", "mon-sun 08:00-21:00", ""},
	{"US-NM", "sales", "live", "", "mon-sun 09:00-21:00", ""},
	{"US-NV", "sales", "live", "", "mon-sun 09:00-20:00", ""},
	{"US-NY", "sales", "live", "", "mon-sun 08:00-21:00", ""},
	{"US-OK", "sales", "live", "consent.express_written", "mon-sun 08:00-20:00", ""},
	{"US-OR", "sales", "live", "", "mon-sun 08:00-20:00", ""},
	{"US-PA", "sales", "live", "", "mon-sun 08:00-21:00", "2027-01-01 2026-07-03 2026-07-04 2026-11-03 2026-11-26"},
	{"US-RI", "sales", "live", "", "mon-fri 09:00-18:00, sat 10:00-17:00", "2027-01-01 2026-07-03 2026-07-04 2026-08-10 2026-11-03 2026-11-26"},
	{"US-SD", "sales", "live", "", "mon-sat 09:00-21:00", ""},
	{"US-SD", "sales", "artificial", "consent.express_written", "mon-fri 09:00-21:00", ""},
	{"US-TX", "sales", "live", "", "mon-sat 09:00-21:00, sun 12:00-21:00", ""},
	{"US-UT", "sales", "live", "", "mon-sat 08:00-21:00", "2027-01-01 2026-07-03 2026-07-04 2026-07-24 2026-11-26"},
	{"US-UT", "sales", "live", "consent.express", "mon-sun 08:00-21:00", ""},
	{"US-VA", "sales", "live", "", "mon-sun 08:00-21:00", ""},
	{"US-WA", "sales", "live", "", "mon-sun 08:00-20:00", ""},
	{"US-CO", "sales", "live", "", "mon-sun 08:00-21:00", ""},
	{"GB", "sales", "live", "", "mon-sun 08:00-21:00", ""},
	{"CA", "sales", "live", "", "mon-fri 09:00-21:00, sat 10:00-18:00, sun 10:00-18:00", ""}, // the house ends at 21:00
	{"AU", "sales", "live", "", "mon-fri 09:00-20:00, sat 09:00-17:00", "2027-01-01 2026-04-06"},
	{"AU", "survey", "live", "", "mon-fri 09:00-20:30, sat 09:00-17:00, sun 09:00-17:00", "2027-01-01 2026-04-06"},
	{"DE", "sales", "live", "consent.prior", "mon-sat 09:00-20:00", ""},
	{"FR", "sales", "live", "consent.prior", "mon-fri 10:00-13:00, mon-fri 14:00-20:00", "2027-01-01 2026-04-06"},
	{"ES", "sales", "live", "consent.prior", "mon-fri 09:00-21:00", "2027-01-01"},
	{"IN", "sales", "live", "", "mon-sun 10:00-21:00", ""},
	{"NL", "sales", "live", "consent.prior", "mon-fri 09:00-21:00, sat 10:00-16:00", ""},
	{"IT", "sales", "live", "", "mon-fri 09:00-20:00, sat 10:00-19:00", "2027-01-01 2026-04-06 2026-10-04"},
	{"BR", "sales", "live", "", "mon-fri 09:00-20:00, sat 10:00-16:00", ""},
}

// goldenDays are a week, the Sundays on which clocks change in America, Europe
// and Australia with their neighbours, a leap day, the turn of a year, and
// holidays of several laws.
var goldenDays = []string{
	"2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07", "2026-03-08", "2026-10-31", "2026-11-01",
	"2026-03-29", "2026-10-25", "2026-04-05", "2026-04-06", "2026-10-04", "2028-02-29", "2026-12-31", "2027-01-01",
	"2026-07-03", "2026-07-04", "2026-07-24", "2026-08-10", "2026-11-03", "2026-11-26",
}

func TestEveryJurisdictionAtItsEdges(t *testing.T) {
	set, checks := shipped(t), 0
	for _, p := range places {
		country, state, _ := strings.Cut(p.place, "-")
		f := willing(t)
		f.Country, f.Countries = country, []string{country}
		f.Jurisdictions, f.Purpose, f.Voice = []string{country}, p.purpose, p.voice
		in := window.CountryZones(country)
		if state != "" {
			f.Jurisdictions, in = append(f.Jurisdictions, p.place), window.StateZones(country, state)
		}
		if p.evidence != "" {
			f.Evidence = strings.Fields(p.evidence)
			f.Given = f.Evidence
		}
		f.Pack = lawful(t, set, &f)
		for _, zone := range in {
			f.Zones = permit.Zones{zone}
			for _, day := range goldenDays {
				checks += checkDay(t, &f, day, spansOf(t, p.hours, p.closed, day), strings.Join([]string{p.place, p.purpose, p.voice, zone.String()}, " "))
			}
		}
	}
	if checks < 15_000 {
		t.Errorf("only %d instants were looked at", checks)
	}
}

// spansOf are the open minutes of a day as plain text has them.
func spansOf(t *testing.T, hours, closed, day string) (spans [][2]int) {
	t.Helper()
	for other := range strings.FieldsSeq(closed) {
		if other == day {
			return nil
		}
		if left, ok := strings.CutPrefix(other, day+"~"); ok {
			return [][2]int{minutes(t, left)}
		}
	}
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	today := (int(date.Weekday()) + 6) % 7
	for part := range strings.SplitSeq(hours, ", ") {
		days, span, _ := strings.Cut(part, " ")
		from, to, ranged := strings.Cut(days, "-")
		if !ranged {
			to = from
		}
		if today >= slices.Index(names, from) && today <= slices.Index(names, to) {
			spans = append(spans, minutes(t, span))
		}
	}
	return spans
}

func minutes(t *testing.T, span string) (m [2]int) {
	t.Helper()
	var h1, m1, h2, m2 int
	if _, err := fmt.Sscanf(span, "%d:%d-%d:%d", &h1, &m1, &h2, &m2); err != nil {
		t.Fatalf("%q: %v", span, err)
	}
	return [2]int{h1*60 + m1, h2*60 + m2}
}

// checkDay asks a minute before, at and after every hour, every edge and the
// ends of the day. Nothing is placed in the last minute of a span.
func checkDay(t *testing.T, f *permit.Facts, day string, spans [][2]int, what string) int {
	t.Helper()
	date, err := time.ParseInLocation(time.DateOnly, day, f.Zones[0])
	if err != nil {
		t.Fatal(err)
	}
	y, m, d := date.Date()
	probes := []int{1, 720, 1439}
	for _, s := range spans {
		for _, edge := range s {
			probes = append(probes, edge-2, edge-1, edge, edge+1)
		}
	}
	for _, minute := range probes {
		at := time.Date(y, m, d, 0, minute, 0, 0, f.Zones[0])
		if h, mm, _ := at.Clock(); h*60+mm != minute {
			continue // the clock leaves it out
		}
		open := slices.ContainsFunc(spans, func(s [2]int) bool { return minute >= s[0] && minute < s[1]-1 })
		if v := permit.Decide(f, at); v.OK() != open {
			t.Errorf("%s %s %02d:%02d: %s by %q", what, day, minute/60, minute%60, v.Result, v.Rule)
		}
	}
	return len(probes)
}

// Mississippi's hours are Central time for everybody, wherever the person is.
func TestAClockOfItsOwn(t *testing.T) {
	for _, c := range []struct{ at, zone, rule string }{
		{"2026-03-04T13:59:00Z", "America/New_York", "us.ms.hours"}, // 8:59 there
		{"2026-03-04T14:00:00Z", "America/New_York", ""},
		{"2026-03-05T01:58:00Z", "America/Los_Angeles", ""},
		{"2026-03-05T02:00:00Z", "America/Los_Angeles", "us.ms.hours"}, // 18:00 there
	} {
		f := willing(t)
		f.Jurisdictions, f.Purpose, f.Voice, f.Zones = []string{"US", "US-MS"}, "sales", "live", zones(t, c.zone)
		f.Pack = lawful(t, shipped(t), &f)
		now, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if v := permit.Decide(&f, now); v.Rule != c.rule {
			t.Errorf("%s: %+v", c.at, v)
		}
	}
}

func TestWhatBlocks(t *testing.T) {
	set := shipped(t)
	for _, c := range []struct{ name, place, purpose, voice, evidence, rule string }{
		{"written consent in Connecticut", "US US-CT", "sales", "live", "", "us.ct.consent"},
		{"spoken consent is not written", "US US-CT", "sales", "live", "consent.express", "us.ct.consent"},
		{"it is there", "US US-CT", "sales", "live", "consent.express_written", ""},
		{"a machine that sells", "US", "sales", "artificial", "", "us.fcc.ai-voice.sales"},
		{"a machine that sells to somebody who agreed aloud", "US", "sales", "prerecorded", "consent.express", "us.fcc.ai-voice.sales"},
		{"a machine that informs", "US", "informational", "artificial", "", "us.fcc.ai-voice"},
		{"the same with consent", "US", "informational", "artificial", "consent.express", ""},
		{"the same with written consent", "US", "informational", "artificial", "consent.express_written", ""},
		{"both states count", "US US-NY US-CT", "sales", "live", "", "us.ct.consent"},
		{"both countries count", "US DE", "sales", "live", "", "de.consent"},
		{"a country nobody knows", "KP", "sales", "live", "", permit.RuleUnknownCountry},
		{"no country", "", "sales", "live", "", permit.RuleUnknownCountry},
	} {
		f := willing(t)
		f.Jurisdictions, f.Purpose, f.Voice, f.Evidence = strings.Fields(c.place), c.purpose, c.voice, strings.Fields(c.evidence)
		f.Given = f.Evidence
		f.Pack = lawful(t, set, &f)
		v := permit.Decide(&f, noon)
		if v.Rule != c.rule || (c.rule != "") != (v.Result == permit.Block) || v.Rules != set.Digest() {
			t.Errorf("%s: %s by %q", c.name, v.Result, v.Rule)
		}
	}
	f := willing(t)
	f.Jurisdictions, f.Purpose, f.Voice, f.Ring = []string{"US"}, "sales", "live", 14_999
	f.Pack = lawful(t, set, &f)
	if v := permit.Decide(&f, noon); v.Rule != "us.ring" || v.Result != permit.Block {
		t.Errorf("a ring too short: %+v", v)
	}
}

// A defer that would end on the other side of a change of law ends in what the
// law says then.
func TestAcrossAChangeOfLaw(t *testing.T) {
	set := shipped(t)
	f := willing(t)
	f.Zones, f.Country, f.Countries = zones(t, "Europe/Paris"), "FR", []string{"FR"}
	f.Jurisdictions, f.Purpose, f.Voice = []string{"FR"}, "sales", "live"
	f.Pack = lawful(t, set, &f)
	paris := func(day, hour, minute int) time.Time { return time.Date(2026, 8, day, hour, minute, 0, 0, f.Zones[0]) }
	for _, c := range []struct {
		at     time.Time
		result permit.Result
		rule   string
		until  time.Time
	}{
		{paris(10, 11, 0), permit.Allow, "", time.Time{}},
		{paris(10, 13, 30), permit.Defer, "fr.hours", paris(10, 14, 0)},
		{paris(10, 19, 58), permit.Allow, "", time.Time{}},
		{paris(10, 20, 0), permit.Block, "fr.consent", time.Time{}}, // the next hours are the new law's
		{paris(10, 23, 59), permit.Block, "fr.consent", time.Time{}},
		{paris(11, 0, 0), permit.Block, "fr.consent", time.Time{}},
		{paris(11, 11, 0), permit.Block, "fr.consent", time.Time{}},
	} {
		v := permit.Decide(&f, c.at)
		until := int64(0)
		if !c.until.IsZero() {
			until = c.until.UnixMilli()
		}
		if v.Result != c.result || v.Rule != c.rule || v.Until != until {
			t.Errorf("%s: %+v", c.at, v)
		}
	}
}
