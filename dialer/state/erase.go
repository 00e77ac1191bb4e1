package state

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// Erased stands where a person was: what a dossier needs to find their calls,
// and nothing that names them.
type Erased struct {
	At     int64         `cbor:"1,keyasint"` // of the last erasure
	By     string        `cbor:"2,keyasint,omitempty"`
	Reason string        `cbor:"3,keyasint,omitempty"`
	Tokens []event.Token `cbor:"4,keyasint,omitempty"`
	List   cadence.ID    `cbor:"5,keyasint,omitzero"`
	Stays  []Stay        `cbor:"6,keyasint,omitempty"`
	Heard  []Heard       `cbor:"7,keyasint,omitempty"` // what was said in calls of the lead to us
}

// Erased returns what stands where an erased lead was, nil when none was.
func (v *View) Erased(id cadence.ID) *Erased { return v.erased.get(id) }

// Erased reads what stands where an erased lead was.
func (q Rows) Erased(id cadence.ID) (*Erased, error) {
	return readRow[Erased](q.R, idKey(tabErased, id))
}

// formerly are the numbers that a lead had at some time, and has not among
// these, in their order.
func formerly(l *Lead, now []event.Token) []event.Token {
	var out []event.Token
	for _, t := range slices.Concat(l.Former, l.Tokens) {
		if !slices.Contains(now, t) {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b event.Token) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(out)
}

// AttemptsOf are the closed attempts of a lead that are durable, oldest first,
// at most limit.
func (v *View) AttemptsOf(lead cadence.ID, limit int) (ids []cadence.ID) {
	err := v.base.Scan(idKey(tabByLead, lead), append(idKey(tabByLead, lead), 0xFF), func(k, _ []byte) bool {
		ids = append(ids, cadence.ID(k[len(k)-len(cadence.ID{}):]))
		return len(ids) < limit
	})
	if err != nil {
		panic(&Broken{err})
	}
	return ids
}

func (v *View) foldErased(f *event.LeadErased) {
	was := v.erased.edit(f.Lead)
	if l := v.leads.get(f.Lead); l != nil {
		o := v.Office()
		o.Leads--
		v.office.put(struct{}{}, o)
		if !l.List.IsZero() {
			list := v.lists.edit(l.List)
			list.Leads--
			v.lists.put(l.List, list)
		}
		was.List, was.Stays = l.List, append(slices.Clip(was.Stays), l.Stays...)
		was.Heard = append(slices.Clip(was.Heard), l.Heard...)
		v.gone(l)
		for i := range l.Stays {
			v.uncount(l.List, l.Stays[i].Enrollment)
			v.forgetStay(l.Stays[i].Enrollment)
		}
		v.leads.del(f.Lead)
	}
	if !f.External.IsZero() {
		v.externals.del(f.External)
	}
	was.At, was.By, was.Reason = f.At, f.By, f.Reason
	for _, t := range f.Tokens {
		if !slices.Contains(was.Tokens, t) {
			was.Tokens = append(slices.Clip(was.Tokens), t)
		}
		v.forgetNumber(t, f)
	}
	v.erased.put(f.Lead, was)
	for _, id := range f.Attempts {
		v.forgetWords(id)
	}
	for _, key := range f.Answers {
		v.answers.del(key)
	}
}

// forgetStay drops where the person lives from a stay that is over.
func (v *View) forgetStay(id cadence.ID) {
	if v.enrollments.get(id) == nil {
		return
	}
	e := v.enrollments.edit(id)
	e.State, e.Country, e.ZoneSets = "", "", nil
	v.enrollments.put(id, e)
}

// forgetNumber unties a number from the lead. Its token keeps what was said and
// what was called.
func (v *View) forgetNumber(t event.Token, f *event.LeadErased) {
	if v.numbers.get(t) == nil {
		return
	}
	n := v.numbers.edit(t)
	n.Leads = slices.DeleteFunc(slices.Clone(n.Leads), func(id cadence.ID) bool { return id == f.Lead })
	if !slices.Contains(n.Past, f.Lead) {
		n.Past = append(slices.Clip(n.Past), f.Lead)
	}
	if slices.Contains(f.Forgotten, t) {
		n.Number = ""
		v.forgetProofs(t, n.Agreed)
	}
	v.numbers.put(t, n)
}

// proofSum begins what is left of a proof.
const proofSum = "sha256:"

// forgetProofs leaves of the texts that consents rest on their SHA-256: who
// keeps the paper can still show that it is the one that was entered.
func (v *View) forgetProofs(t event.Token, agreed uint32) {
	for n := uint32(1); n <= agreed; n++ {
		a := v.Agreement(t, n)
		if a == nil || a.Record.Proof == "" || strings.HasPrefix(a.Record.Proof, proofSum) {
			continue
		}
		said := *a
		sum := sha256.Sum256([]byte(said.Record.Proof))
		said.Record.Proof = proofSum + hex.EncodeToString(sum[:])
		v.setRow(agreementKey(t, n), &said)
	}
}

// forgetWords drops what people wrote and keyed in a closed attempt.
func (v *View) forgetWords(id cadence.ID) {
	if v.attempts.get(id) == nil {
		return
	}
	a := v.attempts.edit(id)
	a.Note, a.Digits = "", ""
	v.attempts.put(id, a)
	for n := range a.Revisions {
		key := revisionKey(id, n)
		if r := v.revision(key); r != nil {
			r.Note, r.Variables = "", nil
			v.setRow(key, r)
		}
	}
}

// revision reads a revision where its last change is: in this turn, in the
// sealed one, or in the ledger.
func (v *View) revision(key []byte) *Revision {
	value, ok := v.loose.get(key)
	if !ok {
		value, ok = v.flying.get(key)
	}
	var r *Revision
	var err error
	if ok {
		r = &Revision{}
		err = Decode(value, r)
	} else {
		r, err = readRow[Revision](v.base, key)
	}
	if err != nil {
		panic(&Broken{err})
	}
	return r
}

// Worded reports whether a revision of a closed attempt holds a note or
// variables.
func (v *View) Worded(id cadence.ID, a *Attempt) bool {
	for n := range a.Revisions {
		if r := v.revision(revisionKey(id, n)); r != nil && (r.Note != "" || len(r.Variables) > 0) {
			return true
		}
	}
	return false
}
