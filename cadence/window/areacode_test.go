package window_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence/window"
)

var update = flag.Bool("update", false, "write npa.tsv again from the library and npa_extra.tsv")

// wholePlan is how many zones the library answers with when it knows only
// that a number is North American.
func wholePlan(t *testing.T) int {
	t.Helper()
	names, err := phonenumbers.GetTimezonesForPrefix("1")
	if err != nil || len(names) < 40 {
		t.Fatalf("the library knows %d zones of the plan, %v", len(names), err)
	}
	return len(names)
}

// libraryZones is the union of the library's answers over all exchanges.
func libraryZones(t *testing.T, npa, whole int) map[string]bool {
	t.Helper()
	union := map[string]bool{}
	for exchange := 200; exchange < 1000; exchange++ {
		names, err := phonenumbers.GetTimezonesForPrefix(fmt.Sprintf("1%d%d0123", npa, exchange))
		if err != nil {
			t.Fatal(err)
		}
		if len(names) == whole {
			continue
		}
		for _, name := range names {
			union[name] = true
		}
	}
	return union
}

// libraryRegion is the region of the first sampled exchange that has one.
func libraryRegion(t *testing.T, npa int) string {
	t.Helper()
	for exchange := 200; exchange < 1000; exchange += 61 {
		n := &phonenumbers.PhoneNumber{
			CountryCode:    new(int32(1)),
			NationalNumber: new(uint64(npa*10_000_000 + exchange*10_000 + 123)),
		}
		if region := phonenumbers.GetRegionCodeForNumber(n); region != "" {
			return region
		}
	}
	return ""
}

// libraryStates is what the library tells of the ground of an area code, as
// codes of states: it writes "Stockton, CA", "Maryland" or several names.
func libraryStates(npa int) string {
	for exchange := 555; exchange < 1000; exchange += 61 {
		n := &phonenumbers.PhoneNumber{CountryCode: new(int32(1)), NationalNumber: new(uint64(npa*10_000_000 + exchange*10_000 + 123))}
		place, err := phonenumbers.GetGeocodingForNumber(n, "en")
		if err != nil {
			continue // it knows no region of the number
		}
		if codes := statesNamed(place); len(codes) > 0 {
			return strings.Join(codes, ",")
		}
	}
	return "-"
}

func statesNamed(place string) (codes []string) {
	if _, code, city := strings.Cut(place, ", "); city {
		place = code
	}
	for name := range strings.SplitSeq(place, "/") {
		switch name {
		case "Washington State":
			name = "WA"
		case "Washington D.C.":
			name = "DC"
		}
		if _, code, ok := window.State("", name); ok {
			codes = append(codes, code)
		}
	}
	return codes
}

func extraZones(t *testing.T) map[string][]string {
	t.Helper()
	data, err := os.ReadFile("npa_extra.tsv")
	if err != nil {
		t.Fatal(err)
	}
	extra := map[string][]string{}
	for line := range strings.Lines(string(data)) {
		if cols := strings.Split(line, "\t"); len(cols) == 3 && !strings.HasPrefix(line, "#") {
			extra[cols[0]] = strings.Split(cols[1], ",")
		} else if !strings.HasPrefix(line, "#") {
			t.Fatalf("npa_extra.tsv: line %q", line)
		}
	}
	return extra
}

// TestAreaCodeTable makes the table from its sources and compares. With
// -update it writes it.
func TestAreaCodeTable(t *testing.T) {
	whole, extra := wholePlan(t), extraZones(t)
	var b strings.Builder
	b.WriteString("# Made by go test -run AreaCodeTable -update. Code, region, zones, states (- for none).\n")
	for npa := 200; npa < 1000; npa++ {
		zones := libraryZones(t, npa, whole)
		for _, name := range extra[fmt.Sprint(npa)] {
			zones[name] = true
		}
		region := libraryRegion(t, npa)
		if region == "" {
			if len(zones) > 0 {
				t.Errorf("area code %d: zones %v but no region", npa, zones)
			}
			continue
		}
		names := "-"
		if len(zones) > 0 {
			names = strings.Join(slices.Sorted(maps.Keys(zones)), ",")
		}
		states := "-"
		if region == "US" || region == "CA" {
			states = libraryStates(npa)
		}
		if region == "US" && names != "-" && states == "-" {
			t.Errorf("area code %d: zones %s but no state", npa, names)
		}
		fmt.Fprintf(&b, "%d\t%s\t%s\t%s\n", npa, region, names, states)
	}
	if *update {
		if err := os.WriteFile("npa.tsv", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("npa.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != b.String() {
		t.Error("npa.tsv is not what its sources say; run go test -run AreaCodeTable -update and look at the difference")
	}
}

func names(zs []*time.Location) string {
	var all []string
	for _, z := range zs {
		all = append(all, z.String())
	}
	return strings.Join(all, " ")
}

// The sample of one line per exchange that made the table must not miss what
// the library knows of single lines.
func TestCandidatesHoldTheLibrarysAnswer(t *testing.T) {
	whole := wholePlan(t)
	rapid.Check(t, func(t *rapid.T) {
		digits := fmt.Sprintf("1%03d%03d%04d", rapid.IntRange(200, 999).Draw(t, "npa"),
			rapid.IntRange(200, 999).Draw(t, "nxx"), rapid.IntRange(0, 9999).Draw(t, "line"))
		theirs, err := phonenumbers.GetTimezonesForPrefix(digits)
		if err != nil {
			t.Fatal(err)
		}
		zs, region, why := window.Candidates("+" + digits)
		if (why == window.Located) != (len(zs) > 0) || (why == window.Unknown) != (region == "") {
			t.Fatalf("+%s: zones %v, region %q, reason %q", digits, zs, region, why)
		}
		if len(theirs) == whole {
			return
		}
		for _, name := range theirs {
			if !strings.Contains(" "+names(zs)+" ", " "+name+" ") {
				t.Fatalf("+%s: library says %s, we say %s", digits, name, names(zs))
			}
		}
	})
}

func TestCandidates(t *testing.T) {
	for _, c := range []struct {
		number, zones, region string
		why                   window.Reason
	}{
		{"+12125550100", "America/New_York", "US", ""},
		{"+13035550142", "America/Denver", "US", ""},
		{"+18505550100", "America/Chicago America/New_York", "US", ""},
		{"+14485550100", "America/Chicago America/New_York", "US", ""},
		{"+12085550100", "America/Boise America/Denver America/Los_Angeles", "US", ""},
		{"+19285550100", "America/Denver America/Phoenix", "US", ""},
		{"+14235550100", "America/Chicago America/New_York", "US", ""},
		{"+12365550100", "America/Edmonton America/Vancouver", "CA", ""},
		{"+14165550100", "America/Toronto", "CA", ""},
		{"+17875550100", "America/Puerto_Rico", "PR", ""},
		{"+18765550100", "America/Jamaica", "JM", ""},
		{"+18005550100", "", "US", window.NonGeographic},
		{"+18885550100", "", "US", window.NonGeographic},
		{"+19005550100", "", "US", window.NonGeographic},
		{"+16005550100", "", "CA", window.NonGeographic},
		{"+12115550100", "", "", window.Unknown},
		{"+1303555014", "", "", window.Unknown},
		{"+130355501422", "", "", window.Unknown},
		{"+1303555014x", "", "", window.Unknown},
		{"", "", "", window.Unknown},
		{"3035550142", "", "", window.Unknown},
		{"+442079460123", "Europe/London", "GB", ""},
		{"+447400123456", "Europe/Guernsey Europe/Isle_of_Man Europe/Jersey Europe/London", "GB", ""},
		{"+33612345678", "Europe/Paris", "FR", ""},
		{"+61412345678", "Australia/Adelaide Australia/Brisbane Australia/Eucla Australia/Lord_Howe Australia/Perth Australia/Sydney Indian/Christmas Indian/Cocos", "AU", ""},
		{"+61292505678", "Australia/Sydney", "AU", ""},
		{"+919876543210", "Asia/Calcutta", "IN", ""},
		{"+448081570000", "", "GB", window.NonGeographic},
		{"+80012345678", "", "", window.NonGeographic},
		{"+9999999", "", "", window.Unknown},
	} {
		zs, region, why := window.Candidates(c.number)
		if names(zs) != c.zones || region != c.region || why != c.why {
			t.Errorf("Candidates(%s) = %q, %q, %q", c.number, names(zs), region, why)
		}
		if got := window.Region(c.number); got != c.region {
			t.Errorf("Region(%s) = %q", c.number, got)
		}
	}
}

// Every zone name the library can answer with must be in our database, or
// numbers there could never be called.
func TestLibraryZonesAreInOurDatabase(t *testing.T) {
	for code := range phonenumbers.GetSupportedCallingCodes() {
		theirs, err := phonenumbers.GetTimezonesForPrefix(fmt.Sprint(code))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range theirs {
			if _, err := window.LoadZone(name); err != nil && name != phonenumbers.UNKNOWN_TIMEZONE {
				t.Errorf("+%d: %v", code, err)
			}
		}
	}
}

func TestAreaStates(t *testing.T) {
	for number, want := range map[string]string{
		"+12035550100": "CT", "+18505550100": "FL", "+12025550100": "DC", "+12065550100": "WA", "+19025550100": "NS,PE", "+14165550100": "ON",
		"+17875550100": "", "+18005550100": "", "+12115550100": "", "+442079460123": "", "": "",
	} {
		if got := strings.Join(window.AreaStates(number), ","); got != want {
			t.Errorf("AreaStates(%s) = %q, want %q", number, got, want)
		}
	}
	for code := 201; code < 990; code++ {
		number := fmt.Sprintf("+1%d5550100", code)
		for _, state := range window.AreaStates(number) {
			zs, region, _ := window.Candidates(number)
			if in, _, ok := window.State(region, state); !ok || in != region || len(zs) == 0 {
				t.Errorf("area code %d: state %q of %q", code, state, region)
			}
		}
	}
}
