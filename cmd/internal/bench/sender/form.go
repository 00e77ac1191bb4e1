// Package sender sends a carrier's webhooks: forms of Twilio's shape, signed as
// Twilio signs, on connections that stay open. It is lean, so that whoever
// answers is measured.
package sender

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the algorithm of Twilio's signature
	"encoding/base64"
	"hash"
	"strconv"
	"time"
)

// Call is one call whose states are told.
type Call struct {
	SID, To, From string
	Status, Voice string // URLs
	At            int64  // Unix nanoseconds of the request's arrival at the carrier
}

// State is one state of a call's life. Voice asks for the script instead of
// telling a state, as the carrier does at the answer.
type State struct {
	Status     string
	AnsweredBy string
	Seconds    int // of the whole call, when it is over
	Voice      bool
}

// Form makes the signed bodies of one sending goroutine.
type Form struct {
	mac    hash.Hash
	body   []byte
	signed []byte
	sum    []byte
	text   []byte // of the signature
	second int64  // of stamp
	stamp  string // the last Timestamp: many webhooks have the same
}

// NewForm signs with a carrier account's token.
func NewForm(token string) *Form { return &Form{mac: hmac.New(sha1.New, []byte(token))} }

// add appends one parameter. They must come in the order of their names, which
// is the order in which they are signed.
func (f *Form) add(name, value string) {
	if len(f.body) > 0 {
		f.body = append(f.body, '&')
	}
	f.body = appendEscaped(append(append(f.body, name...), '='), value)
	f.signed = append(append(f.signed, name...), value...)
}

// plain are the bytes that stand for themselves in a form.
var plain = [256]bool{}

func init() {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~") {
		plain[c] = true
	}
}

// appendEscaped is url.QueryEscape without its garbage.
func appendEscaped(b []byte, value string) []byte {
	for i := range len(value) {
		switch c := value[i]; {
		case plain[c]:
			b = append(b, c)
		case c == ' ':
			b = append(b, '+')
		default:
			b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return b
}

const hexDigits = "0123456789ABCDEF"

// Webhook is the body and the signature of one state, told at an instant of
// the engine's clock. Both are valid until the next.
func (f *Form) Webhook(account string, c *Call, s State, seq int, at time.Time) (body, signature []byte) {
	to := c.Status
	if s.Voice {
		to = c.Voice
	}
	f.body, f.signed = f.body[:0], append(f.signed[:0], to...)
	f.add("AccountSid", account)
	if s.AnsweredBy != "" {
		f.add("AnsweredBy", s.AnsweredBy)
	}
	f.add("ApiVersion", "2010-04-01")
	over := s.Seconds > 0
	if over {
		f.add("CallDuration", strconv.Itoa(s.Seconds))
	}
	f.add("CallSid", c.SID)
	f.add("CallStatus", s.Status)
	if !s.Voice {
		f.add("CallbackSource", "call-progress-events")
	}
	place(f, "Called", c.To)
	place(f, "Caller", c.From)
	f.add("Direction", "outbound-api")
	if over {
		f.add("Duration", "1")
	}
	place(f, "From", c.From)
	if !s.Voice {
		f.add("SequenceNumber", strconv.Itoa(seq))
		f.add("Timestamp", f.at(at))
	}
	place(f, "To", c.To)
	f.mac.Reset()
	f.mac.Write(f.signed)
	f.sum = f.mac.Sum(f.sum[:0])
	f.text = base64.StdEncoding.AppendEncode(f.text[:0], f.sum)
	return f.body, f.text
}

// at writes a time as the carrier does.
func (f *Form) at(t time.Time) string {
	if s := t.Unix(); f.stamp == "" || s != f.second {
		f.second, f.stamp = s, t.UTC().Format(time.RFC1123Z)
	}
	return f.stamp
}

// place appends a number with where the carrier thinks it is.
func place(f *Form, who, number string) {
	f.add(who, number)
	f.add(who+"City", "DENVER")
	f.add(who+"Country", "US")
	f.add(who+"State", "CO")
	f.add(who+"Zip", "80201")
}
