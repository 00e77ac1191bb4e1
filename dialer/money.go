package dialer

import (
	"math"
	"strconv"

	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Micros are millionths of the carrier account's currency.
const Micros = 1_000_000

// openMinutes is what a call is reckoned at while nobody knows how long it
// lasts.
const openMinutes = 3

// openCost is what a call counts in its day's cap until it ends.
func (c *Core) openCost() int64 { return openMinutes * c.rules.MinutePrice }

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
func (c *Core) moneyFacts(f *permit.Facts, now int64, v *state.View) {
	if c.rules.SpendCap == 0 {
		return
	}
	day, ends := dayOf(c.rules.DayZone, now)
	f.Spent, f.SpendCap, f.SpendEnds, f.CallCost = v.Spend(day).Total(), c.rules.SpendCap, ends, c.openCost()
}

// Broke reports whether the day's money is spent, and when the day ends (wall,
// Unix ms).
func (s *Shard) Broke(now int64) (broke bool, ends int64) {
	r := &s.core.rules
	if r.SpendCap == 0 {
		return false, 0
	}
	day, ends := dayOf(r.DayZone, now)
	return s.view.Spend(day).Total()+s.core.openCost() > r.SpendCap, ends
}
