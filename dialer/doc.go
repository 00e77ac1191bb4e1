// Package dialer is the engine: it decides when each lead's next touch is due
// and whether it may happen, places the call, and lets the outcome choose what
// follows.
//
// The core is pure. Core.Decide takes the time, a view of state and one
// message and answers with facts, further messages and orders; state.View.Fold
// applies the facts. A Shard strings both together into turns, each committed
// to the ledger before any order leaves. Engine is the live shell around it:
// goroutines, sockets and timers. The simulator drives the same Shard.
//
// ARCHITECTURE.md tells the whole story.
package dialer

//go:generate go run ./internal/wiregen
