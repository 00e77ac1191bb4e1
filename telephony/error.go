package telephony

import (
	"errors"
	"fmt"
	"time"
)

// ErrNoCall is returned by Fetch when the carrier knows no such call.
var ErrNoCall = errors.New("the carrier knows no such call")

// Class says what is known about a request that did not succeed.
type Class string

// The classes.
const (
	NotSent   Class = "not_sent"  // no byte was written: certainly no call
	Throttled Class = "throttled" // 429: certainly no call, try again later
	Rejected  Class = "rejected"  // refused with a reason: certainly no call
	Unclear   Class = "unclear"   // bytes were written and no usable answer came: there may be a call
)

// Scope says what a rejection is about, and so what has to stop.
type Scope string

// The scopes, narrowest first. A ScopeConfig rejection is our own mistake.
const (
	ScopeNumber   Scope = "number"    // this called number
	ScopeCallerID Scope = "caller_id" // this From
	ScopeCountry  Scope = "country"   // calls to this country
	ScopeAccount  Scope = "account"   // the whole account: stop dialing
	ScopeConfig   Scope = "config"    // a parameter we sent
)

// Error is a carrier's refusal or silence. Reason is one of a closed set and
// may label a metric; Message is for people and holds no secret.
type Error struct {
	Class      Class
	Scope      Scope // of Rejected
	Retryable  bool  // of Rejected: the same number may be tried again later
	Code       int   // the carrier's own code, 0 when it gave none
	HTTP       int   // 0 when there was no answer
	Reason     string
	Message    string
	RetryAfter time.Duration
	Err        error
}

func (e *Error) Error() string {
	s := fmt.Sprintf("carrier: %s (%s)", e.Class, e.Reason)
	if e.Code != 0 {
		s += fmt.Sprintf(", code %d", e.Code)
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }
