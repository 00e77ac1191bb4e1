package dialer_test

import (
	"context"
	"slices"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// refold replays the log into an empty ledger and compares every byte.
func (r *rig) refold() {
	r.t.Helper()
	again := memory.New()
	tenure, err := again.Claim(context.Background(), 0)
	r.check(err)
	view := state.NewView(again)
	source, err := r.store.Clone().Claim(context.Background(), 0)
	r.check(err)
	r.check(source.Records(1, func(rec ledger.Record) bool {
		facts, err := event.Decode(rec.Body)
		r.check(err)
		for _, f := range facts {
			view.Fold(f)
		}
		_, err = tenure.Commit(context.Background(), rec.At, rec.Body, view.Writes())
		r.check(err)
		view.Settle()
		return true
	}))
	if a, b := r.store.Len(), again.Len(); a != b {
		r.t.Fatalf("%d keys in state, %d after folding the log again", a, b)
	}
	r.check(r.store.Scan(nil, []byte{0xFF}, func(k, v []byte) bool {
		other, err := again.Get(k)
		if err != nil || !slices.Equal(v, other) {
			r.t.Fatalf("key %x differs after folding the log again", k)
		}
		return true
	}))
}
