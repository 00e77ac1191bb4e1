package sim_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/sim"
	"github.com/carillon-dialer/carillon/routing"
)

var (
	seeds = flag.Int("seeds", 50, "how many seeds to run")
	first = flag.Uint64("first", 1, "the first seed")
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
    {"key": "three", "kind": "call", "numbers": {"next_on": ["NO_ANSWER"]}, "delay_after": "2d",
     "routes": [{"on": "NO_ANSWER", "do": "retry", "delay": "3h", "max": 2}]}
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

func options(t testing.TB, seed uint64) sim.Options {
	t.Helper()
	return sim.Options{
		Seed: seed, Leads: 40, Document: []byte(document), Dispositions: dispositions(t),
		Start: time.Date(2026, 3, 3, 13, 55, 0, 0, time.UTC), Faulty: 5 * 24 * time.Hour, Limit: 60 * 24 * time.Hour,
		Faults: sim.Chaos(), CPS: 2, Channels: 8, Check: true, Numbers: numbers(100),
		CallerIDs: []cadence.Number{"+13035550101", "+13035550102", "+13035550103"},
	}
}

func TestSeeds(t *testing.T) {
	calls, contacts := 0, 0
	for seed := *first; seed < *first+uint64(*seeds); seed++ {
		r, err := sim.Run(options(t, seed))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if r.Broken != nil {
			t.Errorf("seed %d: %v\nreplay: make sim SEEDS=1 FIRST=%d", seed, r.Broken, seed)
		}
		t.Logf("seed %d: %d calls, %d contacts, %v", seed, r.Calls, r.Contacts, r.Happened)
		calls, contacts = calls+r.Calls, contacts+r.Contacts
	}
	if calls < 40**seeds || contacts < *seeds {
		t.Errorf("%d calls and %d contacts in %d worlds: they are dead", calls, contacts, *seeds)
	}
}

func TestSameSeedSameTrace(t *testing.T) {
	a, err := sim.Run(options(t, 7))
	if err != nil {
		t.Fatal(err)
	}
	b, err := sim.Run(options(t, 7))
	if err != nil {
		t.Fatal(err)
	}
	if a.Trace != b.Trace || a.Records != b.Records {
		t.Fatalf("two runs of one seed differ: %x after %d records, %x after %d", a.Trace, a.Records, b.Trace, b.Records)
	}
}
