package sim_test

import (
	"testing"
)

// TestStorm cuts shards off from each other while the clocks are set, so that
// asks and decisions of the office are hours old when they come, or come while
// the wall says that they were made in time to come.
func TestStorm(t *testing.T) {
	runs := make([]run, max(3, *seeds/16))
	for i := range runs {
		runs[i] = run{scene: "storm", o: world(t, "storm", *first+uint64(i))}
		runs[i].o.Shards = 3
	}
	all(runs)
	tell(t, "storm", runs)
}
