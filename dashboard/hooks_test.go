package dashboard_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

func (r *rig) audits() map[string]int {
	found := map[string]int{}
	r.must(r.engine.Rows().Audits(func(a *event.Audited) bool { found[a.What]++; return true }))
	return found
}

// No route of the API, the page or the operator's paths is on the hooks
// listener.
func TestHooksListenerAnswersNothingElse(t *testing.T) {
	r := newRig(t)
	id := strings.Repeat("a", 26)
	paths := []string{"/", "/index.html", "/assets/app-1.js", "/debug/pprof/", "/twilio", "/twilio/", "/twilio/self/x/" + id, "/twilio/inbound/c/" + id}
	for key := range r.contract.ops {
		method, path, _ := strings.Cut(key, " ")
		paths = append(paths, method+" "+regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(path, "cd_"+id))
	}
	for _, p := range paths {
		method, path, ok := strings.Cut(p, " ")
		if !ok {
			method, path = "GET", p
		}
		req, err := http.NewRequestWithContext(t.Context(), method, "http://"+r.hook+path, nil)
		r.must(err)
		if got := r.do(req); got.status != http.StatusNotFound || strings.Contains(string(got.body), "{") {
			t.Errorf("%s %s: %d %s", method, path, got.status, got.body)
		}
	}
}

func TestSelfProbeIsAnsweredWithItsNonce(t *testing.T) {
	r := newRig(t)
	target, err := r.hooks.SelfURL("abc")
	r.must(err)
	req, err := http.NewRequestWithContext(t.Context(), "GET", target, nil)
	r.must(err)
	if p := r.do(req); p.status != 200 || string(p.body) != "abc" {
		t.Errorf("%d %q", p.status, p.body)
	}
}

func TestUntrustedWebhooksChangeNothing(t *testing.T) {
	r := newRig(t)
	r.prepared()
	r.imported("?cadence=Two+calls", "name,phone,zone\nLead 00001,+12125550101,America/New_York\n")
	attempt := (<-r.carrier.dials).Attempt
	other := cadence.NewID(5, [14]byte{1})
	target := "http://" + r.hook + r.hooks.Path(twilio.KindStatus, attempt)
	form := url.Values{"AccountSid": {account}, "CallSid": {callID(attempt)}, "CallStatus": {"completed"}, "SequenceNumber": {"3"}}
	foreign := url.Values{"AccountSid": {"ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}, "CallSid": {callID(attempt)}, "CallStatus": {"completed"}}
	forgedPath := strings.Replace(target, attempt.Bare(), other.Bare(), 1)
	cases := []struct {
		name, target, signature string
		form                    url.Values
		status                  int
		audit                   string
	}{
		{"wrong signature", target, sign(target, url.Values{}), form, 403, "webhook.bad_signature"},
		{"no signature", target, "", form, 403, "webhook.bad_signature"},
		{"wrong MAC", forgedPath, sign(forgedPath, form), form, 403, "webhook.bad_mac"},
		{"another account", target, sign(target, foreign), foreign, 403, "webhook.wrong_account"},
		{"unreadable", target, sign(target, url.Values{"AccountSid": {account}}), url.Values{"AccountSid": {account}}, 400, "webhook.malformed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := r.audits()[c.audit]
			if p := r.post(c.target, c.form, c.signature); p.status != c.status {
				t.Errorf("%d, want %d", p.status, c.status)
			}
			if got := r.audits()[c.audit]; got != before+1 {
				t.Errorf("%d audits of %s, want %d", got, c.audit, before+1)
			}
		})
	}
	if p := r.webhook(twilio.KindStatus, other, "CallStatus", "ringing", "SequenceNumber", "1"); p.status != 404 || r.audits()["webhook.unknown_attempt"] != 1 {
		t.Errorf("unknown attempt: %d, %v", p.status, r.audits())
	}
	if o, err := r.engine.Rows().Open(attempt); err != nil || o == nil || o.Status.Terminal() || o.State > event.Placed {
		t.Errorf("an untrusted webhook changed the attempt: %+v %v", o, err)
	}
	for range 2 { // a repeat is the carrier's own retry
		if p := r.webhook(twilio.KindStatus, attempt, "CallStatus", "ringing", "SequenceNumber", "1"); p.status != 200 {
			t.Errorf("ringing: %d", p.status)
		}
	}
}

func TestAFloodOfForgeriesIsCountedNotKept(t *testing.T) {
	r := newRig(t)
	attempt := cadence.NewID(5, [14]byte{1})
	target := "http://" + r.hook + r.hooks.Path(twilio.KindVoice, attempt)
	for range 100 {
		if p := r.post(target, url.Values{"A": {"b"}}, "forged"); p.status != 403 {
			t.Fatalf("%d", p.status)
		}
	}
	kept := r.audits()["webhook.bad_signature"]
	if kept < 30 || kept > 60 { // one minute's worth, two when it turns meanwhile
		t.Errorf("%d audits of 100 forgeries", kept)
	}
	if got := r.call(200, "GET", "/metrics", ""); !strings.Contains(string(got.body), `carillon_webhooks_total{result="bad_signature"} 100`) {
		t.Errorf("not all forgeries are counted:\n%s", got.body)
	}
}

// stuck takes reports but cannot make them durable.
type stuck struct {
	dashboard.Operator
	err error
}

func (s stuck) Report(context.Context, telephony.Event) (dialer.Answered, error) {
	return dialer.Answered{}, s.err
}

func TestAWebhookThatIsNotDurableIsAskedForAgain(t *testing.T) {
	for _, err := range []error{dialer.ErrBusy, dialer.ErrStopped, context.DeadlineExceeded, errors.New("disk")} {
		r := newRig(t, func(r *rig) { r.interposed = func(op dashboard.Operator) dashboard.Operator { return stuck{op, err} } })
		if p := r.webhook(twilio.KindVoice, cadence.NewID(5, [14]byte{1})); p.status != 503 {
			t.Errorf("%v: %d", err, p.status)
		}
		r.stop()
	}
}
