package statute

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// ground is where a number or an address may be: the countries and states
// whose laws hold, and the clocks.
type ground struct{ places, zones []string }

func (g *ground) add(places, zones string) {
	for p := range strings.FieldsSeq(places) {
		country, _, _ := strings.Cut(p, "-")
		g.places = with(with(g.places, country), p)
	}
	for z := range strings.FieldsSeq(zones) {
		g.zones = with(g.zones, z)
	}
}

func with(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

const (
	eastern  = "America/New_York"
	central  = "America/Chicago"
	mountain = "America/Denver"
	pacific  = "America/Los_Angeles"
)

// areas are the beginnings of numbers that lists are made of: one or more of
// every state, those with two clocks among them, and some of other countries.
var areas = map[string][2]string{
	"+1205": {"US-AL", central}, "+1334": {"US-AL", central + " " + eastern},
	"+1907": {"US-AK", "America/Anchorage America/Juneau America/Adak"},
	"+1602": {"US-AZ", "America/Phoenix"}, "+1928": {"US-AZ", "America/Phoenix " + mountain},
	"+1501": {"US-AR", central}, "+1415": {"US-CA", pacific}, "+1303": {"US-CO", mountain}, "+1860": {"US-CT", eastern},
	"+1302": {"US-DE", eastern}, "+1202": {"US-DC", eastern},
	"+1305": {"US-FL", eastern}, "+1850": {"US-FL", eastern + " " + central},
	"+1404": {"US-GA", eastern}, "+1808": {"US-HI", "Pacific/Honolulu"}, "+1208": {"US-ID", "America/Boise " + pacific},
	"+1312": {"US-IL", central}, "+1317": {"US-IN", "America/Indiana/Indianapolis"}, "+1219": {"US-IN", central + " " + eastern},
	"+1515": {"US-IA", central}, "+1316": {"US-KS", central}, "+1785": {"US-KS", central + " " + mountain},
	"+1502": {"US-KY", "America/Kentucky/Louisville"}, "+1270": {"US-KY", central + " " + eastern},
	"+1504": {"US-LA", central}, "+1207": {"US-ME", eastern}, "+1301": {"US-MD", eastern}, "+1617": {"US-MA", eastern},
	"+1313": {"US-MI", "America/Detroit"}, "+1906": {"US-MI", "America/Detroit America/Menominee"},
	"+1612": {"US-MN", central}, "+1601": {"US-MS", central}, "+1314": {"US-MO", central}, "+1406": {"US-MT", mountain},
	"+1402": {"US-NE", central}, "+1308": {"US-NE", central + " " + mountain},
	"+1702": {"US-NV", pacific}, "+1775": {"US-NV", pacific + " " + mountain},
	"+1603": {"US-NH", eastern}, "+1201": {"US-NJ", eastern}, "+1505": {"US-NM", mountain}, "+1212": {"US-NY", eastern},
	"+1704": {"US-NC", eastern}, "+1701": {"US-ND", central + " " + mountain}, "+1216": {"US-OH", eastern}, "+1405": {"US-OK", central},
	"+1503": {"US-OR", pacific}, "+1541": {"US-OR", pacific + " America/Boise"},
	"+1215": {"US-PA", eastern}, "+1401": {"US-RI", eastern}, "+1803": {"US-SC", eastern}, "+1605": {"US-SD", central + " " + mountain},
	"+1615": {"US-TN", central}, "+1423": {"US-TN", eastern + " " + central},
	"+1214": {"US-TX", central}, "+1915": {"US-TX", mountain + " " + central},
	"+1801": {"US-UT", mountain}, "+1435": {"US-UT", mountain + " America/Phoenix"}, "+1802": {"US-VT", eastern},
	"+1804": {"US-VA", eastern}, "+1206": {"US-WA", pacific}, "+1304": {"US-WV", eastern}, "+1414": {"US-WI", central}, "+1307": {"US-WY", mountain},

	"+1416": {"CA-ON", "America/Toronto"}, "+1604": {"CA-BC", "America/Vancouver"}, "+1250": {"CA-BC", "America/Vancouver America/Edmonton"},
	"+1306": {"CA-SK", "America/Regina America/Edmonton"}, "+1709": {"CA-NL", "America/St_Johns America/Halifax"},
	"+4420": {"GB", "Europe/London"}, "+447": {"GB", "Europe/London Europe/Guernsey Europe/Jersey Europe/Isle_of_Man"},
	"+331": {"FR", "Europe/Paris"}, "+336": {"FR", "Europe/Paris"},
	"+4930": {"DE", "Europe/Berlin"}, "+4915": {"DE", "Europe/Berlin"},
	"+9122": {"IN", "Asia/Kolkata"}, "+9198": {"IN", "Asia/Kolkata"},
	"+612": {"AU", "Australia/Sydney"}, "+613": {"AU", "Australia/Melbourne Australia/Hobart"}, "+617": {"AU", "Australia/Brisbane"},
	"+6189": {"AU", "Australia/Perth"},
	"+614":  {"AU", "Australia/Sydney Australia/Melbourne Australia/Hobart Australia/Brisbane Australia/Adelaide Australia/Darwin Australia/Perth Australia/Lord_Howe"},
}

// clocksOf are the clocks of the states that addresses name.
var clocksOf = map[string]string{
	"US-AL": central, "US-CT": eastern, "US-FL": eastern + " " + central, "US-HI": "Pacific/Honolulu",
	"US-KY": eastern + " " + central, "US-LA": central, "US-MD": eastern, "US-MS": central, "US-OK": central,
	"US-OR": pacific + " America/Boise", "US-PA": eastern, "US-RI": eastern, "US-SD": central + " " + mountain,
	"US-TX": central + " " + mountain, "US-UT": mountain, "US-WA": pacific, "CA-BC": "America/Vancouver America/Edmonton",
	"CA-NL": "America/St_Johns America/Halifax",
}

// posts are the beginnings of postal codes that addresses have.
var posts = map[string][2]string{
	"US 028": {"US-RI", eastern}, "US 029": {"US-RI", eastern}, "US 041": {"US-ME", eastern}, "US 200": {"US-DC", eastern},
	"US 325": {"US-FL", central}, "US 331": {"US-FL", eastern}, "US 392": {"US-MS", central}, "US 577": {"US-SD", mountain},
	"US 701": {"US-LA", central}, "US 799": {"US-TX", mountain}, "US 841": {"US-UT", mountain}, "US 850": {"US-AZ", "America/Phoenix"},
	"US 968": {"US-HI", "Pacific/Honolulu"}, "US 995": {"US-AK", "America/Anchorage"},
	"CA M5H": {"CA-ON", "America/Toronto"}, "CA A1C": {"CA-NL", "America/St_Johns"},
	"AU 487": {"AU", "Australia/Brisbane"}, "AU 600": {"AU", "Australia/Perth"},
	"FR 971": {"FR", "America/Guadeloupe"}, "FR 972": {"FR", "America/Martinique"}, "FR 973": {"FR", "America/Cayenne"},
	"FR 974": {"FR", "Indian/Reunion"}, "FR 976": {"FR", "Indian/Mayotte"},
}

// groundOf is where a number and the people who have it may be. It is false
// for a number of which nothing is known.
func groundOf(number string, holders []*Person) (g ground, known bool) {
	for end := len(number); end > 1; end-- {
		if a, ok := areas[number[:end]]; ok {
			g.add(a[0], a[1])
			known = true
			break
		}
	}
	for _, p := range holders {
		g.address(p)
	}
	return g, known
}

func (g *ground) address(p *Person) {
	if p.Country != "" {
		g.add(p.Country, "")
	}
	if p.State != "" {
		at := p.Country + "-" + p.State
		g.add(at, clocksOf[at])
	}
	if len(p.Postal) > 2 {
		at := posts[p.Country+" "+p.Postal[:3]]
		g.add(at[0], at[1])
	}
	if p.Zone != "" {
		g.add("", p.Zone)
	}
}

// clock is the named place's clock; it panics on a name of our own tables that
// the tz database lacks.
func clock(name string) *time.Location {
	if z, ok := clocks.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		panic("statute: " + err.Error())
	}
	clocks.Store(name, z)
	return z
}

var clocks sync.Map
