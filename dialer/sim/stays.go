package sim

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// stay is what the records say about one enrollment: what its open touch waits
// for, kept without the engine's fold.
type stay struct {
	cadence cadence.ID
	state   state.TouchState
	touch   cadence.ID
	try     int
	lane    uint32
	due     int64
	attempt cadence.ID
	contact bool
	left    bool
}

// touched are those whom the records of one turn were about, in order.
type touched struct {
	stays    []cadence.ID
	attempts []cadence.ID
}

func (t *touched) attempt(id cadence.ID) { t.attempts = append(t.attempts, id) }

func (t *touched) clear() { t.stays, t.attempts = t.stays[:0], t.attempts[:0] }

// stayed follows one fact in the books of stays, and judges whether it may
// follow what was before (I4).
func (t *witness) stayed(f event.Fact) {
	switch f := f.(type) {
	case *event.Enrolled:
		t.stays[f.ID] = &stay{cadence: f.Cadence}
		t.order = append(t.order, f.ID)
		t.touched.stays = append(t.touched.stays, f.ID)
	case *event.TouchArmed:
		t.of(f.Enrollment, "armed", state.NoTouch, state.Waiting, state.AskedIt, state.Dialing, state.Held).arm(f)
	case *event.Asked:
		s := t.of(f.Enrollment, "asked", state.Waiting)
		if s.touch != f.Touch || s.try != f.Try {
			t.broken("I4", about{enrollment: f.Enrollment}, "a touch was asked for that is not the open one")
		}
		s.state = state.AskedIt
	case *event.Intended:
		if s := t.stays[f.Enrollment]; s == nil || s.touch != f.Touch || s.try != f.Try || s.due != f.Due || s.state != state.AskedIt {
			t.broken("I4", about{enrollment: f.Enrollment, attempt: f.Attempt}, "an intent for a touch that is not the open one")
		}
	case *event.TouchDialing:
		s := t.of(f.Enrollment, "dialing", state.AskedIt)
		if i := t.intents[f.Attempt]; i == nil || i.Enrollment != f.Enrollment || i.Touch != f.Touch {
			t.broken("I4", about{enrollment: f.Enrollment}, "a touch waits for an attempt that is not its own")
		}
		s.state, s.attempt = state.Dialing, f.Attempt
	case *event.TouchHeld:
		s := t.of(f.Enrollment, "held", state.Dialing)
		s.state, s.due, s.lane = state.Held, f.Until, 0
	case *event.TouchDone:
		s := t.stays[f.Enrollment]
		if s == nil || !s.left && s.state != state.Dialing && s.state != state.Held {
			t.broken("I4", about{enrollment: f.Enrollment}, "a touch was done that nobody dialed")
			return
		}
		s.contact = s.contact || f.Contact
		if !s.left {
			s.state = state.NoTouch
		}
		t.touched.stays = append(t.touched.stays, f.Enrollment)
	case *event.EnrollmentLeft:
		s := t.of(f.Enrollment, "left", state.NoTouch, state.Waiting, state.AskedIt, state.Dialing, state.Held)
		s.left, s.state = true, state.NoTouch
	}
}

// of finds a stay that a fact is about. It must be open and in one of the
// states.
func (t *witness) of(id cadence.ID, what string, in ...state.TouchState) *stay {
	t.touched.stays = append(t.touched.stays, id)
	s := t.stays[id]
	if s == nil {
		t.broken("I4", about{enrollment: id}, "stay %s was %s and is not known", id.Bare(), what)
		return &stay{}
	}
	for _, ok := range in {
		if s.state == ok && !s.left {
			return s
		}
	}
	t.broken("I4", about{enrollment: id}, "stay %s was %s in state %d, left=%v", id.Bare(), what, s.state, s.left)
	return s
}

func (s *stay) arm(f *event.TouchArmed) {
	s.state, s.touch, s.try, s.lane, s.due = state.Waiting, f.Touch, f.Try, f.Lane, f.Due
}
