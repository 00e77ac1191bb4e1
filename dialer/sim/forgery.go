package sim

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the carrier's signature is HMAC-SHA1
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// Of the world's hooks listener. Nothing here is anybody's.
const (
	hookURL   = "https://calls.example.org"
	hookToken = "0123456789abcdef0123456789abcdef"
	account   = "AC00000000000000000000000000000001"
	stranger  = "AC00000000000000000000000000000002"
)

// gatekeeper is the adapter's side of a webhook: what it refuses never reaches
// the core. It is the adapter's own code.
type gatekeeper struct {
	hooks    *twilio.Hooks
	webhooks *twilio.Webhooks
}

func newGatekeeper() (*gatekeeper, error) {
	hooks, err := twilio.NewHooks(hookURL, []byte("the world's own hook key"))
	if err != nil {
		return nil, fmt.Errorf("hooks: %w", err)
	}
	verifier, err := twilio.NewVerifier(hookToken)
	if err != nil {
		return nil, fmt.Errorf("verifier: %w", err)
	}
	webhooks, err := twilio.NewWebhooks(hooks, verifier, account)
	if err != nil {
		return nil, fmt.Errorf("webhooks: %w", err)
	}
	return &gatekeeper{hooks, webhooks}, nil
}

// letter is a webhook as it goes over the wire.
type letter struct{ path, body, signature string }

// write makes the carrier's webhook for a status event, signed with a token.
func (g *gatekeeper) write(ev telephony.Event, from, token string) letter {
	form := url.Values{
		"AccountSid": {from}, "CallSid": {ev.CallID}, "CallStatus": {string(ev.Status)}, "SequenceNumber": {fmt.Sprint(ev.Seq)},
		"To": {"+12125550100"}, "From": {"+13035550101"}, "Direction": {"outbound-api"}, "ApiVersion": {"2010-04-01"},
	}
	l := letter{path: g.hooks.Path(twilio.KindStatus, ev.Attempt), body: form.Encode()}
	l.signature = sign(hookURL+l.path, form, token)
	return l
}

// sign is the carrier's signature: the URL, then names and values in the order
// of the names.
func sign(full string, form url.Values, token string) string {
	m := hmac.New(sha1.New, []byte(token))
	m.Write([]byte(full))
	for part := range strings.SplitSeq(form.Encode(), "&") { // sorted by name
		name, _, _ := strings.Cut(part, "=")
		m.Write([]byte(name + form.Get(name)))
	}
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

func (g *gatekeeper) judge(l letter) (telephony.Event, error) {
	return g.webhooks.Authenticate(twilio.Request{
		Method: http.MethodPost, Path: l.path, Body: []byte(l.body),
		Header: func(name string) string {
			if name == "X-Twilio-Signature" {
				return l.signature
			}
			return ""
		},
	})
}

// forge lets somebody send what looks like the carrier's webhook. What the
// adapter ought to refuse is shown to the adapter; what only the core can
// refuse, because it is signed and yet about nothing of ours, to the core.
func (w *World) forge(ev telephony.Event) {
	r := w.draw("webhook.forged.how", ev.Attempt, seqID(uint64(ev.Seq)))
	ev.Status = telephony.StatusCompleted
	genuine := w.gatekeeper.write(ev, account, hookToken)
	if got, err := w.gatekeeper.judge(genuine); err != nil || got.Attempt != ev.Attempt || got.CallID != ev.CallID {
		w.witness.broken("F7", about{attempt: ev.Attempt}, "the carrier's own webhook was refused: %v", err)
	}
	forged := genuine
	switch r.IntN(5) {
	case 0: // a MAC that is not ours
		forged.path = forged.path[:len(forged.path)-4] + "aaaa"
		forged.signature = signLike(forged)
	case 1: // signed by somebody who does not know our token
		forged = w.gatekeeper.write(ev, account, "ffffffffffffffffffffffffffffffff")
	case 2: // the carrier's, but about somebody else's account
		forged = w.gatekeeper.write(ev, stranger, hookToken)
	case 3: // our path with another call's body: known to nobody once the attempt has its call
		if w.witness.books.boundAt[ev.Attempt] != 0 {
			ev.CallID = "CAffffffffffffffffffffffffffffffff"
			w.unheard(ev)
		}
		return
	default: // an attempt there never was
		ev.Attempt = cadence.NewID(ev.Attempt.Slot(), [14]byte{0xFF, byte(r.IntN(256))})
		w.unheard(ev)
		return
	}
	w.witness.checks++
	if _, err := w.gatekeeper.judge(forged); err == nil {
		w.witness.broken("F7", about{attempt: ev.Attempt}, "a forged webhook passed the adapter")
	}
}

// signLike signs a letter whose path was changed as the carrier would.
func signLike(l letter) string {
	form, err := url.ParseQuery(l.body)
	if err != nil {
		return ""
	}
	return sign(hookURL+l.path, form, hookToken)
}

// unheard posts an event that must be answered as unknown, every time.
func (w *World) unheard(ev telephony.Event) {
	w.ask(&dialer.Reported{Event: ev}, func(reply any, err error) {
		w.witness.checks++
		if a, ok := reply.(dialer.Answered); err != nil || !ok || a.Known {
			w.witness.broken("F7", about{attempt: ev.Attempt}, "an event of a call that is not ours was taken: %v", err)
		}
	})
}
