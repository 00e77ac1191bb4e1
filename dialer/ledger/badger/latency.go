package badger

import (
	"math/bits"
	"sync"
	"time"
)

// latency is a window of commit times: histograms of ten seconds each, the
// last six of them. Buckets are an eighth of a power of two wide, so a
// quantile is at most 12.5 % too high.
type latency struct {
	mu    sync.Mutex
	spans [6]latencySpan
	known time.Duration // what p99 last came to, while nothing has changed
	fresh int64         // in which span that was; 0 when something has
}

type latencySpan struct {
	number int64 // ten-second span since the epoch
	total  uint32
	counts [latencyBuckets]uint32
}

const (
	latencySpanLength = 10 * time.Second
	latencyBuckets    = 8 * 40
)

func latencyBucket(d time.Duration) int {
	us := uint64(max(d.Microseconds(), 0))
	if us < 8 {
		return int(us)
	}
	top := bits.Len64(us) - 4 // us>>top is in [8, 16)
	return min(8*(top+1)+int(us>>top)-8, latencyBuckets-1)
}

// latencyCeiling is the highest duration of a bucket.
func latencyCeiling(bucket int) time.Duration {
	if bucket < 8 {
		return time.Duration(bucket+1) * time.Microsecond
	}
	top := bucket/8 - 1
	return time.Duration(uint64(bucket%8+9)<<top) * time.Microsecond
}

func (l *latency) add(now time.Time, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	number := now.UnixNano() / int64(latencySpanLength)
	s := &l.spans[number%int64(len(l.spans))]
	if s.number != number {
		*s = latencySpan{number: number}
	}
	s.counts[latencyBucket(took)]++
	s.total++
	l.fresh = 0
}

// p99 is 0 when nothing was committed in the window.
func (l *latency) p99(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	number := now.UnixNano() / int64(latencySpanLength)
	if number != l.fresh {
		l.known, l.fresh = l.quantile(number-int64(len(l.spans))+1), number
	}
	return l.known
}

// quantile is the 99th hundredth of the spans from the oldest on.
func (l *latency) quantile(oldest int64) time.Duration {
	var counts [latencyBuckets]uint64
	var total uint64
	for i := range l.spans {
		if s := &l.spans[i]; s.number >= oldest && s.total > 0 {
			total += uint64(s.total)
			for b, n := range s.counts {
				counts[b] += uint64(n)
			}
		}
	}
	if total == 0 {
		return 0
	}
	left := total / 100 // so many may be slower
	for b := latencyBuckets - 1; b > 0; b-- {
		if counts[b] > left {
			return latencyCeiling(b)
		}
		left -= counts[b]
	}
	return latencyCeiling(0)
}
