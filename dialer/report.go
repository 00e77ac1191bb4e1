package dialer

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
	"github.com/carillon-dialer/carillon/telephony"
)

// Answered is the reply to a Reported event. Script is set for events that ask
// what the call shall do next. Known is false for an attempt nobody made.
type Answered struct {
	Known  bool
	Script telephony.Script
}

// plainAnswer is the reply to most events.
var plainAnswer any = Answered{Known: true}

// reported merges a carrier event into its attempt. The result depends only on
// the set of events: repeats change nothing, and no late one undoes an end.
func (c *Core) reported(now int64, v *state.View, m *Reported) Outcome {
	ev := &m.Event
	o := v.Open(ev.Attempt)
	if o == nil {
		if r := v.Return(ev.Attempt); r != nil {
			return c.returnAsked(now, v, r, ev)
		}
		return c.reportedClosed(now, v, ev)
	}
	if o.CallID != "" && ev.CallID != "" && ev.CallID != o.CallID {
		return Outcome{Reply: Answered{}} // another call's: not ours
	}
	var out Outcome
	row := *o
	if o.CallID == "" && ev.CallID != "" {
		f := placedBy(o, ev.CallID, "webhook", now, 0)
		out.fact(f)
		row.CallID, row.PlacedAt, row.State, row.Deadline = f.CallID, now, max(row.State, event.Placed), f.Deadline
	}
	seen := bitOf(ev)
	repeat := seen != 0 && row.Seen&seen != 0 || ev.Kind == telephony.EventDial && ev.LegID != "" && ev.LegID == row.LegID
	if ev.Kind == telephony.EventPlayed && (row.Script != scriptVoicemail || redirecting(&row)) {
		repeat = true // of what came before a voicemail, and nothing has changed
	}
	reply := Answered{Known: true}
	if !repeat {
		row.Seen |= seen
		c.merge(now, &row, ev)
	}
	switch ev.Kind {
	case telephony.EventVoice, telephony.EventDial, telephony.EventGather, telephony.EventPlayed:
		served, script := c.script(now, v, &row, ev, repeat)
		reply.Script = script
		if served != nil {
			row.Script, row.Target, row.Deadline = served.Kind, served.Target, served.Deadline
		}
		if !repeat {
			out.fact(changed(now, &row))
			if served != nil {
				out.fact(served)
			}
			if ev.Kind == telephony.EventGather {
				c.saysNo(&out, &row)
			}
		}
		c.redirected(now, v, &out, &row, ev)
	case telephony.EventStatus, telephony.EventAMD, telephony.EventLeg:
		if !repeat {
			out.fact(changed(now, &row))
		}
		if !repeat && ev.Kind == telephony.EventAMD {
			c.detected(now, v, &out, &row)
		}
	}
	out.Reply = plainAnswer
	if reply.Script != nil {
		out.Reply = reply
	}
	if !repeat {
		c.conclude(now, &out, &row)
	}
	return out
}

func bitOf(ev *telephony.Event) uint64 {
	switch ev.Kind {
	case telephony.EventVoice:
		return seenVoice
	case telephony.EventGather:
		return seenGather
	case telephony.EventDial:
		return 0 // one for each target of the chain; merging twice changes nothing
	case telephony.EventAMD:
		return seenAMD
	case telephony.EventPlayed:
		return seenPlayed
	case telephony.EventLeg:
		return seenLeg
	case telephony.EventStatus:
		if ev.Seq >= 0 && ev.Seq < seqBits {
			return 1 << ev.Seq
		}
	}
	return 0
}

// merge adds one event to what is known of the call.
func (c *Core) merge(now int64, o *state.Open, ev *telephony.Event) {
	at := now
	if !ev.At.IsZero() {
		at = min(now, ev.At.UnixMilli())
	}
	if ev.AnsweredBy != telephony.ByNothing {
		o.AnsweredBy = ev.AnsweredBy
	}
	switch ev.Kind {
	case telephony.EventStatus:
		c.mergeStatus(now, at, o, ev)
	case telephony.EventVoice:
		c.answeredAt(now, at, o)
		if o.HeardAt == 0 {
			o.HeardAt = now
		}
	case telephony.EventGather:
		if ev.Digits != "" {
			o.Digits = ev.Digits
		}
	case telephony.EventDial:
		if o.LegStatus != telephony.StatusCompleted {
			o.LegStatus, o.LegMs, o.LegID = ev.LegStatus, ms(ev.LegTime), ev.LegID
		}
	case telephony.EventPlayed:
		o.PlayedAt = now
	case telephony.EventLeg:
		o.LegAt = legAt(now, ev)
	case telephony.EventAMD:
	}
}

func (c *Core) mergeStatus(now, at int64, o *state.Open, ev *telephony.Event) {
	if ev.Status.Terminal() {
		o.Status, o.Seen = ev.Status, o.Seen|seenFinal
		if o.EndedAt == 0 {
			o.EndedAt = at
		}
		if ev.SIPCode != 0 {
			o.SIP = ev.SIPCode
		}
		if ev.Duration > 0 {
			o.DurationMs = ms(ev.Duration)
		}
		return
	}
	switch ev.Status {
	case telephony.StatusRinging:
		if o.RingingAt == 0 || at < o.RingingAt {
			o.RingingAt = at
		}
		if o.State < event.Ringing {
			o.State, o.Deadline = event.Ringing, now+o.I.RingMs+ms(graceFor)
		}
	case telephony.StatusInProgress:
		c.answeredAt(now, at, o)
	default:
	}
}

func (c *Core) answeredAt(now, at int64, o *state.Open) {
	if o.AnsweredAt == 0 || at < o.AnsweredAt {
		o.AnsweredAt = at
	}
	if o.State < event.Live {
		o.State, o.Deadline = event.Live, now+ms(c.rules.TimeLimit)+ms(graceFor)
	}
}

// changed is the merged row as a fact.
func changed(now int64, o *state.Open) *event.CallChanged {
	return &event.CallChanged{
		Attempt: o.I.Attempt, State: o.State, Seen: o.Seen, Status: o.Status, AnsweredBy: o.AnsweredBy, SIP: o.SIP,
		DurationMs: o.DurationMs, Digits: o.Digits, LegStatus: o.LegStatus, LegMs: o.LegMs, RingingAt: o.RingingAt,
		AnsweredAt: o.AnsweredAt, EndedAt: o.EndedAt, Deadline: o.Deadline, Price: o.Price, At: now, Polls: o.Polls, Note: o.Note,
		LegID: o.LegID, PlayedAt: o.PlayedAt, HeardAt: o.HeardAt, LegAt: o.LegAt,
	}
}

// conclude closes the attempt once all is known: the call is over, who answered
// has been judged, and, when a person was being connected, what became of that
// leg.
func (c *Core) conclude(now int64, out *Outcome, o *state.Open) {
	if !o.Status.Terminal() {
		return
	}
	open := c.legOpen(o) || c.verdictOpen(o)
	if open && o.State != event.Closing {
		row := *o
		row.State, row.Deadline = event.Closing, now+ms(settleFor)
		out.fact(changed(now, &row))
		return
	}
	if open {
		return // the deadline asks the carrier
	}
	c.concludeNow(now, out, o)
}

// legOpen reports whether the person was given to a target whose fate nobody
// told yet. That of a machine's does not matter.
func (c *Core) legOpen(o *state.Open) bool {
	return o.Script == scriptConnect && byPerson(o.AnsweredBy) && o.Status == telephony.StatusCompleted && !legKnown(o)
}

// verdictOpen reports whether detection beside the script has not told yet what
// it came to. It may do so after the call's end.
func (c *Core) verdictOpen(o *state.Open) bool {
	p, ok := c.plans[playedBy(o.I)]
	return ok && p.Steps[o.I.Step].detect.async && o.Status == telephony.StatusCompleted &&
		o.AnsweredBy == telephony.ByNothing && o.Digits == ""
}

func legKnown(o *state.Open) bool { return o.LegStatus != "" }

func (c *Core) concludeNow(now int64, out *Outcome, o *state.Open) {
	outcome := telephony.OutcomeOf(o.Status, o.SIP, o.AnsweredBy, atMs(o.DurationMs).Sub(atMs(0)))
	drop := c.dropOf(o)
	ev := routing.Evidence{
		Connected:     o.Script == scriptMessage || o.LegStatus == telephony.StatusCompleted,
		VoicemailLeft: drop != nil && drop.Cut == event.CutNone,
		DigitsCode:    c.digitsCode(o),
	}
	code := routing.Classify(outcome, ev)
	answered := outcome.Result == telephony.ResultAnswered && (ev.DigitsCode != "" || byPerson(o.AnsweredBy))
	c.close(now, out, o, closing{
		state: event.Ended, code: code, result: outcome.Result, reason: string(outcome.Reason),
		answered: answered, contact: answered && ev.Connected, voicemail: code == routing.VoicemailLeft,
		completed: outcome.Result == telephony.ResultAnswered || outcome.Result == telephony.ResultUnreached,
		digits:    ev.DigitsCode != "", drop: drop, wait: waited(o), told: o.Script == scriptMessage && o.Target > 0,
	})
}

// byPerson treats an unknown answerer as a person.
func byPerson(by telephony.AnsweredBy) bool { return !by.Machine() && by != telephony.ByFax }

// digitsCode is what the pressed key stands for at the target that asked.
func (c *Core) digitsCode(o *state.Open) cadence.DispositionCode {
	p, ok := c.plans[playedBy(o.I)]
	if o.Digits == "" || !ok {
		return ""
	}
	chain := p.Steps[o.I.Step].connect
	if o.Target >= len(chain) {
		return ""
	}
	return c.codeOfKey(&chain[o.Target], o.Digits)
}

// saysNo takes a no by key in the turn it is heard in: the end of its call may
// be told late or never, and the lead has other numbers.
func (c *Core) saysNo(out *Outcome, o *state.Open) {
	d, ok := c.rules.Dispositions.Resolve(c.digitsCode(o))
	if !ok || !d.DNC {
		return
	}
	lead := o.I.Lead
	if !o.I.Rehearsal.IsZero() {
		lead = cadence.ID{} // it is about the staff number alone
	}
	sayNo(out, o.I.Token, lead, string(d.Code), "disposition", byDigits)
}

// reportedClosed takes an event for an attempt that is over. Late evidence
// that an unconfirmed attempt was a call after all flips it.
func (c *Core) reportedClosed(now int64, v *state.View, ev *telephony.Event) Outcome {
	a := v.Attempt(ev.Attempt)
	if a == nil || a.CallID != "" && ev.CallID != "" && a.CallID != ev.CallID {
		return Outcome{Reply: Answered{}}
	}
	out := Outcome{Reply: Answered{Known: true, Script: telephony.Script{telephony.Hangup{}}}}
	if ev.Kind == telephony.EventGather {
		c.pressedLate(now, v, &out, a, ev)
		return out
	}
	if ev.Kind == telephony.EventPlayed {
		c.playedLate(now, &out, a, ev)
		return out
	}
	if ev.Kind == telephony.EventLeg {
		c.legLate(now, &out, a, ev)
		return out
	}
	seen := bitOf(ev)
	if ev.Kind == telephony.EventStatus && ev.Status.Terminal() {
		seen |= seenFinal
	}
	settled := a.Accepted && (a.Reason != reasonNotFound || a.Seen&seenFinal != 0)
	if settled || seen == 0 || a.Seen&seen == seen {
		return out
	}
	f := revise(a, ev.Attempt, now)
	f.Why, f.CallID, f.Accepted, f.Seen, f.By = "evidence", ev.CallID, true, a.Seen|seen, "system"
	if ev.Kind == telephony.EventStatus && ev.Status.Terminal() {
		o := telephony.OutcomeOf(ev.Status, ev.SIPCode, ev.AnsweredBy, ev.Duration)
		f.Code = routing.Classify(o, routing.Evidence{})
		f.Completed = o.Result == telephony.ResultAnswered || o.Result == telephony.ResultUnreached
		f.Answered = o.Result == telephony.ResultAnswered && byPerson(ev.AnsweredBy)
		f.Abandoned = f.Answered
	}
	out.fact(f)
	return out
}

// pressedLate takes a key whose webhook came behind the end of its call: what
// a person pressed counts, a no above all: it holds also where somebody posted
// the disposition, which stands.
func (c *Core) pressedLate(now int64, v *state.View, out *Outcome, a *state.Attempt, ev *telephony.Event) {
	if a.Seen&seenGather != 0 || a.Script != scriptMessage || ev.Digits == "" {
		return
	}
	var d *routing.Disposition
	for _, t := range c.planAt(v, playedIn(a)).Steps[a.Step].connect {
		if code := c.codeOfKey(&t, ev.Digits); code != "" {
			d, _ = c.rules.Dispositions.Resolve(code)
			break
		}
	}
	if d == nil || a.Posted && !d.DNC {
		return
	}
	if d.DNC {
		sayNo(out, a.Token, cadence.ID{}, string(d.Code), "correction", byDigits)
	}
	if a.Rehearsal.IsZero() {
		out.send(&late{Enrollment: a.Enrollment, Attempt: ev.Attempt, Code: d.Code, Contact: !a.Posted, By: byDigits})
	}
	if a.Posted {
		return
	}
	f := revise(a, ev.Attempt, now)
	f.Why, f.By, f.Code, f.Seen, f.Answered = "evidence", "digits", d.Code, a.Seen|seenGather, true
	f.Contact = true // the message was heard: it asked for the key
	f.Converted, f.Abandoned = d.Conversion, false
	out.fact(f)
}

func revise(a *state.Attempt, id cadence.ID, now int64) *event.AttemptRevised {
	return &event.AttemptRevised{
		Attempt: id, Code: a.Code, Accepted: a.Accepted, Completed: a.Completed, Answered: a.Answered, Contact: a.Contact,
		Converted: a.Converted, Abandoned: a.Abandoned, Seen: a.Seen, At: now, Wait: a.Wait, Late: a.Late,
	}
}
