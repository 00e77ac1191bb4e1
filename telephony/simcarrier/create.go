package simcarrier

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// create places a call.
func (c *Carrier) create(_ *http.Request, form url.Values) reply {
	if bad := checkNumbers(form); bad != nil {
		return c.reject(form, bad, "")
	}
	order, bad := readPlacing(form)
	if bad != nil {
		return c.reject(form, bad, "")
	}
	var a reply
	a.receipt = c.turn(func(t *turn) {
		if bad = c.refuseCall(form.Get("To"), form.Get("From")); bad != nil {
			return
		}
		k := c.newCall(t.now, form.Get("To"), form.Get("From"), order)
		if k.plan.Kind == Refused {
			bad = refuse(k.plan.Code, "Account not allowed to call "+k.to)
			return
		}
		c.accept(t, k)
		c.noteIgnored(t, k)
		c.hide(t, k)
		a.status, a.body = http.StatusCreated, c.render(k)
	})
	if bad != nil {
		return c.reject(form, bad, "")
	}
	return a
}

// newCall makes a call and decides how it will go.
func (c *Carrier) newCall(now time.Time, to, from string, order placing) *call {
	c.counts[to]++
	n := c.counts[to]
	token := attemptToken(order.url)
	if token == "" {
		token = attemptToken(order.callback)
	}
	k := &call{
		sid: c.newSID("CA", "call", to, strconv.Itoa(n)), to: to, from: from, n: n, token: token, order: order,
		plan: c.model.Outcome(c.o.Seed, to, n, now.In(c.o.Zone(to))),
	}
	k.keys = k.plan.Digits
	return k
}

// noteIgnored logs what was asked for in vain.
func (c *Carrier) noteIgnored(t *turn, k *call) {
	for _, name := range k.order.unknown {
		t.note(k, Entry{Ev: Warn, Error: 20001, Text: "unknown parameter ignored: " + name})
	}
	for _, name := range k.order.ignoring {
		t.note(k, Entry{Ev: Warn, Text: "parameter not simulated: " + name})
	}
}

// hide keeps a new call out of lists for a while, if the faults say so.
func (c *Carrier) hide(t *turn, k *call) {
	if lag := c.faults.ListLag.draw(chance(c.o.Seed, "lists", k.sid)); lag > 0 {
		k.visible = t.now.Add(lag)
	}
}

// reject logs and answers a call that is not taken.
func (c *Carrier) reject(form url.Values, bad *refusal, fault string) reply {
	a := refuseAs(bad)
	token := attemptToken(form.Get("Url"))
	if token == "" {
		token = attemptToken(form.Get("StatusCallback"))
	}
	a.receipt = c.turn(func(t *turn) {
		c.tally.rejected++
		t.log = append(t.log, Entry{
			T: t.now, Ev: Rejected, To: form.Get("To"), From: form.Get("From"), Token: token,
			Code: bad.code, HTTP: bad.http, Text: bad.text, URL: form.Get("Url"), Fault: fault,
		})
	})
	return a
}

// checkNumbers refuses a To or From that no account could use.
func checkNumbers(form url.Values) *refusal {
	to, from := form.Get("To"), form.Get("From")
	switch {
	case to == "":
		return refuse(21201, "No 'To' number is specified")
	case from == "":
		return refuse(21213, "No 'From' number is specified")
	case !dialable(to):
		return refuse(21211, "The phone number you are attempting to call, "+to+", is not valid.")
	case !dialable(from) || e164.MatchString(to) && !e164.MatchString(from):
		return refuse(21212, "The source phone number provided, "+from+", is not a valid phone number.")
	case to == from:
		return refuse(21211, "'To' and 'From' phone numbers cannot be the same: "+to)
	}
	return nil
}

// Twilio's magic numbers: what comes of calling to or from each. Any other
// number goes its ordinary way.
var (
	magicTo = map[string]refusal{
		"+15005550001": {400, 21217, "Phone number does not appear to be valid"},
		"+15005550002": {400, 21214, "'To' phone number cannot be reached"},
		"+15005550003": {400, 21215, "Account not authorized to call this number: geographic permissions"},
		"+15005550004": {400, 21216, "Account not allowed to call this number: it is blocked"},
	}
	magicFrom = map[string]refusal{
		"+15005550001": {400, 21212, "The source phone number provided, +15005550001, is not a valid phone number."},
	}
)

const (
	magicPrefix   = "+1500555000"
	magicGoodFrom = "+15005550006"
)

// refuseCall is why the account may not place this call now.
func (c *Carrier) refuseCall(to, from string) *refusal {
	if bad, ok := magicFrom[from]; ok {
		return &bad
	}
	if bad, ok := magicTo[to]; ok {
		return &bad
	}
	if !c.owns(from) {
		return refuse(21210, "The source phone number provided, "+from+", is not yet verified for your account.")
	}
	if c.o.Channels > 0 && c.live >= c.o.Channels {
		return refuse(10004, "Call concurrency limit exceeded")
	}
	return nil
}

// owns reports whether the account may show a number as caller ID.
func (c *Carrier) owns(from string) bool {
	if len(from) == len(magicGoodFrom) && from[:len(magicPrefix)] == magicPrefix {
		return from == magicGoodFrom
	}
	return len(c.o.CallerIDs) == 0 || slices.Contains(c.o.CallerIDs, from) || slices.Contains(c.o.VerifiedIDs, from) || !e164.MatchString(from)
}
