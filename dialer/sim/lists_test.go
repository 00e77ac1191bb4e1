package sim_test

import "testing"

// TestLists pauses lists again and again, and lets some leads go a day, while
// everything else goes wrong as well: a paused list is not dialed, no list lets
// more new leads go a day than it may, and in the end everybody's turn comes.
func TestLists(t *testing.T) {
	runs := make([]run, max(3, *seeds/8))
	for i := range runs {
		runs[i] = run{scene: "lists", o: world(t, "lists", *first+uint64(i))}
		runs[i].o.Shards = shards[i%len(shards)]
	}
	all(runs)
	tell(t, "lists", runs)
	for _, r := range runs {
		if r.r.Happened["list.pause"] == 0 {
			t.Errorf("seed %d: no list was paused", r.o.Seed)
		}
	}
}
