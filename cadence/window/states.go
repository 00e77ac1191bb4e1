package window

import (
	_ "embed" // the table of states
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// stateTable has a line per state, province and territory of the United
// States (49 CFR 71) and Canada: country, code, name, zones. A state that lies
// in several zones has them all.
//
//go:embed states.tsv
var stateTable string

// state is one line of the table.
type state struct {
	country, code string
	zones         []*time.Location
}

// states finds a state by country, a blank, and its code or name in upper
// case.
var states = sync.OnceValue(func() map[string]*state {
	table := make(map[string]*state)
	for line := range strings.Lines(stateTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cols := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cols) != 4 {
			panic("BUG: window: table of states: line " + strconv.Quote(line))
		}
		s := &state{country: cols[0], code: cols[1], zones: zonesNamed(strings.Split(cols[3], ","))}
		table[s.country+" "+s.code] = s
		table[s.country+" "+strings.ToUpper(cols[2])] = s
	}
	return table
})

// findState looks a state up in its country, or in both when country is
// empty: no code or name is used by both.
func findState(country, name string) *state {
	name = strings.ToUpper(strings.TrimSpace(name))
	switch country = strings.ToUpper(country); country {
	case "US", "CA":
		return states()[country+" "+name]
	case "":
		if s := states()["US "+name]; s != nil {
			return s
		}
		return states()["CA "+name]
	}
	return nil
}

// State finds a state or province of the United States or Canada by code or
// English name, in any case. Country is "US", "CA" or "" for either.
func State(country, name string) (inCountry, code string, ok bool) {
	s := findState(country, name)
	if s == nil {
		return "", "", false
	}
	return s.country, s.code, true
}

// StateZones is every zone of a state or province of the United States or
// Canada, sorted by name; none for anything else. The slice is shared: it must
// not be changed.
func StateZones(country, name string) []*time.Location {
	if s := findState(country, name); s != nil {
		return s.zones
	}
	return nil
}

// countries remembers CountryZones by region. It is bounded: only regions the
// library knows are kept.
var countries sync.Map

// CountryZones is every zone of a country or territory (ISO 3166), sorted by
// name; none when it is not known. Where countries share a calling code abroad
// the answer holds the zones of all of them. The slice is shared: it must not
// be changed.
func CountryZones(region string) []*time.Location {
	region = strings.ToUpper(region)
	if known, ok := countries.Load(region); ok {
		return known.([]*time.Location)
	}
	code := phonenumbers.GetCountryCodeForRegion(region)
	var zones []*time.Location
	switch code {
	case 0:
		return nil
	case 1:
		zones = planZones(region)
	default:
		zones = zonesOfPrefix(countryPrefix(code))
	}
	countries.Store(region, zones)
	return zones
}

// planZones is the union over a region's area codes and states.
func planZones(region string) []*time.Location {
	var zones []*time.Location
	for _, a := range areas() {
		if a != nil && a.region == region {
			zones = append(zones, a.zones...)
		}
	}
	for _, s := range states() {
		if s.country == region {
			zones = append(zones, s.zones...)
		}
	}
	return sorted(zones)
}

func countryPrefix(code int) string { return "+" + strconv.Itoa(code) }
