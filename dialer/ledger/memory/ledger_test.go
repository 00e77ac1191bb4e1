package memory_test

import (
	"context"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/ledgertest"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
)

// harness reopens by cloning, as a simulated crash does.
type harness struct{ last *memory.Ledger }

func (h *harness) Open() (ledger.Ledger, error) {
	if h.last == nil {
		h.last = memory.New()
	} else {
		h.last = h.last.Clone()
	}
	return h.last, nil
}

func TestConformance(t *testing.T) {
	ledgertest.Exercise(t, func(*testing.T) ledgertest.Harness { return &harness{} })
}

// TestCloneApart: a clone and its origin go separate ways from the last commit
// on, logs included.
func TestCloneApart(t *testing.T) {
	ctx := context.Background()
	origin := memory.New()
	commit := func(ten ledger.Tenure, key, value string) {
		t.Helper()
		if _, err := ten.Commit(ctx, 1, []byte(value), []ledger.Write{{Key: []byte(key), Value: []byte(value)}}); err != nil {
			t.Fatal(err)
		}
	}
	first, err := origin.Claim(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		commit(first, "k", "before")
	}
	clone := origin.Clone()
	second, err := clone.Claim(ctx, 0)
	if err != nil {
		t.Fatalf("a clone has no tenures: %v", err)
	}
	for range 50 {
		commit(first, "k", "origin")
		commit(second, "k", "clone")
		commit(second, "only", "clone")
	}
	for l, want := range map[*memory.Ledger]string{origin: "origin", clone: "clone"} {
		if v, err := l.Get([]byte("k")); err != nil || string(v) != want {
			t.Fatalf("k = %q, %v; want %q", v, err, want)
		}
	}
	if origin.Len() != 1 || clone.Len() != 2 {
		t.Fatalf("origin has %d keys, clone %d", origin.Len(), clone.Len())
	}
	for ten, want := range map[ledger.Tenure]string{first: "origin", second: "clone"} {
		if _, err := ten.Trim(ctx, 101, 1000); err != nil {
			t.Fatal(err)
		}
		err := ten.Records(101, func(r ledger.Record) bool {
			if string(r.Body) != want {
				t.Fatalf("record %d says %q, want %q", r.Pos, r.Body, want)
			}
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
