package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// What an answered call was told to do.
const (
	scriptConnect   = "connect"
	scriptMessage   = "message"
	scriptVoicemail = "voicemail"
	scriptHangup    = "hangup"
)

// gatherWait is how long a key is awaited after a message.
const gatherWait = 5 * time.Second

// script answers an event that asks what the call shall do. It returns the
// fact to record, nil when the same question was answered before: then the
// same script is built again from durable state.
func (c *Core) script(now int64, v *state.View, o *state.Open, ev *telephony.Event, repeat bool) (*event.ScriptServed, telephony.Script) {
	hangup := telephony.Script{telephony.Hangup{}}
	p, ok := c.plans[playedBy(o.I)]
	if !ok || o.Status.Terminal() {
		return nil, hangup
	}
	switch ev.Kind {
	case telephony.EventVoice:
		if repeat || o.Script != "" {
			return nil, c.build(p, o, o.Script, o.Target)
		}
		kind := c.playable(v, p, o, scriptKind(p, o), 0)
		return c.serve(now, v, o, kind, 0), c.build(p, o, kind, 0)
	case telephony.EventDial:
		switch {
		case o.Script == scriptVoicemail: // judged meanwhile: what it had dialed is over
			return nil, c.build(p, o, o.Script, o.Target)
		case !byPerson(o.AnsweredBy):
			return nil, hangup
		}
		if repeat && o.Target > 0 && (!legKnown(o) || o.Script == scriptMessage) { // our answer got lost
			return nil, c.build(p, o, o.Script, o.Target)
		}
		next := o.Target + 1
		if repeat || o.LegStatus == telephony.StatusCompleted || next >= len(p.Steps[o.I.Step].connect) {
			return nil, hangup
		}
		kind := c.playable(v, p, o, kindOf(p.Steps[o.I.Step].connect[next]), next)
		f := c.serve(now, v, o, kind, next)
		if kind == scriptConnect {
			o.LegStatus, o.LegMs = "", 0 // the next leg's fate is open again
		}
		return f, c.build(p, o, kind, next)
	case telephony.EventPlayed:
		if awaited(now, p, o) || redirecting(o) {
			return nil, telephony.Script{telephony.Pause{For: verdictPause}, telephony.Played{Attempt: o.I.Attempt}}
		}
	case telephony.EventGather, telephony.EventStatus, telephony.EventAMD, telephony.EventLeg:
	}
	return nil, hangup
}

// verdictPause is how long a call waits in silence, again and again, for the
// judgement whether a machine heard its message.
const verdictPause = 2 * time.Second

// awaits reports whether a call may not end with its message: a machine is to
// get another one, and whether it is a machine is judged meanwhile.
func (s *planStep) awaits() bool { return s.detect.async && s.leaves }

// awaited reports whether such a call still waits. What comes later than
// detection may take will not come.
func awaited(now int64, p *Plan, o *state.Open) bool {
	s := &p.Steps[o.I.Step]
	limit := s.detect.timeout
	if limit == 0 {
		limit = telephony.MaxAMDTimeout
	}
	return o.Script == scriptMessage && s.awaits() && o.AnsweredBy == telephony.ByNothing && now < o.AnsweredAt+ms(limit)
}

// redirectFor is how soon a call is looked at that owes a change of script, and
// the change tried again.
const redirectFor = 10 * time.Second

// detected acts on a judgement that came while the call was going on. A machine
// is taken off what was meant for a person: it gets the voicemail, or the call
// ends. Whoever has pressed a key is no machine.
func (c *Core) detected(now int64, v *state.View, out *Outcome, o *state.Open) {
	p, ok := c.plans[playedBy(o.I)]
	going := o.Script == scriptConnect || o.Script == scriptMessage
	if !ok || !going || o.Status.Terminal() || o.Digits != "" || byPerson(o.AnsweredBy) {
		return
	}
	owed := &event.EffectOwed{Attempt: o.I.Attempt, Effect: event.EffectHangUp, Reason: string(o.AnsweredBy), At: now}
	deadline := now + ms(redirectFor)
	if kind := c.playable(v, p, o, scriptKind(p, o), o.Target); kind == scriptVoicemail {
		owed.Effect = event.EffectRedirect
		f := c.serve(now, v, o, kind, o.Target)
		f.Deadline = deadline
		out.fact(f)
	} else {
		out.fact(&event.DeadlineSet{Attempt: o.I.Attempt, Deadline: deadline, Polls: o.Polls, Note: o.Note})
	}
	out.fact(owed)
}

// redirecting reports whether a call has been told to ask for its script anew
// and has not done so yet: what it asks meanwhile is still about the old one.
func redirecting(o *state.Open) bool { return o.Owed == event.EffectRedirect && !o.OwedDone }

// redirected takes the request of a call that was told to ask for its script
// anew: the change has been made, and what it gets begins now.
func (c *Core) redirected(now int64, v *state.View, out *Outcome, o *state.Open, ev *telephony.Event) {
	if ev.Kind != telephony.EventVoice || !redirecting(o) {
		return
	}
	out.fact(&event.EffectDone{Attempt: o.I.Attempt, At: now}, c.serve(now, v, o, o.Script, o.Target))
}

func (c *Core) serve(now int64, v *state.View, o *state.Open, kind string, target int) *event.ScriptServed {
	f := &event.ScriptServed{
		Attempt: o.I.Attempt, Kind: kind, Target: target, At: now,
		Deadline: now + ms(c.rules.TimeLimit) + ms(graceFor),
	}
	if kind == scriptVoicemail {
		if row, ours := stored(v, c.plans[playedBy(o.I)].Doc.Steps[o.I.Step].Voicemail.Audio); ours && row != nil {
			f.LengthMs = row.DurationMs
		}
	}
	return f
}

// playable is a kind of script, or a hang-up when what it plays was lost since
// the call was placed: nobody is left on a silent line.
func (c *Core) playable(v *state.View, p *Plan, o *state.Open, kind string, target int) string {
	audio := ""
	switch kind {
	case scriptVoicemail:
		audio = p.Doc.Steps[o.I.Step].Voicemail.Audio
	case scriptMessage:
		audio = p.Steps[o.I.Step].connect[target].Audio
	}
	if row, ours := stored(v, audio); ours && !row.Sound() {
		o.Note = "hung up: " + audio + " is missing or damaged; store the file again"
		return scriptHangup
	}
	return kind
}

// scriptKind decides by who picked up. Unknown is treated as a person.
func scriptKind(p *Plan, o *state.Open) string {
	s := &p.Doc.Steps[o.I.Step]
	switch {
	case o.AnsweredBy == telephony.ByFax:
		return scriptHangup
	case o.AnsweredBy.Machine():
		if leaves(&s.Voicemail, o.AnsweredBy) {
			return scriptVoicemail
		}
		return scriptHangup
	case len(p.Steps[o.I.Step].connect) == 0:
		return scriptHangup
	}
	return kindOf(p.Steps[o.I.Step].connect[0])
}

// leaves reports whether a message is left for a machine: behind its greeting
// only, and where the step asks for it only behind a beep.
func leaves(v *cadence.Voicemail, by telephony.AnsweredBy) bool {
	return v.Leave && by != telephony.ByMachineStart && (by == telephony.ByMachineBeep || !v.OnlyAfterBeep)
}

func kindOf(c cadence.Connect) string {
	if c.To == cadence.ConnectMessage {
		return scriptMessage
	}
	return scriptConnect
}

// build makes the verbs of a script. Texts that name a field of the lead were
// merged when the intent was written.
func (c *Core) build(p *Plan, o *state.Open, kind string, target int) telephony.Script {
	s := &p.Doc.Steps[o.I.Step]
	switch kind {
	case scriptVoicemail:
		var out telephony.Script
		if pause := pauseBefore(o); pause > 0 {
			out = append(out, telephony.Pause{For: pause})
		}
		out = append(out, speech(s.Voicemail.Audio, text(o, 0, s.Voicemail.Text)))
		if s.Voicemail.Audio != "" || !cadence.NamesNumber(text(o, 0, s.Voicemail.Text)) {
			out = append(out, telephony.Say{Text: c.rules.OptOut.call(o.I.From)})
		}
		return append(out, telephony.Played{Attempt: o.I.Attempt})
	case scriptConnect, scriptMessage:
		chain := p.Steps[o.I.Step].connect
		if target < len(chain) {
			return c.toTarget(p, o, target)
		}
	}
	return telephony.Script{telephony.Hangup{}}
}

func (c *Core) toTarget(p *Plan, o *state.Open, target int) telephony.Script {
	t := &p.Steps[o.I.Step].connect[target]
	if t.To == cadence.ConnectMessage {
		prompt := telephony.Script{speech(t.Audio, text(o, target+1, t.Text))}
		if key, told := c.optOut(t); !told {
			prompt = append(prompt, telephony.Say{Text: c.rules.OptOut.offer(key)})
		}
		said := telephony.Gather{Attempt: o.I.Attempt, Prompt: prompt, Wait: gatherWait}
		if p.Steps[o.I.Step].awaits() {
			return telephony.Script{said, telephony.Played{Attempt: o.I.Attempt}}
		}
		return telephony.Script{said, telephony.Hangup{}}
	}
	return telephony.Script{telephony.Connect{
		Attempt: o.I.Attempt, Number: t.Number, SIP: t.SIP, CallerID: o.I.From, Ring: ringOf(t), TimeLimit: c.rules.TimeLimit,
	}}
}

func speech(audio, words string) telephony.Verb {
	if audio != "" {
		return telephony.Play{URL: audio}
	}
	return telephony.Say{Text: words}
}

func text(o *state.Open, i int, plain string) string {
	if i < len(o.I.Texts) {
		return o.I.Texts[i]
	}
	return plain
}
