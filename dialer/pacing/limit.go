package pacing

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Limit bounds one campaign within the account. Zero fields are no limit.
type Limit struct {
	CPS      float64 // calls per second, 0.01 to 100,000
	Channels int     // calls open at once
}

// campaignLimit is one campaign's limit with what it is compared with.
type campaignLimit struct {
	rate     rate // of a CPS limit; cps 0 is none
	channels int
	open     int
	out      int // grants neither spent nor given back
}

// limits are the campaigns that have one of their own.
type limits struct {
	of      map[string]*campaignLimit
	held    bool // the last Pick stopped at these limits alone
	waiting []*campaignLimit
}

func newLimits(of map[string]Limit) (limits, error) {
	l := limits{of: map[string]*campaignLimit{}}
	var errs []error
	for campaign, limit := range of {
		if limit.CPS != 0 && !(limit.CPS >= 0.01 && limit.CPS <= 100_000) {
			errs = append(errs, fmt.Errorf("pacing: cps %v of campaign %q, want 0.01 to 100000", limit.CPS, campaign))
		}
		if limit.Channels < 0 {
			errs = append(errs, fmt.Errorf("pacing: channels %d of campaign %q is negative", limit.Channels, campaign))
		}
		l.of[campaign] = &campaignLimit{rate: rate{cps: limit.CPS}, channels: limit.Channels}
	}
	return l, errors.Join(errs...)
}

// room is how many grants a campaign's own limits leave at an instant.
func (l *limits) room(campaign string, now time.Time) int {
	c, limited := l.of[campaign]
	if !limited {
		return math.MaxInt
	}
	room := math.MaxInt
	if c.channels > 0 {
		room = c.channels - c.open - c.out
	}
	if c.rate.cps > 0 {
		c.rate.advance(now)
		room = min(room, c.rate.free(now))
	}
	return max(0, room)
}

func (l *limits) take(campaign string) {
	if c, limited := l.of[campaign]; limited {
		c.out++
		if c.rate.cps > 0 {
			c.rate.take()
		}
	}
}

// drop ends a grant, which keeps its place in the rate.
func (l *limits) drop(campaign string) {
	if c, limited := l.of[campaign]; limited {
		c.out--
	}
}

// giveBack undoes the place of a dropped grant in the rate.
func (l *limits) giveBack(campaign string, at time.Time) {
	l.held = false
	if c, limited := l.of[campaign]; limited && c.rate.cps > 0 {
		c.rate.giveBack(at)
	}
}

func (l *limits) opened(campaign string) {
	if c, limited := l.of[campaign]; limited {
		c.open++
	}
}

func (l *limits) closed(campaign string) {
	if c, limited := l.of[campaign]; limited {
		c.open = max(0, c.open-1)
		l.held = false
	}
}

func (l *limits) setOpen(open map[string]int) {
	for campaign, c := range l.of {
		c.open = max(0, open[campaign])
	}
	l.held = false
}

// hold notes the campaigns that had heads left when a Pick found none to
// grant.
func (l *limits) hold(queues []queue) {
	l.waiting = l.waiting[:0]
	for i := range queues {
		if q := &queues[i]; len(q.heads) > 0 {
			l.waiting = append(l.waiting, l.of[q.campaign])
		}
	}
	l.held = len(l.waiting) > 0
}

// next is when the first of the held campaigns has a place in its rate again;
// false while all wait for a channel.
func (l *limits) next(now time.Time) (first time.Time, ok bool) {
	for _, c := range l.waiting {
		if c.channels > 0 && c.open+c.out >= c.channels {
			continue
		}
		at := now
		if c.rate.cps > 0 {
			c.rate.advance(now)
			at = c.rate.next(now)
		}
		if !ok || at.Before(first) {
			first, ok = at, true
		}
	}
	return first, ok
}
