package pack_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// closedDays are the dates of a year on which a law keeps a holiday.
func closedDays(t *testing.T, q pack.Query, rule string, year int) string {
	t.Helper()
	law := shipped(t).Law(q)
	i := slices.IndexFunc(law.Windows, func(w *window.Rule) bool { return w.ID == rule })
	if i < 0 {
		t.Fatalf("no %s for %s", rule, q)
	}
	var days []string
	for d := day(t, "2000-01-01"); d < day(t, "2000-01-01")+366*40; d++ {
		date := window.DateOf(dateOf(d))
		if int(date)/10000 == year && law.Windows[i].Holidays(date) {
			days = append(days, dateOf(d).Format("01-02"))
		}
	}
	return strings.Join(days, " ")
}

func TestCalendars(t *testing.T) {
	us := func(state string) pack.Query {
		return pack.Query{Countries: []string{"US"}, States: []string{state}, Purpose: "sales", Voice: "live"}
	}
	in := func(country string) pack.Query {
		return pack.Query{Countries: []string{country}, Purpose: "sales", Voice: "live"}
	}
	for _, c := range []struct {
		q    pack.Query
		rule string
		year int
		days string
	}{
		// 4 July 2026 is a Saturday, observed on Friday; the election is in even years.
		{us("RI"), "us.ri.holiday", 2026, "01-01 01-19 02-16 05-04 05-25 06-19 07-03 07-04 07-06 08-10 09-07 10-12 11-03 11-11 11-26 12-25"},
		{us("RI"), "us.ri.holiday", 2027, "01-01 01-18 02-15 05-04 05-31 06-18 06-19 06-21 07-04 07-05 08-09 09-06 10-11 11-11 11-25 12-24 12-25 12-27 12-31"}, // New Year 2028 is a Saturday
		{us("UT"), "us.ut.holiday", 2027, "01-01 01-18 02-15 03-26 05-31 06-18 06-19 06-21 07-04 07-05 07-23 07-24 09-06 10-11 11-11 11-25 12-24 12-25 12-31"},
		{us("LA"), "us.la.holiday", 2028, "01-01 01-08 01-17 02-21 02-29 04-14 05-29 06-19 07-04 08-30 09-04 10-09 11-01 11-07 11-10 11-11 11-23 11-24 12-25"},
		{in("FR"), "fr.holiday", 2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25"},
		{in("FR"), "fr.holiday", 2024, "01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25"},
		{in("AU"), "au.holiday", 2028, "01-01 01-03 01-26 04-14 04-17 04-25 12-25 12-26 12-28"},
		{in("AU"), "au.holiday", 2033, "01-01 01-03 01-26 04-15 04-18 04-25 12-25 12-26 12-28"},
		{in("IT"), "it.holiday", 2025, "01-01 01-06 04-21 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26"},
	} {
		if got := closedDays(t, c.q, c.rule, c.year); got != c.days {
			t.Errorf("%s %d:\n got %s\nwant %s", c.rule, c.year, got, c.days)
		}
	}
}

func dateOf(d window.Day) time.Time { return time.Unix(int64(d)*86400, 0).UTC() }
