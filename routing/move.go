package routing

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// Kind is what a move does with the enrollment.
type Kind string

// The kinds of move. The last four end the stay.
const (
	KindRetry      Kind = "retry"       // the same step again
	KindNextNumber Kind = "next_number" // the same step, another of the lead's numbers
	KindNextStep   Kind = "next_step"
	KindGoto       Kind = "goto"
	KindCallback   Kind = "callback"    // the same step at an agreed time
	KindRestartRun Kind = "restart_run" // the first step again, run + 1
	KindTransition Kind = "transition"  // leave, and enter cadence To at Due
	KindReenroll   Kind = "reenroll"    // leave, and enter the same cadence anew at Due
	KindExit       Kind = "exit"
	KindIdle       Kind = "idle" // all runs done
)

// Ends reports whether the stay in this cadence is over.
func (k Kind) Ends() bool {
	switch k {
	case KindTransition, KindReenroll, KindExit, KindIdle:
		return true
	case KindRetry, KindNextNumber, KindNextStep, KindGoto, KindCallback, KindRestartRun:
	}
	return false
}

// Final is how a stay ended.
type Final string

// The final statuses. A stay that goes on has none.
const (
	FinalNone         Final = ""
	FinalCompleted    Final = "completed"    // all runs done
	FinalExited       Final = "exited"       // by a route
	FinalConverted    Final = "converted"    // by a conversion
	FinalDNC          Final = "dnc"          // the person said no
	FinalUnreachable  Final = "unreachable"  // no number left to call
	FinalTransitioned Final = "transitioned" // into another cadence
)

// The reasons of moves: a closed set, for explanations and metrics.
const (
	ReasonStepRoute       = "route.step"          // a route of the step
	ReasonCadenceRoute    = "route.cadence"       // a route of the cadence
	ReasonDefaultRoute    = "route.default"       // the disposition's own
	ReasonRetriesUsed     = "retry.exhausted"     // the step's default edge instead
	ReasonNextOn          = "numbers.next_on"     // the step's number policy
	ReasonNumbersCalled   = "numbers.all_called"  // every other number was called already
	ReasonNumbersRetired  = "numbers.none_left"   // every number is retired
	ReasonDNC             = "dnc"                 // outranks every route
	ReasonUnknown         = "disposition.unknown" // not in the set: the default edge
	ReasonNoSuchStep      = "goto.missing"        // an unvalidated document: the default edge
	ReasonStart           = "start"               // of an enrollment
	ReasonSkipped         = "condition.false"     // the step's condition did not hold
	ReasonRunDone         = "runs.next"           // a further run
	ReasonRunsDone        = "runs.done"           // the last run is over
	ReasonReEntryRefused  = "re_entry.never"      // reenroll in a cadence nobody re-enters
	ReasonCallbackAgreed  = "callback.agreed"     // at the time that was agreed
	ReasonCallbackDefault = "callback.default"    // no time was agreed
)

// Move is the decision. StepIndex and NumberIndex are -1 when the stay ends;
// NumberIndex is -1 too for a step that calls nobody. Due is never before the
// disposition it follows, and zero when nothing is due.
type Move struct {
	Kind          Kind
	StepIndex     int
	NumberIndex   int
	Run           int // counts from 1 and only grows; a run's start is the Due of its first move
	Due           time.Time
	Reason        string
	RouteOn       cadence.DispositionCode // canonical; the key of Input.Retries
	ConsumesRetry bool                    // count one more retry under RouteOn
	RetireNumber  bool                    // the called number is not to be called again for this lead
	To            string                  // cadence name of a transition
	Final         Final
	OtherPart     bool // the route prefers another part of the day than that of the call before
}

// Numbers is the state of a lead's numbers, in the order of the lead. Bit i of
// Retired says that number i is not to be called.
type Numbers struct {
	Count   int // at most cadence.MaxLeadNumbers
	Index   int // the number just called
	Retired uint16
}

func (n Numbers) usable(i int) bool {
	return i >= 0 && i < n.Count && n.Retired>>i&1 == 0
}

// First is the first usable number, -1 when none is left.
func (n Numbers) First() int { return n.from(0) }

// after is the next usable number behind the current one, -1 when there is none.
func (n Numbers) after() int { return n.from(n.Index + 1) }

// around is after, beginning again at the first.
func (n Numbers) around() int {
	if i := n.after(); i >= 0 {
		return i
	}
	return n.First()
}

func (n Numbers) from(i int) int {
	for ; i < n.Count; i++ {
		if n.usable(i) {
			return i
		}
	}
	return -1
}

func (n Numbers) retire(i int) Numbers {
	n.Retired |= 1 << i
	return n
}
