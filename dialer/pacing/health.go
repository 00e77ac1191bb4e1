package pacing

import "math"

// Figures are what became of a number's calls over some days. Answered counts
// people; Short are those of them whose call was over within seconds.
type Figures struct {
	Attempts, Answered, Short, Contacts int64
	Near                                int64 // attempts to numbers of its own exchange
}

// Add adds other figures.
func (f *Figures) Add(o Figures) {
	f.Attempts += o.Attempts
	f.Answered += o.Answered
	f.Short += o.Short
	f.Contacts += o.Contacts
	f.Near += o.Near
}

// Rate is a share, false when nothing was counted.
func Rate(part, of int64) (share float64, ok bool) {
	if of <= 0 {
		return 0, false
	}
	return float64(part) / float64(of), true
}

// Interval is where a share lies with some confidence.
type Interval struct{ Low, High float64 }

// Wilson is the score interval of a share (E. B. Wilson, 1927) at z standard
// deviations. Unlike the plain one it holds for small counts and shares near 0.
// Nothing counted is anything from 0 to 1.
func Wilson(part, of int64, z float64) Interval {
	if of <= 0 {
		return Interval{0, 1}
	}
	n := float64(of)
	p := min(1, max(0, float64(part)/n))
	square := z * z / n
	middle := (p + square/2) / (1 + square)
	half := z / (1 + square) * math.Sqrt(p*(1-p)/n+square/(4*n))
	return Interval{max(0, middle-half), min(1, middle+half)}
}

// Thresholds say when a number's figures are bad. Days is the window, today
// the last of it; RestMs is how long a bad number rests, 0 for never.
type Thresholds struct {
	Days       int
	MinCalls   int64   // of the number, and of the rest of its pool
	Confidence float64 // of both intervals, two-sided
	Margin     float64 // between them
	RestMs     int64
}

// Z is the normal deviate of a two-sided confidence.
func (t *Thresholds) Z() float64 { return math.Sqrt2 * math.Erfinv(t.Confidence) }

// Burned reports whether a number is answered less often than the rest of its
// pool: its whole interval lies below theirs, by more than the margin.
func (t *Thresholds) Burned(own, rest Figures) bool {
	if own.Attempts < t.MinCalls || rest.Attempts < t.MinCalls {
		return false
	}
	z := t.Z()
	return Wilson(own.Answered, own.Attempts, z).High < Wilson(rest.Answered, rest.Attempts, z).Low-t.Margin
}
