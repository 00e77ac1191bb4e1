package dialer

import (
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
	"github.com/carillon-dialer/carillon/telephony"
)

// deadline looks at an open attempt that has been silent for too long, so that
// lost webhooks settle by themselves.
func (c *Core) deadline(now int64, v *state.View, m *Deadline) Outcome {
	o := v.Open(m.Attempt)
	if o == nil || o.Deadline > now {
		return Outcome{}
	}
	look := Look{Attempt: m.Attempt, CallID: o.CallID}
	switch {
	case o.State == event.Intent:
		return Outcome{Facts: []event.Fact{&event.DeadlineSet{Attempt: m.Attempt, Deadline: now + ms(overdue), Polls: o.Polls, Note: "waiting for the executor"}}}
	case o.CallID == "":
		look.Kind, look.To, look.From = LookFind, o.I.Number, o.I.From
		look.Since, look.Until = Searched(o.I.At)
	case o.State == event.Closing && !c.verdictOpen(o):
		look.Kind = LookLegs
	default:
		look.Kind = LookCall
	}
	return Outcome{
		Facts: []event.Fact{&event.DeadlineSet{Attempt: m.Attempt, Deadline: now + ms(lookAgain), Polls: o.Polls + 1, Note: o.Note}},
		Looks: []Look{look},
	}
}

// Searched bounds (Unix ms) when a call was created that may belong to an
// attempt whose intent was written at an instant (Unix ms).
func Searched(intent int64) (since, until int64) {
	return intent - ms(searchBefore), intent + ms(searchAfter)
}

// looked takes what the carrier said about an attempt.
func (c *Core) looked(now int64, v *state.View, m *Looked) Outcome {
	o := v.Open(m.Attempt)
	if o == nil {
		return c.returnLooked(now, v, m)
	}
	var out Outcome
	if m.Gone && c.gone(now, &out, o) {
		return out
	}
	if m.Err != "" {
		out.fact(&event.DeadlineSet{Attempt: m.Attempt, Deadline: now + ms(lookAgain), Polls: o.Polls, Note: clip(m.Err)})
		return out
	}
	switch m.Kind {
	case LookCall:
		c.lookedCall(now, &out, o, m.Call)
	case LookLegs:
		c.lookedLegs(now, &out, o, m.Legs)
	case LookFind:
		c.lookedFind(now, &out, o, m)
	}
	return out
}

// gone settles an attempt whose call the carrier no longer knows, as it does
// when somebody deleted the record. What was to be asked about a call that is
// over stays unknown; a call of which no end was heard is given up after a day,
// since until then it may be a carrier's lapse. It counts in the caps.
func (c *Core) gone(now int64, out *Outcome, o *state.Open) bool {
	switch {
	case o.State == event.Closing:
		row := *o
		if row.Deadline = now; row.AnsweredBy == telephony.ByNothing {
			row.AnsweredBy = telephony.ByUnknown
		}
		out.fact(changed(now, &row))
		c.conclude(now, out, &row)
		return true
	case now >= o.PlacedAt+ms(goneAfter):
		end := closing{state: event.Ended, code: routing.Unconfirmed, reason: reasonGone, result: telephony.ResultFailed, answered: o.AnsweredAt != 0}
		if code := c.digitsCode(o); code != "" { // what they pressed is known
			end.code, end.digits = code, true
		}
		c.close(now, out, o, end)
		return true
	}
	return false
}

func (c *Core) lookedCall(now int64, out *Outcome, o *state.Open, call *telephony.Call) {
	row := *o
	if call.AnsweredBy != telephony.ByNothing {
		row.AnsweredBy = call.AnsweredBy
	}
	row.Price = call.Price
	c.merge(now, &row, &telephony.Event{
		Kind: telephony.EventStatus, Status: call.Status, Seq: -1, Duration: call.Duration, At: call.Ended,
	})
	if row.Deadline <= now || row.Deadline == o.Deadline {
		row.Deadline = now + ms(lookAgain)
	}
	queued := call.Status == telephony.StatusQueued && o.State < event.Ringing
	if queued {
		row.Deadline = byClose(o, now, row.Deadline)
	}
	if o.State == event.Closing { // it is over, and this was the last place to ask for a judgement
		if row.Deadline = now; row.AnsweredBy == telephony.ByNothing {
			row.AnsweredBy = telephony.ByUnknown
		}
	}
	out.fact(changed(now, &row))
	if queued && o.I.Closes != 0 && now >= o.I.Closes && o.Owed == "" {
		out.fact(&event.EffectOwed{Attempt: o.I.Attempt, Effect: event.EffectCancel, Reason: queuedTooLong, At: now})
	}
	c.conclude(now, out, &row)
}

// lookedLegs settles a call whose connected leg nobody reported.
func (c *Core) lookedLegs(now int64, out *Outcome, o *state.Open, legs []telephony.Call) {
	row := *o
	row.LegStatus = telephony.StatusNoAnswer
	for _, l := range legs {
		if !l.Status.Terminal() {
			return // still there; the deadline looks again
		}
		if l.Status == telephony.StatusCompleted && l.Duration > 0 {
			row.LegStatus, row.LegMs = l.Status, ms(l.Duration)
		}
	}
	out.fact(changed(now, &row))
	c.concludeNow(now, out, &row)
}

// lookedFind resolves an unknown attempt from a complete listing: bound to its
// call, or, ten minutes on and with nothing that might be it, not placed.
func (c *Core) lookedFind(now int64, out *Outcome, o *state.Open, m *Looked) {
	if m.Ours != nil {
		f := placedBy(o, m.Ours.ID, "listing", now, 0)
		out.fact(f)
		row := *o
		row.CallID, row.PlacedAt, row.Deadline, row.State = f.CallID, now, f.Deadline, max(row.State, event.Placed)
		if o.State == event.Unknown {
			row.State = event.Placed
		}
		c.lookedCall(now, out, &row, m.Ours)
		return
	}
	if m.Complete && m.Unbound == 0 && m.At >= o.I.At+ms(searchAfter) {
		c.close(now, out, o, closing{state: event.NotPlaced, code: routing.Unconfirmed, reason: reasonNotFound, result: telephony.ResultFailed})
		return
	}
	out.fact(&event.DeadlineSet{Attempt: m.Attempt, Deadline: c.nextSearch(now, o), Polls: o.Polls, Note: "no call of ours found yet"})
}

// reasonNotFound is the reason of an attempt that no listing shows. Late
// evidence may still turn it into a call.
const reasonNotFound = "not_found"

// reasonGone is the reason of an attempt whose call was placed and whose record
// the carrier lost.
const reasonGone = "gone"

// nextSearch follows the reconcile schedule, then the last interval for ever.
func (c *Core) nextSearch(now int64, o *state.Open) int64 {
	for _, d := range c.rules.Reconcile {
		if at := o.UnclearAt + ms(d); at > now {
			return at
		}
	}
	if at := o.I.At + ms(searchAfter); at > now {
		return at
	}
	return now + ms(c.rules.Reconcile[len(c.rules.Reconcile)-1])
}
