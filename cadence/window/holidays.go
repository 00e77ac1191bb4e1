package window

import (
	"sync/atomic"
	"time"

	"github.com/rickar/cal/v2/us"
)

// Years whose holidays are remembered once worked out. Other years are worked
// out each time.
const (
	firstYear = 1970
	lastYear  = 2199
)

// year is a set of days: bit d of month m is day d.
type year [13]uint32

var federal [lastYear - firstYear + 1]atomic.Pointer[year]

// USFederal says whether a day is a federal holiday of the United States (5
// U.S.C. 6103): both the day itself and, when that falls on a weekend, the
// weekday on which it is observed. It allocates only the first time it meets
// a year.
func USFederal(d Date) bool {
	y, month, day := int(d)/10000, int(d)/100%100, int(d)%100
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return false
	}
	return federalIn(y)[month]>>day&1 == 1
}

func federalIn(y int) *year {
	if y < firstYear || y > lastYear {
		return workOutFederal(y)
	}
	slot := &federal[y-firstYear]
	if known := slot.Load(); known != nil {
		return known
	}
	days := workOutFederal(y)
	slot.Store(days)
	return days
}

// workOutFederal also looks at the neighbouring years: a New Year's Day on a
// Saturday is observed on the last day of the year before.
func workOutFederal(y int) *year {
	var days year
	for of := y - 1; of <= y+1; of++ {
		for _, h := range us.Holidays {
			actual, observed := h.Calc(of)
			for _, t := range [2]time.Time{actual, observed} {
				if !t.IsZero() && t.Year() == y {
					days[t.Month()] |= 1 << t.Day()
				}
			}
		}
	}
	return &days
}
