package dialer_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// A paused stay is not called, however long and whatever comes due; resumed, it
// goes on where it stands.
func TestPausedStayIsNotCalled(t *testing.T) {
	r, lead := calledBack(t, twoSteps)
	id, before := r.stay(lead)
	step, due := before.StepKey, before.Touch.Due
	r.must(&dialer.PauseStay{Enrollment: id, On: true, By: "manager 1"})
	r.pass(72 * time.Hour)
	_, e := r.stay(lead)
	if len(r.dials) != 0 || e.Paused == 0 || e.PausedBy != "manager 1" || e.Touch.Rule != permit.RuleNotEnrolled || e.StepKey != step || e.Touch.Wanted != due {
		t.Fatalf("%d calls of a paused stay, which is %+v", len(r.dials), e)
	}
	facts := len(r.facts)
	r.must(&dialer.PauseStay{Enrollment: id, On: true, By: "manager 2"})
	if len(r.facts) != facts {
		t.Error("pausing what is paused changed something")
	}
	r.must(&dialer.PauseStay{Enrollment: id})
	r.pass(24 * time.Hour)
	if _, e := r.stay(lead); len(r.dials) != 1 || e.Paused != 0 || e.PausedBy != "" || e.StepKey != step {
		t.Errorf("%d calls after it was resumed: %+v", len(r.dials), e)
	}
}

// Resumed before anything came due, a stay keeps its time.
func TestResumeKeepsTheTime(t *testing.T) {
	r, lead := calledBack(t, twoSteps)
	id, e := r.stay(lead)
	due := e.Touch.Due
	r.must(&dialer.PauseStay{Enrollment: id, On: true})
	r.must(&dialer.PauseStay{Enrollment: id})
	if _, e := r.stay(lead); e.Touch.Due != due {
		t.Errorf("due %d, was %d", e.Touch.Due, due)
	}
	r.until(time.UnixMilli(due).UTC())
	if len(r.dials) != 1 {
		t.Errorf("%d calls at its time", len(r.dials))
	}
}

// A call that was not sent yet never is; one that rings is cancelled; one that is
// live goes on, and what follows it waits.
func TestPauseWithACallUnderWay(t *testing.T) {
	for name, play := range map[string]func(r *rig, d dialer.DialOrder) (owed int, sent bool){
		"not sent": func(*rig, dialer.DialOrder) (int, bool) { return 0, false },
		"ringing": func(r *rig, d dialer.DialOrder) (int, bool) {
			call := r.accept(d)
			r.must(r.status(d.Dial.Attempt, call, telephony.StatusRinging))
			return 1, true
		},
	} {
		r := newRig(t)
		r.cadence(theCadence, document(t, "Paused "+name, twoSteps))
		lead := r.lead(theCadence, first)
		d := r.last()
		owed, sent := play(r, d)
		id, _ := r.stay(lead)
		r.must(&dialer.PauseStay{Enrollment: id, On: true})
		if len(r.owed) != owed || r.kept[d.Dial.Attempt] == sent {
			t.Errorf("%s: owed %+v, taken back %v", name, r.owed, r.kept[d.Dial.Attempt])
		}
		if sent {
			r.must(r.status(d.Dial.Attempt, "CA00000000000000000000000000000001", telephony.StatusCanceled))
		}
		r.pass(48 * time.Hour)
		if _, e := r.stay(lead); len(r.dials) != 1 || e.LeftAt != 0 || e.Touch.State != state.Waiting {
			t.Errorf("%s: %d calls, the stay is %+v", name, len(r.dials), e)
		}
		r.must(&dialer.PauseStay{Enrollment: id})
		r.pass(24 * time.Hour)
		if len(r.dials) < 2 {
			t.Errorf("%s: no call after it was resumed", name)
		}
	}
}

func TestWhatCannotBePaused(t *testing.T) {
	r, lead := calledBack(t, twoSteps)
	id, _ := r.stay(lead)
	r.must(&dialer.Leave{Enrollment: id, Status: "removed"})
	if _, err := r.do(&dialer.PauseStay{Enrollment: id, On: true}); err == nil {
		t.Error("a stay that ended was paused")
	}
	if _, err := r.do(&dialer.PauseStay{Enrollment: lead, On: true}); err == nil {
		t.Error("a stay that is not there was paused")
	}
	for _, f := range r.facts {
		if _, wrong := f.(*event.StayPaused); wrong {
			t.Errorf("%+v", f)
		}
	}
}
