package clock_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
)

// watch drives a guard with the readings of a manual clock.
type watch struct {
	t      *testing.T
	clock  *clock.Manual
	guard  clock.Guard
	record time.Time
}

func newWatch(t *testing.T) *watch {
	t.Helper()
	w := &watch{t: t, clock: clock.NewManual(noon)}
	w.want("")
	return w
}

// want observes once and checks the reason; "" means trusted.
func (w *watch) want(reason string) {
	w.t.Helper()
	ok, got := w.guard.Observe(w.clock.Now(), w.clock.Mono(), w.record)
	if got != reason || ok != (reason == "") {
		w.t.Errorf("at %v/%v: guard says %v %q, want %q", w.clock.Now().Format(time.TimeOnly), w.clock.Mono(), ok, got, reason)
	}
}

// pass lets d go by with an observation each second.
func (w *watch) pass(d time.Duration) {
	for ; d > 0; d -= time.Second {
		w.clock.Advance(min(d, time.Second))
		w.guard.Observe(w.clock.Now(), w.clock.Mono(), w.record)
	}
}

// date is a carrier's answer whose Date lies off from our wall.
func (w *watch) date(off time.Duration) {
	w.guard.CarrierDate(w.clock.Now().Add(off).Truncate(time.Second), w.clock.Now(), w.clock.Mono())
}

func TestGuardTrustsASteadyClock(t *testing.T) {
	w := newWatch(t)
	for range 1000 {
		w.pass(7 * time.Second)
		w.record = w.clock.Now()
		w.want("")
		w.date(0)
		w.want("")
	}
}

func TestGuardNoticesASteppedWall(t *testing.T) {
	for _, step := range []time.Duration{time.Hour, -time.Hour, 2001 * time.Millisecond, -2001 * time.Millisecond} {
		w := newWatch(t)
		w.pass(time.Minute)
		w.date(0)
		w.clock.Step(step)
		w.want(clock.ReasonStepped)
		w.pass(10 * time.Minute) // steady, but nobody confirms the new time
		w.want(clock.ReasonStepped)
		w.date(time.Hour) // and a Date that disagrees does not help
		w.pass(10 * time.Minute)
		w.want(clock.ReasonStepped)
		w.date(0)
		w.want("")
	}
}

func TestGuardToleratesSmallSteps(t *testing.T) {
	w := newWatch(t)
	w.clock.Step(1999 * time.Millisecond)
	w.want("")
	w.clock.Step(time.Millisecond)
	w.want("")
	w.clock.Step(time.Millisecond) // the sum counts, not the single step
	w.want(clock.ReasonStepped)
}

func TestGuardWaitsUntilTheOffsetIsSteady(t *testing.T) {
	w := newWatch(t)
	w.clock.Step(time.Hour)
	w.want(clock.ReasonStepped)
	w.date(0)
	w.pass(29 * time.Second)
	w.want(clock.ReasonStepped)
	w.clock.Step(3 * time.Second) // moves again: the Date seen before is void
	w.pass(40 * time.Second)
	w.want(clock.ReasonStepped)
	w.date(0)
	w.want("")
	w.pass(time.Minute)
	w.want("")
}

func TestGuardFollowsASuspendedMachine(t *testing.T) {
	w := newWatch(t)
	w.date(0)
	w.clock.Step(20 * time.Minute) // the monotonic reading stood still, the wall is right
	w.want(clock.ReasonStepped)
	w.date(0)
	w.pass(clock.SteadyFor)
	w.want("")
}

func TestGuardFollowsASlewedWall(t *testing.T) {
	w := newWatch(t)
	for range 100 { // 300 ms in 40 s each: never a step, 30 s in all
		w.clock.Step(300 * time.Millisecond)
		w.pass(40 * time.Second)
		w.date(0)
		w.want("")
	}
}

func TestGuardBelievesTheCarriersDate(t *testing.T) {
	for _, c := range []struct {
		off    time.Duration
		reason string
	}{
		{0, ""},
		{5 * time.Second, ""},
		{-5 * time.Second, ""},
		{6 * time.Second, clock.ReasonCarrierDate},
		{-7 * time.Second, clock.ReasonCarrierDate},
		{24 * time.Hour, clock.ReasonCarrierDate},
	} {
		w := newWatch(t)
		w.date(c.off)
		w.want(c.reason)
		w.pass(time.Hour) // the disagreement does not fade
		w.want(c.reason)
		w.date(0)
		w.want("")
	}
}

func TestGuardRefusesBehindTheLastRecord(t *testing.T) {
	w := newWatch(t)
	w.record = w.clock.Now().Add(time.Minute)
	w.want(clock.ReasonBehindRecord)
	w.date(0) // an agreeing Date is not enough
	w.pass(59 * time.Second)
	w.want(clock.ReasonBehindRecord)
	w.pass(time.Second)
	w.want("")
}

func TestAcceptOverridesUntilTheNextChange(t *testing.T) {
	w := newWatch(t)
	w.record = w.clock.Now().Add(time.Hour)
	w.want(clock.ReasonBehindRecord)
	w.guard.Accept()
	w.want("")
	w.record = w.record.Add(time.Minute) // a record further ahead was not accepted
	w.want(clock.ReasonBehindRecord)
	w.guard.Accept()
	w.clock.Step(time.Minute)
	w.want(clock.ReasonStepped)
	w.guard.Accept()
	w.want("")
	w.date(time.Minute)
	w.want(clock.ReasonCarrierDate)
	w.guard.Accept()
	w.want("")
	w.date(time.Minute)
	w.want(clock.ReasonCarrierDate)
}

func TestGuardWaitsForTheFirstDateWhenToldTo(t *testing.T) {
	w := &watch{t: t, clock: clock.NewManual(noon)}
	w.guard.Distrust()
	w.want(clock.ReasonUnconfirmed)
	w.pass(time.Hour) // standing still proves nothing
	w.want(clock.ReasonUnconfirmed)
	w.date(time.Hour)
	w.want(clock.ReasonCarrierDate)
	w.date(0)
	w.want("")
	w.pass(time.Hour)
	w.want("")
}

func TestGuardTakesAnOperatorsWordForTheFirstDate(t *testing.T) {
	w := &watch{t: t, clock: clock.NewManual(noon)}
	w.guard.Distrust()
	w.want(clock.ReasonUnconfirmed)
	w.guard.Accept()
	w.want("")
}
