package window

import "time"

// Date is a calendar day as the number yyyymmdd.
type Date int32

// DateOf is the local calendar day of t.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date(y*10000 + int(m)*100 + d)
}

// Holidays tells whether nobody may be called on a local day. It must be safe
// for concurrent use and always give the same answer; nil means no holidays.
type Holidays func(Date) bool

// Dates is the set of the given days.
func Dates(days ...Date) Holidays {
	set := make(map[Date]struct{}, len(days))
	for _, d := range days {
		set[d] = struct{}{}
	}
	return func(d Date) bool {
		_, ok := set[d]
		return ok
	}
}

// Day is a local calendar day, counted from 1970-01-01, which is day 0.
type Day int32

// DayOf is the local calendar day of t.
func DayOf(t time.Time) Day {
	_, offset := t.Zone()
	day, _ := floorDiv(t.Unix()+int64(offset), secondsPerDay)
	return Day(day)
}

// Rule allows calls in some minutes of the local week, except on holidays.
// Local means: in Zone, or when Zone is nil in every candidate zone of the
// called number at once. A Rule must not be changed once it is in use.
type Rule struct {
	ID       string // stable, for example "us.tsr.hours"
	Week     Week
	Holidays Holidays
	// OnHolidays are the minutes allowed on holidays, of the week as Week's
	// are; nil allows none.
	OnHolidays *Week
	Zone       *time.Location
	// Since and Until are the first and the last local day on which the rule
	// is in force; on others it allows everything. 0 is no bound.
	Since, Until Day
}

// inForce reports whether the rule is in force on a local day.
func (r *Rule) inForce(day int64) bool {
	return (r.Since == 0 || day >= int64(r.Since)) && (r.Until == 0 || day <= int64(r.Until))
}

// RuleNoZone refuses because a rule speaks of local time and there is no
// candidate zone: unknown means no.
const RuleNoZone = "tz.unknown"
