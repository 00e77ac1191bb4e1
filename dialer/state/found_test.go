package state_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// TestFoundCountsOnce: a call that the carrier lists counts once in its
// number's cap, however often it is found, and also when the wall was set back
// between the intents, which then stand in no order.
func TestFoundCountsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfNDistinct(rapid.Int64Range(1, 12), 0, 6, func(at int64) int64 { return at }).Draw(t, "intents")
		view, want := state.NewView(memory.New()), map[int64]bool{}
		for i, at := range times {
			view.Fold(&event.Intended{Attempt: id(i), Token: token(1), Number: "+13035550100", At: at})
			view.Fold(&event.AttemptEnded{Attempt: id(i), State: event.Ended, At: at})
			want[at] = true
		}
		for _, at := range rapid.SliceOfN(rapid.Int64Range(1, 12), 1, 8).Draw(t, "found") {
			view.Fold(&event.CallFound{Token: token(1), Number: "+13035550100", CallID: "CA1", At: at})
			want[at] = true
		}
		got := slices.Clone(view.Number(token(1)).Intents)
		slices.Sort(got)
		if len(got) != len(want) || len(slices.Compact(got)) != len(want) {
			t.Fatalf("intents at %v: %v count, want %d", times, got, len(want))
		}
	})
}
