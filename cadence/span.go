package cadence

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

// Span is a delay as people write it: "30m", "4h", "2d", "1w", "3bd", "1mo".
// The zero value is "0s".
type Span struct {
	N    int
	Unit Unit
}

// IsZero reports whether the span is no delay at all.
func (s Span) IsZero() bool { return s.N == 0 }
