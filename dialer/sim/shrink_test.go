package sim_test

import (
	"fmt"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/sim"
)

// TestShrink breaks an invariant that needs two calls and somebody who says no,
// and none of the faults: all of them must go.
func TestShrink(t *testing.T) {
	run := func(o sim.Options) (sim.Result, error) {
		return sim.RunJudged(o, func(calls, dnc int) string {
			if calls >= 2 && dnc >= 1 {
				return fmt.Sprintf("%d calls and %d marks", calls, dnc)
			}
			return ""
		})
	}
	o := world(t, "week", 3)
	o.Faults.Operators = 0.9
	r, err := run(o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Broken == nil || r.Broken.Invariant != "X1" {
		t.Fatalf("the judge was not heard: %v", r.Broken)
	}
	small, why, err := sim.Shrink(o, r.Broken, 150, run)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s\n%v", small.Recipe(), why)
	if why.Invariant != "X1" || small.Leads > 8 || small.Faulty > 2*day || small.Horizon == 0 || small.Horizon > why.Step {
		t.Errorf("not small: %s (%v)", small.Recipe(), why)
	}
	left := small.Faults
	left.Operators = 0
	if left != (sim.Faults{}) {
		t.Errorf("faults are left that nobody needs: %s", small.Recipe())
	}
	again, err := run(small)
	if err != nil || again.Broken == nil || again.Broken.Step != why.Step || again.Broken.Invariant != "X1" {
		t.Errorf("the small world does not fail the same again: %v, %v", again.Broken, err)
	}
}
