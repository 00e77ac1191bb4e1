package dialer

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// crowd is a lane in which so many touches are due, one each millisecond.
type crowd struct {
	ledger.Reader
	due, read int
}

func (c *crowd) ScanKeys(_, _ []byte, fn func(key []byte) bool) error {
	for i := range c.due {
		c.read++
		if !fn(state.DueKey(7, int64(i), cadence.ID{1})) {
			return nil
		}
	}
	return nil
}

// A short lane is counted whenever somebody asks, a long one now and then, and
// none beyond what is asked for or behind the end of the day.
func TestLongLanesAreCountedNowAndThen(t *testing.T) {
	var counts laneCounts
	c := &crowd{}
	ask := func(now time.Duration, ends int64, most, want int) (read int) {
		t.Helper()
		before := c.read
		got, _, err := counts.count(state.Rows{R: c}, now, 7, ends, most)
		if err != nil || got != int64(want) {
			t.Errorf("%d are due, want %d (%v)", got, want, err)
		}
		return c.read - before
	}
	c.due = 10
	ask(0, 5, 100, 5)
	c.due = 20
	ask(0, 1000, 100, 20)
	c.due = 50_000
	if ask(0, 40_000, MaxCallable, 40_000) == 0 {
		t.Error("the first count read nothing")
	}
	c.due = 30_000
	if read := ask(countedFor-1, 40_000, MaxCallable, 40_000); read != 0 {
		t.Errorf("%d rows were read again at once", read)
	}
	ask(countedFor-1, 40_000, 100, 100)
	ask(countedFor-1, 20_000, MaxCallable, 20_000) // another day
	ask(3*countedFor, 40_000, MaxCallable, 30_000)
	ask(9*countedFor, 40_000, 25_000, 25_000)
}
