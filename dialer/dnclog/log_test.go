package dnclog_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/dnclog"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
)

var us = dnclog.Owner{Ledger: "aa", Key: "bb"}

func token(n byte) event.Token { return event.Token{n, n, 9} }

var scopes = rapid.SampledFrom([]cadence.Scope{cadence.ScopeAll, cadence.ScopeCall, cadence.CampaignScope("a b+c"), cadence.ScopeOf(cadence.ID{1})})

func open(t *testing.T, path string) (*dnclog.Log, *dnclog.Found) {
	t.Helper()
	l, found, err := dnclog.Open(path, us)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // again, maybe
	return l, found
}

func filled(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dnc.log")
	l, _ := open(t, path)
	for i := range n {
		if err := l.Append([]dnclog.Entry{{Token: token(byte(i)), On: true, At: int64(i), Source: "an agent"}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOneProcess: a log that is open is opened by nobody else, by no name of
// it, and not touched by whoever tries: what stands at its end may be an entry
// that is just being written.
func TestOneProcess(t *testing.T) {
	path := filled(t, 2)
	l, _ := open(t, path)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err == nil {
		_, err = f.WriteString("3 1 on ")
	}
	other := filepath.Join(t.TempDir(), "other.log")
	if err := errors.Join(err, f.Close(), os.Symlink(path, other)); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, other} {
		if _, _, err := dnclog.Open(name, us); !errors.Is(err, dnclog.ErrInUse) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "storage.dnc_log") {
			t.Errorf("opened twice: %v", err)
		}
		if _, _, err := dnclog.Join(name, us, before); !errors.Is(err, dnclog.ErrInUse) {
			t.Errorf("joined while it is open: %v", err)
		}
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
		t.Errorf("it was touched (%v)", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l, found := open(t, other); found.Seq != 2 || found.Mended == "" {
		t.Errorf("%+v", found)
	} else if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// TestReadsBack: whatever is appended, the last word on every number is read.
func TestReadsBack(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		path := filepath.Join(dir, rapid.StringMatching(`[a-z]{12}`).Draw(rt, "file"))
		want := map[dnclog.Name]dnclog.Entry{}
		for range rapid.IntRange(1, 3).Draw(rt, "opens") {
			l, found, err := dnclog.Open(path, us)
			if err != nil || len(found.Marks) != len(want) || len(found.Damaged) > 0 {
				rt.Fatalf("%+v, %v", found, err)
			}
			for t, e := range want {
				if found.Marks[t] != e {
					rt.Fatalf("%+v became %+v", e, found.Marks[t])
				}
			}
			var some []dnclog.Entry
			for range rapid.IntRange(0, 5).Draw(rt, "entries") {
				e := dnclog.Entry{
					Token: token(rapid.Byte().Draw(rt, "token") % 4), On: rapid.Bool().Draw(rt, "on"), At: rapid.Int64().Draw(rt, "at"),
					Source: rapid.String().Draw(rt, "source"), Scope: scopes.Draw(rt, "scope"),
				}
				some, want[e.Name()] = append(some, e), e
			}
			if err := errors.Join(l.Append(some), l.Close()); err != nil {
				rt.Fatal(err)
			}
		}
	})
}

// TestEveryByte: one changed byte is damage, or somebody else's log, or cuts
// the last line; it never changes what the log says.
func TestEveryByte(t *testing.T) {
	path := filled(t, 4)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := range raw {
		bad := slices.Clone(raw)
		bad[at] ^= 4
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		found, err := dnclog.Read(path, us)
		if err == nil && len(found.Damaged) == 0 && found.Mended == "" {
			t.Fatalf("byte %d changed unseen", at)
		}
	}
}

// TestTornTail: an entry that was being written when the process died is cut
// off; what was acknowledged stays, and the log goes on.
func TestTornTail(t *testing.T) {
	path := filled(t, 3)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole := bytes.LastIndexByte(raw[:len(raw)-1], '\n') + 1
	for cut := whole + 1; cut < len(raw); cut++ {
		if err := os.WriteFile(path, raw[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		l, found := open(t, path)
		if found.Seq != 2 || found.Mended == "" || len(found.Damaged) > 0 {
			t.Fatalf("cut at %d: %+v", cut, found)
		}
		if err := l.Append([]dnclog.Entry{{Token: token(2), On: true, At: 2, Source: "an agent"}}); err != nil {
			t.Fatal(err)
		}
		if again, err := os.ReadFile(path); err != nil || !bytes.Equal(again, raw) {
			t.Fatalf("cut at %d and written again it is another log (%v)", cut, err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestForeign(t *testing.T) {
	path := filled(t, 1)
	for _, of := range []dnclog.Owner{{Ledger: "cc", Key: "bb"}, {Ledger: "aa", Key: "cc"}} {
		if _, _, err := dnclog.Open(path, of); !errors.Is(err, dnclog.ErrForeign) {
			t.Errorf("%+v: %v", of, err)
		}
	}
}

// TestCompare: what the ledger lacks is lost, what the log lacks is unlogged,
// removals count in order, and putting back makes both agree.
func TestCompare(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dnc.log")
	l, _ := open(t, path)
	on := func(n byte, at int64) dnclog.Entry { return dnclog.Entry{Token: token(n), On: true, At: at} }
	off := func(n byte, at int64) dnclog.Entry { return dnclog.Entry{Token: token(n), At: at} }
	if err := l.Append([]dnclog.Entry{on(1, 1), on(2, 2), on(3, 3), off(3, 4), on(4, 5), off(4, 6), on(6, 1), off(6, 2)}); err != nil {
		t.Fatal(err)
	}
	store := memory.New()
	tenure, err := store.Claim(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	marked := func(n byte, at int64) event.Fact {
		return &event.NumberMarked{Token: token(n), Mark: event.MarkDNC, On: true, At: at}
	}
	// The ledger is an older one: 2 came later, 3 was taken away later, 5 was
	// never logged, and 6 was marked again when the log had lost its end.
	facts := []event.Fact{marked(1, 1), marked(3, 3), marked(5, 9), marked(6, 8)}
	if err := upgrade.Commit(t.Context(), store, tenure, facts, nil); err != nil {
		t.Fatal(err)
	}
	found, err := dnclog.Read(path, us)
	if err != nil {
		t.Fatal(err)
	}
	if err := dnclog.Ensure(found, store); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("2 is not marked: %v", err)
	}
	d, err := dnclog.Compare(found, store)
	if err != nil || len(d.Lost) != 2 || len(d.Unlogged) != 2 {
		t.Fatalf("%+v, %v", d, err)
	}
	if f := d.Lost[0].(*event.NumberMarked); f.Token != token(2) || !f.On {
		t.Errorf("%+v", f)
	}
	if f := d.Lost[1].(*event.NumberMarked); f.Token != token(3) || f.On {
		t.Errorf("%+v", f)
	}
	if err := errors.Join(upgrade.Commit(t.Context(), store, tenure, d.Lost, nil), l.Append(d.Unlogged)); err != nil {
		t.Fatal(err)
	}
	if found, err = dnclog.Read(path, us); err != nil {
		t.Fatal(err)
	}
	if d, err := dnclog.Compare(found, store); err != nil || len(d.Lost)+len(d.Unlogged) > 0 || found.Count != 4 {
		t.Fatalf("%+v, %d marked, %v", d, found.Count, err)
	}
	if err := dnclog.Ensure(found, store); err != nil {
		t.Error(err)
	}
}

// TestCompareScopes: each scope of a number is a mark of its own.
func TestCompareScopes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dnc.log")
	l, _ := open(t, path)
	spring, autumn := cadence.CampaignScope("Spring"), cadence.CampaignScope("Autumn")
	err := l.Append([]dnclog.Entry{
		{Token: token(1), On: true, At: 1, Scope: spring}, {Token: token(1), On: true, At: 2, Scope: autumn}, {Token: token(1), At: 3, Scope: autumn},
	})
	store := memory.New()
	tenure, cerr := store.Claim(t.Context(), 0)
	if err := errors.Join(err, cerr); err != nil {
		t.Fatal(err)
	}
	facts := []event.Fact{
		&event.NumberMarked{Token: token(1), Mark: event.MarkDNC, On: true, At: 2, Scope: autumn},
		&event.NumberMarked{Token: token(1), Mark: event.MarkDNC, On: true, At: 9},
	}
	if err := upgrade.Commit(t.Context(), store, tenure, facts, nil); err != nil {
		t.Fatal(err)
	}
	found, err := dnclog.Read(path, us)
	if err != nil || found.Count != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	if err := dnclog.Ensure(found, store); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("no to spring is not marked: %v", err)
	}
	d, err := dnclog.Compare(found, store)
	if err != nil || len(d.Lost) != 2 || len(d.Unlogged) != 1 || d.Unlogged[0].Scope != cadence.ScopeAll {
		t.Fatalf("%+v, %v", d, err)
	}
	if err := errors.Join(upgrade.Commit(t.Context(), store, tenure, d.Lost, nil), l.Append(d.Unlogged)); err != nil {
		t.Fatal(err)
	}
	n, err := state.Rows{R: store}.Number(token(1))
	if err != nil || !n.DNC || !n.Has(spring) || n.Has(autumn) {
		t.Fatalf("%+v, %v", n, err)
	}
	if found, err = dnclog.Read(path, us); err != nil {
		t.Fatal(err)
	}
	if d, err := dnclog.Compare(found, store); err != nil || len(d.Lost)+len(d.Unlogged) > 0 || found.Count != 2 {
		t.Fatalf("%+v, %d marks, %v", d, found.Count, err)
	}
}

// FuzzRead: any bytes are read, cut, called damaged or refused.
func FuzzRead(f *testing.F) {
	f.Add([]byte("0 carillon-dnc/1 aa bb 00000000\n1 2 on 00 api ffffffff\n"))
	f.Add([]byte{0, 0, 0})
	path := filepath.Join(f.TempDir(), "dnc.log")
	f.Fuzz(func(t *testing.T, raw []byte) {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if found, err := dnclog.Read(path, us); err == nil && found.Count > uint64(len(found.Marks)) {
			t.Fatalf("%+v", found)
		}
	})
}
