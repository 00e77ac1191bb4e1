//go:build unix

package main

import (
	"fmt"
	"sync"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// killNumber is the fictional number of a lead. The numbers ending in 90 to 99
// are callers'.
func killNumber(i int) string {
	areas := killAreas()
	return fmt.Sprintf("+1%s55501%02d", areas[i%len(areas)], i/len(areas)%90)
}

// killAreas are the area codes in which one may call at the beginning and again
// a minute later: not Maine (207), which allows one automated call in eight
// hours, so that a lead would not come to its end before the judging.
var killAreas = sync.OnceValue(func() []string {
	rules := []*window.Rule{{ID: "us.tsr.hours", Week: window.NewWeek(window.Span{Days: window.EveryDay, From: 8 * 60, To: 21 * 60})}}
	var all []string
	for code := 201; code <= 989; code++ {
		zones, region, why := window.Candidates(fmt.Sprintf("+1%d5550100", code))
		if region == "US" && why == "" && code != 207 && window.Decide(killStart, zones, rules).OK {
			all = append(all, fmt.Sprint(code))
		}
	}
	return all
})

func leadName(i int) string { return fmt.Sprintf("Lead %05d", i) }
