package cadence_test

import (
	"slices"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
)

func TestPublishableRefusesWhatDoesNotRun(t *testing.T) {
	if problems := cadence.Publishable(plain(), instance()); len(problems) > 0 {
		t.Fatalf("the document all this is made of is itself refused: %v", problems)
	}
	for _, c := range []struct {
		path, code string
		change     func(d *cadence.Document)
	}{
		{"steps[0].kind", "not_supported", func(d *cadence.Document) {
			d.Steps[0].Kind, d.Steps[0].Email = cadence.StepEmail, &cadence.EmailDetails{Template: "t"}
		}},
		{"steps[0].kind", "not_supported", func(d *cadence.Document) {
			d.Steps[0].Kind, d.Steps[0].Task = cadence.StepTask, &cadence.TaskDetails{Subject: "t"}
		}},
		{"steps[0].placed_by", "not_supported", func(d *cadence.Document) { d.Steps[0].PlacedBy = "rep" }},
		{"steps[1].parent", "not_supported", func(d *cadence.Document) { d.Steps[1].Parent = "one" }},
		{"steps[0].boosts", "not_supported", func(d *cadence.Document) { d.Steps[0].Boosts = []cadence.Boost{{Signal: "a", Step: "two"}} }},
		{"steps[0].advanced.ai", "not_supported", func(d *cadence.Document) { d.Steps[0].Advanced.AI = &cadence.AI{Voice: "calm"} }},
		{"steps[0].voicemail.audio", "missing_media", func(d *cadence.Document) { d.Steps[0].Voicemail.Audio = "media:sha256-" + sixtyFour }},
		{"connect[0].audio", "missing_media", func(d *cadence.Document) {
			d.Connect[0] = cadence.Connect{To: "message", Audio: "media:sha256-" + sixtyFour}
		}},
		{"connect[0].to", "not_supported", func(d *cadence.Document) { d.Connect[0] = cadence.Connect{To: "agents", Queue: "q"} }},
		{"steps[2].connect[0].to", "not_supported", func(d *cadence.Document) {
			d.Steps[2].Connect = []cadence.Connect{{To: "ai", StreamURL: "wss://example.com"}}
		}},
		{`connect[0].gather["2"]`, "engine_only", func(d *cadence.Document) {
			d.Connect[0] = cadence.Connect{To: "message", Text: "Hello.", Gather: map[string]cadence.DispositionCode{"1": "DNC", "2": "NO_ANSWER"}}
		}},
		{"audience.type", "not_supported", func(d *cadence.Document) { d.Audience = cadence.Audience{Type: "view", View: "v"} }},
		{"steps[1].connect", "no_target", func(d *cadence.Document) {
			d.Steps[0].Connect, d.Connect = d.Connect, nil
		}},
		{"steps[0].caller_id.pool", "missing_pool", func(d *cadence.Document) { d.Steps[0].CallerID.Pool = "west" }},
		{"runs.transition_to", "missing_cadence", func(d *cadence.Document) {
			d.Runs = cadence.Runs{Max: 1, Then: "transition", TransitionTo: "Nowhere"}
		}},
		{"steps[0].routes[0].on", "missing_disposition", func(d *cadence.Document) { routed(d, cadence.Route{On: "MINE", Do: "next"}) }},
		{"steps[0].routes[0].to", "loop_without_delay", func(d *cadence.Document) {
			routed(d, cadence.Route{On: "BUSY", Do: "transition", To: "Plain", Delay: &cadence.Span{}})
		}},
	} {
		t.Run(c.path+" "+c.code, func(t *testing.T) {
			doc := plain()
			c.change(doc)
			problems := cadence.Publishable(doc, instance())
			if !slices.ContainsFunc(problems, func(p cadence.Problem) bool {
				return p.Path == c.path && p.Code == c.code && p.Severity == cadence.SeverityError && p.Message != ""
			}) {
				t.Errorf("problems: %v", problems)
			}
		})
	}
}

func TestHolidaysAreKnownForTheUSOnly(t *testing.T) {
	doc := plain()
	doc.TimeRestrictions = &cadence.TimeRestrictions{Holidays: true}
	known := instance()
	for _, c := range []struct {
		countries []string
		refused   bool
	}{{nil, false}, {[]string{"US"}, false}, {[]string{"US", "CA"}, true}, {[]string{"GB"}, true}} {
		known.Countries = c.countries
		problems := cadence.Publishable(doc, known)
		if (len(problems) > 0) != c.refused {
			t.Errorf("dialing %v: %v", c.countries, problems)
		}
	}
}
