package pacing

import (
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// Opened spends a grant: its call's intent is written. It reports false for a
// grant that expired, was given back or was spent before; then no call may be
// made on it.
func (p *Pacer) Opened(id uint64, now time.Time) bool {
	o, ok := p.remove(id, now)
	if !ok {
		return false
	}
	p.open++
	p.limits.opened(o.campaign)
	p.Used(o.From, now)
	o.line.add(o.Day, 1)
	return true
}

// Release gives a grant back unspent, with its place in rate, share and
// rotation. One that is gone already changes nothing.
func (p *Pacer) Release(id uint64, now time.Time) {
	if o, ok := p.remove(id, now); ok {
		p.rate.giveBack(o.given.at)
		p.shares.refund(o.campaign)
		p.limits.giveBack(o.campaign, o.given.at)
	}
}

// Closed ends one open call of a campaign.
func (p *Pacer) Closed(campaign string) {
	p.open = max(0, p.open-1)
	p.limits.closed(campaign)
}

// SetOpen says how many calls of each campaign are open, after a restart.
func (p *Pacer) SetOpen(campaigns map[string]int) {
	p.open = 0
	for _, n := range campaigns {
		p.open += max(0, n)
	}
	p.limits.setOpen(campaigns)
}

// Open is how many calls are open, and how many grants are out.
func (p *Pacer) Open() (calls, grants int) { return p.open, len(p.out) }

func (p *Pacer) remove(id uint64, now time.Time) (outstanding, bool) {
	p.advance(now)
	i := slices.IndexFunc(p.out, func(o outstanding) bool { return o.ID == id })
	if i < 0 {
		return outstanding{}, false
	}
	return p.drop(i), true
}

// Used tells when a number was last called from: for each stored one after a
// restart. Opened does so by itself. An older use than the known one changes
// nothing, nor does a number that is not ours.
func (p *Pacer) Used(from cadence.Number, at time.Time) {
	one, known := p.lines.byNumber[from]
	if !known || at.Before(one.used.at) {
		return
	}
	p.seq++
	one.used = stamp{at, p.seq}
}

// SetWall tells what the wall clock says before a Pick: rests and daily caps
// go by it, not by the time that paces the carrier.
func (p *Pacer) SetWall(w Wall) { p.lines.wall = w }

// Called tells how many calls a number has placed on a day, after a restart. A
// lower count than the known one changes nothing: several shards tell their
// own parts of it to a pacer that they share.
func (p *Pacer) Called(from cadence.Number, day int64, n int) {
	if one, known := p.lines.byNumber[from]; known && n > one.spoken(day)-one.out {
		one.add(day, n-(one.spoken(day)-one.out))
	}
}

// Returned takes a call back that counted in a number's cap of a day:
// certainly none was made.
func (p *Pacer) Returned(from cadence.Number, day int64) {
	if one, known := p.lines.byNumber[from]; known && day == one.day {
		one.add(day, -1)
	}
}

// Rest keeps a number out of every choice until an instant of the wall, for
// example after the carrier refused it as a caller ID. One that has come, such
// as the zero instant, ends a rest.
func (p *Pacer) Rest(from cadence.Number, until time.Time) {
	if one, known := p.lines.byNumber[from]; known {
		one.rested = until
	}
}

// Throttled says that the carrier refused a call as one too many: the rate is
// halved and then recovers. retryAfter, when the carrier named one, holds all
// grants until then.
func (p *Pacer) Throttled(now time.Time, retryAfter time.Duration) { p.rate.halve(now, retryAfter) }

// Rate is the calls per second allowed at an instant.
func (p *Pacer) Rate(now time.Time) float64 {
	p.rate.advance(now)
	return p.rate.now
}

// Seen is the rate as the last look at the pacer left it, and when that was.
// It changes nothing; Recovered takes it on from there.
func (p *Pacer) Seen() (rate float64, at time.Time) {
	if !p.rate.started {
		return p.rate.cps, time.Time{}
	}
	return p.rate.now, p.rate.last
}

// Recovered is what a rate has come to some time later, when the carrier has
// refused nothing meanwhile.
func Recovered(cps, rate float64, later time.Duration) float64 {
	return min(cps, rate+cps*max(0, later).Seconds()/Recovery.Seconds())
}

// SetGrantTTL changes how long new grants last, for example with the time a
// commit takes. Zero is DefaultGrantTTL.
func (p *Pacer) SetGrantTTL(ttl time.Duration) {
	if p.ttl = ttl; ttl <= 0 {
		p.ttl = DefaultGrantTTL
	}
}

// NextAt is the earliest instant at which Pick may grant something. ok is
// false while every channel is taken: then the end of a call, or of a grant,
// opens one, and the end of the first grant is returned when one is out. When
// the last Pick left only heads of campaigns at their own limits, it is when
// the first of these may go on.
func (p *Pacer) NextAt(now time.Time) (at time.Time, ok bool) {
	p.advance(now)
	if p.open+len(p.out) < p.channels {
		if !p.limits.held {
			return p.rate.next(now), true
		}
		if at, ok := p.limits.next(now); ok {
			return latest(at, p.rate.next(now)), true
		}
	} else if p.open >= p.channels {
		return time.Time{}, false
	}
	if len(p.out) == 0 {
		return time.Time{}, false
	}
	first := p.out[0].Expiry
	for _, o := range p.out[1:] {
		if o.Expiry.Before(first) {
			first = o.Expiry
		}
	}
	return latest(first, p.rate.next(now)), true
}
