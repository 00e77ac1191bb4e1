package dialer

import (
	"errors"
	"sync"
)

// Urgency orders the inbox: a person waiting on the line comes first.
type Urgency uint8

// The urgencies, most urgent first.
const (
	Urgent  Urgency = iota // live-call questions, webhooks, what the carrier answered
	Command                // the API
	Bulk                   // imports, mass enrollment
	urgencies
)

// ErrBusy is returned when the inbox is full: ask again later.
var ErrBusy = errors.New("the engine is busy; try again in a moment")

// ErrStopped is returned once the engine takes nothing more.
var ErrStopped = errors.New("the engine is stopping")

// inboxLimits bound each urgency, in messages.
var inboxLimits = [urgencies]int{65536, 8192, 8192}

// inbox gathers messages for the loop. Its signal has room for one, so that a
// sender never waits for the loop.
type inbox struct {
	mu     sync.Mutex
	queues [urgencies][]Item
	closed bool
	signal chan struct{}
}

func newInbox() *inbox { return &inbox{signal: make(chan struct{}, 1)} }

func (b *inbox) put(u Urgency, it Item) error {
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return ErrStopped
	}
	if len(b.queues[u]) >= inboxLimits[u] {
		b.mu.Unlock()
		return ErrBusy
	}
	it.urgency = u
	b.queues[u] = append(b.queues[u], it)
	b.mu.Unlock()
	b.poke()
	return nil
}

func (b *inbox) poke() {
	select {
	case b.signal <- struct{}{}:
	default:
	}
}

// take removes up to n messages, most urgent first. An eighth of a turn is kept
// for commands, so that somebody can say stop while webhooks pour in; bulk gets
// at most half of one, so that it cannot make the next question wait long.
func (b *inbox) take(n int) []Item {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []Item
	for u := range urgencies {
		k := min(n-len(out), len(b.queues[u]))
		switch u {
		case Urgent:
			k = min(k, n-min(n/8, len(b.queues[Command])))
		case Bulk:
			k = min(k, n/2)
		default: // commands take what the turn still holds
		}
		out = append(out, b.queues[u][:k]...)
		clear(b.queues[u][:k])
		if b.queues[u] = b.queues[u][k:]; len(b.queues[u]) == 0 {
			b.queues[u] = nil
		}
	}
	return out
}

// putBack returns what a turn had no room for to the heads of its queues.
func (b *inbox) putBack(left []Item) {
	if len(left) == 0 {
		return
	}
	var back [urgencies][]Item
	for _, it := range left {
		back[it.urgency] = append(back[it.urgency], it)
	}
	b.mu.Lock()
	for u := range urgencies {
		b.queues[u] = append(back[u], b.queues[u]...)
	}
	b.mu.Unlock()
	b.poke()
}

func (b *inbox) empty() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for u := range urgencies {
		if len(b.queues[u]) > 0 {
			return false
		}
	}
	return true
}

// close refuses further messages and answers those that wait.
func (b *inbox) close() {
	b.mu.Lock()
	b.closed = true
	var left []Item
	for u := range urgencies {
		left = append(left, b.queues[u]...)
		b.queues[u] = nil
	}
	b.mu.Unlock()
	for _, it := range left {
		if it.Done != nil {
			it.Done(nil, ErrStopped)
		}
	}
}
