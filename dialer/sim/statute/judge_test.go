package statute

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // judged by Go's own tz database
)

// Whoever judges the engine must not ask it: the package imports the standard
// library only.
func TestImportsNothingOfOurs(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, im := range f.Imports {
			if strings.Contains(im.Path.Value, ".") {
				t.Errorf("%s imports %s", name, im.Path.Value)
			}
		}
	}
}

// Every zone and place of the tables is one, and every law is about a place
// that some number or address is in.
func TestTables(t *testing.T) {
	var all ground
	for _, a := range areas {
		all.add(a[0], a[1])
	}
	for _, p := range posts {
		all.add(p[0], p[1])
	}
	for place, zones := range clocksOf {
		all.add(place, zones)
	}
	for _, z := range all.zones {
		clock(z)
	}
	states := 0
	for _, p := range all.places {
		if strings.HasPrefix(p, "US-") {
			states++
		}
	}
	if states != 51 {
		t.Errorf("%d states and the District, want 51", states)
	}
	for i := range hoursOf {
		if p := hoursOf[i].place; p != "" {
			if n := len(all.places); len(with(all.places, p)) != n {
				t.Errorf("%s: nobody is in %s", hoursOf[i].name, p)
			}
		}
	}
	for name, days := range calendars {
		for d := range strings.FieldsSeq(days) {
			if at, err := time.Parse(time.DateOnly, d); err != nil || d < firstDay || d > lastDay || at.Format(time.DateOnly) != d {
				t.Errorf("%s: %q", name, d)
			}
		}
	}
}

// at is an instant by a clock.
func at(t *testing.T, zone, local string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04:05", local, clock(zone))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// One call at a time: what it is told is against the law.
func TestJudge(t *testing.T) {
	sales := House{Purpose: "sales", Voice: "live", Consent: "express_written"}
	bare := House{Purpose: "sales", Voice: "live"}
	machines := House{Purpose: "sales", Voice: "prerecorded", Consent: "express_written"}
	for _, c := range []struct {
		name, to, zone, local string
		house                 House
		person                Person
		law                   string
	}{
		{"nine in Denver", "+13035550100", mountain, "2026-03-02 09:00:00", sales, Person{}, ""},
		{"a second before eight", "+13035550100", mountain, "2026-03-02 07:59:59", sales, Person{}, "house.hours us.hours"},
		{"eight", "+13035550100", mountain, "2026-03-02 08:00:00", sales, Person{}, ""},
		{"nine in the evening", "+13035550100", mountain, "2026-03-02 21:00:00", sales, Person{}, "house.hours us.hours"},
		{"eight in the evening in Florida", "+13055550100", eastern, "2026-03-02 20:00:00", sales, Person{}, "fl.hours"},
		{"the other clock of Florida", "+18505550100", eastern, "2026-03-02 08:30:00", sales, Person{}, "house.hours us.hours fl.hours"},
		{"Sunday in Louisiana", "+15045550100", central, "2026-03-01 12:00:00", sales, Person{}, "la.hours"},
		{"Acadian Day", "+15045550100", central, "2026-11-27 12:00:00", sales, Person{}, "la.hours"},
		{"the law of the address", "+13035550100", mountain, "2026-03-01 12:00:00", sales, Person{Country: "US", State: "LA"}, "la.hours"},
		{"the law of the postal code", "+13035550100", mountain, "2026-03-01 12:00:00", sales, Person{Country: "US", Postal: "70112"}, "la.hours"},
		{"Sunday in Utah with consent", "+18015550100", mountain, "2026-03-01 12:00:00", sales, Person{}, ""},
		{"and without", "+18015550100", mountain, "2026-03-01 12:00:00", bare, Person{}, "ut.hours"},
		{"no consent in Connecticut", "+18605550100", eastern, "2026-03-02 12:00:00", bare, Person{}, "ct.consent"},
		{"France the day before opt-in", "+33142680100", "Europe/Paris", "2026-08-10 11:00:00", bare, Person{}, ""},
		{"and the day itself", "+33142680100", "Europe/Paris", "2026-08-11 11:00:00", bare, Person{}, "fr.consent"},
		{"lunch in France", "+33142680100", "Europe/Paris", "2026-03-02 13:00:00", sales, Person{}, "fr.hours"},
		{"overseas", "+33142680100", "Europe/Paris", "2026-03-02 19:00:00", sales, Person{Country: "FR", Postal: "97400"}, "house.hours fr.hours"},
		{"a machine on Sunday morning in Nebraska", "+14025550100", central, "2026-03-01 12:00:00", machines, Person{}, "ne.hours"},
		{"on a holiday afternoon", "+14025550100", central, "2026-11-26 13:00:00", machines, Person{}, ""},
		{"in the overlapping hour of a clock set back", "+13035550100", mountain, "2026-11-01 08:00:00", sales, Person{}, ""},
		{"India from elsewhere", "+912226660100", "Asia/Kolkata", "2026-03-02 12:00:00", sales, Person{}, "in.series"},
		{"an unknown place", "+8190000000", mountain, "2026-03-02 12:00:00", sales, Person{}, "unknown"},
	} {
		c.person.Numbers = []string{c.to}
		found := Judge(c.house, []Person{c.person}, nil, []Call{{At: at(t, c.zone, c.local), To: c.to, From: "+13035550199", Ring: 20 * time.Second}})
		if got := laws(found); got != c.law {
			t.Errorf("%s: %q, want %q (%v)", c.name, got, c.law, found)
		}
	}
}

func laws(found []Objection) string {
	var names []string
	for _, o := range found {
		names = with(names, o.Law)
	}
	return strings.Join(names, " ")
}

// What was said, and how many calls there were before.
func TestJudgeCounts(t *testing.T) {
	const florida, paris, other, london = "+13055550100", "+33142680100", "+13055550101", "+442079460100"
	noon := at(t, eastern, "2026-03-02 12:00:00")
	who := []Person{{Name: "Lead 1", Numbers: []string{florida, other}}, {Name: "Lead 2", Numbers: []string{paris}}, {Name: "Lead 3", Numbers: []string{london}}}
	house := House{Purpose: "sales", Voice: "live", Consent: "express_written", PerNumber: 12, PerCaller: 6}
	call := func(to string, after time.Duration) Call {
		return Call{At: noon.Add(after), To: to, From: "+13035550199", Ring: 20 * time.Second}
	}
	act := func(kind Kind, who, about string, after time.Duration) Act {
		return Act{Kind: kind, Who: who, About: about, Asked: noon.Add(after), Done: noon.Add(after + time.Second)}
	}
	list := func(name string, after, old time.Duration) Act {
		return Act{Kind: List, About: name, Done: noon.Add(after), AsOf: noon.Add(after - old)}
	}
	listed := func(name, who string, after time.Duration) Act {
		return Act{Kind: Listed, Who: who, About: name, Done: noon.Add(after)}
	}
	early := call(florida, 4*time.Hour)
	early.Ring = 14 * time.Second
	for _, c := range []struct {
		name  string
		acts  []Act
		calls []Call
		law   string
	}{
		{"three in a day", nil, []Call{call(florida, 0), call(florida, time.Hour), call(florida, 2*time.Hour)}, ""},
		{"four in a day", nil, []Call{call(florida, 0), call(florida, time.Hour), call(florida, 2*time.Hour), call(florida, 24*time.Hour-1)}, "fl.cap"},
		{"the fourth a day after the first", nil, []Call{call(florida, 0), call(florida, time.Hour), call(florida, 2*time.Hour), call(florida, 24*time.Hour)}, ""},
		{"four to two numbers of a person", nil, []Call{call(florida, 0), call(other, time.Hour), call(florida, 2*time.Hour), call(other, 3*time.Hour)}, "fl.cap"},
		{"seven from a number on a day", nil, []Call{call(florida, 0), call(florida, 1), call(florida, 2), call("+13035550100", 3), call("+13035550100", 4), call("+13035550100", 5), call("+13035550100", 6)}, "stranger house.caller"},
		{"after a no", []Act{act(No, florida, "", 0)}, []Call{call(florida, time.Hour)}, "wanted.no"},
		{"before it was confirmed", []Act{act(No, florida, "", 0)}, []Call{call(florida, time.Second)}, ""},
		{"after it was lifted", []Act{act(No, florida, "", 0), act(Yes, florida, "", time.Minute)}, []Call{call(florida, time.Hour)}, ""},
		{"another no was lifted", []Act{act(No, florida, "call", 0), act(Yes, florida, "", time.Minute)}, []Call{call(florida, time.Hour)}, "wanted.no"},
		{"the person's other number", []Act{act(No, florida, "person", 0)}, []Call{call(other, time.Hour)}, "wanted.no"},
		{"while all is stopped", []Act{act(Stop, "", "stop", 0)}, []Call{call(florida, time.Hour)}, "wanted.stop"},
		{"after they left", []Act{act(Left, "Lead 1", "", 0)}, []Call{call(other, time.Hour)}, "wanted.left"},
		{"and came back", []Act{act(Left, "Lead 1", "", 0), act(Entered, "Lead 1", "", time.Minute)}, []Call{call(other, time.Hour)}, ""},
		{"a refusal in France", []Act{act(Refused, paris, "", -59*24*time.Hour)}, []Call{call(paris, 0)}, "fr.refused"},
		{"sixty days ago", []Act{act(Refused, paris, "", -61*24*time.Hour)}, []Call{call(paris, 0)}, ""},
		{"a short ring", nil, []Call{early}, "us.ring"},
		{"on a list", []Act{list("tps", -time.Hour, 0), listed("tps", london, -time.Hour)}, []Call{call(london, 0)}, "list.tps"},
		{"not on the newest list", []Act{list("tps", -2*time.Hour, 0), listed("tps", london, -2*time.Hour), list("tps", -time.Hour, 0)}, []Call{call(london, 0)}, ""},
		{"a list of 28 days", []Act{list("tps", -27*24*time.Hour, 24*time.Hour)}, []Call{call(london, 0)}, ""},
		{"a list of 29 days", []Act{list("tps", -27*24*time.Hour, 2*24*time.Hour)}, []Call{call(london, 0)}, "list.tps"},
		{"a list of another country", []Act{list("tps", -99*24*time.Hour, 0)}, []Call{call(paris, 0)}, ""},
		{"a list that consent waives", []Act{list("us_national_dnc", -99*24*time.Hour, 0)}, []Call{call(florida, 0)}, ""},
		{"and one that it does not", []Act{list("us_reassigned_numbers", -99*24*time.Hour, 0)}, []Call{call(florida, 0)}, "list.us_reassigned_numbers"},
	} {
		if got := laws(Judge(house, who, c.acts, c.calls)); got != c.law {
			t.Errorf("%s: %q, want %q", c.name, got, c.law)
		}
	}
}

// Promotion and service have series of their own in India, and a house of
// several shards may take a while to hear of a no and of an end.
func TestJudgeSeriesAndSpread(t *testing.T) {
	const mumbai, other = "+912226660100", "+912226660101"
	noon := at(t, "Asia/Kolkata", "2026-03-02 12:00:00")
	who := []Person{{Name: "Lead 1", Numbers: []string{mumbai, other}}}
	left := []Act{{Kind: Left, Who: "Lead 1", Asked: noon, Done: noon}}
	no := []Act{{Kind: No, Who: mumbai, About: "person", Asked: noon, Done: noon}}
	for _, c := range []struct {
		name, purpose, from string
		acts                []Act
		spread, after       time.Duration
		law                 string
	}{
		{"promotion", "sales", "+911405550100", nil, 0, time.Hour, ""},
		{"promotion as service", "sales", "+911600555100", nil, 0, time.Hour, "in.series"},
		{"service", "healthcare", "+911600555100", nil, 0, time.Hour, ""},
		{"service as promotion", "healthcare", "+911405550100", nil, 0, time.Hour, "in.series.service"},
		{"an end, one shard", "sales", "+911405550100", left, 0, time.Second, "wanted.left"},
		{"an end that is on its way", "sales", "+911405550100", left, time.Minute, time.Minute, ""},
		{"an end that has come", "sales", "+911405550100", left, time.Minute, time.Minute + time.Second, "wanted.left"},
		{"a no that is on its way", "sales", "+911405550100", no, time.Minute, time.Minute, ""},
		{"a no that has come", "sales", "+911405550100", no, time.Minute, time.Minute + time.Second, "wanted.no"},
	} {
		house := House{Purpose: c.purpose, Voice: "live", Consent: "express_written", Spread: c.spread}
		if got := laws(Judge(house, who, c.acts, []Call{{At: noon.Add(c.after), To: other, From: c.from, Ring: 20 * time.Second}})); got != c.law {
			t.Errorf("%s: %q, want %q", c.name, got, c.law)
		}
	}
}

// A talk about a debt begins seven days of silence, on all numbers of the person.
func TestJudgeTalks(t *testing.T) {
	const one, two, other = "+13035550100", "+13035550101", "+13035550102"
	noon := at(t, mountain, "2026-03-02 12:00:00")
	who := []Person{{Name: "Lead 1", Numbers: []string{one, two}}, {Name: "Lead 2", Numbers: []string{other}}}
	talked := []Act{{Kind: Talked, Who: one, Asked: noon, Done: noon}}
	for _, c := range []struct {
		name, purpose, to string
		after             time.Duration
		law               string
	}{
		{"a second before the week is over", "debt_collection", one, 7*24*time.Hour - time.Second, "us.talked"},
		{"a week later", "debt_collection", one, 7 * 24 * time.Hour, ""},
		{"to the other number", "debt_collection", two, 24 * time.Hour, "us.talked"},
		{"to somebody else", "debt_collection", other, 24 * time.Hour, ""},
		{"about something else", "informational", one, 24 * time.Hour, ""},
	} {
		house := House{Purpose: c.purpose, Voice: "live"}
		if got := laws(Judge(house, who, talked, []Call{{At: noon.Add(c.after), To: c.to, From: "+13035550199", Ring: 20 * time.Second}})); got != c.law {
			t.Errorf("%s: %q, want %q", c.name, got, c.law)
		}
	}
}

// A campaign that is over its share waits once it has abandoned somebody on a
// day; one abandoned call is an accident.
func TestJudgeAbandoned(t *testing.T) {
	const denver, london = "+13035550100", "+442079460100"
	began := at(t, mountain, "2026-03-02 08:00:00")
	who := []Person{{Name: "Lead 1", Numbers: []string{denver}}, {Name: "Lead 2", Numbers: []string{london}}}
	call := func(to string, after, wait time.Duration) Call {
		c := Call{At: began.Add(after), To: to, From: "+13035550199", Ring: 20 * time.Second}
		if wait != 0 {
			c.Heard, c.Over = c.At.Add(10*time.Second), c.At.Add(time.Minute)
		}
		if wait > 0 {
			c.PutThrough = c.Heard.Add(wait)
		}
		return c
	}
	const nobody, quick, slow = -1, time.Second, 3 * time.Second
	const hour = time.Hour
	for _, c := range []struct {
		name   string
		strict bool
		calls  []Call
		law    string
	}{
		{"one is an accident", false, []Call{call(denver, 0, nobody), call(denver, hour, 0)}, ""},
		{"two are not", false, []Call{call(denver, 0, nobody), call(denver, hour, nobody), call(denver, 2*hour, 0)}, "us.abandon"},
		{"the day after", false, []Call{call(denver, 0, nobody), call(denver, hour, nobody), call(denver, 26*hour, 0)}, ""},
		{"the first of the day after, and one more", false, []Call{call(denver, 0, nobody), call(denver, hour, nobody), call(denver, 26*hour, nobody), call(denver, 27*hour, 0)}, "us.abandon"},
		{"in another period", false, []Call{call(denver, 29*24*hour, nobody), call(denver, 29*24*hour+hour, nobody), call(denver, 30*24*hour+2*hour, nobody), call(denver, 30*24*hour+3*hour, 0)}, ""},
		{"of another country", false, []Call{call(denver, 0, nobody), call(denver, hour, nobody), call(london, 2*hour, 0)}, ""},
		{"while nobody can know", false, []Call{call(denver, 0, nobody), call(denver, hour, nobody), call(denver, hour+61*time.Second, 0)}, ""},
		{"put through late", false, []Call{call(denver, 0, slow), call(denver, hour, slow), call(denver, 2*hour, 0)}, ""},
		{"put through late, strictly", true, []Call{call(denver, 0, slow), call(denver, hour, slow), call(denver, 2*hour, 0)}, "us.abandon"},
		{"put through in time, strictly", true, []Call{call(denver, 0, quick), call(denver, hour, quick), call(denver, 2*hour, 0)}, ""},
	} {
		house := House{Purpose: "sales", Voice: "live", Consent: "express_written", Began: began, Hears: time.Minute, Strict: c.strict}
		if got := laws(Judge(house, who, nil, c.calls)); got != c.law {
			t.Errorf("%s: %q, want %q", c.name, got, c.law)
		}
	}
}
