package dialer

import (
	"testing"
	"time"
)

// A due time between two milliseconds is the later one: nothing is early.
func TestCeilMs(t *testing.T) {
	for _, c := range []struct {
		ns   int64
		want int64
	}{
		{0, 0}, {1, 1}, {999_999, 1}, {1_000_000, 1}, {1_000_001, 2}, {-1, 0}, {-1_000_001, -1},
	} {
		if got := ceilMs(time.Unix(0, c.ns)); got != c.want {
			t.Errorf("%d ns: %d ms, want %d", c.ns, got, c.want)
		}
	}
}
