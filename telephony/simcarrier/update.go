package simcarrier

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// update changes a call: ends it, or gives it another script at once.
func (c *Carrier) update(r *http.Request, form url.Values) reply {
	change, bad := readPlacingChange(form)
	if bad != nil {
		return refuseAs(bad)
	}
	a := reply{status: http.StatusOK}
	a.receipt = c.turn(func(t *turn) {
		var k *call
		if k, bad = c.find(strings.TrimSuffix(r.PathValue("file"), ".json")); bad != nil {
			return
		}
		if bad = c.amend(t, k, form.Get("Status"), change); bad == nil {
			a.body = c.render(k)
		}
	})
	if bad != nil {
		refused := refuseAs(bad)
		refused.receipt = a.receipt
		return refused
	}
	return a
}

// readPlacingChange checks the parameters of a change. Only those that were
// given are set.
func readPlacingChange(form url.Values) (placing, *refusal) {
	p := placing{
		url: form.Get("Url"), method: method(form, "Method"), twiml: form.Get("Twiml"),
		fallback: form.Get("FallbackUrl"), fallbackMethod: method(form, "FallbackMethod"),
		callback: form.Get("StatusCallback"), callbackMethod: method(form, "StatusCallbackMethod"),
	}
	if bad := p.checkURLs(form); bad != nil {
		return placing{}, bad
	}
	if form.Has("TimeLimit") {
		n, err := strconv.Atoi(form.Get("TimeLimit"))
		if err != nil || n <= 0 {
			return placing{}, refuse(21208, "TimeLimit is invalid: "+form.Get("TimeLimit"))
		}
		p.limit = time.Duration(n) * time.Second
	}
	if len([]rune(p.twiml)) > maxTwimlParam {
		return placing{}, refuse(20422, "Twiml is longer than 4000 characters")
	}
	switch s := form.Get("Status"); s {
	case "", string(canceled), string(completed):
	default:
		return placing{}, refuse(20422, "Status must be canceled or completed, not "+s)
	}
	return p, nil
}

// amend carries out a change.
func (c *Carrier) amend(t *turn, k *call, status string, p placing) *refusal {
	if k.status.over() {
		return refuse(21220, "Call is not in-progress. Cannot redirect.")
	}
	if p.callback != "" {
		k.order.callback, k.order.callbackMethod = p.callback, p.callbackMethod
	}
	switch {
	case k.status == inProgress && status == string(completed):
		c.end(t, k, completed, 200, "hung up through the API")
		return nil
	case k.status != inProgress && status != "":
		c.end(t, k, canceled, 487, status+" through the API")
		return nil
	}
	if p.limit > 0 {
		c.limitTo(t, k, p.limit)
	}
	if p.url == "" && p.twiml == "" {
		return nil
	}
	if k.status != inProgress {
		return refuse(21220, "Call is not in-progress. Cannot redirect.")
	}
	c.redirect(t, k, p)
	return nil
}

// limitTo sets the time limit of a call, counted from its answer.
func (c *Carrier) limitTo(t *turn, k *call, limit time.Duration) {
	k.order.limit = limit
	if k.limit == nil {
		return // not answered yet
	}
	c.unset(k.limit)
	at := k.answered.Add(limit)
	if at.Before(t.now) {
		at = t.now
	}
	k.limit = c.set(at, func(t *turn) { c.end(t, k, completed, 200, "time limit") })
}

// redirect replaces what a call does. A leg it dialed is dropped without its
// action being asked for.
func (c *Carrier) redirect(t *turn, k *call, p placing) {
	c.unset(k.step)
	k.flow++
	k.script = nil
	if leg := k.leg; leg != nil {
		k.leg = nil
		s, sip := canceled, 487
		if leg.status == inProgress {
			s, sip = completed, 200
		}
		c.end(t, leg, s, sip, "the call was redirected")
	}
	if p.url != "" {
		c.fetch(t, k, &scriptRequest{what: "update", url: p.url, method: p.method})
		return
	}
	c.followText(t, k, p.twiml)
}
