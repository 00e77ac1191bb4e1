package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/telephony"
)

// Outcome is what deciding one message came to: facts to fold, messages to
// decide next (in this turn when their home is here), and orders that may
// leave once the turn is durable.
type Outcome struct {
	Facts   []event.Fact
	Sends   []Message
	Dials   []DialOrder
	Looks   []Look
	Reply   any             // for whoever asked
	Err     error           // a *Refusal for whoever asked; nothing was changed
	Freed   bool            // an ask that travelled came to nothing: its channel is free again …
	FreedOf string          // … and it was this campaign's
	Again   Message         // the rest of a long decision, for the turns that follow
	Unused  bool            // the grant of a Due was not spent
	Verdict *permit.Verdict // of a permit that was asked for, for metrics
}

// DialOrder is a call to place: once, before NotAfter, and only after its
// intent is durable.
type DialOrder struct {
	Dial     telephony.Dial
	NotAfter int64 // wall, Unix ms
	Due      int64
}

func (o *Outcome) fact(f ...event.Fact) { o.Facts = append(o.Facts, f...) }
func (o *Outcome) send(m ...Message)    { o.Sends = append(o.Sends, m...) }

// Refusal is a request that cannot be done, in the terms of the API.
type Refusal struct {
	Code    string // invalid, not_found, conflict, refused, unavailable
	Message string
	Field   string
	Details []cadence.Problem
}

func (r *Refusal) Error() string { return r.Message }

func refusal(code, field, message string) *Refusal {
	return &Refusal{Code: code, Field: field, Message: message}
}

// Refusal codes.
const (
	CodeInvalid     = "invalid"
	CodeNotFound    = "not_found"
	CodeConflict    = "conflict"
	CodeRefused     = "refused"
	CodeUnavailable = "unavailable"
	CodeInternal    = "internal"
)

func atMs(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// ceilMs is the first whole millisecond at or after t: a due time is never
// rounded to before it.
func ceilMs(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	return ms
}

func ms(d time.Duration) int64 { return d.Milliseconds() }
