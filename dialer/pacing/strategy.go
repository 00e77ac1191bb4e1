package pacing

import (
	"cmp"
	"math/bits"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// choose picks the caller ID of a head: by the step's strategy among the
// numbers of its pool that neither rest nor had their calls today. So a number
// that is full or resting is passed over for the next one. reason says why
// there is none, until when the first choice is back.
func (l *lines) choose(h *Head) (chosen *line, reason string, until time.Time) {
	n := &h.Need
	choices := l.pools[poolName(n.Pool)]
	if n.Strategy == cadence.StrategyFixed {
		choices = nil
		if one, known := l.byNumber[n.Number]; known {
			l.ready = append(l.ready[:0], one)
			choices = l.ready
		}
	}
	if len(choices) == 0 {
		return nil, ReasonNoCallerID, time.Time{}
	}
	if choices, reason = l.fitting(choices, n.Demands); len(choices) == 0 {
		return nil, reason, time.Time{}
	}
	ready, reason, until := l.free(choices)
	if len(ready) == 0 {
		return nil, reason, until
	}
	switch n.Strategy {
	case cadence.StrategyFixed:
		return ready[0], "", time.Time{}
	case cadence.StrategyRandom, "":
		return ready[draw(l.seed, h.ID, h.Try, len(ready))], "", time.Time{}
	case cadence.StrategyRotating:
		return best(ready, earlier), "", time.Time{}
	case cadence.StrategySticky:
		return l.sticky(ready, n.Lead), "", time.Time{}
	case cadence.StrategyLeast:
		return l.least(ready), "", time.Time{}
	case cadence.StrategyLocal:
		return local(ready, n), "", time.Time{}
	}
	return nil, ReasonNoCallerID, time.Time{}
}

// fitting keeps the choices that meet every demand. Without any, it names the
// first demand that the last of them fails. It may be given its own memory.
func (l *lines) fitting(choices []*line, demands []Demand) (fit []*line, failed string) {
	if len(demands) == 0 {
		return choices, ""
	}
	fit = l.fit[:0]
	for _, one := range choices {
		i := slices.IndexFunc(demands, func(d Demand) bool { return !d.Fits(string(one.number), one.away) })
		if i < 0 {
			fit = append(fit, one)
			continue
		}
		failed = demands[i].Rule
	}
	l.fit = fit
	return fit, failed
}

// free keeps the choices that may be called from now; until is when the first
// of the others may. It may be given its own memory.
func (l *lines) free(choices []*line) (ready []*line, reason string, until time.Time) {
	ready, reason = l.ready[:0], ReasonResting
	for _, one := range choices {
		back, full := one.rested, one.cap > 0 && one.spoken(l.wall.Day) >= one.cap
		if !full && !back.After(l.wall.At) {
			ready = append(ready, one)
			continue
		}
		if full {
			reason, back = ReasonCapped, latest(back, l.wall.Ends)
		}
		if until.IsZero() || back.Before(until) {
			until = back
		}
	}
	l.ready = ready
	return ready, reason, until
}

// best is the least of the ready numbers.
func best(ready []*line, compare func(a, b *line) int) *line {
	least := ready[0]
	for _, one := range ready[1:] {
		if compare(one, least) < 0 {
			least = one
		}
	}
	return least
}

// earlier orders by last use, then by number: the rotation.
func earlier(a, b *line) int {
	return cmp.Or(a.placed().compare(b.placed()), cmp.Compare(a.number, b.number))
}

// least is the number with the fewest calls today, the longest unused of
// several.
func (l *lines) least(ready []*line) *line {
	least, fewest := ready[0], ready[0].spoken(l.wall.Day)
	for _, one := range ready[1:] {
		if n := one.spoken(l.wall.Day); n < fewest || n == fewest && earlier(one, least) < 0 {
			least, fewest = one, n
		}
	}
	return least
}

// sticky gives a lead the same number as long as it can be had, without
// remembering anybody: each number draws a lot for the lead and the highest
// wins (rendezvous hashing). While the winner rests the second one is taken,
// and a number that joins the pool takes over only its own share of leads.
func (l *lines) sticky(ready []*line, lead cadence.ID) *line {
	high, low := halves(lead)
	winner, most := ready[0], uint64(0)
	for _, one := range ready {
		var source rand.PCG
		source.Seed(l.seed^high, low^one.hash)
		source.Uint64() // ids differ in few bits: let them spread
		if lot := source.Uint64(); lot > most {
			winner, most = one, lot
		}
	}
	return winner
}

// local prefers a number of the called one's area code, then one of the
// person's state, then any. Among equals one with another exchange comes first,
// because numbers that differ in their last four digits only are what forgers
// show; then the longest unused.
func local(ready []*line, n *Need) *line {
	area, near := areaOf(n.To)
	nearest, rank := ready[0], 0
	for i, one := range ready {
		r := distance(one, area, near, n.Region)
		if i == 0 || r < rank || r == rank && earlier(one, nearest) < 0 {
			nearest, rank = one, r
		}
	}
	return nearest
}

func distance(l *line, area, near, region string) int {
	rank := 4
	switch {
	case area != "" && l.area == area:
		rank = 0
	case region != "" && l.region == region:
		rank = 2
	}
	if near != "" && l.near == near {
		rank++
	}
	return rank
}

// draw is a number below n that depends only on the seed, the touch and the
// try: the same call asks for the same number again after a crash.
func draw(seed uint64, touch cadence.ID, try, n int) int {
	high, low := halves(touch)
	var source rand.PCG
	source.Seed(seed^high, low^bits.RotateLeft64(uint64(try), 48))
	source.Uint64() // ids differ in few bits: let them spread
	at, _ := bits.Mul64(source.Uint64(), uint64(n))
	return int(at)
}
