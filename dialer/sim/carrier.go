package sim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/telephony"
)

// carrier is the far side: it accepts calls, lets them ring, and reports. Its
// Fetch, Find, Requests, Legs, Cancel, HangUp and Redirect answer at once; the world
// delays what the engine learns of them.
type carrier struct {
	w     *World
	calls map[string]*call
	order []*call
	alive []*call // those of order that may not be over
	seq   int

	byAttempt map[cadence.ID]*call
	burst     int64 // until when it throttles everything
	outage    int64 // until when nothing it answers is worth anything
	asked     uint64
}

type call struct {
	telephony.Call
	attempt   cadence.ID
	leg       bool
	requested bool
	seqNo     int
	by        telephony.AnsweredBy
	listed    int64 // when listings begin to show it
	legs      []*call
	held      *telephony.Event // a webhook that the next one overtakes
	question  string           // the last one that was answered
	script    telephony.Script // and the answer
	plays     int              // how often it asked what follows
	flow      int              // which script it follows: a redirect begins another
	deaf      bool             // it did not hear a cancel
	logged    int              // its place in the log, where one is kept
}

func newCarrier(w *World) *carrier {
	return &carrier{w: w, calls: map[string]*call{}, byAttempt: map[cadence.ID]*call{}}
}

var _ telephony.Carrier = (*carrier)(nil)

// sendFor is how long the sender waits for an answer.
const sendFor = 10_000

// place takes one request of a node, faults and all.
func (c *carrier) place(n *node, d telephony.Dial) {
	w, f, id := c.w, &c.w.o.Faults, d.Attempt
	opened := n.opens
	latency := int64(20 + w.draw("latency", id).IntN(300))
	answer := func(after int64, s *dialer.Sent) {
		s.Attempt = id
		w.note("answer", id, after)
		w.agenda.plan(w.now+after, func() { n.postTo(opened, s, nil) })
	}
	refuse := func(e *telephony.Error) {
		w.witness.refused(d)
		answer(latency, &dialer.Sent{Err: e})
	}
	w.witness.requested(d)
	switch {
	case w.now < c.burst || w.chance(f.Throttle, "429", id):
		w.witness.throttled()
		refuse(&telephony.Error{Class: telephony.Throttled, Reason: "throttled", HTTP: 429})
		return
	case w.chance(f.ServerError, "5xx", id) || w.now < c.outage && w.draw("outage.how", id).IntN(3) > 0:
		answer(latency, &dialer.Sent{Err: &telephony.Error{Class: telephony.Unclear, Reason: "server_error", HTTP: 503}})
		return
	case w.chance(f.Refuse, "refuse", id):
		refuse(&telephony.Error{Class: telephony.Rejected, Scope: telephony.ScopeNumber, Code: 21211, Reason: "number_invalid"})
		return
	case w.chance(f.RefuseFrom, "refuse.from", id):
		refuse(&telephony.Error{Class: telephony.Rejected, Scope: telephony.ScopeCallerID, Code: 21210, Reason: "caller_id_refused"})
		return
	}
	made := c.create(d)
	switch {
	case w.chance(f.DropResponse, "drop", id) || w.now < c.outage:
		answer(latency, &dialer.Sent{Err: &telephony.Error{Class: telephony.Unclear, Reason: "connection_lost"}})
	case w.chance(f.Slow, "slow", id):
		answer(sendFor, &dialer.Sent{Err: &telephony.Error{Class: telephony.Unclear, Reason: "timeout"}})
	default:
		answer(latency, &dialer.Sent{Placed: telephony.Placed{CallID: made.ID}})
	}
}

func (c *carrier) create(d telephony.Dial) *call {
	c.seq++
	k := &call{attempt: d.Attempt}
	k.Call = telephony.Call{
		ID: fmt.Sprintf("CA%032x", c.seq), To: string(d.To), From: string(d.From), Status: telephony.StatusQueued, Outbound: true, Created: c.w.trueTime(),
	}
	if c.w.chance(c.w.o.Faults.ListLag, "list.lag", d.Attempt) {
		k.listed = c.w.now + int64(c.w.draw("list.lag.by", d.Attempt).IntN(480_000))
	}
	c.calls[k.ID], c.byAttempt[d.Attempt], c.order = k, k, append(c.order, k)
	c.alive = append(slices.DeleteFunc(c.alive, func(k *call) bool { return k.Status.Terminal() }), k)
	c.w.witness.placed(k, d)
	c.life(k, d)
	return k
}

// Place is not used: orders go through place, which takes virtual time.
func (c *carrier) Place(context.Context, telephony.Dial) (telephony.Placed, error) {
	return telephony.Placed{}, &telephony.Error{Class: telephony.NotSent, Reason: "simulated"}
}

// fails draws whether a question gets no answer.
func (c *carrier) fails() error {
	c.asked++
	if c.w.now < c.outage || c.w.chance(c.w.o.Faults.LookFails, "look", seqID(c.asked)) {
		return errors.New("simulated: the carrier does not answer")
	}
	return nil
}

// Fetch implements telephony.Carrier.
func (c *carrier) Fetch(_ context.Context, id string) (telephony.Call, error) {
	if err := c.fails(); err != nil {
		return telephony.Call{}, err
	}
	k, ok := c.calls[id]
	if !ok {
		return telephony.Call{}, telephony.ErrNoCall
	}
	return k.Call, nil
}

// Find implements telephony.Carrier.
func (c *carrier) Find(_ context.Context, q telephony.Query) ([]telephony.Call, error) {
	if err := c.fails(); err != nil {
		return nil, err
	}
	var out []telephony.Call
	for _, k := range c.order {
		if c.w.now < k.listed {
			continue
		}
		if !k.leg && k.To == string(q.To) && k.From == string(q.From) && !k.Created.Before(q.Since) && !k.Created.After(q.Until) {
			out = append(out, k.Call)
		}
	}
	return out, nil
}

// Requests implements telephony.Carrier.
func (c *carrier) Requests(_ context.Context, id string) ([]string, error) {
	k, ok := c.calls[id]
	if !ok || !k.requested {
		return nil, nil
	}
	return []string{"https://example.org/twilio/status/" + k.attempt.Bare() + "/mac"}, nil
}

// Legs implements telephony.Carrier.
func (c *carrier) Legs(_ context.Context, id string) ([]telephony.Call, error) {
	if err := c.fails(); err != nil {
		return nil, err
	}
	var out []telephony.Call
	if k, ok := c.calls[id]; ok {
		for _, l := range k.legs {
			out = append(out, l.Call)
		}
	}
	return out, nil
}

// Cancel implements telephony.Carrier.
func (c *carrier) Cancel(_ context.Context, id string) error {
	if err := c.fails(); err != nil {
		if k, ok := c.calls[id]; ok {
			k.deaf = true
		}
		return err
	}
	if k, ok := c.calls[id]; ok && !k.Status.Terminal() && k.Status != telephony.StatusInProgress {
		c.end(k, telephony.StatusCanceled, 0, 487)
	}
	return nil
}

// HangUp implements telephony.Carrier.
func (c *carrier) HangUp(_ context.Context, id string) error {
	if k, ok := c.calls[id]; ok && !k.Status.Terminal() {
		c.end(k, telephony.StatusCompleted, c.w.trueTime().Sub(k.Started), 200)
	}
	return nil
}

// Redirect implements telephony.Carrier. The legs of what the call was doing end
// without anybody being asked what follows.
func (c *carrier) Redirect(_ context.Context, id string, attempt cadence.ID) error {
	if err := c.fails(); err != nil {
		return err
	}
	k, ok := c.calls[id]
	if !ok || k.Status != telephony.StatusInProgress {
		return nil
	}
	if k.attempt != attempt {
		return fmt.Errorf("simulated: call %s is not attempt %s's", id, attempt.Bare())
	}
	for _, leg := range k.legs {
		if !leg.Status.Terminal() {
			leg.Status, leg.Ended = telephony.StatusCanceled, c.w.trueTime()
		}
	}
	k.flow++
	c.question(k, telephony.Event{Kind: telephony.EventVoice}, 0)
	return nil
}

// status changes a call and reports it.
func (c *carrier) status(k *call, s telephony.Status) {
	k.Status = s
	c.report(k, telephony.Event{Kind: telephony.EventStatus, Status: s})
}

// end closes a call and reports it.
func (c *carrier) end(k *call, s telephony.Status, talked time.Duration, sip int) {
	if k.Status.Terminal() {
		return
	}
	k.Status, k.Ended, k.Duration = s, c.w.trueTime(), talked
	c.w.logOver(k)
	if s == telephony.StatusCompleted {
		k.AnsweredBy = k.by
	}
	c.report(k, telephony.Event{Kind: telephony.EventStatus, Status: s, SIPCode: sip, Duration: talked, AnsweredBy: k.AnsweredBy})
}
