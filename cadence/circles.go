package cadence

import (
	"fmt"
	"slices"
	"strings"
)

// maxClosure bounds how many cadences are followed through transitions.
const maxClosure = 1000

// Closure is a cadence and every cadence that its transitions lead to, each
// once, nearest first. Names that lookup does not find are left out. It is
// what an export of one cadence takes along.
func Closure(name string, lookup Lookup) []*Document {
	var list []*Document
	seen := map[string]bool{name: true}
	for todo := []string{name}; len(todo) > 0 && len(list) < maxClosure; todo = todo[1:] {
		doc, ok := lookup(todo[0])
		if !ok {
			continue
		}
		list = append(list, doc)
		for _, t := range transitions(doc) {
			if !seen[t.to] {
				seen[t.to] = true
				todo = append(todo, t.to)
			}
		}
	}
	return list
}

// circles finds transitions that lead back to this cadence through others: an
// error when no way round has a delay, a warning otherwise.
func (l *linter) circles(lookup Lookup) {
	if lookup == nil {
		return
	}
	type question struct {
		to     string
		atOnce bool
	}
	answers := map[question][]string{} // many routes lead to few cadences
	back := func(to string, atOnce bool) []string {
		q := question{to, atOnce}
		way, ok := answers[q]
		if !ok {
			way = wayBack(l.doc.Name, to, lookup, atOnce)
			answers[q] = way
		}
		return way
	}
	for _, t := range transitions(l.doc) {
		if t.to == l.doc.Name {
			continue // loops reports it when it has no delay
		}
		if t.delay.IsZero() {
			if way := back(t.to, true); way != nil {
				l.errorAt(t.path, "loop_without_delay", "the transitions lead back here without any delay: "+strings.Join(way, " → "), "give one of them a delay")
				continue
			}
		}
		if way := back(t.to, false); way != nil {
			l.warnAt(t.path, "transition_cycle", fmt.Sprintf("the transitions lead back here: %s", strings.Join(way, " → ")), "a lead may go round without end; let re_entry stop it")
		}
	}
}

// wayBack is the chain of names from a cadence back to home, or nil. At once
// follows only transitions without delay.
func wayBack(home, from string, lookup Lookup, atOnce bool) []string {
	came := map[string]string{from: ""}
	for todo := []string{from}; len(todo) > 0 && len(came) < maxClosure; todo = todo[1:] {
		doc, ok := lookup(todo[0])
		if !ok {
			continue
		}
		for _, t := range transitions(doc) {
			if atOnce && !t.delay.IsZero() {
				continue
			}
			if t.to == home {
				way := []string{home}
				for name := todo[0]; name != ""; name = came[name] {
					way = append(way, name)
				}
				way = append(way, home)
				slices.Reverse(way)
				return way
			}
			if _, seen := came[t.to]; !seen {
				came[t.to] = todo[0]
				todo = append(todo, t.to)
			}
		}
	}
	return nil
}
