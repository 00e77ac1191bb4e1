package sim_test

import (
	"testing"
	"time"
)

// TestRehearsalsUnderFaults tries steps out on staff numbers while everything
// goes wrong, on one shard and on three: I24, and I8, which is that no figure
// counts them.
func TestRehearsalsUnderFaults(t *testing.T) {
	runs := make([]run, max(4, *seeds/8))
	for i := range runs {
		scene := []string{"week", "storm"}[i%2]
		runs[i] = run{scene: scene, o: world(t, scene, *first+uint64(i))}
		runs[i].o.Rehearse = 7 * time.Minute
		runs[i].o.Shards = []int{1, 3}[i/2%2]
	}
	all(runs)
	tell(t, "rehearsals", runs)
	placed := 0
	for i := range runs {
		placed += runs[i].r.Happened["rehearsed"]
	}
	if placed == 0 {
		t.Error("nothing was rehearsed")
	}
}
