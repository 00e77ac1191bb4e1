package pacing

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// DefaultGrantTTL is how long a grant lasts when Config says nothing.
const DefaultGrantTTL = time.Second

// Config is what a Pacer starts from.
type Config struct {
	CPS       float64            // calls per second the account allows, 0.01 to 100,000
	Channels  int                // calls open at once, at least 1
	CallerIDs []CallerID         // may be empty: then nothing is granted
	Weights   map[string]float64 // campaign → share, 1e-6 to 1e6; 1 where none is set
	Limits    map[string]Limit   // campaign → its own limits within the account's
	Seed      uint64             // of the random strategy
	GrantTTL  time.Duration      // 0 is DefaultGrantTTL
}

// Grant is a place for one call. It is spent with Opened, given back with
// Release, or lost at Expiry.
type Grant struct {
	ID     uint64
	Head   int // index into the heads given to Pick
	From   cadence.Number
	Day    int64 // of Wall: the call counts in its caller ID's cap of this day
	Expiry time.Time
}

// Refusal says why a head cannot be granted, whatever the rate. Until is when
// it may be, zero when somebody has to change something.
type Refusal struct {
	Head   int
	Reason string
	Until  time.Time
}

// Pacer paces one carrier account. It is not safe for concurrent use.
type Pacer struct {
	rate     rate
	channels int
	open     int
	ttl      time.Duration
	lines    *lines
	shares   shares
	out      []outstanding // grants neither spent nor given back, oldest first
	limits   limits
	lastID   uint64
	seq      uint64
	grants   []Grant
	refused  []Refusal
}

type outstanding struct {
	Grant
	campaign string
	line     *line
	given    stamp
}

// New makes a Pacer with no open calls. All errors of the config are reported.
func New(c Config) (*Pacer, error) {
	var errs []error
	if !(c.CPS >= 0.01 && c.CPS <= 100_000) {
		errs = append(errs, fmt.Errorf("pacing: cps %v, want 0.01 to 100000", c.CPS))
	}
	if c.Channels < 1 {
		errs = append(errs, fmt.Errorf("pacing: channels %d, want at least 1", c.Channels))
	}
	if c.GrantTTL < 0 {
		errs = append(errs, fmt.Errorf("pacing: grant ttl %s is negative", c.GrantTTL))
	}
	weights := make(map[string]float64, len(c.Weights))
	for campaign, w := range c.Weights {
		if !(w >= 1e-6 && w <= 1e6) {
			errs = append(errs, fmt.Errorf("pacing: weight %v of campaign %q, want 1e-6 to 1e6", w, campaign))
		}
		weights[campaign] = w
	}
	limits, err := newLimits(c.Limits)
	errs = append(errs, err)
	lines, err := newLines(c.CallerIDs, c.Seed)
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	p := &Pacer{
		rate: rate{cps: c.CPS}, channels: c.Channels, ttl: c.GrantTTL, lines: lines, limits: limits,
		shares: shares{weights: weights, passes: map[string]float64{}, index: map[string]int{}},
	}
	if p.ttl == 0 {
		p.ttl = DefaultGrantTTL
	}
	return p, nil
}

// Pick grants up to n of the heads: fair between campaigns by weight, within
// one by class and age. A campaign at its own limits is passed over. Heads
// without a possible caller ID are refused and cost nothing; the others wait.
// Both slices are valid until the next Pick.
func (p *Pacer) Pick(now time.Time, heads []Head, n int) ([]Grant, []Refusal) {
	p.advance(now)
	p.grants, p.refused, p.limits.held = p.grants[:0], p.refused[:0], false
	n = min(n, p.rate.free(now), p.channels-p.open-len(p.out))
	if n <= 0 || len(heads) == 0 {
		return nil, nil
	}
	p.shares.lineUp(heads)
	for i := range p.shares.queues {
		q := &p.shares.queues[i]
		q.room = p.limits.room(q.campaign, now)
	}
	for len(p.grants) < n {
		q := p.shares.next()
		if q == nil {
			p.limits.hold(p.shares.queues)
			break
		}
		i := q.pop(heads)
		chosen, reason, until := p.lines.choose(&heads[i])
		if chosen == nil {
			p.refused = append(p.refused, Refusal{i, reason, until})
			continue
		}
		p.shares.charge(q)
		p.grant(i, &heads[i], chosen, now)
	}
	p.shares.forget()
	return p.grants, p.refused
}

func (p *Pacer) grant(i int, h *Head, chosen *line, now time.Time) {
	p.rate.take()
	p.lastID++
	p.seq++
	g := Grant{ID: p.lastID, Head: i, From: chosen.number, Day: p.lines.wall.Day, Expiry: now.Add(p.ttl)}
	p.grants = append(p.grants, g)
	chosen.granted = stamp{p.rate.last, p.seq}
	chosen.out++
	p.limits.take(h.Campaign)
	p.out = append(p.out, outstanding{g, h.Campaign, chosen, chosen.granted})
}

func (p *Pacer) advance(now time.Time) {
	p.rate.advance(now)
	for len(p.out) > 0 {
		i := slices.IndexFunc(p.out, func(o outstanding) bool { return !now.Before(o.Expiry) })
		if i < 0 {
			return
		}
		p.drop(i)
		p.limits.held = false
	}
}

// drop forgets a grant, and gives its number back the place in the rotation
// that its last use and its other grants give it.
func (p *Pacer) drop(i int) outstanding {
	gone := p.out[i]
	p.out = slices.Delete(p.out, i, i+1)
	gone.line.granted = stamp{}
	gone.line.out--
	p.limits.drop(gone.campaign)
	for _, o := range p.out {
		if o.line == gone.line && o.given.compare(o.line.granted) > 0 {
			o.line.granted = o.given
		}
	}
	return gone
}
