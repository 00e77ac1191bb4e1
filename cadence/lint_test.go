package cadence_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
)

func TestLintFindsWhatIsUnlikelyToBeMeant(t *testing.T) {
	const (
		warning = cadence.SeverityWarning
		fatal   = cadence.SeverityError
	)
	zero := &cadence.Span{}
	for _, c := range []struct {
		path, code string
		severity   cadence.Severity
		change     func(d *cadence.Document)
	}{
		{"steps[1]", "unreachable_step", warning, func(d *cadence.Document) { // everything exits before it
			for _, code := range codes {
				d.Steps[0].Routes = append(d.Steps[0].Routes, cadence.Route{On: code, Do: cadence.DoExit})
			}
		}},
		{"steps[1]", "unreachable_step", warning, func(d *cadence.Document) { // everything jumps over it
			for _, code := range codes {
				d.Steps[0].Routes = append(d.Steps[0].Routes, cadence.Route{On: code, Do: cadence.DoGoto, To: "three"})
			}
		}},
		{"steps[0].routes[0]", "loop_without_delay", fatal, func(d *cadence.Document) {
			routed(d, cadence.Route{On: "BUSY", Do: cadence.DoGoto, To: "one", Delay: zero})
		}},
		{"steps[0].routes[0]", "loop_without_delay", fatal, func(d *cadence.Document) {
			routed(d, cadence.Route{On: "BUSY", Do: cadence.DoRetry, Delay: zero})
		}},
		{"steps[2].routes[0]", "loop_without_delay", fatal, func(d *cadence.Document) { // two → three → two at once
			d.Steps[1].DelayAfter = cadence.Span{}
			d.Steps[2].Routes = []cadence.Route{{On: "BUSY", Do: cadence.DoGoto, To: "two"}}
		}},
		{"steps[2].routes[0]", "loop_without_delay", fatal, func(d *cadence.Document) { // due long ago when reached again
			d.Steps[1].Anchor, d.Steps[2].Anchor = cadence.AnchorEnrollment, cadence.AnchorEnrollment
			d.Steps[2].Routes = []cadence.Route{{On: "BUSY", Do: cadence.DoGoto, To: "two", Delay: new(hours(4))}}
		}},
		{"routes[0]", "loop_without_delay", fatal, func(d *cadence.Document) {
			d.Routes = []cadence.Route{{On: "BUSY", Do: cadence.DoRetry, Delay: zero}}
		}},
		{"runs.gap", "loop_without_delay", fatal, func(d *cadence.Document) { d.Runs.Then = cadence.ThenRestart }},
		{"runs.transition_to", "loop_without_delay", fatal, func(d *cadence.Document) {
			d.Runs.Then, d.Runs.TransitionTo = cadence.ThenTransition, d.Name
		}},
		{"runs.transition_to", "loop_without_delay", fatal, func(d *cadence.Document) { // the gap parts runs, and nothing else
			d.Runs = cadence.Runs{Max: 2, Gap: hours(24), Then: cadence.ThenTransition, TransitionTo: d.Name}
		}},
		{"runs.transition_to", "loop_without_delay", fatal, func(d *cadence.Document) { // one way goes on at once
			d.Runs = cadence.Runs{Max: 1, Then: cadence.ThenTransition, TransitionTo: d.Name}
			d.Steps[2].DelayAfter, d.Steps[2].Routes = hours(24), []cadence.Route{{On: "BUSY", Do: cadence.DoNext, Delay: zero}}
		}},
		{"steps[0].routes[0].to", "loop_without_delay", fatal, func(d *cadence.Document) {
			routed(d, cadence.Route{On: "BUSY", Do: cadence.DoTransition, To: d.Name, Delay: zero})
		}},
		{"routes[0].to", "loop_without_delay", fatal, func(d *cadence.Document) {
			d.Routes = []cadence.Route{{On: "BUSY", Do: cadence.DoTransition, To: d.Name}} // from the last step at once
		}},
		{"caps.lead[1]", "cap_overshadowed", warning, func(d *cadence.Document) { // three a day leave no room for five
			d.Caps = &cadence.Caps{Lead: []cadence.Cap{{Max: 3, Per: "7d"}, {Max: 5, Per: "24h"}}}
		}},
		{"caps.lead[1]", "cap_overshadowed", warning, func(d *cadence.Document) { // said twice
			d.Caps = &cadence.Caps{Lead: []cadence.Cap{{Max: 3, Per: "day"}, {Max: 3, Per: "day"}}}
		}},
		{"steps[0].routes[0]", "cap_delays_retries", warning, func(d *cadence.Document) {
			routed(d, cadence.Route{On: "BUSY", Do: cadence.DoRetry, Delay: new(hours(1)), Max: 4})
			d.Caps = &cadence.Caps{Lead: []cadence.Cap{{Max: 3, Per: "24h"}}}
		}},
		{"routes[0]", "cap_delays_retries", warning, func(d *cadence.Document) { // a route of the cadence is every step's
			d.Routes = []cadence.Route{{On: "BUSY", Do: cadence.DoRetry, Delay: new(hours(1)), Max: 4}}
			d.Caps = &cadence.Caps{Lead: []cadence.Cap{{Max: 3, Per: "24h"}}}
		}},
		{"routes[0]", "cap_delays_retries", warning, func(d *cadence.Document) { // by the disposition's own delay
			d.Routes = []cadence.Route{{On: "NO_ANSWER", Do: cadence.DoRetry, Max: 4}}
			d.Caps = &cadence.Caps{Lead: []cadence.Cap{{Max: 3, Per: "24h"}}}
		}},
		{"runs.gap", "cap_delays_runs", warning, func(d *cadence.Document) { // six calls in 2 × 28 + 2 hours
			d.Runs = cadence.Runs{Max: 2, Gap: hours(2)}
			d.Caps = &cadence.Caps{Lead: []cadence.Cap{{Max: 5, Per: "3d"}}}
		}},
		{"runs.gap", "cap_delays_runs", warning, func(d *cadence.Document) { // for ever
			d.Runs = cadence.Runs{Max: 1, Gap: hours(1), Then: cadence.ThenRestart}
			d.Caps = &cadence.Caps{Lead: []cadence.Cap{{Max: 20, Per: "31d"}}}
		}},
		{"runs.transition_to", "cap_delays_transition", warning, func(d *cadence.Document) {
			d.Runs = cadence.Runs{Max: 1, Then: cadence.ThenTransition, TransitionTo: "Capped"}
		}},
		{"steps[0].routes[0].to", "cap_delays_transition", warning, func(d *cadence.Document) {
			routed(d, cadence.Route{On: "BUSY", Do: cadence.DoTransition, To: "Capped", Delay: new(hours(1))})
		}},
		{"steps[0].routes[0].max", "retry_without_max", warning, func(d *cadence.Document) {
			routed(d, cadence.Route{On: "BUSY", Do: cadence.DoRetry, Delay: new(hours(1))})
		}},
		{"steps[2].routes[0]", "loop_without_delay", fatal, func(d *cadence.Document) { // NO_ANSWER agrees on no time
			d.Steps[2].Routes = []cadence.Route{{On: "NA", Do: cadence.DoCallback}}
		}},
		{"routes[0]", "loop_without_delay", fatal, func(d *cadence.Document) { // in the last step
			d.Routes = []cadence.Route{{On: "NO_ANSWER", Do: cadence.DoCallback}}
		}},
		{"steps[0].routes[0].do", "callback_without_time", warning, func(d *cadence.Document) {
			routed(d, cadence.Route{On: "NO_ANSWER", Do: cadence.DoCallback})
		}},
		{"time_restrictions.windows", "never_open", fatal, func(d *cadence.Document) { opened(d, "21:00", "24:00") }},
		{"steps[0].delay_after", "delay_misses_windows", warning, func(d *cadence.Document) { opened(d, "09:00", "12:00") }},
		{"steps[1].delay_after", "delay_misses_windows", warning, func(d *cadence.Document) { opened(d, "09:00", "17:00", "mon", "wed", "fri") }},
		{"steps[1].delay_after", "delay_misses_windows", warning, func(d *cadence.Document) {
			opened(d, "09:00", "17:00", "sat", "sun")
			d.Steps[1].DelayAfter = cadence.Span{N: 2, Unit: cadence.BusinessDays}
		}},
		{"steps[0].routes[0].delay", "delay_misses_windows", warning, func(d *cadence.Document) {
			opened(d, "09:00", "17:00")
			routed(d, cadence.Route{On: "BUSY", Do: cadence.DoRetry, Delay: new(hours(8)), Max: 1})
		}},
		{"steps[0].advanced.condition", "expression_budget", warning, func(d *cadence.Document) {
			d.Steps[0].Advanced.Condition = "lead.a == 'b'" + strings.Repeat(" or lead.a == 'b'", 28)
		}},
		{"exit_when[0].if", "constant_condition", warning, func(d *cadence.Document) { d.ExitWhen = []cadence.ExitWhen{{If: "1 < 2"}} }},
		{"steps[0].script", "unset_variable", warning, func(d *cadence.Document) { d.Steps[0].Script = "{{ vars.offer }}" }},
		{"runs.transition_to", "transition_cycle", warning, func(d *cadence.Document) {
			d.Runs, d.Steps[2].DelayAfter = cadence.Runs{Max: 1, Then: cadence.ThenTransition, TransitionTo: "A"}, hours(24)
		}},
		{"runs.transition_to", "loop_without_delay", fatal, func(d *cadence.Document) {
			d.Runs = cadence.Runs{Max: 1, Then: cadence.ThenTransition, TransitionTo: "A"}
		}},
		{"runs.transition_to", "transition_cycle", warning, func(d *cadence.Document) {
			d.Runs = cadence.Runs{Max: 1, Then: cadence.ThenTransition, TransitionTo: "Slow"}
		}},
	} {
		t.Run(c.path+" "+c.code, func(t *testing.T) {
			doc := plain()
			c.change(doc)
			problems := cadence.Lint(doc, instance(), others)
			if !slices.ContainsFunc(problems, func(p cadence.Problem) bool {
				return p.Path == c.path && p.Code == c.code && p.Severity == c.severity && p.Message != ""
			}) {
				t.Errorf("problems: %v", problems)
			}
		})
	}
}

// others are cadences that lead back to Plain: A by way of B at once, Slow
// with a delay. Far leads nowhere.
func others(name string) (*cadence.Document, bool) {
	next := map[string]cadence.Runs{
		"A":    {Max: 1, Then: cadence.ThenTransition, TransitionTo: "B"},
		"B":    {Max: 1, Then: cadence.ThenTransition, TransitionTo: "Plain"},
		"Slow": {Max: 1, Then: cadence.ThenTransition, TransitionTo: "Plain"},
		"Far":  {Max: 1},
		// Its three calls are all that it makes in two days.
		"Capped": {Max: 1},
	}
	runs, ok := next[name]
	if !ok {
		return nil, false
	}
	doc := plain()
	doc.Name, doc.Runs = name, runs
	switch name {
	case "Slow":
		doc.Steps[2].DelayAfter = hours(24)
	case "Capped":
		doc.Caps = &cadence.Caps{Lead: []cadence.Cap{{Max: 3, Per: "48h"}}}
	}
	return doc, true
}

func TestLintIsSilentAboutWhatWorks(t *testing.T) {
	for name, change := range map[string]func(d *cadence.Document){
		"plain": func(*cadence.Document) {},
		"retry with an end": func(d *cadence.Document) {
			routed(d, cadence.Route{On: "BUSY", Do: "retry", Delay: &cadence.Span{}, Max: 2})
		},
		"callback": func(d *cadence.Document) { routed(d, cadence.Route{On: "CALLBACK", Do: "callback"}) },
		"callback after the last step": func(d *cadence.Document) {
			d.Steps[2].Routes = []cadence.Route{{On: "CALLBACK", Do: "callback"}}
		},
		"goto with delay": func(d *cadence.Document) {
			d.Steps[2].Routes = []cadence.Route{{On: "BUSY", Do: "goto", To: "one", Delay: new(hours(1))}}
		},
		"restart with a gap": func(d *cadence.Document) { d.Runs = cadence.Runs{Max: 1, Gap: hours(24), Then: "restart"} },
		"transition":         func(d *cadence.Document) { d.Runs = cadence.Runs{Max: 1, Then: "transition", TransitionTo: "Far"} },
		"runs as far apart as a cap lets them": func(d *cadence.Document) { // the fourth call comes 72 h behind the first
			d.Runs = cadence.Runs{Max: 3, Gap: hours(44)}
			d.Caps = &cadence.Caps{Lead: []cadence.Cap{{Max: 3, Per: "3d"}}}
		},
		"steps that crowd by themselves, once": func(d *cadence.Document) { d.Caps = &cadence.Caps{Lead: []cadence.Cap{{Max: 2, Per: "7d"}}} },
		"itself again, a day behind its last call": func(d *cadence.Document) {
			d.Runs, d.Steps[2].DelayAfter = cadence.Runs{Max: 1, Then: "transition", TransitionTo: d.Name}, hours(24)
		},
		"a transition as late as the other's cap": func(d *cadence.Document) {
			d.Runs, d.Steps[2].DelayAfter = cadence.Runs{Max: 1, Then: "transition", TransitionTo: "Capped"}, hours(48)
		},
		"a step's own route in the place of the cadence's": func(d *cadence.Document) {
			d.Routes = []cadence.Route{{On: "BUSY", Do: "retry", Delay: new(hours(1)), Max: 4}}
			d.Caps = &cadence.Caps{Lead: []cadence.Cap{{Max: 3, Per: "24h"}}}
			for i := range d.Steps {
				d.Steps[i].Routes = []cadence.Route{{On: "AB", Do: "next"}}
			}
		},
		"a person who calls by hand": func(d *cadence.Document) {
			d.Steps = []cadence.Step{{Key: "one", Kind: cadence.StepCall, PlacedBy: "rep"}}
			d.Runs, d.Caps = cadence.Runs{Max: 9, Gap: hours(1)}, &cadence.Caps{Lead: []cadence.Cap{{Max: 3, Per: "24h"}}}
		},
		"weekdays": func(d *cadence.Document) { opened(d, "09:00", "17:00", "mon", "tue", "wed", "thu", "fri") },
		"late in its zone": func(d *cadence.Document) {
			opened(d, "21:00", "24:00")
			d.TimeRestrictions.Zone, d.Steps[0].DelayAfter = "America/Denver", hours(24)
		},
		"a skipped step goes on": func(d *cadence.Document) {
			d.Steps[0].Advanced.Condition = "lead.state == 'CA'"
			for _, code := range codes {
				d.Steps[0].Routes = append(d.Steps[0].Routes, cadence.Route{On: code, Do: cadence.DoExit})
			}
		},
		"a variable that is set": func(d *cadence.Document) {
			d.Steps[0].Script, d.Steps[0].Advanced.Variables = "{{ vars.offer }}", map[string]string{"offer": "ten"}
		},
	} {
		doc := plain()
		change(doc)
		if problems := append(cadence.Validate(doc, cadence.Known{}), cadence.Lint(doc, instance(), others)...); len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

func TestClosureFollowsTransitions(t *testing.T) {
	lookup := func(name string) (*cadence.Document, bool) {
		if name != "Plain" {
			return others(name)
		}
		doc := plain()
		doc.Routes = []cadence.Route{{On: "BUSY", Do: "transition", To: "Far"}, {On: "SALE", Do: "transition", To: "Gone"}}
		return doc, true
	}
	var names []string
	for _, doc := range cadence.Closure("A", lookup) {
		names = append(names, doc.Name)
	}
	if want := []string{"A", "B", "Plain", "Far"}; !slices.Equal(names, want) {
		t.Errorf("closure %v, want %v", names, want)
	}
	if list := cadence.Closure("Gone", lookup); len(list) != 0 {
		t.Errorf("closure of a cadence that is not there: %v", list)
	}
}
