package permit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// Check is one rule looked at, for explanations. Until and NotAfter are this
// rule's own, without the others; zero when it has none.
type Check struct {
	Rule     string
	Kind     Kind
	Result   Result // Allow when it passes
	Zone     string
	Local    time.Time // of Zone, zero without one
	Until    time.Time // of Defer
	NotAfter time.Time // of a passing window: its own end
	Detail   string    // the numbers it compared
	Duty     bool      // a duty of law beside the permit: told, not judged
}

// Trace looks at every rule, also behind the first that does not allow. Of the
// checks that are not Allow, Decide's stands first. Rules that need what is
// missing (hours without a zone or a pack) are left out; duties, which the
// permit does not judge, stand at the end.
func Trace(f *Facts, now time.Time) []Check {
	out := traceStops(f, stops[:])
	if f.Pack != nil {
		out = append(out, traceEvidence(f, now)...)
		out = append(out, traceScrubs(f, now)...)
		out = append(out, traceStops(f, about[:])...)
		out = append(out, traceRings(f, now)...)
	}
	if f.ListUntil > 0 {
		out = append(out, check(RuleListRelease, checkRelease(f, now), ""))
	}
	out = append(out, check(RuleOpenAttempt, checkOpen(f, now), ""))
	out = append(out, traceCaps(f, now)...)
	if f.Pack != nil && len(f.Zones) > 0 {
		out = append(out, traceHours(f, now)...)
	}
	none := finding{}
	if !f.CallerID {
		none = block(RuleCallerID)
	}
	out = append(out, check(RuleCallerID, none, ""))
	if f.Pack != nil {
		out = append(out, traceCallers(f, now)...)
		out = append(out, traceAbandon(f, now)...)
	}
	if f.SpendCap > 0 {
		spent := fmt.Sprintf("%.2f of %.2f spent, %.2f reckoned for open calls, %.2f for this one",
			money(f.Spent-f.Held), money(f.SpendCap), money(f.Held), money(f.CallCost))
		out = append(out, check(RuleSpendCap, checkMoney(f, now), spent))
	}
	v := Decide(f, now)
	foreseen(out, &v)
	out = leadWith(out, v)
	if f.Pack != nil {
		for _, r := range f.Pack.Law.Duties {
			out = append(out, Check{Rule: r.ID, Kind: Kind(r.Kind), Result: Allow, Detail: duty(r), Duty: true})
		}
	}
	return out
}

func traceStops(f *Facts, rules []string) (out []Check) {
	for _, rule := range rules {
		if rule == RuleUnknownCountry && f.Pack == nil {
			continue
		}
		found := finding{}
		if refuses(f, rule) {
			found = stopped(f, rule)
		}
		out = append(out, check(rule, found, stopDetail(f, rule)))
	}
	return out
}

// traceCaps looks at the house's cap and at every cap and silence of the law.
func traceCaps(f *Facts, now time.Time) []Check {
	n := countedIn(f, &house, now, NumberWindow)
	own := finding{}
	if n >= f.limit() {
		own = finding{rule: RuleNumberCap, result: Defer, until: rolledOut(f, &house, now, NumberWindow, f.limit())}
	}
	out := []Check{check(RuleNumberCap, own, fmt.Sprintf("%d of %d calls within %s", n, f.limit(), inWords(NumberWindow)))}
	if f.Pack == nil {
		return out
	}
	for i := range f.Pack.Law.Caps {
		l := &f.Pack.Law.Caps[i]
		out = append(out, limitCheck(KindCap, l, checkCap(f, l, now), capDetail(f, l, now)))
	}
	for i := range f.Pack.Caps {
		l := &f.Pack.Caps[i]
		out = append(out, limitCheck(KindCap, l, checkCap(f, l, now), capDetail(f, l, now)))
	}
	for i := range f.Pack.Law.Waits {
		l := &f.Pack.Law.Waits[i]
		out = append(out, limitCheck(KindWait, l, checkWait(f, l, now), fmt.Sprintf("%s after the last %s", inWords(l.Span), l.After)))
	}
	return append(out, traceDaily(f, now)...)
}

func limitCheck(kind Kind, l *pack.Limit, found finding, detail string) Check {
	c := Check{Rule: l.ID, Kind: kind, Result: Allow, Detail: detail}
	if !found.passes() {
		c.Result, c.Until = found.result, found.until
	}
	return c
}

func capDetail(f *Facts, l *pack.Limit, now time.Time) string {
	switch {
	case l.Span > 0:
		return fmt.Sprintf("%d of %d calls within %s", countedIn(f, l, now, l.Span), l.Max, inWords(l.Span)) + where(l)
	case l.Month:
		return fmt.Sprintf("at most %d calls in a month", l.Max) + where(l)
	}
	return fmt.Sprintf("at most %d calls in a day", l.Max) + where(l)
}

// inWords is a period of a rule as people say it: in its largest whole unit.
func inWords(d time.Duration) string {
	for _, u := range []struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		n := d / u.size
		switch {
		case d == 0 || d%u.size != 0 || u.name == "day" && n == 1: // a day of the law is 24 hours
			continue
		case n == 1:
			return "1 " + u.name
		}
		return fmt.Sprintf("%d %ss", n, u.name)
	}
	return d.String()
}

// where says which calls a limit counts.
func where(l *pack.Limit) string {
	switch {
	case !l.Person:
		return ", to this number"
	case l.Subject:
		return ", to all numbers of the person about this subject"
	}
	return ", to all numbers of the person"
}

// foreseen marks the list that is young enough now and will not be when the rest
// would allow the call.
func foreseen(out []Check, v *Verdict) {
	for i := range out {
		if c := &out[i]; c.Kind == KindScrub && c.Result == Allow && c.Rule == v.Rule && v.Result == Block {
			c.Result = Block
			c.Detail += ", and too old by the time the rest would allow it"
		}
	}
}

// leadWith puts the check that decided before the others that refuse. It is
// not the first by order when something else keeps the way shut for good.
func leadWith(out []Check, v Verdict) []Check {
	first := slices.IndexFunc(out, func(c Check) bool { return c.Result != Allow })
	at := slices.IndexFunc(out, func(c Check) bool { return c.Rule == v.Rule && c.Result == v.Result })
	if v.OK() || first < 0 || at <= first {
		return out
	}
	decider := out[at]
	return slices.Insert(slices.Delete(out, at, at+1), first, decider)
}

func money(micros int64) float64 { return float64(micros) / 1e6 }

func check(rule string, found finding, detail string) Check {
	c := Check{Rule: rule, Kind: kindOf(rule), Result: Allow, Detail: detail}
	if !found.passes() {
		c.Result, c.Until = found.result, found.until
	}
	return c
}

// stopDetail names what a stop looked at.
func stopDetail(f *Facts, rule string) string {
	switch rule {
	case RuleHealth:
		return f.Health
	case RuleDNC, RuleDNCScope:
		if refuses(f, rule) {
			return fmt.Sprintf("%s, since %s, %s", f.DNC.Scope, time.UnixMilli(f.DNC.At).UTC().Format(time.RFC3339), f.DNC.Source)
		}
	case RuleDNCList:
		return listsDetail(f)
	case RuleCountry:
		return fmt.Sprintf("%q, allowed: %s", f.Country, strings.Join(f.Countries, " "))
	case RuleZoneUnknown:
		names := make([]string, len(f.Zones))
		for i, z := range f.Zones {
			names[i] = z.String()
		}
		return strings.Join(names, ", ")
	}
	return ""
}

// listsDetail tells of every list its date, and since when the number is on it.
func listsDetail(f *Facts) string {
	day := func(at int64) string { return time.UnixMilli(at).UTC().Format(time.DateOnly) }
	said := make([]string, len(f.Lists))
	for i, l := range f.Lists {
		said[i] = l.Name + ", never imported whole"
		if l.AsOf > 0 {
			said[i] = l.Name + " as of " + day(l.AsOf)
		}
		if l.On {
			said[i] += ", on it since " + day(l.Since)
		}
	}
	return strings.Join(said, "; ")
}

// kindOf is the kind of a built-in rule.
func kindOf(rule string) Kind {
	for _, r := range builtIn {
		if r.ID == rule {
			return r.Kind
		}
	}
	return KindWindow
}
