package dialer_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

// fiveTouches is the built-in template under other time restrictions.
func fiveTouches(t testing.TB, restrictions any) string {
	t.Helper()
	raw, err := os.ReadFile("../configs/templates/five-touches.json")
	if err != nil {
		t.Fatal(err)
	}
	doc := m{}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc, "time_restrictions")
	if restrictions != nil {
		doc["time_restrictions"] = restrictions
	}
	if raw, err = json.Marshal(doc); err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func (r *rig) times() []string {
	var out []string
	zone, err := time.LoadLocation("America/Denver")
	r.check(err)
	for _, f := range r.dials {
		i := r.attempt(f.Dial.Attempt)
		out = append(out, time.UnixMilli(i.At).In(zone).Format("Mon 15:04"))
	}
	return out
}

// The golden schedule: all NO_ANSWER, no time to ring, enrolled Monday 09:00.
func TestFiveTouchesNobodyAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		restrictions any
		want         []string
	}{
		"no window": {nil, []string{"Mon 09:00", "Mon 13:00", "Tue 13:00", "Thu 13:00", "Sun 13:00"}},
		"office hours": {
			m{"windows": []any{m{"days": []string{"mon", "tue", "wed", "thu", "fri"}, "from": "09:00", "to": "17:00"}}},
			[]string{"Mon 09:00", "Mon 13:00", "Tue 13:00", "Thu 13:00", "Mon 09:00"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.onDial = r.ends(telephony.StatusNoAnswer)
			r.cadence(theCadence, fiveTouches(t, c.restrictions))
			lead := r.lead(theCadence, "+13035550100")
			r.pass(14 * 24 * time.Hour)
			if got := r.times(); !slices.Equal(got, c.want) {
				t.Fatalf("called at %v, want %v", got, c.want)
			}
			if _, e := r.stay(lead); e.Left != "completed" || e.Attempts != 5 || len(e.Done) != 5 {
				t.Errorf("the stay: %s after %d attempts, steps done %v", e.Left, e.Attempts, e.Done)
			}
			if c := r.counts(); c.Intents != 5 || c.Attempts != 5 || c.Completed != 5 || c.Contacts != 0 {
				t.Errorf("counters %+v", c)
			}
			r.refold()
		})
	}
}

func TestBusyIsTriedAgainBeforeTheNextStep(t *testing.T) {
	r := newRig(t)
	r.onDial = r.ends(telephony.StatusBusy)
	r.cadence(theCadence, document(t, "Busy", m{"routes": []any{m{"on": "BUSY", "do": "retry", "delay": "1h", "max": 2}}}))
	lead := r.lead(theCadence, "+13035550100")
	r.pass(7 * 24 * time.Hour)
	want := []string{"Mon 09:00", "Mon 10:00", "Mon 11:00", "Mon 15:00", "Mon 16:00", "Mon 17:00"}
	if got := r.times(); !slices.Equal(got, want) {
		t.Fatalf("called at %v, want %v", got, want)
	}
	if _, e := r.stay(lead); e.Left != "completed" {
		t.Errorf("the stay ended as %q", e.Left)
	}
}

func TestNumberCapRolls(t *testing.T) {
	r := newRig(t)
	r.rules.NumberCap = 2
	r.open()
	r.onDial = r.ends(telephony.StatusBusy)
	r.cadence(theCadence, document(t, "Capped", m{"routes": []any{m{"on": "BUSY", "do": "retry", "delay": "1h", "max": 9}}}))
	r.lead(theCadence, "+13035550100")
	r.pass(60 * time.Hour)
	at := r.times()
	if len(at) < 4 {
		t.Fatalf("called at %v", at)
	}
	for i := 2; i < len(r.dials); i++ {
		a, b := r.attempt(r.dials[i-2].Dial.Attempt).At, r.attempt(r.dials[i].Dial.Attempt).At
		if b-a <= 24*3_600_000 {
			t.Errorf("three calls within 24 hours: %v", at)
		}
	}
}

// The strategies really choose: random varies over touches, the rotating pool
// always takes the number that rested longest.
func TestCallerIDStrategies(t *testing.T) {
	for _, strategy := range []string{"random", "rotating_pool"} {
		t.Run(strategy, func(t *testing.T) {
			r := newRig(t)
			r.onDial = r.ends(telephony.StatusNoAnswer)
			r.cadence(theCadence, document(t, "Chooses", m{"steps": []any{m{"key": "one", "kind": "call", "caller_id": m{"strategy": strategy}}}}))
			for i := range 60 {
				r.lead(theCadence, numberAt(i))
				r.pass(time.Second)
			}
			used := map[string]int{}
			for i, d := range r.dials {
				used[string(d.Dial.From)]++
				if strategy != "random" && i >= 3 && d.Dial.From != r.dials[i-3].Dial.From {
					t.Fatalf("call %d from %s is not the least recently used", i, d.Dial.From)
				}
			}
			if len(r.dials) != 60 || len(used) != 3 {
				t.Fatalf("%d calls from %v", len(r.dials), used)
			}
			for n, k := range used {
				if k < 8 || strategy != "random" && k != 20 {
					t.Errorf("%s was used %d times of 60", n, k)
				}
			}
		})
	}
}

func numberAt(i int) cadence.Number {
	return cadence.Number(fmt.Sprintf("+1303555%04d", 100+i%90))
}
