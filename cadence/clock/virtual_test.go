package clock_test

import (
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence/clock"
)

func newVirtual(t *testing.T, speed float64) *clock.Virtual {
	t.Helper()
	v, err := clock.NewVirtual(noon, speed)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func wantNow(t *testing.T, v *clock.Virtual, want time.Time) {
	t.Helper()
	if got := v.Now(); !got.Equal(want) {
		t.Errorf("virtual time = %v, want %v", got, want)
	}
}

func TestVirtualRunsAtItsSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, 60)
		time.Sleep(10 * time.Second)
		wantNow(t, v, noon.Add(10*time.Minute))
		begin := time.Now()
		reached, stop := v.At(noon.Add(time.Hour))
		defer stop()
		<-reached
		if real := time.Since(begin); real < 50*time.Second || real > 50*time.Second+time.Microsecond {
			t.Errorf("50 virtual minutes at 60x took %v", real)
		}
		if v.Now().Before(noon.Add(time.Hour)) {
			t.Error("woken early")
		}
	})
}

func TestVirtualStandsStillWhilePaused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, 60)
		reached, stop := v.At(noon.Add(2 * time.Minute))
		defer stop()
		time.Sleep(time.Second)
		v.Pause()
		time.Sleep(time.Hour)
		wantNow(t, v, noon.Add(time.Minute))
		if isClosed(reached) {
			t.Fatal("released while the clock stood still")
		}
		if p := v.Position(); !p.Paused || !p.Virtual.Equal(noon.Add(time.Minute)) {
			t.Errorf("position = %+v", p)
		}
		v.Resume()
		begin := time.Now()
		<-reached
		if real := time.Since(begin); real > time.Second+time.Microsecond {
			t.Errorf("the second virtual minute took %v", real)
		}
	})
}

func TestVirtualSkip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, 10)
		near, stopNear := v.At(noon.Add(time.Hour))
		defer stopNear()
		far, stopFar := v.At(noon.Add(3 * time.Hour))
		defer stopFar()
		if !v.Skip(noon.Add(2 * time.Hour)) {
			t.Error("Skip refused to go forward")
		}
		wantNow(t, v, noon.Add(2*time.Hour))
		if !isClosed(near) || isClosed(far) {
			t.Errorf("after the skip: near released %v, far released %v", isClosed(near), isClosed(far))
		}
		if v.Skip(noon) {
			t.Error("Skip went back")
		}
		v.Pause()
		v.Skip(noon.Add(150 * time.Minute))
		time.Sleep(time.Hour)
		wantNow(t, v, noon.Add(150*time.Minute))
		v.Resume()
		begin := time.Now()
		<-far
		if real := time.Since(begin).Round(time.Millisecond); real != 3*time.Minute {
			t.Errorf("the last 30 virtual minutes took %v", real)
		}
	})
}

func TestVirtualResumesWhereItWasLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, 60)
		time.Sleep(time.Minute)
		saved := v.Position()
		time.Sleep(24 * time.Hour) // the process is gone meanwhile
		again, err := clock.ResumeVirtual(saved, noon)
		if err != nil {
			t.Fatal(err)
		}
		wantNow(t, again, noon.Add(time.Hour))
		record := noon.Add(90 * time.Minute)
		later, err := clock.ResumeVirtual(saved, record)
		if err != nil {
			t.Fatal(err)
		}
		wantNow(t, later, record)
		time.Sleep(time.Second)
		wantNow(t, later, record.Add(time.Minute))
		saved.Paused = true
		still, err := clock.ResumeVirtual(saved, noon)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		wantNow(t, still, noon.Add(time.Hour))
	})
}

func TestSharedClocksTellTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		spec := "2026-03-03T12:00:00Z@" + time.Now().UTC().Add(time.Minute).Format(time.RFC3339) + "x60"
		a, err := clock.ParseSpec(spec)
		if err != nil {
			t.Fatal(err)
		}
		wantNow(t, a, noon) // before the anchor it stands at the start
		time.Sleep(2 * time.Minute)
		b, err := clock.ParseSpec(a.Spec())
		if err != nil {
			t.Fatal(err)
		}
		wantNow(t, a, noon.Add(time.Hour))
		wantNow(t, b, noon.Add(time.Hour))
		if a.Spec() != spec || a.Pause() || a.Skip(noon.Add(9*time.Hour)) {
			t.Errorf("shared clock %q (made from %q) paused or skipped", a.Spec(), spec)
		}
		reached, stop := b.At(noon.Add(2 * time.Hour))
		defer stop()
		<-reached
		wantNow(t, a, b.Now())
	})
}

func TestParseSpecRefuses(t *testing.T) {
	for _, spec := range []string{
		"", "x", "@x", "2026-03-03T12:00:00Z", "2026-03-03T12:00:00Zx60",
		"2026-03-03T12:00:00Z@2026-03-03T12:00:00Z", "noon@2026-03-03T12:00:00Zx60",
		"2026-03-03T12:00:00Z@nowx60", "2026-03-03T12:00:00Z@2026-03-03T12:00:00Zx0",
		"2026-03-03T12:00:00Z@2026-03-03T12:00:00Zx-1", "2026-03-03T12:00:00Z@2026-03-03T12:00:00ZxNaN",
		"2026-03-03T12:00:00Z@2026-03-03T12:00:00Zx1e9", "2026-03-03T12:00:00@2026-03-03T12:00:00Zx60",
	} {
		if v, err := clock.ParseSpec(spec); err == nil {
			t.Errorf("ParseSpec(%q) = %v", spec, v.Spec())
		}
	}
}

func TestNewVirtualRefusesSpeeds(t *testing.T) {
	for _, speed := range []float64{0, -1, math.NaN(), math.Inf(1), clock.MaxSpeed * 2, clock.MinSpeed / 2} {
		if _, err := clock.NewVirtual(noon, speed); err == nil {
			t.Errorf("speed %v accepted", speed)
		}
	}
}

func TestRealIsNeverLonger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		speed := rapid.Float64Range(clock.MinSpeed, clock.MaxSpeed).Draw(t, "speed")
		d := time.Duration(rapid.Int64Range(0, int64(30*24*time.Hour)).Draw(t, "d"))
		v, err := clock.NewVirtual(noon, speed)
		if err != nil {
			t.Fatal(err)
		}
		real := float64(v.Real(d))
		if want := float64(d) / v.Speed(); real > want*(1+1e-12) || real < want*(1-1e-12)-1 {
			t.Fatalf("Real(%v) at %v = %v, want %v", d, v.Speed(), real, want)
		}
	})
}

func TestVirtualFarAwayAndLongRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, clock.MaxSpeed)
		_, stop := v.At(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
		time.Sleep(24 * time.Hour)
		wantNow(t, v, noon.Add(clock.MaxSpeed*24*time.Hour))
		stop()
	})
}

func TestVirtualUnderContention(t *testing.T) {
	v := newVirtual(t, clock.MaxSpeed)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			last := v.Now()
			for n := range 200 {
				until := v.Now().Add(time.Duration(n*i) * time.Second)
				reached, stop := v.At(until)
				if n%3 == 0 {
					stop()
				} else {
					v.Skip(until)
					<-reached
				}
				now := v.Now()
				if now.Before(last) {
					t.Errorf("virtual time ran from %v back to %v", last, now)
				}
				last = now
			}
		})
	}
	wg.Go(func() {
		for range 200 {
			v.Pause()
			v.Position()
			v.Resume()
		}
	})
	wg.Wait()
}
