package cadence

import (
	"fmt"
	"strings"
)

// Lint reports what is allowed but unlikely to be meant, as warnings, and what
// can never work, as errors: steps that are never reached, loops without
// delay, windows that are never open or that a delay never meets, caps that
// hold up retries, runs or transitions, retries without a limit, calls back for which no time is agreed, circles of transitions among cadences (through lookup, which
// may be nil), conditions near their budget, unset variables, and what is said
// besides so that people can say no. It looks at
// documents that Validate finds no error in; others give a partial answer.
func Lint(doc *Document, known Known, lookup Lookup) []Problem {
	if oversize(doc) {
		return nil // Validate reports it
	}
	l := &linter{doc: doc, known: known}
	l.problems = loops(doc, known)
	l.reach()
	l.retries()
	l.endlessCallbacks()
	l.hours()
	l.overshadowed()
	l.tooManyTries()
	l.tooManyRuns(lookup)
	l.lawful()
	l.conditions()
	l.variables()
	l.circles(lookup)
	l.optOut()
	l.callBack()
	return l.problems
}

type linter struct {
	findings
	doc   *Document
	known Known
}

// reach finds steps that no outcome leads to.
func (l *linter) reach() {
	if len(l.doc.Steps) == 0 {
		return
	}
	reached := make([]bool, len(l.doc.Steps))
	reached[0] = true
	todo := []int{0}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, to := range l.from(i) {
			if !reached[to] {
				reached[to] = true
				todo = append(todo, to)
			}
		}
	}
	for i := range reached {
		if !reached[i] {
			l.warnAt(at("steps", i), "unreachable_step", fmt.Sprintf("no outcome leads to step %q", l.doc.Steps[i].Key), "route an outcome to it or remove it")
		}
	}
}

// from lists the steps that may follow step i, by any way.
func (l *linter) from(i int) []int {
	var list []int
	for _, e := range edgesOf(l.doc, i, l.known) {
		if e.to != leaves {
			list = append(list, e.to)
		}
	}
	s := &l.doc.Steps[i]
	for j := range l.doc.Steps {
		if l.doc.Steps[j].Parent == s.Key {
			list = append(list, j)
		}
	}
	for _, boost := range s.Boosts {
		if j := l.doc.StepIndex(boost.Step); j >= 0 {
			list = append(list, j)
		}
	}
	return list
}

// eachRoute calls f for every route of the cadence and of its steps.
func (l *linter) eachRoute(f func(path string, r *Route)) {
	for j := range l.doc.Routes {
		f(at("routes", j), &l.doc.Routes[j])
	}
	for i := range l.doc.Steps {
		for j := range l.doc.Steps[i].Routes {
			f(at(at("steps", i)+".routes", j), &l.doc.Steps[i].Routes[j])
		}
	}
}

func (l *linter) retries() {
	l.eachRoute(func(path string, r *Route) {
		if r.Do == DoRetry && r.Max == 0 {
			l.warnAt(path+".max", "retry_without_max", fmt.Sprintf("the route does not say how often %s is retried: as often as the disposition's own route says, else once", clip(string(r.On))), "give max")
		}
	})
}

func (l *linter) conditions() {
	each := func(path, source string) {
		if source == "" {
			return
		}
		c, err := CompileCondition(source)
		if err != nil {
			return // Validate reports it
		}
		if c.nodes > MaxConditionNodes*3/4 || c.depth > MaxConditionDepth*3/4 {
			l.warnAt(path, "expression_budget", fmt.Sprintf("the condition has %d of %d parts and is nested %d of %d deep", c.nodes, MaxConditionNodes, c.depth, MaxConditionDepth), "split it or use in [ … ]")
		}
		if !c.reads() {
			l.warnAt(path, "constant_condition", "the condition does not look at anything", "compare a field of lead, attempt or now")
		}
	}
	for i := range l.doc.ExitWhen {
		each(at("exit_when", i)+".if", l.doc.ExitWhen[i].If)
	}
	for i := range l.doc.Steps {
		each(at("steps", i)+".advanced.condition", l.doc.Steps[i].Advanced.Condition)
	}
}

// variables finds merge fields that no variable of the step fills.
func (l *linter) variables() {
	for i := range l.doc.Steps {
		s, path := &l.doc.Steps[i], at("steps", i)
		each := func(path, text string) {
			names, err := MergeFields(text)
			if err != nil {
				return // Validate reports it
			}
			for _, field := range names {
				name, ok := strings.CutPrefix(field, "vars.")
				if _, set := s.Advanced.Variables[name]; ok && !set {
					l.warnAt(path, "unset_variable", fmt.Sprintf("the step sets no variable %q; the field stays empty", clip(name)), "set it in advanced.variables")
				}
			}
		}
		each(path+".script", s.Script)
		each(path+".voicemail.text", s.Voicemail.Text)
		for j := range s.Connect {
			each(at(path+".connect", j)+".text", s.Connect[j].Text)
		}
	}
}
