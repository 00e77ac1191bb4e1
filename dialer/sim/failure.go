package sim

import (
	"fmt"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// Failure is the first invariant of a run that did not hold.
type Failure struct {
	Invariant string // I1 … of the catalogue in doc.go
	What      string
	At        time.Time // true time of day
	Step      int       // the turn it was noticed at
	History   []string  // the last facts about those concerned
	about     about
}

// Error tells all.
func (f *Failure) Error() string {
	s := fmt.Sprintf("%s at %s, step %d: %s", f.Invariant, f.At.Format("2006-01-02T15:04:05.000Z"), f.Step, f.What)
	if len(f.History) > 0 {
		s += "\n  " + strings.Join(f.History, "\n  ")
	}
	return s
}

// about is whom a failure concerns; zero parts say nothing.
type about struct {
	attempt, enrollment, lead cadence.ID
	token                     event.Token
}

// broken notes the first failure; what follows from it is of no interest.
func (t *witness) broken(invariant string, a about, format string, args ...any) {
	if t.failure == nil {
		t.failure = &Failure{Invariant: invariant, What: fmt.Sprintf(format, args...), At: t.w.trueTime(), Step: t.w.steps, about: a}
	}
}
