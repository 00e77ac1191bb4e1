package dialer

import (
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
)

// zoneSet is the parsed form of an enrollment's zone text: the candidate zones
// of one number, or the rule that says there are none.
type zoneSet struct {
	zones []*time.Location
	rule  string
}

// zonesOf parses and remembers a zone text. There are about as many texts as
// area-code classes, so the cache stays small.
func (c *Core) zonesOf(text string) zoneSet {
	if z, ok := c.zones[text]; ok {
		return z
	}
	z := parseZones(text)
	c.zones[text] = z
	return z
}

func parseZones(text string) zoneSet {
	if rule, none := strings.CutPrefix(text, "!"); none {
		return zoneSet{rule: rule}
	}
	var z zoneSet
	for name := range strings.SplitSeq(text, ",") {
		loc, err := window.LoadZone(name)
		if err != nil {
			return zoneSet{rule: "tz.unknown"}
		}
		z.zones = append(z.zones, loc)
	}
	return z
}

// zoneText finds the candidate zones of one of a lead's numbers.
func zoneText(lead *cadence.Lead, n cadence.Number) string {
	zones, why := window.ForLead(window.Place{Number: string(n), Zone: lead.Zone, State: lead.State, Country: lead.Country})
	if len(zones) == 0 {
		return "!" + string(why)
	}
	names := make([]string, len(zones))
	for i, z := range zones {
		names[i] = z.String()
	}
	return strings.Join(names, ",")
}

// home is the zone in which a lead's calendar delays are counted: the first
// candidate of the number.
func (z zoneSet) home() *time.Location {
	if len(z.zones) == 0 {
		return time.UTC
	}
	return z.zones[0]
}
