package dialer

import (
	"math/bits"
	"sync"
	"time"
)

// RecentWindow is the stretch of real time that recent figures are about. It
// moves in steps of ten seconds.
const RecentWindow = 5 * time.Minute

const (
	recentSpan  = 10 * time.Second
	recentSpans = int(RecentWindow / recentSpan)
	// recentBuckets are a quarter of a power of two wide, up to hours.
	recentBuckets = 4 * 36
)

// Spread is how long something took within the RecentWindow. A quantile is at
// most a quarter too high and never above Max. All are 0 when Count is.
type Spread struct {
	Count              int64
	P50, P95, P99, Max time.Duration
}

// recent gathers durations. It may be used by several goroutines.
type recent struct {
	mu    sync.Mutex
	spans [recentSpans]struct {
		number int64 // ten-second span since the epoch
		counts [recentBuckets]uint32
		max    time.Duration
	}
}

// add takes a duration that was seen at an instant; a negative one counts as 0.
func (r *recent) add(now time.Time, took time.Duration) {
	took = max(0, took)
	number := spanOf(now)
	r.mu.Lock()
	defer r.mu.Unlock()
	s := &r.spans[number%int64(recentSpans)]
	if s.number != number {
		s.number, s.max = number, 0
		clear(s.counts[:])
	}
	s.counts[recentBucket(took)]++
	s.max = max(s.max, took)
}

// spread is what was seen within the window that ends at an instant.
func (r *recent) spread(now time.Time) Spread {
	var counts [recentBuckets]int64
	var out Spread
	oldest := spanOf(now) - int64(recentSpans) + 1
	r.mu.Lock()
	for i := range r.spans {
		s := &r.spans[i]
		if s.number < oldest {
			continue
		}
		out.Max = max(out.Max, s.max)
		for b, n := range s.counts {
			counts[b] += int64(n)
			out.Count += int64(n)
		}
	}
	r.mu.Unlock()
	at := func(share int64) time.Duration {
		left := out.Count * share / 100 // so many may be longer
		for b := recentBuckets - 1; b >= 0; b-- {
			if counts[b] > left {
				return min(recentCeiling(b), out.Max)
			}
			left -= counts[b]
		}
		return 0
	}
	out.P50, out.P95, out.P99 = at(50), at(5), at(1)
	return out
}

func spanOf(now time.Time) int64 { return now.UnixNano() / int64(recentSpan) }

func recentBucket(d time.Duration) int {
	us := uint64(d.Microseconds())
	if us < 4 {
		return int(us)
	}
	top := bits.Len64(us) - 3 // us>>top is in [4, 8)
	return min(4*(top+1)+int(us>>top)-4, recentBuckets-1)
}

// recentCeiling is what no duration of a bucket but the last reaches.
func recentCeiling(bucket int) time.Duration {
	if bucket < 4 {
		return time.Duration(bucket+1) * time.Microsecond
	}
	return time.Duration(uint64(bucket%4+5)<<(bucket/4-1)) * time.Microsecond
}

// Counted is how often something happened within the RecentWindow, and when
// last.
type Counted struct {
	Name string
	N    int64
	Last time.Time // real time
}

// recentCounts counts by names of a closed set. It may be used by several goroutines.
type recentCounts struct {
	mu    sync.Mutex
	names map[string]*counted
}

type counted struct {
	spans [recentSpans]struct{ number, n int64 }
	last  time.Time
}

func (t *recentCounts) add(now time.Time, name string) {
	number := spanOf(now)
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.names[name]
	if c == nil {
		if t.names == nil {
			t.names = map[string]*counted{}
		}
		c = &counted{}
		t.names[name] = c
	}
	s := &c.spans[number%int64(recentSpans)]
	if s.number != number {
		s.number, s.n = number, 0
	}
	s.n++
	c.last = now
}

// within is what was counted within the window that ends at an instant, in no
// order.
func (t *recentCounts) within(now time.Time) (all []Counted) {
	oldest := spanOf(now) - int64(recentSpans) + 1
	t.mu.Lock()
	defer t.mu.Unlock()
	for name, c := range t.names {
		sum := int64(0)
		for _, s := range c.spans {
			if s.number >= oldest {
				sum += s.n
			}
		}
		if sum > 0 {
			all = append(all, Counted{name, sum, c.last})
		}
	}
	return all
}
