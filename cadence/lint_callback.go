package cadence

import "fmt"

// callbacks finds routes that promise a call back after outcomes that may come
// without a time. The disposition's own delay counts then, else the step's
// delay_after: where there is neither, the step is called again at once.
func callbacks(doc *Document, known Known, f *findings) {
	if known.Callback == nil {
		return
	}
	told := map[string]bool{} // a route of the cadence is every step's
	for i := range doc.Steps {
		s := &doc.Steps[i]
		routed := map[DispositionCode]bool{}
		look := func(path string, routes []Route) {
			for j := range routes {
				r, code := &routes[j], known.canonical(routes[j].On)
				if !routed[code] && r.Do == DoCallback && !told[at(path, j)] {
					told[at(path, j)] = callback(at(path, j), r, s, known, f)
				}
				routed[code] = true
			}
		}
		look(at("steps", i)+".routes", s.Routes)
		look("routes", doc.Routes)
	}
}

// callback reports, and says, whether a route calls the step again at once.
func callback(path string, r *Route, s *Step, known Known, f *findings) bool {
	delay, _ := known.Callback(known.canonical(r.On))
	if !delay.IsZero() || !s.DelayAfter.IsZero() {
		return false
	}
	f.errorAt(path, "loop_without_delay", fmt.Sprintf("where %s comes without a time, step %q, which has no delay_after, is called again at once", clip(string(r.On)), clip(s.Key)),
		"retry with a delay and a max, or give the step a delay_after")
	return true
}

// endlessCallbacks finds routes that promise a call back after outcomes with
// which no time can be agreed: a retry without an end.
func (l *linter) endlessCallbacks() {
	if l.known.Callback == nil {
		return
	}
	l.eachRoute(func(path string, r *Route) {
		if r.Do != DoCallback {
			return
		}
		if _, agreed := l.known.Callback(l.known.canonical(r.On)); !agreed {
			l.warnAt(path+".do", "callback_without_time", fmt.Sprintf("no time is agreed with %s: the step is called again after its delay_after, without end", clip(string(r.On))), "retry with a max")
		}
	})
}
