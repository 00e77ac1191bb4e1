package permit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
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
			out = append(out, Check{Rule: r.ID, Kind: Kind(r.Kind), Result: Allow, Detail: duty(r)})
		}
	}
	return out
}

// duty says why a rule is told and not judged.
func duty(r *pack.Rule) string {
	switch r.Kind { //nolint:exhaustive // the other kinds are judged
	case pack.Recording:
		return "a duty without an act: nothing here records calls: " + r.Title
	case pack.Retention:
		return "kept: nothing trims what it names: " + r.Title
	}
	return "a duty that is kept elsewhere: " + r.Title
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

// notInForce is said of a rule outside its days.
const notInForce = "not in force"

// traceEvidence are the consents that are missing and those that are there,
// and the rules that a consent or a relationship takes away.
func traceEvidence(f *Facts, now time.Time) (out []Check) {
	for i := range f.Pack.Law.Missing {
		l := &f.Pack.Law.Missing[i]
		c := Check{Rule: l.ID, Kind: KindConsent, Result: Allow, Detail: notInForce}
		if inForce(f, l, now) {
			c.Result, c.Detail = Block, needs(f, l)
		}
		out = append(out, c)
	}
	for i := range f.Pack.Law.Met {
		l := &f.Pack.Law.Met[i]
		out = append(out, Check{Rule: l.ID, Kind: KindConsent, Result: Allow, Detail: "needs " + l.Need + ": " + proof(f, l)})
	}
	for i := range f.Pack.Law.Waived {
		l := &f.Pack.Law.Waived[i]
		out = append(out, Check{Rule: l.ID, Kind: Kind(l.Kind), Result: Allow, Detail: "does not hold: " + proof(f, l)})
	}
	return out
}

// needs says which consent is missing, and which others are there.
func needs(f *Facts, l *pack.Limit) string {
	need := l.Need
	if l.ToSeller {
		if f.Seller == "" {
			return need + " to the seller is needed, and neither cadence nor campaign nor configuration names the seller"
		}
		for _, c := range f.Consents {
			if !cadence.SameSeller(c.Seller, f.Seller) && pack.Satisfies(c.Evidence, need) {
				return fmt.Sprintf("%s is recorded, given to %s, and not to %s, who sells here", c.Evidence, cmp.Or(c.Seller, "nobody by name"), f.Seller)
			}
		}
		need += " to " + f.Seller
	}
	if len(f.Consents) == 0 {
		return need + " is not recorded, nor is any other consent that counts"
	}
	have := make([]string, len(f.Consents))
	for i, c := range f.Consents {
		have[i] = c.Evidence
	}
	return need + " is not recorded, only " + strings.Join(have, ", ")
}

// NoRecord is said of evidence that rests on no record: a cadence of an earlier
// release said so.
const NoRecord = "as the cadence said in an earlier release"

// proof names the record that evidence rests on.
func proof(f *Facts, l *pack.Limit) string {
	if l.Declared {
		return l.By + ", declared by the cadence"
	}
	i := slices.IndexFunc(f.Consents, func(c Consent) bool {
		return c.Evidence == l.By && (!l.ToSeller || cadence.SameSeller(c.Seller, f.Seller))
	})
	if i < 0 {
		return l.By + ", " + NoRecord
	}
	c := &f.Consents[i]
	text := fmt.Sprintf("%s, record %s of %s", l.By, c.ID.Text(cadence.KindConsent), time.UnixMilli(c.Given).UTC().Format(time.RFC3339))
	if c.Seller != "" {
		text += ", given to " + c.Seller
	}
	return text
}

// traceRings are the least times to ring.
func traceRings(f *Facts, now time.Time) (out []Check) {
	for i := range f.Pack.Law.Rings {
		l := &f.Pack.Law.Rings[i]
		c := Check{Rule: l.ID, Kind: KindRing, Result: Allow, Detail: notInForce}
		if inForce(f, l, now) {
			c.Detail = fmt.Sprintf("rings %s of at least %s", time.Duration(f.Ring)*time.Millisecond, l.Span)
			if f.Ring > 0 && time.Duration(f.Ring)*time.Millisecond < l.Span {
				c.Result = Block
			}
		}
		out = append(out, c)
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
	out := []Check{check(RuleNumberCap, own, fmt.Sprintf("%d of %d calls within %s", n, f.limit(), NumberWindow))}
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
		out = append(out, limitCheck(KindWait, l, checkWait(f, l, now), fmt.Sprintf("%s after the last %s", l.Span, l.After)))
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
		return fmt.Sprintf("%d of %d calls within %s", countedIn(f, l, now, l.Span), l.Max, l.Span) + where(l)
	case l.Month:
		return fmt.Sprintf("at most %d calls in a month", l.Max) + where(l)
	}
	return fmt.Sprintf("at most %d calls in a day", l.Max) + where(l)
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

// traceHours looks at every rule in every zone. When all allow now but one
// ends within the guard, the ones that end first do not pass.
func traceHours(f *Facts, now time.Time) []Check {
	joint := window.Decide(now, f.Zones, f.Pack.joint)
	at := now
	if joint.OK && joint.NotAfter.Sub(now) <= Guard {
		at = joint.NotAfter
	}
	own := checkHours(f, now)
	_, end := eligible(f, now)
	var out []Check
	for _, r := range f.Pack.Windows {
		kind := f.Pack.kindOf(r)
		if kind == KindConsent && own.rule != r.ID && end.rule != r.ID {
			continue // told before, or not yet in force
		}
		for _, z := range zonesOf(r, f.Zones) {
			c := traceWindow(r, z, now, at)
			if c.Kind = kind; c.Result == Defer && (own.result == Block || end.rule == r.ID) {
				c.Result, c.Until = Block, time.Time{} // it opens, but never together with the others
			}
			if c.Result == Allow && end.rule == r.ID {
				c.Result, c.NotAfter, c.Detail = Block, time.Time{}, "nothing is allowed any more when the rest would be"
			}
			out = append(out, c)
		}
	}
	return out
}

// kindOf tells windows, holidays, bans and missing consents apart.
func (p *Pack) kindOf(r *window.Rule) Kind {
	switch {
	case slices.ContainsFunc(p.Law.Missing, func(l pack.Limit) bool { return l.ID == r.ID }):
		return KindConsent
	case r.Holidays != nil:
		return KindHoliday
	case r.Week.Empty():
		return KindEmergency
	}
	return KindWindow
}

func zonesOf(r *window.Rule, zones []*time.Location) []*time.Location {
	if r.Zone != nil {
		return []*time.Location{r.Zone}
	}
	return zones
}

func traceWindow(r *window.Rule, z *time.Location, now, at time.Time) Check {
	own := window.Decide(at, []*time.Location{z}, []*window.Rule{r})
	c := Check{Rule: r.ID, Result: Allow, Zone: z.String(), Local: now.In(z)}
	switch {
	case own.OK:
		c.NotAfter = own.NotAfter
	case own.Never:
		c.Result = Block
	default:
		c.Result, c.Until = Defer, own.Until
	}
	if !at.Equal(now) && !own.OK {
		c.Detail = fmt.Sprintf("ends in %s; nothing is placed in the last %s", at.Sub(now).Round(time.Second), Guard)
	}
	return c
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
