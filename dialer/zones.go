package dialer

import (
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
)

// zoneSet is the parsed form of an enrollment's zone text: the candidate zones
// of one number, or the rule that says there are none, and the countries and
// states whose laws apply.
type zoneSet struct {
	zones  []*time.Location
	rule   string
	places []string
}

// zonesOf parses and remembers a zone text. There are about as many texts as
// area codes, so the cache stays small.
func (c *Core) zonesOf(text string) *zoneSet {
	if z, ok := c.zones[text]; ok {
		return z
	}
	z := parseZones(text)
	c.zones[text] = z
	return z
}

// parseZones reads a text that zoneText wrote, now or in a release that did
// not write places.
func parseZones(text string) *zoneSet {
	names, places, placed := strings.Cut(text, "@")
	z := &zoneSet{}
	if placed && places != "" {
		z.places = strings.Split(places, ",")
	}
	if rule, none := strings.CutPrefix(names, "!"); none {
		z.rule = rule
		return z
	}
	for name := range strings.SplitSeq(names, ",") {
		loc, err := window.LoadZone(name)
		if err != nil {
			return &zoneSet{rule: window.RuleNoZone, places: z.places}
		}
		z.zones = append(z.zones, loc)
	}
	return z
}

// ZoneNames are the names of the zones in an enrollment's zone text; none when
// it says that there are none.
func ZoneNames(text string) []string {
	names, _, _ := strings.Cut(text, "@")
	if names == "" || strings.HasPrefix(names, "!") {
		return nil
	}
	return strings.Split(names, ",")
}

// zoneText finds the candidate zones of one of a lead's numbers and the places
// whose laws apply: "America/Denver@US,US-CO", or "!tz.unknown@" and places.
func zoneText(lead *cadence.Lead, n cadence.Number) string {
	place := window.Place{Number: string(n), Zone: lead.Zone, State: lead.State, Postal: lead.PostalCode, Country: lead.Country}
	zones, why := window.ForLead(place)
	names := make([]string, len(zones))
	for i, z := range zones {
		names[i] = z.String()
	}
	text := strings.Join(names, ",")
	if len(zones) == 0 {
		text = "!" + string(why)
	}
	return text + "@" + strings.Join(PlacesOf(place), ",")
}

// PlacesOf are the countries and states of number and address, as in US and
// US-FL: the laws of all of them hold.
func PlacesOf(p window.Place) []string {
	places := withPlaces(nil, numberPlaces(p.Number, window.Region(p.Number))...)
	if country := strings.ToUpper(strings.TrimSpace(p.Country)); len(country) == 2 {
		places = withPlaces(places, country)
	}
	for _, code := range window.AddressStates(p) {
		if country, _, ok := window.State(p.Country, code); ok {
			places = withPlaces(places, country, country+"-"+code)
		}
	}
	return places
}

// home is the zone in which a lead's calendar delays are counted: the first
// candidate of the number.
func (z *zoneSet) home() *time.Location {
	if len(z.zones) == 0 {
		return time.UTC
	}
	return z.zones[0]
}
