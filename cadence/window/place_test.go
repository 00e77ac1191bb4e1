package window_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence/window"
)

func TestForLead(t *testing.T) {
	for _, c := range []struct {
		name  string
		place window.Place
		zones string
		why   window.Reason
	}{
		{"the number alone", window.Place{Number: "+13035550142"}, "America/Denver", ""},
		{"a state adds its zones", window.Place{Number: "+13035550142", State: "tx"}, "America/Chicago America/Denver", ""},
		{"a state by name", window.Place{Number: "+12125550142", State: "New Jersey", Country: "US"}, "America/New_York", ""},
		{"a province", window.Place{Number: "+12125550142", State: "AB", Country: "CA"}, "America/Edmonton America/New_York", ""},
		{"a state of another country is not looked up", window.Place{Number: "+12125550142", State: "CO", Country: "CA"}, "America/Adak", ""},
		{"an explicit zone adds to the number's", window.Place{Number: "+12125550142", Zone: "America/Los_Angeles"}, "America/Los_Angeles America/New_York", ""},
		{"a confirmed zone stands alone", window.Place{Number: "+12125550142", State: "TX", Zone: "America/Los_Angeles", Confirmed: true}, "America/Los_Angeles", ""},
		{"a ZIP code", window.Place{Number: "+13035550142", Postal: "75001"}, "America/Chicago America/Denver", ""},
		{"a long ZIP code that is at odds with the state", window.Place{Number: "+12125550142", State: "NJ", Postal: "80202-1234"}, "America/Denver America/New_York", ""},
		{"a Canadian postal code", window.Place{Number: "+13035550142", Postal: "t2p 1j9"}, "America/Denver America/Edmonton", ""},
		{"a postal code of elsewhere", window.Place{Number: "+12125550142", Postal: "75001", Country: "FR"}, "America/New_York Europe/Paris", ""},
		{"a toll-free number with a ZIP code", window.Place{Number: "+18005550100", Postal: "96801"}, "Pacific/Honolulu", ""},
		{"no postal code", window.Place{Number: "+12125550142", Postal: "7500"}, "America/New_York", ""},
		{"toll-free", window.Place{Number: "+18005550100"}, "", window.NonGeographic},
		{"toll-free with a state", window.Place{Number: "+18005550100", State: "CO"}, "America/Denver", ""},
		{"toll-free with a zone", window.Place{Number: "+18005550100", Zone: "America/Denver"}, "America/Denver", ""},
		{"toll-free with a state nobody knows", window.Place{Number: "+18005550100", State: "XX"}, "", window.NonGeographic},
		{"an unknown area code", window.Place{Number: "+12115550100"}, "", window.Unknown},
		{"a zone that is none", window.Place{Number: "+13035550142", Zone: "Mountain"}, "", window.Unknown},
		{"an abbreviation", window.Place{Number: "+13035550142", Zone: "EST", Confirmed: true}, "", window.Unknown},
		{"the number's own country", window.Place{Number: "+13035550142", Country: "US"}, "America/Denver", ""},
		{"living abroad", window.Place{Number: "+13035550142", Country: "DE"}, "America/Denver Europe/Berlin", ""},
		{"a French code overseas", window.Place{Number: "+33142680220", Postal: "97400", Country: "FR"}, "Europe/Paris Indian/Reunion", ""},
		{"the same without the country", window.Place{Number: "+33142680220", Postal: "971 10"}, "America/Boise America/Guadeloupe America/Los_Angeles Europe/Paris", ""}, // it may be a ZIP code too
		{"a French code in Europe", window.Place{Number: "+33142680220", Postal: "75001", Country: "FR"}, "Europe/Paris", ""},
		{"an Australian code", window.Place{Number: "+61292345678", Postal: "4870", Country: "au"}, "Australia/Brisbane Australia/Lindeman Australia/Sydney", ""},
		{"a Queensland number", window.Place{Number: "+61740123456"}, "Australia/Brisbane Australia/Sydney", ""},
		{"a country nobody knows", window.Place{Number: "+13035550142", Country: "XX"}, "America/Denver", ""},
	} {
		zs, why := window.ForLead(c.place)
		if c.name == "a state of another country is not looked up" {
			if why != "" || len(zs) < 10 { // all of Canada and New York
				t.Errorf("%s: %q, %q", c.name, names(zs), why)
			}
			continue
		}
		if names(zs) != c.zones || why != c.why {
			t.Errorf("%s: %q, %q", c.name, names(zs), why)
		}
	}
}

func TestForLeadNeverLosesTheNumbersZones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := window.Place{
			Number:  rapid.SampledFrom([]string{"+12125550100", "+18505550100", "+18005550100", "+447400123456", "+61412345678"}).Draw(t, "number"),
			State:   rapid.SampledFrom([]string{"", "TX", "ON", "nowhere"}).Draw(t, "state"),
			Country: rapid.SampledFrom([]string{"", "US", "CA", "FR"}).Draw(t, "country"),
			Zone:    rapid.SampledFrom([]string{"", "Europe/Paris", "America/Denver"}).Draw(t, "zone"),
		}
		have := map[string]bool{}
		zs, _ := window.ForLead(p)
		for i, z := range zs {
			have[z.String()] = true
			if i > 0 && zs[i-1].String() >= z.String() {
				t.Fatalf("not sorted: %s", names(zs))
			}
		}
		number, _, _ := window.Candidates(p.Number)
		for _, z := range number {
			if !have[z.String()] {
				t.Fatalf("%+v: %s is missing", p, z)
			}
		}
	})
}

func TestStates(t *testing.T) {
	for _, c := range []struct{ country, name, in, code, zones string }{
		{"US", "CO", "US", "CO", "America/Denver"},
		{"", "colorado ", "US", "CO", "America/Denver"},
		{"", "QC", "CA", "QC", "America/Blanc-Sablon America/Halifax America/Toronto"},
		{"us", "AZ", "US", "AZ", "America/Denver America/Phoenix"},
		{"US", "QC", "", "", ""},
		{"DE", "BY", "", "", ""},
		{"", "", "", "", ""},
	} {
		in, code, ok := window.State(c.country, c.name)
		if in != c.in || code != c.code || ok != (c.code != "") {
			t.Errorf("State(%q, %q) = %q, %q, %v", c.country, c.name, in, code, ok)
		}
		if got := names(window.StateZones(c.country, c.name)); got != c.zones {
			t.Errorf("StateZones(%q, %q) = %q", c.country, c.name, got)
		}
	}
	codes := []string{
		"AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA",
		"ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR",
		"PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "AS", "GU", "MP", "PR", "VI",
	}
	for _, code := range codes {
		if len(window.StateZones("US", code)) == 0 {
			t.Errorf("no zones for %s", code)
		}
	}
}

func TestCountryZones(t *testing.T) {
	for region, zones := range map[string]string{
		"DE": "Europe/Berlin", "es": "Atlantic/Canary Europe/Madrid", "JM": "America/Jamaica",
		"PR": "America/Puerto_Rico", "XX": "", "": "", "001": "",
	} {
		if got := names(window.CountryZones(region)); got != zones {
			t.Errorf("CountryZones(%q) = %q", region, got)
		}
	}
	if n := len(window.CountryZones("US")); n < 8 {
		t.Errorf("the United States have %d zones", n)
	}
}

func TestCandidatesAllocateNothing(t *testing.T) {
	window.Candidates("+13035550142")
	p := window.Place{Number: "+13035550142", Country: "US"}
	if n := testing.AllocsPerRun(100, func() { window.Candidates("+13035550142"); window.ForLead(p) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestPostalStates(t *testing.T) {
	for code, want := range map[string]string{
		"80202": "CO", "06390": "CT,NY", "02903": "RI", "20001": "DC", "99501": "AK", "88510": "TX", "00901": "PR", "10001-0001": "NY",
		"H0H 0H0": "QC", "x0a0h0": "NT,NU", "09001": "", "34002": "", "8020": "", "8020A": "", "D0D0D0": "", "HOH 0H0": "", "": "",
	} {
		if got := strings.Join(window.PostalStates("", code), ","); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
	for _, c := range []struct{ country, code string }{{"DE", "80202"}, {"CA", "80202"}, {"US", "H0H0H0"}} {
		if got := window.PostalStates(c.country, c.code); got != nil {
			t.Errorf("%s %s: %v", c.country, c.code, got)
		}
	}
	// Spreadsheets take leading zeros away. Where the country is not told, four
	// digits may be a code of many.
	for code, want := range map[string]string{
		"2134": "MA", "601": "PR", "2134-1001": "MA", "21341001": "MA", "6390": "CT,NY", "60": "", "2134-": "", "ABC": "",
	} {
		if got := strings.Join(window.PostalStates("US", code), ","); got != want {
			t.Errorf("US %q: %q, want %q", code, got, want)
		}
		if got := window.PostalStates("", code); got != nil {
			t.Errorf("%q: %v", code, got)
		}
	}
	for three := range 1000 {
		for _, state := range window.PostalStates("US", fmt.Sprintf("%03d01", three)) {
			if len(window.StateZones("US", state)) == 0 {
				t.Errorf("ZIP codes %03d: state %q is not known", three, state)
			}
		}
	}
}
