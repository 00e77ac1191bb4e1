// Package clock is the one place that reads the time of day. Everything else
// is handed a Clock, or the instant itself, so that it can be tested, and
// simulated, under any time.
package clock

import "time"

// Clock tells two times and wakes whoever waits for the first of them.
//
// The wall decides windows and due times and may be stepped by an operator or
// by NTP. The monotonic reading never runs backwards and measures spans:
// deadlines, sockets, stalls.
type Clock interface {
	// Now is the wall time in UTC, without a monotonic reading.
	Now() time.Time
	// Mono is the time since the process (or a test's clock) started.
	Mono() time.Duration
	// At returns a channel that is closed once Now() ≥ t, and a function that
	// gives up waiting. stop may be called any number of times; a channel
	// stopped before it was closed stays open.
	At(t time.Time) (reached <-chan struct{}, stop func())
}
