package cadence_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
)

func TestParseSpan(t *testing.T) {
	good := map[string]cadence.Span{
		"30m": {N: 30, Unit: "m"}, "4h": {N: 4, Unit: "h"}, "2d": {N: 2, Unit: "d"}, "1w": {N: 1, Unit: "w"},
		"3bd": {N: 3, Unit: "bd"}, "1mo": {N: 1, Unit: "mo"}, "0s": {}, "0h": {}, "60mo": {N: 60, Unit: "mo"}, "1827d": {N: 1827, Unit: "d"},
	}
	for text, want := range good {
		if got, err := cadence.ParseSpan(text); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "4", "h", "-4h", "+4h", " 4h", "4 h", "4H", "04h", "00s", "1h30m", "1.5h", "1y", "61mo", "1828d", "262w", "1306bd", "6000mo", "999999999h", "999999999m", "9999999999s", "4h\n", "٣h"} {
		if got, err := cadence.ParseSpan(text); err == nil {
			t.Errorf("%q: read as %v; want an error", text, got)
		}
	}
}

func TestSpanTextComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := span().Draw(t, "span")
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got cadence.Span
		if err := json.Unmarshal(data, &got); err != nil || got != want {
			t.Fatalf("%s: %v, %v", data, got, err)
		}
		if !got.Valid() {
			t.Fatalf("%s is not valid", got)
		}
	})
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := window.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestSpanFrom(t *testing.T) {
	const layout = "2006-01-02 15:04:05 -0700"
	july4 := func(day time.Time) bool { return day.Month() == time.July && day.Day() == 4 }
	for _, c := range []struct{ zone, from, span, want string }{
		{"America/New_York", "2026-03-07 02:30:00 -0500", "24h", "2026-03-08 03:30:00 -0400"}, // exact
		{"America/New_York", "2026-03-07 09:00:00 -0500", "24h", "2026-03-08 10:00:00 -0400"}, // exact over the change
		{"America/New_York", "2026-03-07 09:00:00 -0500", "1d", "2026-03-08 09:00:00 -0400"},  // wall time over the change
		{"America/New_York", "2026-03-07 02:30:00 -0500", "1d", "2026-03-08 03:30:00 -0400"},  // gap: forward
		{"America/New_York", "2026-10-31 01:30:00 -0400", "1d", "2026-11-01 01:30:00 -0400"},  // twice: the first
		{"America/New_York", "2026-10-25 09:00:00 -0400", "1w", "2026-11-01 09:00:00 -0500"},
		{"Australia/Lord_Howe", "2026-10-03 02:10:00 +1030", "1d", "2026-10-04 02:40:00 +1100"}, // a gap of half an hour
		{"Pacific/Apia", "2011-12-29 10:00:00 -1000", "1d", "2011-12-31 10:00:00 +1400"},        // a day that was left out
		{"Pacific/Kiritimati", "2026-05-01 23:00:00 +1400", "1d", "2026-05-02 23:00:00 +1400"},
		{"America/Denver", "2026-01-31 08:00:00 -0700", "1mo", "2026-02-28 08:00:00 -0700"},
		{"America/Denver", "2027-11-30 08:00:00 -0700", "3mo", "2028-02-29 08:00:00 -0700"},
		{"America/Denver", "2026-01-31 08:00:00 -0700", "13mo", "2027-02-28 08:00:00 -0700"},
		{"America/Denver", "2026-07-03 10:00:00 -0600", "1bd", "2026-07-06 10:00:00 -0600"}, // Friday → Monday
		{"America/Denver", "2024-07-03 10:00:00 -0600", "1bd", "2024-07-05 10:00:00 -0600"}, // over the holiday
		{"America/Denver", "2026-07-04 10:00:00 -0600", "1bd", "2026-07-06 10:00:00 -0600"}, // from a Saturday
		{"America/Denver", "2026-07-06 10:00:00 -0600", "5bd", "2026-07-13 10:00:00 -0600"},
		{"America/Denver", "2026-07-06 10:00:00 -0600", "0s", "2026-07-06 10:00:00 -0600"},
		{"UTC", "2026-12-31 23:59:59 +0000", "1s", "2027-01-01 00:00:00 +0000"},
	} {
		from, err := time.Parse(layout, c.from)
		if err != nil {
			t.Fatal(err)
		}
		s, err := cadence.ParseSpan(c.span)
		if err != nil {
			t.Fatal(err)
		}
		loc := zone(t, c.zone)
		if got := s.From(from, loc, july4).In(loc).Format(layout); got != c.want {
			t.Errorf("%s + %s in %s: %s, want %s", c.from, c.span, c.zone, got, c.want)
		}
	}
}

func TestSpanFromMovesForwardAndKeepsTheWallClock(t *testing.T) {
	zones := []string{"America/New_York", "America/Denver", "America/Phoenix", "Europe/London", "Africa/Casablanca", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"}
	rapid.Check(t, func(t *rapid.T) {
		loc, err := window.LoadZone(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		from := time.Unix(rapid.Int64Range(1_500_000_000, 1_900_000_000).Draw(t, "from"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		s := span().Draw(t, "span")
		got := s.From(from, loc, nil)
		if s.IsZero() != got.Equal(from) || got.Before(from) {
			t.Fatalf("%s + %s in %s = %s", from.In(loc), s, loc, got.In(loc))
		}
		if d, ok := s.Exact(); ok {
			if got.Sub(from) != d {
				t.Fatalf("%s + %s moved by %s", from, s, got.Sub(from))
			}
			return
		}
		if gap := got.Sub(from) - s.Approx(); s.Unit != cadence.Months && (gap < -50*time.Hour || gap > 3*24*time.Hour+2*time.Hour) {
			t.Fatalf("%s is %s off its approximation", s, gap)
		}
		was, is := from.In(loc), got.In(loc)
		noGap := time.Date(is.Year(), is.Month(), is.Day(), was.Hour(), was.Minute(), was.Second(), was.Nanosecond(), loc)
		if noGap.Hour() == was.Hour() && noGap.Minute() == was.Minute() && (is.Hour() != was.Hour() || is.Minute() != was.Minute() || is.Nanosecond() != was.Nanosecond()) {
			t.Fatalf("%s + %s: wall clock %s became %s", from, s, was, is)
		}
	})
}

func TestBusinessDaysEndWhenEveryDayIsAHoliday(t *testing.T) {
	always := func(time.Time) bool { return true }
	from := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	got := cadence.Span{N: 1000, Unit: cadence.BusinessDays}.From(from, time.UTC, always)
	if got.Before(from) || got.Sub(from) > 2000*24*time.Hour {
		t.Errorf("1000 business days after %s is %s", from, got)
	}
}

func TestNumberPolicyJSON(t *testing.T) {
	for _, text := range []string{`"primary"`, `"in_order"`, `{"next_on":["BUSY","NO_ANSWER"]}`} {
		var p cadence.NumberPolicy
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if got, err := json.Marshal(p); err != nil || string(got) != text {
			t.Errorf("%s came back as %s, %v", text, got, err)
		}
	}
	for _, text := range []string{`"all"`, `{}`, `{"next_on":[]}`, `{"next_on":["BUSY"],"x":1}`, `5`, `["BUSY"]`, `true`} {
		var p cadence.NumberPolicy
		if err := json.Unmarshal([]byte(text), &p); err == nil {
			t.Errorf("%s: read as %v; want an error", text, p)
		}
	}
}

func FuzzSpan(f *testing.F) {
	for _, seed := range []string{"30m", "4h", "3bd", "1mo", "0s", "61mo", "1h30m", "-1d", "99999999999999999999s", "6000mo"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := cadence.ParseSpan(text)
		if err != nil {
			return
		}
		if s.Approx() < 0 || s.Approx() > cadence.MaxSpan || !s.Valid() {
			t.Fatalf("%q read as %v", text, s)
		}
		again, err := cadence.ParseSpan(s.String())
		if err != nil || again != s || s.N != 0 && s.String() != text {
			t.Fatalf("%q read as %v, written as %q, read again as %v, %v", text, s, s, again, err)
		}
	})
}
