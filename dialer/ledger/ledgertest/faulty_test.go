package ledgertest_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/ledgertest"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
)

// transfer makes ten commits that move one unit from a to b and stops at the
// first error, as an engine does.
func transfer(t *testing.T, l ledger.Ledger) (acked int, failure error) {
	t.Helper()
	ten, err := l.Claim(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range byte(10) {
		writes := []ledger.Write{{Key: []byte("a"), Value: []byte{10 - i - 1}}, {Key: []byte("b"), Value: []byte{i + 1}}}
		if _, err := ten.Commit(t.Context(), 1, []byte{i}, writes); err != nil {
			_, again := ten.Commit(t.Context(), 1, nil, nil)
			if !errors.Is(again, ledger.ErrFailed) {
				t.Fatalf("commit after a failed one: %v", again)
			}
			return acked, err
		}
		acked++
	}
	return acked, nil
}

func TestFaultyCommit(t *testing.T) {
	for _, landed := range []bool{false, true} {
		failures := 0
		for n := 1; ; n++ {
			inner := memory.New()
			f := ledgertest.Faulty(inner, ledgertest.Plan{FailCommit: n, Landed: landed})
			acked, err := transfer(t, f)
			if err == nil {
				if n != 11 || f.Commits() != 10 {
					t.Fatalf("a clean run at n = %d after %d commits", n, f.Commits())
				}
				break
			}
			failures++
			if !errors.Is(err, ledgertest.ErrInjected) || acked != n-1 {
				t.Fatalf("n = %d: %d acknowledged, %v", n, acked, err)
			}
			want := uint64(n - 1)
			if landed {
				want++
			}
			after := inner.Clone()
			ten, err := after.Claim(context.Background(), 0)
			if err != nil {
				t.Fatal(err)
			}
			if pos, _ := ten.Head(); pos != want {
				t.Fatalf("n = %d, landed %v: the store ends at %d", n, landed, pos)
			}
			a, _ := after.Get([]byte("a"))
			b, _ := after.Get([]byte("b"))
			if want > 0 && a[0]+b[0] != 10 {
				t.Fatalf("n = %d: half a commit: a %d, b %d", n, a[0], b[0])
			}
		}
		if failures != 10 {
			t.Fatalf("%d failures", failures)
		}
	}
}

func TestFaultyReads(t *testing.T) {
	var ops []string
	f := ledgertest.Faulty(memory.New(), ledgertest.Plan{FailGet: 2, FailScan: 1, Before: func(op string) { ops = append(ops, op) }})
	if _, err := transfer(t, f); err != nil {
		t.Fatal(err)
	}
	get := func(r ledger.Reader) error { _, err := r.Get([]byte("a")); return err }
	if err := get(f); err != nil {
		t.Fatalf("first get: %v", err)
	}
	if err := f.Snapshot(get); !errors.Is(err, ledgertest.ErrInjected) {
		t.Fatalf("second get, in a snapshot: %v", err)
	}
	if err := get(f); err != nil || f.Gets() != 3 {
		t.Fatalf("third get: %v, count %d", err, f.Gets())
	}
	all := func([]byte) bool { return true }
	if err := f.ScanKeys(nil, nil, all); !errors.Is(err, ledgertest.ErrInjected) {
		t.Fatalf("first scan: %v", err)
	}
	if err := f.ScanKeys(nil, nil, all); err != nil {
		t.Fatalf("second scan: %v", err)
	}
	if !slices.Equal(ops[10:], []string{"get", "get", "get", "scan", "scan"}) || ops[0] != "commit" {
		t.Fatalf("operations %q", ops)
	}
}

// TestFaultyPasses: a decorator without a plan changes nothing.
func TestFaultyPasses(t *testing.T) {
	ledgertest.Exercise(t, func(*testing.T) ledgertest.Harness { return &harness{} })
}

type harness struct{ last *memory.Ledger }

func (h *harness) Open() (ledger.Ledger, error) {
	if h.last == nil {
		h.last = memory.New()
	} else {
		h.last = h.last.Clone()
	}
	return ledgertest.Faulty(h.last, ledgertest.Plan{}), nil
}
