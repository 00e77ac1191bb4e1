package telephony

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// EventKind is what a carrier's request to us is about.
type EventKind string

// The kinds of event.
const (
	EventStatus EventKind = "status" // the call changed state
	EventVoice  EventKind = "voice"  // the call was answered and asks for its script
	EventGather EventKind = "gather" // the person pressed keys
	EventDial   EventKind = "dial"   // a leg dialed by the script ended
	EventAMD    EventKind = "amd"    // detection finished (asynchronous mode)
	EventPlayed EventKind = "played" // the script before it was played to its end
	EventLeg    EventKind = "leg"    // a leg dialed by the script was answered
)

// Event is one verified report about an attempt. Final state depends only on
// the set of events: order and repeats do not matter.
type Event struct {
	Attempt    cadence.ID
	Kind       EventKind
	CallID     string
	Status     Status
	Seq        int // the carrier's sequence number of a status event, -1 when it has none
	AnsweredBy AnsweredBy
	SIPCode    int // final SIP response, 0 when unknown
	Duration   time.Duration
	Digits     string
	LegStatus  Status // of the dialed leg, for EventDial; LegID also for EventLeg
	LegID      string
	LegTime    time.Duration
	At         time.Time // when the carrier says it happened; zero when it does not say
}

// Result says whose doing an ended call was.
type Result string

// The results.
const (
	ResultAnswered  Result = "answered"  // somebody or something picked up
	ResultUnreached Result = "unreached" // rang out or busy
	ResultFailed    Result = "failed"    // network or number
	ResultCanceled  Result = "canceled"  // by us
)

// Outcome is how a call ended, before routing gives it a disposition. Reason
// is one of a closed set and may label a metric.
type Outcome struct {
	Result     Result
	Reason     Reason
	AnsweredBy AnsweredBy
	Duration   time.Duration
}

// Reason is the closed set of causes of an outcome.
type Reason string

// The reasons.
const (
	ReasonNone         Reason = ""
	ReasonBusy         Reason = "busy"
	ReasonNoAnswer     Reason = "no_answer"
	ReasonDisconnected Reason = "disconnected" // the number does not exist
	ReasonCongestion   Reason = "congestion"   // the network would not carry it
	ReasonBlocked      Reason = "blocked"      // rejected by the callee's carrier or analytics
	ReasonCanceled     Reason = "canceled"
)

// OutcomeOf derives the outcome of an ended call from its final status and SIP
// code. Twilio documents 404 (unreachable), 486 (busy) and 487 (rang out);
// the others follow RFC 3261 §21.
func OutcomeOf(s Status, sip int, by AnsweredBy, talked time.Duration) Outcome {
	o := Outcome{AnsweredBy: by, Duration: talked}
	switch s {
	case StatusCompleted, StatusInProgress:
		o.Result = ResultAnswered
	case StatusBusy:
		o.Result, o.Reason = ResultUnreached, ReasonBusy
	case StatusNoAnswer:
		o.Result, o.Reason = ResultUnreached, ReasonNoAnswer
	case StatusCanceled:
		o.Result, o.Reason = ResultCanceled, ReasonCanceled
	case StatusFailed, StatusQueued, StatusInitiated, StatusRinging:
		o.Result, o.Reason = ResultFailed, failure(sip)
	}
	return o
}

func failure(sip int) Reason {
	switch sip {
	case 404, 410, 484, 604:
		return ReasonDisconnected
	case 486, 600:
		return ReasonBusy
	case 603, 607, 608:
		return ReasonBlocked
	}
	return ReasonCongestion
}
