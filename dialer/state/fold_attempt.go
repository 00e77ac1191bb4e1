package state

import (
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

func (v *View) foldAttempt(f event.Fact) {
	switch f := f.(type) {
	case *event.Intended:
		v.foldIntended(f)
	case *event.AttemptReturned:
		v.foldReturned(f)
	case *event.AttemptEnded:
		v.foldEnded(f)
	case *event.AttemptRevised:
		v.foldRevised(f)
	case *event.CallPlaced:
		o := v.editOpen(f.Attempt)
		if o.CallID == "" && o.I.Rehearsal.IsZero() {
			v.count(o.I, Counts{Attempts: 1})
		}
		o.CallID, o.PlacedAt, o.Deadline = f.CallID, f.At, f.Deadline
		if o.State < event.Placed {
			o.State = event.Placed
		}
		v.putOpen(f.Attempt, o)
	case *event.CallChanged:
		v.foldChanged(f)
	case *event.ScriptServed:
		o := v.editOpen(f.Attempt)
		o.Script, o.Target, o.Deadline, o.ScriptAt, o.LengthMs = f.Kind, f.Target, f.Deadline, f.At, f.LengthMs
		v.putOpen(f.Attempt, o)
	case *event.AttemptUnclear:
		o := v.editOpen(f.Attempt)
		o.State, o.Note, o.Deadline, o.UnclearAt, o.Polls = event.Unknown, f.Reason, f.Deadline, f.At, 0
		v.putOpen(f.Attempt, o)
	case *event.DeadlineSet:
		o := v.editOpen(f.Attempt)
		o.Deadline, o.Polls, o.Note = f.Deadline, f.Polls, f.Note
		v.putOpen(f.Attempt, o)
	case *event.EffectOwed:
		o := v.editOpen(f.Attempt)
		o.Owed, o.OwedWhy, o.OwedDone = f.Effect, f.Reason, false
		v.putOpen(f.Attempt, o)
	case *event.EffectDone:
		o := v.editOpen(f.Attempt)
		o.OwedDone = true
		v.putOpen(f.Attempt, o)
	case *event.DispositionPosted:
		o := v.editOpen(f.Attempt)
		o.Posted = f
		v.putOpen(f.Attempt, o)
	default:
		bug("no rule for %T", f)
	}
}

func (v *View) editOpen(id cadence.ID) *Open {
	if v.opens.get(id) == nil {
		bug("attempt %s is not open", id.Bare())
	}
	return v.opens.edit(id)
}

// openBytes is about what the rows of an open attempt take besides its texts
// and its permit.
const openBytes = 600

func (v *View) putOpen(id cadence.ID, o *Open) {
	v.weight += openBytes
	v.opens.put(id, o)
	v.changes.Opens = append(v.changes.Opens, id)
}

// count adds to the bucket of the attempt's intent.
func (v *View) count(i *event.Intended, c Counts) { v.countAt(i.At, i.Cadence, c, 1) }

func (v *View) countAt(at int64, id cadence.ID, c Counts, n int64) {
	k := bucketID{at / BucketMs, id}
	b := v.buckets.edit(k)
	b.Add(c, n)
	v.buckets.put(k, b)
}

const dayMs = 86_400_000

func (v *View) foldIntended(f *event.Intended) {
	n := v.numbers.edit(f.Token)
	if !n.Open.IsZero() {
		bug("number has attempt %s open", n.Open.Bare())
	}
	if !f.Rehearsal.IsZero() {
		v.rehearsing(f)
	} else {
		v.asked(f, n)
	}
	v.weight += len(f.Verdict) + weighTexts(f.Texts)
	v.putOpen(f.Attempt, begun(f))
	c := v.callerIDs.edit(f.From)
	c.use(f)
	v.callerIDs.put(f.From, c)
	v.spendOf(f, f.Cost, 0)
	if f.Rehearsal.IsZero() {
		v.count(f, Counts{Intents: 1})
		v.countDay(f, 1)
	}
	v.weight += weighTexts(f.Texts)
}

// asked notes an intent with its number: which ask it answers, and in what
// caps count.
func (v *View) asked(f *event.Intended, n *Number) {
	n.Number, n.Open, n.LastTouch = f.Number, f.Attempt, f.Touch
	n.LastAsk, n.LastTry, n.Last = f.Nth, 0, cadence.ID{}
	if f.Nth == 0 {
		n.LastTry = f.Try
	}
	kept := make([]int64, 0, len(n.Intents)+1)
	for _, at := range n.Intents {
		if at > f.CapSince {
			kept = append(kept, at)
		}
	}
	kept = append(kept, f.At)
	n.Intents = kept
	v.numbers.put(f.Token, n)
}

func (v *View) foldReturned(f *event.AttemptReturned) {
	o := v.editOpen(f.Attempt)
	n := v.freeNumber(o)
	if i := slices.Index(n.Intents, o.I.At); i >= 0 && o.I.Rehearsal.IsZero() {
		n.Intents = slices.Delete(slices.Clone(n.Intents), i, i+1)
	}
	v.numbers.put(o.I.Token, n)
	v.opens.del(f.Attempt)
	v.changes.Opens = append(v.changes.Opens, f.Attempt)
	if c := v.callerIDs.edit(o.I.From); c.unuse(o.I) {
		v.callerIDs.put(o.I.From, c)
	}
	v.spendOf(o.I, -o.I.Cost, 0)
	if !o.I.Rehearsal.IsZero() {
		v.rehearsed(o.I, f.Reason, f.At)
		return
	}
	v.count(o.I, Counts{Intents: -1, Returned: 1})
	v.countDay(o.I, -1)
}

func (v *View) freeNumber(o *Open) *Number {
	n := v.numbers.edit(o.I.Token)
	if n.Open != o.I.Attempt {
		bug("number of attempt %s has another one open", o.I.Attempt.Bare())
	}
	if n.Open, n.Rehearses = (cadence.ID{}), false; o.I.Nth != 0 {
		n.Last = o.I.Attempt
	}
	return n
}

func (v *View) foldChanged(f *event.CallChanged) {
	o := v.editOpen(f.Attempt)
	o.State, o.Seen, o.Status, o.AnsweredBy, o.SIP = f.State, f.Seen, f.Status, f.AnsweredBy, f.SIP
	o.DurationMs, o.Digits, o.LegStatus, o.LegMs, o.LegID = f.DurationMs, f.Digits, f.LegStatus, f.LegMs, f.LegID
	o.RingingAt, o.AnsweredAt, o.EndedAt = f.RingingAt, f.AnsweredAt, f.EndedAt
	o.Deadline, o.Price, o.Polls, o.Note, o.PlayedAt = f.Deadline, f.Price, f.Polls, f.Note, f.PlayedAt
	o.HeardAt, o.LegAt = f.HeardAt, f.LegAt
	v.putOpen(f.Attempt, o)
}

func (v *View) foldEnded(f *event.AttemptEnded) {
	o := v.editOpen(f.Attempt)
	n := v.freeNumber(o)
	if o.I.Rehearsal.IsZero() {
		n.hear(o.I.Campaign, f.Talked, f.Refused, f.At)
	}
	v.numbers.put(o.I.Token, n)
	v.opens.del(f.Attempt)
	v.changes.Opens = append(v.changes.Opens, f.Attempt)
	i := o.I
	a := &Attempt{
		Token: i.Token, Enrollment: i.Enrollment, Touch: i.Touch, Try: i.Try, Lead: i.Lead, Cadence: i.Cadence,
		Version: i.Version, Campaign: i.Campaign, Step: i.Step, StepKey: i.StepKey, Run: i.Run, List: i.List, From: i.From,
		Connect: i.Connect, Zone: i.Zone, Local: i.Local, Policy: i.Policy, Verdict: i.Verdict, At: i.At, Due: i.Due, AMD: i.AMD,
		PlacedAt: o.PlacedAt, AnsweredAt: o.AnsweredAt, EndedAt: f.At, CallID: o.CallID, State: f.State,
		Code: f.Code, By: f.By, Result: f.Result, Reason: f.Reason, AnsweredBy: o.AnsweredBy, DurationMs: o.DurationMs,
		LegMs: o.LegMs, Digits: o.Digits, Script: o.Script, Price: o.Price, Accepted: f.Accepted, Completed: f.Completed,
		Answered: f.Answered, Contact: f.Contact, Converted: f.Converted, Abandoned: f.Abandoned, Posted: f.Posted,
		Seen: o.Seen, Voicemail: f.Voicemail, Note: o.Note, Drop: f.Drop,
		Day: i.Day, Short: f.Short, Near: i.Near, Cost: f.Cost, Rehearsal: i.Rehearsal, Document: i.Document,
	}
	a.judged(o, f)
	v.attempts.put(f.Attempt, a)
	v.spendOf(i, -i.Cost, f.Cost)
	if !i.Rehearsal.IsZero() { // in no list, index or figure: its own row leads to it
		v.rehearsed(i, "", f.At)
		return
	}
	v.set(appendByLead(v.key[:0], i.Lead, i.At, f.Attempt), nil)
	v.set(appendByTime(v.key[:0], i.At, f.Attempt), nil)
	c := a.counts()
	if o.CallID != "" {
		c.Attempts = 0 // counted when the call was placed
	}
	v.count(i, c)
	v.countCaller(a, 1)
	v.countLive(a, 1)
}

// counts are the figures a closed attempt stands for.
func (a *Attempt) counts() Counts {
	return Counts{
		Attempts: one(a.Accepted), Completed: one(a.Completed), Answered: one(a.Answered), Contacts: one(a.Contact),
		Conversions: one(a.Converted), Abandoned: one(a.Abandoned), Voicemails: one(a.Voicemail),
		Unconfirmed: one(a.State == event.NotPlaced),
	}
}

func (v *View) foldRevised(f *event.AttemptRevised) {
	if v.attempts.get(f.Attempt) == nil {
		bug("attempt %s is not closed", f.Attempt.Bare())
	}
	a := v.attempts.edit(f.Attempt)
	v.countClosed(a, -1)
	v.setRow(revisionKey(f.Attempt, a.Revisions), &Revision{AttemptRevised: *f, Was: a.Code})
	a.Revisions++
	a.Code, a.By, a.Seen = f.Code, f.By, f.Seen
	a.Accepted, a.Completed, a.Answered, a.Contact = f.Accepted, f.Completed, f.Answered, f.Contact
	a.Converted, a.Abandoned, a.Wait, a.Late = f.Converted, f.Abandoned, f.Wait, f.Late
	if f.CallID != "" {
		a.CallID = f.CallID
	}
	if f.Drop != nil {
		a.Drop, a.Voicemail = f.Drop, f.Drop.Cut == event.CutNone
	}
	if f.Why == "posted" || f.Why == "correction" {
		a.Posted = true
	}
	if a.Accepted && a.State == event.NotPlaced {
		a.State = event.Ended
	}
	v.countClosed(a, 1)
	v.attempts.put(f.Attempt, a)
	if (f.Talked || f.Refused) && a.Rehearsal.IsZero() {
		n := v.numbers.edit(a.Token)
		n.hear(a.Campaign, f.Talked, f.Refused, a.EndedAt)
		v.numbers.put(a.Token, n)
	}
}

// countClosed adds n times a closed attempt's figures; a rehearsal has none.
func (v *View) countClosed(a *Attempt, n int64) {
	if a.Rehearsal.IsZero() {
		v.countAt(a.At, a.Cadence, a.counts(), n)
		v.countCaller(a, n)
		v.countLive(a, n)
	}
}
