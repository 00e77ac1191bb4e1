package pacing

import "time"

// Room is how many grants Pick could give at an instant: what rate and
// channels leave.
func (p *Pacer) Room(now time.Time) int {
	p.advance(now)
	return max(0, min(p.rate.free(now), p.channels-p.open-len(p.out)))
}
