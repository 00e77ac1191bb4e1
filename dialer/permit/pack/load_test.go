package pack_test

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

var compliance = os.DirFS("../../../configs/compliance")

func shipped(t testing.TB) *pack.Set {
	t.Helper()
	set, problems := pack.Load(compliance)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return set
}

func TestShippedPacksComeBack(t *testing.T) {
	set := shipped(t)
	again, err := pack.Read(set.Body())
	if err != nil || again.Digest() != set.Digest() || !bytes.Equal(again.Body(), set.Body()) {
		t.Fatalf("%s came back as another set: %v", set.Digest(), err)
	}
	q := pack.Query{Countries: []string{"US"}, States: []string{"FL"}, Purpose: "sales", Voice: "live"}
	if a, b := set.Law(q), again.Law(q); len(a.Windows) != len(b.Windows) || len(a.Caps) != 1 || len(b.Caps) != 1 || !reflect.DeepEqual(a.Caps[0], b.Caps[0]) {
		t.Errorf("%+v and %+v", a, b)
	}
	rules := 0
	set.Rules(func(r *pack.Rule, _ pack.Applies) { rules++ })
	if rules < 80 || len(set.Due(day(t, "2026-11-22"))) > 0 {
		t.Errorf("%d rules, due: %v", rules, set.Due(day(t, "2026-11-22")))
	}
	for _, spoilt := range [][]byte{nil, []byte("[]"), []byte("{}"), set.Body()[:100], append(bytes.Clone(set.Body()), ' '), bytes.Replace(set.Body(), []byte(`"schema":1`), []byte(`"schema":2`), 1)} {
		if _, err := pack.Read(spoilt); err == nil {
			t.Errorf("read %.40q", spoilt)
		}
	}
}

func day(t testing.TB, text string) window.Day {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return window.DayOf(d)
}

// The purposes and voices of cadences and of rules are the same words.
func TestWordsOfCadencesAreWordsOfRules(t *testing.T) {
	known := strings.Join(pack.Purposes(), " ")
	for _, p := range []cadence.Purpose{cadence.PurposeSales, cadence.PurposeCharity, cadence.PurposeDebt, cadence.PurposeSurvey, cadence.PurposeInform, cadence.PurposeCause, cadence.PurposeHealth} {
		if !strings.Contains(known, string(p)) {
			t.Errorf("no rule can be about %s", p)
		}
	}
	if pack.Purposes()[0] != string(new(cadence.Document).PurposeOf()) {
		t.Error("the purpose that is taken where none is said is not the strictest")
	}
}

const good = `schema: 1
pack: test
rules:
  - id: test.hours
    kind: window
    title: Hours
    applies: {country: [US]}
    params: {days: {mon-fri: ["09:00-17:00"]}}
    source: a test
    confidence: V
`

// always is a pack whose window holds for every call, as each set needs one.
const always = `schema: 1
pack: zz-always
rules:
  - {id: zz.always, kind: window, title: Always, params: {days: {mon-sun: ["00:00-24:00"]}}, source: a test, confidence: V}
`

// load reads files, with hours for every call beside them.
func load(files map[string]string) (*pack.Set, pack.Problems) {
	files = maps.Clone(files)
	files["zz.yaml"] = always
	return loadOnly(files)
}

func loadOnly(files map[string]string) (*pack.Set, pack.Problems) {
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return pack.Load(folder)
}

// A set needs hours for every call: without, some would have none, and nothing
// would say why they are not placed.
func TestSomeHoursHoldForEveryCall(t *testing.T) {
	for name, change := range map[string][2]string{
		"a country":   {"params:", "applies: {country: [US]}, params:"},
		"a purpose":   {"params:", "applies: {purpose: [sales]}, params:"},
		"the pack's":  {"rules:", "applies: {country: [US]}\nrules:"},
		"begins":      {"source:", "effective_from: 2026-01-01, source:"},
		"ends":        {"source:", "effective_to: 2030-01-01, source:"},
		"is waived":   {"source:", "waived_by: [consent.express], source:"},
		"one clock's": {"{days:", "{zone: America/New_York, days:"},
		"no window":   {`kind: window, title: Always, params: {days: {mon-sun: ["00:00-24:00"]}}`, "kind: ring, title: Rings, params: {min_ring: 10s}"},
	} {
		text := strings.Replace(always, change[0], change[1], 1)
		_, problems := loadOnly(map[string]string{"a.yaml": text})
		said := problems.Error()
		if len(problems) != 1 || problems[0].File != "a.yaml" || problems[0].Line < 3 || problems[0].Field != "rules" ||
			!strings.Contains(said, "no window holds for every call") || !strings.Contains(said, "house.hours") {
			t.Errorf("%s: %s", name, said)
		}
	}
	if set, problems := loadOnly(map[string]string{"a.yaml": always}); problems != nil || !set.Bounded() {
		t.Error(problems)
	}
}

// rule is the good pack with another rule behind.
func rule(lines ...string) string { return good + "  - " + strings.Join(lines, "\n    ") + "\n" }

const sourced = "source: a test\n    confidence: V"

func TestBadPacksAreNamed(t *testing.T) {
	for name, c := range map[string]struct{ text, at, says string }{
		"no YAML":             {"schema: 1\nrules: [", "a.yaml:2", "this is not YAML"},
		"unknown field":       {strings.Replace(good, "    kind:", "    colour: red\n    kind:", 1), "a.yaml:5: rules[0].colour", "there is no such field"},
		"twice":               {strings.Replace(good, "    kind:", "    id: x.y\n    kind:", 1), "a.yaml:5", "already defined"},
		"wrong schema":        {strings.Replace(good, "schema: 1", "schema: 2", 1), "a.yaml:1: schema", "schema 2"},
		"no list":             {strings.Replace(good, "[US]", "US", 1), "a.yaml:7: rules[0].applies.country", "no list"},
		"an alias":            {strings.Replace(good, "title: Hours", "title: *x", 1), "a.yaml:6", ""},
		"unknown kind":        {rule("id: t.x", "kind: hours", "title: T", sourced), "a.yaml:12: rules[1].kind", "known are"},
		"no source":           {rule("id: t.x", "kind: ring", "title: T", "params: {min_ring: 15s}", "confidence: V"), "a.yaml:11: rules[1].source", "missing"},
		"no confidence":       {rule("id: t.x", "kind: ring", "title: T", "params: {min_ring: 15s}", "source: s"), "a.yaml:11: rules[1].confidence", "V (verified)"},
		"no title":            {rule("id: t.x", "kind: ring", "params: {min_ring: 15s}", sourced), "a.yaml:11: rules[1].title", ""},
		"unknown param":       {rule("id: t.x", "kind: ring", "title: T", "params: {min_ring: 15s, max: 3}", sourced), "a.yaml:14: rules[1].params.max", "does not take"},
		"missing param":       {rule("id: t.x", "kind: cap", "title: T", "params: {max: 3}", sourced), "a.yaml:14: rules[1].params.per", "needs it"},
		"no params":           {rule("id: t.x", "kind: cap", "title: T", sourced), "a.yaml:11: rules[1].params.max", "needs it"},
		"bad cap":             {rule("id: t.x", "kind: cap", "title: T", "params: {max: 0, per: 24h}", sourced), "a.yaml:14", "between 1 and 1000"},
		"bad period":          {rule("id: t.x", "kind: cap", "title: T", "params: {max: 1, per: weekly}", sourced), "a.yaml:14: rules[1].params.per", "as in 24h"},
		"too long a period":   {rule("id: t.x", "kind: cap", "title: T", "params: {max: 1, per: 1y}", sourced), "a.yaml:14: rules[1].params.per", "92d"},
		"bad days":            {strings.Replace(good, "mon-fri", "fri-mon", 1), "a.yaml:8: rules[0].params.days", "a range such as mon-fri"},
		"bad span":            {strings.Replace(good, "09:00-17:00", "17:00-09:00", 1), "a.yaml:8: rules[0].params.days", "end after it begins"},
		"no zone":             {strings.Replace(good, "params: {days", "params: {zone: Mars/Olympus, days", 1), "a.yaml:8: rules[0].params.zone", "not in the tz database"},
		"an abbreviation":     {strings.Replace(good, "params: {days", "params: {zone: EST, days", 1), "a.yaml:8: rules[0].params.zone", "America/New_York"},
		"tz of no zone":       {rule("id: t.x", "kind: tz", "title: T", `params: {npa: ["423"], zones: [America/Gotham]}`, sourced), "a.yaml:14: rules[1].params.zones[0]", "not in the tz database"},
		"no area code":        {rule("id: t.x", "kind: tz", "title: T", `params: {npa: ["42"], zones: [America/Chicago]}`, sourced), "a.yaml:14: rules[1].params.npa", "area codes"},
		"no state":            {strings.Replace(good, "country: [US]", "country: [US], state: [XX]", 1), "a.yaml:7: rules[0].applies.state", "no state"},
		"no purpose":          {strings.Replace(good, "country: [US]", "purpose: [fun]", 1), "a.yaml:7: rules[0].applies.purpose", "known are"},
		"no evidence":         {strings.Replace(good, "source:", "waived_by: [hope]\n    source:", 1), "a.yaml:9: rules[0].waived_by", "known are"},
		"no date":             {strings.Replace(good, "source:", "effective_from: 2026-02-30\n    source:", 1), "a.yaml:9: rules[0].effective_from", "no date"},
		"ends before":         {strings.Replace(good, "source:", "effective_from: 2026-02-03\n    effective_to: 2026-02-02\n    source:", 1), "a.yaml:10: rules[0].effective_to", "before it begins"},
		"no calendar":         {rule("id: t.x", "kind: holiday", "title: T", "params: {calendar: moon}", sourced), "a.yaml:14: rules[1].params.calendar", "no calendar"},
		"neither of both":     {rule("id: t.x", "kind: holiday", "title: T", `params: {open: ["09:00-10:00"]}`, sourced), "a.yaml:14: rules[1].params", "names a calendar, or dates"},
		"an endless ban":      {rule("id: t.x", "kind: emergency", "title: T", "effective_from: 2026-01-01", sourced), "a.yaml:11: rules[1].effective_to", "end on a day"},
		"overlapping dates":   {strings.Replace(good, "source:", "effective_to: 2026-06-30\n    source:", 1) + strings.Replace(good[len("schema: 1\npack: test\nrules:\n"):], "source:", "effective_from: 2026-06-30\n    source:", 1), "a.yaml:12: rules[1].id", "same days"},
		"contradictory":       {rule("id: t.night", "kind: window", "title: T", "applies: {country: [US]}", `params: {days: {mon-sun: ["17:00-24:00"]}}`, sourced), "a.yaml:15: rules[1].params", "leaves no minute of the week (US sales live)"},
		"contradictory later": {rule("id: t.night", "kind: window", "title: T", `params: {days: {mon-sun: ["17:00-24:00"]}}`, "effective_from: 2027-01-01", sourced), "a.yaml:14: rules[1].params", "leaves no minute"},
		"an empty list":       {strings.Replace(good, "[US]", "[]", 1), "a.yaml:7: rules[0].applies.country", "empty"},
		"unknown list":        {rule("id: t.x", "kind: dnc", "title: T", "params: {list: theirs}", sourced), "a.yaml:14: rules[1].params.list", "internal"},
	} {
		_, problems := load(map[string]string{"a.yaml": c.text})
		said := problems.Error()
		if len(problems) == 0 || !strings.Contains(said, c.at) || !strings.Contains(said, c.says) {
			t.Errorf("%s: want %q and %q, got\n%s", name, c.at, c.says, said)
		}
	}
}

func TestBadSetsAreNamed(t *testing.T) {
	again := strings.Replace(good, "test.hours", "test.more", 1)
	for name, c := range map[string]struct {
		files map[string]string
		says  string
	}{
		"no file":           {map[string]string{"README.md": "x"}, "0 pack files"},
		"one name":          {map[string]string{"a.yaml": good, "b.yaml": again}, `"test" is the pack of a.yaml too`},
		"one rule":          {map[string]string{"a.yaml": good, "b.yaml": strings.Replace(good, "pack: test", "pack: other", 1)}, "b.yaml:4: rules[0].id"},
		"no expiry":         {map[string]string{"a.yaml": good, "overrides/b.yaml": strings.Replace(again, "pack: test", "pack: other", 1)}, "overrides/b.yaml:4: rules[0].effective_to"},
		"no rules":          {map[string]string{"a.yaml": "schema: 1\npack: test\n"}, "0 rules"},
		"two calendars":     {map[string]string{"a.yaml": good + feasts, "b.yaml": "schema: 1\npack: other\n" + feasts}, `"feasts" is a calendar of a.yaml too`},
		"a bad feast":       {map[string]string{"a.yaml": good + strings.Replace(feasts, "12-25", "13-25", 1)}, "calendars[0].days[0]"},
		"too large":         {map[string]string{"a.yaml": good + strings.Repeat("# much\n", 50_000)}, "at most 262144 are read"},
		"several in a file": {map[string]string{"a.yaml": good + "---\n" + good}, "holds no pack, or several"},
	} {
		if _, problems := loadOnly(c.files); !strings.Contains(problems.Error(), c.says) {
			t.Errorf("%s: want %q, got\n%s", name, c.says, problems.Error())
		}
	}
}

const feasts = `calendars:
  - id: feasts
    source: a test
    confidence: V
    days: [{name: Christmas, date: "12-25"}]
`

func TestAFolderGoesOverAnother(t *testing.T) {
	base := fstest.MapFS{"a.yaml": {Data: []byte(good)}, "zz.yaml": {Data: []byte(always)}}
	over := fstest.MapFS{
		"a.yaml":           {Data: []byte(strings.Replace(good, "09:00", "10:00", 1))},
		"overrides/b.yaml": {Data: []byte(strings.NewReplacer("pack: test", "pack: other", "test.hours", "test.more", "source:", "effective_to: 2026-12-31\n    source:").Replace(good))},
		"notes.txt":        {Data: []byte("not read")},
	}
	one, problems := pack.Load(base)
	if problems != nil {
		t.Fatal(problems)
	}
	two, problems := pack.Load(base, fs.FS(over))
	if problems != nil {
		t.Fatal(problems)
	}
	if one.Digest() == two.Digest() || two.Rule("test.more") == nil || one.Rule("test.more") != nil {
		t.Error("the folder of the operator was not read")
	}
	law := two.Law(pack.Query{Countries: []string{"US"}, Purpose: "sales", Voice: "live"})
	if len(law.Windows) != 3 || law.Windows[0].Week.Minutes() != 5*7*60 {
		t.Errorf("%+v", law)
	}
}

func TestDue(t *testing.T) {
	text := strings.Replace(good, "pack: test\n", "pack: test\nreview_by: 2027-01-31\n", 1)
	text = strings.Replace(text, "source:", "review_by: 2026-06-30\n    source:", 1) + strings.Replace(feasts, "confidence: V", "confidence: V\n    review_by: 2026-07-01", 1)
	set, problems := load(map[string]string{"a.yaml": text})
	if problems != nil {
		t.Fatal(problems)
	}
	for at, want := range map[string]int{"2026-06-30": 0, "2026-07-01": 1, "2026-07-02": 2, "2027-01-31": 2, "2027-02-01": 3} {
		due := set.Due(day(t, at))
		if len(due) != want {
			t.Errorf("%s: %v", at, due)
		}
		if at == "2026-07-01" && due.Error() != "a.yaml:10: rules[0].review_by: the review was due on 2026-06-30; check it against the law, then set a later day" {
			t.Error(due.Error())
		}
	}
}

func TestAreaZones(t *testing.T) {
	set := shipped(t)
	for number, want := range map[string]int{"+14235550100": 2, "+12195550100": 2, "+18505550100": 2, "+13035550100": 0, "+442079460000": 0, "": 0} {
		if got := set.AreaZones(number); len(got) != want {
			t.Errorf("%s: %v", number, got)
		}
	}
}

// FuzzLoad: whatever stands in a file, it is a set that reads back or problems
// with a file and a line.
func FuzzLoad(f *testing.F) {
	f.Add(good)
	f.Add(good + feasts)
	f.Add("rules: *x")
	f.Add("schema: 1\npack: a\nrules: [{id: a.b, params: {days: {mon: []}}}]")
	f.Fuzz(func(t *testing.T, text string) {
		set, problems := load(map[string]string{"a.yaml": text})
		for _, p := range problems {
			if p.File == "" || p.Line < 1 || p.Message == "" {
				t.Fatalf("%+v", p)
			}
		}
		if (set == nil) != (len(problems) > 0) {
			t.Fatal("neither a set nor problems, or both")
		}
		if set == nil {
			return
		}
		if again, err := pack.Read(set.Body()); err != nil || again.Digest() != set.Digest() {
			t.Fatalf("came back as another set: %v", err)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	body := shipped(b).Body()
	for b.Loop() {
		if _, err := pack.Read(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLaw(b *testing.B) {
	set := shipped(b)
	q := pack.Query{Countries: []string{"US"}, States: []string{"FL"}, Purpose: "sales", Voice: "live"}
	for b.Loop() {
		set.Law(q)
	}
}
