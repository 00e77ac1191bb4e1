package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/dialer/state"
)

// Pending is how many rows wait in memory for a grant.
func (s *Shard) Pending() int {
	n := 0
	for _, l := range s.timers.lanes {
		n += len(l.ready)
	}
	return n
}

// NextWake is the next instant (wall, Unix ms) at which a turn would have
// something to do without a message coming in.
func (s *Shard) NextWake(now Now) (wall int64, ok bool) {
	if s.unfinished() {
		return now.Wall, true
	}
	at, ok := s.timers.nextWake(s.dialable)
	at, ok = s.orRelease(now, at, ok)
	return s.orMoney(now, at, ok)
}

// orMoney is a wake, or the end of the day before it whose money is spent.
func (s *Shard) orMoney(now Now, at int64, ok bool) (int64, bool) {
	if broke, ends := s.Broke(now.Wall); broke && (!ok || ends < at) {
		return ends, true
	}
	return at, ok
}

// WakeBy is NextWake or an instant before it, which is found at less cost: for
// an owner to whom a turn with nothing to do is no matter.
func (s *Shard) WakeBy(now Now) (wall int64, ok bool) {
	if s.unfinished() {
		return now.Wall, true
	}
	at, ok := s.timers.wakeBy(now.Wall, s.dialable)
	at, ok = s.orRelease(now, at, ok)
	return s.orMoney(now, at, ok)
}

// unfinished reports whether the turn before left something over.
func (s *Shard) unfinished() bool { return len(s.timers.fired) > 0 || len(s.backlog) > 0 }

// NextGrant is the real time at which a ready touch may get a grant; false
// when none is ready, the open turn has its fill of calls, or only the end of
// a call can make room.
func (s *Shard) NextGrant(now Now) (time.Time, bool) {
	if s.paused || len(s.out.Dials) >= turnDials || !s.anyReady() {
		return time.Time{}, false
	}
	return s.pacer.NextAt(now.Real)
}

// NextDue is the earliest due time of anything that may happen, also beyond
// what is loaded. Unless it has to be exact it may be an instant before that,
// found without a look at many open attempts.
func (s *Shard) NextDue(exact bool) (int64, bool) { return s.timers.nextDue(exact, s.dialable) }

func (s *Shard) anyReady() bool {
	for _, n := range s.timers.order {
		if l := s.timers.lanes[n]; n != 0 && len(l.ready) > 0 && s.dialable(l) {
			return true
		}
	}
	return false
}

// Pace is how many calls a second the pacer last granted, when that was, and
// how many calls it counts as open, with its grants.
func (s *Shard) Pace() (rate float64, at time.Time, open int) {
	calls, grants := s.pacer.Open()
	rate, at = s.pacer.Seen()
	return rate, at, calls + grants
}

// View is the shard's state, for its owner only.
func (s *Shard) View() *state.View { return s.view }

// Core is the shard's core, for its owner only.
func (s *Shard) Core() *Core { return s.core }
