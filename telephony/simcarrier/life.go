package simcarrier

import (
	"time"
)

// accept takes a call into the queue. The caller has checked everything.
func (c *Carrier) accept(t *turn, k *call) {
	k.status, k.created, k.updated, k.visible = queued, t.now, t.now, t.now
	c.calls[k.sid] = k
	c.order = append(c.order, k)
	c.byTo[k.to] = append(c.byTo[k.to], k)
	e := Entry{Ev: Accepted, N: k.n, URL: k.order.url, Status: string(queued)}
	t.note(k, e)
	if k.parent != nil {
		k.parent.children = append(k.parent.children, k)
		return
	}
	c.live++
	k.wait = c.queueFor(t.now)
	k.step = c.set(t.now.Add(k.wait), func(t *turn) { c.dial(t, k) })
}

// queueFor is how long a call placed now waits for its turn to be dialed.
func (c *Carrier) queueFor(now time.Time) time.Duration {
	if c.o.CPS == 0 {
		return 0
	}
	if c.nextDial.Before(now) {
		c.nextDial = now
	}
	wait := c.nextDial.Sub(now)
	c.nextDial = c.nextDial.Add(time.Duration(float64(time.Second) / c.o.CPS))
	return wait
}

// dial takes a call out of the queue. Whether it rings or fails shows after
// the setup.
func (c *Carrier) dial(t *turn, k *call) {
	c.change(t, k, initiated)
	c.report(t, k, evInitiated)
	k.step = c.set(t.now.Add(k.plan.Setup), func(t *turn) {
		switch k.plan.Kind {
		case Busy:
			c.end(t, k, busy, k.plan.SIP, "busy")
		case Failed, Invalid, Refused:
			c.end(t, k, failedCall, k.plan.SIP, string(k.plan.Kind))
		case Human, Beep, Silence, Fax, NoReply:
			c.ring(t, k)
		}
	})
}

// ring lets the telephone ring until somebody answers or the time is up.
func (c *Carrier) ring(t *turn, k *call) {
	c.change(t, k, ringing)
	k.started = t.now
	t.note(k, Entry{Ev: Ringing})
	c.report(t, k, evRinging)
	if k.plan.Kind == NoReply || k.plan.Ring > k.order.ring {
		c.ringOut(t, k, k.order.ring)
		return
	}
	k.step = c.set(t.now.Add(k.plan.Ring), func(t *turn) {
		if k.parent != nil {
			c.askDesk(t, k)
			return
		}
		c.answer(t, k)
	})
}

// ringOut ends a call that nobody answers after a further while of ringing.
func (c *Carrier) ringOut(t *turn, k *call, after time.Duration) {
	k.step = c.set(t.now.Add(after), func(t *turn) { c.end(t, k, noAnswer, 487, "timeout") })
}

// answer connects a call that was placed through the API.
func (c *Carrier) answer(t *turn, k *call) {
	c.pickUp(t, k)
	switch k.plan.Kind {
	case Human:
		if k.plan.Patience > 0 {
			k.patience = c.set(t.now.Add(k.plan.Patience), func(t *turn) { c.end(t, k, completed, 200, "the person hung up") })
		}
	case Beep, Silence:
		k.patience = c.set(t.now.Add(k.plan.Greeting+k.plan.Keeps), func(t *turn) { c.end(t, k, completed, 200, "the machine hung up") })
	case Fax:
		k.patience = c.set(t.now.Add(faxTries), func(t *turn) { c.end(t, k, completed, 200, "the fax hung up") })
	case Busy, NoReply, Failed, Invalid, Refused:
	}
	c.startDetection(t, k)
}

// How long a machine records behind its beep, and how long a fax whistles.
const (
	machineKeeps = 2 * time.Minute
	faxTries     = 30 * time.Second
)

// pickUp is the answer itself, of calls and legs alike.
func (c *Carrier) pickUp(t *turn, k *call) {
	c.change(t, k, inProgress)
	k.answered = t.now
	t.note(k, Entry{Ev: Answered, By: k.by()})
	c.report(t, k, evAnswered)
	k.limit = c.set(t.now.Add(k.order.limit), func(t *turn) { c.end(t, k, completed, 200, "time limit") })
}

func (c *Carrier) change(t *turn, k *call, s state) { k.status, k.updated = s, t.now }

// end ends a call, from whatever state, with its SIP code and a reason for
// the log. It does nothing to a call that is over.
func (c *Carrier) end(t *turn, k *call, s state, sip int, why string) {
	c.endWith(t, k, s, Entry{Code: sip, Text: why})
}

func (c *Carrier) endWith(t *turn, k *call, s state, e Entry) {
	if k.status.over() {
		return
	}
	c.unset(k.step, k.limit, k.patience)
	if !k.order.async {
		c.unset(k.detect)
	}
	leg := k.leg
	k.flow++
	k.script, k.doc, k.leg = nil, nil, nil
	c.change(t, k, s)
	k.ended = t.now
	if k.started.IsZero() {
		k.started = t.now
	}
	e.Ev, e.Status, e.Seconds = Ended, string(s), k.seconds()
	t.note(k, e)
	c.reportEnd(t, k, e.Code)
	c.over++
	if k.parent == nil {
		c.live--
		if leg != nil {
			c.dropLeg(t, k, leg)
		}
	} else {
		c.legOver(t, k)
	}
	c.tally.end(s)
	c.forget()
}

// forget drops the oldest calls that are over once there are too many.
func (c *Carrier) forget() {
	for c.over > c.o.Keep && len(c.order) > 0 && c.order[0].status.over() && c.order[0].quiet() {
		k := c.order[0]
		c.order[0] = nil
		c.order = c.order[1:]
		delete(c.calls, k.sid)
		if same := c.byTo[k.to]; len(same) == 1 {
			delete(c.byTo, k.to)
		} else {
			c.byTo[k.to] = same[1:]
		}
		c.over--
	}
}

// quiet reports whether nothing is left to send for a call.
func (k *call) quiet() bool { return !k.sending && len(k.outbox) == 0 && len(k.held) == 0 }
