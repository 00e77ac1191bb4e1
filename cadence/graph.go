package cadence

import "fmt"

// edge is a way from one step to another, or out of the cadence.
type edge struct {
	to    int    // index of the step; leaves for none
	path  string // of the route, or of the step whose default this is
	delay Span
	retry bool // the same step again
}

// leaves is where an edge goes that ends the enrollment or the run.
const leaves = -1

// edgesOf lists the ways out of a step: its own routes, then the cadence's for
// dispositions the step has none for, then on to the next step by default.
// Callbacks are left out, because their time is the person's own choice.
func edgesOf(doc *Document, i int, known Known) []edge {
	s := &doc.Steps[i]
	var edges []edge
	routed := map[DispositionCode]bool{}
	add := func(path string, list []Route) {
		for j := range list {
			code := known.canonical(list[j].On)
			if !routed[code] {
				edges = append(edges, edgesOfRoute(doc, i, at(path, j), &list[j], known)...)
			}
			routed[code] = true
		}
	}
	add(at("steps", i)+".routes", s.Routes)
	add("routes", doc.Routes)
	if s.Advanced.Condition != "" || anyUnrouted(known.Codes, routed) {
		edges = append(edges, nextEdge(doc, i, at("steps", i)+".delay_after", s.DelayAfter))
	}
	return edges
}

func edgesOfRoute(doc *Document, i int, path string, r *Route, known Known) []edge {
	delay := doc.Steps[i].DelayAfter
	if r.Delay != nil {
		delay = *r.Delay
	}
	switch r.Do {
	case DoNext:
		return []edge{nextEdge(doc, i, path, delay)}
	case DoGoto:
		to := doc.StepIndex(r.To)
		if to < 0 {
			return nil
		}
		return []edge{{to: to, path: path, delay: arriving(doc, to, delay)}}
	case DoRetry:
		if r.Delay == nil {
			delay = Span{}
			if known.RetryDelay != nil {
				delay, _ = known.RetryDelay(known.canonical(r.On))
			}
		}
		edges := []edge{nextEdge(doc, i, path, doc.Steps[i].DelayAfter)}
		if r.Max == 0 {
			edges = append(edges, edge{to: i, path: path, delay: delay, retry: true})
		}
		return edges
	case DoExit, DoTransition:
		return []edge{{to: leaves, path: path, delay: delay}}
	case DoCallback:
	}
	return nil
}

func nextEdge(doc *Document, i int, path string, delay Span) edge {
	if i+1 >= len(doc.Steps) {
		return edge{to: leaves, path: path, delay: delay}
	}
	return edge{to: i + 1, path: path, delay: arriving(doc, i+1, delay)}
}

// arriving is the delay that a way to a step really has. A step anchored at
// the enrollment is due at once when it is reached again.
func arriving(doc *Document, to int, delay Span) Span {
	if doc.Steps[to].Anchor == AnchorEnrollment {
		return Span{}
	}
	return delay
}

// anyUnrouted reports whether some outcome takes the default way.
func anyUnrouted(codes []DispositionCode, routed map[DispositionCode]bool) bool {
	for _, code := range codes {
		if !routed[code] {
			return true
		}
	}
	return len(codes) == 0
}

// loops finds ways that call the same lead again and again at once: circles of
// steps without delay, retries without delay or limit, and a cadence that
// starts over or transitions to itself without delay, and calls back for which
// nobody agreed on a time.
func loops(doc *Document, known Known) []Problem {
	var f findings
	if oversize(doc) {
		return nil // Validate reports it
	}
	told := map[string]bool{}            // a route of the cadence is an edge of every step
	state := make([]int, len(doc.Steps)) // 0 new, 1 on the way, 2 done
	var visit func(i int)
	visit = func(i int) {
		state[i] = 1
		for _, e := range edgesOf(doc, i, known) {
			if e.to == leaves || !e.delay.IsZero() {
				continue
			}
			switch state[e.to] {
			case 0:
				visit(e.to)
			case 1:
				if told[e.path] {
					continue
				}
				told[e.path] = true
				f.errorAt(e.path, "loop_without_delay", fmt.Sprintf("step %q is reached again without any delay", doc.Steps[e.to].Key), "give the way back a delay, or the retry a max")
			}
		}
		state[i] = 2
	}
	for i := range doc.Steps {
		if state[i] == 0 {
			visit(i)
		}
	}
	callbacks(doc, known, &f)
	starts(doc, &f)
	return f.problems
}

// oversize reports whether lists that are looked at against each other are
// longer than they may be.
func oversize(doc *Document) bool {
	return len(doc.Steps) > MaxSteps || len(doc.Routes) > MaxRoutes || len(doc.ExitWhen) > MaxListed
}

// starts finds the ways back to the cadence's own start that have no delay.
func starts(doc *Document, f *findings) {
	if (doc.Runs.Then == ThenRestart || doc.Runs.Then == ThenReenroll) && doc.Runs.Gap.IsZero() {
		f.errorAt("runs.gap", "loop_without_delay", "after the last run the cadence starts again at once", `give a pause, for example "gap": "7d"`)
	}
	for _, t := range transitions(doc) {
		if t.to != doc.Name || !t.delay.IsZero() {
			continue
		}
		remedy := "give the route a delay"
		if t.path == afterRuns {
			remedy = "give the last step a delay_after, and its routes that go on a delay: runs.gap only parts the runs"
		}
		f.errorAt(t.path, "loop_without_delay", "the cadence transitions to itself without delay", remedy)
	}
}

// transition is a way from a cadence to another one.
type transition struct {
	to, path string
	delay    Span
}

// afterRuns is the path of the transition that follows the last run.
const afterRuns = "runs.transition_to"

// ending is the shortest delay of the ways that lead out of the last step and so
// to the end of a run. What follows the last run waits for it, and not for
// runs.gap, which parts the runs.
func ending(doc *Document) Span {
	if len(doc.Steps) == 0 {
		return Span{}
	}
	last := &doc.Steps[len(doc.Steps)-1]
	shortest, routed := last.DelayAfter, map[DispositionCode]bool{}
	for _, list := range [][]Route{last.Routes, doc.Routes} {
		for i := range list {
			r := &list[i]
			if r.Do == DoNext && r.Delay != nil && !routed[r.On] && r.Delay.Approx() < shortest.Approx() {
				shortest = *r.Delay
			}
			routed[r.On] = true
		}
	}
	return shortest
}

// transitions lists the ways out to cadences. A route of the cadence itself
// has the shortest delay_after of the steps it may leave, unless it has its own.
func transitions(doc *Document) []transition {
	var list []transition
	if doc.Runs.Then == ThenTransition && doc.Runs.TransitionTo != "" {
		list = append(list, transition{doc.Runs.TransitionTo, afterRuns, ending(doc)})
	}
	add := func(path string, routes []Route, delay Span) {
		for j, r := range routes {
			if r.Do != DoTransition || r.To == "" {
				continue
			}
			wait := delay
			if r.Delay != nil {
				wait = *r.Delay
			}
			list = append(list, transition{r.To, at(path, j) + ".to", wait})
		}
	}
	var shortest Span
	for i := range doc.Steps {
		if s := &doc.Steps[i]; i == 0 || s.DelayAfter.Approx() < shortest.Approx() {
			shortest = s.DelayAfter
		}
	}
	add("routes", doc.Routes, shortest)
	for i := range doc.Steps {
		add(at("steps", i)+".routes", doc.Steps[i].Routes, doc.Steps[i].DelayAfter)
	}
	return list
}
