package dialer

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// RuleReturnCall is why a touch waits whose lead, or whose number, is on the
// line with us: nobody is dialed who has just called.
const RuleReturnCall = "house.return_call"

const (
	// reasonReturnCall is why an attempt is taken back whose lead calls us.
	reasonReturnCall = "return_call"
	// onLineWait is after how long, in ms, a touch looks again whether its lead
	// is still on the line.
	onLineWait = 30_000
	// returnLook is how long a return call may be silent before the carrier is
	// asked whether it goes on.
	returnLook = 2 * time.Minute
	// returnSpare is how much longer than its longest leg a return call may last:
	// greeting, ringing and messages.
	returnSpare = 10 * time.Minute
)

// Kinds of return targets besides those of connect targets.
const targetOwner = "owner"

// returnID is the id of a return call: made of the carrier's own id, so that a
// request that comes again finds what the first one was answered. It is at home
// where the caller's number is.
func (c *Core) returnID(in *telephony.Inbound) cadence.ID {
	sum := sha256.Sum256([]byte("return call|" + in.CallID))
	slot := uint16(sum[0])<<4 | uint16(sum[1])>>4
	if in.From != "" {
		slot = c.Token(in.From).Slot()
	}
	return cadence.NewID(slot, [14]byte(sum[2:16]))
}

// returnCall takes a report on the path of calls to our numbers: a question is
// answered from the row, or begins it; an end closes it.
func (c *Core) returnCall(now int64, v *state.View, m *ReturnCall) Outcome {
	id := c.returnID(&m.Call)
	r := v.Return(id)
	out := Outcome{Reply: plainAnswer}
	switch {
	case m.Call.Status.Terminal():
		if r != nil && r.EndedAt == 0 {
			row := *r
			row.Status, row.DurationMs = m.Call.Status, ms(m.Call.Duration)
			c.returnOver(now, v, &out, id, &row)
		}
		return out
	case r == nil:
		r = c.beginReturn(now, v, &out, id, &m.Call)
	}
	out.Reply = Answered{Known: true, Script: c.returnScript(v, id, r, true)}
	return out
}

// beginReturn records a call to one of our numbers, takes back what is under
// way to the same number, and tells the lead's home who is on the line.
func (c *Core) beginReturn(now int64, v *state.View, out *Outcome, id cadence.ID, in *telephony.Inbound) *state.ReturnCall {
	f := &event.ReturnCalled{ID: id, CallID: in.CallID, To: in.To, Deadline: now + ms(returnLook), At: now}
	if in.From == "" {
		f.Chain = []event.ReturnTarget{spoken(c.rules.Returns.Withheld)}
	} else {
		f.Token, f.Number, f.Region = c.Token(in.From), in.From, cadence.Region(in.From)
		c.whom(v, f)
		c.chain(v, f)
		if n := v.Number(f.Token); n != nil && !n.Open.IsZero() {
			out.send(&withdraw{Attempt: n.Open, Reason: reasonReturnCall})
		}
	}
	out.fact(f)
	if !f.Lead.IsZero() {
		out.send(&onLine{Lead: f.Lead, Return: id})
	}
	return &state.ReturnCall{
		CallID: f.CallID, Token: f.Token, To: f.To, Lead: f.Lead, Cadence: f.Cadence, Version: f.Version, Step: f.Step,
		Greeting: f.Greeting, Chain: f.Chain, At: now,
	}
}

// whom finds whose call it is: of the last attempt to the number, when that lead
// has the number still or nobody else has it; else of a lead that has it now.
// Of a lead that lives at another shard only the attempt is known here.
func (c *Core) whom(v *state.View, f *event.ReturnCalled) {
	n := v.Number(f.Token)
	if n == nil {
		return
	}
	f.Attempt = n.LastAttempt()
	called := topicOf(v, f.Attempt)
	away := !called.lead.IsZero() && !c.rules.Homes.here(called.lead.Slot())
	switch known := v.Lead(called.lead) != nil; {
	case away, has(v, called.lead, f.Token):
		called.tell(f)
	case c.holder(v, f, n.Leads, true):
	case known:
		called.tell(f)
	case called.lead.IsZero():
		c.holder(v, f, n.Leads, false)
	default:
		f.Attempt = cadence.ID{} // of somebody who was erased: nobody we know
	}
}

// topic is what an attempt was about: whom, and which step.
type topic struct {
	lead, enrollment, cadence cadence.ID
	version                   uint32
	step                      int
}

func (s topic) tell(f *event.ReturnCalled) {
	f.Lead, f.Enrollment, f.Cadence, f.Version, f.Step = s.lead, s.enrollment, s.cadence, s.version, s.step
}

// topicOf is the topic of an attempt, open or over; zero when there is none.
func topicOf(v *state.View, attempt cadence.ID) topic {
	if o := v.Open(attempt); o != nil {
		return topic{o.I.Lead, o.I.Enrollment, o.I.Cadence, o.I.Version, o.I.Step}
	}
	if a := v.Attempt(attempt); a != nil {
		return topic{a.Lead, a.Enrollment, a.Cadence, a.Version, a.Step}
	}
	return topic{}
}

// has reports whether a lead of this shard has a number now.
func has(v *state.View, lead cadence.ID, t event.Token) bool {
	l := v.Lead(lead)
	return l != nil && slices.Contains(l.Tokens, t)
}

// holder takes a call for one of the leads that a number's row names, preferably
// for one with a stay. now wants one that has the number still.
func (c *Core) holder(v *state.View, f *event.ReturnCalled, leads []cadence.ID, now bool) bool {
	for _, id := range leads {
		l := v.Lead(id)
		if l == nil || now && !slices.Contains(l.Tokens, f.Token) {
			continue
		}
		if f.Lead.IsZero() {
			f.Lead = id
		}
		if s := newestStay(l); s != nil {
			if e := v.Enrollment(s.Enrollment); e != nil {
				f.Lead, f.Enrollment, f.Cadence, f.Version, f.Step = id, s.Enrollment, e.Cadence, e.Version, e.Step
				return true
			}
		}
	}
	return !f.Lead.IsZero()
}

// newestStay is a lead's newest open stay, else its newest.
func newestStay(l *state.Lead) *state.Stay {
	for i := len(l.Stays) - 1; i >= 0; i-- {
		if l.Stays[i].LeftAt == 0 {
			return &l.Stays[i]
		}
	}
	if len(l.Stays) == 0 {
		return nil
	}
	return &l.Stays[len(l.Stays)-1]
}

// chain decides where the call goes: the lead's owner, then the connect targets
// of the step it is about, and last a message.
func (c *Core) chain(v *state.View, f *event.ReturnCalled) {
	said := &c.rules.Returns
	if f.Lead.IsZero() {
		f.Chain = []event.ReturnTarget{spoken(said.Unknown)}
		return
	}
	f.Greeting = said.Greeting
	lead := v.Lead(f.Lead)
	if lead != nil {
		if n, ok := said.Owners[lead.Lead.Owner]; ok && n != f.Number {
			f.Chain = append(f.Chain, event.ReturnTarget{Kind: targetOwner, Number: n, RingMs: ms(defaultRing)})
		}
	}
	if !f.Cadence.IsZero() {
		c.chainOf(v, f, lead)
	}
	if n := len(f.Chain); n == 0 || !f.Chain[n-1].Message() {
		f.Chain = append(f.Chain, spoken(said.Nobody))
	}
}

// chainOf adds the connect targets of a step, up to its first message.
func (c *Core) chainOf(v *state.View, f *event.ReturnCalled, lead *state.Lead) {
	p := c.plan(v, f.Cadence, f.Version)
	s := &p.Steps[f.Step]
	var texts []string
	if lead != nil {
		texts = p.texts(f.Step, &lead.Lead)
	}
	for i := range s.connect {
		t := &s.connect[i]
		to := event.ReturnTarget{Kind: string(t.To), Number: t.Number, SIP: t.SIP, RingMs: ms(ringOf(t)), Of: i + 1}
		if t.To == cadence.ConnectMessage {
			if to = (event.ReturnTarget{Kind: to.Kind, Text: t.Text, Audio: t.Audio, Of: i + 1}); texts != nil {
				to.Text = texts[i+1]
			}
			if row, ours := stored(v, t.Audio); ours && !row.Sound() || s.merges && lead == nil {
				continue // it cannot be said as it was meant
			}
		}
		if f.Chain = append(f.Chain, to); to.Message() {
			return
		}
	}
}

func spoken(text string) event.ReturnTarget {
	return event.ReturnTarget{Kind: string(cadence.ConnectMessage), Text: text}
}

// ringOf is how long a connect target rings.
func ringOf(t *cadence.Connect) time.Duration {
	if d, ok := t.RingTimeout.Exact(); ok && d > 0 {
		return d
	}
	return defaultRing
}

// ReportReturn hands in a verified report about a call to one of our numbers
// and waits until it is durable.
func (e *Engine) ReportReturn(ctx context.Context, in telephony.Inbound) (Answered, error) {
	reply, err := e.do(ctx, Urgent, &ReturnCall{Call: in})
	if err != nil {
		return Answered{}, err
	}
	a, ok := reply.(Answered)
	if !ok {
		return Answered{}, fmt.Errorf("BUG: reply to a call to us is %T", reply)
	}
	return a, nil
}
