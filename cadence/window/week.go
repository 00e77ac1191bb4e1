package window

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

const (
	minutesPerDay  = 24 * 60
	minutesPerWeek = 7 * minutesPerDay
	weekWords      = (minutesPerWeek + 63) / 64
)

// Days is a set of weekdays; bit 0 is Sunday.
type Days uint8

// EveryDay is the whole week.
const EveryDay Days = 1<<7 - 1

// On is the set of the given weekdays.
func On(days ...time.Weekday) Days {
	var d Days
	for _, day := range days {
		d |= 1 << day
	}
	return d
}

// Has reports whether the day is in the set.
func (d Days) Has(day time.Weekday) bool { return d>>day&1 == 1 }

// Span is a stretch of the local day on some weekdays. From is inclusive, To
// exclusive, both in minutes since local midnight; 1440 is the end of the day.
type Span struct {
	Days     Days
	From, To int
}

var dayNames = map[string]time.Weekday{
	"sun": time.Sunday, "mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday,
	"thu": time.Thursday, "fri": time.Friday, "sat": time.Saturday,
}

// ParseSpan reads a span as documents write it: days "mon" … "sun" (none
// means every day), from "08:00", to "21:00" or "24:00". It fails on an
// unknown day, a time that is not HH:MM, and a span that does not end after it
// begins: one over midnight is written as two.
func ParseSpan(days []string, from, to string) (Span, error) {
	s := Span{Days: EveryDay}
	if len(days) > 0 {
		s.Days = 0
	}
	for _, name := range days {
		day, ok := dayNames[name]
		if !ok {
			return Span{}, fmt.Errorf("day %q: want mon, tue, wed, thu, fri, sat or sun", name)
		}
		s.Days |= On(day)
	}
	var err error
	if s.From, err = parseMinute(from); err != nil {
		return Span{}, err
	}
	if s.To, err = parseMinute(to); err != nil {
		return Span{}, err
	}
	if s.From >= s.To {
		return Span{}, fmt.Errorf("window %s to %s: it has to end after it begins; write one over midnight as two", from, to)
	}
	return s, nil
}

func parseMinute(s string) (int, error) {
	hour, minute, ok := strings.Cut(s, ":")
	h, errH := strconv.ParseUint(hour, 10, 8)
	m, errM := strconv.ParseUint(minute, 10, 8)
	at := int(h)*60 + int(m)
	if !ok || errH != nil || errM != nil || len(hour) != 2 || len(minute) != 2 || m > 59 || at > minutesPerDay {
		return 0, fmt.Errorf("time of day %q: want HH:MM between 00:00 and 24:00", s)
	}
	return at, nil
}

// Week is the set of minutes of the local week in which calls are allowed. The
// zero value allows none. It is a value: copies are independent.
type Week struct{ bits [weekWords]uint64 }

// NewWeek allows the minutes of all given spans. It panics on a span outside
// the day; spans from outside come through ParseSpan.
func NewWeek(spans ...Span) Week {
	var w Week
	for _, s := range spans {
		if s.From < 0 || s.To > minutesPerDay {
			panic(fmt.Sprintf("BUG: window: span %d to %d lies outside the day", s.From, s.To))
		}
		for day := range 7 {
			if !s.Days.Has(time.Weekday(day)) {
				continue
			}
			for m := day*minutesPerDay + s.From; m < day*minutesPerDay+s.To; m++ {
				w.bits[m>>6] |= 1 << (m & 63)
			}
		}
	}
	return w
}

// Full is the week in which every minute is allowed.
func Full() Week { return full }

var full = NewWeek(Span{EveryDay, 0, minutesPerDay})

// Intersect is the set of minutes that all weeks allow.
func Intersect(weeks ...Week) Week {
	all := Full()
	for i := range weeks {
		for j := range all.bits {
			all.bits[j] &= weeks[i].bits[j]
		}
	}
	return all
}

// Empty reports whether no minute is allowed.
func (w *Week) Empty() bool { return *w == Week{} }

// Minutes is how many minutes of the week are allowed.
func (w *Week) Minutes() int {
	n := 0
	for _, word := range w.bits {
		n += bits.OnesCount64(word)
	}
	return n
}

// Allows reports whether a minute (0 … 1439) of a weekday is allowed.
func (w *Week) Allows(day time.Weekday, minute int) bool {
	return w.at(int(day)*minutesPerDay + minute)
}

func (w *Week) at(m int) bool { return w.bits[m>>6]>>(m&63)&1 == 1 }

// find is the first minute in [from, to) whose state is allowed, or to.
func (w *Week) find(from, to int, allowed bool) int {
	for from < to {
		word := w.bits[from>>6]
		if !allowed {
			word = ^word
		}
		word >>= from & 63
		if word != 0 {
			return min(from+bits.TrailingZeros64(word), to)
		}
		from = from&^63 + 64
	}
	return to
}
