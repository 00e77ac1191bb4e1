package dialer

import (
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
	"github.com/carillon-dialer/carillon/telephony"
)

// offerWait is how long a caller may press a key before being put through.
const offerWait = 2 * time.Second

// returnScript is what a return call does now, built from its row alone. first
// begins with the greeting.
func (c *Core) returnScript(v *state.View, id cadence.ID, r *state.ReturnCall, first bool) telephony.Script {
	switch {
	case r.OptedOutAt != 0:
		return telephony.Script{telephony.Say{Text: c.rules.OptOut.Done}, telephony.Hangup{}}
	case r.EndedAt != 0, r.Status.Terminal(), r.Code != "", r.LegStatus == telephony.StatusCompleted:
		return telephony.Script{telephony.Hangup{}}
	}
	t := &r.Chain[r.Target]
	var prompt telephony.Script
	if first && r.Greeting != "" {
		prompt = append(prompt, telephony.Say{Text: r.Greeting})
	}
	if !t.Message() {
		to := telephony.Connect{
			Attempt: id, Number: t.Number, SIP: t.SIP, CallerID: r.To, Ring: time.Duration(t.RingMs) * time.Millisecond, TimeLimit: c.rules.TimeLimit,
		}
		if !first {
			return telephony.Script{to}
		}
		return telephony.Script{c.offered(v, id, r, prompt, offerWait), to}
	}
	prompt = append(prompt, speech(t.Audio, t.Text))
	if !r.Known() {
		return append(prompt, telephony.Hangup{})
	}
	return telephony.Script{c.offered(v, id, r, prompt, gatherWait), telephony.Hangup{}}
}

// offered lets the caller press a key while something is said; what cannot be
// pressed by anybody who does not know of it is said behind it.
func (c *Core) offered(v *state.View, id cadence.ID, r *state.ReturnCall, prompt telephony.Script, wait time.Duration) telephony.Verb {
	if key, told := c.returnKey(v, r); !told {
		prompt = append(prompt, telephony.Say{Text: c.rules.OptOut.offer(key)})
	}
	return telephony.Gather{Attempt: id, Prompt: prompt, Wait: wait}
}

// returnKey is the key that takes the caller off the list; told when the
// message that is played says so itself.
func (c *Core) returnKey(v *state.View, r *state.ReturnCall) (key string, told bool) {
	if t := c.returnConnect(v, r); t != nil {
		return c.optOut(t)
	}
	return c.rules.OptOut.Key, false
}

// returnConnect is the message of the cadence that a return call hears now.
func (c *Core) returnConnect(v *state.View, r *state.ReturnCall) *cadence.Connect {
	t := &r.Chain[r.Target]
	if !t.Message() || t.Of == 0 {
		return nil
	}
	return &c.plan(v, r.Cadence, r.Version).Steps[r.Step].connect[t.Of-1]
}

// returnAsked takes what a return call reports about itself: a key, or the end
// of a leg. Its answer rests on the row alone, so that repeats get the same.
func (c *Core) returnAsked(now int64, v *state.View, r *state.ReturnCall, ev *telephony.Event) Outcome {
	if ev.CallID != "" && ev.CallID != r.CallID {
		return Outcome{Reply: Answered{}}
	}
	var out Outcome
	row := *r
	switch ev.Kind {
	case telephony.EventGather:
		c.returnKeyed(now, v, &out, &row, ev)
	case telephony.EventDial:
		c.returnLeg(now, &out, &row, ev)
	case telephony.EventStatus, telephony.EventVoice, telephony.EventAMD, telephony.EventPlayed, telephony.EventLeg:
	}
	if row.EndedAt == 0 && row.Status.Terminal() && len(out.Facts) > 0 {
		c.returnOver(now, v, &out, ev.Attempt, &row)
	}
	out.Reply = Answered{Known: true, Script: c.returnScript(v, ev.Attempt, &row, false)}
	return out
}

// returnKeyed takes a key. A no counts whenever it comes, also behind the end of
// its call, and it counts in this turn: for the number here, for the lead and
// its other numbers at the lead's home.
func (c *Core) returnKeyed(now int64, v *state.View, out *Outcome, row *state.ReturnCall, ev *telephony.Event) {
	if ev.Digits == "" || row.OptedOutAt != 0 || row.Digits == ev.Digits || !row.Known() {
		return
	}
	var code cadence.DispositionCode
	if t := c.returnConnect(v, row); t != nil {
		code = t.Gather[ev.Digits]
	}
	if key, told := c.returnKey(v, row); !told && ev.Digits == key {
		code = routing.DoNotCall
	}
	row.Digits, row.Deadline = ev.Digits, c.returnDeadline(now, row)
	d, known := c.rules.Dispositions.Resolve(code)
	if known {
		row.Code = d.Code
	}
	if known && d.DNC {
		row.OptedOutAt = now
		c.callerSaysNo(v, out, row, d.Code)
	}
	out.fact(returnChanged(now, ev.Attempt, row))
	if row.EndedAt != 0 && known { // the call was over before its key was told
		f := &event.ReturnEnded{ID: ev.Attempt, Code: row.Code, Contact: d.Contact && !row.Lead.IsZero(), At: row.EndedAt, Note: row.Note}
		c.heardBack(v, out, f, row)
		out.fact(f)
	}
}

// callerSaysNo takes the no of whoever is on the line: for the number, here and
// now; for the lead that the call was taken for; and for the lead that was
// called last, where somebody else has the number by now: what was rung back is
// that call. Which of two leads has it is known at their homes: there the no is
// handed on to whoever has the number instead.
func (c *Core) callerSaysNo(v *state.View, out *Outcome, row *state.ReturnCall, code cadence.DispositionCode) {
	sayNo(out, row.Token, cadence.ID{}, string(code), reasonReturnCall, byDigits)
	c.eachCaller(v, row, func(lead cadence.ID, others []cadence.ID) {
		out.send(&leadNo{Lead: lead, Code: code, Token: row.Token, Others: others})
	})
}

// byDigits signs a no that was said by a key.
const byDigits = "digits"

// eachCaller calls fn for the leads that a call to us may be from: whom it is
// taken for, and whom the last attempt to the number was about. others are those
// besides them that have or had the number, where their homes know more than
// this one does.
func (c *Core) eachCaller(v *state.View, row *state.ReturnCall, fn func(lead cadence.ID, others []cadence.ID)) {
	var leads, others []cadence.ID
	if !row.Lead.IsZero() {
		leads = append(leads, row.Lead)
	}
	if last := topicOf(v, row.Attempt).lead; !last.IsZero() && last != row.Lead {
		leads = append(leads, last)
	}
	if n := v.Number(row.Token); n != nil && c.rules.Homes.several() {
		others = slices.DeleteFunc(slices.Clone(n.Leads), func(id cadence.ID) bool { return slices.Contains(leads, id) })
	}
	for _, id := range leads {
		fn(id, others)
	}
}

// returnLeg takes the end of a leg: the next target follows one that nobody took.
func (c *Core) returnLeg(now int64, out *Outcome, row *state.ReturnCall, ev *telephony.Event) {
	if row.EndedAt != 0 || ev.LegID != "" && ev.LegID == row.LegID || row.Chain[row.Target].Message() {
		return
	}
	row.LegStatus, row.LegID, row.LegMs = ev.LegStatus, ev.LegID, ms(ev.LegTime)
	if ev.LegStatus != telephony.StatusCompleted && row.Target+1 < len(row.Chain) && !row.Status.Terminal() {
		row.Target, row.LegStatus, row.Digits = row.Target+1, "", "" // the same key may mean something to the next
	}
	row.Deadline = c.returnDeadline(now, row)
	out.fact(returnChanged(now, ev.Attempt, row))
}

func (c *Core) returnDeadline(now int64, row *state.ReturnCall) int64 {
	if row.EndedAt != 0 {
		return 0
	}
	return now + ms(returnLook)
}

// returnChanged is the merged row as a fact.
func returnChanged(now int64, id cadence.ID, r *state.ReturnCall) *event.ReturnChanged {
	return &event.ReturnChanged{
		ID: id, Target: r.Target, LegStatus: r.LegStatus, LegID: r.LegID, LegMs: r.LegMs, Digits: r.Digits, Code: r.Code,
		Status: r.Status, OptedOutAt: r.OptedOutAt, DurationMs: r.DurationMs, Deadline: r.Deadline, At: now,
	}
}
