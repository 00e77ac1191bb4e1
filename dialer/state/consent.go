package state

import (
	"encoding/binary"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// MaxConsents is how many records stand in a number's row, those that were
// taken back included: they must not be entered again.
const MaxConsents = 32

// maxEnds is how many revocations of other extent stand in a number's row.
const maxEnds = 16

// Given is what the permit has to know of a consent. Ended is when it was taken
// back by itself, 0 when it was not.
type Given struct {
	ID     cadence.ID    `cbor:"1,keyasint"`
	Kind   string        `cbor:"2,keyasint"`
	At     int64         `cbor:"3,keyasint"` // when it was given
	Seller string        `cbor:"4,keyasint,omitempty"`
	Scope  cadence.Scope `cbor:"5,keyasint,omitempty"`
	Ended  int64         `cbor:"6,keyasint,omitempty"`
}

// ConsentEnd is a revocation: what was given until At to a seller (empty: to
// anybody) does not count for the calls of the scope.
type ConsentEnd struct {
	Scope  cadence.Scope `cbor:"1,keyasint,omitempty"`
	Seller string        `cbor:"2,keyasint,omitempty"`
	At     int64         `cbor:"3,keyasint"`
}

// Agreement is one entry in the history of a number's consents: a record that
// was entered, or, with On false, one taken back, by its ID or by Scope and
// Seller. Entries are added and never changed.
type Agreement struct {
	On     bool                  `cbor:"1,keyasint,omitempty"`
	ID     cadence.ID            `cbor:"2,keyasint,omitzero"`
	Record cadence.ConsentRecord `cbor:"3,keyasint"` // of an end: only Scope and Seller
	By     string                `cbor:"4,keyasint"`
	At     int64                 `cbor:"5,keyasint"`
	How    string                `cbor:"6,keyasint,omitempty"`
	Reason string                `cbor:"7,keyasint,omitempty"`
}

// Consent is the record of an id, nil when the row has none.
func (n *Number) Consent(id cadence.ID) *Given {
	for i := range n.Consents {
		if n.Consents[i].ID == id {
			return &n.Consents[i]
		}
	}
	return nil
}

// Holds reports whether a consent counts at an instant for a call of a
// cadence, which belongs to a campaign. It allocates nothing.
func (n *Number) Holds(g *Given, now int64, id cadence.ID, campaign string) bool {
	if g.Ended != 0 || g.At > now || !g.Scope.Covers(id, campaign) {
		return false
	}
	for i := range n.Ends {
		if e := &n.Ends[i]; e.meets(g) && e.Scope.Covers(id, campaign) {
			return false
		}
	}
	return true
}

// meets reports whether a revocation is about who a consent was given to and
// when.
func (e *ConsentEnd) meets(g *Given) bool {
	return e.At >= g.At && (e.Seller == "" || e.Seller == g.Seller)
}

// Over is since when a consent counts for none of the calls it is about, 0
// while it counts for some.
func (n *Number) Over(g *Given) int64 {
	over := g.Ended
	for i := range n.Ends {
		e := &n.Ends[i]
		whole := e.Scope == cadence.ScopeAll || e.Scope == cadence.ScopeCall || e.Scope == g.Scope
		if whole && e.meets(g) && (over == 0 || e.At < over) {
			over = e.At
		}
	}
	return over
}

func (v *View) foldConsent(f event.Fact) {
	switch f := f.(type) {
	case *event.ConsentGiven:
		n := v.numbers.edit(f.Token)
		n.drop(f.Drops)
		if n.Consent(f.ID) == nil {
			r := &f.Record
			n.Consents = append(slices.Clip(n.Consents), Given{ID: f.ID, Kind: r.Kind, At: r.Given, Seller: r.Seller, Scope: r.Scope})
		}
		v.agree(f.Token, n, &Agreement{On: true, ID: f.ID, Record: f.Record, By: f.By, At: f.At})
	case *event.ConsentEnded:
		n := v.numbers.edit(f.Token)
		if f.ID.IsZero() {
			n.end(ConsentEnd{f.Scope, f.Seller, f.At})
		} else {
			n.Consents = slices.Clone(n.Consents)
			if g := n.Consent(f.ID); g != nil {
				g.Ended = f.At
			}
		}
		said := cadence.ConsentRecord{Scope: f.Scope, Seller: f.Seller}
		v.agree(f.Token, n, &Agreement{ID: f.ID, Record: said, By: f.By, At: f.At, How: f.How, Reason: f.Reason})
	}
}

// drop takes a record out of a full row. One that was taken back leaves a
// revocation behind, so that it cannot be entered again: it may go further
// than what was taken back, never less far.
func (n *Number) drop(id cadence.ID) {
	if id.IsZero() {
		return
	}
	if g := n.Consent(id); g != nil && g.Ended != 0 {
		n.end(ConsentEnd{g.Scope, g.Seller, g.At})
	}
	n.Consents = slices.DeleteFunc(slices.Clone(n.Consents), func(g Given) bool { return g.ID == id })
}

// end enters a revocation. Those of the same extent are one; when there are
// too many they become one about everything.
func (n *Number) end(e ConsentEnd) {
	ends := slices.Clone(n.Ends)
	if i := slices.IndexFunc(ends, func(o ConsentEnd) bool { return o.Scope == e.Scope && o.Seller == e.Seller }); i >= 0 {
		ends[i].At = max(ends[i].At, e.At)
		n.Ends = ends
		return
	}
	if ends = append(ends, e); len(ends) > maxEnds {
		all := ConsentEnd{}
		for _, o := range ends {
			all.At = max(all.At, o.At)
		}
		ends = []ConsentEnd{all}
	}
	n.Ends = ends
}

func (v *View) agree(t event.Token, n *Number, a *Agreement) {
	n.Agreed++
	r := &a.Record
	v.weight += 2 * (len(r.Seller) + len(r.Scope) + len(r.Source) + len(r.Proof) + len(a.By) + len(a.How) + len(a.Reason))
	v.numbers.put(t, n)
	v.setRow(agreementKey(t, n.Agreed), a)
}

// Agreements calls fn for the history of a number's consents, oldest first.
func (q Rows) Agreements(t event.Token, fn func(*Agreement) bool) error {
	return scanRows(q.R, agreementKey(t, 0), agreementKey(t, ^uint32(0)), func(_ []byte, a *Agreement) bool { return fn(a) })
}

// Agreement reads one entry of the history, nil when there is none.
func (v *View) Agreement(t event.Token, n uint32) *Agreement {
	key := agreementKey(t, n)
	b, ok := v.loose.get(key)
	if !ok {
		b, ok = v.flying.get(key)
	}
	if !ok {
		a, err := readRow[Agreement](v.base, key)
		if err != nil {
			panic(&Broken{err})
		}
		return a
	}
	a := new(Agreement)
	if err := Decode(b, a); err != nil {
		panic(&Broken{err})
	}
	return a
}

func agreementKey(t event.Token, n uint32) []byte {
	return binary.BigEndian.AppendUint32(idKey(tabAgreement, t.ID()), n)
}
