package sim

import (
	"time"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/telephony"
)

// report sends a status webhook, with all that can happen to one on the way.
func (c *carrier) report(k *call, ev telephony.Event) {
	w, f := c.w, &c.w.o.Faults
	k.requested = true
	ev.Attempt, ev.CallID, ev.Seq, ev.At = k.attempt, k.ID, k.seqNo, w.trueTime()
	n := seqID(uint64(k.seqNo))
	k.seqNo++
	w.noteBytes("status", []byte(string(ev.Status)+k.ID))
	if w.chance(f.Forge, "webhook.forged", k.attempt, n) {
		w.forge(ev)
	}
	if w.chance(f.DropWebhook, "webhook.lost", k.attempt, n) {
		return
	}
	wait := int64(5 + w.draw("webhook", k.attempt, n).IntN(200))
	if w.chance(f.Delay, "webhook.late", k.attempt, n) {
		wait += int64(w.draw("webhook.late.by", k.attempt, n).IntN(60_000))
	}
	if w.chance(f.Replay, "webhook.old", k.attempt, n) {
		c.deliver(ev, int64(time.Hour/time.Millisecond)*int64(1+w.draw("webhook.old.by", k.attempt, n).IntN(100)), 0)
	}
	if k.held != nil {
		c.deliver(ev, wait, 0)
		ev, k.held = *k.held, nil
		wait++
	} else if !ev.Status.Terminal() && w.chance(f.Reorder, "webhook.overtaken", k.attempt, n) {
		k.held = &ev
		return
	}
	c.deliver(ev, wait, 0)
	if w.chance(f.Duplicate, "webhook.twice", k.attempt, n) {
		c.deliver(ev, wait+int64(w.draw("webhook.twice.by", k.attempt, n).IntN(30_000)), 0)
	}
}

// deliver retries three times within fifteen seconds, like the real one.
func (c *carrier) deliver(ev telephony.Event, wait int64, try int) {
	w := c.w
	w.agenda.plan(w.now+wait, func() {
		acked := false
		w.ask(&dialer.Reported{Event: ev}, func(_ any, err error) { acked = err == nil })
		if try < 3 {
			w.agenda.plan(w.now+4000, func() {
				if !acked {
					c.deliver(ev, 1, try+1)
				}
			})
		}
	})
}
