package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
)

// input is what routing decides by.
func (c *Core) input(now int64, p *Plan, e *state.Enrollment, code cadence.DispositionCode) routing.Input {
	var home *time.Location
	if len(e.ZoneSets) > 0 {
		home = c.zonesOf(e.ZoneSets[0]).home()
	}
	return routingInput(c.rules.Dispositions, p, e, home, now, code)
}

// routingInput is the same for a lead whose calendar delays are counted in
// home.
func routingInput(set *routing.Set, p *Plan, e *state.Enrollment, home *time.Location, now int64, code cadence.DispositionCode) routing.Input {
	in := routing.Input{
		Set: set, Doc: p.Doc, StepIndex: e.Step, Run: e.Run, Disposition: code, At: atMs(now), Zone: home,
		RunStarted: atMs(e.RunStarted),
		Numbers:    routing.Numbers{Count: len(e.Numbers), Index: e.Touch.NumberIdx, Retired: e.Retired},
	}
	if p.holidays {
		in.Holiday = isFederal
	}
	if len(e.Retries) > 0 {
		in.Retries = make(map[cadence.DispositionCode]int, len(e.Retries))
		for _, u := range e.Retries {
			in.Retries[u.On] = u.N
		}
	}
	return in
}

// apply turns routing's move into facts.
func (c *Core) apply(now int64, v *state.View, out *Outcome, id cadence.ID, e *state.Enrollment, m routing.Move, retired uint16) {
	if !m.Kind.Ends() {
		p := c.plan(v, e.Cadence, e.Version)
		class := event.Retry
		if m.Kind == routing.KindCallback {
			class = event.Callback
		}
		f := c.armed(now, v, out, p, id, e, class, ceilMs(m.Due))
		f.Step, f.StepKey, f.Run, f.RunStarted = m.StepIndex, p.Doc.Steps[m.StepIndex].Key, m.Run, e.RunStarted
		f.NumberIdx, f.Why, f.Retired = m.NumberIndex, string(m.Kind), retired
		if m.Kind == routing.KindRetry || m.Kind == routing.KindNextNumber || m.Kind == routing.KindCallback {
			f.Try = e.Touch.Try + 1
		}
		if m.Run != e.Run {
			f.RunStarted = f.Due
		}
		if m.OtherPart {
			c.placeElsewhere(now, v, p, e, f)
		} else {
			c.place(v, p, e, f)
		}
		out.fact(f)
		return
	}
	if m.Kind == routing.KindTransition && !c.enterable(v, m.To) {
		c.end(now, out, id, e, string(routing.FinalExited), "transition: "+m.To+" cannot be entered")
		return
	}
	c.end(now, out, id, e, string(m.Final), m.Reason)
	switch m.Kind {
	case routing.KindReenroll:
		out.send(&Enroll{Lead: e.Lead, Cadence: e.Cadence, Due: ceilMs(m.Due), Trusted: true})
	case routing.KindTransition:
		out.send(&Enroll{Lead: e.Lead, Cadence: c.names[m.To], Due: ceilMs(m.Due), Trusted: true})
	case routing.KindExit, routing.KindIdle, routing.KindRetry, routing.KindNextNumber, routing.KindNextStep,
		routing.KindGoto, routing.KindCallback, routing.KindRestartRun:
	}
}

// enterable reports whether leads can enter the cadence of a name.
func (c *Core) enterable(v *state.View, name string) bool {
	id, ok := c.names[name]
	if !ok {
		return false
	}
	row := v.Cadence(id)
	return row != nil && row.Version > 0 && row.Status != event.Archived
}

// armed begins a TouchArmed for a new touch of an enrollment.
func (c *Core) armed(now int64, v *state.View, out *Outcome, p *Plan, id cadence.ID, e *state.Enrollment, class event.Class, due int64) *event.TouchArmed {
	return &event.TouchArmed{
		Enrollment: id, Touch: derive(id.Slot(), "touch", uint64(e.Touches)+1, id), Lane: c.lane(v, out, p.ID, e.List, class),
		Due: max(due, now), At: now, Class: class,
	}
}

// hoursOf are the hours of one of a stay's numbers at a step; without zones
// when it has none.
func (c *Core) hoursOf(v *state.View, p *Plan, e *state.Enrollment, step, number int) hours {
	if number < 0 || number >= len(e.ZoneSets) {
		return hours{}
	}
	return hoursBy(c.placing(v, p, step, e.ZoneSets[number]), c.rules.Spread)
}

// placing is what calls of a step are judged by where only the place is known.
func (c *Core) placing(v *state.View, p *Plan, step int, text string) *ruling {
	return c.laws.ruling(c.packs(v), p, step, c.zonesOf(text), text, "", "", stranger)
}

// place moves a due time to the first instant the windows allow, so that the
// index holds when the call can happen, and from there to the lead's place
// among those that wait for the same hour. The permit decides again then.
func (c *Core) place(v *state.View, p *Plan, e *state.Enrollment, f *event.TouchArmed) {
	h := c.hoursOf(v, p, e, f.Step, f.NumberIdx)
	if len(h.zones) == 0 {
		return
	}
	if at, rule := h.open(f.Due); rule != "" {
		f.Wanted, f.Rule, f.Due = f.Due, rule, h.spreadOut(at, e.Lead)
	}
}

// placeElsewhere is place for a touch that prefers another part of the day
// than the call that has just ended.
func (c *Core) placeElsewhere(now int64, v *state.View, p *Plan, e *state.Enrollment, f *event.TouchArmed) {
	h := c.hoursOf(v, p, e, f.Step, f.NumberIdx)
	if at, moved := h.otherPart(f.Due, now); moved {
		f.Wanted, f.Rule, f.Due = f.Due, RuleDayPart, h.spreadOut(at, e.Lead)
		return
	}
	c.place(v, p, e, f)
}

// quit ends a stay from outside its own routing. A connected call whose
// disposition is still awaited is counted first.
func (c *Core) quit(now int64, out *Outcome, id cadence.ID, e *state.Enrollment, status, reason string) {
	if t := &e.Touch; t.State == state.Held {
		out.fact(&event.TouchDone{Enrollment: id, Touch: t.ID, Attempt: t.Attempt, Code: t.Code, Counts: true, Contact: true, At: now, Finishes: true})
	}
	c.end(now, out, id, e, status, reason)
}

// end closes a stay and takes back whatever it has under way.
func (c *Core) end(now int64, out *Outcome, id cadence.ID, e *state.Enrollment, status, reason string) {
	f := &event.EnrollmentLeft{Enrollment: id, Status: status, Reason: reason, At: now}
	out.fact(f)
	switch t := &e.Touch; t.State {
	case state.Dialing:
		out.send(&withdraw{Attempt: t.Attempt, Reason: "left"})
	case state.AskedIt:
		if f.Asked = t.Reminded; f.Asked {
			out.send(&unask{Token: e.Numbers[t.NumberIdx], Touch: t.ID, Reason: "left"})
		}
	case state.NoTouch, state.Waiting, state.Held:
	}
}

// lane finds the lane of a cadence's list and class, opening it the first
// time.
func (c *Core) lane(v *state.View, out *Outcome, cad, list cadence.ID, class event.Class) uint32 {
	k := state.Lane{Cadence: cad, List: list, Class: class}
	if n, ok := c.lanes[k]; ok {
		return n
	}
	n := v.Office().LastLane + 1
	for _, f := range out.Facts {
		if l, ok := f.(*event.LaneOpened); ok {
			if l.Cadence == cad && l.List == list && l.Class == class {
				return l.Lane
			}
			n = l.Lane + 1
		}
	}
	out.fact(&event.LaneOpened{Lane: n, Cadence: cad, List: list, Class: class})
	return n
}
