package simcarrier_test

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

func TestOutcomeIsAFunctionOfItsAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		number := fmt.Sprintf("+1%d555%04d", rapid.IntRange(200, 989).Draw(t, "npa"), rapid.IntRange(100, 199).Draw(t, "line"))
		n := rapid.IntRange(1, 9).Draw(t, "n")
		var m simcarrier.Model
		a, b := m.Outcome(seed, number, n, start), m.Outcome(seed, number, n, start)
		if a != b {
			t.Fatalf("%+v and %+v", a, b)
		}
		if a.Ring < 0 || a.Talk <= 0 || a.Setup < 0 || a.SIP == 0 {
			t.Fatalf("%+v", a)
		}
		if next := m.Outcome(seed, number, n+1, start); (a.Kind == simcarrier.Invalid || a.Kind == simcarrier.Fax) && next.Kind != a.Kind {
			t.Fatalf("a dead line came to life: %s, then %s", a.Kind, next.Kind)
		}
	})
}

func TestMixIsMet(t *testing.T) {
	m := simcarrier.Model{Flat: true}
	const calls = 20_000
	seen := map[simcarrier.Kind]int{}
	for i := range calls {
		seen[m.Outcome(1, fmt.Sprintf("+1%d555%04d", 200+i%700, i), 1, start).Kind]++
	}
	for kind, share := range simcarrier.DefaultMix() {
		if got := float64(seen[kind]) / calls; math.Abs(got-share) > 0.015 {
			t.Errorf("%s: share %.3f, want %.3f", kind, got, share)
		}
	}
}

func TestPeopleAnswerLessAtNightAndWhenCalledOften(t *testing.T) {
	var m simcarrier.Model
	humans := func(n int, hour int) int {
		count := 0
		for i := range 5000 {
			at := time.Date(2026, 3, 3, hour, 0, 0, 0, time.UTC)
			if m.Outcome(1, fmt.Sprintf("+1%d555%04d", 200+i%700, i), n, at).Kind == simcarrier.Human {
				count++
			}
		}
		return count
	}
	day, night, often := humans(1, 18), humans(1, 3), humans(5, 18)
	if night >= day/2 || often >= day {
		t.Errorf("answered by people: %d by day, %d by night, %d when called a fifth time", day, night, often)
	}
}

func TestPlansGoByTheCallAndTheLastRepeats(t *testing.T) {
	m, err := simcarrier.ParseModel([]byte(`{"default":"no_answer","numbers":{"+13035550100":["busy",{"kind":"human","ring_ms":70}]},"ring_ms":0}`))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []simcarrier.Kind{simcarrier.Busy, simcarrier.Human, simcarrier.Human} {
		if got := m.Outcome(1, "+13035550100", n+1, start); got.Kind != want {
			t.Errorf("call %d: %s, want %s", n+1, got.Kind, want)
		}
	}
	if o := m.Outcome(1, "+13035550100", 2, start); o.Ring != 70*time.Millisecond {
		t.Errorf("ring %v", o.Ring)
	}
	if o := m.Outcome(1, "+13035550101", 1, start); o.Kind != simcarrier.NoReply || o.Ring != 0 {
		t.Errorf("%+v", o)
	}
}

// fates is what became of each attempt of one seeded run whose calls are
// placed by many hands at once.
func fates(t *testing.T, seed uint64, hands int) map[string]string {
	t.Helper()
	r := newRig(t, func(o *simcarrier.Options) { o.Seed = seed })
	var wg sync.WaitGroup
	for h := range hands {
		wg.Go(func() {
			for i := h; i < 60; i += hands {
				r.place(r.params(fmt.Sprintf("+1303555%04d", 100+i)))
			}
		})
	}
	wg.Wait()
	r.run(time.Hour)
	calls, err := simcarrier.Calls(func(yield func(simcarrier.Entry, error) bool) {
		for _, e := range r.entries() {
			if !yield(e, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, c := range calls {
		all[c.To] = fmt.Sprint(c.Call, c.Status, c.AnsweredBy)
	}
	return all
}

func TestSameSeedSameFates(t *testing.T) {
	a, b, other := fates(t, 3, 1), fates(t, 3, 6), fates(t, 4, 1)
	differ := 0
	for number := range a {
		if a[number] != b[number] {
			t.Errorf("%s: %s, then %s", number, a[number], b[number])
		}
		if a[number] != other[number] {
			differ++
		}
	}
	if differ < 20 {
		t.Errorf("another seed changed only %d of 60 calls", differ)
	}
}
