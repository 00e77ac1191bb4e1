package dialer

import (
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/routing"
)

// OptOut is how people are told to say no, and what they hear then. Where a
// message of a cadence names a key for it itself, that one is used and nothing
// is added. {key} and {number} stand for key and number.
type OptOut struct {
	Key   string // 0 to 9, * or #
	Offer string // behind a message that names no key of its own
	Call  string // behind a voicemail that names no number
	Done  string // who has pressed the key
}

// Returns is what people hear who call one of our numbers, and where the calls
// of leads go whose owner has a number here.
type Returns struct {
	Greeting string // to a lead, before anything else
	Nobody   string // to a lead whose call nobody took
	Unknown  string // to who is no lead
	Withheld string // to who does not show a number
	Owners   map[string]cadence.Number
}

// The words that are used where the operator gives none.
const (
	DefaultOptOutKey   = "9"
	DefaultOptOutOffer = "To be taken off our calling list, press {key}."
	DefaultOptOutCall  = "To be taken off our calling list, call {number}."
	DefaultOptedOut    = "You have been taken off our calling list and will not be called again. Goodbye."
	DefaultGreeting    = "Thank you for calling us back."
	DefaultNobody      = "Nobody can take your call at the moment. We will try to reach you again."
	DefaultUnknown     = "Thank you for calling. This number only makes outgoing calls."
	DefaultWithheld    = "Thank you for calling. Your number is withheld, so we cannot tell who you are. " +
		"To be taken off our calling list, call again and let your number be shown. Goodbye."
)

func (o *OptOut) complete() {
	fallback(&o.Key, DefaultOptOutKey)
	fallback(&o.Offer, DefaultOptOutOffer)
	fallback(&o.Call, DefaultOptOutCall)
	fallback(&o.Done, DefaultOptedOut)
}

func (r *Returns) complete() {
	fallback(&r.Greeting, DefaultGreeting)
	fallback(&r.Nobody, DefaultNobody)
	fallback(&r.Unknown, DefaultUnknown)
	fallback(&r.Withheld, DefaultWithheld)
}

func fallback(s *string, otherwise string) {
	if *s == "" {
		*s = otherwise
	}
}

func (o *OptOut) offer(key string) string { return strings.ReplaceAll(o.Offer, "{key}", key) }

// call tells a number digit by digit, as it is read out and dialed.
func (o *OptOut) call(n cadence.Number) string {
	spelled := strings.Join(strings.Split(strings.TrimPrefix(string(n), "+"), ""), " ")
	return strings.ReplaceAll(o.Call, "{number}", spelled)
}

// optOut is the key by which somebody who hears a message says no. told is true
// when the cadence names one: then its message tells of it. Else it is the
// house's key, or the first that the message does not use for something else.
func (c *Core) optOut(t *cadence.Connect) (key string, told bool) {
	if key := cadence.OptOutKey(t, c.isNo); key != "" {
		return key, true
	}
	return cadence.FreeKey(t, c.rules.OptOut.Key), false
}

func (c *Core) isNo(code cadence.DispositionCode) bool {
	d, ok := c.rules.Dispositions.Resolve(code)
	return ok && d.DNC
}

// codeOfKey is what a pressed key stands for at a target, "" for nothing.
func (c *Core) codeOfKey(t *cadence.Connect, digits string) cadence.DispositionCode {
	if code, ok := t.Gather[digits]; ok {
		return code
	}
	if key, told := c.optOut(t); t.To == cadence.ConnectMessage && !told && digits == key {
		return routing.DoNotCall
	}
	return ""
}
