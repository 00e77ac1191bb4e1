package permit_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

func zones(t testing.TB, names ...string) permit.Zones {
	t.Helper()
	out := make(permit.Zones, len(names))
	for i, n := range names {
		z, err := window.LoadZone(n)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = z
	}
	return out
}

// ruleLaw is the one window of the law these tests are judged by.
const ruleLaw = "us.tsr.hours"

func law(more ...*window.Rule) *pack.Law {
	hours := &window.Rule{ID: ruleLaw, Week: window.NewWeek(window.Span{Days: window.EveryDay, From: 8 * 60, To: 21 * 60})}
	return &pack.Law{Known: true, Windows: append([]*window.Rule{hours}, more...)}
}

func joined(t testing.TB, tr *cadence.TimeRestrictions) *permit.Pack {
	t.Helper()
	p, err := permit.NewPack(law(), tr)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var officeHours = &cadence.TimeRestrictions{Holidays: true, Windows: []cadence.Window{
	{Days: []string{"mon", "tue", "wed", "thu", "fri"}, From: "09:00", To: "17:00"},
}}

// willing are facts that nothing speaks against at noon.
func willing(t testing.TB) permit.Facts {
	t.Helper()
	return permit.Facts{
		Policy: 7, Active: true, Enrolled: true, CallerID: true, Zones: zones(t, "America/Denver"),
		Countries: []string{"US", "CA"}, Country: "US", Pack: joined(t, officeHours),
	}
}

// Wednesday, noon in Denver.
var noon = time.Date(2026, 3, 4, 19, 0, 0, 0, time.UTC)

func TestOrderOfRules(t *testing.T) {
	// Each entry spoils one more thing, from the last check to the first: the
	// rule of the newest damage is named.
	f := willing(t)
	if v := permit.Decide(&f, noon); v.Result != permit.Allow || v.Rule != "" || v.Until != 0 || v.Policy != 7 || v.Pack != f.Pack.Digest {
		t.Fatalf("nothing against it: %+v", v)
	}
	night := noon.Add(10 * time.Hour)
	for _, c := range []struct {
		rule   string
		result permit.Result
		at     time.Time
		spoil  func()
	}{
		{permit.RuleCallerID, permit.Block, noon, func() { f.CallerID = false }},
		{permit.RuleCadenceWindow, permit.Defer, noon.Add(6 * time.Hour), func() {}},
		{ruleLaw, permit.Defer, night, func() {}},
		{permit.RuleNumberCap, permit.Defer, night, func() { f.Intents = []int64{night.UnixMilli() - 3, night.UnixMilli() - 2, night.UnixMilli() - 1} }},
		{permit.RuleOpenAttempt, permit.Defer, night, func() { f.Open = true }},
		{permit.RuleZoneUnknown, permit.Block, night, func() { f.Zones = nil }},
		{permit.RuleNonGeographic, permit.Block, night, func() { f.NonGeographic = true }},
		{permit.RuleCountry, permit.Block, night, func() { f.Country = "CU" }},
		{permit.RuleRetired, permit.Block, night, func() { f.Retired = true }},
		{permit.RuleDNC, permit.Block, night, func() { f.DNC = permit.DNC{On: true, At: 1, Source: "api"} }},
		{permit.RuleNotEnrolled, permit.Block, night, func() { f.Enrolled = false }},
		{permit.RuleHalted, permit.Block, night, func() { f.Halted = true }},
		{permit.RuleInactive, permit.Block, night, func() { f.Active = false }},
		{permit.RuleNoPack, permit.Block, night, func() { f.Pack = nil }},
		{permit.RuleHealth, permit.Block, night, func() { f.Health = "public_url" }},
		{permit.RuleKillSwitch, permit.Block, night, func() { f.Kill = true }},
	} {
		c.spoil()
		v := permit.Decide(&f, c.at)
		if v.Rule != c.rule || v.Result != c.result || v.NotAfter != 0 {
			t.Errorf("want %s by %s, got %+v", c.result, c.rule, v)
		}
		if (v.Result == permit.Defer) != (v.Until > c.at.UnixMilli()) {
			t.Errorf("%s: until %d at %d", c.rule, v.Until, c.at.UnixMilli())
		}
	}
	if v := permit.Decide(new(permit.Facts), noon); v.OK() {
		t.Error("nothing known was allowed")
	}
}

func TestDetails(t *testing.T) {
	f := willing(t)
	f.DNC = permit.DNC{On: true, Source: "disposition"}
	if v := permit.Decide(&f, noon); v.Detail != "disposition" {
		t.Errorf("dnc source: %+v", v)
	}
	f.Health = "clock"
	v := permit.Decide(&f, noon)
	if v.Detail != "clock" || v.Zone != "America/Denver" || v.Local().Format("15:04 -0700") != "12:00 -0700" || v.TZ != window.TZVersion() {
		t.Errorf("%+v at %s", v, v.Local())
	}
}

func TestHoursGolden(t *testing.T) {
	type c struct {
		name, at, until, rule, zone string
		zones                       []string
	}
	for _, c := range []c{
		{"inside", "2026-03-04T19:00:00Z", "", "", "America/Denver", []string{"America/Denver"}},
		{"before the law's opening", "2026-03-04T14:59:59Z", "2026-03-04T16:00:00Z", ruleLaw, "America/Denver", []string{"America/Denver"}},
		{"before the cadence's", "2026-03-04T15:00:00Z", "2026-03-04T16:00:00Z", permit.RuleCadenceWindow, "America/Denver", []string{"America/Denver"}},
		{"the last minute", "2026-03-04T23:59:00Z", "2026-03-05T16:00:00Z", permit.RuleCadenceWindow, "America/Denver", []string{"America/Denver"}},
		{"just before it", "2026-03-04T23:58:59Z", "", "", "America/Denver", []string{"America/Denver"}},
		{"friday evening", "2026-03-07T00:00:00Z", "2026-03-09T15:00:00Z", permit.RuleCadenceWindow, "America/Denver", []string{"America/Denver"}}, // DST began on the 8th
		{"either zone", "2026-03-04T14:30:00Z", "2026-03-04T15:00:00Z", permit.RuleCadenceWindow, "America/Chicago", []string{"America/New_York", "America/Chicago"}},
		{"Independence Day, observed too", "2026-07-03T18:00:00Z", "2026-07-06T15:00:00Z", permit.RuleHolidayUS, "America/Denver", []string{"America/Denver"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := willing(t)
			f.Zones = zones(t, c.zones...)
			now, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			v := permit.Decide(&f, now)
			until := ""
			if v.Until != 0 {
				until = time.UnixMilli(v.Until).UTC().Format(time.RFC3339)
			}
			if v.Rule != c.rule || until != c.until || v.Zone != c.zone {
				t.Fatalf("got %s until %s in %s", v.Rule, until, v.Zone)
			}
		})
	}
}

func TestCapRolls(t *testing.T) {
	f := willing(t)
	f.Pack = joined(t, nil)
	hour := func(h int) int64 { return noon.Add(-time.Duration(h) * time.Hour).UnixMilli() }
	f.Intents = []int64{hour(1), hour(23), hour(2), hour(40)} // any order
	v := permit.Decide(&f, noon)
	want := noon.Add(time.Hour + permit.Guard)
	if v.Rule != permit.RuleNumberCap || v.Until != want.UnixMilli() || v.Calls != 3 || v.Cap != 3 {
		t.Fatalf("got %+v, want until %s", v, want)
	}
	if v := permit.Decide(&f, want); !v.OK() || v.Calls != 2 {
		t.Errorf("at that instant: %+v", v)
	}
	if v := permit.Decide(&f, want.Add(-time.Millisecond)); v.OK() {
		t.Error("a millisecond early")
	}
	f.NumberCap = 1
	if v := permit.Decide(&f, noon); v.Until != noon.Add(23*time.Hour+permit.Guard).UnixMilli() {
		t.Errorf("cap 1: until %s", time.UnixMilli(v.Until))
	}
	f.NumberCap, f.Intents = 1, []int64{noon.Add(time.Hour).UnixMilli()}
	if v := permit.Decide(&f, noon); v.OK() {
		t.Error("an intent dated ahead did not count")
	}
}

// The cap's end lies in the night: the verdict names the morning.
func TestUntilSatisfiesAll(t *testing.T) {
	f := willing(t)
	f.NumberCap = 1
	f.Intents = []int64{noon.Add(-15 * time.Hour).UnixMilli()} // 21:00 yesterday
	v := permit.Decide(&f, noon)
	want := time.Date(2026, 3, 5, 16, 0, 0, 0, time.UTC) // Thursday 09:00
	if v.Rule != permit.RuleNumberCap || v.Until != want.UnixMilli() {
		t.Fatalf("%+v until %s", v, time.UnixMilli(v.Until).UTC())
	}
}

func TestWindowsThatNeverMeet(t *testing.T) {
	f := willing(t)
	for name, w := range map[string]cadence.Window{
		"night only":          {From: "22:00", To: "24:00"},
		"shorter than a call": {From: "12:00", To: "12:01"},
	} {
		f.Pack = joined(t, &cadence.TimeRestrictions{Windows: []cadence.Window{w}})
		if v := permit.Decide(&f, noon); v.Result != permit.Block || v.Rule != permit.RuleCadenceWindow || v.Until != 0 {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestNewPack(t *testing.T) {
	if _, err := permit.NewPack(&pack.Law{}, nil); err == nil {
		t.Error("a pack without law")
	}
	for name, tr := range map[string]*cadence.TimeRestrictions{
		"zone": {Zone: "Mars/Olympus"}, "Local": {Zone: "Local"}, "day": {Windows: []cadence.Window{{Days: []string{"noday"}, From: "08:00", To: "09:00"}}},
		"backwards": {Windows: []cadence.Window{{From: "09:00", To: "08:00"}}},
	} {
		if tr.Zone != "" {
			tr.Windows = []cadence.Window{{From: "08:00", To: "09:00"}}
		}
		if _, err := permit.NewPack(law(), tr); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	seen := map[permit.Digest]string{}
	for name, tr := range map[string]*cadence.TimeRestrictions{
		"law": nil, "office": officeHours, "no holidays": {Windows: officeHours.Windows}, "holidays": {Holidays: true},
		"zone": {Zone: "America/Denver", Windows: officeHours.Windows},
	} {
		p := joined(t, tr)
		if other, taken := seen[p.Digest]; taken {
			t.Errorf("%s and %s have one digest", name, other)
		}
		seen[p.Digest] = name
		if p.Digest != joined(t, tr).Digest {
			t.Errorf("%s: two digests of one pack", name)
		}
	}
	fixed := willing(t)
	fixed.Pack = joined(t, &cadence.TimeRestrictions{Zone: "Europe/London", Windows: []cadence.Window{{From: "18:30", To: "19:30"}}})
	if v := permit.Decide(&fixed, noon); !v.OK() {
		t.Errorf("19:00 in London: %+v", v)
	}
}

func TestReplay(t *testing.T) {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	f := willing(t)
	f.Zones = zones(t, "America/Denver", "America/Phoenix")
	f.Intents, f.DNC = []int64{noon.UnixMilli() - 5}, permit.DNC{At: 3, Source: "import"}
	at := noon.Add(6*time.Hour + 1)
	v := permit.Decide(&f, at)
	stored, err := mode.Marshal(&f)
	if err != nil {
		t.Fatal(err)
	}
	var back permit.Facts
	if err := cbor.Unmarshal(stored, &back); err != nil {
		t.Fatal(err)
	}
	back.Pack = f.Pack
	if !reflect.DeepEqual(f, back) {
		t.Fatalf("facts came back as %+v", back)
	}
	if again := permit.Decide(&back, at); again != v {
		t.Fatalf("replayed %+v, was %+v", again, v)
	}
	said, err := mode.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var kept permit.Verdict
	if err := cbor.Unmarshal(said, &kept); err != nil || kept != v {
		t.Fatalf("verdict came back as %+v: %v", kept, err)
	}
	if len(stored) > 200 || len(said) > 200 {
		t.Errorf("facts %d bytes, verdict %d bytes: meant to be small", len(stored), len(said))
	}
	if err := cbor.Unmarshal([]byte{0x81, 0x63, 'X', '/', 'Y'}, new(permit.Zones)); err == nil {
		t.Error("an unknown zone was read")
	}
}

func TestRulesAreAClosedSet(t *testing.T) {
	set := shipped(t)
	var ids []string
	explained := func(id string) {
		r, ok := permit.Info(set, id)
		if !ok || r.ID != id || r.Title == "" || r.Source == "" || r.Kind == "" || !strings.Contains(r.ID, ".") {
			t.Errorf("rule %q does not explain itself: %+v", id, r)
		}
		ids = append(ids, id)
	}
	for _, r := range permit.Rules() {
		if explained(r.ID); r.Unblock == "" {
			t.Errorf("%s does not say what lifts it", r.ID)
		}
	}
	set.Rules(func(r *pack.Rule, _ pack.Applies) { explained(r.ID) })
	f := willing(t)
	f.Jurisdictions, f.Purpose, f.Voice = []string{"US", "US-FL"}, "sales", "live"
	f.Pack = lawful(t, set, &f)
	for _, c := range permit.Trace(&f, noon) {
		if !slices.Contains(ids, c.Rule) {
			t.Errorf("%s is not listed", c.Rule)
		}
	}
	if sorted := slices.Sorted(slices.Values(ids)); len(slices.Compact(sorted)) != len(ids) {
		t.Error("two rules share an id")
	}
	if _, ok := permit.Info(nil, "us.tsr.hours"); ok {
		t.Error("a rule of no pack")
	}
}

func TestDecideAllocatesNothing(t *testing.T) {
	f := willing(t)
	if n := testing.AllocsPerRun(200, func() {
		if v := permit.Decide(&f, noon); !v.OK() {
			t.Fatal(v)
		}
	}); n > 0 {
		t.Errorf("%.1f allocations to allow", n)
	}
	night := noon.Add(10 * time.Hour)
	if n := testing.AllocsPerRun(200, func() { permit.Decide(&f, night) }); n > 0 {
		t.Errorf("%.1f allocations to defer", n)
	}
	f.Jurisdictions, f.Purpose, f.Voice, f.Evidence = []string{"US", "US-FL"}, "sales", "live", []string{"consent.express_written"}
	f.Given = f.Evidence
	f.Zones, f.Intents = zones(t, "America/Chicago", "America/New_York"), []int64{noon.UnixMilli() - 1000, noon.UnixMilli() - 2000}
	f.Scrub, f.Lists = permit.ScrubEnforce, []permit.List{{Name: "us_national_dnc", AsOf: noon.UnixMilli()}, {Name: "us_reassigned_numbers", AsOf: noon.UnixMilli()}}
	f.Pack = lawful(t, shipped(t), &f)
	if n := testing.AllocsPerRun(200, func() {
		if v := permit.Decide(&f, noon); !v.OK() || len(f.Pack.Law.Caps) == 0 || len(f.Pack.Law.Scrubs) == 0 {
			t.Fatal(v)
		}
	}); n > 0 {
		t.Errorf("%.1f allocations to allow by the shipped packs, with caps and lists", n)
	}
}

// BenchmarkAllowShipped judges by all shipped rules about a sales call to
// Florida, which has two zones and a cap.
func BenchmarkAllowShipped(b *testing.B) {
	f := willing(b)
	f.Zones = zones(b, "America/Chicago", "America/New_York")
	f.Jurisdictions, f.Purpose, f.Voice, f.Evidence = []string{"US", "US-FL"}, "sales", "live", []string{"consent.express_written"}
	f.Given = f.Evidence
	f.Ring = 25_000
	f.Intents = []int64{noon.UnixMilli() - 1000, noon.UnixMilli() - 2000}
	f.Scrub, f.Lists = permit.ScrubEnforce, []permit.List{{Name: "us_national_dnc", AsOf: noon.UnixMilli()}, {Name: "us_reassigned_numbers", AsOf: noon.UnixMilli()}}
	f.Over = []permit.Over{{Rule: "gb.abandon", Until: noon.UnixMilli() + 1}}
	f.Pack = lawful(b, shipped(b), &f)
	if n := testing.AllocsPerRun(100, func() { permit.Decide(&f, noon) }); n > 0 || len(f.Pack.Law.Caps) == 0 {
		b.Fatalf("%.0f allocations, %d caps", n, len(f.Pack.Law.Caps))
	}
	took := make([]time.Duration, 0, 1<<20)
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		v := permit.Decide(&f, noon)
		if took = append(took, time.Since(began)); !v.OK() {
			b.Fatal(v)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
}

func BenchmarkAllow(b *testing.B) {
	f := willing(b)
	f.Intents = []int64{noon.UnixMilli() - 1000, noon.UnixMilli() - 2000}
	b.ReportAllocs()
	for b.Loop() {
		if v := permit.Decide(&f, noon); !v.OK() {
			b.Fatal(v)
		}
	}
}

func BenchmarkAllowFourZones(b *testing.B) {
	f := willing(b)
	f.Zones = zones(b, "America/Denver", "America/Phoenix", "America/Chicago", "America/New_York")
	b.ReportAllocs()
	for b.Loop() {
		if v := permit.Decide(&f, noon); !v.OK() {
			b.Fatal(v)
		}
	}
}

func BenchmarkDeferWeekend(b *testing.B) {
	f := willing(b)
	b.ReportAllocs()
	for b.Loop() {
		permit.Decide(&f, noon.Add(60*time.Hour))
	}
}

// What open calls hold may come back soon, what is spent comes back with the
// day's end.
func TestMoneyThatIsHeld(t *testing.T) {
	now := time.Date(2026, 3, 16, 16, 0, 0, 0, time.UTC)
	ends := now.Add(time.Hour)
	for name, c := range map[string]struct {
		spent, held int64
		until       time.Time
	}{
		"enough":          {spent: 60, held: 60, until: time.Time{}},
		"held":            {spent: 95, held: 60, until: now.Add(permit.OpenWait)},
		"spent":           {spent: 95, held: 4, until: ends},
		"held at the end": {spent: 95, held: 60, until: ends},
	} {
		f := willing(t)
		f.SpendCap, f.CallCost, f.Spent, f.Held, f.SpendEnds = 100, 10, c.spent, c.held, ends.UnixMilli()
		at := now
		if name == "held at the end" {
			at = ends.Add(-time.Second)
		}
		v := permit.Decide(&f, at)
		if c.until.IsZero() {
			if !v.OK() {
				t.Errorf("%s: %+v", name, v)
			}
			continue
		}
		if v.Result != permit.Defer || v.Rule != permit.RuleSpendCap || v.Until != c.until.UnixMilli() {
			t.Errorf("%s: %+v, want a wait until %s", name, v, c.until)
		}
	}
}
