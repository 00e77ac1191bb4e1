package statute

import (
	"strings"
	"time"
)

// calendars are the closed days of a law, one by one, from the text of the
// statutes and printed calendars of 2026 to the spring of 2028. Nothing is
// computed, so that no rule can be wrong in the same way twice. A fixed day on a
// weekend stands with the weekday on which it is observed.
var calendars = map[string]string{
	"federal": federal,
	"al": federal + ` 2026-02-17 2026-04-27 2026-06-01
		2027-02-09 2027-04-26 2027-06-07 2028-02-29`,
	"la": federal + ` 2026-01-08 2026-02-17 2026-04-03 2026-08-30 2026-11-01 2026-11-03 2026-11-27
		2027-01-08 2027-02-09 2027-03-26 2027-08-30 2027-11-01 2027-11-26 2028-01-08 2028-02-29`,
	"pa": federal + ` 2026-04-03 2026-06-14 2026-11-03
		2027-03-26 2027-06-14 2027-11-02`,
	"ri": federal + ` 2026-05-04 2026-07-06 2026-08-10 2026-11-03
		2027-05-04 2027-06-21 2027-08-09 2027-12-27 2028-01-03`,
	"ut": federal + ` 2026-06-15 2026-07-24
		2027-03-26 2027-06-21 2027-07-23 2027-07-24`,
	"au": `2026-01-01 2026-01-26 2026-04-03 2026-04-06 2026-04-25 2026-12-25 2026-12-26 2026-12-28
		2027-01-01 2027-01-26 2027-03-26 2027-03-29 2027-04-25 2027-12-25 2027-12-26 2027-12-27 2027-12-28 2028-01-01 2028-01-03 2028-01-26`,
	"fr": `2026-01-01 2026-04-06 2026-05-01 2026-05-08 2026-05-14 2026-05-25 2026-07-14 2026-08-15 2026-11-01 2026-11-11 2026-12-25
		2027-01-01 2027-03-29 2027-05-01 2027-05-06 2027-05-08 2027-05-17 2027-07-14 2027-08-15 2027-11-01 2027-11-11 2027-12-25 2028-01-01`,
}

// federal are the days of 5 U.S.C. 6103.
const federal = `2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-07-04 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25
	2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-06-19 2027-07-04 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25
	2027-12-24 2027-12-25 2027-12-31 2028-01-01 2028-01-17 2028-02-21`

// firstDay and lastDay are what the calendars cover.
const firstDay, lastDay = "2026-01-01", "2028-04-13"

// closed reports whether a local day is a holiday of a calendar.
func closed(calendar string, local time.Time) bool {
	day := local.Format(time.DateOnly)
	if day < firstDay || day > lastDay {
		panic("statute: no calendar covers " + day)
	}
	return strings.Contains(calendars[calendar], day)
}
