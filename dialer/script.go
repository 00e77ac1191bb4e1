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
func (c *Core) script(now int64, o *state.Open, ev *telephony.Event, repeat bool) (*event.ScriptServed, telephony.Script) {
	hangup := telephony.Script{telephony.Hangup{}}
	p, ok := c.plans[planKey{o.I.Cadence, o.I.Version}]
	if !ok || o.Status.Terminal() {
		return nil, hangup
	}
	switch ev.Kind {
	case telephony.EventVoice:
		if repeat || o.Script != "" {
			return nil, c.build(p, o, o.Script, o.Target)
		}
		kind := scriptKind(p, o)
		return c.serve(now, o, kind, 0), c.build(p, o, kind, 0)
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
		kind := kindOf(p.Steps[o.I.Step].connect[next])
		f := c.serve(now, o, kind, next)
		if kind == scriptConnect {
			o.LegStatus, o.LegMs = "", 0 // the next leg's fate is open again
		}
		return f, c.build(p, o, kind, next)
	case telephony.EventGather, telephony.EventPlayed, telephony.EventStatus, telephony.EventAMD:
	}
	return nil, hangup
}

// redirectFor is how soon a call is looked at that owes a change of script, and
// the change tried again.
const redirectFor = 10 * time.Second

// detected acts on a judgement that came while the call was going on. A machine
// is taken off what was meant for a person: it gets the voicemail, or the call
// ends. Whoever has pressed a key is no machine.
func (c *Core) detected(now int64, out *Outcome, o *state.Open) {
	p, ok := c.plans[planKey{o.I.Cadence, o.I.Version}]
	going := o.Script == scriptConnect || o.Script == scriptMessage
	if !ok || !going || o.Status.Terminal() || o.Digits != "" || byPerson(o.AnsweredBy) {
		return
	}
	owed := &event.EffectOwed{Attempt: o.I.Attempt, Effect: event.EffectHangUp, Reason: string(o.AnsweredBy), At: now}
	deadline := now + ms(redirectFor)
	if scriptKind(p, o) == scriptVoicemail {
		owed.Effect = event.EffectRedirect
		f := c.serve(now, o, scriptVoicemail, o.Target)
		f.Deadline = deadline
		out.fact(f)
	} else {
		out.fact(&event.DeadlineSet{Attempt: o.I.Attempt, Deadline: deadline, Polls: o.Polls, Note: o.Note})
	}
	out.fact(owed)
}

// redirected takes the request of a call that was told to ask for its script
// anew: the change has been made, and what it gets begins now.
func (c *Core) redirected(now int64, out *Outcome, o *state.Open, ev *telephony.Event) {
	if ev.Kind != telephony.EventVoice || o.Owed != event.EffectRedirect || o.OwedDone {
		return
	}
	out.fact(&event.EffectDone{Attempt: o.I.Attempt, At: now}, c.serve(now, o, o.Script, o.Target))
}

func (c *Core) serve(now int64, o *state.Open, kind string, target int) *event.ScriptServed {
	return &event.ScriptServed{
		Attempt: o.I.Attempt, Kind: kind, Target: target, At: now,
		Deadline: now + ms(c.rules.TimeLimit) + ms(graceFor),
	}
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
		return append(out, speech(s.Voicemail.Audio, text(o, 0, s.Voicemail.Text)), telephony.Played{Attempt: o.I.Attempt})
	case scriptConnect, scriptMessage:
		chain := p.Steps[o.I.Step].connect
		if target < len(chain) {
			return c.toTarget(o, &chain[target], target)
		}
	}
	return telephony.Script{telephony.Hangup{}}
}

func (c *Core) toTarget(o *state.Open, t *cadence.Connect, target int) telephony.Script {
	if t.To == cadence.ConnectMessage {
		said := speech(t.Audio, text(o, target+1, t.Text))
		if len(t.Gather) == 0 {
			return telephony.Script{said, telephony.Hangup{}}
		}
		return telephony.Script{
			telephony.Gather{Attempt: o.I.Attempt, Prompt: telephony.Script{said}, Wait: gatherWait},
			telephony.Hangup{},
		}
	}
	ring := defaultRing
	if d, ok := t.RingTimeout.Exact(); ok && d > 0 {
		ring = d
	}
	return telephony.Script{telephony.Connect{
		Attempt: o.I.Attempt, Number: t.Number, SIP: t.SIP, CallerID: o.I.From, Ring: ring, TimeLimit: c.rules.TimeLimit,
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
