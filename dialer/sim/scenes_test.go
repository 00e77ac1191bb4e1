package sim_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the witness judges by Go's own tz database

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/sim"
	"github.com/carillon-dialer/carillon/routing"
)

const document = `{
  "format": "carillon.cadence/v1",
  "name": "Simulated",
  "audience": {"type": "manual"},
  "time_restrictions": {"windows": [{"days": ["mon","tue","wed","thu","fri","sat"], "from": "09:00", "to": "19:00"}]},
  "connect": [
    {"to": "number", "number": "+13035550100", "ring_timeout": "20s", "disposition_wait": "10m"},
    {"to": "message", "text": "Hello {{ lead.first_name }}, press 1 or 9.", "gather": {"1": "INTERESTED", "9": "DNC"}}
  ],
  "runs": {"max": 2, "gap": "1d"},
  "exit_when": [{"signal": "meeting_booked"}, {"if": "lead.status == 'Qualified'"}],
  "routes": [{"on": "ABANDONED", "do": "retry", "delay": "2h", "max": 1}],
  "steps": [
    {"key": "one", "kind": "call", "numbers": "in_order", "caller_id": {"strategy": "random"}, "delay_after": "4h",
     "routes": [{"on": "BUSY", "do": "retry", "delay": "30m", "max": 2}]},
    {"key": "two", "kind": "call", "caller_id": {"strategy": "rotating_pool"}, "voicemail": {"leave": true, "text": "Please call us back."}, "delay_after": "1d"},
    {"key": "three", "kind": "call", "detection": {"mode": "async"}, "voicemail": {"leave": true, "text": "We shall not call again."}, "numbers": {"next_on": ["NO_ANSWER"]}, "delay_after": "2d",
     "routes": [{"on": "NO_ANSWER", "do": "retry", "delay": "3h", "max": 2}]}
  ]
}`

// second rings at other hours, not on holidays, tells machines from people
// beside its script, and is entered by operators only.
const second = `{
  "format": "carillon.cadence/v1",
  "name": "Second",
  "audience": {"type": "manual"},
  "time_restrictions": {"windows": [{"from": "08:00", "to": "12:00"}, {"from": "13:00", "to": "19:00"}], "holidays": true},
  "connect": [{"to": "message", "text": "Press 1 or 9.", "gather": {"1": "INTERESTED", "9": "DNC"}}],
  "runs": {"max": 1},
  "steps": [
    {"key": "first", "kind": "call", "detection": {"mode": "async"}, "delay_after": "20m", "routes": [{"on": "NO_ANSWER", "do": "retry", "delay": "20m", "max": 4}]},
    {"key": "last", "kind": "call", "numbers": "in_order", "detection": {"mode": "async", "timeout": "20s"}, "voicemail": {"leave": true, "text": "Goodbye."}, "delay_after": "1h"}
  ]
}`

func dispositions(t testing.TB) *routing.Set {
	t.Helper()
	raw, err := os.ReadFile("../../configs/dispositions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set, err := routing.ParseDispositions(raw)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// numbers are the fictional 0100…0199 of area codes in several zones.
func numbers(n int) []cadence.Number {
	areas := []string{"212", "303", "415", "312", "602", "907", "808", "423", "850", "206"}
	out := make([]cadence.Number, n)
	for i := range out {
		out[i] = cadence.Number(fmt.Sprintf("+1%s555%04d", areas[i%len(areas)], 100+i/len(areas)))
	}
	return out
}

const day = 24 * time.Hour

// months are the scenes that runs on the memory ledger alternate between: a
// busy week, and months over which the clocks are set forward and back.
var months = []string{"week", "spring", "autumn"}

// shards are how many shards the runs on the memory ledger have, in turn.
var shards = []int{1, 3, 16}

// world makes the options of a scene.
func world(t testing.TB, scene string, seed uint64) sim.Options {
	t.Helper()
	o := sim.Options{
		Seed: seed, Leads: 40, Document: []byte(document), Also: [][]byte{[]byte(second)}, Dispositions: dispositions(t), Packs: packs(t), Consent: "express_written",
		Start: time.Date(2026, 3, 3, 13, 55, 0, 0, time.UTC), Faulty: 5 * day, Limit: 90 * day, Waves: 1,
		Faults: sim.Chaos(), CPS: 2, Channels: 8, Check: true, Numbers: numbers(140),
		CallerIDs: []cadence.Number{"+13035550101", "+13035550102", "+13035550103"},
		// Half of the worlds count as the laws do: who is put through late, too.
		Abandon: true, Late: seed%2 == 0,
	}
	switch scene {
	case "week":
	case "spring":
		o.Start, o.Faulty, o.Leads, o.Waves = time.Date(2026, 2, 20, 13, 55, 0, 0, time.UTC), 25*day, 50, 5
	case "autumn":
		o.Start, o.Faulty, o.Leads, o.Waves = time.Date(2026, 10, 20, 12, 55, 0, 0, time.UTC), 25*day, 50, 5
	case "hour": // on real ground, an hour in which all happens at once
		o.Abandon, o.Late = false, false // one abandoned call would end it
		o.Start, o.Faulty, o.Limit, o.Leads, o.Waves = time.Date(2026, 6, 2, 16, 0, 0, 0, time.UTC), 40*time.Minute, time.Hour, 50, 2
		o.Faults.Crash, o.Faults.Ambiguous, o.Faults.Operators, o.Faults.ClockStep, o.Faults.Pause = 0.02, 0.01, 0.9, 0.2, 0.2
	case "storm": // several shards that hardly hear each other, and clocks that are set every hour
		o.Faulty, o.Leads, o.Waves = 12*day, 60, 6
		o.Faults.NetCut, o.Faults.NetLate, o.Faults.NetTwice, o.Faults.ClockStep, o.Faults.Throttle = 0.3, 0.7, 0.3, 1, 0.3
		o.Faults.Crash, o.Faults.Operators = 0.001, 0.02
	case "lists": // three lists, paused in turn, that let a few new leads go a day
		o.Leads, o.Waves, o.ListPauses, o.ListRelease = 60, 3, 3*time.Hour, 4
		o.Faults.ClockStep = 0.2
	default:
		t.Fatalf("there is no scene %q", scene)
	}
	return o
}

// recipe is what -replay takes.
func recipe(scene string, o sim.Options) string { return "scene=" + scene + " " + o.Recipe() }

// replayed makes the options of a recipe.
func replayed(t testing.TB, text string) (string, sim.Options) {
	t.Helper()
	head, rest, _ := strings.Cut(text, " ")
	scene, ok := strings.CutPrefix(head, "scene=")
	if !ok {
		t.Fatalf("recipe %q: want scene=… first", text)
	}
	o := world(t, scene, 0)
	if err := o.Read(rest); err != nil {
		t.Fatal(err)
	}
	if scene == "hour" {
		o.Ground = newDisk(t.TempDir())
	}
	return scene, o
}
