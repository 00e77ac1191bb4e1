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
	p.Used(o.From, now)
	return true
}

// Release gives a grant back unspent, with its place in rate, share and
// rotation. One that is gone already changes nothing.
func (p *Pacer) Release(id uint64, now time.Time) {
	if o, ok := p.remove(id, now); ok {
		p.rate.giveBack(o.given.at)
		p.shares.refund(o.campaign)
	}
}

// Closed ends one open call.
func (p *Pacer) Closed() { p.open = max(0, p.open-1) }

// SetOpen says how many calls are open, after a restart.
func (p *Pacer) SetOpen(n int) { p.open = max(0, n) }

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

// Rest keeps a number out of every choice until an instant, for example after
// the carrier refused it as a caller ID. The zero instant ends a rest.
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

// SetGrantTTL changes how long new grants last, for example with the time a
// commit takes. Zero is DefaultGrantTTL.
func (p *Pacer) SetGrantTTL(ttl time.Duration) {
	if p.ttl = ttl; ttl <= 0 {
		p.ttl = DefaultGrantTTL
	}
}

// NextAt is the earliest instant at which Pick may grant something. ok is
// false while every channel is taken: then the end of a call, or of a grant,
// opens one, and the end of the first grant is returned when one is out.
func (p *Pacer) NextAt(now time.Time) (at time.Time, ok bool) {
	p.advance(now)
	if p.open+len(p.out) < p.channels {
		return p.rate.next(now), true
	}
	if p.open >= p.channels || len(p.out) == 0 {
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
