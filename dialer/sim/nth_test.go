package sim_test

import (
	"testing"
	"time"
)

// TestEveryCommit kills the process at the first commit after the leads came
// in, at the second, and so on until a run no longer gets there: once before
// the commit lands and once after. Between them the carrier loses an answer
// now and then, so that unknown attempts are met too.
func TestEveryCommit(t *testing.T) {
	const setUp = 14 // commits before the world begins to move
	reached := true
	tried := 0
	for at := uint64(setUp); reached; {
		var runs []run
		for range 20 {
			for _, landed := range []bool{false, true} {
				o := world(t, "week", 11)
				o.Faults = o.Faults.Only("drop", "webhook.lost")
				o.Leads, o.Faulty, o.CrashAt, o.CrashLanded = 4, 10*time.Hour, at, landed
				o.Abandon, o.Late = false, false // one abandoned call of four leads would hold all up for a month
				runs = append(runs, run{scene: "week", o: o})
			}
			at++
		}
		all(runs)
		for i := range runs {
			one := &runs[i]
			if one.err != nil || one.r.Broken != nil {
				t.Fatalf("%s: %v %v", recipe(one.scene, one.o), one.err, one.r.Broken)
			}
			if reached = one.r.Crashes > 0; reached {
				tried++
			}
		}
	}
	if tried < 50 {
		t.Errorf("only %d commits were tried", tried)
	}
}
