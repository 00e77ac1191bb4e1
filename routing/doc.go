// Package routing decides what happens next. Classify names how a call ended,
// Decide turns that disposition into a Move: retry, next number, next step, go
// to a step, callback, another run, another cadence, or the end. It is pure:
// it reads no clock, no file and no storage, and equal inputs give equal moves.
package routing
