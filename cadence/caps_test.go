package cadence_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

func TestCapPeriods(t *testing.T) {
	for per, want := range map[string]time.Duration{"day": 0, "1h": time.Hour, "48h": 48 * time.Hour, "31d": cadence.LongestCap} {
		if got, err := (cadence.Cap{Max: 1, Per: per}).Rolling(); err != nil || got != want {
			t.Errorf("%s: %s, %v", per, got, err)
		}
	}
	for _, per := range []string{"", "d", "0d", "01d", "-1h", "745h", "32d", "1000h", "30m", "week", "7 d"} {
		if got, err := (cadence.Cap{Max: 1, Per: per}).Rolling(); err == nil {
			t.Errorf("%q is %s", per, got)
		}
	}
}

// Caps that bind both ways are no shadow of one another, and neither is a day
// of the calendar of a span that rolls.
func TestCapsThatBothBind(t *testing.T) {
	for _, caps := range [][]cadence.Cap{
		{{Max: 2, Per: "24h"}, {Max: 5, Per: "7d"}},
		{{Max: 1, Per: "day"}, {Max: 1, Per: "12h"}},
	} {
		d := plain()
		d.Caps = &cadence.Caps{Lead: caps}
		for _, p := range cadence.Lint(d, instance(), nil) {
			if p.Code == "cap_overshadowed" {
				t.Errorf("%v: %s", caps, p)
			}
		}
	}
}

func TestSameSeller(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{{"Acme", "acme", true}, {" Acme  Ltd ", "ACME Ltd", true}, {"Acme", "Acme Ltd", false}, {"", "", false}, {"", "Acme", false}} {
		if got := cadence.SameSeller(c.a, c.b); got != c.same {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}
