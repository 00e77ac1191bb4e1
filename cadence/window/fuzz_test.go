package window_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// FuzzParseSpan: a span that was read allows the minutes between its ends on
// its days and no others.
func FuzzParseSpan(f *testing.F) {
	f.Add("mon", "08:00", "21:00")
	f.Add("sun", "00:00", "24:00")
	f.Add("wed", "09:30", "09:30")
	f.Add("", "8:00", "25:61")
	f.Fuzz(func(t *testing.T, day, from, to string) {
		span, err := window.ParseSpan([]string{day}, from, to)
		if err != nil {
			return
		}
		week, open := window.NewWeek(span), 0
		for d := time.Sunday; d <= time.Saturday; d++ {
			for m := range 24 * 60 {
				if week.Allows(d, m) {
					open++
				}
			}
		}
		if open == 0 {
			t.Fatalf("%q from %q to %q was accepted and allows nothing", day, from, to)
		}
	})
}
