package pack

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// params says what a kind needs and what else it may have.
type params struct{ needs, may []string }

var kinds = map[Kind]params{
	Window:    {needs: []string{"days"}, may: []string{"zone"}},
	Holiday:   {may: []string{"calendar", "dates", "open"}},
	Emergency: {},
	Cap:       {needs: []string{"max", "per"}, may: []string{"key"}},
	Wait:      {needs: []string{"after", "for"}, may: []string{"key"}},
	Consent:   {needs: []string{"need"}},
	Ring:      {needs: []string{"min_ring"}},
	TZ:        {needs: []string{"npa", "zones"}},
	DNC:       {needs: []string{"list"}, may: []string{"honour_within"}},
	Scrub:     {needs: []string{"list", "max_age"}, may: []string{"voluntary"}},
	Abandon:   {needs: []string{"max_percent", "per"}, may: []string{"connect_within", "key", "message"}},
	CallerID:  {may: []string{"must_present", "callable_back", "series"}},
	Recording: {needs: []string{"announce"}},
	Retention: {needs: []string{"keep", "what"}},
}

// kindNames are all kinds, for messages.
func kindNames() []string {
	var names []string
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		names = append(names, string(k))
	}
	return names
}

// weekdays in the order in which ranges run.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// daysOf reads "sat" or "mon-fri".
func daysOf(key string) ([]string, error) {
	from, to, ranged := strings.Cut(key, "-")
	if !ranged {
		to = from
	}
	a, b := slices.Index(weekdays, from), slices.Index(weekdays, to)
	if a < 0 || b < a {
		return nil, fmt.Errorf("days %q: want mon, tue, wed, thu, fri, sat or sun, or a range such as mon-fri", key)
	}
	return weekdays[a : b+1], nil
}

// spanOf reads "09:00-17:00" on some days; none is every day.
func spanOf(days []string, text string) (window.Span, error) {
	from, to, ok := strings.Cut(text, "-")
	if !ok {
		return window.Span{}, fmt.Errorf("%q: want two times as in 09:00-17:00", text)
	}
	return window.ParseSpan(days, from, to)
}

// weekOf reads the days of a window rule.
func weekOf(days map[string][]string) (window.Week, error) {
	var spans []window.Span
	for _, key := range slices.Sorted(maps.Keys(days)) {
		names, err := daysOf(key)
		if err != nil {
			return window.Week{}, err
		}
		for _, text := range days[key] {
			s, err := spanOf(names, text)
			if err != nil {
				return window.Week{}, err
			}
			spans = append(spans, s)
		}
	}
	return window.NewWeek(spans...), nil
}

// openOf reads the spans that a holiday leaves open; nil is none.
func openOf(texts []string) (*window.Week, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	var spans []window.Span
	for _, text := range texts {
		s, err := spanOf(nil, text)
		if err != nil {
			return nil, err
		}
		spans = append(spans, s)
	}
	return new(window.NewWeek(spans...)), nil
}

// Calendar periods of caps, counted in local time.
const (
	perDay   = "day"
	perMonth = "month"
)

var units = map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'y': 365 * 24 * time.Hour}

// durationOf reads 15s, 24h, 30d or 5y. A day is 24 hours, a year 365 days.
func durationOf(text string) (time.Duration, error) {
	if len(text) > 1 {
		unit, known := units[text[len(text)-1]]
		n, err := strconv.ParseUint(text[:len(text)-1], 10, 16)
		if known && err == nil && (n > 0 || text == "0s") {
			return time.Duration(n) * unit, nil
		}
	}
	return 0, fmt.Errorf("%q: want a number and s, m, h, d or y, as in 24h", text)
}

// longest is the longest period that may be counted: how long a number's row
// keeps its calls.
const longest = 92 * 24 * time.Hour

// longestShare is the longest period of abandoned calls that is counted.
const longestShare = 31 * 24 * time.Hour

// periodOf reads what a cap counts over: a rolling span or a calendar period.
func periodOf(text string) (rolling time.Duration, calendar string, err error) {
	if text == perDay || text == perMonth {
		return 0, text, nil
	}
	rolling, err = durationOf(text)
	if err == nil && (rolling < time.Minute || rolling > longest) {
		err = fmt.Errorf("%q: want between 1m and 92d, day or month", text)
	}
	return rolling, "", err
}

// dayOf reads 2026-08-11.
func dayOf(text string) (window.Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1971 || t.Year() > 2199 {
		return 0, fmt.Errorf("%q is no date: want YYYY-MM-DD between 1971 and 2199", text)
	}
	return window.DayOf(t), nil
}
