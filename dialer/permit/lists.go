package permit

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// listed is the imported list that forbids the call, nil for none: the first
// that the number is on and whose rule is not waived.
func (f *Facts) listed() *List {
	for i := range f.Lists {
		if l := &f.Lists[i]; l.On && !f.exempt(l.Name) {
			return l
		}
	}
	return nil
}

// exempt reports whether the law lets the call be made though the number is on
// a list.
func (f *Facts) exempt(list string) bool {
	return f.Pack != nil && f.Pack.Law != nil && slices.Contains(f.Pack.Law.Exempt, list)
}

// List is what an imported list says of the number; false when there is no
// list of this name. It is what a rule about scrubbing asks.
func (f *Facts) List(name string) (List, bool) {
	for i := range f.Lists {
		if f.Lists[i].Name == name {
			return f.Lists[i], true
		}
	}
	return List{}, false
}

// ScrubMode says how the age of imported lists is judged: a law that wants
// calls to be checked against a list wants the list to be young.
type ScrubMode string

// The modes. ScrubOff is that of verdicts that were given before lists were
// judged by their age.
const (
	ScrubOff          ScrubMode = ""
	ScrubWhenImported ScrubMode = "when_imported" // a list that was never imported is not asked for
	ScrubEnforce      ScrubMode = "enforce"       // without the list nobody is called whom its rule is about
)

// checkScrubs refuses while a list that the law wants is missing or too old.
func checkScrubs(f *Facts, now time.Time) finding {
	for i := range f.Pack.Law.Scrubs {
		if l := &f.Pack.Law.Scrubs[i]; stale(f, l, now) && inForce(f, l, now) {
			return finding{rule: l.ID, result: Block, detail: l.List}
		}
	}
	return finding{}
}

// stale reports whether the list of a rule is older than the rule allows, or
// will be before a call that leaves now has rung.
func stale(f *Facts, l *pack.Limit, now time.Time) bool {
	if f.Scrub == ScrubOff {
		return false
	}
	list, _ := f.List(l.List)
	age, imported := list.Age(now)
	if !imported {
		return f.Scrub == ScrubEnforce && !l.Voluntary
	}
	return age > l.Span-Guard
}

// ageing is end, or the instant until which a call has to leave to ring while
// the lists and the consents that it was judged by are young enough, if that
// comes first.
func ageing(f *Facts, now, end time.Time) time.Time {
	for i := range f.Pack.Law.Scrubs {
		l := &f.Pack.Law.Scrubs[i]
		if list, _ := f.List(l.List); f.Scrub != ScrubOff && list.AsOf > 0 && inForce(f, l, now) {
			end = earlier(end, time.UnixMilli(list.AsOf).Add(l.Span-Guard))
		}
	}
	for i := range f.Consents {
		c := &f.Consents[i]
		if last, lapses := pack.Lapses(c.Evidence, time.UnixMilli(c.Given)); lapses {
			end = earlier(end, last.Add(-Guard))
		}
	}
	return end
}

// traceScrubs tells how old each list is that the law wants.
func traceScrubs(f *Facts, now time.Time) (out []Check) {
	for i := range f.Pack.Law.Scrubs {
		l := &f.Pack.Law.Scrubs[i]
		c := Check{Rule: l.ID, Kind: KindScrub, Result: Allow, Detail: notInForce}
		if inForce(f, l, now) {
			if c.Detail = scrubDetail(f, l, now); stale(f, l, now) {
				c.Result = Block
			}
		}
		out = append(out, c)
	}
	return out
}

func scrubDetail(f *Facts, l *pack.Limit, now time.Time) string {
	list, _ := f.List(l.List)
	age, imported := list.Age(now)
	days := func(d time.Duration) string { return strconv.FormatFloat(d.Hours()/24, 'f', 1, 64) }
	switch {
	case f.Scrub == ScrubOff:
		return l.List + ": its age was not judged"
	case imported:
		return fmt.Sprintf("%s as of %s: %s days old, at most %s", l.List, time.UnixMilli(list.AsOf).UTC().Format(time.DateOnly), days(age), days(l.Span))
	case l.Voluntary:
		return l.List + " was never imported: no duty, judged from its first import on"
	case f.Scrub == ScrubEnforce:
		return l.List + " was never imported whole"
	}
	return l.List + " was never imported: not judged (compliance.scrub: when_imported)"
}

// Age is how old the edition in force is at an instant; false when no edition
// was ever taken in whole.
func (l List) Age(now time.Time) (time.Duration, bool) {
	return now.Sub(time.UnixMilli(l.AsOf)), l.AsOf > 0
}
