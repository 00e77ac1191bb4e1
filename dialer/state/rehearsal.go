package state

import (
	"encoding/binary"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// Staff is a number of the house's own people, to which steps are rehearsed
// once it is verified. Calls are the times of the intents to it that still
// count in its limit; Open is the rehearsal that is not over. Of one that was
// removed only those times stay, so that adding it again lifts no limit.
type Staff struct {
	Number     cadence.Number `cbor:"1,keyasint"`
	Name       string         `cbor:"2,keyasint"`
	AddedBy    string         `cbor:"3,keyasint"`
	AddedAt    int64          `cbor:"4,keyasint"`
	VerifiedBy string         `cbor:"5,keyasint,omitempty"`
	VerifiedAt int64          `cbor:"6,keyasint,omitempty"`
	Code       string         `cbor:"7,keyasint,omitempty"`
	CodeUntil  int64          `cbor:"8,keyasint,omitempty"`
	Misses     int            `cbor:"9,keyasint,omitempty"`
	Calls      []int64        `cbor:"10,keyasint,omitempty"`
	Open       cadence.ID     `cbor:"11,keyasint,omitzero"`
	Removed    bool           `cbor:"12,keyasint,omitempty"`
}

// RehearsalState is where a rehearsal stands.
type RehearsalState uint8

// The states of a rehearsal. What became of one that was placed its attempt
// tells.
const (
	RehearsalWaiting RehearsalState = iota + 1 // for its turn at the carrier
	RehearsalPlaced                            // there is an intent, and so an attempt
	RehearsalOver                              // its attempt has ended
	RehearsalNotMade                           // refused, or taken back: certainly no call
)

// Rehearsal is one call to a staff number, outside all figures.
type Rehearsal struct {
	Token    event.Token    `cbor:"1,keyasint"`
	Cadence  cadence.ID     `cbor:"2,keyasint,omitzero"` // zero: it speaks a code
	Version  uint32         `cbor:"3,keyasint,omitempty"`
	Document cadence.ID     `cbor:"4,keyasint"`
	Step     int            `cbor:"5,keyasint,omitempty"`
	StepKey  string         `cbor:"6,keyasint"`
	Code     string         `cbor:"7,keyasint,omitempty"`
	Lane     uint32         `cbor:"8,keyasint"`
	Expires  int64          `cbor:"9,keyasint"`
	By       string         `cbor:"10,keyasint"`
	At       int64          `cbor:"11,keyasint"`
	State    RehearsalState `cbor:"12,keyasint"`
	Attempt  cadence.ID     `cbor:"13,keyasint,omitzero"`
	Rule     string         `cbor:"14,keyasint,omitempty"` // why there was no call
	Detail   string         `cbor:"15,keyasint,omitempty"`
	Until    int64          `cbor:"16,keyasint,omitempty"`
	EndedAt  int64          `cbor:"17,keyasint,omitempty"`
}

// DocumentVersion is the number of the version row that holds a rehearsed
// document, under the document's own id.
const DocumentVersion = 1

func (v *View) foldRehearsal(f event.Fact) {
	switch f := f.(type) {
	case *event.StaffAdded:
		if v.Staff(f.Token) != nil {
			bug("a staff number is added twice")
		}
		was := v.staff.edit(f.Token)
		v.staff.put(f.Token, &Staff{Number: f.Number, Name: f.Name, AddedBy: f.By, AddedAt: f.At, Calls: was.Calls})
	case *event.StaffRemoved:
		was := v.editStaff(f.Token)
		v.staff.put(f.Token, &Staff{Calls: was.Calls, Removed: true})
		if f.Forgotten {
			n := v.numbers.edit(f.Token)
			n.Number = ""
			v.numbers.put(f.Token, n)
		}
	case *event.StaffVerified:
		s := v.editStaff(f.Token)
		s.VerifiedBy, s.VerifiedAt, s.Code, s.CodeUntil, s.Misses = f.By, f.At, "", 0, 0
		v.staff.put(f.Token, s)
	case *event.StaffMissed:
		s := v.editStaff(f.Token)
		s.Misses++
		v.staff.put(f.Token, s)
	case *event.RehearsalAsked:
		v.foldRehearsalAsked(f)
	case *event.RehearsalRefused:
		r := v.editRehearsal(f.ID)
		v.rehearsalDue(f.ID, r, false)
		r.State, r.Rule, r.Detail, r.Until, r.EndedAt = RehearsalNotMade, f.Rule, f.Detail, f.Until, f.At
		v.rehearsals.put(f.ID, r)
		v.rehearsalOver(f.ID, r)
	}
}

func (v *View) foldRehearsalAsked(f *event.RehearsalAsked) {
	if v.rehearsals.get(f.ID) != nil {
		bug("rehearsal %s exists", f.ID.Bare())
	}
	if len(f.Text) > 0 {
		v.versions.put(versionID{f.Document, DocumentVersion}, &Version{Document: f.Text, At: f.At})
		v.weight += 2 * len(f.Text)
	}
	if v.numbers.get(f.Token) == nil { // nobody's, but it has its marks and its open attempt like any other
		v.numbers.put(f.Token, &Number{Number: f.Number, Region: f.Region})
	}
	r := &Rehearsal{
		Token: f.Token, Cadence: f.Cadence, Version: f.Version, Document: f.Document, Step: f.Step, StepKey: f.StepKey, Code: f.Code,
		Lane: f.Lane, Expires: f.Expires, By: f.By, At: f.At, State: RehearsalWaiting,
	}
	v.rehearsalDue(f.ID, r, true)
	v.rehearsals.put(f.ID, r)
	v.set(appendRehearsalAt(v.key[:0], f.At, f.ID), nil)
	if s := v.staff.get(f.Token); s != nil {
		if s = v.staff.edit(f.Token); f.Code != "" {
			s.Code, s.CodeUntil, s.Misses = f.Code, f.Until, 0
		}
		s.Open = f.ID
		v.staff.put(f.Token, s)
	}
}

// rehearsalDue writes or removes the two rows of the due index of a rehearsal
// that waits: for its turn, and in lane 0 for the end of its patience.
func (v *View) rehearsalDue(id cadence.ID, r *Rehearsal, waits bool) {
	for _, row := range [...]Armed{{r.Lane, r.At, id, id}, {0, r.Expires, id, id}} {
		if !waits {
			v.unset(appendDueKey(v.key[:0], row.Lane, row.Due, id))
			continue
		}
		v.set(appendDueKey(v.key[:0], row.Lane, row.Due, id), id[:])
		v.changes.Armed = append(v.changes.Armed, row)
		if m := v.marks.get(row.Lane); m == nil || row.Due < m.At {
			v.marks.put(row.Lane, &Mark{At: row.Due})
		}
	}
}

// rehearsing notes the intent of a rehearsal: with its number, and in the limit
// of the staff number alone.
func (v *View) rehearsing(f *event.Intended) {
	n := v.numbers.edit(f.Token)
	n.Number, n.Open, n.Rehearses = f.Number, f.Attempt, true
	v.numbers.put(f.Token, n)
	r := v.editRehearsal(f.Rehearsal)
	v.rehearsalDue(f.Rehearsal, r, false)
	r.State, r.Attempt = RehearsalPlaced, f.Attempt
	v.rehearsals.put(f.Rehearsal, r)
	if v.staff.get(f.Token) == nil {
		return
	}
	s := v.staff.edit(f.Token)
	kept := make([]int64, 0, len(s.Calls)+1)
	for _, at := range s.Calls {
		if at > f.CapSince {
			kept = append(kept, at)
		}
	}
	kept = append(kept, f.At)
	s.Calls = kept
	v.staff.put(f.Token, s)
}

// rehearsed ends a rehearsal with its attempt. why is set when there was no
// call: then it does not count in the number's limit either.
func (v *View) rehearsed(i *event.Intended, why string, at int64) {
	r := v.editRehearsal(i.Rehearsal)
	if r.State, r.EndedAt = RehearsalOver, at; why != "" {
		r.State, r.Rule = RehearsalNotMade, why
		if s := v.staff.get(i.Token); s != nil {
			s = v.staff.edit(i.Token)
			if at := slices.Index(s.Calls, i.At); at >= 0 {
				s.Calls = slices.Delete(slices.Clone(s.Calls), at, at+1)
			}
			v.staff.put(i.Token, s)
		}
	}
	v.rehearsals.put(i.Rehearsal, r)
	v.rehearsalOver(i.Rehearsal, r)
}

// rehearsalOver lets the next one to the same number be asked for. A code that
// no call has spoken is good for nothing.
func (v *View) rehearsalOver(id cadence.ID, r *Rehearsal) {
	if s := v.staff.get(r.Token); s != nil && s.Open == id {
		s = v.staff.edit(r.Token)
		if s.Open = (cadence.ID{}); r.State == RehearsalNotMade && r.Code != "" {
			s.Code, s.CodeUntil = "", 0
		}
		v.staff.put(r.Token, s)
	}
}

func (v *View) editStaff(t event.Token) *Staff {
	if v.Staff(t) == nil {
		bug("the staff number is not known")
	}
	return v.staff.edit(t)
}

func (v *View) editRehearsal(id cadence.ID) *Rehearsal {
	if v.rehearsals.get(id) == nil {
		bug("rehearsal %s is not known", id.Bare())
	}
	return v.rehearsals.edit(id)
}

// Staff is a staff number, nil for a number that is none.
func (v *View) Staff(t event.Token) *Staff { return listed(v.staff.get(t)) }

func listed(s *Staff) *Staff {
	if s == nil || s.Removed {
		return nil
	}
	return s
}

// Rehearsal is a rehearsal, nil when there is none of this id.
func (v *View) Rehearsal(id cadence.ID) *Rehearsal { return v.rehearsals.get(id) }

func appendRehearsalAt(b []byte, at int64, id cadence.ID) []byte {
	b = binary.BigEndian.AppendUint64(append(b, tabRehearsalAt), uint64(at))
	return append(b, id[:]...)
}

// Rehearsal reads a rehearsal.
func (q Rows) Rehearsal(id cadence.ID) (*Rehearsal, error) {
	return readRow[Rehearsal](q.R, idKey(tabRehearsal, id))
}

// Staff reads a staff number.
func (q Rows) Staff(t event.Token) (*Staff, error) {
	s, err := readRow[Staff](q.R, idKey(tabStaff, t.ID()))
	return listed(s), err
}

// EachStaff calls fn for each staff number, in no order of meaning, until it
// returns false.
func (q Rows) EachStaff(fn func(*Staff) bool) error {
	return eachRow(q.R, tabStaff, nil, func(_ []byte, r *Staff) bool { return r.Removed || fn(r) })
}

// Rehearsals calls fn for rehearsals asked for before an instant (Unix ms; 0:
// now), newest first. below, when set, continues behind that one.
func (q Rows) Rehearsals(before int64, below cadence.ID, fn func(cadence.ID, *Rehearsal) bool) error {
	from, to := prefix(tabRehearsalAt)
	if before > 0 {
		to = appendRehearsalAt(nil, before, below)
	}
	var failed error
	err := q.R.ScanBack(from, to, func(k, _ []byte) bool {
		id := cadence.ID(k[len(k)-16:])
		var r *Rehearsal
		if r, failed = q.Rehearsal(id); failed != nil || r == nil {
			return failed == nil
		}
		return fn(id, r)
	})
	if err != nil {
		return err
	}
	return failed
}

// RehearsalsTo calls fn for every rehearsal to a number, in no order of meaning,
// until it returns false. A rehearsal's id lives in its number's slot.
func (q Rows) RehearsalsTo(t event.Token, fn func(cadence.ID, *Rehearsal) bool) error {
	return eachOfToken(q.R, tabRehearsal, t, func(id cadence.ID, r *Rehearsal) bool { return r.Token != t || fn(id, r) })
}
