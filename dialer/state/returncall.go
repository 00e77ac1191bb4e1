package state

import (
	"encoding/binary"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
)

// ReturnCall is a call that somebody made to one of our numbers. It names the
// caller by token only, and is kept like an attempt.
type ReturnCall struct {
	CallID     string                  `cbor:"1,keyasint"`
	Token      event.Token             `cbor:"2,keyasint,omitzero"` // zero: withheld
	To         cadence.Number          `cbor:"3,keyasint"`
	Lead       cadence.ID              `cbor:"4,keyasint,omitzero"`
	Enrollment cadence.ID              `cbor:"5,keyasint,omitzero"`
	Cadence    cadence.ID              `cbor:"6,keyasint,omitzero"`
	Version    uint32                  `cbor:"7,keyasint,omitempty"`
	Step       int                     `cbor:"8,keyasint,omitempty"`
	Attempt    cadence.ID              `cbor:"9,keyasint,omitzero"`
	Greeting   string                  `cbor:"10,keyasint"`
	Chain      []event.ReturnTarget    `cbor:"11,keyasint"`
	Target     int                     `cbor:"12,keyasint,omitempty"`
	LegStatus  telephony.Status        `cbor:"13,keyasint,omitempty"`
	LegID      string                  `cbor:"14,keyasint,omitempty"`
	LegMs      int64                   `cbor:"15,keyasint,omitempty"`
	Digits     string                  `cbor:"16,keyasint,omitempty"`
	Code       cadence.DispositionCode `cbor:"17,keyasint,omitempty"`
	Status     telephony.Status        `cbor:"18,keyasint,omitempty"`
	OptedOutAt int64                   `cbor:"19,keyasint,omitempty"`
	DurationMs int64                   `cbor:"20,keyasint,omitempty"`
	Contact    bool                    `cbor:"21,keyasint,omitempty"`
	At         int64                   `cbor:"22,keyasint"`
	EndedAt    int64                   `cbor:"23,keyasint,omitempty"`
	Deadline   int64                   `cbor:"24,keyasint,omitempty"` // in lane 0 while it is open
	Note       string                  `cbor:"25,keyasint,omitempty"`
}

// Known reports whether the caller's number was told.
func (r *ReturnCall) Known() bool { return r.Token != event.Token{} }

// returnDue moves the row of a return call in the due index. The id of a
// return call is never a touch's.
func (v *View) returnDue(id cadence.ID, was, is int64) {
	if was == is {
		return
	}
	if was != 0 {
		v.unset(appendDueKey(v.key[:0], 0, was, id))
	}
	if is != 0 {
		v.set(appendDueKey(v.key[:0], 0, is, id), id[:])
		v.changes.Armed = append(v.changes.Armed, Armed{Lane: 0, Due: is, Touch: id, Enrollment: id})
		if m := v.marks.get(0); m == nil || is < m.At {
			v.marks.put(0, &Mark{At: is})
		}
	}
}

func (v *View) foldReturn(f event.Fact) {
	switch f := f.(type) {
	case *event.ReturnCalled:
		v.foldReturnCalled(f)
	case *event.ReturnChanged:
		r := v.editReturn(f.ID)
		v.returnDue(f.ID, r.Deadline, f.Deadline)
		r.Target, r.LegStatus, r.LegID, r.LegMs, r.Digits, r.Code = f.Target, f.LegStatus, f.LegID, f.LegMs, f.Digits, f.Code
		r.Status, r.OptedOutAt, r.DurationMs, r.Deadline = f.Status, f.OptedOutAt, f.DurationMs, f.Deadline
		v.putReturn(f.ID, r)
	case *event.ReturnEnded:
		r := v.editReturn(f.ID)
		if r.EndedAt == 0 && r.Known() {
			v.onLine(r.Token, -1)
		}
		if (f.Talked || f.Refused) && r.Known() {
			n := v.numbers.edit(r.Token)
			n.hear(f.Subject, f.Talked, f.Refused, f.At)
			v.numbers.put(r.Token, n)
		}
		v.returnDue(f.ID, r.Deadline, 0)
		r.Code, r.Contact, r.EndedAt, r.Deadline, r.Note = f.Code, f.Contact, f.At, 0, f.Note
		v.putReturn(f.ID, r)
	case *event.StayOnLine:
		e := v.enrollments.edit(f.Enrollment)
		e.OnLine++
		v.enrollments.put(f.Enrollment, e)
	case *event.StayOffLine:
		e := v.enrollments.edit(f.Enrollment)
		e.OnLine, e.Returned = max(0, e.OnLine-1), f.Code
		v.enrollments.put(f.Enrollment, e)
	}
}

func (v *View) foldReturnCalled(f *event.ReturnCalled) {
	if v.returns.get(f.ID) != nil {
		bug("return call %s exists", f.ID.Bare())
	}
	r := &ReturnCall{
		CallID: f.CallID, Token: f.Token, To: f.To, Lead: f.Lead, Enrollment: f.Enrollment, Cadence: f.Cadence, Version: f.Version,
		Step: f.Step, Attempt: f.Attempt, Greeting: f.Greeting, Chain: f.Chain, At: f.At, Deadline: f.Deadline,
	}
	v.returnDue(f.ID, 0, f.Deadline)
	v.putReturn(f.ID, r)
	v.set(appendReturnAt(v.key[:0], f.At, f.ID), nil)
	if !f.Lead.IsZero() {
		v.set(appendReturnOf(v.key[:0], f.Lead, f.At, f.ID), nil)
	}
	if !r.Known() {
		return
	}
	if v.numbers.get(f.Token) == nil { // nobody's, but it must not be called while it is on the line
		v.numbers.put(f.Token, &Number{Number: f.Number, Region: f.Region})
	} // an erased one stays without
	v.onLine(f.Token, 1)
}

func (v *View) onLine(t event.Token, by int) {
	n := v.numbers.edit(t)
	n.OnLine = max(0, n.OnLine+by)
	v.numbers.put(t, n)
}

func (v *View) editReturn(id cadence.ID) *ReturnCall {
	if v.returns.get(id) == nil {
		bug("return call %s is not known", id.Bare())
	}
	return v.returns.edit(id)
}

func (v *View) putReturn(id cadence.ID, r *ReturnCall) {
	v.weight += returnBytes + len(r.Greeting) + len(r.Note)
	for i := range r.Chain {
		v.weight += len(r.Chain[i].Text) + len(r.Chain[i].SIP)
	}
	v.returns.put(id, r)
}

// returnBytes is about what the row takes besides its texts.
const returnBytes = 300

// Return is a return call, nil when there is none of this id.
func (v *View) Return(id cadence.ID) *ReturnCall { return v.returns.get(id) }

func appendReturnAt(b []byte, at int64, id cadence.ID) []byte {
	b = binary.BigEndian.AppendUint64(append(b, tabReturnAt), uint64(at))
	return append(b, id[:]...)
}

func appendReturnOf(b []byte, lead cadence.ID, at int64, id cadence.ID) []byte {
	b = binary.BigEndian.AppendUint64(appendIDKey(b, tabReturnOf, lead), uint64(at))
	return append(b, id[:]...)
}

// Return reads a return call.
func (q Rows) Return(id cadence.ID) (*ReturnCall, error) {
	return readRow[ReturnCall](q.R, idKey(tabReturn, id))
}

// Returns calls fn for return calls that began before an instant (Unix ms; 0:
// now), newest first: a lead's, or everybody's for a zero lead. below, when set,
// continues behind that call.
func (q Rows) Returns(lead cadence.ID, before int64, below cadence.ID, fn func(cadence.ID, *ReturnCall) bool) error {
	key := appendReturnAt
	from, to := prefix(tabReturnAt)
	if !lead.IsZero() {
		key = func(b []byte, at int64, id cadence.ID) []byte { return appendReturnOf(b, lead, at, id) }
		from, to = idKey(tabReturnOf, lead), append(idKey(tabReturnOf, lead), 0xFF)
	}
	if before > 0 {
		to = key(nil, before, below)
	}
	var failed error
	err := q.R.ScanBack(from, to, func(k, _ []byte) bool {
		id := cadence.ID(k[len(k)-16:])
		var r *ReturnCall
		if r, failed = q.Return(id); failed != nil || r == nil {
			return failed == nil
		}
		return fn(id, r)
	})
	if err != nil {
		return err
	}
	return failed
}

// ReturnsFrom calls fn for every return call from a number, whoever it was taken
// for, in no order of meaning, until it returns false. A return call's id lives
// in its caller's slot.
func (q Rows) ReturnsFrom(t event.Token, fn func(cadence.ID, *ReturnCall) bool) error {
	return eachOfToken(q.R, tabReturn, t, func(id cadence.ID, r *ReturnCall) bool { return r.Token != t || fn(id, r) })
}
