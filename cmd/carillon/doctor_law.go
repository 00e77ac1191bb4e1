package main

import (
	"fmt"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// lawFindings tell how long the rule packs in force want records kept, and how
// each is: nothing trims them.
func lawFindings(s *app.Store) twilio.Report {
	rows := state.Rows{R: s.Ledger}
	office, err := rows.Office()
	if err != nil {
		return unread(err)
	}
	if office.Packs.IsZero() {
		return twilio.Report{{Name: "retention", OK: true, Detail: "no rule packs were ever in force"}}
	}
	row, err := rows.Packs(office.Packs)
	if err != nil {
		return unread(err)
	}
	set, err := pack.Read(row.Body)
	if err != nil {
		return unread(err)
	}
	return retention(set, time.Now())
}

func unread(err error) twilio.Report {
	return twilio.Report{{Name: "retention", Detail: err.Error(), Remedy: "put a backup back with carillon restore"}}
}

// retention is one finding for each kind of record that a law names.
func retention(set *pack.Set, now time.Time) (report twilio.Report) {
	const year = 365 * 24 * time.Hour
	for _, k := range set.Retention(nil, window.DayOf(now.UTC())) {
		long := fmt.Sprintf("%.0f days", k.For.Hours()/24)
		if k.For%year == 0 {
			long = plural(int(k.For/year), "year")
		}
		report = append(report, twilio.Finding{
			Name: "retention of " + k.What, OK: true,
			Detail: fmt.Sprintf("%s (%s): %s, kept as long as the ledger", long, k.Rule, k.How),
		})
	}
	return report
}
