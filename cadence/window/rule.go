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

// Rule allows calls in some minutes of the local week, except on holidays.
// Local means: in Zone, or when Zone is nil in every candidate zone of the
// called number at once. A Rule must not be changed once it is in use.
type Rule struct {
	ID       string // stable, for example "us.tsr.hours"
	Week     Week
	Holidays Holidays
	Zone     *time.Location
}

// Ids of the rules and refusals of this package.
const (
	// RuleLegalHours is the rule of 16 CFR 310.4(c) and 47 CFR 64.1200(c)(1).
	RuleLegalHours = "us.tsr.hours"
	// RuleNoZone refuses because a rule speaks of local time and there is no
	// candidate zone: unknown means no.
	RuleNoZone = "tz.unknown"
)

var legalHours = &Rule{ID: RuleLegalHours, Week: NewWeek(Span{EveryDay, 8 * 60, 21 * 60})}

// LegalHours is the rule that telemarketing calls are made from 8:00 to 21:00
// at the called party's location, on all days.
func LegalHours() *Rule { return legalHours }
