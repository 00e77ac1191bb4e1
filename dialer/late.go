package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// A call is abandoned by the law also when the person waits too long for
// somebody: from the end of their greeting until the leg they are put through to
// answers (16 CFR 310.4(b)(1)(iv)). Both are told by the carrier: the call asks
// what to do when it is answered, or, where a machine is told from a person
// first, when that is judged; and the leg is reported when it answers.

// stampStep is how exact the carrier's own instants are.
const stampStep = time.Second

// legAt is when a leg answered: when we heard of it, or, of a report that was on
// its way for long, the end of the second that it names.
func legAt(now int64, ev *telephony.Event) int64 {
	if ev.At.IsZero() {
		return now
	}
	return min(now, ev.At.Add(stampStep).UnixMilli()-1)
}

// waited is how long, in ms and at least one, a person waited until the leg they
// were put through to answered; 0 when none did. Without a report of it the wait
// is reckoned from how long the call and the leg lasted, to the second.
func waited(o *state.Open) int64 {
	switch {
	case o.Script != scriptConnect || o.LegStatus != telephony.StatusCompleted:
		return 0
	case o.LegAt != 0 && o.HeardAt != 0:
		return max(1, o.LegAt-o.HeardAt)
	}
	lasted := o.DurationMs
	if lasted == 0 {
		lasted = o.EndedAt - o.AnsweredAt
	}
	return max(1, lasted-o.LegMs-max(0, o.HeardAt-o.AnsweredAt))
}

// tooLate reports whether an answered call that was put through counts as
// abandoned under a rule that allows so many ms; told says that a message was
// played in the place of somebody.
func tooLate(within, wait int64, told bool) bool {
	return within > 0 && (wait > within || told)
}

// legLate takes the report of a leg that comes behind the end of its attempt:
// what was reckoned is known now.
func (c *Core) legLate(now int64, out *Outcome, a *state.Attempt, ev *telephony.Event) {
	if a.Seen&seenLeg != 0 || a.Wait == 0 || a.HeardAt == 0 {
		return
	}
	f := revise(a, ev.Attempt, now)
	f.Why, f.By, f.Seen, f.Wait = "evidence", a.By, a.Seen|seenLeg, max(1, legAt(now, ev)-a.HeardAt)
	f.Late = a.Answered && a.Contact && tooLate(a.Within, f.Wait, a.Told)
	out.fact(f)
}
