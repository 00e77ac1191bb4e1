package cadence_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
)

// codes are the canonical dispositions of the tests' instance.
var codes = []cadence.DispositionCode{
	"NO_ANSWER", "BUSY", "ANSWERING_MACHINE", "VOICEMAIL_LEFT", "CONNECTED", "SALE", "CALLBACK", "DNC",
}

// instance is an instance that has everything the generated documents name.
func instance() cadence.Known {
	aliases := map[cadence.DispositionCode]cadence.DispositionCode{"NA": "NO_ANSWER", "AB": "BUSY"}
	return cadence.Known{
		Disposition: func(code cadence.DispositionCode) (cadence.DispositionCode, bool) {
			if canonical, ok := aliases[code]; ok {
				return canonical, true
			}
			return code, slices.Contains(codes, code)
		},
		Codes: codes,
		RetryDelay: func(code cadence.DispositionCode) (cadence.Span, bool) {
			return hours(2), code == "NO_ANSWER"
		},
		Callback: func(code cadence.DispositionCode) (cadence.Span, bool) {
			if code != "CALLBACK" {
				return cadence.Span{}, false
			}
			return hours(24), true
		},
		EngineOnly: func(code cadence.DispositionCode) bool { return code == "NO_ANSWER" },
		Pool:       func(name string) bool { return name == "default" || name == "east" },
		Media:      func(string) bool { return false },
		Cadence:    func(name string) bool { return name == "Follow-up" },
	}
}

func maybe[T any](t *rapid.T, label string, g *rapid.Generator[T]) T {
	var zero T
	return rapid.OneOf(rapid.Just(zero), g).Draw(t, label)
}

func span(units ...cadence.Unit) *rapid.Generator[cadence.Span] {
	if len(units) == 0 {
		units = []cadence.Unit{"s", "m", "h", "d", "w", "mo", "bd"}
	}
	return rapid.Custom(func(t *rapid.T) cadence.Span {
		n := rapid.IntRange(0, 60).Draw(t, "n")
		if n == 0 {
			return cadence.Span{}
		}
		return cadence.Span{N: n, Unit: rapid.SampledFrom(units).Draw(t, "unit")}
	})
}

var (
	ring   = rapid.Map(rapid.IntRange(15, 60), func(n int) cadence.Span { return cadence.Span{N: n, Unit: "s"} })
	number = rapid.Map(rapid.IntRange(100, 199), func(n int) cadence.Number { return cadence.Number(fmt.Sprintf("+13035550%d", n)) })
	phrase = rapid.StringOf(rapid.SampledFrom([]rune("abc ÄÖ é\"\\<>&\u2028\n\t你🎐/{}")))
	title  = rapid.StringMatching(`[A-Za-z<&][A-Za-z "é]{0,20}[a-z]`)
	audio  = rapid.SampledFrom([]string{"https://example.com/a.mp3", "media:sha256-" + sixtyFour})
	merged = rapid.Map(rapid.StringMatching(`[a-z ]{0,20}`), func(s string) string { return s + " {{ lead.first_name }} {{vars.x}}" })
)

const sixtyFour = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// documents generates documents that Validate finds no error in, over the
// whole model, with defaults both absent and written out.
var documents = rapid.Custom(func(t *rapid.T) *cadence.Document {
	d := &cadence.Document{
		Format:      cadence.Format,
		Name:        title.Draw(t, "name"),
		Description: phrase.Draw(t, "description"),
		Campaign:    maybe(t, "campaign", title),
		Purpose:     rapid.SampledFrom([]cadence.Purpose{"", "sales", "charity", "debt_collection", "survey", "informational", "nonprofit", "healthcare"}).Draw(t, "purpose"),
		Voice:       rapid.SampledFrom([]cadence.Voice{"", "live", "artificial", "prerecorded"}).Draw(t, "voice"),
		Consent:     rapid.SampledFrom([]cadence.Consent{"", "express", "express_written", "prior"}).Draw(t, "consent"),
		Seller:      maybe(t, "seller", title),
		Audience:    rapid.SampledFrom([]cadence.Audience{{Type: "manual"}, {Type: "view", View: "New leads"}}).Draw(t, "audience"),
		Connect:     rapid.SliceOfN(connects, 0, 3).Draw(t, "connect"),
		Runs:        runs.Draw(t, "runs"),
		ReEntry:     rapid.SampledFrom([]cadence.ReEntry{"", "never", "always", "after 30d"}).Draw(t, "re_entry"),
		ExitWhen: rapid.SliceOfN(rapid.SampledFrom([]cadence.ExitWhen{
			{Signal: "meeting_booked"}, {If: "lead.status == 'Qualified'"}, {If: `number(lead.score) > 50 && now.weekday in ["sat"]`},
		}), 0, 3).Draw(t, "exit_when"),
	}
	if rapid.Bool().Draw(t, "restricted") {
		d.TimeRestrictions = restrictions.Draw(t, "time_restrictions")
	}
	if rapid.Bool().Draw(t, "capped") {
		d.Caps = caps.Draw(t, "caps")
	}
	n := rapid.IntRange(1, 5).Draw(t, "steps")
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("step-%d", i+1)
	}
	d.Routes = routes(keys).Draw(t, "routes")
	for i := range keys {
		d.Steps = append(d.Steps, step(keys, i).Draw(t, "step"))
	}
	return d
})

var caps = rapid.Custom(func(t *rapid.T) *cadence.Caps {
	one := rapid.Custom(func(t *rapid.T) cadence.Cap {
		return cadence.Cap{Max: rapid.IntRange(1, 9).Draw(t, "max"), Per: rapid.SampledFrom([]string{"day", "1h", "24h", "7d", "31d"}).Draw(t, "per")}
	})
	return &cadence.Caps{Lead: rapid.SliceOfN(one, 0, 3).Draw(t, "lead"), Daily: rapid.SampledFrom([]int{0, 1, 500}).Draw(t, "daily")}
})

var runs = rapid.Custom(func(t *rapid.T) cadence.Runs {
	r := cadence.Runs{Max: rapid.IntRange(1, 4).Draw(t, "max")}
	r.Then = rapid.SampledFrom([]string{"", "idle", "restart", "reenroll", "transition"}).Draw(t, "then")
	if r.Then == "transition" {
		r.TransitionTo = "Follow-up"
	}
	if r.Max > 1 {
		r.Gap = cadence.Span{N: rapid.IntRange(1, 30).Draw(t, "gap"), Unit: "d"}
	}
	return r
})

var restrictions = rapid.Custom(func(t *rapid.T) *cadence.TimeRestrictions {
	windows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) cadence.Window {
		days := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}), 0, 7, rapid.ID)
		from := rapid.IntRange(0, 23).Draw(t, "from")
		to := rapid.IntRange(from+1, 24).Draw(t, "to")
		return cadence.Window{Days: days.Draw(t, "days"), From: fmt.Sprintf("%02d:00", from), To: fmt.Sprintf("%02d:00", to)}
	}), 0, 3)
	return &cadence.TimeRestrictions{
		Zone:     rapid.SampledFrom([]string{"", "lead", "America/Denver"}).Draw(t, "zone"),
		Windows:  windows.Draw(t, "windows"),
		Holidays: rapid.Bool().Draw(t, "holidays"),
	}
})

var connects = rapid.Custom(func(t *rapid.T) cadence.Connect {
	c := cadence.Connect{DispositionWait: span("s", "m").Draw(t, "wait")}
	switch c.To = rapid.SampledFrom([]cadence.ConnectKind{"number", "sip", "message", "agents", "ai"}).Draw(t, "to"); c.To {
	case cadence.ConnectNumber:
		c.Number, c.RingTimeout = number.Draw(t, "number"), maybe(t, "ring", ring)
	case cadence.ConnectSIP:
		c.SIP = "sip:sales@example.com;transport=tls"
	case cadence.ConnectMessage:
		c.Gather = maybe(t, "gather", rapid.MapOf(rapid.SampledFrom([]string{"1", "9", "*", "#"}), rapid.SampledFrom(codes)))
		if c.Text = maybe(t, "text", merged); c.Text == "" {
			c.Audio = audio.Draw(t, "audio")
		}
	case cadence.ConnectAgents:
		c.Queue, c.Skills = "Sales", maybe(t, "skills", rapid.SliceOfN(title, 0, 2))
	case cadence.ConnectAI:
		c.StreamURL, c.Parameters = "wss://example.com/ai", map[string]string{"b": "2", "a": merged.Draw(t, "a")}
	}
	return c
})

func routes(keys []string) *rapid.Generator[[]cadence.Route] {
	one := rapid.Custom(func(t *rapid.T) cadence.Route {
		r := cadence.Route{On: rapid.SampledFrom(codes).Draw(t, "on")}
		r.Do = rapid.SampledFrom([]cadence.Action{"retry", "next", "goto", "exit", "callback", "transition"}).Draw(t, "do")
		delay := span().Draw(t, "delay")
		switch r.Do {
		case cadence.DoRetry:
			r.Delay, r.Max = &delay, rapid.IntRange(0, 5).Draw(t, "max")
		case cadence.DoGoto:
			r.Delay, r.To = maybe(t, "with delay", rapid.Just(&delay)), rapid.SampledFrom(keys).Draw(t, "to")
		case cadence.DoTransition:
			r.Delay, r.To = maybe(t, "with delay", rapid.Just(&delay)), "Follow-up"
		case cadence.DoNext, cadence.DoExit, cadence.DoCallback:
		}
		if r.Do == cadence.DoRetry || r.Do == cadence.DoNext || r.Do == cadence.DoGoto {
			r.OtherPart = rapid.Bool().Draw(t, "other part")
		}
		return r
	})
	return rapid.SliceOfNDistinct(one, 0, 4, func(r cadence.Route) cadence.DispositionCode { return r.On })
}

func step(keys []string, i int) *rapid.Generator[cadence.Step] {
	return rapid.Custom(func(t *rapid.T) cadence.Step {
		s := cadence.Step{
			Key:        keys[i],
			Kind:       rapid.SampledFrom([]cadence.StepKind{"call", "call", "call", "email", "task"}).Draw(t, "kind"),
			Name:       maybe(t, "name", title),
			Script:     maybe(t, "script", merged),
			Anchor:     rapid.SampledFrom([]cadence.Anchor{"", "previous", "enrollment"}).Draw(t, "anchor"),
			DelayAfter: span().Draw(t, "delay_after"),
			Routes:     routes(keys).Draw(t, "routes"),
		}
		s.Advanced.Condition = rapid.SampledFrom([]string{"", "attempt.count < 5", "lead.state != 'TX'"}).Draw(t, "condition")
		s.Advanced.Variables = maybe(t, "variables", rapid.Just(map[string]string{"x": "1", "company": "our office"}))
		s.Advanced.AI = maybe(t, "ai", rapid.SampledFrom([]*cadence.AI{{}, {Voice: "calm", MaxSeconds: 300, HandOverWhen: []string{"asked"}}}))
		s.Boosts = maybe(t, "boosts", rapid.Just([]cadence.Boost{{Signal: "replied", Step: keys[0], Delay: cadence.Span{N: 1, Unit: "h"}}}))
		if i > 0 && rapid.Bool().Draw(t, "child") {
			s.Parent, s.Delay = keys[i-1], span().Draw(t, "delay")
			s.When = []cadence.Trigger{{On: "opened", Delay: span().Draw(t, "when")}}
		}
		kindDetails(t, &s)
		return s
	})
}

func kindDetails(t *rapid.T, s *cadence.Step) {
	switch s.Kind {
	case cadence.StepEmail:
		s.Email = &cadence.EmailDetails{Template: "Welcome", From: "sales@example.com"}
	case cadence.StepTask:
		s.Task = &cadence.TaskDetails{Subject: "Look it up", Due: span().Draw(t, "due")}
	case cadence.StepCall:
		s.PlacedBy = rapid.SampledFrom([]string{"", "dialer", "rep"}).Draw(t, "placed_by")
		if s.PlacedBy == "rep" {
			s.Rep = rapid.SampledFrom([]*cadence.RepCall{nil, {}, {Owner: "Sales", Reminder: cadence.Span{N: 5, Unit: "m"}}}).Draw(t, "rep")
		}
		s.CallerID = rapid.SampledFrom([]cadence.CallerID{
			{},
			{Strategy: "random", Pool: "default"},
			{Strategy: "rotating_pool", Pool: "east"},
			{Strategy: "fixed", Number: "+13035550100"},
			{Strategy: "sticky"},
		}).Draw(t, "caller_id")
		s.Numbers = rapid.SampledFrom([]cadence.NumberPolicy{
			{}, {InOrder: true}, {NextOn: []cadence.DispositionCode{"BUSY", "NO_ANSWER"}},
		}).Draw(t, "numbers")
		s.Voicemail = rapid.SampledFrom([]cadence.Voicemail{
			{}, {Leave: true, Text: "Hello {{ lead.name }}"}, {Text: "Kept"}, {Leave: true, Audio: "https://example.com/vm.mp3"},
		}).Draw(t, "voicemail")
		if s.Voicemail.Leave {
			s.Voicemail.OnlyAfterBeep = rapid.Bool().Draw(t, "only_after_beep")
		} else if rapid.Bool().Draw(t, "no detection") {
			s.Detection.Mode = cadence.DetectOff
		}
		if s.Detection.Mode == "" {
			s.Detection = rapid.SampledFrom([]cadence.Detection{
				{}, {Mode: "sync", Timeout: cadence.DefaultDetection}, {Mode: "async"}, {Timeout: cadence.Span{N: 59, Unit: "s"}},
			}).Draw(t, "detection")
		}
		s.RingFor = maybe(t, "ring", ring)
		s.Connect = rapid.SliceOfN(connects, 0, 2).Draw(t, "connect")
	}
}

// plain is a small document that can be published.
func plain() *cadence.Document {
	return &cadence.Document{
		Format:   cadence.Format,
		Name:     "Plain",
		Audience: cadence.Audience{Type: "manual"},
		Connect:  []cadence.Connect{{To: cadence.ConnectNumber, Number: "+13035550100"}},
		Runs:     cadence.Runs{Max: 1},
		Steps: []cadence.Step{
			{Key: "one", Kind: cadence.StepCall, DelayAfter: cadence.Span{N: 4, Unit: cadence.Hours}},
			{Key: "two", Kind: cadence.StepCall, DelayAfter: cadence.Span{N: 1, Unit: cadence.Days}},
			{Key: "three", Kind: cadence.StepCall},
		},
	}
}
