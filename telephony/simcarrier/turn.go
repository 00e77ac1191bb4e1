package simcarrier

import (
	"context"
	"time"
)

// turn is one step of the carrier under its lock: what happens is noted in
// log, what is to be done outside is left in jobs. Every job begins by
// waiting for the log, so nothing is seen before it is durable.
type turn struct {
	now  time.Time
	log  []Entry
	jobs []func()
}

// turn runs step under the lock, appends what it logged and starts its jobs.
// The receipt covers everything that happened up to and in the turn.
func (c *Carrier) turn(step func(t *turn)) receipt {
	c.mu.Lock()
	t := turn{now: c.o.Clock.Now()}
	step(&t)
	real := c.o.Clock.Mono().Milliseconds()
	for i := range t.log {
		t.log[i].RealMS = real
	}
	var r receipt
	if len(t.log) > 0 {
		r = c.log.append(t.log...)
	} else {
		r = c.log.barrier()
	}
	c.crew.hire(t.jobs...)
	c.settled.Broadcast()
	c.mu.Unlock()
	return r
}

// note logs what happened to a call.
func (t *turn) note(k *call, e Entry) {
	e.T, e.Call, e.Token = t.now, k.sid, k.token
	if k.parent != nil {
		e.Parent = k.parent.sid
	}
	switch e.Ev {
	case Accepted, Received, Ringing, Answered, Ended:
		e.To, e.From = k.to, k.from
	case Rejected, TwiML, Digits, Said, Recorded, Detected, Webhook, Warn:
	}
	t.log = append(t.log, e)
}

// do leaves work for outside the lock.
func (t *turn) do(job func()) { t.jobs = append(t.jobs, job) }

// Settle waits until the carrier has done all that is due at the clock's
// present time, no request to the client is waiting or under way, and all of
// it is in the log: with a clock that stands still, until nothing more will
// happen by itself. It fails when ctx ends first or the log has failed.
func (c *Carrier) Settle(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.settled.Broadcast()
	})
	defer stop()
	if err := c.rest(ctx); err != nil {
		return err
	}
	return c.log.barrier().wait()
}

func (c *Carrier) rest(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.crew.busy() || len(c.due) > 0 && !c.due[0].at.After(c.o.Clock.Now()) {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		c.settled.Wait()
	}
	return nil
}
