package upgrade_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/ledgertest"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
)

// rename moves every key of one letter to another, one key a step: a
// migration that would do harm if a step were lost or done twice.
func rename(from, to byte) upgrade.Step {
	return func(r ledger.Reader, cursor []byte) ([]ledger.Write, []byte, error) {
		next, done := append([]byte{from}, cursor...), true
		var w []ledger.Write
		err := r.Scan(append(next, 0), []byte{from + 1}, func(k, v []byte) bool {
			w = append(w, ledger.Write{Key: append([]byte{to}, k[1:]...), Value: append(append([]byte(nil), v...), to)},
				ledger.Write{Key: append([]byte(nil), k...), Delete: true})
			cursor, done = append([]byte(nil), k[1:]...), false
			return false
		})
		if done {
			cursor = nil
		}
		return w, cursor, err
	}
}

func chain(to int) upgrade.Release {
	return upgrade.Release{Fold: to, Facts: 1, Zones: "z", Chain: []upgrade.Migration{
		{To: 2, What: "a to b", Step: rename('a', 'b')}, {To: 3, What: "b to c", Step: rename('b', 'c')},
	}}
}

func old(t *testing.T) *memory.Ledger {
	t.Helper()
	l := memory.New()
	ten := claim(t, l)
	var w []ledger.Write
	for i := range 5 {
		w = append(w, ledger.Write{Key: fmt.Appendf(nil, "a%d", i), Value: []byte("x")})
	}
	if _, err := ten.Commit(t.Context(), 7, []byte("old"), w); err != nil {
		t.Fatal(err)
	}
	return l.Clone()
}

func claim(t *testing.T, l ledger.Ledger) ledger.Tenure {
	t.Helper()
	ten, err := l.Claim(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return ten
}

func run(t *testing.T, l ledger.Ledger, to upgrade.Release) error {
	t.Helper()
	p, err := upgrade.Prepare(l, to)
	if err != nil {
		return err
	}
	return p.Run(t.Context(), l, claim(t, l))
}

func keys(t *testing.T, r ledger.Reader) string {
	t.Helper()
	var out []string
	if err := r.Scan([]byte("a"), []byte("d"), func(k, v []byte) bool {
		out = append(out, string(k)+"="+string(v))
		return true
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, " ")
}

const migrated = "c0=xbc c1=xbc c2=xbc c3=xbc c4=xbc"

// TestKilledAtEveryCommit ends the process before and after every commit of a
// chain of two migrations; the next start goes on, and nothing is done twice.
func TestKilledAtEveryCommit(t *testing.T) {
	for _, landed := range []bool{false, true} {
		for n := 1; ; n++ {
			store := old(t)
			f := ledgertest.Faulty(store, ledgertest.Plan{FailCommit: n, Landed: landed})
			err := run(t, f, chain(3))
			if err == nil {
				if n < 10 {
					t.Fatalf("only %d commits: the chain is not cut into steps", n)
				}
				break
			}
			if !errors.Is(err, ledgertest.ErrInjected) {
				t.Fatal(err)
			}
			again := store.Clone()
			if err := run(t, again, chain(3)); err != nil {
				t.Fatalf("killed at commit %d (landed %v): %v", n, landed, err)
			}
			if got := keys(t, again); got != migrated {
				t.Fatalf("killed at commit %d (landed %v): %s", n, landed, got)
			}
		}
	}
}

func TestStamps(t *testing.T) {
	fresh := memory.New()
	if err := run(t, fresh, chain(3)); err != nil {
		t.Fatal(err)
	}
	if v, err := state.ReadVersions(fresh); err != nil || v.Fold != 3 || v.Facts != 1 || v.Zones != "z" {
		t.Fatalf("%+v, %v", v, err)
	}
	// A second start writes nothing.
	same := fresh.Clone()
	before, _ := claim(t, same.Clone()).Head()
	if err := run(t, same, chain(3)); err != nil {
		t.Fatal(err)
	}
	if after, _ := claim(t, same.Clone()).Head(); after != before {
		t.Fatalf("%d records became %d", before, after)
	}
	p, err := upgrade.Prepare(old(t), chain(3))
	if err != nil || p.From() != 1 || p.To() != 3 || len(p.Migrates()) != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
}

// TestNewerIsRefused: by name of both versions, and also in the middle of a
// newer program's migration and with fields this one does not know.
func TestNewerIsRefused(t *testing.T) {
	for name, f := range map[string]*event.Upgraded{
		"state":     {Fold: 9, Facts: 1},
		"migrating": {Fold: 2, Facts: 1, To: 9, Cursor: []byte("x")},
		"facts":     {Fold: 2, Facts: 9},
	} {
		l := memory.New()
		if err := upgrade.Commit(t.Context(), l, claim(t, l), []event.Fact{f}, nil); err != nil {
			t.Fatal(err)
		}
		err := run(t, l.Clone(), chain(3))
		if !errors.Is(err, ledger.ErrNewer) || !strings.Contains(err.Error(), "version 9") {
			t.Errorf("%s: %v", name, err)
		}
	}
	l := memory.New()
	row := []byte{0xa2, 0x01, 0x09, 0x18, 0x63, 0x01} // {1: 9, 99: 1}
	if _, err := claim(t, l).Commit(t.Context(), 1, nil, []ledger.Write{{Key: []byte("v"), Value: row}}); err != nil {
		t.Fatal(err)
	}
	if err := run(t, l.Clone(), chain(3)); !errors.Is(err, ledger.ErrNewer) {
		t.Error(err)
	}
}
