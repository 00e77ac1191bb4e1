package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// PauseStay keeps one enrollment from being called until it is resumed, or, with
// On unset, resumes it. Answered: a call that was not sent yet never is. One that is
// live goes on; one that rings is cancelled. A stay that already is as wanted
// stays so.
type PauseStay struct {
	Enrollment cadence.ID
	On         bool
	By         string
}

func (*PauseStay) message() {}

const (
	// reasonPaused is why an attempt is taken back.
	reasonPaused = "paused"
	// pausedWait is how long a touch of a paused stay that comes due is put off:
	// it is not put off for good so that nothing can be forgotten.
	pausedWait = int64(24 * time.Hour / time.Millisecond)
)

func (c *Core) pauseStay(now int64, v *state.View, m *PauseStay) Outcome {
	e := v.Enrollment(m.Enrollment)
	switch {
	case e == nil:
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such enrollment")}
	case e.LeftAt != 0:
		return Outcome{Err: refusal(CodeConflict, "id", "the lead has left the cadence; enroll it again")}
	case m.On == (e.Paused != 0):
		return Outcome{}
	}
	var out Outcome
	out.fact(&event.StayPaused{Enrollment: m.Enrollment, On: m.On, By: clip(m.By), At: now})
	switch {
	case m.On && e.Touch.State == state.Dialing:
		out.send(&withdraw{Attempt: e.Touch.Attempt, Reason: reasonPaused})
	case !m.On && e.Touch.State == state.Waiting && e.Touch.Rule == permit.RuleNotEnrolled:
		c.rearm(now, v, &out, m.Enrollment, e, e.Touch.Wanted, "", "resumed")
	}
	return out
}
