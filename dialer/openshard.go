package dialer

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// ShardOptions are what a shard stands on.
type ShardOptions struct {
	Core   *Core
	Reader Ground
	Tenure ledger.Tenure
	Pacer  *pacing.Pacer
	Swap   func(cadence.ID) bool
	Now    Now
	DNCLog DNCLog // optional
}

// OpenShard rebuilds the volatile side from state: caches, lanes, deadlines,
// caller IDs. It fails when state cannot be read.
func OpenShard(o ShardOptions) (s *Shard, err error) {
	defer func() {
		if b, ok := recover().(*state.Broken); ok {
			err = fmt.Errorf("open shard: %w", b)
		}
	}()
	s = &Shard{
		core: o.Core, view: state.NewView(o.Reader), reader: o.Reader, tenure: o.Tenure, pacer: o.Pacer, swap: o.Swap, nolog: nolog{to: o.DNCLog},
		timers: newTimers(o.Now.Wall),
	}
	s.core.Learn(s.view)
	s.today(o.Now.Wall)
	s.timers.open(0, state.Lane{}).next = 0
	s.view.EachLane(func(n uint32, row *state.Lane) { s.timers.open(n, *row).next = 0 })
	open := map[string]int{}
	s.view.EachOpen(func(a *state.Open) {
		open[a.I.Campaign]++
		s.core.planAt(s.view, playedBy(a.I))
		s.timers.deadline(a.I.Attempt, a.Deadline, true)
	})
	s.pacer.SetOpen(open)
	s.recallCallerIDs(o.Now)
	return s, nil
}

// recallCallerIDs tells the pacer in which order the numbers were last used,
// how often today, and which rest. Times of use are stored as wall times; the
// pacer's are real, so only the order is carried over.
func (s *Shard) recallCallerIDs(now Now) {
	type use struct {
		number cadence.Number
		at     int64
	}
	var uses []use
	s.view.EachCallerID(func(n cadence.Number, row *state.CallerID) {
		uses = append(uses, use{n, row.LastUse})
		s.pacer.Called(n, row.Day, int(row.Today))
		s.pacer.Rest(n, atMs(row.RestUntil))
	})
	slices.SortStableFunc(uses, func(a, b use) int { return cmp.Compare(a.at, b.at) })
	for i, u := range uses {
		s.pacer.Used(u.number, now.Real.Add(time.Duration(i)-time.Hour))
	}
}
