package cadence

import (
	"fmt"
	"slices"
	"time"
)

const minutesPerWeek = 7 * 24 * 60

// The hours in which calls may be placed at all at the called party's local
// time: 8 a.m. to 9 p.m., 47 CFR 64.1200(c)(1).
const (
	lawFrom = 8 * 60
	lawTo   = 21 * 60
)

// week says for every minute of the local week, Monday 00:00 first, whether a
// call may be placed.
type week [minutesPerWeek]bool

// openWeek joins the windows; where they are of the lead's own zone, only the
// hours the law allows are left.
func openWeek(r *TimeRestrictions) *week {
	var open week
	for _, w := range r.Windows {
		from, ok1 := minuteOfDay(w.From)
		to, ok2 := minuteOfDay(w.To)
		if !ok1 || !ok2 {
			continue
		}
		if r.Zone == "" || r.Zone == ZoneLead {
			from, to = max(from, lawFrom), min(to, lawTo)
		}
		for day, name := range weekdays {
			if len(w.Days) > 0 && !slices.Contains(w.Days, name) {
				continue
			}
			for minute := from; minute < to; minute++ {
				open[day*24*60+minute] = true
			}
		}
	}
	return &open
}

func minuteOfDay(text string) (int, bool) {
	if text == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil
}

// meets reports whether a call placed while the week is open can, after the
// delay, find it open again without waiting. Months always may.
func (w *week) meets(delay Span) bool {
	shift := 0
	switch delay.Unit {
	case Months:
		return true
	case BusinessDays:
		return slices.Contains(w[:5*24*60], true)
	case Days, Weeks:
		shift = int(delay.Approx() / time.Minute % minutesPerWeek)
	case Seconds, Minutes, Hours:
		shift = int((delay.Approx() + time.Minute - 1) / time.Minute % minutesPerWeek)
	}
	for minute, open := range w {
		if open && w[(minute+shift)%minutesPerWeek] {
			return true
		}
	}
	return false
}

// hours finds windows that are never open and delays that always end outside
// them, so that every such touch waits for the next opening instead.
func (l *linter) hours() {
	r := l.doc.TimeRestrictions
	if r == nil || len(r.Windows) == 0 {
		return
	}
	open := openWeek(r)
	if !slices.Contains(open[:], true) {
		l.errorAt("time_restrictions.windows", "never_open", "no window is open between 08:00 and 21:00, when calls may be placed", "move the windows into those hours")
		return
	}
	check := func(path string, delay Span) {
		if !delay.IsZero() && !open.meets(delay) {
			l.warnAt(path, "delay_misses_windows", fmt.Sprintf("after %s the windows are always closed; the touch waits for the next opening", delay), "change the delay or the windows")
		}
	}
	for i := range l.doc.Steps {
		anchored := i+1 < len(l.doc.Steps) && l.doc.Steps[i+1].Anchor == AnchorEnrollment
		if !anchored && i+1 < len(l.doc.Steps) {
			check(at("steps", i)+".delay_after", l.doc.Steps[i].DelayAfter)
		}
	}
	l.eachRoute(func(path string, route *Route) {
		if route.Delay != nil && (route.Do == DoRetry || route.Do == DoNext || route.Do == DoGoto) {
			check(path+".delay", *route.Delay)
		}
	})
}
