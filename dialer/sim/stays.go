package sim

import (
	"strings"

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
	home    *node
	nth     int        // of the last ask
	asked   cadence.ID // its touch
	list    cadence.ID
	fresh   bool // it was not called yet
	lead    cadence.ID
}

// place is a lead in a cadence.
type place struct{ lead, cadence cadence.ID }

// putOut is the rule that a stay's end says has put its lead out; "" when none
// has. What is no rule's name is a condition of the cadence's.
func putOut(f *event.EnrollmentLeft) string {
	switch {
	case f.Status == "dnc":
		return "dnc.internal"
	case f.Status != "blocked":
		return ""
	case f.Reason == "" || strings.ContainsAny(f.Reason, " :"):
		return "condition"
	}
	return f.Reason
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
		delete(t.out, place{f.Lead, f.Cadence})
		t.stays[f.ID] = &stay{cadence: f.Cadence, list: f.List, lead: f.Lead, home: t.w.nodeOf(f.ID.Slot())}
		t.order = append(t.order, f.ID)
		t.touched.stays = append(t.touched.stays, f.ID)
	case *event.TouchArmed:
		s := t.of(f.Enrollment, "armed", state.NoTouch, state.Waiting, state.AskedIt, state.Dialing, state.Held)
		t.wait(s, state.Waiting)
		s.arm(f)
	case *event.Asked:
		t.asked(f)
	case *event.AskClosed:
		s := t.stays[f.Enrollment]
		t.touched.stays = append(t.touched.stays, f.Enrollment)
		if s == nil || !s.left || s.state != state.AskedIt || s.touch != f.Touch {
			t.broken("I4", about{enrollment: f.Enrollment}, "an ask was closed that nobody made")
			return
		}
		t.wait(s, state.NoTouch)
	case *event.Intended:
		if !f.Rehearsal.IsZero() {
			return // nobody's stay
		}
		if s := t.stays[f.Enrollment]; s == nil || s.touch != f.Touch || s.try != f.Try || s.due != f.Due || s.state != state.AskedIt || s.nth != f.Nth {
			t.broken("I4", about{enrollment: f.Enrollment, attempt: f.Attempt}, "an intent for a touch that is not the open one")
		}
	case *event.TouchDialing:
		s := t.of(f.Enrollment, "dialing", state.AskedIt)
		if i := t.intents[f.Attempt]; i == nil || i.Enrollment != f.Enrollment || i.Touch != f.Touch {
			t.broken("I4", about{enrollment: f.Enrollment}, "a touch waits for an attempt that is not its own")
		}
		t.wait(s, state.Dialing)
		s.attempt = f.Attempt
	case *event.TouchHeld:
		s := t.of(f.Enrollment, "held", state.Dialing)
		t.wait(s, state.Held)
		s.due, s.lane = f.Until, 0
	case *event.TouchDone:
		s := t.stays[f.Enrollment]
		if s == nil || !s.left && s.state != state.Dialing && s.state != state.Held && !t.lines.finished {
			t.broken("I4", about{enrollment: f.Enrollment}, "a touch was done that nobody dialed")
			return
		}
		s.contact = s.contact || f.Contact
		if !s.left {
			t.wait(s, state.NoTouch)
		}
		t.touched.stays = append(t.touched.stays, f.Enrollment)
	case *event.EnrollmentLeft:
		s := t.of(f.Enrollment, "left", state.NoTouch, state.Waiting, state.AskedIt, state.Dialing, state.Held)
		s.left = true
		if rule := putOut(f); rule != "" {
			t.out[place{s.lead, s.cadence}] = rule
		}
		if !f.Asked {
			t.wait(s, state.NoTouch)
		}
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
	s.touch, s.try, s.lane, s.due, s.fresh = f.Touch, f.Try, f.Lane, f.Due, f.Class == event.Fresh
}

// wait says what a stay waits for now, and counts the asks under way.
func (t *witness) wait(s *stay, next state.TouchState) {
	if s.state == state.AskedIt {
		t.asking--
	}
	if s.state = next; next == state.AskedIt {
		t.asking++
	}
}

// asked follows an ask: the first one under its name, or the same again while
// it is not answered, which only another shard may keep from happening.
func (t *witness) asked(f *event.Asked) {
	s := t.stays[f.Enrollment]
	a := about{enrollment: f.Enrollment}
	t.touched.stays = append(t.touched.stays, f.Enrollment)
	switch {
	case s == nil:
		t.broken("I4", a, "a touch was asked for that nobody knows")
		return
	case s.touch != f.Touch || s.try != f.Try:
		t.broken("I4", a, "a touch was asked for that is not the open one")
	case s.state == state.AskedIt:
		if f.Nth != s.nth || f.Again == 0 {
			t.broken("I4", a, "a new ask (%d) while ask %d is not answered", f.Nth, s.nth)
		}
	case s.left || s.state != state.Waiting || f.Nth <= s.nth && s.asked == f.Touch:
		t.broken("I4", a, "stay %s asks in state %d, left=%v", f.Enrollment.Bare(), s.state, s.left)
	}
	if s.state == state.Waiting && t.holds(pauseWish(f.Enrollment)) {
		t.broken("I6", a, "stay %s asks after its pause was acknowledged", f.Enrollment.Bare())
	}
	if f.At < s.due {
		t.broken("I12", a, "stay %s asks %d ms before its time", f.Enrollment.Bare(), s.due-f.At)
	}
	if ask := (named{f.Touch, f.Nth}); t.asks[ask].IsZero() && t.aheadAt[ask] == 0 {
		t.aheadAt[ask] = t.w.ahead()
	}
	s.nth, s.asked = f.Nth, f.Touch
	t.wait(s, state.AskedIt)
	t.calm.intent = t.w.now
}
