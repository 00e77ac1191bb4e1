package twilio

import (
	"fmt"
	"net/http"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

// KindInbound is a call that somebody makes to one of our numbers. Its path
// names the connection instead of an attempt; what the call is asked further on
// (keys, legs) comes in under the id it was given.
const KindInbound Kind = "inbound"

// DefaultConnection is the connection of the one carrier account.
const DefaultConnection = "default"

// withheld are the numbers that Twilio puts where the caller's is not told:
// they spell ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE.
var withheld = map[string]bool{
	"+266696687": true, "+7378742833": true, "+2562533": true, "+8656696": true, "+86282452253": true,
}

// InboundURL is what a number of the account has to name as its voice URL and
// as its status callback, with the delivery overrides in its fragment. The
// connection is 1 to 64 letters, digits, "-" and "_".
func (h *Hooks) InboundURL(connection string) (string, error) {
	if !plainNonce(connection) {
		return "", fmt.Errorf("hooks: connection %.80q: want 1 to %d letters, digits, - and _", connection, maxNonce)
	}
	return h.public + h.path(KindInbound, connection) + overrides, nil
}

// VerifyInbound reads the path of a call to one of our numbers and returns its
// connection.
func (h *Hooks) VerifyInbound(path string) (string, error) {
	kind, connection, mac, ok := h.split(path)
	if !ok || kind != KindInbound || !plainNonce(connection) {
		return "", ErrPath
	}
	if !h.same(kind, connection, mac) {
		return "", ErrMAC
	}
	return connection, nil
}

// Inbound checks a request on the path of inbound calls as Authenticate does,
// and reads it. mine is false, without an error, for every other path.
func (w *Webhooks) Inbound(r Request) (in telephony.Inbound, mine bool, err error) {
	if kind, _, _, ok := w.hooks.split(r.Path); !ok || kind != KindInbound {
		return in, false, nil
	}
	connection, err := w.hooks.VerifyInbound(r.Path)
	if err != nil {
		return in, true, err
	}
	if r.Method != http.MethodPost {
		return in, true, ErrMethod
	}
	full := w.hooks.public + w.hooks.path(KindInbound, connection)
	if r.RawQuery != "" {
		full += "?" + r.RawQuery
	}
	f := forms.Get().(*form)
	defer forms.Put(f)
	if err := w.verifier.verify(f, full, r.Body, r.Header("X-Twilio-Signature")); err != nil {
		return in, true, err
	}
	in, err = inbound(f, connection, w.account)
	return in, true, err
}

// inbound reads a parsed form.
func inbound(f *form, connection, account string) (telephony.Inbound, error) {
	if account == "" || string(f.value("AccountSid")) != account {
		return telephony.Inbound{}, ErrWrongAccount
	}
	r := reader{form: f}
	in := telephony.Inbound{
		Connection: connection, CallID: r.sid("CallSid", true), From: caller(f.get("From")),
		To: cadence.Number(f.get("To")), Status: r.status("CallStatus"), Duration: r.seconds("CallDuration"),
	}
	r.need(isE164(in.To), "To")
	in.At, _ = stamp(f.get("Timestamp")) // an unreadable time must not cost the call
	if r.bad != "" {
		return telephony.Inbound{}, fmt.Errorf("%w: parameter %s", ErrMalformed, r.bad)
	}
	return in, nil
}

// caller is who calls, "" for whoever does not tell: a withheld number, a SIP
// address, a browser.
func caller(from string) cadence.Number {
	if n := cadence.Number(from); isE164(n) && !withheld[from] {
		return n
	}
	return ""
}
