package statute

import (
	"fmt"
	"slices"
	"time"
)

// judge reads a log from its beginning.
type judge struct {
	house   House
	calls   []Call
	acts    []Act
	holders map[string][]*Person // by number
	found   []Objection
}

// Judge returns an objection for every law that a call of the log breaks. The
// calls are in the order of their times.
func Judge(h House, people []Person, acts []Act, calls []Call) []Objection {
	j := &judge{house: h, calls: calls, acts: slices.Clone(acts), holders: map[string][]*Person{}}
	for _, p := range people {
		for _, n := range p.Numbers {
			j.holders[n] = append(j.holders[n], &p)
		}
	}
	if !slices.IsSortedFunc(calls, func(a, b Call) int { return a.At.Compare(b.At) }) {
		panic("statute: the log is out of order")
	}
	j.spread()
	for i, c := range calls {
		g, known := groundOf(c.To, j.holders[c.To])
		switch {
		case !known:
			j.object(c, "unknown", "nothing is known of where %s is", c.To)
			continue
		case len(j.holders[c.To]) == 0:
			j.object(c, "stranger", "nobody on the list has %s", c.To)
		}
		j.hours(c, &g)
		j.caps(i, &g)
		j.silence(c, &g)
		j.consent(c, &g)
		j.listed(c, &g)
		j.ring(c, &g)
		j.shown(c, &g)
		j.abandoned(i, &g)
		j.wanted(c)
	}
	return j.found
}

func (j *judge) object(c Call, law, why string, args ...any) {
	j.found = append(j.found, Objection{Call: c, Law: law, Why: fmt.Sprintf(why, args...)})
}

// personWide marks a no that a person said about everything, on any number.
const personWide = "person"

// spread makes of a person's no one for each of their numbers, and lets that
// and the end of a stay take the time they may take to get there.
func (j *judge) spread() {
	for i, a := range slices.Clone(j.acts) {
		if a.Kind == Left && !a.Done.IsZero() {
			j.acts[i].Done = a.Done.Add(j.house.Spread)
		}
		if a.Kind != No || a.About != personWide || a.Done.IsZero() {
			continue
		}
		for _, p := range j.holders[a.Who] {
			for _, n := range p.Numbers {
				if n != a.Who {
					j.acts = append(j.acts, Act{Kind: No, Who: n, About: personWide, Asked: a.Asked, Done: a.Done.Add(j.house.Spread)})
				}
			}
		}
	}
}

// wanted judges what people and operators forbade: the number, the person's
// stay, or all dialing.
func (j *judge) wanted(c Call) {
	j.forbidden(c, No, Yes, c.To)
	j.forbidden(c, Stop, Resume, "")
	holders := j.holders[c.To]
	if len(holders) == 1 { // else nobody can say for whom it was
		j.forbidden(c, Left, Entered, holders[0].Name)
	}
}

// forbidden objects to a call behind a confirmed no that nobody has asked to
// lift since the no was asked for.
func (j *judge) forbidden(c Call, on, off Kind, who string) {
	for _, no := range j.acts {
		if no.Kind != on || no.Who != who || no.Done.IsZero() || !no.Done.Before(c.At) {
			continue
		}
		lifted := slices.ContainsFunc(j.acts, func(a Act) bool {
			return a.Kind == off && a.Who == who && sameMatter(a.About, no.About) && !a.Asked.Before(no.Asked) && !a.Asked.After(c.At)
		})
		if !lifted {
			j.object(c, "wanted."+string(on), "%s (%s) at %s, %s before", on, no.About, no.Done.UTC().Format(time.RFC3339), c.At.Sub(no.Done))
			return
		}
	}
}

// sameMatter: a no about everything is lifted as such, whoever said it.
func sameMatter(a, b string) bool {
	whole := func(s string) string {
		if s == personWide {
			return ""
		}
		return s
	}
	return whole(a) == whole(b)
}
