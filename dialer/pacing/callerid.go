package pacing

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// DefaultPool is the pool of a step that names none.
const DefaultPool = "default"

// CallerID is one number we call from, in one pool ("" is DefaultPool). A
// number may be listed once per pool; its last use is one for all.
type CallerID struct {
	Number cadence.Number
	Pool   string
}

// Need is a step's wish for a caller ID.
type Need struct {
	Strategy cadence.Strategy // "" is random
	Pool     string
	Number   cadence.Number // of the fixed strategy
}

// The reasons why a head got no caller ID: a closed set.
const (
	ReasonNoCallerID  = "callerid.none"        // no such pool or number
	ReasonResting     = "callerid.resting"     // every choice is resting, see Refusal.Until
	ReasonUnsupported = "callerid.unsupported" // a strategy that does not run
)

// line is one of our numbers. Its place in the rotation is the later of its
// last use and its last grant that is still out.
type line struct {
	number  cadence.Number
	used    stamp
	granted stamp // of the last grant that is out
	rested  time.Time
}

func (l *line) placed() stamp {
	if l.granted.compare(l.used) > 0 {
		return l.granted
	}
	return l.used
}

// stamp orders uses: by time, then by the order they were told.
type stamp struct {
	at  time.Time
	seq uint64
}

func (s stamp) compare(o stamp) int {
	return cmp.Or(s.at.Compare(o.at), cmp.Compare(s.seq, o.seq))
}

// lines are our numbers by number and by pool; pools are sorted by number.
type lines struct {
	byNumber map[cadence.Number]*line
	pools    map[string][]*line
	seed     uint64
	ready    []*line // reused
}

func newLines(ids []CallerID, seed uint64) (*lines, error) {
	l := &lines{byNumber: map[cadence.Number]*line{}, pools: map[string][]*line{}, seed: seed}
	for _, id := range ids {
		if id.Number == "" {
			return nil, fmt.Errorf("pacing: a caller ID of pool %q has no number", id.Pool)
		}
		one, known := l.byNumber[id.Number]
		if !known {
			one = &line{number: id.Number}
			l.byNumber[id.Number] = one
		}
		pool := poolName(id.Pool)
		if slices.Contains(l.pools[pool], one) {
			return nil, fmt.Errorf("pacing: caller ID %s stands twice in pool %q", id.Number.Masked(), pool)
		}
		l.pools[pool] = append(l.pools[pool], one)
	}
	for _, pool := range l.pools {
		slices.SortFunc(pool, func(a, b *line) int { return cmp.Compare(a.number, b.number) })
	}
	return l, nil
}

func poolName(name string) string {
	if name == "" {
		return DefaultPool
	}
	return name
}

// choose picks the caller ID of a head; reason says why there is none, until
// when the first choice ends its rest.
func (l *lines) choose(h *Head, now time.Time) (chosen *line, reason string, until time.Time) {
	choices := l.pools[poolName(h.Need.Pool)]
	if h.Need.Strategy == cadence.StrategyFixed {
		choices = nil
		if one, known := l.byNumber[h.Need.Number]; known {
			l.ready = append(l.ready[:0], one)
			choices = l.ready
		}
	}
	if len(choices) == 0 {
		return nil, ReasonNoCallerID, time.Time{}
	}
	ready, until := l.awake(choices, now)
	if len(ready) == 0 {
		return nil, ReasonResting, until
	}
	switch h.Need.Strategy {
	case cadence.StrategyFixed:
		return ready[0], "", time.Time{}
	case cadence.StrategyRandom, "":
		return ready[draw(l.seed, h.ID, h.Try, len(ready))], "", time.Time{}
	case cadence.StrategyRotating:
		return slices.MinFunc(ready, func(a, b *line) int {
			return cmp.Or(a.placed().compare(b.placed()), cmp.Compare(a.number, b.number))
		}), "", time.Time{}
	case cadence.StrategySticky, cadence.StrategyLocal, cadence.StrategyLeast:
	}
	return nil, ReasonUnsupported, time.Time{}
}

// awake keeps the choices that are not resting; until is when the first of the
// others is back.
func (l *lines) awake(choices []*line, now time.Time) (ready []*line, until time.Time) {
	ready = l.ready[:0]
	for _, one := range choices {
		if !one.rested.After(now) {
			ready = append(ready, one)
		} else if until.IsZero() || one.rested.Before(until) {
			until = one.rested
		}
	}
	l.ready = ready
	return ready, until
}

// draw is a number below n that depends only on the seed, the touch and the
// try: the same call asks for the same number again after a crash.
func draw(seed uint64, touch cadence.ID, try, n int) int {
	high := binary.BigEndian.Uint64(touch[:8])
	low := binary.BigEndian.Uint64(touch[8:])
	source := rand.NewPCG(seed^high, low^bits.RotateLeft64(uint64(try), 48))
	source.Uint64() // ids differ in few bits: let them spread
	at, _ := bits.Mul64(source.Uint64(), uint64(n))
	return int(at)
}
