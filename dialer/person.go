package dialer

import (
	"errors"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// person is what the lead's home knows of the person beyond the number that is
// to be called: calls to the lead's other numbers, about the same subject and
// about others, and when somebody was talked to or refused an offer. It travels
// in the ask, so that the permit counts it in the turn that writes the intent.
type person struct {
	others, elsewise  []int64
	talked, refused   int64 // in calls about anything
	subject, declined int64 // the same in calls about the subject
}

// personOf looks at the stay that wants to call a number. The lead's other
// stays are looked at only when the lead has, or had, several numbers: what was
// done to this one its own row knows.
func personOf(id cadence.ID, e *state.Enrollment, t event.Token, lead func(cadence.ID) *state.Lead, stay func(cadence.ID) *state.Enrollment) person {
	var p person
	p.add(e, t, true)
	if len(e.Numbers) < 2 && !e.Several {
		return p
	}
	l := lead(e.Lead)
	if l == nil {
		return p
	}
	p.hear(l.LastHeard(e.Campaign))
	for i := range l.Stays {
		if s := &l.Stays[i]; s.Enrollment != id {
			if o := stay(s.Enrollment); o != nil {
				p.add(o, t, o.Campaign == e.Campaign)
			}
		}
	}
	return p
}

// add counts what a stay knows. An ask that nobody has answered yet counts as
// an intent.
func (p *person) add(e *state.Enrollment, t event.Token, same bool) {
	count := func(at int64) {
		if same {
			p.others = append(p.others, at)
		} else {
			p.elsewise = append(p.elsewise, at)
		}
	}
	e.CalledElse(t, count)
	if w := &e.Touch; w.State == state.AskedIt && e.Numbers[w.NumberIdx] != t {
		count(w.Expires - askFor)
	}
	p.talked, p.refused = max(p.talked, e.Talked), max(p.refused, e.Refused)
	if same {
		p.subject, p.declined = max(p.subject, e.Talked), max(p.declined, e.Refused)
	}
}

// hear adds what was said in calls to us, about the subject and about anything.
func (p *person) hear(about, anything state.Heard) {
	p.talked, p.refused = max(p.talked, anything.Talked), max(p.refused, anything.Refused)
	p.subject, p.declined = max(p.subject, about.Talked), max(p.declined, about.Refused)
}

// addErased counts what is kept of erased leads that had the number: whoever
// comes back with it is the same person, whose other numbers had their calls
// too. Nobody is erased where there are several shards, so that all of it is at
// hand at the number's home.
func (p *person) addErased(n *state.Number, t event.Token, campaign string, erased func(cadence.ID) *state.Erased, stay func(cadence.ID) *state.Enrollment) {
	p.others, p.elsewise = slices.Clip(p.others), slices.Clip(p.elsewise)
	for _, id := range n.Past {
		x := erased(id)
		if x == nil {
			continue
		}
		p.hear(x.LastHeard(campaign))
		for i := range x.Stays {
			if e := stay(x.Stays[i].Enrollment); e != nil {
				p.add(e, t, e.Campaign == campaign)
			}
		}
	}
}

// facts tells the permit of the person, with what the number's row knows.
func (p *person) facts(f *permit.Facts, n *state.Number, campaign string) {
	about, any := n.LastHeard(campaign)
	f.Others, f.OthersElse = p.others, p.elsewise
	f.Talked, f.Refused = max(any.Talked, p.talked), max(any.Refused, p.refused)
	f.SubjectTalked, f.SubjectRefused = max(about.Talked, p.subject), max(about.Refused, p.declined)
}

// counted notes at the lead's home that an ask led to an intent: rules and caps
// may hold for the person and not for the number alone.
func (c *Core) counted(v *state.View, out *Outcome, e *state.Enrollment, m *answer) {
	number := e.Touch.NumberIdx
	if m.At == 0 || number >= len(e.ZoneSets) {
		return
	}
	p := c.plan(v, e.Cadence, e.Version)
	r := c.placing(v, p, min(e.Step, len(p.Steps)-1), e.ZoneSets[number])
	if r.pack == nil {
		return
	}
	since := m.At - ms(max(r.pack.Law.PersonReach, permit.Reach)+time.Hour)
	out.fact(&event.CallCounted{Enrollment: m.Enrollment, Token: e.Numbers[number], At: m.At, Since: since})
}

// heard notes at the lead's home what was said in a call.
func heard(out *Outcome, id cadence.ID, talked, refused int64) {
	if talked != 0 || refused != 0 {
		out.fact(&event.PersonHeard{Enrollment: id, Talked: talked, Refused: refused})
	}
}

// calledBeyond reports whether a lead's stays have called numbers that are not
// among these, or the lead has spoken with us on whichever it had then.
func calledBeyond(v *state.View, l *state.Lead, tokens []event.Token) bool {
	if len(l.Heard) > 0 {
		return true
	}
	for i := range l.Stays {
		if e := v.Enrollment(l.Stays[i].Enrollment); e != nil && e.CalledBeyond(tokens) {
			return true
		}
	}
	return false
}

// tell lets an ask carry what is known of the person.
func (m *ask) tell(p *person) {
	m.Others, m.Elsewise, m.Talked, m.Refused, m.SubTalked, m.SubRefuse = p.others, p.elsewise, p.talked, p.refused, p.subject, p.declined
}

// person is what an ask tells.
func (m *ask) person() person {
	return person{others: m.Others, elsewise: m.Elsewise, talked: m.Talked, refused: m.Refused, subject: m.SubTalked, declined: m.SubRefuse}
}

// when is an instant, or 0 when nothing happened then.
func when(happened bool, at int64) int64 {
	if happened {
		return at
	}
	return 0
}

// personNow is personOf for queries.
func personNow(rows state.Rows, id cadence.ID, e *state.Enrollment, t event.Token, n *state.Number) (person, error) {
	var failed error
	stay := func(id cadence.ID) *state.Enrollment {
		o, err := rows.Enrollment(id)
		failed = errors.Join(failed, err)
		return o
	}
	p := personOf(id, e, t, func(id cadence.ID) *state.Lead {
		l, err := rows.Lead(id)
		failed = errors.Join(failed, err)
		return l
	}, stay)
	p.addErased(n, t, e.Campaign, func(id cadence.ID) *state.Erased {
		x, err := rows.Erased(id)
		failed = errors.Join(failed, err)
		return x
	}, stay)
	return p, failed
}
