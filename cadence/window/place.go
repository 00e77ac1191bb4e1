package window

import (
	"cmp"
	"slices"
	"time"
)

// Place is what a lead tells about where it is. Every part may be empty but
// the number.
type Place struct {
	Number    string // E.164
	Zone      string // an IANA name
	Confirmed bool   // the lead itself has confirmed Zone
	State     string // code or English name, of the United States or Canada
	Postal    string // a ZIP code, or a postal code of Canada, France or Australia; others say nothing
	Country   string // ISO 3166
}

// ForLead returns every zone in which a lead may be, sorted by name: those of
// its number, of its state and its postal code, else of its country where that
// is not the number's, and the explicit one. People keep their number when they move, so
// neither a state nor an explicit zone takes the number's zones away; only a
// confirmed one stands alone.
//
// A number without zones is no obstacle when a zone or state is given.
// Otherwise, and when the explicit zone is not a place in the tz database, why
// tells the reason and there are no zones. The slice may be shared: it must
// not be changed.
func ForLead(p Place) (zones []*time.Location, why Reason) {
	var explicit *time.Location
	if p.Zone != "" {
		var err error
		if explicit, err = LeadZone(p.Zone); err != nil {
			return nil, Unknown
		}
		if p.Confirmed {
			return []*time.Location{explicit}, Located
		}
	}
	number, region, why := Candidates(p.Number)
	address := addressZones(p, region)
	if explicit == nil && len(address) == 0 {
		return number, why
	}
	all := make([]*time.Location, 0, len(number)+len(address)+1)
	all = append(append(all, number...), address...)
	if explicit != nil {
		all = append(all, explicit)
	}
	return sorted(all), Located
}

// AddressStates are the states and provinces that a lead's address names, by
// code: the one it says and those of its postal code, which may differ.
func AddressStates(p Place) []string {
	var all []string
	if p.State != "" {
		if _, code, ok := State(p.Country, p.State); ok {
			all = append(all, code)
		}
	}
	for _, code := range PostalStates(p.Country, p.Postal) {
		if !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all
}

// addressZones is where the lead's address may be; none when it says no more
// than the number does.
func addressZones(p Place, numberRegion string) []*time.Location {
	if p.Postal == "" && p.State != "" { // the common case allocates nothing
		if zones := StateZones(p.Country, p.State); len(zones) > 0 {
			return zones
		}
	}
	var zones []*time.Location
	for _, state := range AddressStates(p) {
		zones = append(zones, StateZones(p.Country, state)...)
	}
	zones = append(zones, postalZones(cmp.Or(p.Country, numberRegion), p.Postal)...)
	if len(zones) > 0 {
		return zones
	}
	if p.Country != "" && p.Country != numberRegion {
		return CountryZones(p.Country)
	}
	return nil
}
