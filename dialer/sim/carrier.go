package sim

import (
	"context"
	"fmt"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/telephony"
)

// carrier is the far side: it accepts calls, lets them ring, and reports. Its
// Fetch, Find, Requests, Legs, Cancel and HangUp answer at once; the world
// delays what the engine learns of them.
type carrier struct {
	w     *World
	calls map[string]*call
	order []*call
	seq   int
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
}

func newCarrier(w *World) *carrier { return &carrier{w: w, calls: map[string]*call{}} }

var _ telephony.Carrier = (*carrier)(nil)

// sendFor is how long the sender waits for an answer.
const sendFor = 10_000

// place takes one request of a node, faults and all.
func (c *carrier) place(n *node, d telephony.Dial) {
	w, f, id := c.w, &c.w.o.Faults, d.Attempt
	opened := n.opens
	answer := func(after int64, s *dialer.Sent) {
		s.Attempt = id
		w.agenda.plan(w.now+after, func() { n.postTo(opened, s, nil) })
	}
	latency := int64(20 + w.draw("latency", id).IntN(300))
	switch {
	case w.chance(f.Throttle, "429", id):
		answer(latency, &dialer.Sent{Err: &telephony.Error{Class: telephony.Throttled, Reason: "throttled", HTTP: 429}})
		return
	case w.chance(f.ServerError, "5xx", id):
		answer(latency, &dialer.Sent{Err: &telephony.Error{Class: telephony.Unclear, Reason: "server_error", HTTP: 503}})
		return
	case w.chance(f.Refuse, "refuse", id):
		answer(latency, &dialer.Sent{Err: &telephony.Error{Class: telephony.Rejected, Scope: telephony.ScopeNumber, Code: 21211, Reason: "number_invalid"}})
		return
	}
	made := c.create(d)
	switch {
	case w.chance(f.DropResponse, "drop", id):
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
		ID: fmt.Sprintf("CA%032x", c.seq), To: string(d.To), From: string(d.From), Status: telephony.StatusQueued, Outbound: true, Created: c.w.wall(),
	}
	if c.w.chance(c.w.o.Faults.ListLag, "list.lag", d.Attempt) {
		k.listed = c.w.now + int64(c.w.draw("list.lag.by", d.Attempt).IntN(480_000))
	}
	c.calls[k.ID], c.order = k, append(c.order, k)
	c.w.witness.placed(k, d)
	c.life(k, d)
	return k
}

// Place is not used: orders go through place, which takes virtual time.
func (c *carrier) Place(context.Context, telephony.Dial) (telephony.Placed, error) {
	return telephony.Placed{}, &telephony.Error{Class: telephony.NotSent, Reason: "simulated"}
}

// Fetch implements telephony.Carrier.
func (c *carrier) Fetch(_ context.Context, id string) (telephony.Call, error) {
	k, ok := c.calls[id]
	if !ok {
		return telephony.Call{}, telephony.ErrNoCall
	}
	return k.Call, nil
}

// Find implements telephony.Carrier.
func (c *carrier) Find(_ context.Context, q telephony.Query) ([]telephony.Call, error) {
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
	if k, ok := c.calls[id]; ok && !k.Status.Terminal() && k.Status != telephony.StatusInProgress {
		c.end(k, telephony.StatusCanceled, 0, 487)
	}
	return nil
}

// HangUp implements telephony.Carrier.
func (c *carrier) HangUp(_ context.Context, id string) error {
	if k, ok := c.calls[id]; ok && !k.Status.Terminal() {
		c.end(k, telephony.StatusCompleted, c.w.wall().Sub(k.Started), 200)
	}
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
	k.Status, k.Ended, k.Duration = s, c.w.wall(), talked
	if s == telephony.StatusCompleted {
		k.AnsweredBy = k.by
	}
	c.report(k, telephony.Event{Kind: telephony.EventStatus, Status: s, SIPCode: sip, Duration: talked, AnsweredBy: k.AnsweredBy})
}
