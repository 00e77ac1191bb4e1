package clock_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

func isClosed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

func TestSystemWakesAtTheInstant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock.System{}
		for _, wait := range []time.Duration{-time.Hour, 0, time.Millisecond, 2 * time.Second, time.Hour} {
			until := c.Now().Add(wait)
			reached, stop := c.At(until)
			<-reached
			if late := c.Now().Sub(until); late < 0 || (wait > 0 && late != 0) {
				t.Errorf("waited %v: woken %v after the instant", wait, late)
			}
			stop()
		}
	})
}

func TestSystemStopEndsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock.System{}
		reached, stop := c.At(c.Now().Add(time.Minute))
		time.Sleep(30 * time.Second)
		stop()
		stop()
		time.Sleep(time.Hour)
		if isClosed(reached) {
			t.Error("a stopped wait was released")
		}
	})
}

func TestSystemTellsUTCWithoutMonotonic(t *testing.T) {
	now := clock.System{}.Now()
	if now.Location() != time.UTC || now != now.Round(0) {
		t.Errorf("Now() = %#v, want UTC without a monotonic reading", now)
	}
	a := clock.System{}.Mono()
	if b := (clock.System{}).Mono(); a < 0 || b < a {
		t.Errorf("monotonic reading went from %v to %v", a, b)
	}
}

func TestManualMovesWallAndMonotonicApart(t *testing.T) {
	m := clock.NewManual(noon)
	m.Advance(time.Minute)
	m.Step(-time.Hour)
	m.StepMono(time.Second)
	if want := noon.Add(time.Minute - time.Hour); !m.Now().Equal(want) {
		t.Errorf("wall = %v, want %v", m.Now(), want)
	}
	if want := time.Minute + time.Second; m.Mono() != want {
		t.Errorf("mono = %v, want %v", m.Mono(), want)
	}
	m.Set(noon)
	if !m.Now().Equal(noon) || m.Mono() != time.Minute+time.Second {
		t.Errorf("after Set: %v, %v", m.Now(), m.Mono())
	}
}

func TestManualReleasesExactlyThoseWhoseTimeHasCome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := clock.NewManual(noon)
		type wait struct {
			until   time.Time
			reached <-chan struct{}
			stop    func()
			stopped bool
		}
		var waits []*wait
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				w := &wait{until: m.Now().Add(time.Duration(rapid.IntRange(-5, 50).Draw(t, "in")))}
				w.reached, w.stop = m.At(w.until)
				waits = append(waits, w)
			case 1:
				if len(waits) > 0 {
					w := waits[rapid.IntRange(0, len(waits)-1).Draw(t, "which")]
					w.stop()
					w.stopped = w.stopped || !isClosed(w.reached)
				}
			case 2:
				m.Advance(time.Duration(rapid.IntRange(0, 20).Draw(t, "by")))
			case 3:
				m.Step(time.Duration(rapid.IntRange(-20, 0).Draw(t, "back")))
			}
		}
		m.Set(noon.Add(time.Hour))
		for _, w := range waits {
			if isClosed(w.reached) == w.stopped {
				t.Fatalf("wait until %v: released %v, stopped %v", w.until, isClosed(w.reached), w.stopped)
			}
		}
		if _, ok := m.Next(); ok {
			t.Fatal("somebody is still waiting")
		}
	})
}

func TestManualDoesNotReleaseEarly(t *testing.T) {
	m := clock.NewManual(noon)
	reached, stop := m.At(noon.Add(time.Second))
	defer stop()
	m.Advance(time.Second - 1)
	if isClosed(reached) {
		t.Fatal("released a nanosecond early")
	}
	m.Advance(1)
	if !isClosed(reached) {
		t.Fatal("not released at the instant")
	}
}

func TestManualWaiting(t *testing.T) {
	m := clock.NewManual(noon)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			reached, stop := m.At(noon.Add(time.Duration(i+1) * time.Second))
			defer stop()
			<-reached
		})
	}
	if err := m.Waiting(t.Context(), 8); err != nil {
		t.Fatal(err)
	}
	if next, ok := m.Next(); !ok || !next.Equal(noon.Add(time.Second)) {
		t.Errorf("Next() = %v, %v", next, ok)
	}
	m.Advance(8 * time.Second)
	wg.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.Waiting(ctx, 1); err == nil {
		t.Error("Waiting returned although nobody waits")
	}
}

func TestManualRefusesToRunBackwards(t *testing.T) {
	for name, move := range map[string]func(*clock.Manual){
		"Advance":  func(m *clock.Manual) { m.Advance(-1) },
		"StepMono": func(m *clock.Manual) { m.StepMono(-1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s accepted a negative span", name)
				}
			}()
			move(clock.NewManual(noon))
		}()
	}
}
