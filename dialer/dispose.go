package dialer

import (
	"maps"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
)

// dispose takes a posted disposition at the number's home. While the call is
// live it is kept for its end; afterwards it revises the closed attempt.
func (c *Core) dispose(now int64, v *state.View, m *Dispose) Outcome {
	d, ok := c.rules.Dispositions.Resolve(m.Code)
	switch {
	case !ok:
		return Outcome{Err: refusal(CodeInvalid, "code", "there is no disposition "+string(m.Code))}
	case d.System:
		return Outcome{Err: refusal(CodeInvalid, "code", string(d.Code)+" is given by the engine only")}
	case m.CallbackAt != 0 && !d.Callback:
		return Outcome{Err: refusal(CodeInvalid, "callback_at", string(d.Code)+" is no callback")}
	case m.CallbackAt != 0 && m.CallbackAt <= now:
		return Outcome{Err: refusal(CodeInvalid, "callback_at", "the time of the callback has passed")}
	case m.CallbackAt > now+ms(cadence.MaxSpan):
		return Outcome{Err: refusal(CodeInvalid, "callback_at", "the time of the callback is more than five years ahead")}
	case m.weight() > maxNoteBytes:
		return Outcome{Err: refusal(CodeInvalid, "note", "note and variables are longer than 16 KiB")}
	}
	if o := v.Open(m.Attempt); o != nil && o.I.Rehearsal.IsZero() {
		return disposeOpen(now, o, m, d)
	}
	a := v.Attempt(m.Attempt)
	if a == nil || !a.Rehearsal.IsZero() { // what is said of a rehearsal counts nowhere
		return Outcome{Err: refusal(CodeNotFound, "id", "there is no such attempt")}
	}
	if !a.Answered && !a.Posted {
		return Outcome{Err: refusal(CodeConflict, "id", "nobody answered this attempt; its disposition is "+string(a.Code))}
	}
	return c.disposeClosed(now, v, a, m, d)
}

func (m *Dispose) weight() int {
	n := len(m.Note) + len(m.By)
	for k, val := range m.Variables {
		n += len(k) + len(val)
	}
	return n
}

func disposeOpen(now int64, o *state.Open, m *Dispose, d *routing.Disposition) Outcome {
	if o.State < event.Live {
		return Outcome{Err: refusal(CodeConflict, "id", "the call has not been answered")}
	}
	f := &event.DispositionPosted{Attempt: m.Attempt, Code: d.Code, Variables: m.Variables, Note: m.Note, CallbackAt: m.CallbackAt, By: m.By, At: now}
	if p := o.Posted; p != nil && p.Code == f.Code && p.Note == f.Note && p.CallbackAt == f.CallbackAt && maps.Equal(p.Variables, f.Variables) {
		return Outcome{Reply: d.Code}
	}
	out := Outcome{Facts: []event.Fact{f}, Reply: d.Code}
	if d.DNC { // at once: the call may go on for long, and the lead has other numbers
		sayNo(&out, o.I.Token, o.I.Lead, string(d.Code), "disposition", m.By)
	}
	return out
}

func (c *Core) disposeClosed(now int64, v *state.View, a *state.Attempt, m *Dispose, d *routing.Disposition) Outcome {
	if a.Posted && a.Code == d.Code && c.saidBefore(v, a, m) {
		return Outcome{Reply: d.Code}
	}
	if a.Revisions >= maxRevisions && d.DNC { // a no is never refused, only not written down once more
		out := Outcome{Reply: d.Code}
		sayNo(&out, a.Token, cadence.ID{}, string(d.Code), "correction", m.By)
		out.send(&late{Enrollment: a.Enrollment, Attempt: m.Attempt, Code: d.Code, By: m.By})
		return out
	}
	if a.Revisions >= maxRevisions {
		return Outcome{Err: refusal(CodeConflict, "id", "the disposition was changed too often")}
	}
	f := revise(a, m.Attempt, now)
	f.Code, f.By, f.Note, f.Variables, f.CallbackAt = d.Code, m.By, m.Note, m.Variables, m.CallbackAt
	f.Contact = a.Contact || a.Answered && d.Contact
	f.Converted, f.Abandoned, f.Why = d.Conversion && f.Contact, a.Answered && !f.Contact, "correction"
	if !a.Posted {
		f.Why = "posted"
	}
	f.Talked, f.Refused = f.Contact, d.Refuses()
	out := Outcome{Facts: []event.Fact{f}, Reply: d.Code}
	if d.DNC {
		sayNo(&out, a.Token, cadence.ID{}, string(d.Code), "correction", m.By)
	}
	out.send(&late{
		Enrollment: a.Enrollment, Attempt: m.Attempt, Code: d.Code, CallbackAt: m.CallbackAt, Contact: f.Contact, By: m.By,
		Talked: when(f.Talked, a.EndedAt), Refused: when(f.Refused, a.EndedAt),
	})
	return out
}

// saidBefore reports whether a post only repeats the last revision, or adds
// nothing to the disposition that stands.
func (c *Core) saidBefore(v *state.View, a *state.Attempt, m *Dispose) bool {
	if m.Note == "" && len(m.Variables) == 0 && m.CallbackAt == 0 {
		return true
	}
	if a.Revisions == 0 {
		return false
	}
	r := v.Revision(m.Attempt, a.Revisions-1)
	return r != nil && r.Note == m.Note && r.CallbackAt == m.CallbackAt && maps.Equal(r.Variables, m.Variables)
}

// finalOf is how a stay ends by a disposition that needs no route.
func finalOf(d *routing.Disposition) routing.Final {
	switch {
	case d.DNC:
		return routing.FinalDNC
	case d.Conversion:
		return routing.FinalConverted
	}
	return routing.FinalExited
}

// late takes a disposition that came after the attempt's end, at the lead's
// home: it ends a hold, or it corrects. A correction never makes a second
// move, but a no is a no: it marks the numbers and ends the stay, and so does
// a final disposition of the last attempt.
func (c *Core) late(now int64, v *state.View, m *late) Outcome {
	e := v.Enrollment(m.Enrollment)
	var out Outcome
	if e == nil {
		return out
	}
	heard(&out, m.Enrollment, m.Talked, m.Refused)
	if e.Touch.State == state.Held && e.Touch.Attempt == m.Attempt {
		c.finish(now, v, &out, m.Enrollment, e, final{code: m.Code, attempt: m.Attempt, contact: m.Contact, counts: true, callbackAt: m.CallbackAt})
		return out
	}
	if m.Contact {
		c.tallyStay(v, &out, m.Enrollment, c.contacted(m.Code))
	}
	d, ok := c.rules.Dispositions.Resolve(m.Code)
	if !ok {
		return out
	}
	if d.DNC {
		c.dncLead(v, &out, &markLead{Lead: e.Lead, Source: "correction", Reason: string(d.Code), By: m.By})
	}
	if e.LeftAt == 0 && (d.DNC || d.Final && e.LastTry == m.Attempt) {
		c.quit(now, &out, m.Enrollment, e, string(finalOf(d)), "correction: "+string(d.Code))
	}
	return out
}
