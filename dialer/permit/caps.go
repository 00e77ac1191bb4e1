package permit

import (
	"time"

	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// checkCaps counts the calls to the number and the person: the house's cap
// first, then the law's, then the silences that the law wants.
func checkCaps(f *Facts, now time.Time) finding {
	if n := countedIn(f, &house, now, NumberWindow); n >= f.limit() {
		return finding{rule: RuleNumberCap, result: Defer, until: rolledOut(f, &house, now, NumberWindow, f.limit()), calls: n, max: f.limit()}
	}
	law := f.Pack.Law
	for i := range law.Caps {
		if found := checkCap(f, &law.Caps[i], now); !found.passes() {
			return found
		}
	}
	for i := range f.Pack.Caps {
		if found := checkCap(f, &f.Pack.Caps[i], now); !found.passes() {
			return found
		}
	}
	for i := range law.Waits {
		if found := checkWait(f, &law.Waits[i], now); !found.passes() {
			return found
		}
	}
	return checkDaily(f, now)
}

// house counts as the house's cap does: the calls to the number.
var house pack.Limit

// counted are the instants that a limit counts: those of the calls to the
// number, whatever they were about; for one that holds for the person, also
// those of the calls to the person's other numbers; for one that is not about
// a subject, also of those about anything else.
func counted(f *Facts, l *pack.Limit) (lists [3][]int64) {
	lists[0] = f.Intents
	if l.Person {
		lists[1] = f.Others
		if !l.Subject {
			lists[2] = f.OthersElse
		}
	}
	return lists
}

// checkCap judges one cap of the law.
func checkCap(f *Facts, l *pack.Limit, now time.Time) finding {
	if !inForce(f, l, now) {
		return finding{}
	}
	if l.Span == 0 {
		return checkCalendarCap(f, l, now)
	}
	n := countedIn(f, l, now, l.Span)
	if n < l.Max {
		return finding{}
	}
	return finding{rule: l.ID, result: Defer, until: lapsing(f, l, rolledOut(f, l, now, l.Span, l.Max)), calls: n, max: l.Max}
}

// countedIn is how many intents the rolling window that ends at now holds. One
// more call now must leave at most the cap at any instant; the guard widens
// the window, because a call rings a little after its intent and not always
// equally late. An intent dated later than now counts too.
func countedIn(f *Facts, l *pack.Limit, now time.Time, span time.Duration) int {
	return after(f, l, floorMilli(now)-guarded(span))
}

// after is how many counted instants lie behind one.
func after(f *Facts, l *pack.Limit, from int64) (n int) {
	for _, list := range counted(f, l) {
		for _, at := range list {
			if at > from {
				n++
			}
		}
	}
	return n
}

func guarded(span time.Duration) int64 { return int64((span + Guard) / time.Millisecond) }

// rolledOut is the first instant at which enough intents have left the window:
// that of the oldest which leaves no more than limit - 1 younger ones.
func rolledOut(f *Facts, l *pack.Limit, now time.Time, span time.Duration, limit int) time.Time {
	best := int64(-1)
	for _, list := range counted(f, l) {
		for _, at := range list {
			if after(f, l, at) < limit && (best < 0 || at < best) {
				best = at
			}
		}
	}
	return time.UnixMilli(max(best+guarded(span), ceilMilli(now)))
}

// checkCalendarCap counts since the day or month began, in every place the
// called party may be in. The last minute of a period, as of a window, is left
// out: a call that leaves in it may ring in the next one, which counts it not.
func checkCalendarCap(f *Facts, l *pack.Limit, now time.Time) finding {
	for _, z := range f.Zones {
		from, to := calendarPeriod(l, now, z)
		n := after(f, l, from.UnixMilli()-1)
		if n >= l.Max || to.Sub(now) <= Guard {
			return finding{rule: l.ID, result: Defer, until: lapsing(f, l, to), zone: z, calls: n, max: l.Max}
		}
	}
	return finding{}
}

// calendarPeriod is the day or month of a place that a cap counts in at now.
func calendarPeriod(l *pack.Limit, now time.Time, z *time.Location) (from, to time.Time) {
	year, month, day := now.In(z).Date()
	if l.Month {
		return dayStart(year, month, 1, z), dayStart(year, month+1, 1, z)
	}
	return dayStart(year, month, day, z), dayStart(year, month, day+1, z)
}

// counting is the end of the hours, or the instant until which a call has to
// leave to ring in the periods that count it, if that comes first.
func counting(f *Facts, now, end time.Time) time.Time {
	for _, caps := range [...][]pack.Limit{f.Pack.Law.Caps, f.Pack.Caps} {
		for i := range caps {
			if l := &caps[i]; l.Span > 0 || !inForce(f, l, now) {
				continue
			}
			for _, z := range f.Zones {
				if _, to := calendarPeriod(&caps[i], now, z); to.Add(-Guard).Before(end) {
					end = to.Add(-Guard)
				}
			}
		}
	}
	return beginning(f, now, end)
}

// beginning is end, or the instant until which a call has to leave to ring
// under the rules it was judged by: before one that is not in force yet comes
// into force, if that is first.
func beginning(f *Facts, now, end time.Time) time.Time {
	law := f.Pack.Law
	for _, limits := range [...][]pack.Limit{law.Caps, law.Waits, law.Scrubs, law.Rings, law.Callers, law.Abandons, f.Pack.Daily} {
		for i := range limits {
			if l := &limits[i]; l.Since == 0 || inForce(f, l, now) {
				continue
			}
			for _, z := range f.Zones {
				if last := dayStart(1970, time.January, 1+int(limits[i].Since), z).Add(-Guard); last.After(now) && last.Before(end) {
					end = last
				}
			}
		}
	}
	return end
}

// dayStart is the first instant of a local day, also where the clock leaves
// midnight out.
func dayStart(year int, month time.Month, day int, z *time.Location) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, z)
	if t.Hour() == 23 {
		_, t = t.ZoneBounds() // it named the hour before the gap
	}
	return t
}

// lapsing is until, or the instant at which the limit is in force nowhere any
// more if that comes first.
func lapsing(f *Facts, l *pack.Limit, until time.Time) time.Time {
	if l.Until == 0 {
		return until
	}
	var last time.Time
	for _, z := range f.Zones {
		if t := dayStart(1970, time.January, 2+int(l.Until), z); t.After(last) {
			last = t
		}
	}
	if !last.IsZero() && last.Before(until) {
		return last
	}
	return until
}

// checkWait keeps the silence after a conversation or a refusal.
func checkWait(f *Facts, l *pack.Limit, now time.Time) finding {
	since := int64(0)
	switch {
	case l.Conversation() && l.Subject:
		since = f.SubjectTalked
	case l.Conversation():
		since = f.Talked
	case l.Refusal() && l.Subject:
		since = f.SubjectRefused
	case l.Refusal():
		since = f.Refused
	}
	until := time.UnixMilli(since + guarded(l.Span))
	if since == 0 || !now.Before(until) || !inForce(f, l, now) {
		return finding{}
	}
	return finding{rule: l.ID, result: Defer, until: lapsing(f, l, until)}
}
