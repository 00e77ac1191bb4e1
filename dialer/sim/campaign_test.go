package sim_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/sim"
)

var (
	seeds   = flag.Int("seeds", 24, "how many worlds to run on the memory ledger; a twentieth as many run on Badger, a sixteenth are storms")
	first   = flag.Uint64("first", 1, "the first seed")
	replay  = flag.String("replay", "", "a recipe to run instead of one of the test's own")
	allLaws = flag.Bool("laws", false, "read the logs of every kind of lawful world, and make every rule wrong in every way")
	budget  = flag.Int("shrink", 150, "how many runs shrinking a failure may take")
)

// run is one world of a campaign and what became of it.
type run struct {
	scene string
	o     sim.Options
	r     sim.Result
	err   error
}

// all runs worlds on as many cores as there are. Each is one goroutine's, so
// that nothing depends on which runs when.
func all(runs []run) {
	next := make(chan *run)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for one := range next {
				one.r, one.err = sim.Run(one.o)
			}
		})
	}
	for i := range runs {
		next <- &runs[i]
	}
	close(next)
	wg.Wait()
}

// summary is what a campaign says on the line that is printed at the end.
type summary struct {
	Seeds       int            `json:"seeds"`
	VirtualDays float64        `json:"virtual_days"`
	Turns       int            `json:"turns"`
	Records     uint64         `json:"records"`
	Attempts    int            `json:"attempts"`
	Contacts    int            `json:"contacts"`
	Restarts    uint64         `json:"restarts"`
	Checks      uint64         `json:"checks"`
	Faults      map[string]int `json:"faults"`
	Trace       string         `json:"trace"`
	Failures    int            `json:"failures"`
}

func sum(runs []run) summary {
	s := summary{Seeds: len(runs), Faults: map[string]int{}}
	h := sha256.New()
	for i := range runs {
		r := &runs[i].r
		s.VirtualDays += r.Span.Hours() / 24
		s.Turns, s.Records, s.Attempts = s.Turns+r.Steps, s.Records+r.Records, s.Attempts+r.Calls
		s.Contacts, s.Restarts, s.Checks = s.Contacts+r.Contacts, s.Restarts+r.Crashes, s.Checks+r.Checks
		for name, n := range r.Happened {
			s.Faults[name] += n
		}
		if r.Broken != nil || runs[i].err != nil {
			s.Failures++
		}
		h.Write(r.Trace[:])
	}
	s.Trace = fmt.Sprintf("%x", h.Sum(nil)[:16])
	return s
}

// told is what the campaigns of this process came to, by the ledger they ran on.
var told = map[string]summary{}

// tell keeps the summary and shrinks the first failure.
func tell(t *testing.T, ledger string, runs []run) {
	t.Helper()
	s := sum(runs)
	told[ledger] = s
	shrunk := false
	for i := range runs {
		one := &runs[i]
		switch {
		case one.err != nil:
			t.Errorf("%s: %v", recipe(one.scene, one.o), one.err)
		case one.r.Broken != nil && shrunk:
			t.Errorf("%s: %s: %s", recipe(one.scene, one.o), one.r.Broken.Invariant, one.r.Broken.What)
		case one.r.Broken != nil:
			shrunk = true
			explain(t, one)
		}
	}
	if s.Attempts < 20*s.Seeds || s.Contacts < s.Seeds {
		t.Errorf("%d attempts and %d contacts in %d worlds: they are dead", s.Attempts, s.Contacts, s.Seeds)
	}
}

// explain makes a failure small and tells how to see it again.
func explain(t *testing.T, one *run) {
	t.Helper()
	small, why, err := sim.Shrink(one.o, one.r.Broken, *budget, func(o sim.Options) (sim.Result, error) {
		if one.scene == "hour" {
			o.Ground = newDisk(t.TempDir())
		}
		return sim.Run(o)
	})
	if err != nil {
		t.Error(err)
	}
	t.Errorf("%s\n%v\n\ngo test ./dialer/sim -run TestReplay -args -replay '%s'", recipe(one.scene, one.o), why, recipe(one.scene, small))
}

// TestSeeds runs weeks and months on the memory ledger.
func TestSeeds(t *testing.T) {
	runs := make([]run, *seeds)
	for i := range runs {
		seed := *first + uint64(i)
		scene := months[seed%uint64(len(months))]
		runs[i] = run{scene: scene, o: world(t, scene, seed)}
		runs[i].o.Shards = shards[seed/uint64(len(months))%uint64(len(shards))]
	}
	all(runs)
	tell(t, "memory", runs)
	if n := told["memory"].Faults["campaign.over"]; n == 0 && *seeds >= 6 {
		t.Error("no campaign of any world was over its share of abandoned calls: I7 is judged of nothing")
	}
}

// TestHours runs hours on Badger.
func TestHours(t *testing.T) {
	runs := make([]run, max(2, *seeds/20))
	for i := range runs {
		runs[i] = run{scene: "hour", o: world(t, "hour", *first+uint64(i))}
		runs[i].o.Ground = newDisk(t.TempDir())
	}
	all(runs)
	tell(t, "badger", runs)
}
