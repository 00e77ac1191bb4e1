package leadfile

import (
	"fmt"
	"strings"
	"time"
)

// agree takes what a column says of the person's consent.
func (b *builder) agree(to target, column, value string) {
	if b.agreed == "" {
		b.agreed = column
	}
	c := &b.consent
	switch to {
	case toConsentKind:
		c.Kind = strings.TrimPrefix(strings.ToLower(value), "consent.")
	case toConsentAt:
		at, ok := consentTime(value)
		if !ok {
			b.fail(column, "consent.at", "the time of the consent is not understood", "write a date as 2026-03-01, or a time with its zone as 2026-03-01T15:04:05Z")
			return
		}
		c.Given = at.UnixMilli()
	case toConsentSource:
		c.Source = value
	case toConsentSeller:
		c.Seller = value
	default:
		c.Proof = value
	}
}

// consentTime reads a time with its zone, or a date, which stands for its first
// moment: a revocation of the same day comes after it.
func consentTime(text string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil {
			return t, t.UnixMilli() > 0
		}
	}
	return time.Time{}, false
}

// agreement checks that a row which speaks of a consent says which and when.
func (b *builder) agreement() {
	c := &b.consent
	switch field, limit := c.Misfit(); {
	case b.agreed == "":
	case c.Kind == "":
		b.fail(b.agreed, "consent.kind", "the row speaks of a consent and does not say which", "fill consent_kind, or map the column to "+Extra)
	case c.Given == 0:
		b.fail(b.agreed, "consent.at", "the row speaks of a consent and does not say when it was given", "fill consent_at, or map the column to "+Extra)
	case field != "":
		b.fail("consent_"+field, "consent.too_long", fmt.Sprintf("the text is longer than %d bytes", limit), "shorten it; a proof can be an address or a digest")
	}
}
