package dialer

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// MoveStay puts an enrollment on the published version of its cadence. It is
// refused, and the enrollment stays where it is, while a call of it is asked
// for, under way or held, and when the version has no step of its step's key.
// What was already scheduled keeps its time; the hours and limits of the new
// version are judged when that has come.
type MoveStay struct{ Enrollment cadence.ID }

func (*MoveStay) message() {}

// Why an enrollment stays on its version, as the Message of the Refusal.
const (
	KeptCalling = "a call is under way"
	KeptStep    = "its step is not in the new version"
	KeptLeft    = "it has left the cadence"
)

func (c *Core) moveStay(now int64, v *state.View, m *MoveStay) Outcome {
	e := v.Enrollment(m.Enrollment)
	if e == nil {
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such enrollment")}
	}
	row := v.Cadence(e.Cadence)
	switch {
	case e.LeftAt != 0 || row == nil:
		return Outcome{Err: refusal(CodeConflict, "id", KeptLeft)}
	case e.Version == row.Version:
		return Outcome{}
	case e.Touch.State != state.Waiting:
		return Outcome{Err: refusal(CodeConflict, "id", KeptCalling)}
	}
	p := c.plan(v, e.Cadence, row.Version)
	step := p.Doc.StepIndex(e.StepKey)
	if step < 0 {
		return Outcome{Err: refusal(CodeConflict, "id", KeptStep)}
	}
	return Outcome{Facts: []event.Fact{&event.StayMoved{
		ID: m.Enrollment, Version: row.Version, Step: step, Campaign: p.Doc.CampaignName(), At: now,
	}}}
}
