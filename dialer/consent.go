package dialer

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Consents live at the number's home, in its row: so the permit judges on what
// was said up to that very turn, and a person who is two leads agrees once.

// byImport signs consents that a file of leads brought.
const byImport = "import"

// AddConsent enters a consent of a number that is known. Entering it again
// changes nothing, also when it was taken back since; with another source or
// proof it says anew what the consent rests on.
type AddConsent struct {
	Number cadence.Number
	Record cadence.ConsentRecord
	By     string
}

// RevokeConsent takes consents of a number back: the one of an ID, or, without
// one, all that were given until now to a seller (empty: to anybody) for the
// calls of a scope. Calls under way that may rest on them are taken back.
type RevokeConsent struct {
	Number cadence.Number
	ID     cadence.ID
	Scope  cadence.Scope
	Seller string
	How    string // the way in which the person said so: call, mail, web, letter …
	Reason string
	By     string
}

func (*AddConsent) message()    {}
func (*RevokeConsent) message() {}

// giveConsent carries a consent to the home of its number.
type giveConsent struct {
	Token  event.Token           `cbor:"1,keyasint"`
	Record cadence.ConsentRecord `cbor:"2,keyasint"`
	By     string                `cbor:"3,keyasint"`
}

// endConsent carries a revocation there.
type endConsent struct {
	Token  event.Token   `cbor:"1,keyasint"`
	ID     cadence.ID    `cbor:"2,keyasint,omitzero"`
	Scope  cadence.Scope `cbor:"3,keyasint,omitempty"`
	Seller string        `cbor:"4,keyasint,omitempty"`
	How    string        `cbor:"5,keyasint,omitempty"`
	Reason string        `cbor:"6,keyasint,omitempty"`
	By     string        `cbor:"7,keyasint"`
}

func (*giveConsent) message() {}
func (*endConsent) message()  {}

func (*giveConsent) kind() uint8 { return 40 }
func (*endConsent) kind() uint8  { return 41 }

func (m *giveConsent) to(h Homes) uint16 { return h.Of(m.Token.Slot()) }
func (m *endConsent) to(h Homes) uint16  { return h.Of(m.Token.Slot()) }

// CheckConsent says what is wrong with a record, nil when nothing is. now is in
// Unix ms.
func CheckConsent(r *cadence.ConsentRecord, now int64) *Refusal {
	if _, ok := pack.EvidenceOf(r.Kind); !ok {
		return refusal(CodeInvalid, "kind", "the kind of a consent must be one of "+strings.Join(pack.RecordKinds(), ", "))
	}
	switch {
	case r.Given <= 0:
		return refusal(CodeInvalid, "given_at", "say in given_at when the consent was given")
	case r.Given > now:
		return refusal(CodeInvalid, "given_at", "given_at lies in the future: enter a consent once it was given")
	}
	if field, limit := r.Misfit(); field != "" {
		return refusal(CodeInvalid, field, fmt.Sprintf("%s is longer than %d bytes", field, limit))
	}
	return nil
}

// consentID names a consent by what it is. What it rests on is no part of it:
// a consent that was taken back does not come back under another proof.
func consentID(t event.Token, r *cadence.ConsentRecord) cadence.ID {
	h := sha256.New()
	h.Write(t[:])
	for _, text := range []string{r.Kind, r.Seller, string(r.Scope)} {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(text)))
		h.Write(n[:])
		h.Write([]byte(text))
	}
	var at [8]byte
	binary.BigEndian.PutUint64(at[:], uint64(r.Given))
	h.Write(at[:])
	var rest [14]byte
	copy(rest[:], h.Sum(nil))
	return cadence.NewID(t.Slot(), rest)
}

// addConsent is a consent from outside.
func (c *Core) addConsent(now int64, v *state.View, m *AddConsent) Outcome {
	if bad := CheckConsent(&m.Record, now); bad != nil {
		return Outcome{Err: bad}
	}
	t := c.Token(m.Number)
	if c.rules.Homes.here(t.Slot()) && v.Number(t) == nil {
		return Outcome{Err: refusal(CodeNotFound, "number", "the number is no lead's")}
	}
	return Outcome{Sends: []Message{&giveConsent{Token: t, Record: m.Record, By: signed(m.By)}}}
}

// revokeConsent is a revocation from outside.
func (c *Core) revokeConsent(v *state.View, m *RevokeConsent) Outcome {
	t := c.Token(m.Number)
	if c.rules.Homes.here(t.Slot()) {
		n := v.Number(t)
		if n == nil {
			return Outcome{Err: refusal(CodeNotFound, "number", "the number is no lead's")}
		}
		if !m.ID.IsZero() && n.Consent(m.ID) == nil {
			return Outcome{Err: refusal(CodeNotFound, "id", "the number has no such consent")}
		}
	}
	return Outcome{Sends: []Message{&endConsent{
		Token: t, ID: m.ID, Scope: m.Scope, Seller: clip(m.Seller), How: clip(m.How), Reason: clip(m.Reason), By: signed(m.By),
	}}}
}

func signed(by string) string {
	if by == "" {
		return byEngine
	}
	return clip(by)
}

// giveConsent enters a consent at the number's home.
func (c *Core) giveConsent(now int64, v *state.View, m *giveConsent) Outcome {
	n := v.Number(m.Token)
	if n == nil {
		return Outcome{}
	}
	f := &event.ConsentGiven{Token: m.Token, ID: consentID(m.Token, &m.Record), Record: m.Record, By: m.By, At: now}
	switch g := n.Consent(f.ID); {
	case g != nil && g.Ended != 0:
		return Outcome{} // it was taken back: a file that is read again does not know
	case g != nil && restsOn(v, m.Token, n, f.ID) == m.Record:
		return Outcome{}
	case g == nil && len(n.Consents) >= state.MaxConsents:
		f.Drops = givesWay(n)
	}
	return Outcome{Facts: []event.Fact{f}}
}

// restsOn is a record as it was last entered.
func restsOn(v *state.View, t event.Token, n *state.Number, id cadence.ID) cadence.ConsentRecord {
	for i := n.Agreed; i > 0; i-- {
		if a := v.Agreement(t, i); a != nil && a.On && a.ID == id {
			return a.Record
		}
	}
	return cadence.ConsentRecord{}
}

// givesWay is the record that a full row can best do without: one that does
// not count any more, else the oldest.
func givesWay(n *state.Number) cadence.ID {
	best := &n.Consents[0]
	for i := range n.Consents {
		g := &n.Consents[i]
		over, was := n.Over(g) != 0, n.Over(best) != 0
		if over && !was || over == was && g.At < best.At {
			best = g
		}
	}
	return best.ID
}

// endConsent takes consents back at the number's home, and the call under way
// that may rest on them.
func (c *Core) endConsent(now int64, v *state.View, m *endConsent) Outcome {
	n := v.Number(m.Token)
	if n == nil {
		return Outcome{}
	}
	scope := m.Scope
	if g := n.Consent(m.ID); !m.ID.IsZero() {
		if g == nil || g.Ended != 0 {
			return Outcome{}
		}
		scope = g.Scope
	}
	out := Outcome{Facts: []event.Fact{&event.ConsentEnded{
		Token: m.Token, ID: m.ID, Scope: m.Scope, Seller: m.Seller, How: m.How, Reason: m.Reason, By: m.By, At: now,
	}}}
	if o := v.Open(n.Open); o != nil && scope.Covers(o.I.Cadence, o.I.Campaign) {
		out.send(&withdraw{Attempt: n.Open, Reason: "consent_revoked"})
	}
	return out
}

// evidenceOf are the consents of a number that count for a call of a cadence
// that leaves at an instant, until it has rung, and what they are to the rules:
// of each kind the newest, and the newest that was given to the seller.
func evidenceOf(n *state.Number, now int64, id cadence.ID, campaign, seller string) (who callee, records []permit.Consent) {
	for i := range n.Consents {
		g := &n.Consents[i]
		if !n.Holds(g, now, id, campaign) {
			continue
		}
		name, ok := pack.EvidenceOf(g.Kind)
		if !ok {
			continue // of a release that knew more
		}
		if end, lapses := pack.Lapses(name, atMs(g.At)); lapses && now+ms(permit.Guard) >= end.UnixMilli() {
			continue
		}
		who.held.Add(name)
		if cadence.SameSeller(g.Seller, seller) {
			who.given.Add(name)
		}
		records = newest(records, permit.Consent{Evidence: name, ID: g.ID, Given: g.At, Seller: g.Seller}, seller)
	}
	return who, records
}

// newest enters a record in the place of an older one of its kind. One that was
// given to the seller gives way to such a one only.
func newest(records []permit.Consent, c permit.Consent, seller string) []permit.Consent {
	ours := cadence.SameSeller(c.Seller, seller)
	for i := range records {
		r := &records[i]
		if r.Evidence != c.Evidence || cadence.SameSeller(r.Seller, seller) != ours {
			continue
		}
		if c.Given > r.Given {
			*r = c
		}
		return records
	}
	return append(records, c)
}
