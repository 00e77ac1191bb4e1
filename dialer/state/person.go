package state

import (
	"slices"

	"github.com/carillon-dialer/carillon/dialer/event"
)

// Called are the intents of a stay to one number that may still count in a cap
// which the lead's numbers share, Unix ms.
type Called struct {
	Token event.Token `cbor:"1,keyasint"`
	At    []int64     `cbor:"2,keyasint"`
}

// Heard is when, in calls about one subject, somebody was last talked to on a
// number and an offer was last refused, Unix ms; 0 is never.
type Heard struct {
	Subject string `cbor:"1,keyasint,omitempty"` // the campaign; empty stands for any
	Talked  int64  `cbor:"2,keyasint,omitempty"`
	Refused int64  `cbor:"3,keyasint,omitempty"`
}

// maxHeard is how many subjects stand in the row of a number, or of a lead.
const maxHeard = 16

// heardFor is how long silences may last: as long as rule packs may ask for.
const heardFor = 92 * dayMs

func (v *View) foldPerson(f event.Fact) {
	switch f := f.(type) {
	case *event.CallCounted:
		e := v.enrollments.edit(f.Enrollment)
		calls, found := make([]Called, 0, len(e.Calls)+1), false
		for _, c := range e.Calls {
			kept := behindAll(c.At, f.Since)
			if c.Token == f.Token {
				kept, found = append(kept, f.At), true
			}
			if len(kept) > 0 {
				calls = append(calls, Called{c.Token, kept})
			}
		}
		if !found {
			calls = append(calls, Called{f.Token, []int64{f.At}})
		}
		e.Calls = calls
		v.enrollments.put(f.Enrollment, e)
	case *event.CallUncounted:
		e := v.enrollments.edit(f.Enrollment)
		e.Calls = slices.Clone(e.Calls)
		for i := range e.Calls {
			if at := slices.Index(e.Calls[i].At, f.At); at >= 0 {
				e.Calls[i].At = slices.Delete(slices.Clone(e.Calls[i].At), at, at+1)
				break
			}
		}
		v.enrollments.put(f.Enrollment, e)
	case *event.PersonHeard:
		e := v.enrollments.edit(f.Enrollment)
		e.Talked, e.Refused = max(e.Talked, f.Talked), max(e.Refused, f.Refused)
		v.enrollments.put(f.Enrollment, e)
	case *event.LeadHeard:
		l := v.leads.edit(f.Lead)
		l.Heard = heard(l.Heard, Heard{f.Subject, f.Talked, f.Refused})
		v.putLead(f.Lead, l)
		for i := range l.Stays {
			v.lookBeyond(&l.Stays[i])
		}
	}
}

// lookBeyond lets an open stay know that not all about its lead stands in it and
// in the rows of its numbers.
func (v *View) lookBeyond(s *Stay) {
	if e := v.enrollments.get(s.Enrollment); e != nil && s.LeftAt == 0 && !e.Several {
		e = v.enrollments.edit(s.Enrollment)
		e.Several = true
		v.enrollments.put(s.Enrollment, e)
	}
}

// behindAll is a new list of the instants after since.
func behindAll(at []int64, since int64) []int64 {
	out := make([]int64, 0, len(at)+1)
	for _, x := range at {
		if x > since {
			out = append(out, x)
		}
	}
	return out
}

// hear keeps what was said in a call that ended at an instant.
func (n *Number) hear(subject string, talked, refused bool, at int64) {
	said := Heard{Subject: subject}
	if talked {
		said.Talked = at
	}
	if refused {
		said.Refused = at
	}
	if talked || refused {
		n.Heard = heard(n.Heard, said)
	}
}

// heard is a new list to which something was added. What is too old for any rule
// goes; one subject too many makes all of them any.
func heard(list []Heard, said Heard) []Heard {
	at := max(said.Talked, said.Refused)
	list = slices.DeleteFunc(slices.Clone(list), func(h Heard) bool { return max(h.Talked, h.Refused) < at-heardFor })
	i := slices.IndexFunc(list, func(h Heard) bool { return h.Subject == said.Subject })
	if i < 0 && len(list) >= maxHeard {
		_, all := lastHeard(list, "")
		list, i = []Heard{all}, 0
	}
	if i < 0 {
		list, i = append(list, Heard{Subject: said.Subject}), len(list)
	}
	list[i].Talked, list[i].Refused = max(list[i].Talked, said.Talked), max(list[i].Refused, said.Refused)
	return list
}

// LastHeard is what was last heard on the number in calls about a subject, and
// about anything.
func (n *Number) LastHeard(subject string) (about, any Heard) { return lastHeard(n.Heard, subject) }

// LastHeard is the same of a lead's calls to us.
func (l *Lead) LastHeard(subject string) (about, any Heard) { return lastHeard(l.Heard, subject) }

// LastHeard is the same of a lead that was erased.
func (x *Erased) LastHeard(subject string) (about, any Heard) { return lastHeard(x.Heard, subject) }

func lastHeard(list []Heard, subject string) (about, any Heard) {
	for _, h := range list {
		any.Talked, any.Refused = max(any.Talked, h.Talked), max(any.Refused, h.Refused)
		if h.Subject == subject || h.Subject == "" {
			about.Talked, about.Refused = max(about.Talked, h.Talked), max(about.Refused, h.Refused)
		}
	}
	return about, any
}

// CalledElse calls fn for each counted intent of the stay to other numbers
// than one.
func (e *Enrollment) CalledElse(t event.Token, fn func(at int64)) {
	for i := range e.Calls {
		if e.Calls[i].Token == t {
			continue
		}
		for _, at := range e.Calls[i].At {
			fn(at)
		}
	}
}

// Counts reports whether an intent of this instant counts in the stay.
func (e *Enrollment) Counts(at int64) bool {
	return slices.ContainsFunc(e.Calls, func(c Called) bool { return slices.Contains(c.At, at) })
}

// CalledBeyond reports whether numbers were called that are not among these.
func (e *Enrollment) CalledBeyond(tokens []event.Token) bool {
	return e.Several || slices.ContainsFunc(e.Calls, func(c Called) bool { return !slices.Contains(tokens, c.Token) })
}
