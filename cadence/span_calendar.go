package cadence

import "time"

// maxDaysOff is how many days in a row may be days off. A calendar that names
// more is broken: from there business days count every day, so that the search
// ends.
const maxDaysOff = 366

// From is the instant the span after t. Seconds, minutes and hours are exact.
// Days, weeks, months and business days move the local date in loc and keep
// the wall-clock time: a time that a change to summer time skips moves forward
// by the skipped hour, one that occurs twice is taken the first time, and a
// day the target month lacks becomes its last. Business days skip Saturday,
// Sunday and the days isHoliday names; isHoliday is given noon of the local
// day and may be nil.
func (s Span) From(t time.Time, loc *time.Location, isHoliday func(time.Time) bool) time.Time {
	if d, ok := s.Exact(); ok {
		return t.Add(d)
	}
	local := t.In(loc)
	year, month, day := local.Date()
	switch s.Unit {
	case Days:
		day += s.N
	case Weeks:
		day += 7 * s.N
	case Months:
		year, month, day = addMonths(year, month, day, s.N)
	case BusinessDays:
		day = addBusinessDays(year, month, day, s.N, loc, isHoliday)
	case Seconds, Minutes, Hours:
	}
	return wallTime(year, month, day, local, loc)
}

// addMonths keeps the day of the month where the target month has it.
func addMonths(year int, month time.Month, day, n int) (int, time.Month, int) {
	first := time.Date(year, month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.Year(), first.Month(), min(day, last)
}

// addBusinessDays returns a day number relative to the same year and month.
func addBusinessDays(year int, month time.Month, day, n int, loc *time.Location, isHoliday func(time.Time) bool) int {
	off := 0
	for n > 0 {
		day++
		noon := wallTime(year, month, day, time.Date(2000, 1, 1, 12, 0, 0, 0, time.UTC), loc)
		free := noon.Weekday() == time.Saturday || noon.Weekday() == time.Sunday || isHoliday != nil && isHoliday(noon)
		switch {
		case !free:
			off = 0
			n--
		case off < maxDaysOff:
			off++
		default:
			n--
		}
	}
	return day
}

// wallTime is the first instant at which clocks in loc show the given date
// and clock's time of day; for a time that does not occur, the instant it
// would be by the offset in force before the change.
func wallTime(year int, month time.Month, day int, clock time.Time, loc *time.Location) time.Time {
	hour, minute, second := clock.Clock()
	want := time.Date(year, month, day, hour, minute, second, clock.Nanosecond(), time.UTC)
	// No offset is larger than 14 h, so a day to either side brackets a change.
	_, before := want.Add(-24 * time.Hour).In(loc).Zone()
	_, after := want.Add(24 * time.Hour).In(loc).Zone()
	early := want.Add(-time.Duration(max(before, after)) * time.Second)
	late := want.Add(-time.Duration(min(before, after)) * time.Second)
	if shows(early.In(loc), want) {
		return early.In(loc)
	}
	if shows(late.In(loc), want) {
		return late.In(loc)
	}
	return want.Add(-time.Duration(before) * time.Second).In(loc)
}

// shows reports whether local reads the same date and time of day as want.
func shows(local, want time.Time) bool {
	_, offset := local.Zone()
	return local.Unix()+int64(offset) == want.Unix()
}
