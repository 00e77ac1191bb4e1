package live

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) }

// bench is a hub on a clock of its own whose samples the test decides.
type bench struct {
	t     *testing.T
	hub   *Hub
	clock *clock.Manual
	next  chan string // "" is an error
	done  chan struct{}
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, clock: clock.NewManual(time.Unix(1e9, 0)), next: make(chan string, 8), done: make(chan struct{})}
	b.hub = NewHub(func() ([]byte, []byte, error) {
		s := <-b.next
		if s == "" {
			return nil, nil, errors.New("unreadable")
		}
		return []byte(s), []byte(s), nil
	}, b.clock, zap.NewNop())
	go func() { defer close(b.done); b.hub.Run() }()
	t.Cleanup(func() {
		b.hub.Close()
		close(b.next)
		<-b.done
	})
	return b
}

// tick lets the hub take one sample.
func (b *bench) tick(s string) {
	b.next <- s
	if err := b.clock.Waiting(b.t.Context(), 1); err != nil {
		b.t.Fatal(err)
	}
	b.clock.Advance(Every)
}

func TestAListenerGetsSnapshotsWithRisingIds(t *testing.T) {
	b := newBench(t)
	ch, _ := b.hub.join()
	defer b.hub.leave(ch)
	for i, s := range []string{"a", "b", "c"} {
		b.next <- s
		if f := <-ch; string(f.data) != s || f.seq != uint64(i+1) {
			t.Fatalf("frame %d %s", f.seq, f.data)
		}
		if err := b.clock.Waiting(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		b.clock.Advance(Every)
	}
}

// When a server comes back all its pages come at once: they share a snapshot.
func TestACrowdIsServedTogether(t *testing.T) {
	b := newBench(t)
	first, _ := b.hub.join()
	b.next <- "before"
	<-first
	crowd := []chan frame{first}
	for range 50 {
		ch, _ := b.hub.join()
		crowd = append(crowd, ch)
	}
	if err := b.clock.Waiting(t.Context(), 2); err != nil { // for the next snapshot, and the earliest one
		t.Fatal(err)
	}
	b.clock.Advance(soon)
	b.next <- "for all"
	for _, ch := range crowd {
		if f := <-ch; string(f.data) != "for all" || f.seq != 2 {
			t.Errorf("frame %d %s", f.seq, f.data)
		}
	}
}

func TestASlowListenerSkipsToTheNewest(t *testing.T) {
	b := newBench(t)
	ch, _ := b.hub.join()
	defer b.hub.leave(ch)
	for i := range 20 {
		b.tick(strconv.Itoa(i))
	}
	if f := <-ch; string(f.data) != "19" || f.seq != 20 {
		t.Errorf("frame %d %s", f.seq, f.data)
	}
}

func TestUnchangedSnapshotsBecomeKeepAlives(t *testing.T) {
	b := newBench(t)
	ch, _ := b.hub.join()
	defer b.hub.leave(ch)
	b.tick("same")
	if f := <-ch; f.seq != 1 {
		t.Fatalf("first frame %d", f.seq)
	}
	for range beatAfter {
		b.tick("same")
	}
	if f := <-ch; f.seq != 0 {
		t.Errorf("frame %d %s, want a keep-alive", f.seq, f.data)
	}
	b.tick("")
	if f := <-ch; f.seq != 0 {
		t.Error("a failed sample was sent")
	}
	b.tick("same")
	if f := <-ch; f.seq != 2 {
		t.Error("after a failure no new snapshot was sent")
	}
}

func TestStreamsAreBounded(t *testing.T) {
	h := NewHub(nil, clock.NewManual(time.Unix(1e9, 0)), zap.NewNop())
	for range maxClients {
		if _, ok := h.join(); !ok {
			t.Fatal("refused too early")
		}
	}
	if _, ok := h.join(); ok || h.Clients() != maxClients {
		t.Error("the bound does not hold")
	}
}
