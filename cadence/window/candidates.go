package window

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// Reason says why a number has no candidate zones. The texts are rule ids.
type Reason string

// The reasons. Located is the empty one: there are zones.
const (
	Located Reason = ""
	// NonGeographic numbers (toll-free, personal, satellite) are tied to no
	// place.
	NonGeographic Reason = "tz.nongeographic"
	// Unknown numbers are in nobody's table.
	Unknown Reason = RuleNoZone
)

// Candidates returns every zone in which the holder of an E.164 number may be,
// sorted by name, and the number's region (ISO 3166, "" when not known). When
// there is none, why says so.
//
// Area codes of the North American plan answer for the whole of their ground.
// Elsewhere fixed lines answer for their area, and mobiles for the whole
// country. The slice is shared: it must not be changed.
func Candidates(e164 string) (zones []*time.Location, region string, why Reason) {
	if a, known := areaOf(e164); known {
		switch {
		case a == nil:
			return nil, "", Unknown
		case len(a.zones) == 0:
			return nil, a.region, NonGeographic
		}
		return a.zones, a.region, Located
	}
	return abroad(e164)
}

// CallingCode is the digits that E.164 numbers of a country begin with, "" for
// a code that is no country's.
func CallingCode(country string) string {
	if n := phonenumbers.GetCountryCodeForRegion(country); n > 0 {
		return strconv.Itoa(n)
	}
	return ""
}

// Region is the country or territory of an E.164 number (ISO 3166), "" when
// it is not known.
func Region(e164 string) string {
	if a, known := areaOf(e164); known {
		if a == nil {
			return ""
		}
		return a.region
	}
	n, err := phonenumbers.Parse(e164, "ZZ")
	if err != nil {
		return ""
	}
	return regionOf(n)
}

// globalRegion is what the library calls numbers that belong to no country.
const globalRegion = "001"

func regionOf(n *phonenumbers.PhoneNumber) string {
	region := phonenumbers.GetRegionCodeForNumber(n)
	if region == globalRegion || region == "ZZ" {
		return ""
	}
	return region
}

func abroad(e164 string) ([]*time.Location, string, Reason) {
	n, err := phonenumbers.Parse(e164, "ZZ")
	if err != nil {
		return nil, "", Unknown
	}
	code := int(n.GetCountryCode())
	if phonenumbers.GetRegionCodeForCountryCode(code) == globalRegion {
		return nil, "", NonGeographic
	}
	prefix := e164
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.FIXED_LINE:
	case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE, phonenumbers.UNKNOWN, phonenumbers.PAGER, phonenumbers.VOIP:
		prefix = countryPrefix(code)
	default: // toll-free, premium, shared cost, personal, UAN, voicemail
		return nil, regionOf(n), NonGeographic
	}
	zones := zonesOfPrefix(prefix)
	if len(zones) == 0 {
		return nil, regionOf(n), Unknown
	}
	for begins, left := range leftOut {
		if strings.HasPrefix(e164, begins) {
			zones = sorted(append(zonesNamed(left), zones...))
		}
	}
	return zones, regionOf(n), Located
}

// leftOut are zones that the library's metadata leaves out, by how the numbers
// begin. Queensland keeps no summer time, and of its fixed lines only some of
// Brisbane's are known to be there; the others are taken for Sydney's.
var leftOut = map[string][]string{"+617": {"Australia/Brisbane"}}

// zonesOfPrefix is the library's answer for the longest prefix it knows. Names
// that our tz database does not have make the answer unknown: leaving them out
// would widen the window.
func zonesOfPrefix(prefix string) []*time.Location {
	names, err := phonenumbers.GetTimezonesForPrefix(prefix)
	if err != nil {
		return nil
	}
	var zones []*time.Location
	for _, name := range names {
		zone, err := LoadZone(name)
		if err != nil {
			return nil
		}
		zones = append(zones, zone)
	}
	return sorted(zones)
}

// zonesNamed loads the zones of our own data, sorted by name.
func zonesNamed(names []string) []*time.Location {
	zones := make([]*time.Location, 0, len(names))
	for _, name := range names {
		zones = append(zones, mustZone(name))
	}
	return sorted(zones)
}

// sorted orders zones by name and drops repeats, in place.
func sorted(zones []*time.Location) []*time.Location {
	slices.SortFunc(zones, func(a, b *time.Location) int { return strings.Compare(a.String(), b.String()) })
	return slices.CompactFunc(zones, func(a, b *time.Location) bool { return a.String() == b.String() })
}
