package dialer

import (
	"crypto/subtle"
	"fmt"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// What staff numbers may be. Somebody who is not of the house must never be
// called to try a step out: a number counts once a call to it has spoken a code
// that was then repeated here.
const (
	// MaxStaff is how many staff numbers a server keeps: lists of them are read
	// whole.
	MaxStaff = 200
	// MaxStaffName bounds the name of whoever answers there, in bytes.
	MaxStaffName = 100
	// CodeDigits is how long a code is.
	CodeDigits = 6
	// CodeFor is how long a code is good.
	CodeFor = 24 * time.Hour
	// MaxMisses is how many wrong codes end one: somebody who guesses has five
	// chances in a million.
	MaxMisses = 5
)

// AddStaff makes a number one of the house's own. Adding it again changes
// nothing.
type AddStaff struct {
	Number cadence.Number
	Name   string
	By     string
}

// RemoveStaff takes a number out, and takes back what is under way to it.
type RemoveStaff struct {
	Number cadence.Number
	By     string
}

// ConfirmStaff repeats the code that a call to the number has spoken. The reply
// says whether it was right; a wrong one is counted.
type ConfirmStaff struct {
	Number cadence.Number
	Code   string
	By     string
}

func (*AddStaff) message()     {}
func (*RemoveStaff) message()  {}
func (*ConfirmStaff) message() {}

func (c *Core) addStaff(now int64, v *state.View, m *AddStaff) Outcome {
	switch {
	case m.Name == "" || len(m.Name) > MaxStaffName:
		return Outcome{Err: refusal(CodeInvalid, "name", fmt.Sprintf("name is who answers there: 1 to %d bytes", MaxStaffName))}
	case cadence.Region(m.Number) == "":
		return Outcome{Err: refusal(CodeInvalid, "number", "the number is of no country")}
	case cadence.Premium(m.Number):
		return Outcome{Err: refusal(CodeInvalid, "number", "calls to the number cost extra; choose another")}
	}
	t := c.Token(m.Number)
	if v.Staff(t) != nil {
		return Outcome{}
	}
	return Outcome{Facts: []event.Fact{&event.StaffAdded{Token: t, Number: m.Number, Name: m.Name, By: signed(m.By), At: now}}}
}

func (c *Core) removeStaff(now int64, v *state.View, m *RemoveStaff) Outcome {
	t := c.Token(m.Number)
	s := v.Staff(t)
	if s == nil {
		return Outcome{Err: noStaff()}
	}
	var out Outcome
	if r := v.Rehearsal(s.Open); r != nil {
		if r.State == state.RehearsalWaiting {
			out.fact(&event.RehearsalRefused{ID: s.Open, Rule: RuleStaff, At: now})
		} else {
			out.send(&withdraw{Attempt: r.Attempt, Reason: "staff_removed"})
		}
	}
	f := &event.StaffRemoved{Token: t, By: signed(m.By), At: now}
	if n := v.Number(t); n != nil {
		f.Forgotten = len(n.Leads) == 0 && len(n.Past) > 0
	}
	out.fact(f)
	return out
}

func (c *Core) confirmStaff(now int64, v *state.View, m *ConfirmStaff) Outcome {
	t := c.Token(m.Number)
	s := v.Staff(t)
	switch {
	case s == nil:
		return Outcome{Err: noStaff()}
	case s.VerifiedAt != 0:
		return Outcome{Reply: true}
	case s.Code == "" || now > s.CodeUntil:
		return Outcome{Err: refusal(CodeConflict, "code", "no code is good for this number; let it be called for one")}
	case s.Misses >= MaxMisses:
		return Outcome{Err: refusal(CodeConflict, "code", "too many wrong codes; let the number be called for a new one")}
	case subtle.ConstantTimeCompare([]byte(m.Code), []byte(s.Code)) != 1:
		return Outcome{Facts: []event.Fact{&event.StaffMissed{Token: t, At: now}}, Reply: false}
	}
	return Outcome{Facts: []event.Fact{&event.StaffVerified{Token: t, By: signed(m.By), At: now}}, Reply: true}
}

func noStaff() *Refusal {
	return refusal(CodeNotFound, "number", "the number is no staff number; add it first")
}
