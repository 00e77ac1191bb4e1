package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
	"github.com/carillon-dialer/carillon/telephony"
)

// pauseBefore is how long a voicemail waits: where no beep was heard, the
// greeting is given time to end.
func pauseBefore(o *state.Open) time.Duration {
	if o.AnsweredBy == telephony.ByMachineBeep {
		return 0
	}
	return time.Second
}

// dropOf says what became of the voicemail of a call that is over, nil when
// none was begun. A message is whole when the call asked what follows it. When
// that request got lost, one of known length is whole if the call lasted as
// long.
func (c *Core) dropOf(o *state.Open) *event.Drop {
	if o.Script != scriptVoicemail {
		return nil
	}
	r := &event.Drop{Beep: o.AnsweredBy == telephony.ByMachineBeep}
	if p, ok := c.plans[playedBy(o.I)]; ok {
		r.Audio = p.Doc.Steps[o.I.Step].Voicemail.Audio
	}
	end := o.PlayedAt
	if end == 0 {
		end = o.EndedAt
	}
	r.Ms = max(0, end-o.ScriptAt-ms(pauseBefore(o)))
	r.Cut = c.cut(o, r.Ms)
	if o.LengthMs > 0 {
		r.Ms = min(r.Ms, o.LengthMs)
	}
	return r
}

// cut says who cut a voicemail that took so long.
func (c *Core) cut(o *state.Open, took int64) event.Cut {
	switch {
	case o.PlayedAt != 0 && tooShort(o.LengthMs, took):
		return event.CutNotPlayed
	case o.PlayedAt != 0, o.LengthMs > 0 && took >= o.LengthMs:
		return event.CutNone
	case o.Owed == event.EffectHangUp:
		return event.CutByUs
	case o.AnsweredAt != 0 && o.EndedAt-o.AnsweredAt >= ms(c.rules.TimeLimit-time.Second):
		return event.CutTimeLimit
	}
	return event.CutFarEnd
}

// tooShort reports whether audio of a known length cannot have been heard in
// the time that passed: the way to the carrier and back only adds to it. A
// tenth and half a second are left for what encoders add at the ends.
func tooShort(length, took int64) bool { return length > 0 && took < length-length/10-500 }

// playedLate takes the request that follows a voicemail when the call's end was
// told first: the message was whole after all. Moves are not made again.
func (c *Core) playedLate(now int64, out *Outcome, a *state.Attempt, ev *telephony.Event) {
	if a.Drop == nil || a.Drop.Cut != event.CutFarEnd || a.Seen&seenPlayed != 0 {
		return
	}
	f := revise(a, ev.Attempt, now)
	whole := *a.Drop
	whole.Cut = event.CutNone
	f.Why, f.By, f.Seen, f.Drop = "evidence", a.By, a.Seen|seenPlayed, &whole
	if !a.Posted {
		f.By, f.Code = "system", routing.VoicemailLeft
	}
	out.fact(f)
}
