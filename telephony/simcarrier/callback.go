package simcarrier

import (
	"maps"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// report sends a status callback if the client asked for the event.
func (c *Carrier) report(t *turn, k *call, event uint8) {
	if k.order.callback == "" || k.order.events&event == 0 {
		return
	}
	c.sendStatus(t, k, c.statusForm(t, k), false)
}

// reportEnd sends the final status callback.
func (c *Carrier) reportEnd(t *turn, k *call, sip int) {
	if k.order.callback == "" || k.order.events&evCompleted == 0 {
		return
	}
	form := c.statusForm(t, k)
	form.Set("CallDuration", itoa(k.seconds()))
	form.Set("Duration", itoa(k.minutes()))
	if sip != 0 {
		form.Set("SipResponseCode", itoa(sip))
	}
	if k.verdict != "" && !k.order.async {
		form.Set("AnsweredBy", k.verdict)
	}
	c.sendStatus(t, k, form, true)
}

func (c *Carrier) statusForm(t *turn, k *call) url.Values {
	form := c.callForm(k)
	form.Set("CallbackSource", "call-progress-events")
	form.Set("SequenceNumber", itoa(k.seq))
	form.Set("Timestamp", t.now.UTC().Format(time.RFC1123Z))
	k.seq++
	return form
}

// callForm is what every request for a call says about it.
func (c *Carrier) callForm(k *call) url.Values {
	form := url.Values{
		"AccountSid": {c.o.AccountSID}, "ApiVersion": {apiVersion}, "CallSid": {k.sid}, "CallStatus": {string(k.status)},
		"Direction": {k.direction()}, "From": {k.from}, "To": {k.to}, "Caller": {k.from}, "Called": {k.to},
		"FromCountry": {country(k.from)}, "CallerCountry": {country(k.from)}, "ToCountry": {country(k.to)}, "CalledCountry": {country(k.to)},
	}
	if k.parent != nil {
		form.Set("ParentCallSid", k.parent.sid)
	}
	return form
}

// country is a rough guess, which is all a client may read into it.
func country(number string) string {
	if strings.HasPrefix(number, "+1") {
		return "US"
	}
	return ""
}

// sendStatus sends one status callback, with what befalls it.
func (c *Carrier) sendStatus(t *turn, k *call, form url.Values, final bool) {
	seq := k.seq - 1
	m := c.faults.callback(c.o.Seed, k.sid, "status", seq)
	d := c.newDelivery(k, "status"+itoa(seq), k.order.callback, k.order.callbackMethod, form)
	if m.forge {
		c.push(t, k, c.forge(d))
	}
	if m.reorder && final {
		m.delay += m.late
	}
	held := k.held
	k.held = nil
	switch {
	case m.drop:
		c.drop(t, d)
	case m.reorder && !final:
		k.held = append(k.held, d)
	default:
		c.pushLater(t, k, m.delay, d)
	}
	// What was held back goes out behind this one.
	c.pushLater(t, k, m.delay, held...)
	if m.duplicate && !m.drop {
		again := *d
		again.fault = FaultDuplicate
		c.pushLater(t, k, m.delay+m.late, &again)
	}
}

// reportDetection sends the callback of asynchronous detection.
func (c *Carrier) reportDetection(t *turn, k *call) {
	form := url.Values{
		"AccountSid": {c.o.AccountSID}, "CallSid": {k.sid},
		"AnsweredBy": {k.verdict}, "MachineDetectionDuration": {strconv.FormatInt(k.detectMS, 10)},
	}
	m := c.faults.callback(c.o.Seed, k.sid, "amd", 0)
	d := c.newDelivery(k, "amd", k.order.asyncCallback, k.order.asyncMethod, form)
	if m.drop {
		c.drop(t, d)
		return
	}
	c.pushLater(t, k, m.delay, d)
	if m.duplicate {
		again := *d
		again.fault = FaultDuplicate
		c.pushLater(t, k, m.delay+m.late, &again)
	}
}

// drop logs a callback that is never sent.
func (c *Carrier) drop(t *turn, d *delivery) {
	c.tally.dropped++
	t.note(d.call, Entry{Ev: Webhook, URL: d.to.target, Status: d.form.Get("CallStatus"), Fault: FaultDropped})
}

// forge makes a callback that claims another outcome and is signed with a
// token the account does not have.
func (c *Carrier) forge(d *delivery) *delivery {
	f := *d
	f.fault, f.key = FaultForged, "not-"+c.o.AuthToken
	f.form = url.Values{}
	maps.Copy(f.form, d.form)
	claim := string(completed)
	if d.form.Get("CallStatus") == claim {
		claim = string(noAnswer)
	}
	f.form.Set("CallStatus", claim)
	f.form.Set("CallDuration", "61")
	f.form.Set("AnsweredBy", VerdictHuman)
	return &f
}

// pushLater pushes deliveries after a while, at once when it is nothing.
func (c *Carrier) pushLater(t *turn, k *call, after time.Duration, ds ...*delivery) {
	if after <= 0 {
		c.push(t, k, ds...)
		return
	}
	for _, d := range ds {
		c.set(t.now.Add(after), func(t *turn) { c.push(t, k, d) })
	}
}

// push puts deliveries into a call's outbox, which is emptied in order: the
// callbacks of a call go out one after the other, unless a fault says
// otherwise.
func (c *Carrier) push(t *turn, k *call, ds ...*delivery) {
	k.outbox = append(k.outbox, ds...)
	if k.sending || len(k.outbox) == 0 {
		return
	}
	k.sending = true
	t.do(func() { c.empty(k) })
}

// empty sends what is in a call's outbox until there is no more.
func (c *Carrier) empty(k *call) {
	for {
		c.mu.Lock()
		if len(k.outbox) == 0 {
			k.sending = false
			c.mu.Unlock()
			return
		}
		d := k.outbox[0]
		k.outbox = k.outbox[1:]
		c.mu.Unlock()
		c.send(d)
	}
}
