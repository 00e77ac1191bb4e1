package dialer

import (
	"bytes"
	"encoding/binary"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Some decisions concern every open attempt: a restart, the kill switch, a
// cadence that is switched off. There may be more of them than one commit
// holds. What a turn has no room for is its shard's backlog: decided part by
// part, before anything else in the turns that follow, and nothing is dialed
// until it is empty. A crash forgets it; Recover finds the same attempts again.

// recoverAtOnce is how many open attempts one part of a recovery looks at.
const recoverAtOnce = 256

// runBacklog goes on with what earlier turns had no room for.
func (s *Shard) runBacklog(now Now) {
	for len(s.backlog) > 0 && !s.Full() {
		m := s.backlog[0]
		if s.backlog = s.backlog[1:]; len(s.backlog) == 0 {
			s.backlog = nil
		}
		s.act(now, m)
	}
}

// defers leaves a message to the next turn when this one is full and the
// message can wait: a withdrawal, which harms nobody when it is written a
// moment later or twice. Its swap is tried at once, because what it withdraws
// must not leave once this turn is durable.
func (s *Shard) defers(m Message) bool {
	w, ok := m.(*withdraw)
	if !ok || !s.Full() {
		return false
	}
	s.backlog = append(s.backlog, &withdrawal{w, s.takeBack(w.Attempt)})
	return true
}

// recover goes through the attempts that an earlier process left open, in the
// order of their ids. Those that were only intents become unknown: nobody can
// say whether their request left. All others are looked at soon, because
// webhooks may have found nobody home; effects that are still owed are taken up
// at once; and what may not ring any more is withdrawn, should the process have
// died over it.
func (c *Core) recover(now int64, v *state.View, m *Recover) Outcome {
	var out Outcome
	seen := 0
	v.EachOpen(func(o *state.Open) {
		id := o.I.Attempt
		if out.Again != nil || c.mints(id) || bytes.Compare(id[:], m.After[:]) <= 0 {
			return
		}
		if seen == recoverAtOnce {
			out.Again = &Recover{After: m.After}
			return
		}
		seen++
		m = &Recover{After: id}
		if o.State == event.Intent {
			out.fact(&event.AttemptUnclear{Attempt: id, Reason: unclearRestart, Deadline: now + ms(c.rules.Reconcile[0]), At: now})
		} else {
			soon := min(o.Deadline, now+ms(c.rules.Reconcile[0]))
			out.fact(&event.DeadlineSet{Attempt: id, Deadline: soon, Polls: o.Polls, Note: o.Note})
		}
		if why := c.forbidden(v, o); why != "" && o.Owed == "" && o.State < event.Live {
			out.send(&withdraw{Attempt: id, Reason: why})
		}
	})
	return out
}

// mints reports whether an attempt id was minted by this very core.
func (c *Core) mints(id cadence.ID) bool { return binary.BigEndian.Uint64(id[2:10]) == c.claim }

// forbidden is why a call may not ring any more, "" when it may.
func (c *Core) forbidden(v *state.View, o *state.Open) string {
	if n := v.Number(o.I.Token); n != nil && noOf(n, o.I.Cadence, o.I.Campaign).On {
		return "dnc"
	}
	rehearses := !o.I.Rehearsal.IsZero()
	if !rehearses && c.rules.Homes.here(o.I.Enrollment.Slot()) {
		if e := v.Enrollment(o.I.Enrollment); e == nil || e.LeftAt != 0 {
			return "left"
		}
	}
	row := v.Cadence(o.I.Cadence)
	switch {
	case v.Office().Stopped:
		return "stopped"
	case rehearses && (row == nil || !row.Halted):
		return ""
	case row == nil || row.Status != event.Active:
		return "deactivated"
	case row.Halted:
		return "halted"
	}
	if !o.I.List.IsZero() {
		if list := v.List(o.I.List); list != nil && list.Paused {
			return reasonListPaused
		}
	}
	return ""
}
