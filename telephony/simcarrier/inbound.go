package simcarrier

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// InboundCall is a call that somebody makes to one of the account's numbers.
// From is E.164, or what stands where a number is withheld, such as
// "anonymous". Digits are pressed at the Gathers, in order. HangUpMS is after
// how many milliseconds the caller hangs up; without it they stay to the end.
type InboundCall struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Digits   string `json:"digits,omitempty"`
	HangUpMS *int   `json:"hang_up_ms,omitempty"`
}

// voiceSetting is where a number's calls go, as the account's owner has set it.
type voiceSetting struct{ url, method, callback, callbackMethod string }

// Dialed makes somebody call one of the account's numbers: the call is answered
// at once, asks the number's voice URL what to do, and reports its end to the
// number's status callback. It returns the call's SID.
func (c *Carrier) Dialed(in InboundCall) (sid string, err error) {
	if !e164.MatchString(in.To) || in.From == "" || in.Digits != "" && !isDigits(in.Digits) || checkMS("", "hang_up_ms", in.HangUpMS) != nil {
		return "", errors.New("inbound call: want from, to in E.164 form, digits 0-9*#, and a hang_up_ms within a day")
	}
	if !c.owns(in.To) {
		return "", fmt.Errorf("inbound call: %s is no number of the account", in.To)
	}
	receipt := c.turn(func(t *turn) { sid = c.take(t, in) })
	return sid, receipt.wait()
}

// take lets the call come in.
func (c *Carrier) take(t *turn, in InboundCall) string {
	set := c.voice[in.To]
	c.rung++
	k := &call{
		sid: c.newSID("CA", "inbound", in.To, strconv.Itoa(c.rung)), from: in.From, to: in.To, n: 1, inbound: true, keys: in.Digits,
		plan: Outcome{Kind: Human, Digits: in.Digits, SIP: 200},
		order: placing{
			url: set.url, method: set.method, callback: set.callback, callbackMethod: set.callbackMethod, events: evCompleted,
			ring: defaultRing, limit: defaultLimit,
		},
		created: t.now, updated: t.now, visible: t.now, started: t.now,
	}
	c.calls[k.sid] = k
	c.order = append(c.order, k)
	c.byTo[k.to] = append(c.byTo[k.to], k)
	c.live++
	t.note(k, Entry{Ev: Received, URL: bare(set.url), Digits: in.Digits})
	c.pickUp(t, k)
	if in.HangUpMS != nil {
		k.patience = c.set(t.now.Add(time.Duration(*in.HangUpMS)*time.Millisecond), func(t *turn) { c.end(t, k, completed, 200, "the caller hung up") })
	}
	if set.url == "" {
		c.end(t, k, completed, 404, "the number has no voice URL")
		return k.sid
	}
	c.fetch(t, k, &scriptRequest{what: "inbound", url: set.url, method: set.method, extra: url.Values{"CallStatus": {string(ringing)}}})
	return k.sid
}

// setNumber changes where a number's calls go.
func (c *Carrier) setNumber(r *http.Request, form url.Values) reply {
	sid := strings.TrimSuffix(r.PathValue("file"), ".json")
	c.mu.Lock()
	defer c.mu.Unlock()
	number := ""
	for _, n := range append(slices.Clone(c.o.CallerIDs), c.asked...) {
		if phoneNumberSID(n) == sid {
			number = n
		}
	}
	if number == "" {
		return refuseAs(refuse(20404, "The requested resource "+r.URL.Path+" was not found"))
	}
	set := c.voice[number]
	for _, f := range []struct {
		name string
		at   *string
	}{{"VoiceUrl", &set.url}, {"StatusCallback", &set.callback}} {
		if form.Has(f.name) {
			u, err := url.Parse(form.Get(f.name))
			if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.String() != "" {
				return refuseAs(refuse(21502, f.name+" is not valid: "+form.Get(f.name)))
			}
			*f.at = form.Get(f.name)
		}
	}
	set.method, set.callbackMethod = method(form, "VoiceMethod"), method(form, "StatusCallbackMethod")
	if c.voice == nil {
		c.voice = map[string]voiceSetting{}
	}
	c.voice[number] = set
	return reply{status: http.StatusOK, body: c.ownedNumber(number, strings.TrimSuffix(r.URL.Path, "/"+r.PathValue("file")))}
}

// ownedNumber is a number of the account as the API shows it.
func (c *Carrier) ownedNumber(number, under string) map[string]any {
	set := c.voice[number]
	return map[string]any{
		"sid": phoneNumberSID(number), "account_sid": c.o.AccountSID, "phone_number": number, "friendly_name": formatted(number),
		"date_created": accountMade, "date_updated": accountMade, "uri": under + "/" + phoneNumberSID(number) + ".json",
		"api_version": apiVersion, "status": "in-use", "beta": false,
		"capabilities": map[string]bool{"voice": true, "sms": false, "mms": false, "fax": false},
		"voice_url":    set.url, "voice_method": method(url.Values{"m": {set.method}}, "m"), "voice_application_sid": nil, "trunk_sid": nil,
		"status_callback": set.callback, "status_callback_method": method(url.Values{"m": {set.callbackMethod}}, "m"),
	}
}

// ringUp is the control route that makes somebody call.
func (c *Carrier) ringUp(raw []byte) (any, error) {
	var in InboundCall
	if err := strictJSON(raw, &in); err != nil {
		return nil, err
	}
	sid, err := c.Dialed(in)
	return map[string]string{"call": sid}, err
}
