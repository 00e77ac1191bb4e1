// Package telephony is the engine's view of a telephone company: a Carrier
// that places, finds and ends calls, the events it reports, and the script an
// answered call follows. It names no vendor.
package telephony

import (
	"context"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// Carrier places calls. Implementations are safe for concurrent use and never
// retry by themselves: an attempt may be sent at most once in its life, and
// only the engine knows whether it was.
type Carrier interface {
	// Place asks for one call. A nil error means the carrier accepted it and
	// Placed.CallID is set. Every other answer is a *Error whose Class says
	// what is known; an error that is not a *Error is a bug.
	Place(ctx context.Context, d Dial) (Placed, error)
	// Fetch reads one call. It returns ErrNoCall when the carrier knows none.
	Fetch(ctx context.Context, callID string) (Call, error)
	// Find lists, over all pages, the outbound calls from one number to
	// another created in [q.Since, q.Until]. It fails rather than returning
	// an incomplete list.
	Find(ctx context.Context, q Query) ([]Call, error)
	// Requests lists the URLs the carrier requested for a call: the evidence
	// that binds an unknown attempt to a call.
	Requests(ctx context.Context, callID string) ([]string, error)
	// Legs lists the calls that a call's script dialed (its children).
	Legs(ctx context.Context, callID string) ([]Call, error)
	// Cancel ends a call that is queued or ringing. Cancelling one that is
	// over or already answered is not an error.
	Cancel(ctx context.Context, callID string) error
	// HangUp ends a call in any state. One that is over is not an error.
	HangUp(ctx context.Context, callID string) error
	// Redirect makes an answered call drop what it is doing and ask for its
	// script anew, as EventVoice for the attempt. One that is over, or not
	// answered yet, is not an error.
	Redirect(ctx context.Context, callID string, attempt cadence.ID) error
}

// AMD says whether and how the carrier detects answering machines before the
// script starts.
type AMD string

// The detection modes. DetectEnd waits for the end of a machine's greeting,
// so that a message can be left after the beep.
const (
	AMDOff       AMD = ""
	AMDDetect    AMD = "detect"
	AMDDetectEnd AMD = "detect_message_end"
)

// Bounds of the time that detection may take, as Twilio states them.
const (
	MinAMDTimeout = 3 * time.Second
	MaxAMDTimeout = 59 * time.Second
)

// Dial is one call to place. Ring and TimeLimit are whole seconds. Attempt is
// carried in every URL given to the carrier, so that what comes back names it.
// With AMDAsync the script starts at the answer and the judgement is reported
// as EventAMD; without, the script waits for it. A judgement that takes longer
// than AMDTimeout (whole seconds; 0: the adapter's default) is ByUnknown.
type Dial struct {
	Attempt   cadence.ID
	To        cadence.Number
	From      cadence.Number
	Ring      time.Duration
	TimeLimit time.Duration
	AMD       AMD

	AMDAsync   bool
	AMDTimeout time.Duration
}

// Placed is the carrier's acceptance. QueueTime is how long the carrier means
// to hold the call before dialing it.
type Placed struct {
	CallID    string
	QueueTime time.Duration
	Date      time.Time // the carrier's own clock, zero when it told none
}

// Status is the state of a call as the carrier tells it.
type Status string

// The states of a call. The last five are terminal.
const (
	StatusQueued     Status = "queued"
	StatusInitiated  Status = "initiated"
	StatusRinging    Status = "ringing"
	StatusInProgress Status = "in-progress"
	StatusCompleted  Status = "completed"
	StatusBusy       Status = "busy"
	StatusFailed     Status = "failed"
	StatusNoAnswer   Status = "no-answer"
	StatusCanceled   Status = "canceled"
)

// Terminal reports whether the call is over.
func (s Status) Terminal() bool {
	switch s {
	case StatusCompleted, StatusBusy, StatusFailed, StatusNoAnswer, StatusCanceled:
		return true
	case StatusQueued, StatusInitiated, StatusRinging, StatusInProgress:
	}
	return false
}

// AnsweredBy is who picked up, as answering-machine detection judged.
type AnsweredBy string

// The judgements. ByNothing means no detection result (yet).
const (
	ByNothing        AnsweredBy = ""
	ByHuman          AnsweredBy = "human"
	ByMachineStart   AnsweredBy = "machine_start"
	ByMachineBeep    AnsweredBy = "machine_end_beep"
	ByMachineSilence AnsweredBy = "machine_end_silence"
	ByMachineOther   AnsweredBy = "machine_end_other"
	ByFax            AnsweredBy = "fax"
	ByUnknown        AnsweredBy = "unknown"
)

// Machine reports whether an answering machine picked up. Unknown is treated
// as a person.
func (b AnsweredBy) Machine() bool {
	switch b {
	case ByMachineStart, ByMachineBeep, ByMachineSilence, ByMachineOther:
		return true
	case ByNothing, ByHuman, ByFax, ByUnknown:
	}
	return false
}

// Call is the carrier's record of a call.
type Call struct {
	ID         string
	Parent     string
	To, From   string
	Status     Status
	AnsweredBy AnsweredBy
	Outbound   bool // placed through the API, not a leg or an inbound call
	Created    time.Time
	Started    time.Time // zero until it rings or is answered
	Ended      time.Time
	Duration   time.Duration
	QueueTime  time.Duration
	Price      string // as the carrier writes it, for example "-0.0130"
	PriceUnit  string
}

// Query selects calls of one pair of numbers by creation time.
type Query struct {
	To, From     cadence.Number
	Since, Until time.Time
}
