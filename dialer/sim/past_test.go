package sim_test

import (
	"testing"

	"github.com/carillon-dialer/carillon/dialer/sim"
)

// past are recipes that once failed, with what they found. They stay.
var past = []struct{ found, recipe string }{
	{
		"I2: a process that started with a wrong clock saw no step and dialed before the hours",
		"scene=week seed=2 leads=50 waves=6 faulty=24h0m0s limit=2160h0m0s shards=0 faults=drop:0.001,clock:0.9",
	},
	{
		"I3: the same, and the caps of a day were counted by the wrong day",
		"scene=week seed=56 leads=50 waves=6 faulty=220h0m0s limit=2160h0m0s shards=0 faults=drop:0.001,clock:0.9",
	},
}

func TestPastFailures(t *testing.T) {
	for _, p := range past {
		_, o := replayed(t, p.recipe)
		r, err := sim.Run(o)
		if err != nil {
			t.Fatal(err)
		}
		if r.Broken != nil {
			t.Errorf("%s\n%s\n%v", p.found, p.recipe, r.Broken)
		}
	}
}
