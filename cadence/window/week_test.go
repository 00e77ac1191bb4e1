package window_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence/window"
)

func TestParseSpan(t *testing.T) {
	for _, c := range []struct {
		days     []string
		from, to string
		want     window.Span
		ok       bool
	}{
		{nil, "08:00", "21:00", window.Span{Days: window.EveryDay, From: 480, To: 1260}, true},
		{[]string{"mon", "sun"}, "00:00", "24:00", window.Span{Days: window.On(time.Monday, time.Sunday), From: 0, To: 1440}, true},
		{[]string{"Mon"}, "08:00", "21:00", window.Span{}, false},
		{[]string{}, "23:59", "24:00", window.Span{Days: window.EveryDay, From: 1439, To: 1440}, true},
		{nil, "8:00", "21:00", window.Span{}, false},
		{nil, "08:60", "21:00", window.Span{}, false},
		{nil, "08:00", "24:01", window.Span{}, false},
		{nil, "08:00", "08:00", window.Span{}, false},
		{nil, "22:00", "06:00", window.Span{}, false},
		{nil, "", "", window.Span{}, false},
		{nil, "+8:00", "21:00", window.Span{}, false},
	} {
		got, err := window.ParseSpan(c.days, c.from, c.to)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("ParseSpan(%v, %q, %q) = %+v, %v", c.days, c.from, c.to, got, err)
		}
	}
}

func TestWeekIsTheUnionOfItsSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var spans []window.Span
		for range rapid.IntRange(0, 4).Draw(t, "spans") {
			from := rapid.IntRange(0, 1440).Draw(t, "from")
			spans = append(spans, window.Span{
				Days: window.Days(rapid.IntRange(0, 127).Draw(t, "days")), From: from,
				To: rapid.IntRange(from, 1440).Draw(t, "to"),
			})
		}
		w, half := window.NewWeek(spans...), window.NewWeek(window.Span{Days: weekdays, From: 600, To: 900})
		both := window.Intersect(w, half)
		n := 0
		for day := range 7 {
			for minute := range 1440 {
				want := false
				for _, s := range spans {
					want = want || s.Days.Has(time.Weekday(day)) && minute >= s.From && minute < s.To
				}
				if want {
					n++
				}
				if w.Allows(time.Weekday(day), minute) != want {
					t.Fatalf("day %d minute %d: want %v", day, minute, want)
				}
				if both.Allows(time.Weekday(day), minute) != (want && half.Allows(time.Weekday(day), minute)) {
					t.Fatalf("intersection at day %d minute %d", day, minute)
				}
			}
		}
		if w.Minutes() != n || w.Empty() != (n == 0) {
			t.Fatalf("Minutes() = %d, Empty() = %v, counted %d", w.Minutes(), w.Empty(), n)
		}
	})
	if full := window.Full(); full.Minutes() != 7*1440 {
		t.Errorf("a full week has %d minutes", full.Minutes())
	}
}

func TestUSFederal(t *testing.T) {
	for d, want := range map[window.Date]bool{
		20260101: true, 20260119: true, 20260216: true, 20260525: true, 20260619: true,
		20260703: true, 20260704: true, 20260907: true, 20261012: true, 20261111: true,
		20261126: true, 20261225: true, 20260102: false, 20261127: false, 20260705: false,
		20271231: true, 20280101: true, // a Saturday, observed the year before
		20220620: true, 20220619: true, 20200619: false, // Juneteenth from 2021
		0: false, 20261301: false, 20260100: false, 20260132: false, -1: false,
		22500101: true, // not remembered, worked out
	} {
		if got := window.USFederal(d); got != want {
			t.Errorf("USFederal(%d) = %v", d, got)
		}
	}
	n := 0
	for d := at("2026-01-01T00:00:00Z"); d.Year() == 2026; d = d.AddDate(0, 0, 1) {
		if window.USFederal(window.DateOf(d)) {
			n++
		}
	}
	if n != 12 { // eleven holidays, one observed on another day
		t.Errorf("2026 has %d days without calls", n)
	}
}

func TestDates(t *testing.T) {
	days := window.Dates(20261224, 20261231)
	if !days(20261224) || !days(20261231) || days(20261225) {
		t.Error("Dates does not hold exactly its days")
	}
}
