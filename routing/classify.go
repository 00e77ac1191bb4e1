package routing

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

// Evidence is what the engine saw of an answered call besides the carrier's
// account of it.
type Evidence struct {
	Connected     bool                    // the target's leg answered, or the message played
	VoicemailLeft bool                    // the message was played to a machine to its end
	DigitsCode    cadence.DispositionCode // what the pressed key stands for; "" when none was pressed
}

// Classify gives an ended call its system disposition. A pressed key outranks
// answering-machine detection: machines press none. An unknown answerer is
// treated as a person. The code of a key is returned as the document wrote it;
// Set.Resolve makes it canonical.
func Classify(o telephony.Outcome, ev Evidence) cadence.DispositionCode {
	switch o.Result {
	case telephony.ResultAnswered:
		return answered(o.AnsweredBy, ev)
	case telephony.ResultUnreached:
		if o.Reason == telephony.ReasonBusy {
			return Busy
		}
		return NoAnswer
	case telephony.ResultFailed:
		return failed(o.Reason)
	case telephony.ResultCanceled:
		return Cancelled
	}
	return Failed
}

func answered(by telephony.AnsweredBy, ev Evidence) cadence.DispositionCode {
	switch {
	case ev.DigitsCode != "":
		return ev.DigitsCode
	case by == telephony.ByFax:
		return Fax
	case ev.VoicemailLeft:
		return VoicemailLeft
	case by.Machine():
		return AnsweringMachine
	case ev.Connected:
		return Connected
	}
	return Abandoned
}

func failed(r telephony.Reason) cadence.DispositionCode {
	switch r {
	case telephony.ReasonDisconnected:
		return Disconnected
	case telephony.ReasonBusy:
		return Busy
	case telephony.ReasonBlocked:
		return Blocked
	case telephony.ReasonNoAnswer:
		return NoAnswer
	case telephony.ReasonCanceled:
		return Cancelled
	case telephony.ReasonCongestion, telephony.ReasonNone:
	}
	return Congestion
}

// ClassifyRefusal gives a disposition to a call the carrier refused to place.
// ok is false when the refusal says nothing about the called number: then the
// touch stays due and something else has to stop.
func ClassifyRefusal(e *telephony.Error) (code cadence.DispositionCode, ok bool) {
	if e.Class != telephony.Rejected || e.Scope != telephony.ScopeNumber {
		return "", false
	}
	if e.Retryable {
		return Congestion, true
	}
	return Disconnected, true
}
