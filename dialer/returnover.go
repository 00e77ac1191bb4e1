package dialer

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
	"github.com/carillon-dialer/carillon/telephony"
)

// returnOver takes the end of a return call. Where the fate of a leg is still
// to be told it waits for that, as an attempt does.
func (c *Core) returnOver(now int64, v *state.View, out *Outcome, id cadence.ID, row *state.ReturnCall) {
	open := !row.Chain[row.Target].Message() && row.LegStatus == "" && row.Code == ""
	if open {
		row.Deadline = now + ms(settleFor)
		out.fact(returnChanged(now, id, row))
		return
	}
	c.returnEnds(now, v, out, id, row, "")
}

// returnEnds closes a return call and tells the lead's home what came of it.
// Somebody who was put through, heard the cadence's message or pressed a key was
// reached; who heard that nobody is there was not.
func (c *Core) returnEnds(now int64, v *state.View, out *Outcome, id cadence.ID, row *state.ReturnCall, note string) {
	t := &row.Chain[row.Target]
	contact := !row.Lead.IsZero() && (row.LegStatus == telephony.StatusCompleted || t.Message() && t.Of > 0 || row.Code != "")
	if contact && row.Code == "" {
		row.Code = routing.Returned
	}
	row.Deadline = 0
	f := &event.ReturnEnded{ID: id, Code: row.Code, Contact: contact, At: now, Note: note}
	c.heardBack(v, out, f, row)
	out.fact(returnChanged(now, id, row), f)
	if !row.Lead.IsZero() {
		out.send(&offLine{
			Lead: row.Lead, Return: id, Enrollment: row.Enrollment, Code: row.Code, Talked: when(f.Talked, now), Refused: when(f.Refused, now),
		})
	}
}

// heardBack says what silences a return call begins: at the number, and for the
// leads it may be from, with all their numbers and whatever stays they come to
// have. Who rings us up about a
// subject has talked about it as much as who was rung up (12 CFR
// 1006.14(b)(2)(i)(B) asks for a conversation, not for whose call it was).
func (c *Core) heardBack(v *state.View, out *Outcome, f *event.ReturnEnded, row *state.ReturnCall) {
	d, known := c.rules.Dispositions.Resolve(f.Code)
	if f.Talked, f.Refused = f.Contact, known && d.Refuses(); !f.Talked && !f.Refused {
		return
	}
	if !row.Cadence.IsZero() {
		f.Subject = c.plan(v, row.Cadence, row.Version).Doc.CampaignName()
	}
	c.eachCaller(v, row, func(lead cadence.ID, others []cadence.ID) {
		out.send(&leadHeard{
			Lead: lead, Subject: f.Subject, Talked: when(f.Talked, f.At), Refused: when(f.Refused, f.At), Token: row.Token, Others: others,
		})
	})
}

// returnDue looks at a return call that has been silent for too long.
func (c *Core) returnDue(now int64, v *state.View, m *Due) Outcome {
	r := v.Return(m.Enrollment)
	if r == nil || r.EndedAt != 0 || r.Deadline != m.Due {
		return stale(m)
	}
	row := *r
	look := Look{Attempt: m.Enrollment, Kind: LookCall, CallID: r.CallID}
	if r.Status.Terminal() {
		look.Kind = LookLegs
	}
	row.Deadline = now + ms(lookAgain)
	return Outcome{Facts: []event.Fact{returnChanged(now, m.Enrollment, &row)}, Looks: []Look{look}}
}

// returnLooked takes what the carrier said about a return call. An answer that
// says nothing is asked for again.
func (c *Core) returnLooked(now int64, v *state.View, m *Looked) Outcome {
	r := v.Return(m.Attempt)
	var out Outcome
	if r == nil || r.EndedAt != 0 {
		return out
	}
	row := *r
	switch {
	case m.Gone && now >= r.At+ms(c.rules.TimeLimit+returnSpare): // before, it may be a carrier's lapse
		c.returnEnds(now, v, &out, m.Attempt, &row, "the carrier knows no such call any more")
	case m.Err != "":
	case m.Kind == LookCall && m.Call.Status.Terminal():
		row.Status, row.DurationMs = m.Call.Status, ms(m.Call.Duration)
		c.returnOver(now, v, &out, m.Attempt, &row)
	case m.Kind == LookLegs:
		row.LegStatus = telephony.StatusNoAnswer
		for _, l := range m.Legs {
			if !l.Status.Terminal() {
				return out // still there; the deadline looks again
			}
			if l.Status == telephony.StatusCompleted && l.Duration > 0 {
				row.LegStatus, row.LegMs = l.Status, ms(l.Duration)
			}
		}
		c.returnEnds(now, v, &out, m.Attempt, &row, "")
	}
	return out
}

// onLine tells a lead's home that the lead is on the line with us.
type onLine struct {
	Lead   cadence.ID `cbor:"1,keyasint"`
	Return cadence.ID `cbor:"2,keyasint"`
}

// offLine tells it that the call is over. Code is what it came to for the stay,
// empty when nobody was reached.
type offLine struct {
	Lead       cadence.ID              `cbor:"1,keyasint"`
	Return     cadence.ID              `cbor:"2,keyasint"`
	Enrollment cadence.ID              `cbor:"3,keyasint,omitzero"`
	Code       cadence.DispositionCode `cbor:"4,keyasint,omitempty"`
	Talked     int64                   `cbor:"5,keyasint,omitempty"` // the lead was talked to: when, 0 for not
	Refused    int64                   `cbor:"6,keyasint,omitempty"` // an offer was refused
}

// leadNo tells it that the lead has said no from a number: its numbers are
// marked, and every stay ends. A lead that has not got the number hands it on to
// the Others that the number's row names. Holder says that it was handed on: it
// is about the lead only if the lead has the number.
type leadNo struct {
	Lead   cadence.ID              `cbor:"1,keyasint"`
	Code   cadence.DispositionCode `cbor:"2,keyasint"`
	Token  event.Token             `cbor:"3,keyasint,omitzero"`
	Others []cadence.ID            `cbor:"4,keyasint,omitempty"`
	Holder bool                    `cbor:"5,keyasint,omitempty"`
}

// leadHeard tells it that the lead was talked to in a call to us, or refused an
// offer: when, 0 for not. It is handed on like a no.
type leadHeard struct {
	Lead    cadence.ID   `cbor:"1,keyasint"`
	Subject string       `cbor:"2,keyasint,omitempty"`
	Talked  int64        `cbor:"3,keyasint,omitempty"`
	Refused int64        `cbor:"4,keyasint,omitempty"`
	Token   event.Token  `cbor:"5,keyasint"`
	Others  []cadence.ID `cbor:"6,keyasint,omitempty"`
	Holder  bool         `cbor:"7,keyasint,omitempty"`
}

func (*onLine) message()    {}
func (*offLine) message()   {}
func (*leadNo) message()    {}
func (*leadHeard) message() {}

func (*onLine) kind() uint8    { return 30 }
func (*offLine) kind() uint8   { return 31 }
func (*leadNo) kind() uint8    { return 32 }
func (*leadHeard) kind() uint8 { return 33 }

func (m *onLine) to(h Homes) uint16    { return h.Of(m.Lead.Slot()) }
func (m *offLine) to(h Homes) uint16   { return h.Of(m.Lead.Slot()) }
func (m *leadNo) to(h Homes) uint16    { return h.Of(m.Lead.Slot()) }
func (m *leadHeard) to(h Homes) uint16 { return h.Of(m.Lead.Slot()) }

// onLine keeps a lead's stays from dialing, and takes back what they have under
// way to any of the lead's numbers. A call that is already live goes on.
func (c *Core) onLine(now int64, v *state.View, m *onLine) Outcome {
	var out Outcome
	eachStay(v, m.Lead, func(id cadence.ID, e *state.Enrollment) {
		if e.LeftAt != 0 {
			return
		}
		out.fact(&event.StayOnLine{Enrollment: id, Return: m.Return, At: now})
		if e.Touch.State == state.Dialing {
			out.send(&withdraw{Attempt: e.Touch.Attempt, Reason: reasonReturnCall})
		}
	})
	return out
}

// offLine lets a lead's stays go on, and gives the stay that the call was about
// its disposition. A touch that waits for the disposition of a call we made
// keeps waiting for that; one whose attempt is still to end is finished then.
func (c *Core) offLine(now int64, v *state.View, m *offLine) Outcome {
	var out Outcome
	eachStay(v, m.Lead, func(id cadence.ID, e *state.Enrollment) {
		if id == m.Enrollment { // before what comes next is placed, also where the stay is over
			heard(&out, id, m.Talked, m.Refused)
		}
		if e.OnLine == 0 {
			return
		}
		f := &event.StayOffLine{Enrollment: id, Return: m.Return, Code: e.Returned, At: now}
		out.fact(f)
		if id != m.Enrollment || m.Code == "" || e.LeftAt != 0 {
			return
		}
		switch e.Touch.State {
		case state.Dialing, state.AskedIt:
			f.Code = m.Code
		case state.Waiting:
			row := *e
			row.Returned = m.Code
			c.finishReturned(now, v, &out, id, &row, e.LastTry, false)
		case state.Held, state.NoTouch:
		}
	})
	return out
}

// finishReturned closes a stay's open touch with the disposition of a return
// call. attempt is the one that is kept as its last; counts, that it was made.
func (c *Core) finishReturned(now int64, v *state.View, out *Outcome, id cadence.ID, e *state.Enrollment, attempt cadence.ID, counts bool) {
	d, ok := c.rules.Dispositions.Resolve(e.Returned)
	c.finish(now, v, out, id, e, final{code: e.Returned, attempt: attempt, contact: ok && d.Contact, counts: counts})
}

// overReturned takes the end of an attempt that was under way, and reached
// nobody, while its lead called us: what that call came to is the touch's.
func (c *Core) overReturned(now int64, v *state.View, out *Outcome, e *state.Enrollment, m *over) {
	if m.Returned {
		c.finishReturned(now, v, out, m.Enrollment, e, e.LastTry, false)
		return
	}
	c.consequences(v, out, e, m.Code)
	c.finishReturned(now, v, out, m.Enrollment, e, m.Attempt, m.Counts)
}

// leadNo marks the numbers of a lead that has said no, and ends every stay.
func (c *Core) leadNo(now int64, v *state.View, m *leadNo) Outcome {
	var out Outcome
	d, ok := c.rules.Dispositions.Resolve(m.Code)
	if !ok {
		return out
	}
	switch holds := has(v, m.Lead, m.Token); {
	case m.Holder && !holds:
		return out
	case !holds:
		for _, id := range m.Others {
			out.send(&leadNo{Lead: id, Code: m.Code, Token: m.Token, Holder: true})
		}
	}
	c.dncLead(v, &out, &markLead{Lead: m.Lead, Reason: string(m.Code), Source: reasonReturnCall, By: byDigits})
	eachStay(v, m.Lead, func(id cadence.ID, e *state.Enrollment) {
		if e.LeftAt == 0 {
			c.quit(now, &out, id, e, string(finalOf(d)), "return call: "+string(d.Code))
		}
	})
	return out
}

// leadHeard keeps what a lead said in a call to us.
func (c *Core) leadHeard(v *state.View, m *leadHeard) Outcome {
	var out Outcome
	switch holds := has(v, m.Lead, m.Token); {
	case v.Lead(m.Lead) == nil, m.Holder && !holds:
		return out
	case !holds:
		for _, id := range m.Others {
			said := *m
			said.Lead, said.Others, said.Holder = id, nil, true
			out.send(&said)
		}
	}
	out.fact(&event.LeadHeard{Lead: m.Lead, Subject: m.Subject, Talked: m.Talked, Refused: m.Refused})
	return out
}

// eachStay calls fn for a lead's stays, oldest first.
func eachStay(v *state.View, lead cadence.ID, fn func(cadence.ID, *state.Enrollment)) {
	l := v.Lead(lead)
	if l == nil {
		return
	}
	for _, s := range l.Stays {
		if e := v.Enrollment(s.Enrollment); e != nil {
			fn(s.Enrollment, e)
		}
	}
}
