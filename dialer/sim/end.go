package sim

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// atEnd checks what must hold when everything has come to rest: I16 no attempt
// is left unknown, I17 every stay has ended, and I10 folding the log again
// gives the same state.
func (t *witness) atEnd() {
	t.scan()
	for _, id := range t.gone {
		if e, err := t.w.rows(id.Slot()).Enrollment(id); err != nil || e == nil || e.LeftAt == 0 {
			t.broken("I9", about{enrollment: id}, "stay %s was ended, and is not: %v", id.Bare(), err)
		}
	}
	if t.w.rested {
		t.atRest()
		t.hungUp()
		t.trialsOver()
		t.undelivered()
		t.taken()
	}
	for _, n := range t.w.nodes {
		if !n.crashed {
			t.check(t.refold(n))
		}
	}
}

func (t *witness) atRest() {
	for _, id := range t.opens() {
		t.broken("I16", about{attempt: id}, "attempt %s is still open", id.Bare())
	}
	for _, id := range t.order {
		if s := t.stays[id]; !s.left {
			t.broken("I17", about{enrollment: id}, "stay %s is still open: touch state %d, due %d", id.Bare(), s.state, s.due)
		}
	}
	for _, k := range t.w.carrier.order {
		if !t.posted[k.attempt] {
			continue
		}
		if a, err := t.w.rows(k.attempt.Slot()).Attempt(k.attempt); err != nil || a == nil || !a.Posted {
			t.broken("I9", about{attempt: k.attempt}, "the disposition of attempt %s is gone: %v", k.attempt.Bare(), err)
		}
	}
}

// refold replays a node's whole log into an empty ledger and compares every byte.
func (t *witness) refold(n *node) error {
	t.checks++
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
	if err := errors.Join(err, failed); err != nil {
		return fmt.Errorf("refold: %w", err)
	}
	return t.same(n, again)
}

// same compares the state with another one, both ways.
func (t *witness) same(n *node, again *memory.Ledger) error {
	keys := 0
	err := n.store.Scan(nil, []byte{0xFF}, func(k, v []byte) bool {
		keys++
		other, err := again.Get(k)
		if err != nil || !bytes.Equal(v, other) {
			t.broken("I10", about{}, "key %x differs after folding the log again", k)
			return false
		}
		return true
	})
	if kept := again.Len(); err == nil && keys != kept {
		t.broken("I10", about{}, "%d keys in state, %d after folding the log again", keys, kept)
	}
	return err
}
