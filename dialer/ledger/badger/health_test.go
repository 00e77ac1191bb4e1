package badger_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
)

// TestLowDisk: the guard speaks at open, and Open refuses when there is not
// even room to start.
func TestLowDisk(t *testing.T) {
	o := small(t.TempDir())
	l := open(t, o)
	h := l.Health()
	if h.Low || h.FreeBytes == 0 || h.MinFree != 1 {
		t.Fatalf("with room: %+v", h)
	}
	mustClose(t, l)
	o.MinFree = math.MaxUint64 / 2
	if h := open(t, o).Health(); !h.Low || h.MinFree != o.MinFree {
		t.Fatalf("below the guard: %+v", h)
	}
	o = badger.Options{Dir: t.TempDir(), MemTableSize: 1 << 50}
	if _, err := badger.Open(o); !errors.Is(err, badger.ErrDiskFull) {
		t.Fatalf("without room: %v", err)
	}
}

// TestBallast: laid at open, given back on demand, kept over Close.
func TestBallast(t *testing.T) {
	o := small(t.TempDir())
	o.Ballast = 3<<20 + 17
	path := filepath.Join(o.Dir, "ballast")
	l := open(t, o)
	mustClose(t, l)
	if st, err := os.Stat(path); err != nil || st.Size() != o.Ballast {
		t.Fatalf("%v, %v", st, err)
	}
	l = open(t, o)
	for _, want := range []int64{o.Ballast, 0} {
		if n, err := l.ReleaseBallast(); err != nil || n != want {
			t.Fatalf("released %d, %v; want %d", n, err, want)
		}
	}
	mustClose(t, l)
	o.MinFree = math.MaxUint64 / 2 // no room above the guard: no ballast
	open(t, o)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("ballast laid on a full disk: %v", err)
	}
}

// TestMark: the caller's digest survives restarts and has a limit.
func TestMark(t *testing.T) {
	o := small(t.TempDir())
	l := open(t, o)
	if l.Mark() != nil {
		t.Fatalf("mark %q in a new ledger", l.Mark())
	}
	for _, m := range []string{"long digest", "short"} {
		if err := l.SetMark([]byte(m)); err != nil {
			t.Fatal(err)
		}
		fill(t, claim(t, l, 0), 1)
		mustClose(t, l)
		l = open(t, o)
		if got := l.Mark(); string(got) != m {
			t.Fatalf("mark %q, want %q", got, m)
		}
	}
	if err := l.SetMark(make([]byte, badger.MaxMarkBytes+1)); !errors.Is(err, ledger.ErrTooLarge) {
		t.Fatalf("large mark: %v", err)
	}
	mustClose(t, l)
	if err := l.SetMark(nil); !errors.Is(err, ledger.ErrClosed) {
		t.Fatalf("mark after close: %v", err)
	}
}

// TestCommitP99 lets virtual time pass over the window.
func TestCommitP99(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		o := small(dir)
		o.NumCompactors = badger.NoCompactors
		// The observer runs between commit and answer.
		o.OnCommit = func(int, int, time.Duration) { time.Sleep(20 * time.Millisecond) }
		l, err := badger.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		ten := claim(t, l, 0)
		fill(t, ten, 5)
		if p := l.Health().CommitP99; p > time.Millisecond {
			t.Fatalf("p99 %v counts what came after the commit", p)
		}
		time.Sleep(2 * time.Minute)
		if p := l.Health().CommitP99; p != 0 {
			t.Fatalf("p99 %v from two minutes ago", p)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
