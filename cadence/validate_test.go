package cadence_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
)

func hours(n int) cadence.Span { return cadence.Span{N: n, Unit: cadence.Hours} }

func TestGeneratedDocumentsAreValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := documents.Draw(t, "document")
		for _, p := range cadence.Validate(doc, instance()) {
			if p.Severity == cadence.SeverityError {
				t.Fatalf("%v\n%s", p, cadence.Export(doc))
			}
		}
	})
}

// faults are documents with one thing wrong, and the path and code of it.
var faults = []struct {
	path, code string
	hurt       func(d *cadence.Document)
}{
	{"format", "format", func(d *cadence.Document) { d.Format = "carillon.cadence/v2" }},
	{"name", "required", func(d *cadence.Document) { d.Name = "" }},
	{"name", "form", func(d *cadence.Document) { d.Name = " padded" }},
	{"name", "form", func(d *cadence.Document) { d.Name = "two\nlines" }},
	{"name", "too_long", func(d *cadence.Document) { d.Name = strings.Repeat("n", 121) }},
	{"description", "encoding", func(d *cadence.Document) { d.Description = "\xff" }},
	{"description", "too_long", func(d *cadence.Document) { d.Description = strings.Repeat("n", 4097) }},
	{"campaign", "form", func(d *cadence.Document) { d.Campaign = "c " }},
	{"seller", "form", func(d *cadence.Document) { d.Seller = " padded" }},
	{"seller", "too_long", func(d *cadence.Document) { d.Seller = strings.Repeat("s", 201) }},
	{"caps.daily", "range", func(d *cadence.Document) { d.Caps = &cadence.Caps{Daily: -1} }},
	{"caps.daily", "range", func(d *cadence.Document) { d.Caps = &cadence.Caps{Daily: cadence.MaxDaily + 1} }},
	{"caps.lead", "too_many", func(d *cadence.Document) { d.Caps = &cadence.Caps{Lead: make([]cadence.Cap, cadence.MaxLeadCaps+1)} }},
	{"caps.lead[0].max", "range", func(d *cadence.Document) { capped(d, 0, "24h") }},
	{"caps.lead[0].max", "range", func(d *cadence.Document) { capped(d, 1001, "24h") }},
	{"caps.lead[0].per", "cap_period", func(d *cadence.Document) { capped(d, 3, "month") }},
	{"caps.lead[0].per", "cap_period", func(d *cadence.Document) { capped(d, 3, "") }},
	{"caps.lead[0].per", "cap_period", func(d *cadence.Document) { capped(d, 3, "0h") }},
	{"caps.lead[0].per", "cap_period", func(d *cadence.Document) { capped(d, 3, "32d") }},
	{"audience.type", "required", func(d *cadence.Document) { d.Audience.Type = "" }},
	{"audience.type", "one_of", func(d *cadence.Document) { d.Audience.Type = "all" }},
	{"audience.view", "required", func(d *cadence.Document) { d.Audience.Type = "view" }},
	{"audience.view", "not_used", func(d *cadence.Document) { d.Audience.View = "v" }},
	{"time_restrictions.zone", "zone", func(d *cadence.Document) {
		d.TimeRestrictions = &cadence.TimeRestrictions{Zone: "Mars/Olympus"}
	}},
	{"time_restrictions.zone", "zone", func(d *cadence.Document) { d.TimeRestrictions = &cadence.TimeRestrictions{Zone: "Local"} }},
	{"time_restrictions.windows[0].days[0]", "one_of", func(d *cadence.Document) { opened(d, "09:00", "17:00", "Mon") }},
	{"time_restrictions.windows[0].days[1]", "duplicate", func(d *cadence.Document) { opened(d, "09:00", "17:00", "mon", "mon") }},
	{"time_restrictions.windows[0].from", "time", func(d *cadence.Document) { opened(d, "9:00", "17:00") }},
	{"time_restrictions.windows[0].from", "time", func(d *cadence.Document) { opened(d, "24:00", "24:00") }},
	{"time_restrictions.windows[0].to", "time", func(d *cadence.Document) { opened(d, "09:00", "25:00") }},
	{"time_restrictions.windows[0].to", "empty_window", func(d *cadence.Document) { opened(d, "09:00", "09:00") }},
	{"time_restrictions.windows[0].to", "empty_window", func(d *cadence.Document) { opened(d, "20:00", "08:00") }},
	{"purpose", "one_of", func(d *cadence.Document) { d.Purpose = "fun" }},
	{"voice", "one_of", func(d *cadence.Document) { d.Voice = "loud" }},
	{"consent", "one_of", func(d *cadence.Document) { d.Consent = "oral" }},
	{"runs.max", "range", func(d *cadence.Document) { d.Runs.Max = 0 }},
	{"runs.max", "range", func(d *cadence.Document) { d.Runs.Max = 101; d.Runs.Gap = hours(1) }},
	{"runs.gap", "required", func(d *cadence.Document) { d.Runs.Max = 2 }},
	{"runs.gap", "span", func(d *cadence.Document) { d.Runs.Gap = cadence.Span{N: -1, Unit: "h"} }},
	{"runs.then", "one_of", func(d *cadence.Document) { d.Runs.Then = "stop" }},
	{"runs.transition_to", "required", func(d *cadence.Document) { d.Runs.Then = "transition" }},
	{"runs.transition_to", "not_used", func(d *cadence.Document) { d.Runs.TransitionTo = "Follow-up" }},
	{"re_entry", "re_entry", func(d *cadence.Document) { d.ReEntry = "sometimes" }},
	{"re_entry", "re_entry", func(d *cadence.Document) { d.ReEntry = "after 30" }},
	{"re_entry", "re_entry", func(d *cadence.Document) { d.ReEntry = "after 0d" }},
	{"exit_when[0]", "one_of", func(d *cadence.Document) { d.ExitWhen = []cadence.ExitWhen{{}} }},
	{"exit_when[0]", "one_of", func(d *cadence.Document) { d.ExitWhen = []cadence.ExitWhen{{Signal: "a", If: "true"}} }},
	{"exit_when[0].signal", "form", func(d *cadence.Document) { d.ExitWhen = []cadence.ExitWhen{{Signal: "Meeting booked"}} }},
	{"exit_when[0].if", "expression", func(d *cadence.Document) { d.ExitWhen = []cadence.ExitWhen{{If: "lead."}} }},
	{"exit_when", "too_many", func(d *cadence.Document) { d.ExitWhen = slices.Repeat([]cadence.ExitWhen{{Signal: "a"}}, 51) }},
	{"steps", "required", func(d *cadence.Document) { d.Steps = nil }},
	{"steps[0].key", "form", func(d *cadence.Document) { d.Steps[0].Key = "Step One" }},
	{"steps[0].key", "form", func(d *cadence.Document) { d.Steps[0].Key = strings.Repeat("k", 65) }},
	{"steps[1].key", "duplicate", func(d *cadence.Document) { d.Steps[1].Key = "one" }},
	{"steps[0].kind", "required", func(d *cadence.Document) { d.Steps[0].Kind = "" }},
	{"steps[0].kind", "one_of", func(d *cadence.Document) { d.Steps[0].Kind = "sms" }},
	{"steps[0].email.template", "required", func(d *cadence.Document) { d.Steps[0].Kind = "email" }},
	{"steps[0].task.subject", "required", func(d *cadence.Document) { d.Steps[0].Kind = "task" }},
	{"steps[0].email", "not_used", func(d *cadence.Document) { d.Steps[0].Email = &cadence.EmailDetails{Template: "t"} }},
	{"steps[0].task", "not_used", func(d *cadence.Document) { d.Steps[0].Task = &cadence.TaskDetails{Subject: "t"} }},
	{"steps[0].voicemail", "not_used", func(d *cadence.Document) {
		d.Steps[0].Kind, d.Steps[0].Task = "task", &cadence.TaskDetails{Subject: "t"}
		d.Steps[0].Voicemail.Text = "hello"
	}},
	{"steps[0].placed_by", "one_of", func(d *cadence.Document) { d.Steps[0].PlacedBy = "robot" }},
	{"steps[0].rep", "not_used", func(d *cadence.Document) { d.Steps[0].Rep = &cadence.RepCall{Owner: "Sales"} }},
	{"steps[0].caller_id.strategy", "one_of", func(d *cadence.Document) { d.Steps[0].CallerID.Strategy = "Random" }},
	{"steps[0].caller_id.number", "form", func(d *cadence.Document) { d.Steps[0].CallerID.Strategy = "fixed" }},
	{"steps[0].caller_id.number", "not_used", func(d *cadence.Document) { d.Steps[0].CallerID.Number = "+13035550100" }},
	{"steps[0].caller_id.pool", "not_used", func(d *cadence.Document) {
		d.Steps[0].CallerID = cadence.CallerID{Strategy: "fixed", Number: "+13035550100", Pool: "east"}
	}},
	{"steps[0].numbers.next_on[0]", "form", func(d *cadence.Document) { d.Steps[0].Numbers.NextOn = []cadence.DispositionCode{"busy"} }},
	{"steps[0].numbers.next_on[2]", "duplicate", func(d *cadence.Document) {
		d.Steps[0].Numbers.NextOn = []cadence.DispositionCode{"NO_ANSWER", "AB", "BUSY"}
	}},
	{"steps[0].numbers.next_on[1]", "duplicate", func(d *cadence.Document) { d.Steps[0].Numbers.NextOn = []cadence.DispositionCode{"BUSY", "BUSY"} }},
	{"steps[0].voicemail", "voicemail_message", func(d *cadence.Document) { d.Steps[0].Voicemail.Leave = true }},
	{"steps[0].voicemail", "one_of", func(d *cadence.Document) {
		d.Steps[0].Voicemail = cadence.Voicemail{Text: "a", Audio: "https://example.com/a.mp3"}
	}},
	{"steps[0].voicemail.audio", "address", func(d *cadence.Document) { d.Steps[0].Voicemail.Audio = "http://example.com/a.mp3" }},
	{"steps[0].voicemail.audio", "form", func(d *cadence.Document) { d.Steps[0].Voicemail.Audio = "media:sha256-12" }},
	{"steps[0].voicemail.text", "merge_field", func(d *cadence.Document) { d.Steps[0].Voicemail.Text = "Hello {{ first_name }}" }},
	{"steps[0].voicemail.only_after_beep", "not_used", func(d *cadence.Document) { d.Steps[0].Voicemail.OnlyAfterBeep = true }},
	{"steps[0].detection.mode", "one_of", func(d *cadence.Document) { d.Steps[0].Detection.Mode = "later" }},
	{"steps[0].detection.mode", "no_detection", func(d *cadence.Document) {
		d.Steps[0].Detection.Mode, d.Steps[0].Voicemail = "off", cadence.Voicemail{Leave: true, Text: "Hello"}
	}},
	{"steps[0].detection.timeout", "not_used", func(d *cadence.Document) {
		d.Steps[0].Detection = cadence.Detection{Mode: "off", Timeout: cadence.DefaultDetection}
	}},
	{"steps[0].detection.timeout", "range", func(d *cadence.Document) { d.Steps[0].Detection.Timeout = cadence.Span{N: 2, Unit: "s"} }},
	{"steps[0].detection.timeout", "range", func(d *cadence.Document) { d.Steps[0].Detection.Timeout = cadence.Span{N: 1, Unit: "m"} }},
	{"steps[0].detection", "not_used", func(d *cadence.Document) {
		d.Steps[0].Kind, d.Steps[0].Task = "task", &cadence.TaskDetails{Subject: "t"}
		d.Steps[0].Detection.Mode = "async"
	}},
	{"steps[0].script", "merge_field", func(d *cadence.Document) { d.Steps[0].Script = "Hello {{ lead.name" }},
	{"steps[0].script", "too_long", func(d *cadence.Document) { d.Steps[0].Script = strings.Repeat("a", 20481) }},
	{"steps[0].ring_timeout", "range", func(d *cadence.Document) { d.Steps[0].RingFor = cadence.Span{N: 14, Unit: "s"} }},
	{"steps[0].ring_timeout", "range", func(d *cadence.Document) { d.Steps[0].RingFor = cadence.Span{N: 2, Unit: "m"} }},
	{"steps[0].ring_timeout", "range", func(d *cadence.Document) { d.Steps[0].RingFor = cadence.Span{N: 1, Unit: "d"} }},
	{"steps[0].anchor", "one_of", func(d *cadence.Document) { d.Steps[0].Anchor = "next" }},
	{"steps[0].delay_after", "span", func(d *cadence.Document) { d.Steps[0].DelayAfter = cadence.Span{N: 1, Unit: "y"} }},
	{"steps[0].parent", "missing_step", func(d *cadence.Document) { d.Steps[0].Parent = "none" }},
	{"steps[0].parent", "cycle", func(d *cadence.Document) { d.Steps[0].Parent = "one" }},
	{"steps[0].when", "not_used", func(d *cadence.Document) { d.Steps[0].When = []cadence.Trigger{{On: "opened"}} }},
	{"steps[0].delay", "not_used", func(d *cadence.Document) { d.Steps[0].Delay = hours(1) }},
	{"steps[0].advanced.condition", "expression", func(d *cadence.Document) { d.Steps[0].Advanced.Condition = "lead" }},
	{"steps[0].advanced.condition", "expression_budget", func(d *cadence.Document) {
		d.Steps[0].Advanced.Condition = "lead.a == 'b'" + strings.Repeat(" or lead.a == 'b'", 60)
	}},
	{`steps[0].advanced.variables["a b"]`, "form", func(d *cadence.Document) { d.Steps[0].Advanced.Variables = map[string]string{"a b": ""} }},
	{"steps[0].advanced.variables.a", "merge_field", func(d *cadence.Document) {
		d.Steps[0].Advanced.Variables = map[string]string{"a": "{{ lead.name }}"}
	}},
	{"steps[0].advanced.ai.max_seconds", "range", func(d *cadence.Document) { d.Steps[0].Advanced.AI = &cadence.AI{MaxSeconds: -1} }},
	{"steps[0].boosts[0].signal", "form", func(d *cadence.Document) { d.Steps[0].Boosts = []cadence.Boost{{Step: "two"}} }},
	{"steps[0].boosts[0].step", "missing_step", func(d *cadence.Document) { d.Steps[0].Boosts = []cadence.Boost{{Signal: "a", Step: "nine"}} }},
	{"connect[0].to", "one_of", func(d *cadence.Document) { d.Connect[0].To = "fax" }},
	{"connect[0].number", "form", func(d *cadence.Document) { d.Connect[0].Number = "303-555-0100" }},
	{"connect[0].sip", "not_used", func(d *cadence.Document) { d.Connect[0].SIP = "sip:a@example.com" }},
	{"connect[0].sip", "form", func(d *cadence.Document) { d.Connect[0] = cadence.Connect{To: "sip", SIP: "sip:nowhere"} }},
	{"connect[0].ring_timeout", "range", func(d *cadence.Document) { d.Connect[0].RingTimeout = cadence.Span{N: 61, Unit: "s"} }},
	{"connect[0].disposition_wait", "range", func(d *cadence.Document) { d.Connect[0].DispositionWait = hours(25) }},
	{"connect[0]", "one_of", func(d *cadence.Document) { d.Connect[0] = cadence.Connect{To: "message"} }},
	{"connect[0].ring_timeout", "not_used", func(d *cadence.Document) {
		d.Connect[0] = cadence.Connect{To: "message", Text: "Hello", RingTimeout: cadence.Span{N: 20, Unit: "s"}}
	}},
	{`connect[0].gather["12"]`, "form", func(d *cadence.Document) {
		d.Connect[0] = cadence.Connect{To: "message", Text: "Hello", Gather: map[string]cadence.DispositionCode{"12": "SALE"}}
	}},
	{"connect[0].queue", "required", func(d *cadence.Document) { d.Connect[0] = cadence.Connect{To: "agents"} }},
	{"connect[0]", "one_of", func(d *cadence.Document) { d.Connect[0] = cadence.Connect{To: "ai"} }},
	{"connect[0].stream_url", "address", func(d *cadence.Document) { d.Connect[0] = cadence.Connect{To: "ai", StreamURL: "https://example.com"} }},
	{"steps[0].routes[0].on", "required", func(d *cadence.Document) { routed(d, cadence.Route{Do: "next"}) }},
	{"steps[0].routes[0].on", "form", func(d *cadence.Document) { routed(d, cadence.Route{On: "no answer", Do: "next"}) }},
	{"steps[0].routes[0].do", "required", func(d *cadence.Document) { routed(d, cadence.Route{On: "BUSY"}) }},
	{"steps[0].routes[0].do", "one_of", func(d *cadence.Document) { routed(d, cadence.Route{On: "BUSY", Do: "again"}) }},
	{"steps[0].routes[0].delay", "required", func(d *cadence.Document) { routed(d, cadence.Route{On: "BUSY", Do: "retry", Max: 1}) }},
	{"steps[0].routes[0].max", "range", func(d *cadence.Document) {
		routed(d, cadence.Route{On: "BUSY", Do: "retry", Delay: new(hours(1)), Max: -1})
	}},
	{"steps[0].routes[0].max", "not_used", func(d *cadence.Document) { routed(d, cadence.Route{On: "BUSY", Do: "next", Max: 1}) }},
	{"steps[0].routes[0].delay", "not_used", func(d *cadence.Document) { routed(d, cadence.Route{On: "BUSY", Do: "exit", Delay: new(hours(1))}) }},
	{"steps[0].routes[0].to", "required", func(d *cadence.Document) { routed(d, cadence.Route{On: "BUSY", Do: "goto"}) }},
	{"steps[0].routes[0].to", "missing_step", func(d *cadence.Document) { routed(d, cadence.Route{On: "BUSY", Do: "goto", To: "nine"}) }},
	{"steps[0].routes[0].to", "required", func(d *cadence.Document) { routed(d, cadence.Route{On: "BUSY", Do: "transition"}) }},
	{"steps[0].routes[0].to", "not_used", func(d *cadence.Document) { routed(d, cadence.Route{On: "BUSY", Do: "next", To: "two"}) }},
	{"steps[0].routes[1].on", "duplicate", func(d *cadence.Document) {
		routed(d, cadence.Route{On: "BUSY", Do: "next"}, cadence.Route{On: "AB", Do: "exit"}) // an alias of BUSY
	}},
	{"routes[0].do", "one_of", func(d *cadence.Document) { d.Routes = []cadence.Route{{On: "BUSY", Do: "x"}} }},
}

func opened(d *cadence.Document, from, to string, days ...string) {
	d.TimeRestrictions = &cadence.TimeRestrictions{Windows: []cadence.Window{{Days: days, From: from, To: to}}}
}

func routed(d *cadence.Document, list ...cadence.Route) { d.Steps[0].Routes = list }

func TestValidateNamesEveryFault(t *testing.T) {
	if problems := cadence.Validate(plain(), instance()); len(problems) > 0 {
		t.Fatalf("the document all this is made of is itself faulty: %v", problems)
	}
	for _, fault := range faults {
		t.Run(fault.path+" "+fault.code, func(t *testing.T) {
			doc := plain()
			fault.hurt(doc)
			problems := cadence.Validate(doc, instance())
			if !slices.ContainsFunc(problems, func(p cadence.Problem) bool {
				return p.Path == fault.path && p.Code == fault.code && p.Severity == cadence.SeverityError && p.Message != ""
			}) {
				t.Errorf("problems: %v", problems)
			}
			if !cadence.HasErrors(cadence.Publishable(doc, instance())) {
				t.Error("it can be published")
			}
		})
	}
}

// A large document must not take long, whatever is in it.
func TestCheckingTakesTimeInProportion(t *testing.T) {
	const (
		head = `{"format":"carillon.cadence/v1","name":"Large","audience":{"type":"manual"},"runs":{"max":1},`
		step = `"steps":[{"key":"one","kind":"call"`
	)
	for name, c := range map[string]struct{ before, piece, after string }{
		"steps":      {`"steps":[`, `{"key":"k00000","kind":"call","parent":"k00000"}`, `]}`},
		"routes":     {step + `,"routes":[`, `{"on":"A00000","do":"transition","to":"A"}`, `]}]}`},
		"next_on":    {step + `,"numbers":{"next_on":[`, `"A00000"`, `]}}]}`},
		"variables":  {step + `,"advanced":{"variables":{`, `"a00000":"{{ vars.x }}"`, `}}}]}`},
		"conditions": {step + `}],"exit_when":[`, `{"if":"lead.a00000 == '1'"}`, `]}`},
		"brackets":   {step + `,"script":"`, `{{{{{{{{`, `"}]}`},
	} {
		var text strings.Builder
		text.WriteString(head + c.before)
		for i := 0; text.Len() < cadence.MaxDocumentBytes/4; i++ {
			if i > 0 {
				text.WriteByte(',')
			}
			text.WriteString(strings.ReplaceAll(c.piece, "00000", fmt.Sprintf("%05d", i)))
		}
		text.WriteString(c.after)
		start := time.Now()
		doc, problems := cadence.Check([]byte(text.String()), instance(), others)
		if doc == nil || !cadence.HasErrors(problems) {
			t.Fatalf("%s: %v", name, problems)
		}
		cadence.Publishable(doc, instance())
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%s: checking %d bytes took %s", name, text.Len(), took)
		}
	}
}

func TestValidateReportsAllFaultsAtOnce(t *testing.T) {
	doc := plain()
	doc.Name, doc.Runs.Max, doc.Steps[0].Kind, doc.Steps[2].Key = "", 2, "", ""
	want := []string{"name", "runs.gap", "steps[0].kind", "steps[2].key"}
	for _, path := range want {
		if !slices.ContainsFunc(cadence.Validate(doc, instance()), func(p cadence.Problem) bool { return p.Path == path }) {
			t.Errorf("%s is not reported", path)
		}
	}
}

func TestARetryMayUseItsDispositionsDelay(t *testing.T) {
	doc := plain()
	routed(doc, cadence.Route{On: "AB", Do: cadence.DoRetry, Max: 2})
	known := instance()
	known.RetryDelay = func(code cadence.DispositionCode) (cadence.Span, bool) { return hours(1), code == "BUSY" }
	if problems := cadence.Publishable(doc, known); len(problems) > 0 {
		t.Errorf("problems: %v", problems)
	}
	if !cadence.Resolve(doc, known) || doc.Steps[0].Routes[0].On != "BUSY" || cadence.Resolve(doc, known) {
		t.Errorf("alias resolved to %v", doc.Steps[0].Routes[0].On)
	}
}

func TestMissingListsWhatAnEmptyInstanceLacks(t *testing.T) {
	doc := plain()
	doc.Name = "Here"
	doc.Runs = cadence.Runs{Max: 1, Then: "transition", TransitionTo: "Follow-up"}
	doc.Connect = append(doc.Connect, cadence.Connect{To: "message", Audio: "media:sha256-" + sixtyFour, Gather: map[string]cadence.DispositionCode{"1": "SALE"}})
	doc.Steps[1].CallerID.Pool = "east"
	doc.Steps[1].Numbers.NextOn = []cadence.DispositionCode{"BUSY"}
	routed(doc, cadence.Route{On: "MINE", Do: "transition", To: "Here", Delay: new(hours(1))})
	empty := cadence.Known{
		Disposition: func(code cadence.DispositionCode) (cadence.DispositionCode, bool) { return code, false },
		Pool:        func(string) bool { return false },
		Media:       func(string) bool { return false },
		Cadence:     func(string) bool { return false },
	}
	want := []cadence.Reference{
		{Path: "connect[1].audio", Kind: "media", Name: "media:sha256-" + sixtyFour},
		{Path: `connect[1].gather["1"]`, Kind: "disposition", Name: "SALE"},
		{Path: "runs.transition_to", Kind: "cadence", Name: "Follow-up"},
		{Path: "steps[0].caller_id", Kind: "pool", Name: "default"},
		{Path: "steps[0].routes[0].on", Kind: "disposition", Name: "MINE"},
		{Path: "steps[1].caller_id.pool", Kind: "pool", Name: "east"},
		{Path: "steps[1].numbers.next_on[0]", Kind: "disposition", Name: "BUSY"},
	}
	if got := cadence.Missing(doc, empty); !slices.Equal(got, want) {
		t.Errorf("missing:\n%v\nwant:\n%v", got, want)
	}
	if got := cadence.Missing(doc, cadence.Known{}); len(got) > 0 {
		t.Errorf("without an instance to ask: %v", got)
	}
	problems := cadence.Validate(doc, empty)
	if len(problems) != len(want) || cadence.HasErrors(problems) {
		t.Errorf("a draft may wait for what is missing: %v", problems)
	}
	if problems := cadence.Publishable(doc, empty); len(problems) < len(want) {
		t.Errorf("publishing refuses only %v", problems)
	}
}

func TestVoiceOf(t *testing.T) {
	number, text := cadence.Connect{To: cadence.ConnectNumber}, cadence.Connect{To: cadence.ConnectMessage, Text: "Hello"}
	audio := cadence.Connect{To: cadence.ConnectMessage, Audio: "https://example.com/a.mp3"}
	for _, c := range []struct {
		said        cadence.Voice
		whole, step []cadence.Connect
		want        cadence.Voice
	}{
		{"", nil, nil, "live"},
		{"", []cadence.Connect{number}, nil, "live"},
		{"", []cadence.Connect{number, text}, nil, "artificial"}, // whoever answers may hear it
		{"", []cadence.Connect{number}, []cadence.Connect{audio}, "prerecorded"},
		{"", []cadence.Connect{text}, []cadence.Connect{number}, "live"},
		{"live", []cadence.Connect{text}, nil, "artificial"},
		{"prerecorded", []cadence.Connect{number}, nil, "prerecorded"},
		{"", []cadence.Connect{{To: cadence.ConnectAI}}, nil, "artificial"},
	} {
		doc := &cadence.Document{Voice: c.said, Connect: c.whole}
		if got := doc.VoiceOf(&cadence.Step{Connect: c.step}); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	if got := new(cadence.Document).PurposeOf(); got != cadence.PurposeSales {
		t.Errorf("no purpose is %q", got)
	}
}

func capped(d *cadence.Document, most int, per string) {
	d.Caps = &cadence.Caps{Lead: []cadence.Cap{{Max: most, Per: per}}}
}
