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

// Less are the figures without those of a part of them.
func (f Figures) Less(o Figures) Figures {
	return Figures{f.Attempts - o.Attempts, f.Answered - o.Answered, f.Short - o.Short, f.Contacts - o.Contacts, f.Near - o.Near}
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
	Days        int
	MinCalls    int64   // of the number, and of the rest of its pool
	MinAnswered int64   // the same of answered calls, for the short ones
	Confidence  float64 // of all intervals, two-sided
	Margin      float64 // between two of them
	ShortShare  float64 // of the answered calls; 0 judges no short calls
	NearShare   float64 // of the calls; 0 judges no neighbours
	RestMs      int64
}

// Ill is why a number's figures are bad: a closed set, "" when they are not.
type Ill string

// The reasons for which a number rests by its own figures.
const (
	Well       Ill = ""
	AnswerRate Ill = "answer_rate"      // it is answered less often than its pool
	ShortCalls Ill = "short_calls"      // who answers hangs up at once
	Neighbours Ill = "neighbour_prefix" // it calls its own exchange too often
)

// Ills are all reasons there are.
var Ills = []Ill{AnswerRate, ShortCalls, Neighbours}

// Z is the normal deviate of a two-sided confidence.
func (t *Thresholds) Z() float64 { return math.Sqrt2 * math.Erfinv(t.Confidence) }

// Judge holds a number's figures against those of the rest of its pool and
// names the first reason for which it should rest.
func (t *Thresholds) Judge(own, rest Figures) Ill {
	switch {
	case t.burned(own, rest):
		return AnswerRate
	case t.hungUp(own, rest):
		return ShortCalls
	case t.neighbourly(own):
		return Neighbours
	}
	return Well
}

// burned reports whether a number is answered less often than the rest of its
// pool: its whole interval lies below theirs, by more than the margin.
func (t *Thresholds) burned(own, rest Figures) bool {
	if own.Attempts < t.MinCalls || rest.Attempts < t.MinCalls {
		return false
	}
	z := t.Z()
	return Wilson(own.Answered, own.Attempts, z).High < Wilson(rest.Answered, rest.Attempts, z).Low-t.Margin
}

// hungUp reports whether more than ShortShare of those who answer hang up at
// once, and clearly more than in the rest of the pool: where they all do, it is
// what is said and not who calls.
func (t *Thresholds) hungUp(own, rest Figures) bool {
	if t.ShortShare <= 0 || own.Answered < t.MinAnswered || rest.Answered < t.MinAnswered {
		return false
	}
	z := t.Z()
	low := Wilson(own.Short, own.Answered, z).Low
	return low > t.ShortShare && low > Wilson(rest.Short, rest.Answered, z).High+t.Margin
}

// neighbourly reports whether more than NearShare of a number's calls go to
// numbers that share all but their last four digits with it. That is what
// forgers show, whatever the rest of the pool does.
func (t *Thresholds) neighbourly(own Figures) bool {
	return t.NearShare > 0 && own.Attempts >= t.MinCalls && Wilson(own.Near, own.Attempts, t.Z()).Low > t.NearShare
}
