package window_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// namedState reads "Denver, CO", "Colorado" or "Washington D.C.".
func namedState(country, place string) string {
	if place == "Washington D.C." || place == "Washington, D.C." {
		return "DC"
	}
	if at := strings.LastIndex(place, ", "); at >= 0 {
		place = place[at+2:]
	}
	if in, code, ok := window.State(country, place); ok && in == country {
		return code
	}
	return ""
}

// areaState is the state most of the sampled exchanges are named for; a tie
// goes to the first in the alphabet.
func areaState(npa int, country string) string {
	count, best := map[string]int{}, ""
	for exchange := 200; exchange < 1000; exchange += 7 {
		place, err := phonenumbers.GetGeocodingForNumber(&phonenumbers.PhoneNumber{
			CountryCode: new(int32(1)), NationalNumber: new(uint64(npa*10_000_000 + exchange*10_000 + 123)),
		}, "en")
		if err != nil {
			continue // the library has no region for this exchange
		}
		if s := namedState(country, place); s != "" {
			count[s]++
		}
	}
	for s, n := range count {
		if best == "" || n > count[best] || n == count[best] && s < best {
			best = s
		}
	}
	return best
}

// TestAreaStateTable makes the table from its source and compares. With
// -update it writes it.
func TestAreaStateTable(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Made by go test -run AreaStateTable -update. Code, country, state.\n")
	for npa := 200; npa < 1000; npa++ {
		country := window.Region(fmt.Sprintf("+1%d5550123", npa))
		if country != "US" && country != "CA" {
			continue
		}
		if s := areaState(npa, country); s != "" {
			fmt.Fprintf(&b, "%d\t%s\t%s\n", npa, country, s)
		}
	}
	if *update {
		if err := os.WriteFile("npa_states.tsv", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("npa_states.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != b.String() {
		t.Error("npa_states.tsv is not what its source says; run go test -run AreaStateTable -update and look at the difference")
	}
}

func TestAreaState(t *testing.T) {
	cases := map[string]string{
		"+13035550100": "US CO", "+17205550100": "US CO", "+12125550100": "US NY", "+12025550100": "US DC",
		"+14165550100": "CA ON", "+18085550100": "US HI", "+17875550100": " ",
		"+18005550100": " ", "+19005550100": " ", "+442079460000": " ", "+1303": " ", "": " ",
	}
	for number, want := range cases {
		if country, code := window.AreaState(number); country+" "+code != want {
			t.Errorf("%s: %q, want %q", number, country+" "+code, want)
		}
	}
}
