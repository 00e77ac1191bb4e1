package permit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// duty says why a rule is told and not judged.
func duty(r *pack.Rule) string {
	switch r.Kind { //nolint:exhaustive // the other kinds are judged
	case pack.Recording:
		return "nothing here records calls"
	case pack.Retention:
		return "kept: nothing trims what it names"
	}
	return "kept elsewhere: by what the product does, not by a permit"
}

// notInForce is said of a rule outside its days.
const notInForce = "not in force"

// traceEvidence are the consents that are missing and those that are there,
// and the rules that a consent or a relationship takes away.
func traceEvidence(f *Facts, now time.Time) (out []Check) {
	for i := range f.Pack.Law.Missing {
		l := &f.Pack.Law.Missing[i]
		c := Check{Rule: l.ID, Kind: KindConsent, Result: Allow, Detail: notInForce}
		if inForce(f, l, now) {
			c.Result, c.Detail = Block, needs(f, l)
		}
		out = append(out, c)
	}
	for i := range f.Pack.Law.Met {
		l := &f.Pack.Law.Met[i]
		out = append(out, Check{Rule: l.ID, Kind: KindConsent, Result: Allow, Detail: "needs " + l.Need + ": " + proof(f, l)})
	}
	for i := range f.Pack.Law.Waived {
		l := &f.Pack.Law.Waived[i]
		out = append(out, Check{Rule: l.ID, Kind: Kind(l.Kind), Result: Allow, Detail: "does not hold: " + proof(f, l)})
	}
	return out
}

// needs says which consent is missing, and which others are there.
func needs(f *Facts, l *pack.Limit) string {
	need := l.Need
	if l.ToSeller {
		if f.Seller == "" {
			return need + " to the seller is needed, and neither cadence nor campaign nor configuration names the seller"
		}
		for _, c := range f.Consents {
			if !cadence.SameSeller(c.Seller, f.Seller) && pack.Satisfies(c.Evidence, need) {
				return fmt.Sprintf("%s is recorded, given to %s, and not to %s, who sells here", c.Evidence, cmp.Or(c.Seller, "nobody by name"), f.Seller)
			}
		}
		need += " to " + f.Seller
	}
	if len(f.Consents) == 0 {
		return need + " is not recorded, nor is any other consent that counts"
	}
	have := make([]string, len(f.Consents))
	for i, c := range f.Consents {
		have[i] = c.Evidence
	}
	return need + " is not recorded, only " + strings.Join(have, ", ")
}

// NoRecord is said of evidence that rests on no record: a cadence of an earlier
// release said so.
const NoRecord = "as the cadence said in an earlier release"

// proof names the record that evidence rests on.
func proof(f *Facts, l *pack.Limit) string {
	if l.Declared {
		return l.By + ", declared by the cadence"
	}
	i := slices.IndexFunc(f.Consents, func(c Consent) bool {
		return c.Evidence == l.By && (!l.ToSeller || cadence.SameSeller(c.Seller, f.Seller))
	})
	if i < 0 {
		return l.By + ", " + NoRecord
	}
	c := &f.Consents[i]
	text := fmt.Sprintf("%s, record %s of %s", l.By, c.ID.Text(cadence.KindConsent), time.UnixMilli(c.Given).UTC().Format(time.RFC3339))
	if c.Seller != "" {
		text += ", given to " + c.Seller
	}
	return text
}

// traceRings are the least times to ring.
func traceRings(f *Facts, now time.Time) (out []Check) {
	for i := range f.Pack.Law.Rings {
		l := &f.Pack.Law.Rings[i]
		c := Check{Rule: l.ID, Kind: KindRing, Result: Allow, Detail: notInForce}
		if inForce(f, l, now) {
			c.Detail = fmt.Sprintf("rings %s of at least %s", inWords(time.Duration(f.Ring)*time.Millisecond), inWords(l.Span))
			if f.Ring > 0 && time.Duration(f.Ring)*time.Millisecond < l.Span {
				c.Result = Block
			}
		}
		out = append(out, c)
	}
	return out
}
