package projection

import (
	"maps"
	"sync"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Tally sums the counters of [from, to), Unix ms on quarters of an hour, by
// cadence. to ≤ 0 means without end.
func Tally(rows state.Rows, from, to int64) (map[cadence.ID]state.Counts, error) {
	out := map[cadence.ID]state.Counts{}
	err := rows.Buckets(from, to, func(_ int64, id cadence.ID, c *state.Counts) bool {
		sum := out[id]
		sum.Add(*c, 1)
		out[id] = sum
		return true
	})
	return out, err
}

// Sum adds up the counters of all cadences.
func Sum(counts map[cadence.ID]state.Counts) state.Counts {
	var sum state.Counts
	for _, c := range counts {
		sum.Add(c, 1)
	}
	return sum
}

const (
	// hot is how far back counters are read each time.
	hot = 48 * time.Hour
	// coldFor is how long the sum of older counters is kept (real time).
	coldFor = time.Minute
)

// Meter reads totals of all time often and cheaply: counters of attempts
// begun in the last 48 hours are read each time, the sum of older ones is kept
// for a minute of real time. So only a correction of an attempt older than
// that shows up to a minute late. It is safe for concurrent use.
type Meter struct {
	mu    sync.Mutex
	cold  map[cadence.ID]state.Counts
	since int64         // cold holds what lies before
	read  time.Duration // when cold was read, monotonic
}

// Totals sums the counters of all time by cadence. now is the engine's wall
// clock, mono a monotonic reading of real time. The map belongs to the caller.
func (m *Meter) Totals(rows state.Rows, now time.Time, mono time.Duration) (map[cadence.ID]state.Counts, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cold == nil || mono-m.read >= coldFor {
		since := max(state.BucketMs, now.Add(-hot).UnixMilli()/state.BucketMs*state.BucketMs)
		cold, err := Tally(rows, 0, since)
		if err != nil {
			return nil, err
		}
		m.cold, m.since, m.read = cold, since, mono
	}
	out, err := Tally(rows, m.since, 0)
	if err != nil {
		return nil, err
	}
	both := maps.Clone(m.cold)
	for id, c := range out {
		sum := both[id]
		sum.Add(c, 1)
		both[id] = sum
	}
	return both, nil
}
