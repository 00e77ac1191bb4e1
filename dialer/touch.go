package dialer

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
)

const (
	// askFor is how long a grant carried by an ask stays good, in ms.
	askFor = 60_000
	// askAgainMost is the longest pause before an unanswered ask is repeated.
	askAgainMost = 3_600_000
	// unfitFor is how long a touch waits whose number's home may not dial.
	unfitFor = 30_000
)

// due decides about a touch whose time has come, at the lead's home.
func (c *Core) due(now int64, v *state.View, m *Due) Outcome {
	e := v.Enrollment(m.Enrollment)
	if e == nil {
		if r := v.Rehearsal(m.Enrollment); r != nil {
			return c.rehearsalDue(now, v, m, r)
		}
	}
	if e == nil && m.Lane == 0 {
		return c.returnDue(now, v, m)
	}
	if e == nil || e.Touch.ID != m.Touch || e.Touch.Lane != m.Lane || e.Touch.Due != m.Due {
		return stale(m)
	}
	if e.LeftAt != 0 && e.Touch.State != state.AskedIt {
		return stale(m)
	}
	switch e.Touch.State {
	case state.Held:
		var out Outcome
		c.finish(now, v, &out, m.Enrollment, e, final{code: e.Touch.Code, attempt: e.Touch.Attempt, contact: true, counts: true})
		return out
	case state.Waiting:
		return c.dueCall(now, v, m, e)
	case state.AskedIt:
		if e.Touch.Reminded {
			return c.askAgain(now, m.Enrollment, e)
		}
	case state.NoTouch, state.Dialing:
	}
	return stale(m)
}

// stale drops a timer that no touch waits for: one that was moved, or one that
// storage brought back from the dead.
func stale(m *Due) Outcome {
	return Outcome{Unused: true, Facts: []event.Fact{&event.DueDropped{Lane: m.Lane, Due: m.Due, Touch: m.Touch}}}
}

func (c *Core) dueCall(now int64, v *state.View, m *Due, e *state.Enrollment) Outcome {
	row := v.Cadence(e.Cadence)
	if row == nil || !row.Dialing() || v.Office().Stopped || v.Office().Packs.IsZero() || m.Due > now || m.Grant == nil ||
		!c.mayCall(v, e.List, e.Touch.Class, m.Grant.Day) {
		return Outcome{Unused: true} // stays due; its lane is not read meanwhile
	}
	var out Outcome
	if e.OnLine > 0 {
		c.rearm(now, v, &out, m.Enrollment, e, now+onLineWait, RuleReturnCall, "deferred")
		out.Unused = true
		return out
	}
	if e.Paused != 0 {
		c.rearm(now, v, &out, m.Enrollment, e, now+pausedWait, permit.RuleNotEnrolled, "deferred")
		out.Unused = true
		return out
	}
	p := c.plan(v, e.Cadence, e.Version)
	lead := c.leadFor(v, p, e)
	if why, exits := c.exits(now, p, e, lead); exits {
		c.end(now, &out, m.Enrollment, e, string(routing.FinalExited), why)
		out.Unused = true
		return out
	}
	if cond := p.Steps[e.Step].condition; cond != nil {
		ok, err := cond.Eval(c.env(now, e, &lead.Lead))
		if err != nil {
			c.end(now, &out, m.Enrollment, e, "blocked", "condition: "+err.Error())
			out.Unused = true
			return out
		}
		if !ok {
			c.apply(now, v, &out, m.Enrollment, e, routing.Skip(c.input(now, p, e, "")), 0)
			out.Unused = true
			return out
		}
	}
	if audio := p.lacks(v, e.Step); audio != "" {
		c.rearm(now, v, &out, m.Enrollment, e, now+mediaWait, RuleMedia, "deferred")
		out.Unused = true
		return out
	}
	t := &e.Touch
	a := c.askOf(m.Enrollment, e)
	a.Nth, a.Due, a.Expires, a.Grant = t.Asks+1, m.Due, now+askFor, *m.Grant
	if lead != nil {
		a.Texts = p.texts(e.Step, &lead.Lead)
	}
	who := personOf(m.Enrollment, e, a.Token, v.Lead, v.Enrollment)
	a.tell(&who)
	f := &event.Asked{Enrollment: m.Enrollment, Touch: t.ID, Try: t.Try, Nth: a.Nth, Expires: a.Expires, At: now}
	if !c.rules.Homes.here(a.Token.Slot()) {
		f.Again = now + 2*askFor
	}
	out.fact(f)
	c.released(&out, e, now, 1)
	out.send(a)
	return out
}

// askOf begins an ask for the open touch of a stay.
func (c *Core) askOf(id cadence.ID, e *state.Enrollment) *ask {
	t := &e.Touch
	return &ask{
		Enrollment: id, Touch: t.ID, Try: t.Try, Token: e.Numbers[t.NumberIdx], Lead: e.Lead, Cadence: e.Cadence,
		Version: e.Version, List: e.List, Campaign: e.Campaign, Step: e.Step, Run: e.Run, Zones: e.ZoneSets[t.NumberIdx],
		State: e.State,
	}
}

// askAgain repeats an ask that was not answered: the same ask, under the same
// name, and past its expiry, so that it can lead to no call that the first one
// did not lead to. Its grant and texts are not needed for that.
func (c *Core) askAgain(now int64, id cadence.ID, e *state.Enrollment) Outcome {
	t := &e.Touch
	a := c.askOf(id, e)
	a.Nth, a.Expires = t.Asks, t.Expires
	a.Due = a.Expires - askFor
	again := now + min(2*(now-a.Due), askAgainMost)
	return Outcome{
		Facts: []event.Fact{&event.Asked{Enrollment: id, Touch: t.ID, Try: t.Try, Nth: t.Asks, Expires: t.Expires, At: now, Again: again}},
		Sends: []Message{a},
	}
}

// leadFor reads the lead only when the plan needs it: most dials do not.
func (c *Core) leadFor(v *state.View, p *Plan, e *state.Enrollment) *state.Lead {
	s := &p.Steps[e.Step]
	if len(p.ExitIf) == 0 && s.condition == nil && !s.merges {
		return nil
	}
	return v.Lead(e.Lead)
}

// answer takes the number's home's answer to an ask. One that nobody waits for
// any more is a repeat, or the touch was closed meanwhile: then its attempt is
// taken back.
func (c *Core) answer(now int64, v *state.View, m *answer) Outcome {
	e := v.Enrollment(m.Enrollment)
	if e == nil || e.Touch.ID != m.Touch || e.Touch.Asks != m.Nth || e.Touch.State != state.AskedIt {
		if !m.Attempt.IsZero() && (e == nil || e.Touch.Attempt != m.Attempt) {
			return Outcome{Sends: []Message{&withdraw{Attempt: m.Attempt, Reason: "touch_closed"}}}
		}
		return Outcome{}
	}
	out := Outcome{Freed: e.Touch.Reminded && m.Attempt.IsZero(), FreedOf: e.Campaign}
	if !m.Attempt.IsZero() {
		c.counted(v, &out, e, m)
	} else {
		c.released(&out, e, e.Touch.Expires-askFor, -1)
	}
	if e.LeftAt != 0 {
		out.fact(&event.AskClosed{Enrollment: m.Enrollment, Touch: m.Touch, Attempt: m.Attempt, At: now})
		if !m.Attempt.IsZero() {
			out.send(&withdraw{Attempt: m.Attempt, Reason: "left"})
		}
		return out
	}
	answered := *e
	answered.Touch.State = state.NoTouch
	switch {
	case !m.Attempt.IsZero():
		out.fact(&event.TouchDialing{Enrollment: m.Enrollment, Touch: m.Touch, Attempt: m.Attempt, At: now})
		switch {
		case e.OnLine > 0 || e.Returned != "": // the lead has called us meanwhile
			out.send(&withdraw{Attempt: m.Attempt, Reason: reasonReturnCall})
		case e.Paused != 0:
			out.send(&withdraw{Attempt: m.Attempt, Reason: reasonPaused})
		case e.Retired>>e.Touch.NumberIdx&1 == 1:
			out.send(&withdraw{Attempt: m.Attempt, Reason: reasonLeadChanged, Unsent: true})
		}
	case e.Returned != "":
		c.finishReturned(now, v, &out, m.Enrollment, &answered, e.LastTry, false)
	case m.Blocked:
		c.blocked(now, v, &out, m.Enrollment, &answered, m.Rule)
	default:
		why, until := "deferred", m.Until
		if m.Returned {
			why = "returned"
		}
		switch m.Rule {
		case permit.RuleHealth: // by this clock: the other one may be the reason
			until = now + unfitFor
		case permit.RuleNoPack: // only other packs help: it must not come up at once again and again
			until = now + unfitFor
		}
		c.rearm(now, v, &out, m.Enrollment, &answered, until, m.Rule, why)
	}
	return out
}

// blocked moves on when the rule is about the number and another is left;
// otherwise the stay ends, because nothing will change the answer.
func (c *Core) blocked(now int64, v *state.View, out *Outcome, id cadence.ID, e *state.Enrollment, rule string) {
	if rule != permit.RuleDNC && rule != permit.RuleDNCScope {
		retired := e.Retired | 1<<e.Touch.NumberIdx
		n := routing.Numbers{Count: len(e.Numbers), Retired: retired}
		if next := n.First(); next >= 0 {
			p := c.plan(v, e.Cadence, e.Version)
			f := c.armed(now, v, out, p, id, e, e.Touch.Class, now)
			f.Step, f.StepKey, f.Run, f.RunStarted = e.Step, e.StepKey, e.Run, e.RunStarted
			f.NumberIdx, f.Why, f.Retired, f.Try = next, "number_blocked", retired, e.Touch.Try+1
			c.place(v, p, e, f)
			out.fact(f)
			return
		}
	}
	c.end(now, out, id, e, "blocked", rule)
}

// rearm gives the same touch a new due time, and another number when the lead
// has lost the one it was for.
func (c *Core) rearm(now int64, v *state.View, out *Outcome, id cadence.ID, e *state.Enrollment, due int64, rule, why string) {
	t := &e.Touch
	number := t.NumberIdx
	if e.Retired>>number&1 == 1 {
		if number = (routing.Numbers{Count: len(e.Numbers), Retired: e.Retired}).First(); number < 0 {
			c.quit(now, out, id, e, string(routing.FinalUnreachable), noNumberLeft)
			return
		}
	}
	wanted := t.Wanted
	if wanted == 0 {
		wanted = t.Due
	}
	if h := c.hoursOf(v, c.plan(v, e.Cadence, e.Version), e, e.Step, number); due > now && h.opens(due) {
		due = h.spreadOut(due, e.Lead)
	}
	out.fact(&event.TouchArmed{
		Enrollment: id, Touch: t.ID, Step: e.Step, StepKey: e.StepKey, Run: e.Run, RunStarted: e.RunStarted, Try: t.Try,
		NumberIdx: number, Lane: c.lane(v, out, e.Cadence, e.List, t.Class), Due: max(due, now), Wanted: wanted, Rule: rule,
		Why: why, At: now, Class: t.Class,
	})
}

// over takes the end of the touch's attempt.
func (c *Core) over(now int64, v *state.View, m *over) Outcome {
	e := v.Enrollment(m.Enrollment)
	var out Outcome
	if e == nil {
		return out
	}
	if m.Returned && e.Counts(m.Called) {
		out.fact(&event.CallUncounted{Enrollment: m.Enrollment, At: m.Called})
	}
	heard(&out, m.Enrollment, m.Talked, m.Refused)
	if e.Touch.ID != m.Touch {
		return out
	}
	if e.LeftAt != 0 {
		if !m.Returned {
			out.fact(&event.TouchDone{
				Enrollment: m.Enrollment, Touch: m.Touch, Attempt: m.Attempt, Code: m.Code,
				Counts: m.Counts, Contact: m.Contact, At: now,
			})
			c.consequences(v, &out, e, m.Code)
		}
		return out
	}
	if e.Touch.State != state.Dialing || e.Touch.Attempt != m.Attempt {
		return out
	}
	if e.Returned != "" && !m.Contact && !m.Posted {
		c.overReturned(now, v, &out, e, m)
		return out
	}
	if m.Returned {
		if c.rules.Homes.here(m.Attempt.Slot()) { // else the day it was counted on is not known
			c.released(&out, e, m.Called, -1)
		}
		c.rearm(now, v, &out, m.Enrollment, e, now+m.Wait, m.Reason, "returned")
		return out
	}
	if m.Hold > 0 && !m.Posted {
		out.fact(&event.TouchHeld{Enrollment: m.Enrollment, Touch: m.Touch, Attempt: m.Attempt, Code: m.Code, Until: now + m.Hold, At: now})
		return out
	}
	c.finish(now, v, &out, m.Enrollment, e, final{code: m.Code, attempt: m.Attempt, contact: m.Contact, counts: m.Counts, callbackAt: m.CallbackAt})
	return out
}

// final is the disposition that closes a touch.
type final struct {
	code       cadence.DispositionCode
	attempt    cadence.ID
	contact    bool
	counts     bool
	callbackAt int64
}

// finish closes the open touch with its final disposition and makes the move
// that routing decides.
func (c *Core) finish(now int64, v *state.View, out *Outcome, id cadence.ID, e *state.Enrollment, f final) {
	p := c.plan(v, e.Cadence, e.Version)
	in := c.input(now, p, e, f.code)
	if f.callbackAt != 0 {
		in.CallbackAt = atMs(f.callbackAt)
	}
	move := routing.Decide(in)
	retired := uint16(0)
	if move.RetireNumber {
		retired = 1 << e.Touch.NumberIdx
	}
	same := move.Kind == routing.KindRetry || move.Kind == routing.KindNextNumber || move.Kind == routing.KindCallback
	out.fact(&event.TouchDone{
		Enrollment: id, Touch: e.Touch.ID, Attempt: f.attempt, Code: move.RouteOn, Retry: move.ConsumesRetry, Counts: f.counts,
		Contact: f.contact, At: now, Retired: retired, Finishes: !same,
	})
	c.consequences(v, out, e, f.code)
	c.apply(now, v, out, id, e, move, retired)
}

// consequences marks what a disposition says beyond this stay: a person who
// said no is not called on any of their numbers, and a number that cannot be
// reached is not called for anybody.
func (c *Core) consequences(v *state.View, out *Outcome, e *state.Enrollment, code cadence.DispositionCode) {
	d, ok := c.rules.Dispositions.Resolve(code)
	if !ok {
		return
	}
	if d.DNC {
		c.dncLead(v, out, &markLead{Lead: e.Lead, Source: "disposition", Reason: string(d.Code)})
	}
	if d.RetiresNumber() && e.Touch.NumberIdx < len(e.Numbers) {
		out.send(&mark{Token: e.Numbers[e.Touch.NumberIdx], Mark: event.MarkRetired, On: true, Reason: string(d.Code), Source: "disposition"})
	}
}
