package cadence

import (
	_ "embed" // the prefixes
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"
)

// premiumTable has a line per range of numbers that cost the caller extra: its
// first characters, "?" for any digit, and what it is. It names what the
// metadata of the phonenumbers library leaves out; that library knows the
// ranges of each country besides.
//
//go:embed premium.tsv
var premiumTable string

var premiumPrefixes = sync.OnceValue(func() []string {
	var all []string
	for line := range strings.Lines(premiumTable) {
		if prefix, _, ok := strings.Cut(line, "\t"); ok && !strings.HasPrefix(line, "#") {
			all = append(all, prefix)
		}
	}
	return all
})

// Premium reports whether a call to the number costs the caller extra, as far
// as is known: premium-rate and shared-cost numbers.
func Premium(n Number) bool {
	for _, prefix := range premiumPrefixes() {
		if matches(string(n), prefix) {
			return true
		}
	}
	if inPlan(n) && strings.HasPrefix(string(n), "+1") {
		return false // the plan's ranges are all in the table
	}
	parsed, err := phonenumbers.Parse(string(n), "")
	if err != nil {
		return false
	}
	kind := phonenumbers.GetNumberType(parsed)
	return kind == phonenumbers.PREMIUM_RATE || kind == phonenumbers.SHARED_COST
}

func matches(n, prefix string) bool {
	if len(n) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if prefix[i] != '?' && prefix[i] != n[i] {
			return false
		}
	}
	return true
}
