package sim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/sim"
	"github.com/carillon-dialer/carillon/dialer/sim/statute"
)

// lawful is one kind of world whose log is judged by package statute: sixty
// days of calls of one purpose and voice.
type lawful struct {
	name    string
	start   time.Time
	house   statute.House
	connect string
	lists   bool // registers are imported, grow too old, and come again
	abandon bool // campaigns wait that abandon too many calls
}

const (
	byPhone   = `{"to": "number", "number": "+13035550198", "ring_timeout": "20s", "disposition_wait": "10m"}`
	byMessage = `{"to": "message", "text": "Press 1.", "gather": {"1": "INTERESTED"}}`
	byKeys    = `{"to": "message", "text": "Press 1 or 9.", "gather": {"1": "INTERESTED", "9": "DNC"}}`
)

// season is noon of a day in UTC.
func season(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 12, 0, 0, 0, time.UTC) }

// lawfuls hold both changes of the clock, the end of two years, a leap day and
// most holidays; France becomes opt-in in the third.
var lawfuls = []lawful{
	{"autumn", season(2026, 10, 15), statute.House{Purpose: "sales", Voice: "live", Consent: "express_written", PerNumber: 12, PerCaller: 150}, byPhone, false, false},
	{"debts", season(2026, 10, 15), statute.House{Purpose: "debt_collection", Voice: "live", PerNumber: 12}, byPhone, true, false},
	{"spring", season(2026, 2, 15), statute.House{Purpose: "sales", Voice: "live", Consent: "express_written", PerNumber: 3}, byPhone, false, false},
	{"summer", season(2026, 6, 13), statute.House{Purpose: "sales", Voice: "live", PerNumber: 12}, byPhone, true, false},
	{"winter", season(2026, 12, 10), statute.House{Purpose: "sales", Voice: "prerecorded", Consent: "express_written", PerNumber: 12}, byMessage, false, false},
	{"leap", season(2028, 2, 10), statute.House{Purpose: "sales", Voice: "live", Consent: "express", PerNumber: 12}, byPhone, false, false},
	{"turn", season(2027, 12, 10), statute.House{Purpose: "survey", Voice: "live", PerNumber: 12}, byPhone, false, false},
	{"health", season(2026, 10, 15), statute.House{Purpose: "healthcare", Voice: "artificial", Consent: "express", PerNumber: 12}, byKeys, false, false},
	{"abandoned", season(2026, 10, 15), statute.House{Purpose: "sales", Voice: "live", Consent: "express_written", PerNumber: 12}, byPhone, false, true},
	{"put through too late", season(2027, 5, 10), statute.House{Purpose: "sales", Voice: "live", Consent: "express_written", PerNumber: 12, Strict: true}, byPhone, false, true},
	{"may", season(2026, 4, 12), statute.House{Purpose: "sales", Voice: "artificial", Consent: "express_written", PerNumber: 12}, byMessage, false, false},
}

// countries are where the people of the lists are.
var countries = []string{"US", "CA", "GB", "FR", "DE", "AU", "IN"}

// tireless calls each lead at all times of day, as often as it is let.
const tireless = `{
  "format": "carillon.cadence/v1", "name": "Tireless", "campaign": "Tireless", "purpose": %q, "voice": %q,
  "audience": {"type": "manual"},
  "connect": [%s],
  "runs": {"max": 40, "gap": "5h"}, "re_entry": "always",
  "routes": [
    {"on": "SALE", "do": "next"}, {"on": "NOT_INTERESTED", "do": "next"}, {"on": "CONNECTED", "do": "next"}, {"on": "INTERESTED", "do": "next"},
    {"on": "BUSY", "do": "retry", "delay": "20m", "max": 3}, {"on": "ANSWERING_MACHINE", "do": "next"}
  ],
  "steps": [
    {"key": "one", "kind": "call", "ring_timeout": "20s", "numbers": "in_order", "delay_after": "30m"},
    {"key": "two", "kind": "call", "ring_timeout": "20s", "numbers": {"next_on": ["NO_ANSWER", "BUSY"]}, "delay_after": "640m"},
    {"key": "three", "kind": "call", "ring_timeout": "20s", "delay_after": "13h"},
    {"key": "four", "kind": "call", "ring_timeout": "20s", "numbers": {"next_on": ["NO_ANSWER"]}, "delay_after": "50m"},
    {"key": "five", "kind": "call", "ring_timeout": "20s", "delay_after": "3h"},
    {"key": "six", "kind": "call", "ring_timeout": "20s", "delay_after": "7h"},
    {"key": "seven", "kind": "call", "ring_timeout": "20s", "delay_after": "710m"},
    {"key": "eight", "kind": "call", "ring_timeout": "20s", "delay_after": "30m"}
  ]
}`

func (l *lawful) document() []byte {
	return fmt.Appendf(nil, tireless, l.house.Purpose, l.house.Voice, l.connect)
}

// world makes the options of one such world.
func (l *lawful) world(t testing.TB, seed uint64, leads []cadence.Lead, numbers []cadence.Number) sim.Options {
	t.Helper()
	o := sim.Options{
		Seed: seed, Leads: len(leads), People: leads, Numbers: numbers, Document: l.document(), Dispositions: dispositions(t), Packs: packs(t), Consent: l.house.Consent,
		Start: l.start, Faulty: 60 * day, Limit: 60 * day, Waves: 1, Shards: 1, CPS: 4, Channels: 40, NumberCap: l.house.PerNumber, CallerCap: l.house.PerCaller,
		CallerIDs: []cadence.Number{"+13035550101", "+13035550102", "+13035550103", "+13035550104", "+911405550105", "+911600555106"},
		Countries: countries, GoodLines: true, Return: 20 * time.Hour, Relent: 0.3, Log: &sim.Log{},
		Mute: []string{"renumber", "move", "publish", "scrub", "dispose"},
		Says: append(slices.Repeat([]cadence.DispositionCode{"SALE", "NOT_INTERESTED", "CALLBACK"}, 12), "DNC"),
	}
	// What lets no call through or ends numbers is left out, and so are clocks
	// that are wrong: then every call is judged to the millisecond.
	o.Faults = sim.Chaos()
	o.Faults.Refuse, o.Faults.RefuseFrom, o.Faults.ClockStep, o.Faults.Drift, o.Faults.Operators = 0, 0, 0, 0, 0.08
	o.Faults.Crash, o.Faults.Ambiguous, o.Faults.Withdraw = 0.0005, 0.0002, 0.005
	o.Abandon, o.Late = l.abandon, dialer.Late(l.house.Strict)
	if l.lists {
		o.Editions = editions(numbers)
	}
	return o
}

// editions are registers that come on the second day, three days old, with a few
// of the numbers, and again when all of them have grown too old. The first is
// older, so that there are days on which it alone is too old. A few people are on
// none, or a small world would soon have nobody to call.
func editions(numbers []cadence.Number) (all []sim.Edition) {
	for i, list := range []string{"us_national_dnc", "us_reassigned_numbers", "tps", "ca_dncl", "au_dncr", "in_dnd"} {
		var on []cadence.Number
		for n := 16 + i; n < len(numbers); n += 31 {
			on = append(on, numbers[n])
		}
		age := 3 * day
		if i == 0 {
			age = 10 * day
		}
		all = append(all, sim.Edition{List: list, After: 2 * day, Age: age, Numbers: on}, sim.Edition{List: list, After: 40 * day, Numbers: on[:len(on)/2]})
	}
	return all
}

// judged runs a world and has its log judged.
func (l *lawful) judged(t testing.TB, o sim.Options) (sim.Result, []statute.Objection) {
	t.Helper()
	r, err := sim.Run(o)
	if err != nil {
		t.Fatal(err)
	}
	return r, l.read(&o, o.Log)
}

// read has a world's log judged.
func (l *lawful) read(o *sim.Options, log *sim.Log) []statute.Objection {
	house := l.house
	if o.Shards > 1 {
		house.Spread = time.Hour // a message between shards may be lost for as long
	}
	if l.abandon {
		house.Began, house.Hears = o.Start, time.Minute
		if o.Faults != (sim.Faults{}) { // until a call is looked at whose end nobody told
			house.Hears = time.Hour
		}
	}
	var who []statute.Person
	for i := range o.People {
		p := &o.People[i]
		one := statute.Person{Name: p.Name, Country: p.Country, State: p.State, Postal: p.PostalCode, Zone: p.Zone}
		for _, n := range p.Numbers {
			one.Numbers = append(one.Numbers, string(n.Number))
		}
		who = append(who, one)
	}
	var calls []statute.Call
	for _, c := range log.Calls {
		calls = append(calls, statute.Call{
			At: c.At, To: string(c.To), From: string(c.From), Ring: c.Ring, Heard: c.Heard, PutThrough: c.PutThrough, Told: c.Told, Over: c.Over,
		})
	}
	return statute.Judge(house, who, acts(log.Deeds, who, l.connect == byKeys), calls)
}

// acts are the deeds in the words of the statutes; keys says that nine is a no.
func acts(deeds []sim.LoggedDeed, who []statute.Person, keys bool) []statute.Act {
	var all []statute.Act
	for _, d := range deeds {
		a := statute.Act{Who: string(d.Number), About: d.About, Asked: d.Asked, Done: d.Done, AsOf: d.AsOf}
		kind, _, _ := strings.Cut(d.About, ":")
		switch {
		case d.What == "mark" && kind == "campaign" && d.About != "campaign:Tireless":
			continue // a no to somebody else's calls
		case d.What == "mark":
			a.Kind = map[bool]statute.Kind{true: statute.No, false: statute.Yes}[d.On]
		case d.What == "stop":
			a.Kind = map[bool]statute.Kind{true: statute.Stop, false: statute.Resume}[d.On]
		case d.What == "leave" || d.What == "enroll":
			a.Kind = map[string]statute.Kind{"leave": statute.Left, "enroll": statute.Entered}[d.What]
			i := slices.IndexFunc(who, func(p statute.Person) bool { return slices.Contains(p.Numbers, string(d.Number)) })
			a.Who = who[i].Name
		case d.What == "digits" && d.About == "9" && keys || d.What == "dispose" && d.About == "DNC":
			a.Kind, a.About = statute.No, "person"
		case d.What == "dispose" && d.About == "NOT_INTERESTED":
			a.Kind = statute.Refused
		case d.What == "talk":
			a.Kind = statute.Talked
		case d.What == "list" || d.What == "listed":
			a.Kind = statute.Kind(d.What)
		default:
			continue
		}
		all = append(all, a)
	}
	return all
}

// TestLawful has a judge who knows nothing of the engine read the logs of whole
// worlds: no call that a law forbids, in any state or country.
func TestLawful(t *testing.T) {
	worlds := max(2, *seeds/24)
	switch {
	case *allLaws:
		worlds = max(len(lawfuls), *seeds/48)
	case testing.Short():
		worlds = 1
	}
	for i := range worlds {
		seed := *first + uint64(i)
		l := &lawfuls[i%len(lawfuls)]
		t.Run(fmt.Sprint(l.name, " ", seed), func(t *testing.T) {
			t.Parallel()
			// In every second world of a kind everybody has two numbers.
			leads, numbers := people(1, func(string) bool { return (i+i/len(lawfuls))%2 == 1 })
			o := l.world(t, seed, leads, numbers)
			o.Shards = shards[i/2%2]
			r, found := l.judged(t, o)
			if r.Broken != nil {
				t.Errorf("%s: %s", r.Broken.Invariant, r.Broken.What)
			}
			report(t, o.Log, found)
		})
	}
}

// report tells the first objections of each law, and how much there was to
// judge.
func report(t *testing.T, log *sim.Log, found []statute.Objection) {
	t.Helper()
	told := map[string]int{}
	for _, f := range found {
		if told[f.Law]++; told[f.Law] <= 3 {
			t.Errorf("%s: call to %s at %s: %s", f.Law, f.Call.To, f.Call.At.Format(time.RFC3339Nano), f.Why)
		}
	}
	t.Logf("%d calls, %d deeds, %d objections", len(log.Calls), len(log.Deeds), len(found))
}
