package cadence

import (
	"fmt"
	"slices"
	"time"
)

// overshadowed finds caps that say nothing, because another one always holds
// first: at most as many calls in at least as long.
func (l *linter) overshadowed() {
	if l.doc.Caps == nil {
		return
	}
	all := l.doc.Caps.Lead
	for i, c := range all {
		for j, other := range all {
			if i != j && shadows(other, c) && (!shadows(c, other) || j < i) {
				l.warnAt(at("caps.lead", i), "cap_overshadowed", fmt.Sprintf("%d calls per %s are never reached: %d per %s hold first", c.Max, c.Per, other.Max, other.Per), "remove it, or correct one of the two")
				break
			}
		}
	}
}

// shadows reports whether nobody who keeps a can exceed b.
func shadows(a, b Cap) bool {
	long, err := a.Rolling()
	short, bad := b.Rolling()
	if err != nil || bad != nil || a.Max > b.Max {
		return false
	}
	return a.Per == b.Per || a.Per != CapPerDay && b.Per != CapPerDay && long >= short
}

// tooManyTries finds retries that alone take longer than a cap lets them: they
// are made all the same, only later than the route says. A route of the cadence
// is looked at for every step that has none of its own for the outcome, and told
// once.
func (l *linter) tooManyTries() {
	if l.doc.Caps == nil {
		return
	}
	told := map[string]bool{}
	for i := range l.doc.Steps {
		if l.doc.Steps[i].dialed() {
			l.triesOf(&l.doc.Steps[i], at("steps", i)+".routes", told)
		}
	}
}

func (l *linter) triesOf(s *Step, path string, told map[string]bool) {
	routed := map[DispositionCode]bool{}
	look := func(path string, routes []Route) {
		for j := range routes {
			r, code := &routes[j], l.known.canonical(routes[j].On)
			if !routed[code] && !told[at(path, j)] {
				told[at(path, j)] = l.tries(at(path, j), r)
			}
			routed[code] = true
		}
	}
	look(path, s.Routes)
	look("routes", l.doc.Routes)
}

// tries reports, and says, whether a cap holds up a route's retries.
func (l *linter) tries(path string, r *Route) bool {
	if r.Do != DoRetry || r.Max == 0 {
		return false
	}
	apart, known := Span{}, false
	switch {
	case r.Delay != nil:
		apart, known = *r.Delay, true
	case l.known.RetryDelay != nil:
		apart, known = l.known.RetryDelay(l.known.canonical(r.On))
	}
	delay, exact := apart.Exact()
	if !known || !exact {
		return false
	}
	for _, c := range l.doc.Caps.Lead {
		if span, err := c.Rolling(); err == nil && span > 0 && r.Max+1 > c.Max && time.Duration(c.Max)*delay < span {
			l.warnAt(path, "cap_delays_retries",
				fmt.Sprintf("%d tries %s apart, but at most %d calls per %s to a lead", r.Max+1, apart, c.Max, c.Per), "the tries that are over wait until the cap lets them; allow fewer, or more time between them")
			return true
		}
	}
	return false
}

// dialed reports whether the engine calls in this step.
func (s *Step) dialed() bool { return s.Kind == StepCall && s.PlacedBy != "rep" }

// tooManyRuns finds runs that follow each other, and cadences that follow this
// one, sooner than a cap per lead lets their calls be made. A run is taken for
// one call of each step that always calls, so it is no guess about outcomes.
func (l *linter) tooManyRuns(lookup Lookup) {
	run, ok := l.passage(l.doc)
	if !ok {
		return
	}
	runs, gap := l.doc.Runs, l.doc.Runs.Gap
	n := max(runs.Max, 1)
	if runs.Then == ThenRestart {
		n = MaxCapCalls + 1
	}
	if c := crowded(repeated(run, gap.Approx(), n), len(run.at), l.doc.Caps); c != nil {
		l.warnAt("runs.gap", "cap_delays_runs", fmt.Sprintf("runs of %d calls %s apart, but at most %d calls per %s to a lead", len(run.at), gap, c.Max, c.Per),
			"the next run waits until the cap lets it; give a longer gap, or fewer runs")
	}
	if lookup != nil {
		l.tooSoonElsewhere(run, lookup)
	}
}

// tooSoonElsewhere looks at the caps of the cadences that this one transitions
// to: they count its calls too.
func (l *linter) tooSoonElsewhere(run passage, lookup Lookup) {
	for _, t := range transitions(l.doc) {
		other, ok := lookup(t.to)
		if !ok || other.Caps == nil || oversize(other) {
			continue
		}
		next, ok := l.passage(other)
		if !ok {
			continue
		}
		before, wait := passage{at: []time.Duration{0}}, t.delay
		if t.path == afterRuns { // after the last step, by the delay of its own edge
			before, wait = run, l.doc.Steps[len(l.doc.Steps)-1].DelayAfter
		}
		both := slices.Clone(before.at)
		for _, at := range next.at {
			both = append(both, before.lasts+wait.Approx()+at)
		}
		if c := crowded(both, len(before.at), other.Caps); c != nil {
			l.warnAt(t.path, "cap_delays_transition", fmt.Sprintf("the calls of this cadence count for %q too, which makes at most %d calls per %s to a lead", t.to, c.Max, c.Per),
				"its calls wait until the cap lets them; give the transition a longer delay, or the other cadence a wider cap")
		}
	}
}

// passage is when the calls of one run are due, counted from its beginning, when
// no outcome makes it shorter or longer, and how long it lasts.
type passage struct {
	at    []time.Duration
	lasts time.Duration
}

// passage is false where the steps do not simply follow each other.
func (l *linter) passage(doc *Document) (p passage, ok bool) {
	for i := range doc.Steps {
		s := &doc.Steps[i]
		if s.Parent != "" || s.Anchor == AnchorEnrollment {
			return passage{}, false
		}
		if s.dialed() && s.Advanced.Condition == "" {
			p.at = append(p.at, p.lasts)
		}
		if i+1 == len(doc.Steps) {
			break
		}
		next := time.Duration(-1)
		for _, e := range edgesOf(doc, i, l.known) {
			if d := e.delay.Approx(); e.to == i+1 && (next < 0 || d > next) {
				next = d // the longest of the ways: what is found on it is so on all
			}
		}
		if next < 0 {
			return passage{}, false
		}
		p.lasts += next
	}
	return p, len(p.at) > 0
}

// repeated are the calls of n runs, as many as the widest cap can count.
func repeated(run passage, gap time.Duration, n int) (all []time.Duration) {
	for k := range n {
		for _, at := range run.at {
			all = append(all, time.Duration(k)*(run.lasts+gap)+at)
		}
		if len(all) > MaxCapCalls+len(run.at) {
			break
		}
	}
	return all
}

// crowded is the first cap that calls exceed which are not all among the same
// per in number: those crowd by themselves.
func crowded(calls []time.Duration, per int, caps *Caps) *Cap {
	if caps == nil {
		return nil
	}
	for i, c := range caps.Lead {
		span, err := c.Rolling()
		if err != nil || span == 0 || c.Max < 1 {
			continue
		}
		for k := 0; k+c.Max < len(calls); k++ {
			if k/per != (k+c.Max)/per && calls[k+c.Max]-calls[k] < span {
				return &caps.Lead[i]
			}
		}
	}
	return nil
}
