// Package sim runs the engine's own core under a virtual clock against a
// simulated carrier: weeks of dialing in moments, every step the same again
// for the same seed. It is single-threaded and has no goroutine. It serves
// two ends: with faults it is the proof harness, without them a forecast.
package sim
