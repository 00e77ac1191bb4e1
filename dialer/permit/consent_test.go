package permit_test

import (
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
)

// TestAConsentThatLacksBlocks: where the law wants a consent, a call without one
// is not allowed at any hour, and the consent makes it lawful.
func TestAConsentThatLacksBlocks(t *testing.T) {
	set := shipped(t)
	for _, c := range []struct{ place, purpose, voice, consent string }{
		{"US", "sales", "artificial", "consent.express_written"},
		{"US-IL", "sales", "artificial", "consent.express_written"},
		{"US-IN", "sales", "prerecorded", "consent.express_written"},
		{"DE", "sales", "live", "consent.prior"},
		{"ES", "sales", "live", "consent.prior"},
		{"NL", "sales", "live", "consent.prior"},
	} {
		country, state, _ := strings.Cut(c.place, "-")
		f := willing(t)
		f.Country, f.Countries, f.Jurisdictions, f.Purpose, f.Voice = country, []string{country}, []string{country}, c.purpose, c.voice
		f.Zones = permit.Zones{window.CountryZones(country)[0]}
		if state != "" {
			f.Jurisdictions, f.Zones = append(f.Jurisdictions, c.place), permit.Zones{window.StateZones(country, state)[0]}
		}
		f.Pack = lawful(t, set, &f)
		if v := permit.Decide(&f, noon); v.Result != permit.Block || v.Detail != c.consent {
			t.Errorf("%s, %s, %s without consent: %+v", c.place, c.purpose, c.voice, v)
		}
		f.Evidence = []string{c.consent}
		f.Given = f.Evidence
		f.Pack = lawful(t, set, &f)
		if v := permit.Decide(&f, noon); v.Result == permit.Block {
			t.Errorf("%s, %s, %s with %s: %+v", c.place, c.purpose, c.voice, c.consent, v)
		}
	}
}
