package pack

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// Years whose days are remembered once worked out; in others nothing is a
// holiday, and no call is judged there.
const (
	firstYear = 1971
	lastYear  = 2199
)

// yearDays is a set of days: bit d of month m is day d.
type yearDays [13]uint32

// holidays are the days of a calendar, worked out year by year.
type holidays struct {
	feasts []Feast
	years  [lastYear - firstYear + 1]atomic.Pointer[yearDays]
}

// has reports whether a day is a holiday. It allocates only the first time it
// meets a year, and may be called by several goroutines.
func (h *holidays) has(d window.Date) bool {
	y, month, day := int(d)/10000, int(d)/100%100, int(d)%100
	if y < firstYear || y > lastYear || month < 1 || month > 12 {
		return false
	}
	slot := &h.years[y-firstYear]
	days := slot.Load()
	if days == nil {
		days = h.workOut(y)
		slot.Store(days)
	}
	return days[month]>>day&1 == 1
}

// workOut also looks at the neighbouring years: a holiday on the first of
// January may be observed on the last day of the year before.
func (h *holidays) workOut(year int) *yearDays {
	var days yearDays
	for of := year - 1; of <= year+1; of++ {
		for i := range h.feasts {
			for _, t := range h.feasts[i].days(of) {
				if t.Year() == year {
					days[t.Month()] |= 1 << t.Day()
				}
			}
		}
	}
	return &days
}

// days are the day of a feast in a year and the one it is observed on; both
// are kept, since laws differ in which they mean.
func (f *Feast) days(year int) []time.Time {
	if f.Every > 1 && year%f.Every != 0 {
		return nil
	}
	t, ok := f.day(year)
	if !ok {
		return nil
	}
	all := []time.Time{t}
	if behind := (8 - int(t.Weekday())) % 7; f.Monday && behind <= 2 {
		all = append(all, t.AddDate(0, 0, behind))
	}
	if f.Observed {
		switch t.Weekday() {
		case time.Saturday:
			all = append(all, t.AddDate(0, 0, -1))
		case time.Sunday:
			all = append(all, t.AddDate(0, 0, 1))
		case time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday:
		}
	}
	return all
}

func (f *Feast) day(year int) (time.Time, bool) {
	switch {
	case f.Date != "":
		month, day, _ := monthDay(f.Date)
		t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
		return t, t.Day() == day // 29 February stands only in leap years
	case f.Easter != nil:
		return easter(year).AddDate(0, 0, *f.Easter), true
	}
	t, ok := nthWeekday(year, time.Month(f.Month), dayNames[f.Weekday], f.Nth)
	return t.AddDate(0, 0, f.Plus), ok
}

var dayNames = map[string]time.Weekday{
	"sun": time.Sunday, "mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday, "fri": time.Friday, "sat": time.Saturday,
}

func nthWeekday(year int, month time.Month, day time.Weekday, nth int) (time.Time, bool) {
	if nth < 0 {
		last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC)
		return last.AddDate(0, 0, -int((last.Weekday()-day+7)%7)), true
	}
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	t := first.AddDate(0, 0, int((day-first.Weekday()+7)%7)+7*(nth-1))
	return t, t.Month() == month
}

// easter is the Sunday of the Gregorian computus in the form of Meeus, Jones
// and Butcher (J. Meeus, Astronomical Algorithms, ch. 8).
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}

// monthDay reads "12-25".
func monthDay(text string) (time.Month, int, error) {
	m, d, ok := strings.Cut(text, "-")
	month, err1 := strconv.Atoi(m)
	day, err2 := strconv.Atoi(d)
	if !ok || err1 != nil || err2 != nil || len(m) != 2 || len(d) != 2 || month < 1 || month > 12 ||
		day < 1 || time.Date(2028, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() != day {
		return 0, 0, fmt.Errorf("%q is no day of the year: want MM-DD", text)
	}
	return time.Month(month), day, nil
}

// wrong says what is wrong with a feast, "" when nothing is.
func (f *Feast) wrong() string {
	ways := 0
	for _, used := range []bool{f.Date != "", f.Weekday != "", f.Easter != nil} {
		if used {
			ways++
		}
	}
	switch {
	case f.Name == "":
		return "a holiday needs a name"
	case ways != 1:
		return "want exactly one of date, weekday and easter"
	case f.Every < 0 || f.Every > 100:
		return "every counts years, 1 to 100"
	case f.Date != "":
		if _, _, err := monthDay(f.Date); err != nil {
			return err.Error()
		}
	case f.Weekday != "":
		if !slices.Contains(weekdays, f.Weekday) || f.Month < 1 || f.Month > 12 || f.Nth < -1 || f.Nth == 0 || f.Nth > 5 {
			return "want a weekday mon … sun, a month 1 … 12 and nth 1 … 5 or -1 for the last"
		}
	}
	return ""
}
