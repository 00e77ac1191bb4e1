package state_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// What an open attempt began with is written once; an event writes only what
// changes; nothing is left of one that is over, and one that came and went
// within a turn was never stored.
func TestOpenStandsInTwoRows(t *testing.T) {
	at := int64(1_773_673_200_000)
	intended := &event.Intended{
		Attempt: id(1), Token: token(1), Number: "+13035550100", From: "+13035550190", Verdict: []byte("why"), At: at, CapSince: at - 1, Deadline: at + 9,
	}
	placed := &event.CallPlaced{Attempt: id(1), CallID: "CA1", How: "response", At: at + 1, Deadline: at + 30}
	live := &event.CallChanged{Attempt: id(1), State: event.Live, Seen: 3, AnsweredAt: at + 2, Deadline: at + 60, At: at + 2}
	ended := &event.AttemptEnded{Attempt: id(1), State: event.Ended, Code: "CONNECTED", Accepted: true, At: at + 3}
	for _, c := range []struct {
		name  string
		turns [][]event.Fact
		want  []string // of each turn's writes, those of the two rows
	}{
		{"one fact a turn", [][]event.Fact{{intended}, {placed}, {live}, {ended}}, []string{"O", "o", "o", "-O-o"}},
		{"placed and over at once", [][]event.Fact{{intended}, {placed, live, ended}}, []string{"O", "-O"}},
		{"placed with its intent", [][]event.Fact{{intended, placed}, {live}, {ended}}, []string{"Oo", "o", "-O-o"}},
		{"within a turn", [][]event.Fact{{intended, placed, ended}}, []string{""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := memory.New()
			tenure, err := store.Claim(context.Background(), 0)
			if err != nil {
				t.Fatal(err)
			}
			kept := state.NewView(store) // never forgets; the others read what is stored
			for i, facts := range c.turns {
				read := state.NewView(store)
				for _, f := range facts {
					kept.Fold(f)
					read.Fold(f)
				}
				writes := kept.Writes()
				if !same(slices.Clone(writes), read.Writes()) {
					t.Fatalf("turn %d is written otherwise by who has read the rows", i)
				}
				if got := rowsOf(writes); got != c.want[i] {
					t.Errorf("turn %d writes %q, want %q", i, got, c.want[i])
				}
				if _, err := tenure.Commit(context.Background(), at, nil, writes); err != nil {
					t.Fatal(err)
				}
				want := kept.Open(id(1))
				kept.Settle()
				got, err := state.Rows{R: store}.Open(id(1))
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Fatalf("turn %d: stored %+v, in memory %+v (%v)", i, got, want, err)
				}
				var listed []*state.Open
				if err := (state.Rows{R: store}).Opens(func(o *state.Open) bool { listed = append(listed, o); return true }); err != nil {
					t.Fatal(err)
				}
				var each []*state.Open
				state.NewView(store).EachOpen(func(o *state.Open) { each = append(each, o) })
				if !reflect.DeepEqual(each, listed) || want != nil != (len(listed) == 1) || want != nil && !reflect.DeepEqual(listed[0], want) {
					t.Fatalf("turn %d: listed %+v and %+v", i, listed, each)
				}
			}
		})
	}
}

// rowsOf names the writes to the rows of open attempts, in the order of keys.
func rowsOf(writes []ledger.Write) (out string) {
	for _, w := range sorted(slices.Clone(writes)) {
		if tab := w.Key[0]; tab == 'O' || tab == 'o' {
			if w.Delete {
				out += "-"
			}
			out += fmt.Sprintf("%c", tab)
		}
	}
	return out
}
