package dialer

import (
	"cmp"
	"math"
	"strconv"
	"time"

	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Micros are millionths of the carrier account's currency.
const Micros = 1_000_000

// MostCost is what one call costs at most at a price a minute: until its time
// limit, with a second leg all the while. A call is reckoned at it until it is
// over, so that whatever the open ones turn out to cost, the cap holds.
func MostCost(price int64, limit time.Duration) int64 {
	const legs = 2
	return legs * minutes(ms(cmp.Or(limit, DefaultTimeLimit))) * price
}

// openCost is what a call counts in its day's cap until it ends.
func (c *Core) openCost() int64 { return MostCost(c.rules.MinutePrice, c.rules.TimeLimit) }

// costOf is what a call that is over has cost: the carrier's price, else its
// minutes at the reckoned one, each begun one whole; and those of the leg it
// was connected to, whose price the carrier tells apart.
func (c *Core) costOf(o *state.Open) int64 {
	leg := minutes(o.LegMs) * c.rules.MinutePrice
	if told, ok := priceOf(o.Price); ok {
		return told + leg
	}
	return minutes(o.DurationMs)*c.rules.MinutePrice + leg
}

func minutes(ms int64) int64 { return (max(0, ms) + 59_999) / 60_000 }

// priceOf reads a price as the carrier writes it: a charge is negative there.
func priceOf(text string) (micros int64, ok bool) {
	p, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(p) || math.Abs(p) > 1e9 {
		return 0, false
	}
	return int64(math.Ceil(math.Abs(p)*Micros - 1e-6)), true
}

// moneyFacts are what the permit judges a day's spending by.
func (r *Rules) moneyFacts(f *permit.Facts, now int64, spend func(day int64) (state.Spend, error)) error {
	if r.SpendCap == 0 {
		return nil
	}
	day, ends := dayOf(r.DayZone, now)
	s, err := spend(day)
	f.Spent, f.Held, f.SpendCap, f.SpendEnds, f.CallCost = s.Total(), s.Held, r.SpendCap, ends, MostCost(r.MinutePrice, r.TimeLimit)
	return err
}

// Broke reports whether the day's money is spent, but for what open calls may
// give back, and when the day ends (wall, Unix ms).
func (s *Shard) Broke(now int64) (broke bool, ends int64) {
	r := &s.core.rules
	if r.SpendCap == 0 {
		return false, 0
	}
	day, ends := dayOf(r.DayZone, now)
	return s.view.Spend(day).Total()+s.core.openCost() > r.SpendCap, ends
}
