package permit

import (
	"fmt"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// Reach is how far back calls are kept for caps, whatever the law about a place
// counts: a cadence that is published tomorrow may count as far (caps.lead).
const Reach = cadence.LongestCap

// Capped adds a cadence's own caps (nil: none) to a pack that is still the
// caller's alone. It fails on a period that does not parse.
func (p *Pack) Capped(c *cadence.Caps) error {
	if c == nil {
		return nil
	}
	for _, one := range c.Lead {
		span, err := one.Rolling()
		if err != nil {
			return fmt.Errorf("permit: caps: %w", err)
		}
		p.Caps = append(p.Caps, pack.Limit{ID: RuleLeadCap, Max: one.Max, Span: span, Person: true})
	}
	if c.Daily > 0 {
		p.Daily = append(slices.Clip(p.Daily), pack.Limit{ID: RuleCadenceCap, Max: c.Daily})
	}
	return nil
}

// checkDaily counts the calls of the cadence in the house's day, whoever they
// were to.
func checkDaily(f *Facts, now time.Time) finding {
	if f.CadenceEnds == 0 || now.UnixMilli() >= f.CadenceEnds {
		return finding{}
	}
	for i := range f.Pack.Daily {
		if found := checkOneDaily(f, &f.Pack.Daily[i], now); !found.passes() {
			return found
		}
	}
	return finding{}
}

func checkOneDaily(f *Facts, l *pack.Limit, now time.Time) finding {
	most := f.share(l.Max)
	if f.CadenceEnds == 0 || now.UnixMilli() >= f.CadenceEnds || f.CadenceCalls < most || !inForce(f, l, now) {
		return finding{}
	}
	return finding{rule: l.ID, result: Defer, until: lapsing(f, l, time.UnixMilli(f.CadenceEnds)), calls: int(f.CadenceCalls), max: int(most)}
}

// share is this shard's part of a limit. The parts add up to it.
func (f *Facts) share(limit int) int64 {
	if f.Shards <= 1 {
		return int64(limit)
	}
	return (int64(limit) + f.Turn) / f.Shards
}

// traceDaily tells of every limit on the calls of the cadence.
func traceDaily(f *Facts, now time.Time) (out []Check) {
	for i := range f.Pack.Daily {
		l := &f.Pack.Daily[i]
		detail := "not counted here"
		if f.CadenceEnds > 0 {
			detail = fmt.Sprintf("%d of %d calls of the cadence in the house's day", f.CadenceCalls, f.share(l.Max))
		}
		if f.Shards > 1 {
			detail += fmt.Sprintf(", this shard's part of %d", l.Max)
		}
		out = append(out, limitCheck(KindCap, l, checkOneDaily(f, l, now), detail))
	}
	return out
}

// checkCallers holds the caller ID against what the law wants of it. Another
// one may be granted the next time.
func checkCallers(f *Facts, now time.Time) finding {
	if f.From == "" {
		return finding{} // not told: of a release that did not judge it, or nobody has chosen yet
	}
	for i := range f.Pack.Law.Callers {
		if l := &f.Pack.Law.Callers[i]; !l.Fits(string(f.From), f.Away) && inForce(f, l, now) {
			return finding{rule: l.ID, result: Defer, until: now.Add(CallerIDWait)}
		}
	}
	return finding{}
}

// CallerIDWait is when a call looks again for a caller ID that fits.
const CallerIDWait = 5 * time.Minute

// traceCallers tells what the law wants of the caller ID and what it is.
func traceCallers(f *Facts, now time.Time) (out []Check) {
	for i := range f.Pack.Law.Callers {
		l := &f.Pack.Law.Callers[i]
		c := Check{Rule: l.ID, Kind: KindCallerID, Result: Allow, Detail: notInForce}
		if inForce(f, l, now) {
			if c.Detail = callerDetail(f, l); f.From != "" && !l.Fits(string(f.From), f.Away) {
				c.Result, c.Until = Defer, now.Add(CallerIDWait)
			}
		}
		out = append(out, c)
	}
	return out
}

func callerDetail(f *Facts, l *pack.Limit) string {
	if f.From == "" {
		return "no caller ID was told"
	}
	said := string(f.From) + " is shown"
	if len(l.Prefixes) > 0 {
		said += fmt.Sprintf(", one that begins with %v is wanted", l.Prefixes)
	}
	switch {
	case l.CallBack && f.Away:
		said += "; calls to it do not come here"
	case l.CallBack:
		said += "; calls to it come here"
	}
	return said
}
