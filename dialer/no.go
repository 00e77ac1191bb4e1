package dialer

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
)

const (
	// maxNoes is how many narrower scopes one number keeps. A no is never
	// refused: the next one counts for everything.
	maxNoes = 32
	// byEngine signs a mark of which nobody says whose it is.
	byEngine = "engine"
)

// markNumber is do-not-call from outside: list, agent or API.
func (c *Core) markNumber(now int64, v *state.View, m *MarkNumber) Outcome {
	if len(m.Scope) > cadence.MaxScopeBytes {
		return Outcome{Err: refusal(CodeInvalid, "scope", "the scope is too long")}
	}
	say := &mark{
		Token: c.Token(m.Number), Mark: event.MarkDNC, On: m.On, Reason: clip(m.Reason), Source: clip(m.Source), Scope: m.Scope, By: clip(m.By),
	}
	if v.Number(say.Token) != nil {
		return Outcome{Sends: []Message{say}}
	}
	if !m.On {
		return Outcome{}
	}
	f := marked(now, say)
	f.Number = m.Number
	return Outcome{Facts: []event.Fact{f}}
}

func marked(now int64, m *mark) *event.NumberMarked {
	f := &event.NumberMarked{Token: m.Token, Mark: m.Mark, On: m.On, Reason: m.Reason, Source: m.Source, At: now}
	if m.Mark == event.MarkDNC {
		f.Scope, f.By = m.Scope, m.By
		if f.By == "" {
			f.By = byEngine
		}
	}
	return f
}

// mark sets a mark on a number, and takes back what it has under way when a
// do-not-call mark forbids it.
func (c *Core) mark(now int64, v *state.View, m *mark) Outcome {
	n := v.Number(m.Token)
	var out Outcome
	if n == nil {
		return out
	}
	f := marked(now, m)
	if m.Mark == event.MarkRetired {
		if n.Retired != "" != m.On {
			out.fact(f)
		}
		return out
	}
	if m.On && len(n.Noes) >= maxNoes && !n.Has(m.Scope) {
		f.Scope = cadence.ScopeAll
	}
	if n.Has(f.Scope) == m.On {
		return out
	}
	out.fact(f)
	if o := v.Open(n.Open); m.On && o != nil && f.Scope.Covers(o.I.Cadence, o.I.Campaign) {
		out.send(&withdraw{Attempt: n.Open, Reason: "dnc"})
	}
	return out
}

// sayNo puts the number that was called on the do-not-call list, in this turn:
// it is at home where the attempt is. The lead's other numbers follow by way of
// the lead's home; a zero lead is told by somebody else.
func sayNo(out *Outcome, t event.Token, lead cadence.ID, reason, source, by string) {
	out.send(&mark{Token: t, Mark: event.MarkDNC, On: true, Reason: reason, Source: source, By: by})
	if !lead.IsZero() {
		out.send(&markLead{Lead: lead, Reason: reason, Source: source, By: by})
	}
}

// markLead is dncLead for somebody who is not at the lead's home.
func (c *Core) markLead(v *state.View, m *markLead) Outcome {
	var out Outcome
	c.dncLead(v, &out, m)
	return out
}

// dncLead marks every number of a lead.
func (c *Core) dncLead(v *state.View, out *Outcome, m *markLead) {
	if l := v.Lead(m.Lead); l != nil {
		for _, t := range l.Tokens {
			out.send(&mark{Token: t, Mark: event.MarkDNC, On: true, Reason: m.Reason, Source: m.Source, Scope: m.Scope, By: m.By})
		}
	}
}

// noOf is what a number's row says about a call of a cadence, for the permit.
func noOf(n *state.Number, id cadence.ID, campaign string) permit.DNC {
	no, on := n.Forbids(id, campaign)
	return permit.DNC{On: on, At: no.At, Source: no.Source, Scope: no.Scope}
}
