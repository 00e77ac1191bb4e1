package pacing

import "time"

// Room is how many grants Pick could give at an instant: what rate and
// channels leave. Whoever asks has new heads to offer, so what the last Pick
// stopped at is no longer all that NextAt waits for.
func (p *Pacer) Room(now time.Time) int {
	p.advance(now)
	p.limits.held = false
	return max(0, min(p.rate.free(now), p.channels-p.open-len(p.out)))
}
