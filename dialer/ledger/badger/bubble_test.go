package badger_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
)

// TestBubble: the real store lives under virtual time when it is opened inside
// and runs no compactors, so shells can be tested over it.
func TestBubble(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		o := small(dir)
		o.NumCompactors = badger.NoCompactors
		l, err := badger.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		ten := claim(t, l, 0)
		began := time.Now()
		for range 360 {
			fill(t, ten, 1)
			time.Sleep(10 * time.Second)
		}
		if took := time.Since(began); took != time.Hour {
			t.Fatalf("the hour took %v", took)
		}
		if p99 := l.Health().CommitP99; p99 > time.Millisecond {
			t.Fatalf("commits took %v of virtual time", p99)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	})
	l := open(t, small(dir))
	if pos, _ := claim(t, l, 0).Head(); pos != 360 {
		t.Fatalf("head %d after the bubble", pos)
	}
}
