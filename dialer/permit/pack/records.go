package pack

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// records are what rules about retention may name, and how each is kept here.
// None of it is ever trimmed: the shortest time is the life of the ledger.
var records = map[string]string{
	"call_detail":    "closed attempts with caller ID, times, durations and permit",
	"disposition":    "closed attempts, and every correction with its author",
	"consent":        "the number's history of consents; an erased person's proofs as SHA-256",
	"dnc_request":    "the number's history of do-not-call marks, and dnc.log",
	"script_version": "every published version of a cadence that leads were enrolled in",
}

func recordNames() []string { return slices.Sorted(maps.Keys(records)) }

// Kept is one kind of record that a law wants kept, and how it is.
type Kept struct {
	What string
	How  string
	Rule string        // that asks for the longest time
	For  time.Duration // a year is 365 days
}

// Retention is what the set's rules want kept of calls to some countries (none:
// of any), each kind once with the longest time that a rule in force on a day
// asks for, by name.
func (s *Set) Retention(countries []string, day window.Day) (all []Kept) {
	longest := map[string]Kept{}
	s.Rules(func(r *Rule, a Applies) {
		here := len(countries) == 0 || len(a.Country) == 0 || slices.ContainsFunc(a.Country, func(c string) bool { return slices.Contains(countries, c) })
		if r.Kind != Retention || !here || !r.InForce(day) {
			return
		}
		keep, err := durationOf(r.Params.Keep)
		if err != nil {
			panic("BUG: pack: a checked duration: " + err.Error())
		}
		for _, what := range r.Params.What {
			if k := longest[what]; keep > k.For {
				longest[what] = Kept{What: what, How: records[what], Rule: r.ID, For: keep}
			}
		}
	})
	for _, k := range longest {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b Kept) int { return strings.Compare(a.What, b.What) })
	return all
}
