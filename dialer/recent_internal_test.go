package dialer

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var midday = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// A quantile is never below the true one, nor more than a quarter above it.
func TestRecentQuantiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Int64Range(0, int64(time.Hour)), 1, 300).Draw(t, "durations")
		var r recent
		for i, d := range all {
			r.add(midday.Add(time.Duration(i)*time.Second/2), time.Duration(d))
		}
		slices.Sort(all)
		s := r.spread(midday.Add(150 * time.Second))
		if s.Count != int64(len(all)) || s.Max != time.Duration(all[len(all)-1]) {
			t.Fatalf("%d of %d, at most %s", s.Count, len(all), s.Max)
		}
		for share, got := range map[int]time.Duration{50: s.P50, 5: s.P95, 1: s.P99} {
			want := time.Duration(all[len(all)-1-len(all)*share/100])
			if got < want-time.Microsecond || got > want*5/4+2*time.Microsecond {
				t.Fatalf("all but %d in a hundred: %s, want %s", share, got, want)
			}
		}
	})
}

func TestRecentForgets(t *testing.T) {
	var r recent
	var c recentCounts
	for range 3 {
		r.add(midday, time.Minute)
		c.add(midday, "ok")
	}
	r.add(midday.Add(4*time.Minute), -time.Second)
	c.add(midday.Add(4*time.Minute), "late")
	for after, want := range map[time.Duration]int64{0: 4, 4 * time.Minute: 4, RecentWindow - recentSpan: 4, RecentWindow: 1, 2 * RecentWindow: 0} {
		if got := r.spread(midday.Add(after)); got.Count != want || want == 1 && (got.Max != 0 || got.P50 != 0) || want == 0 && got != (Spread{}) {
			t.Errorf("after %s: %+v, want %d", after, got, want)
		}
		sum := int64(0)
		for _, one := range c.within(midday.Add(after)) {
			sum += one.N
		}
		if sum != want {
			t.Errorf("after %s: %d counted, want %d", after, sum, want)
		}
	}
	r.add(midday.Add(RecentWindow), time.Second) // the span that midday was in, anew
	c.add(midday.Add(RecentWindow), "ok")
	if got := r.spread(midday.Add(RecentWindow)); got.Count != 2 || got.Max != time.Second {
		t.Errorf("a span is used again with what it held: %+v", got)
	}
	if got := c.within(midday.Add(RecentWindow)); len(got) != 2 || got[0].N+got[1].N != 2 {
		t.Errorf("counted %+v", got)
	}
}

// Every duration is in a bucket that is above it and not far above.
func TestRecentBuckets(t *testing.T) {
	last := -1
	for _, d := range []time.Duration{0, 1, time.Microsecond, 3999, 4 * time.Microsecond, 7 * time.Microsecond, time.Millisecond, time.Second, time.Hour} {
		b := recentBucket(d)
		if b < last || recentCeiling(b) <= d || recentCeiling(b) > d*5/4+2*time.Microsecond {
			t.Errorf("%s is in bucket %d, below %s", d, b, recentCeiling(b))
		}
		last = b
	}
	if b := recentBucket(300 * time.Hour); b != recentBuckets-1 {
		t.Errorf("what is longer than all is in bucket %d", b)
	}
}
