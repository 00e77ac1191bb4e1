package cadence

import "fmt"

func (v *validator) routes(path string, list []Route) {
	if !v.count(path, len(list), MaxRoutes) {
		return
	}
	seen := map[DispositionCode]int{}
	for i := range list {
		inner := at(path, i)
		v.route(inner, &list[i])
		code := v.known.canonical(list[i].On)
		if first, twice := seen[code]; twice && code != "" {
			v.errorAt(inner+".on", "duplicate", fmt.Sprintf("route %d is for %s too", first+1, code), "keep one route for each disposition")
		} else {
			seen[code] = i
		}
	}
}

func (v *validator) route(path string, r *Route) {
	v.code(path+".on", r.On)
	switch r.Do {
	case DoRetry:
		_, hasDefault := v.retryDelay(r.On)
		if r.Delay == nil && !hasDefault {
			v.required(path+".delay", "a retry needs a delay")
		}
		if r.Max < 0 || r.Max > MaxRetries {
			v.errorAt(path+".max", "range", fmt.Sprintf("max is %d", r.Max), fmt.Sprintf("give 1 to %d", MaxRetries))
		}
	case DoGoto:
		if r.To == "" {
			v.required(path+".to", "goto names a step")
		} else {
			v.stepRef(path+".to", r.To)
		}
	case DoTransition:
		if r.To == "" {
			v.required(path+".to", "a transition names the cadence to go to")
		}
		v.name(path+".to", r.To)
	case DoNext, DoExit, DoCallback:
	case "":
		v.required(path+".do", "a route says what to do")
	default:
		v.oneOf(path+".do", string(r.Do), "retry", "next", "goto", "exit", "callback", "transition")
		return
	}
	v.routeExtras(path, r)
}

// routeExtras refuses fields that the route's action does not use.
func (v *validator) routeExtras(path string, r *Route) {
	if r.Max != 0 && r.Do != DoRetry {
		v.errorAt(path+".max", "not_used", "only a retry has max", "remove it")
	}
	if r.To != "" && r.Do != DoGoto && r.Do != DoTransition {
		v.errorAt(path+".to", "not_used", "only goto and transition have to", "remove it")
	}
	if r.OtherPart && r.Do != DoRetry && r.Do != DoNext && r.Do != DoGoto {
		v.errorAt(path+".other_day_part", "not_used", fmt.Sprintf("%s does not choose a time of day", r.Do), "remove it")
	}
	if r.Delay != nil && (r.Do == DoExit || r.Do == DoCallback) {
		v.errorAt(path+".delay", "not_used", fmt.Sprintf("%s has no delay", r.Do), "remove it")
	}
}

func (v *validator) retryDelay(code DispositionCode) (Span, bool) {
	if v.known.RetryDelay == nil {
		return Span{}, false
	}
	return v.known.RetryDelay(v.known.canonical(code))
}

// code checks the form of a disposition; whether it is known is a reference.
func (v *validator) code(path string, code DispositionCode) {
	if code == "" {
		v.required(path, "a disposition is named here")
		return
	}
	v.form(path, string(code), codeForm, "a disposition is upper-case letters, digits and _, for example NO_ANSWER")
}

// tree checks what makes a tree of steps: parents that are there and no
// circle among them.
func (v *validator) tree() {
	if len(v.doc.Steps) > MaxSteps {
		return
	}
	for i := range v.doc.Steps {
		s, path := &v.doc.Steps[i], at("steps", i)
		if !v.count(path+".when", len(s.When), MaxListed) {
			continue
		}
		for j, trigger := range s.When {
			if trigger.On == "" || len(trigger.On) > MaxKeyBytes {
				v.errorAt(at(path+".when", j)+".on", "form", "a trigger names an outcome, at most 64 bytes", "")
			}
		}
		if s.Parent == "" {
			if len(s.When) > 0 {
				v.errorAt(path+".when", "not_used", "when is used only with a parent", "name the parent or remove it")
			}
			if !s.Delay.IsZero() {
				v.errorAt(path+".delay", "not_used", "delay is used only with a parent", "use the previous step's delay_after")
			}
			continue
		}
		v.stepRef(path+".parent", s.Parent)
		if v.ownAncestor(i) {
			v.errorAt(path+".parent", "cycle", "the step is its own ancestor", "give it another parent")
		}
	}
}

func (v *validator) ownAncestor(i int) bool {
	at := i
	for range v.doc.Steps {
		at = v.doc.StepIndex(v.doc.Steps[at].Parent)
		if at < 0 || at == i {
			return at == i
		}
	}
	return false
}
