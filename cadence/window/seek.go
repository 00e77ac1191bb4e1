package window

import "time"

const (
	secondsPerDay = 24 * 60 * 60
	// epochWeekday is the weekday of 1970-01-01.
	epochWeekday = int64(time.Thursday)
)

// farOff stands for "the clock does not change again".
const farOff = int64(1) << 60

// offsetAt is the zone's offset from UTC at an instant, in seconds, and a later
// instant until which it does not change: so far local time is linear.
// Instants are Unix seconds.
func offsetAt(at int64, zone *time.Location) (offset, until int64) {
	t := time.Unix(at, 0).In(zone)
	_, seconds := t.Zone()
	_, end := t.ZoneBounds()
	switch {
	case end.IsZero():
		return int64(seconds), farOff
	case end.Unix() > at:
		return int64(seconds), end.Unix()
	}
	return int64(seconds), untilMidnight(at, seconds, zone)
}

// untilMidnight stands in where ZoneBounds names an end that has passed: it
// takes every year for 365 days, so on the last day of a leap year it has no
// answer. Zones do not change twice in a day.
func untilMidnight(at int64, offset int, zone *time.Location) int64 {
	day, _ := floorDiv(at, secondsPerDay)
	until := (day + 1) * secondsPerDay
	for until > at+1 {
		if _, last := time.Unix(until-1, 0).In(zone).Zone(); last == offset {
			break
		}
		until = at + (until-at)/2
	}
	return until
}

// on is the week that holds on a local day, counted from 1970-01-01; nil when
// all of that day is alike: allowed before the rule begins and after it ends,
// refused on holidays without hours of their own.
func (r *Rule) on(day int64) (week *Week, allowed bool) {
	switch {
	case !r.inForce(day):
		return nil, true
	case r.Holidays != nil && r.Holidays(DateOf(time.Unix(day*secondsPerDay, 0).UTC())):
		return r.OnHolidays, false
	}
	return &r.Week, false
}

// seek is the first instant from at on at which the rule's state in the zone
// is allowed (or, with want false, refused), or limit if there is none before.
func (r *Rule) seek(at int64, zone *time.Location, want bool, limit int64) int64 {
	for at < limit {
		offset, until := offsetAt(at, zone)
		until = min(until, limit)
		if found := r.seekLinear(at, offset, want, until); found < until {
			return found
		}
		at = until
	}
	return limit
}

// seekLinear is seek within [at, end), in which the offset does not change.
// It returns end when there is no such instant.
func (r *Rule) seekLinear(at, offset int64, want bool, end int64) int64 {
	day, second := floorDiv(at+offset, secondsPerDay)
	for minute := int(second / 60); ; minute, day = 0, day+1 {
		midnight := day*secondsPerDay - offset
		if midnight >= end {
			return end
		}
		found := minutesPerDay
		switch week, allowed := r.on(day); {
		case week != nil:
			first := minuteOfWeek(day)
			found = week.find(first+minute, first+minutesPerDay, want) - first
		case allowed == want:
			found = minute
		}
		if found < minutesPerDay {
			return min(max(midnight+int64(found)*60, at), end)
		}
	}
}

// minuteOfWeek is the first minute of a day within the week of a Week.
func minuteOfWeek(day int64) int {
	_, weekday := floorDiv(day+epochWeekday, 7)
	return int(weekday) * minutesPerDay
}

// floorDiv is the quotient rounded down, and the remainder ≥ 0.
func floorDiv(a, b int64) (q, r int64) {
	q, r = a/b, a%b
	if r < 0 {
		q, r = q-1, r+b
	}
	return q, r
}
