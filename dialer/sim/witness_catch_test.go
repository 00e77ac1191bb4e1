package sim_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/sim"
	"github.com/carillon-dialer/carillon/dialer/sim/statute"
)

// spoiled is one rule made wrong: how, and the text of its file with it.
type spoiled struct {
	rule, how string
	packs     []byte
	place     string // of people it is about: US, US-FL, FR; "" is anywhere
	person    bool   // it counts all numbers of a person together
	kind      pack.Kind
}

// crowd reports whether it takes more than a few people for the rule to show: a
// share of abandoned calls wants many calls a day.
func (s *spoiled) crowd() bool { return s.kind == pack.Abandon }

var span = regexp.MustCompile(`"(\d\d):(\d\d)-(\d\d):(\d\d)"`)

// ways are how a rule may be wrong. Each changes the lines of one rule; what
// changes nothing is no way for that rule.
var ways = []struct {
	name string
	do   func(text string) string
}{
	{"left out", func(string) string { return "" }},
	{"an hour early", func(text string) string { return shift(text, -1, 0) }}, // where it opens behind the house
	{"an hour late", func(text string) string { return shift(text, 0, 1) }},   // where it closes before it
	{"on Sunday too", func(text string) string {
		return strings.NewReplacer("mon-sat:", "mon-sun:", "mon-fri: [\"09:00-17:00\"]", "mon-sun: [\"09:00-17:00\"]").Replace(text)
	}},
	{"one more", func(text string) string {
		return regexp.MustCompile(`max: \d+`).ReplaceAllStringFunc(text, func(s string) string {
			var n int
			_, _ = fmt.Sscanf(s, "max: %d", &n)
			return fmt.Sprintf("max: %d", n+1)
		})
	}},
	{"for each number alone", func(text string) string {
		if !strings.Contains(text, "kind: cap") { // a silence is kept on all of a person's numbers, whatever its key
			return text
		}
		return regexp.MustCompile(`key: \[person[a-z, ]*\]`).ReplaceAllString(text, "key: [number]")
	}},
	{"with ten times the share", func(text string) string {
		return regexp.MustCompile(`max_percent: (\d+)`).ReplaceAllString(text, "max_percent: ${1}0")
	}},
	{"with lists two weeks older", func(text string) string {
		return regexp.MustCompile(`max_age: \d+d`).ReplaceAllStringFunc(text, func(s string) string {
			var n int
			_, _ = fmt.Sscanf(s, "max_age: %dd", &n)
			return fmt.Sprintf("max_age: %dd", n+14)
		})
	}},
}

// shift moves the ends of all spans of a window by hours.
func shift(text string, from, to int) string {
	if !strings.Contains(text, "kind: window") {
		return text
	}
	return span.ReplaceAllStringFunc(text, func(s string) string {
		var h1, m1, h2, m2 int
		_, _ = fmt.Sscanf(s, `"%d:%d-%d:%d"`, &h1, &m1, &h2, &m2)
		if h1 > 8 {
			h1 += from
		}
		if h2 < 21 {
			h2 += to
		}
		return fmt.Sprintf(`"%02d:%02d-%02d:%02d"`, h1, m1, h2, m2)
	})
}

// spoil makes every rule that the judge knows wrong in every way.
func spoil(t *testing.T) (all []spoiled) {
	t.Helper()
	const folder = "../../configs/compliance/"
	files := fstest.MapFS{}
	for _, name := range []string{"us-federal", "us-states", "intl", "house", "holidays", "npa-overrides"} {
		data, err := os.ReadFile(folder + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		files[name+".yaml"] = &fstest.MapFile{Data: data}
	}
	set, problems := pack.Load(files)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	set.Rules(func(r *pack.Rule, a pack.Applies) {
		// The area codes' own table has the zones of the rules about them too, and
		// no step that rings too short for a rule can be published.
		// Without the house's hours a set is refused.
		if r.ID == "house.hours" || r.Kind.Duty() || r.Kind == pack.TZ || r.Kind == pack.Ring || !sampled(a) {
			return
		}
		for _, way := range ways {
			packs, ok := with(t, files, r.ID, way.do)
			if ok {
				all = append(all, spoiled{r.ID, way.name, packs, placeOf(a), slices.Contains(r.Params.Key, "person"), r.Kind})
			}
		}
	})
	return all
}

// sampled reports whether a rule is about people of the lists.
func sampled(a pack.Applies) bool {
	return len(a.Country) == 0 || slices.ContainsFunc(a.Country, func(c string) bool { return slices.Contains(countries, c) })
}

// placeOf is where the people are whom a rule is about.
func placeOf(a pack.Applies) string {
	switch {
	case len(a.State) > 0:
		return a.Country[0] + "-" + a.State[0]
	case len(a.Country) > 0:
		return a.Country[0]
	}
	return ""
}

// with changes the lines of one rule, and is false where that changes nothing.
func with(t *testing.T, files fstest.MapFS, rule string, change func(string) string) ([]byte, bool) {
	t.Helper()
	for name, f := range files {
		text := string(f.Data)
		begin := strings.Index(text, "  - id: "+rule+"\n")
		if begin < 0 {
			continue
		}
		end := len(text)
		if next := strings.Index(text[begin+1:], "\n  - id: "); next >= 0 {
			end = begin + 1 + next + 1
		}
		changed := change(text[begin:end])
		if changed == text[begin:end] {
			return nil, false
		}
		other := maps.Clone(files)
		other[name] = &fstest.MapFile{Data: []byte(text[:begin] + changed + text[end:])}
		set, problems := pack.Load(other)
		if err := problems.Err(); err != nil {
			t.Fatalf("%s: %v", rule, err)
		}
		return set.Body(), true
	}
	t.Fatalf("there is no rule %s", rule)
	return nil, false
}

// near are a few of the people whom a place's law is about: by their number,
// or by their address.
func near(place string, twice, crowd bool) (leads []cadence.Lead, numbers []cadence.Number) {
	times, most := 2, 8
	if crowd {
		times, most = 20, 40
	}
	all, of := people(times, func(string) bool { return twice })
	for i := range all {
		l := &all[i]
		n := string(l.Numbers[0].Number)
		where := dialer.PlacesOf(window.Place{Number: n, State: l.State, Country: l.Country, Postal: l.PostalCode})
		where = append(where, window.Region(n))
		for _, s := range window.AreaStates(n) {
			where = append(where, window.Region(n)+"-"+s)
		}
		about := place == "" || slices.Contains(where, place)
		if about && len(leads) < most {
			leads, numbers = append(leads, *l), append(numbers, of[2*i], of[2*i+1])
		}
	}
	return leads, numbers
}

// more are kinds of calls in which single rules show.
var more = []lawful{
	{"news", season(2026, 10, 15), statute.House{Purpose: "informational", Voice: "live", PerNumber: 12}, byPhone, false, false},
	{"machines that inform", season(2026, 10, 15), statute.House{Purpose: "informational", Voice: "prerecorded", PerNumber: 12}, byMessage, false, false},
	{"surveys at the new year", season(2026, 12, 10), statute.House{Purpose: "survey", Voice: "live", PerNumber: 12}, byPhone, false, false},
	{"sales at the new year", season(2026, 12, 10), statute.House{Purpose: "sales", Voice: "live", PerNumber: 12}, byPhone, false, false},
	{"machines without consent", season(2026, 10, 15), statute.House{Purpose: "sales", Voice: "prerecorded", PerNumber: 12}, byMessage, false, false},
}

// idle are the rules, or ways of being wrong, that change no call, and why.
var idle = map[string]string{
	"us.tsr.hours":                 sameAsHouse,
	"us.regf.hours":                sameAsHouse,
	"us.nj.hours":                  sameAsHouse,
	"us.ny.hours":                  sameAsHouse,
	"us.pa.hours":                  sameAsHouse,
	"us.va.hours":                  sameAsHouse,
	"gb.hours":                     sameAsHouse,
	"us.sd.weekdays an hour early": "the other hours of South Dakota begin at nine too",
	"us.fcc.exempt.3in30":          "a machine needs consent first, which takes the cap away",
	"us.callerid":                  takesCalls,
	"au.callerid":                  takesCalls,
	"de.callerid":                  takesCalls,
}

const takesCalls = "every number that is shown takes calls"

const sameAsHouse = "the house keeps the same hours for all"

// objects looks for a kind of calls in which somebody is called against the
// law under a wrong rule; "" when there is none.
func objects(t *testing.T, s *spoiled) string {
	t.Helper()
	leads, numbers := near(s.place, s.person, s.crowd())
	if len(leads) == 0 {
		t.Errorf("%s: nobody is in %s", s.rule, s.place)
		return ""
	}
	for _, l := range slices.Concat(lawfuls, more) {
		if s.kind == pack.Abandon && !l.abandon {
			continue // nobody judges by it there
		}
		o := l.world(t, 1, leads, numbers)
		o.Packs, o.Faults = s.packs, sim.Faults{}
		_, found := l.judged(t, o)
		if len(found) > 0 {
			return fmt.Sprintf("%s in %s", found[0].Law, l.name)
		}
	}
	return ""
}

// musts are looked at by every run; a long one looks at all.
var musts = []string{
	"us.fl.hours an hour late", "us.ky.hours an hour early", "us.la.hours on Sunday too", "us.ri.holiday left out", "us.ok.cap left out",
	"us.fl.cap one more", "us.fl.cap for each number alone", "us.regf.7in7 for each number alone", "us.regf.talked left out",
	"us.rnd with lists two weeks older", "us.abandon left out", "gb.abandon with ten times the share", "us.ct.consent left out", "fr.hours an hour late", "fr.cap left out", "au.holiday left out", "us.ms.hours left out",
	"in.series left out", "gb.tps left out",
}

// TestWitnessObjects makes the rules wrong, one at a time: the judge has to
// object to somebody's call, or the proof is decoration.
func TestWitnessObjects(t *testing.T) {
	for _, s := range spoil(t) {
		name := s.rule + " " + s.how
		if !*allLaws && !slices.Contains(musts, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			why, none := idle[name]
			if !none {
				why, none = idle[s.rule]
			}
			switch found := objects(t, &s); {
			case found == "" && !none:
				t.Error("nobody objects")
			case found != "" && none:
				t.Errorf("%s objects; it was thought that %s", found, why)
			default:
				t.Log(found)
			}
		})
	}
}

// A no, a stop and an end that the engine never heard of: the judge has, and
// objects to the next call.
func TestWitnessHearsWhatTheEngineDoesNot(t *testing.T) {
	l := &lawfuls[0]
	leads, numbers := near("US-TX", false, false)
	o := l.world(t, 1, leads, numbers)
	o.Faults = sim.Faults{}
	if _, found := l.judged(t, o); len(found) > 0 {
		t.Fatalf("%+v", found[0])
	}
	calls := o.Log.Calls
	if len(calls) < 50 {
		t.Fatalf("only %d calls", len(calls))
	}
	last := calls[len(calls)-1]
	before := last.At.Add(-time.Millisecond)
	for law, d := range map[string]sim.LoggedDeed{
		"wanted.no":   {What: "mark", On: true, Number: last.To},
		"wanted.stop": {What: "stop", On: true, About: "stop"},
		"wanted.left": {What: "leave", On: true, Number: last.To},
	} {
		d.Asked, d.Done = before, before
		lied := *o.Log
		lied.Deeds = append(slices.Clone(lied.Deeds), d)
		if found := l.read(&o, &lied); len(found) != 1 || found[0].Law != law || found[0].Call.To != string(last.To) {
			t.Errorf("%s: %v", law, found)
		}
	}
}
