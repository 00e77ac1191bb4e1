// Package telephonytest is the conformance suite of telephony.Carrier. Every
// adapter passes it, against a far side that the test controls.
package telephonytest

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

// Answer is what happens at the far side when a number is called.
type Answer string

// The answers. Rings keeps ringing until the call is cancelled; Human stays on
// the line until somebody hangs up; Bridged is a human whose call's script
// dials a second number; Machine is an answering machine that beeps and records
// until somebody hangs up.
const (
	Human    Answer = "human"
	Rings    Answer = "rings"
	Busy     Answer = "busy"
	NoAnswer Answer = "no_answer"
	Fails    Answer = "fails"
	Bridged  Answer = "bridged"
	Machine  Answer = "machine"
)

// Fault is what goes wrong with the next request to place a call.
type Fault string

// The faults. Drop accepts the call and loses the answer; Stall accepts it and
// does not answer within the caller's deadline; Down refuses connections.
const (
	Throttle Fault = "throttle"
	Break    Fault = "break"
	Drop     Fault = "drop"
	Stall    Fault = "stall"
	Refuse   Fault = "refuse"
	Down     Fault = "down"
)

// Harness is a Carrier and its far side. All fields are required.
type Harness struct {
	Carrier telephony.Carrier
	From    cadence.Number
	// Number returns a number that no test has called yet.
	Number func() cadence.Number
	// SetAnswer decides what happens to later calls to a number.
	SetAnswer func(to cadence.Number, a Answer)
	// SetFault breaks the next request to place a call, and only that one.
	// It returns what to call when the test is through with it.
	SetFault func(f Fault) (restore func())
	// Calls lists what the far side accepted for a number, from its own
	// record: the witness.
	Calls func(to cadence.Number) []telephony.Call
	// Await lets the far side run until its own record of a call has the
	// status, and fails the test when that does not happen.
	Await func(t *testing.T, callID string, s telephony.Status)
	// Judge lets the far side run until detection on a call has come to its
	// end, and the script has been asked for; without detection until the
	// latter alone.
	Judge func(t *testing.T, callID string)
	// Now is the far side's clock.
	Now func() time.Time
	// Unknown is a call id that is well formed and names no call.
	Unknown string
}

// limit bounds every request of the suite.
const limit = 20 * time.Second

// Exercise runs the suite. The harness is shared by all its parts.
func Exercise(t *testing.T, h Harness) {
	t.Run("Place", func(t *testing.T) { place(t, h) })
	t.Run("PlaceAtOnce", func(t *testing.T) { placeAtOnce(t, h) })
	t.Run("Fetch", func(t *testing.T) { fetch(t, h) })
	t.Run("Find", func(t *testing.T) { find(t, h) })
	t.Run("Requests", func(t *testing.T) { requests(t, h) })
	t.Run("Legs", func(t *testing.T) { legs(t, h) })
	t.Run("Cancel", func(t *testing.T) { cancelCall(t, h) })
	t.Run("HangUp", func(t *testing.T) { hangUp(t, h) })
	t.Run("Redirect", func(t *testing.T) { redirect(t, h) })
	t.Run("Detection", func(t *testing.T) { detection(t, h) })
	t.Run("Faults", func(t *testing.T) { faults(t, h) })
	t.Run("GivenUp", func(t *testing.T) { givenUp(t, h) })
	t.Run("Incomplete", func(t *testing.T) { incomplete(t, h) })
}

var attempts atomic.Uint64

// dial makes a complete Dial with an attempt id of its own.
func (h Harness) dial(to cadence.Number) telephony.Dial {
	var rest [14]byte
	binary.BigEndian.PutUint64(rest[:8], 0x7e1e9807e57)
	binary.BigEndian.PutUint32(rest[10:], uint32(attempts.Add(1)))
	return telephony.Dial{
		Attempt: cadence.NewID(1, rest), To: to, From: h.From,
		Ring: 25 * time.Second, TimeLimit: time.Hour,
	}
}

func (h Harness) mustPlace(t *testing.T, to cadence.Number, a Answer) (telephony.Dial, string) {
	t.Helper()
	h.SetAnswer(to, a)
	d := h.dial(to)
	return d, h.mustSend(t, d, a)
}

func (h Harness) mustSend(t *testing.T, d telephony.Dial, a Answer) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	placed, err := h.Carrier.Place(ctx, d)
	if err != nil {
		t.Fatalf("place a call that is %s: %v", a, err)
	}
	if placed.CallID == "" {
		t.Fatal("an accepted call has no id")
	}
	return placed.CallID
}

// mustBe checks that err is a *telephony.Error of one of the classes.
func mustBe(t *testing.T, err error, classes ...telephony.Class) {
	t.Helper()
	e, ok := errors.AsType[*telephony.Error](err)
	if !ok {
		t.Fatalf("got %v (%T), want a *telephony.Error", err, err)
	}
	if !slices.Contains(classes, e.Class) {
		t.Fatalf("class %s (%v), want one of %v", e.Class, err, classes)
	}
	if e.Reason == "" {
		t.Fatalf("%v has no reason", err)
	}
}
