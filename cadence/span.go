package cadence

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Unit is the unit of a Span.
type Unit string

// The units. Seconds, minutes and hours are exact; days, weeks, months and
// business days are of the local calendar and keep the wall-clock time.
const (
	Seconds      Unit = "s"
	Minutes      Unit = "m"
	Hours        Unit = "h"
	Days         Unit = "d"
	Weeks        Unit = "w"
	Months       Unit = "mo"
	BusinessDays Unit = "bd"
)

// MaxSpan is the longest delay a document may ask for: five years, by Approx.
const MaxSpan = 1827 * 24 * time.Hour

// Span is a delay as people write it: "30m", "4h", "2d", "1w", "3bd", "1mo".
// The zero value is "0s".
type Span struct {
	N    int
	Unit Unit
}

// IsZero reports whether the span is no delay at all.
func (s Span) IsZero() bool { return s.N == 0 }

// ParseSpan reads a whole number followed by one unit. It accepts exactly one
// text per span, but for zero, which reads as the zero Span in any unit.
func ParseSpan(text string) (Span, error) {
	digits := 0
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	unit := Unit(text[digits:])
	switch {
	case digits == 0 || !unit.known():
		return Span{}, fmt.Errorf("delay %q: want a whole number and one of s, m, h, d, w, mo, bd, for example 30m", clip(text))
	case digits > 1 && text[0] == '0':
		return Span{}, fmt.Errorf("delay %q: no leading zeros", clip(text))
	case digits > 9: // more seconds than five years have
		return Span{}, fmt.Errorf("delay %q: longer than five years", clip(text))
	}
	n, err := strconv.Atoi(text[:digits])
	if err != nil {
		return Span{}, fmt.Errorf("delay %q: %w", clip(text), err)
	}
	if n == 0 {
		return Span{}, nil
	}
	s := Span{N: n, Unit: unit}
	if !s.Valid() {
		return Span{}, fmt.Errorf("delay %q: longer than five years", clip(text))
	}
	return s, nil
}

// Valid reports whether the span is one that ParseSpan could have returned.
func (s Span) Valid() bool {
	if s.N == 0 {
		return true
	}
	// The second test keeps the third from running over.
	return s.Unit.known() && s.N > 0 && s.N <= int(MaxSpan/s.Unit.length()) && s.Approx() <= MaxSpan
}

// String is the text ParseSpan reads.
func (s Span) String() string {
	if s.N == 0 {
		return "0s"
	}
	return strconv.Itoa(s.N) + string(s.Unit)
}

// MarshalText writes the span as String does.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the span as ParseSpan does.
func (s *Span) UnmarshalText(text []byte) error {
	parsed, err := ParseSpan(string(text))
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}

// Exact is the length of a span in seconds, minutes or hours. It is false for
// calendar units, whose length depends on the day they start.
func (s Span) Exact() (time.Duration, bool) {
	switch s.Unit {
	case Seconds, Minutes, Hours:
		return time.Duration(s.N) * s.Unit.length(), true
	case Days, Weeks, Months, BusinessDays:
	}
	return 0, s.N == 0
}

// Approx is about how long the span is, for comparing and for lint: a day is
// 24 h, a month 30 days, five business days a week.
func (s Span) Approx() time.Duration {
	if s.Unit == BusinessDays {
		return time.Duration(s.N/5*7+s.N%5) * s.Unit.length()
	}
	return time.Duration(s.N) * s.Unit.length()
}

// length is the least a span of one unit lasts, but for days of 23 h and
// February.
func (u Unit) length() time.Duration {
	switch u {
	case Seconds:
		return time.Second
	case Minutes:
		return time.Minute
	case Hours:
		return time.Hour
	case Days, BusinessDays:
		return 24 * time.Hour
	case Weeks:
		return 7 * 24 * time.Hour
	case Months:
		return 30 * 24 * time.Hour
	}
	return 0
}

func (u Unit) known() bool { return u.length() > 0 }

// clip keeps foreign text short enough for a message.
func clip(text string) string {
	const most = 60
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
