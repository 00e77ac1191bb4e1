package sim

import (
	"bytes"
	"context"
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// scanEvery is how many turns pass between two full scans.
const scanEvery = 7

// afterTurn checks what must hold after every durable turn.
func (t *witness) afterTurn(*dialer.Released) error {
	if t.turns++; t.turns%scanEvery == 0 {
		t.scan()
	}
	return t.failure
}

// scan checks I4 (every open stay waits for exactly one thing) and I8 (the
// counters are the fold of the facts).
func (t *witness) scan() {
	var sum state.Counts
	for _, n := range t.w.nodes {
		t.scanNode(n, &sum)
	}
	if want := t.books.total(); sum != want {
		t.broken("I8", "the counters say %+v, the facts %+v", sum, want)
	}
}

func (t *witness) scanNode(n *node, sum *state.Counts) {
	rows := n.rows()
	due := t.dueIndex(n)
	t.check(rows.Enrollments(cadence.ID{}, func(id cadence.ID, e *state.Enrollment) bool {
		t.stay(id, e, due)
		return true
	}))
	for k := range due {
		t.broken("I4", "a row of the due index nobody waits for: %x", k)
	}
	t.check(rows.Opens(func(o *state.Open) bool {
		n, err := rows.Number(o.I.Token)
		t.check(err)
		if n == nil || n.Open != o.I.Attempt {
			t.broken("I4", "open attempt %s does not hold its number", o.I.Attempt.Bare())
		}
		return true
	}))
	t.check(rows.Buckets(0, 0, func(_ int64, _ cadence.ID, c *state.Counts) bool {
		sum.Add(*c, 1)
		return true
	}))
}

func (t *witness) check(err error) {
	if err != nil {
		t.broken("read", "%v", err)
	}
}

func (t *witness) dueIndex(n *node) map[string]cadence.ID {
	due := map[string]cadence.ID{}
	t.check(n.store.Scan([]byte{'D'}, []byte{'E'}, func(k, v []byte) bool {
		due[string(k)] = cadence.ID(v)
		return true
	}))
	return due
}

func (t *witness) stay(id cadence.ID, e *state.Enrollment, due map[string]cadence.ID) {
	key := string(state.DueKey(e.Touch.Lane, e.Touch.Due, e.Touch.ID))
	switch {
	case e.LeftAt != 0:
		if e.Touch.State != state.NoTouch {
			t.broken("I4", "stay %s has ended and still waits", id.Bare())
		}
	case e.Touch.State == state.Waiting || e.Touch.State == state.Held:
		if due[key] != id {
			t.broken("I4", "stay %s waits for a due time that is not in the index", id.Bare())
		}
		delete(due, key)
	case e.Touch.State == state.Dialing:
		if o, err := t.w.rows(e.Touch.Attempt.Slot()).Open(e.Touch.Attempt); err != nil || o == nil || o.I.Enrollment != id {
			t.broken("I4", "stay %s waits for attempt %s, which is not open", id.Bare(), e.Touch.Attempt.Bare())
		}
	default:
		t.broken("I4", "stay %s is open and waits for nothing (state %d)", id.Bare(), e.Touch.State)
	}
}

// atEnd checks what must hold when everything has come to rest: I16 no attempt
// is left unknown, I17 every stay has ended, I10 folding the log again gives
// the same state, and that contacts are what the far side saw.
func (t *witness) atEnd() error {
	t.scan()
	for _, n := range t.w.nodes {
		t.atRest(n)
		t.check(t.refold(n))
	}
	return t.failure
}

func (t *witness) atRest(n *node) {
	rows := n.rows()
	t.check(rows.Opens(func(o *state.Open) bool {
		t.broken("I16", "attempt %s is still %s", o.I.Attempt.Bare(), o.State)
		return true
	}))
	t.check(rows.Enrollments(cadence.ID{}, func(id cadence.ID, e *state.Enrollment) bool {
		if e.LeftAt == 0 {
			t.broken("I17", "stay %s is still open: step %s, touch state %d, rule %q, due %d", id.Bare(), e.StepKey, e.Touch.State, e.Touch.Rule, e.Touch.Due)
		}
		return true
	}))
}

// refold replays a node's whole log into an empty ledger and compares every byte.
func (t *witness) refold(n *node) error {
	again := memory.New()
	tenure, err := again.Claim(context.Background(), 0)
	if err != nil {
		return err
	}
	view := state.NewView(again)
	var failed error
	err = n.tenure.Records(1, func(r ledger.Record) bool {
		facts, err := event.Decode(r.Body)
		if err != nil {
			failed = err
			return false
		}
		for _, f := range facts {
			view.Fold(f)
		}
		_, failed = tenure.Commit(context.Background(), r.At, r.Body, view.Writes())
		view.Settle()
		return failed == nil
	})
	if err != nil || failed != nil {
		return fmt.Errorf("refold: %w", cmpErr(err, failed))
	}
	return t.same(n, again)
}

func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (t *witness) same(n *node, again *memory.Ledger) error {
	if a, b := n.store.Len(), again.Len(); a != b {
		t.broken("I10", "%d keys in state, %d after folding the log again", a, b)
	}
	return n.store.Scan(nil, []byte{0xFF}, func(k, v []byte) bool {
		other, err := again.Get(k)
		if err != nil || !bytes.Equal(v, other) {
			t.broken("I10", "key %x differs after folding the log again", k)
			return false
		}
		return true
	})
}
