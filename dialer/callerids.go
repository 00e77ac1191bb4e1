package dialer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// RestCallerID takes one of our numbers out of every choice until a time (wall,
// Unix ms), or, with one that has come, puts it back. By is who wants it; it
// stands in the number's row and, with the reason, in the audit. What is so
// already changes nothing.
type RestCallerID struct {
	Number cadence.Number
	Until  int64
	Reason string
	By     string
}

// weigh looks at the figures of a caller ID whose call has just ended.
type weigh struct{ number cadence.Number }

func (*RestCallerID) message() {}
func (*weigh) message()        {}

// The authors of a rest, as CallerID.RestBy.
const (
	RestByCarrier  = "carrier"
	RestByHealth   = "health"
	RestByOperator = "operator"
)

// weighEvery is how many more calls a number has placed each time its figures
// are looked at.
const weighEvery = 10

// maxRest bounds a rest that somebody orders.
const maxRest = 366 * 24 * time.Hour

// restCallerID does what an operator says about one of our numbers.
func (c *Core) restCallerID(now int64, v *state.View, m *RestCallerID) Outcome {
	if !slices.ContainsFunc(c.rules.CallerIDs, func(id pacing.CallerID) bool { return id.Number == m.Number }) {
		return Outcome{Err: refusal(CodeNotFound, "number", "it is no caller ID; see caller_ids in the configuration")}
	}
	if m.Until > now+ms(maxRest) {
		return Outcome{Err: refusal(CodeInvalid, "until", "a rest ends within 366 days")}
	}
	row := v.CallerID(m.Number)
	f := &event.CallerIDRested{Number: m.Number, Until: m.Until, Reason: clip(m.Reason), By: RestByOperator, At: now, Author: clip(m.By)}
	said := &event.Audited{What: "callerid.rested", At: now}
	switch {
	case m.Until > now:
		if row.RestUntil == f.Until && row.RestBy == f.By && row.RestWhy == f.Reason && row.Rester == f.Author {
			return Outcome{}
		}
		said.Detail = fmt.Sprintf("%s until %s, by %s: %s", m.Number, atMs(f.Until).UTC().Format(time.RFC3339), f.Author, f.Reason)
	case row.RestUntil <= now:
		return Outcome{}
	default:
		said.What, said.Detail = "callerid.unrested", fmt.Sprintf("%s, by %s: %s", m.Number, f.Author, f.Reason)
		f.Until, f.Reason = now, ""
		if row.RestBy == RestByHealth { // else it would rest again with its next calls
			f.ClearDay, _ = dayOf(c.rules.DayZone, now)
		}
	}
	said.Detail = clip(said.Detail)
	return Outcome{Facts: []event.Fact{f, said}}
}

// rest is a rest that shortens none that lasts longer.
func rest(v *state.View, f *event.CallerIDRested) []event.Fact {
	if v.CallerID(f.Number).RestUntil >= f.Until {
		return nil
	}
	return []event.Fact{f}
}

// weigh rests a number whose figures are bad (pacing.Thresholds.Judge), by the
// shard's own figures. At most half of a pool rests for that: the figures then
// say more about the pool than about the number.
func (c *Core) weigh(now int64, v *state.View, m *weigh) Outcome {
	h, row := &c.rules.Health, v.CallerID(m.number)
	if h.RestMs <= 0 || row.RestUntil > now {
		return Outcome{}
	}
	today, _ := dayOf(c.rules.DayZone, now)
	own := HealthOf(row, today, h.Days)
	if own.Attempts == 0 || own.Attempts%weighEvery != 0 {
		return Outcome{}
	}
	for _, pool := range c.pools {
		if !slices.Contains(pool.numbers, m.number) {
			continue
		}
		others, resting := pacing.Figures{}, 0
		for _, n := range pool.numbers {
			if n == m.number {
				continue
			}
			other := v.CallerID(n)
			others.Add(HealthOf(other, today, h.Days))
			if other.RestUntil > now && other.RestBy == RestByHealth {
				resting++
			}
		}
		ill := h.Judge(own, others)
		if 2*(resting+1) > len(pool.numbers) || ill == pacing.Well {
			continue
		}
		return Outcome{Facts: rest(v, &event.CallerIDRested{
			Number: m.number, Until: now + h.RestMs, ClearDay: today, By: RestByHealth, At: now,
			Rule: string(ill), Reason: string(ill) + ": " + inFigures(ill, own, others, pool.name),
		})}
	}
	return Outcome{}
}

// inFigures says what a number rests for.
func inFigures(ill pacing.Ill, own, others pacing.Figures, pool string) string {
	switch ill {
	case pacing.AnswerRate:
		return fmt.Sprintf("%d of %d calls answered, %d of %d in the rest of pool %s",
			own.Answered, own.Attempts, others.Answered, others.Attempts, pool)
	case pacing.ShortCalls:
		return fmt.Sprintf("%d of %d answered calls were over within seconds, %d of %d in the rest of pool %s",
			own.Short, own.Answered, others.Short, others.Answered, pool)
	case pacing.Neighbours:
		return fmt.Sprintf("%d of %d calls went to its own exchange", own.Near, own.Attempts)
	case pacing.Well:
	}
	panic("BUG: a number rests without a reason")
}

// HealthOf are the figures of a number over the last days, today the last of
// them, without those for which it has rested.
func HealthOf(row *state.CallerID, today int64, days int) pacing.Figures {
	d := row.Since(max(today-int64(days), row.ClearDay))
	return pacing.Figures{Attempts: d.Attempts, Answered: d.Answered, Short: d.Short, Contacts: d.Contacts, Near: d.Near}
}

// callerPool is a pool with its numbers, both in order.
type callerPool struct {
	name    string
	numbers []cadence.Number
}

func poolsOf(ids []pacing.CallerID) []callerPool {
	byName := map[string][]cadence.Number{}
	for _, id := range ids {
		name := cmp.Or(id.Pool, pacing.DefaultPool)
		byName[name] = append(byName[name], id.Number)
	}
	var pools []callerPool
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		slices.Sort(byName[name])
		pools = append(pools, callerPool{name, byName[name]})
	}
	return pools
}
