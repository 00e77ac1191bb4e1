package dialer

import "github.com/carillon-dialer/carillon/cadence/clock"

// alarm is the timer that the loop waits under. It stays set from one wait to
// the next as long as it rings early enough: under load the loop waits thousands
// of times a second, and what it waits for hardly moves.
type alarm struct {
	at    int64 // wall, Unix ms
	rings <-chan struct{}
	stop  func()
}

// by sets the alarm to when the shard has something to do next, or before that.
// It is nil when there is nothing to wait for.
func (a *alarm) by(wall clock.Clock, s *Shard, now Now) <-chan struct{} {
	at, ok := s.WakeBy(now)
	if a.stop != nil && (!ok || at < a.at) {
		a.off()
	}
	if a.stop == nil && ok {
		a.at = at
		a.rings, a.stop = wall.At(atMs(at))
	}
	return a.rings
}

// off takes the alarm down.
func (a *alarm) off() {
	if a.stop != nil {
		a.stop()
	}
	*a = alarm{}
}
