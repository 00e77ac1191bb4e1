package pack

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// placed is a rule with the file it stands in.
type placed struct {
	file *File
	rule *Rule
	path string
}

func (p placed) problem(field, message, remedy string) Problem {
	return Problem{p.file.Path, p.rule.At.of(field), under(p.path, field), message, remedy}
}

// added reports whether an operator added the rule for a time.
func (p placed) added() bool { return strings.HasPrefix(p.file.Path, overrides) }

func (s *Set) placed() (all []placed) {
	for _, f := range s.files {
		for i := range f.Rules {
			all = append(all, placed{f, &f.Rules[i], fmt.Sprintf("rules[%d]", i)})
		}
	}
	return all
}

// between finds packs, calendars and rules that share a name: versions of one
// rule may not be in force on the same day.
func (s *Set) between() Problems {
	var problems Problems
	packs, calendars := map[string]string{}, map[string]string{}
	for _, f := range s.files {
		if other, taken := packs[f.Pack]; taken {
			problems = append(problems, Problem{f.Path, f.At.of("pack"), "pack", fmt.Sprintf("%q is the pack of %s too", f.Pack, other), "rename one"})
		}
		packs[f.Pack] = f.Path
		for i := range f.Calendars {
			cal := &f.Calendars[i]
			if other, taken := calendars[cal.ID]; taken {
				problems = append(problems, Problem{f.Path, cal.At.of("id"), fmt.Sprintf("calendars[%d].id", i), fmt.Sprintf("%q is a calendar of %s too", cal.ID, other), "rename one"})
			}
			calendars[cal.ID] = f.Path
		}
	}
	seen := map[string][]placed{}
	for _, p := range s.placed() {
		for _, other := range seen[p.rule.ID] {
			if overlap(p.rule, other.rule) {
				problems = append(problems, p.problem("id", fmt.Sprintf("%q is in force on the same days as the rule of %s:%d", p.rule.ID, other.file.Path, other.rule.At.of("id")),
					"give it another id, or let effective_to of the one end before effective_from of the other"))
			}
		}
		seen[p.rule.ID] = append(seen[p.rule.ID], p)
	}
	return problems
}

func overlap(a, b *Rule) bool {
	return (a.until == 0 || b.since <= a.until) && (b.until == 0 || a.since <= b.until)
}

// unbounded finds that no window holds for every call: then some calls would
// have no hours at all, and the permit would block them without a rule to name.
func (s *Set) unbounded() Problems {
	for _, p := range s.placed() {
		if p.rule.Kind == Window && p.file.Applies.over(p.rule.Applies).IsZero() && p.rule.From == "" && p.rule.To == "" &&
			len(p.rule.WaivedBy) == 0 && p.rule.Params.Zone == "" {
			return nil
		}
	}
	f := s.files[len(s.files)-1]
	return Problems{{
		File: f.Path, Line: f.At.of("rules"), Field: "rules",
		Message: "no window holds for every call: some calls would have no hours, and none of them would be placed",
		Remedy:  "write a rule of kind window without applies, waived_by, effective dates and zone, as house.hours in house.yaml is",
	}}
}

// Bounded reports whether some window holds for every call. A set without is
// refused; one that an earlier release put in force blocks what has no hours.
func (s *Set) Bounded() bool { return s.unbounded() == nil }

// contradictions finds places where the windows in force leave no minute of
// the week: nobody could ever be called there, and nobody would be told why.
func (s *Set) contradictions() Problems {
	var problems Problems
	told := map[string]bool{}
	windows, weeks := s.weeks()
	for _, q := range s.queries() {
		for _, day := range s.turns() {
			p, with, ok := shut(windows, weeks, &q, day)
			if ok || told[p.rule.ID] {
				continue
			}
			told[p.rule.ID] = true
			other := "the other windows"
			if with.rule != nil {
				other = fmt.Sprintf("%s (%s:%d)", with.rule.ID, with.file.Path, with.rule.At.of("params"))
			}
			problems = append(problems, p.problem("params", fmt.Sprintf("with %s it leaves no minute of the week (%s)", other, q), "correct the hours, or forbid calls by a rule of kind emergency"))
		}
	}
	return problems
}

// weeks are the window rules with their minutes.
func (s *Set) weeks() (windows []placed, weeks []window.Week) {
	for _, p := range s.placed() {
		if p.rule.Kind != Window {
			continue
		}
		week, err := weekOf(p.rule.Params.Days)
		if err != nil {
			panic("BUG: pack: a checked window: " + err.Error())
		}
		windows, weeks = append(windows, p), append(weeks, week)
	}
	return windows, weeks
}

// shut finds the first window that leaves no minute open on a day, and the one
// it does not agree with, unless it takes several for that; ok says that there
// is none. Of the two an operator's own is the one at fault.
func shut(windows []placed, weeks []window.Week, q *Query, day window.Day) (p, with placed, ok bool) {
	left, before := window.Full(), []int{}
	for i, p := range windows {
		if !p.rule.InForce(day) || !p.file.Applies.over(p.rule.Applies).about(q) {
			continue
		}
		if left = window.Intersect(left, weeks[i]); !left.Empty() {
			before = append(before, i)
			continue
		}
		for _, j := range before {
			if both := window.Intersect(weeks[j], weeks[i]); both.Empty() {
				with = windows[j]
				break
			}
		}
		if with.rule != nil && with.added() && !p.added() {
			return with, p, false
		}
		return p, with, false
	}
	return placed{}, placed{}, true
}

// InForce reports whether the rule is in force on a local day.
func (r *Rule) InForce(day window.Day) bool {
	return (r.since == 0 || day >= r.since) && (r.until == 0 || day <= r.until)
}

// turns are days on which other windows are in force than the day before.
func (s *Set) turns() []window.Day {
	days := map[window.Day]bool{1: true}
	for _, p := range s.placed() {
		if p.rule.Kind != Window {
			continue
		}
		if p.rule.since != 0 {
			days[p.rule.since] = true
		}
		if p.rule.until != 0 {
			days[p.rule.until+1] = true
		}
	}
	return slices.Sorted(maps.Keys(days))
}

// queries are all kinds of calls that the rules tell apart by place and
// purpose.
func (s *Set) queries() (all []Query) {
	places := map[string]bool{}
	for _, p := range s.placed() {
		a := p.file.Applies.over(p.rule.Applies)
		for _, country := range a.Country {
			places[country+" "] = true
			for _, state := range a.State {
				places[country+" "+state] = true
			}
		}
	}
	for _, place := range slices.Sorted(maps.Keys(places)) {
		country, state, _ := strings.Cut(place, " ")
		q := Query{Countries: []string{country}}
		if state != "" {
			q.States = []string{state}
		}
		for _, q.Purpose = range purposes {
			for _, q.Voice = range voices {
				all = append(all, q)
			}
		}
	}
	return all
}

// Due are the packs, calendars and rules whose review is overdue on a day:
// what they say may be law no more.
func (s *Set) Due(today window.Day) Problems {
	var problems Problems
	late := func(file string, line int, field, text string) {
		if day, err := dayOf(text); text != "" && err == nil && today > day {
			problems = append(problems, Problem{file, line, field, "the review was due on " + text, "check it against the law, then set a later day"})
		}
	}
	for _, f := range s.files {
		late(f.Path, f.At.of("review_by"), "review_by", f.ReviewBy)
		for i := range f.Calendars {
			late(f.Path, f.Calendars[i].At.of("review_by"), fmt.Sprintf("calendars[%d].review_by", i), f.Calendars[i].ReviewBy)
		}
		for i := range f.Rules {
			late(f.Path, f.Rules[i].At.of("review_by"), fmt.Sprintf("rules[%d].review_by", i), f.Rules[i].ReviewBy)
		}
	}
	return problems
}
