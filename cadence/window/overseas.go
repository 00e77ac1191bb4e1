package window

import (
	"strings"
	"time"
)

// overseas are the zones of postal codes abroad, by country and how the codes
// begin, in countries with several clocks: the departments and collectivities
// of France beyond Europe, and the states of Australia.
var overseas = map[string]map[string][]string{
	"FR": {
		"971": {"America/Guadeloupe"}, "972": {"America/Martinique"}, "973": {"America/Cayenne"}, "974": {"Indian/Reunion"},
		"975": {"America/Miquelon"}, "976": {"Indian/Mayotte"}, "977": {"America/St_Barthelemy"}, "978": {"America/Marigot"},
		"986": {"Pacific/Wallis"}, "987": {"Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier"}, "988": {"Pacific/Noumea"},
	},
	"AU": {
		"0": {"Australia/Darwin"}, "1": {"Australia/Sydney"}, "2": {"Australia/Sydney", "Australia/Broken_Hill", "Australia/Lord_Howe"},
		"3": {"Australia/Melbourne"}, "4": {"Australia/Brisbane", "Australia/Lindeman"}, "5": {"Australia/Adelaide"},
		"6": {"Australia/Perth", "Australia/Eucla"}, "7": {"Australia/Hobart"}, "8": {"Australia/Melbourne"}, "9": {"Australia/Brisbane"},
	},
}

// overseasLength is how long a whole code is.
var overseasLength = map[string]int{"FR": 5, "AU": 4}

// postalZones are the zones of a postal code of a country that overseas knows;
// none where it says no more than the country does.
func postalZones(country, code string) []*time.Location {
	country = strings.ToUpper(country)
	code = strings.ReplaceAll(code, " ", "")
	if len(code) != overseasLength[country] || code == "" {
		return nil
	}
	var zones []*time.Location
	for begins, names := range overseas[country] {
		if strings.HasPrefix(code, begins) {
			zones = append(zones, zonesNamed(names)...)
		}
	}
	return zones
}
