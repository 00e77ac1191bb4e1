package state

import (
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

func (v *View) foldLead(f event.Fact) {
	switch f := f.(type) {
	case *event.LeadSaved:
		v.foldLeadSaved(f)
	case *event.ExternalClaimed:
		lead := claim(f.Lead)
		v.externals.put(f.Key, &lead)
	case *event.NumberClaimed:
		n := v.numbers.edit(f.Token)
		n.Number, n.Region = f.Number, f.Region
		if !slices.Contains(n.Leads, f.Lead) {
			n.Leads = append(slices.Clip(n.Leads), f.Lead)
		}
		v.numbers.put(f.Token, n)
	case *event.NumberMarked:
		v.foldMark(f)
	case *event.CallFound:
		v.foldFound(f)
	case *event.SignalNoted:
		l := v.leads.edit(f.Lead)
		l.Signals = append(slices.Clip(l.Signals), Signal{Name: f.Signal, At: f.At})
		if extra := len(l.Signals) - maxSignals; extra > 0 {
			l.Signals = l.Signals[extra:]
		}
		v.putLead(f.Lead, l)
	}
}

func (v *View) foldLeadSaved(f *event.LeadSaved) {
	l := v.leads.edit(f.Lead.ID)
	if l.CreatedAt == 0 {
		l.CreatedAt, l.List = f.At, f.List
		o := v.Office()
		o.Leads++
		v.office.put(struct{}{}, o)
		if !f.List.IsZero() {
			list := v.lists.edit(f.List)
			list.Leads++
			v.lists.put(f.List, list)
		}
	}
	l.Former = formerly(l, f.Tokens)
	l.Lead, l.Tokens, l.UpdatedAt = f.Lead, f.Tokens, f.At
	v.weight += WeighLead(&f.Lead) // of the fact; the row is weighed below
	v.putLead(f.Lead.ID, l)
}

func (v *View) foldMark(f *event.NumberMarked) {
	n := v.numbers.edit(f.Token)
	if f.Number != "" {
		n.Number = f.Number
	}
	switch f.Mark {
	case event.MarkDNC:
		v.foldNo(n, f)
	case event.MarkRetired:
		n.Retired, n.RetiredAt = f.Reason, f.At
		if !f.On {
			n.Retired, n.RetiredAt = "", 0
		}
	}
	v.numbers.put(f.Token, n)
}

// foldFound lets a call that the books do not know count in its number's caps,
// once. Intents are in order only as far as the wall never went back, so the
// search tells where to put it and not whether it is there.
func (v *View) foldFound(f *event.CallFound) {
	n := v.numbers.edit(f.Token)
	if n.Number == "" {
		n.Number = f.Number
	}
	if !slices.Contains(n.Intents, f.At) {
		at, _ := slices.BinarySearch(n.Intents, f.At)
		n.Intents = slices.Insert(slices.Clone(n.Intents), at, f.At)
	}
	v.numbers.put(f.Token, n)
}

func (v *View) foldTouch(f event.Fact) {
	switch f := f.(type) {
	case *event.Enrolled:
		v.foldEnrolled(f)
	case *event.LeadMigrated:
		e := v.enrollments.edit(f.ID)
		e.Numbers, e.ZoneSets, e.State, e.Country, e.Retired = f.Numbers, f.ZoneSets, f.State, f.Country, f.Retired
		e.Touch.NumberIdx, e.Several = f.NumberIdx, e.Several || f.Several
		v.enrollments.put(f.ID, e)
	case *event.StayMoved:
		e := v.enrollments.edit(f.ID)
		e.Version, e.Step, e.Campaign = f.Version, f.Step, f.Campaign
		v.enrollments.put(f.ID, e)
	case *event.TouchArmed:
		v.foldArmed(f)
	case *event.Asked:
		e := v.enrollments.edit(f.Enrollment)
		t := e.Touch
		t.State, t.Expires, t.Asks = AskedIt, f.Expires, f.Nth
		if f.Again != 0 {
			if t.Wanted == 0 && e.Touch.State == Waiting {
				t.Wanted = t.Due
			}
			t.Lane, t.Due, t.Reminded = 0, f.Again, true
		}
		v.setTouch(f.Enrollment, e, t)
	case *event.TouchDialing:
		e := v.enrollments.edit(f.Enrollment)
		t := e.Touch
		t.State, t.Attempt, t.Expires, t.Rule, t.Reminded = Dialing, f.Attempt, 0, "", false
		v.setTouch(f.Enrollment, e, t)
	case *event.TouchHeld:
		e := v.enrollments.edit(f.Enrollment)
		t := e.Touch
		t.State, t.Attempt, t.Code, t.Lane, t.Due = Held, f.Attempt, f.Code, 0, f.Until
		v.setTouch(f.Enrollment, e, t)
	case *event.TouchDone:
		v.foldDone(f)
	case *event.EnrollmentLeft:
		v.foldLeft(f)
	case *event.AskClosed:
		e := v.enrollments.edit(f.Enrollment)
		t := e.Touch
		v.setTouch(f.Enrollment, e, Touch{ID: t.ID, Attempt: f.Attempt, NumberIdx: t.NumberIdx})
	case *event.DueDropped:
		v.unset(appendDueKey(v.key[:0], f.Lane, f.Due, f.Touch))
	}
}

func (v *View) foldEnrolled(f *event.Enrolled) {
	if v.enrollments.get(f.ID) != nil {
		bug("enrollment %s exists", f.ID.Bare())
	}
	v.enrollments.put(f.ID, &Enrollment{
		Lead: f.Lead, Cadence: f.Cadence, Version: f.Version, List: f.List, Campaign: f.Campaign, Numbers: f.Numbers,
		ZoneSets: f.ZoneSets, State: f.State, Country: f.Country, EnteredAt: f.At, Run: 1, RunStarted: f.At, Several: f.Several,
		Alone: f.Alone,
	})
	if !f.Beside.IsZero() {
		first := v.enrollments.edit(f.Beside)
		first.Alone = false
		v.enrollments.put(f.Beside, first)
	}
	l := v.leads.edit(f.Lead)
	v.notOut(l, f.Cadence)
	l.Stays = append(slices.Clip(l.Stays), Stay{Enrollment: f.ID, Cadence: f.Cadence, At: f.At})
	v.putLead(f.Lead, l)
	s := v.stats.edit(f.Cadence)
	s.Enrolled++
	s.Active++
	v.stats.put(f.Cadence, s)
}

// setTouch replaces the open touch and keeps the due index and the pending
// count in step with it.
func (v *View) setTouch(id cadence.ID, e *Enrollment, t Touch) {
	old := e.Touch
	if old.timed() {
		v.unset(appendDueKey(v.key[:0], old.Lane, old.Due, old.ID))
	}
	if t.timed() {
		v.set(appendDueKey(v.key[:0], t.Lane, t.Due, t.ID), id[:])
		v.changes.Armed = append(v.changes.Armed, Armed{Lane: t.Lane, Due: t.Due, Touch: t.ID, Enrollment: id})
		if m := v.marks.get(t.Lane); m == nil || t.Due < m.At {
			v.marks.put(t.Lane, &Mark{At: t.Due})
		}
	}
	if was, is := old.State == Waiting, t.State == Waiting; was != is {
		s := v.stats.edit(e.Cadence)
		if is {
			s.Pending++
		} else {
			s.Pending--
		}
		v.stats.put(e.Cadence, s)
	}
	e.Touch = t
	v.enrollments.put(id, e)
}

func (v *View) foldArmed(f *event.TouchArmed) {
	e := v.enrollments.edit(f.Enrollment)
	if e.EnteredAt == 0 || e.LeftAt != 0 {
		bug("touch armed for enrollment %s which is not open", f.Enrollment.Bare())
	}
	if f.Run != e.Run || f.StepKey != e.StepKey || f.Step != e.Step {
		e.Retries = nil
	}
	if f.Run != e.Run || f.RunStarted != e.RunStarted {
		e.Done = nil
	}
	asks := e.Touch.Asks
	if f.Touch != e.Touch.ID {
		e.Touches++
		asks = 0
	}
	e.Retired |= f.Retired
	e.Step, e.StepKey, e.Run, e.RunStarted = f.Step, f.StepKey, f.Run, f.RunStarted
	v.setTouch(f.Enrollment, e, Touch{
		ID: f.Touch, State: Waiting, Try: f.Try, NumberIdx: f.NumberIdx, Lane: f.Lane, Due: f.Due,
		Wanted: f.Wanted, Rule: f.Rule, Why: f.Why, Class: f.Class, Asks: asks,
	})
}

func (v *View) foldDone(f *event.TouchDone) {
	e := v.enrollments.edit(f.Enrollment)
	if f.Retry {
		e.Retries = AddUse(e.Retries, Used{On: f.Code, N: 1})
	}
	if f.Finishes && !slices.Contains(e.Done, e.StepKey) {
		e.Done = append(slices.Clip(e.Done), e.StepKey)
	}
	if f.Counts {
		e.Attempts++
	}
	e.Last, e.LastTry, e.Returned = f.Code, f.Attempt, ""
	e.Retired |= f.Retired
	if f.Contact && !e.Contacted {
		e.Contacted = true
		s := v.stats.edit(e.Cadence)
		s.Contacted++
		s.ToContact += int64(e.Attempts)
		v.stats.put(e.Cadence, s)
	}
	t := e.Touch
	t.State, t.Attempt, t.Code, t.Rule, t.Reminded = NoTouch, cadence.ID{}, "", "", false
	v.setTouch(f.Enrollment, e, t)
}

// AddUse counts u among used, in a copy: rows are shared by who reads them.
func AddUse(used []Used, u Used) []Used {
	out := slices.Clone(used)
	for i := range out {
		if out[i].On == u.On {
			out[i].N += u.N
			return out
		}
	}
	return append(out, u)
}

func (v *View) foldLeft(f *event.EnrollmentLeft) {
	e := v.enrollments.edit(f.Enrollment)
	if e.LeftAt != 0 {
		bug("enrollment %s left twice", f.Enrollment.Bare())
	}
	e.LeftAt, e.Left, e.Reason = f.At, f.Status, f.Reason
	t := Touch{ID: e.Touch.ID, Attempt: e.Touch.Attempt, NumberIdx: e.Touch.NumberIdx}
	if f.Asked { // the stay is over; what its ask led to is still to be told
		t = e.Touch
	}
	v.setTouch(f.Enrollment, e, t)
	l := v.leads.edit(e.Lead)
	l.Stays = slices.Clone(l.Stays)
	for i := range l.Stays {
		if l.Stays[i].Enrollment == f.Enrollment {
			l.Stays[i].LeftAt = f.At
		}
	}
	v.putLead(e.Lead, l)
	s := v.stats.edit(e.Cadence)
	s.Active--
	if rule := e.OutBy(); rule != "" && l.lastStay(e.Cadence) == f.Enrollment {
		s.putOut(rule, 1)
	}
	v.stats.put(e.Cadence, s)
}
