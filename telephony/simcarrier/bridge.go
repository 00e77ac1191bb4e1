package simcarrier

import (
	"strconv"
	"strings"
	"time"
)

// TwiML's defaults for <Dial>.
const (
	defaultDialRing  = 30
	defaultDialLimit = 4 * 60 * 60
)

// dialLeg dials the one target of a <Dial>.
func (c *Carrier) dialLeg(t *turn, k *call, v verb) {
	target, to := v, v.text
	if len(v.kids) == 1 {
		target, to = v.kids[0], v.kids[0].text
	}
	from := v.attr["callerId"]
	if from == "" {
		from = k.from
	}
	n := c.counts[to] + 1
	c.counts[to] = n
	nth := strconv.Itoa(len(k.children) + 1)
	leg := &call{
		sid: c.newSID("CA", "leg", k.sid, nth), parent: k, from: from, to: to, n: n, token: k.token,
		plan: c.model.leg(c.o.Seed, to, n, k.to, strconv.Itoa(k.n), nth),
		order: placing{
			ring: v.seconds("timeout", defaultDialRing), limit: v.seconds("timeLimit", defaultDialLimit),
			callback: resolve(k.doc, target.attr["statusCallback"]), callbackMethod: attrMethod(&target, "statusCallbackMethod"),
			events: legEvents(target.attr["statusCallbackEvent"]),
		},
	}
	k.leg, k.action, k.actionMethod = leg, resolve(k.doc, v.attr["action"]), attrMethod(&v, "method")
	c.accept(t, leg)
	if refused := c.refuseLeg(leg); refused != nil {
		t.note(k, Entry{Ev: Warn, Error: refused.code, Text: refused.text})
		c.end(t, leg, failedCall, 403, refused.text)
		return
	}
	c.dial(t, leg)
}

// refuseLeg is why a leg cannot be dialed: inside <Dial> these are warnings
// and a failed leg, never an answer of the API.
func (c *Carrier) refuseLeg(leg *call) *refusal {
	switch {
	case !dialable(leg.to):
		return refuse(13223, "<Dial>: invalid number "+leg.to)
	case !strings.HasPrefix(leg.to, "sip:") && !c.owns(leg.from):
		return refuse(codeDialCaller, "<Dial>: invalid callerId "+leg.from)
	}
	return nil
}

// askDesk asks whoever plays the callee of a leg whether it is answered.
func (c *Carrier) askDesk(t *turn, leg *call) {
	if c.o.OnBridge == nil || leg.parent.inbound || len(c.model.Numbers[leg.to]) > 0 {
		c.connect(t, leg, leg.plan.Talk)
		return
	}
	b, asked := leg.bridge(t.now), t.now
	t.do(func() {
		if c.log.barrier().wait() != nil {
			return
		}
		answer, talk := c.o.OnBridge(b)
		c.turn(func(t *turn) {
			if leg.status.over() {
				if answer {
					c.release(t, b, 0)
				}
				return
			}
			if !answer {
				c.ringOut(t, leg, max(0, leg.order.ring-leg.plan.Ring-t.now.Sub(asked)))
				return
			}
			if talk <= 0 {
				talk = leg.plan.Talk
			}
			leg.plan.Code = deskTook
			c.connect(t, leg, talk)
		})
	})
}

// deskTook marks a leg that OnBridge answered.
const deskTook = -1

// person is who is on the other end of a call from the account.
func (k *call) person() string {
	if k.inbound {
		return k.from
	}
	return k.to
}

func (k *call) bridge(at time.Time) Bridge {
	return Bridge{Call: k.parent.sid, Leg: k.sid, Attempt: k.token, To: k.to, From: k.from, Person: k.parent.person(), At: at}
}

// connect bridges a leg with the call that dialed it, for as long as the talk
// lasts.
func (c *Carrier) connect(t *turn, leg *call, talk time.Duration) {
	k := leg.parent
	c.unset(k.patience)
	c.pickUp(t, leg)
	leg.step = c.set(t.now.Add(talk), func(t *turn) {
		if k.plan.CalleeHU {
			c.end(t, k, completed, 200, "the person hung up")
			return
		}
		c.end(t, leg, completed, 200, "the leg hung up")
	})
}

// legOver goes on with the call whose leg has ended, if it still waits.
func (c *Carrier) legOver(t *turn, leg *call) {
	if leg.plan.Code == deskTook {
		c.release(t, leg.bridge(leg.answered), leg.ended.Sub(leg.answered))
	}
	k := leg.parent
	if k.leg != leg {
		return
	}
	k.leg = nil
	c.dialed(t, k, leg)
}

// dropLeg ends the leg of a call that has ended, and reports it: Twilio asks
// for the action even though nobody is left to follow it.
func (c *Carrier) dropLeg(t *turn, k, leg *call) {
	s, sip := canceled, 487
	if leg.status == inProgress {
		s, sip = completed, 200
	}
	c.end(t, leg, s, sip, "the call ended")
	c.dialed(t, k, leg)
}

// release tells the desk that a leg it took has ended.
func (c *Carrier) release(t *turn, b Bridge, talked time.Duration) {
	if c.o.OnRelease == nil {
		return
	}
	t.do(func() {
		if c.log.barrier().wait() == nil {
			c.o.OnRelease(b, talked)
		}
	})
}

// legEvents reads a leg's events: one attribute, separated by spaces.
func legEvents(list string) uint8 {
	if list == "" {
		return evCompleted
	}
	var bits uint8
	for name := range strings.FieldsSeq(list) {
		bits |= eventBits[name]
	}
	return bits
}
