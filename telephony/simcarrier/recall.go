package simcarrier

import (
	"os"
)

// recall reads back the calls in the log, so that a carrier started again
// knows them, numbers further calls to the same people on, and goes on
// numbering its lines. It returns the last line's number.
func (c *Carrier) recall() (last uint64, err error) {
	f, err := os.Open(c.o.LogPath)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	for e, err := range Entries(f) {
		if err != nil {
			return 0, err
		}
		last = e.Seq
		c.replay(e)
	}
	return last, nil
}

// replay folds one entry into the calls. What is not in the log, such as what
// the call was to do next, is gone.
func (c *Carrier) replay(e Entry) {
	if e.Ev == Accepted || e.Ev == Received {
		c.replayAccepted(e)
		return
	}
	if e.Ev == Rejected {
		return
	}
	k := c.calls[e.Call]
	if k == nil {
		return
	}
	k.updated = e.T
	switch e.Ev {
	case Ringing:
		k.status, k.started = ringing, e.T
	case Answered:
		k.status, k.answered, k.plan.Kind = inProgress, e.T, kindOf(e.By)
	case TwiML, Detected:
		if e.By != "" {
			k.verdict = e.By
		}
	case Webhook:
		if e.HTTP != 0 && e.Fault != FaultForged {
			k.requests = append(k.requests, request{method: "POST", url: e.URL, status: max(0, e.HTTP), at: e.T})
		}
	case Ended:
		c.replayEnded(k, e)
	case Accepted, Received, Rejected, Digits, Said, Recorded, Warn:
	}
}

func (c *Carrier) replayAccepted(e Entry) {
	if e.Parent != "" && c.calls[e.Parent] == nil {
		return // the leg of a call that is forgotten
	}
	k := &call{sid: e.Call, to: e.To, from: e.From, n: e.N, token: e.Token, status: queued, created: e.T, updated: e.T, inbound: e.Ev == Received}
	if k.inbound {
		c.rung++
	}
	c.counts[e.To] = max(c.counts[e.To], e.N)
	c.calls[k.sid] = k
	c.order = append(c.order, k)
	c.byTo[k.to] = append(c.byTo[k.to], k)
	if e.Parent == "" {
		c.live++
		return
	}
	k.parent = c.calls[e.Parent]
	k.parent.children = append(k.parent.children, k)
}

func (c *Carrier) replayEnded(k *call, e Entry) {
	k.status, k.ended = state(e.Status), e.T
	if k.started.IsZero() {
		k.started = e.T
	}
	c.over++
	if e.Parent == "" {
		c.live--
	}
	c.forget()
}

// kindOf is a kind that By says picked up.
func kindOf(by string) Kind {
	switch by {
	case ByMachine:
		return Silence
	case ByFax:
		return Fax
	}
	return Human
}

// endOpenCalls ends what the last carrier left open: the calls cannot go on,
// and nobody can be told, because the log does not hold what was asked for.
func (c *Carrier) endOpenCalls() receipt {
	return c.turn(func(t *turn) {
		for _, k := range c.order {
			if k.status.over() {
				continue
			}
			s, sip := failedCall, 503
			if k.status == inProgress {
				s, sip = completed, 200
			}
			if t.now.Before(k.updated) {
				t.now = k.updated
			}
			c.lapse(t, k, s, sip)
		}
	})
}

func (c *Carrier) lapse(t *turn, k *call, s state, sip int) {
	c.change(t, k, s)
	k.ended = t.now
	if k.started.IsZero() {
		k.started = t.now
	}
	t.note(k, Entry{Ev: Ended, Status: string(s), Code: sip, Seconds: k.seconds(), Text: "restart"})
	c.over++
	if k.parent == nil {
		c.live--
	}
	c.tally.end(s)
}
