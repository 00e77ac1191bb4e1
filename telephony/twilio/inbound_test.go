package twilio_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

const inboundAccount = "AC00000000000000000000000000000001"

// A call to one of our numbers is read when path, signature and account are
// right, with no number where the caller shows none; every other path is left
// to Authenticate.
func TestInbound(t *testing.T) {
	hooks, err := twilio.NewHooks("https://dialer.example.com/x", []byte("sixteen bytes and more"))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := twilio.NewVerifier("a-token", "")
	if err != nil {
		t.Fatal(err)
	}
	webhooks, err := twilio.NewWebhooks(hooks, verifier, inboundAccount)
	if err != nil {
		t.Fatal(err)
	}
	to, err := hooks.InboundURL(twilio.DefaultConnection)
	if err != nil {
		t.Fatal(err)
	}
	to, _, _ = strings.Cut(to, "#")
	path := strings.TrimPrefix(to, "https://dialer.example.com")
	ask := func(path, method, from, number string) (telephony.Inbound, bool, error) {
		form := url.Values{"AccountSid": {inboundAccount}, "CallSid": {"CA" + strings.Repeat("1", 32)}, "From": {from}, "To": {number}, "CallStatus": {"ringing"}}
		return webhooks.Inbound(twilio.Request{
			Method: method, Path: path, Body: []byte(form.Encode()),
			Header: func(string) string { return sign("a-token", to, form) },
		})
	}
	for from, want := range map[string]cadence.Number{
		"+13035550177": "+13035550177", "anonymous": "", "": "", "+266696687": "", "+7378742833": "", "sip:kim@example.com": "", "client:kim": "",
	} {
		in, mine, err := ask(path, http.MethodPost, from, "+13035550101")
		if err != nil || !mine || in.From != want || in.To != "+13035550101" || in.Connection != "default" || in.Status != telephony.StatusRinging {
			t.Errorf("from %q: %+v %v %v", from, in, mine, err)
		}
	}
	for name, c := range map[string]struct {
		path, method, to string
		want             error
	}{
		"another connection": {strings.Replace(path, "default", "other", 1), http.MethodPost, "+13035550101", twilio.ErrMAC},
		"a GET":              {path, http.MethodGet, "+13035550101", twilio.ErrMethod},
		"no number of ours":  {path, http.MethodPost, "sip:us@example.com", twilio.ErrMalformed},
		"no connection":      {"/x/twilio/inbound//" + strings.Repeat("a", 26), http.MethodPost, "+13035550101", twilio.ErrPath},
	} {
		if _, mine, err := ask(c.path, c.method, "+13035550177", c.to); !mine || !errors.Is(err, c.want) {
			t.Errorf("%s: %v %v, want %v", name, mine, err, c.want)
		}
	}
	if _, mine, err := ask(hooks.Path(twilio.KindVoice, cadence.NewID(1, [14]byte{1})), http.MethodPost, "", ""); mine || err != nil {
		t.Errorf("a call of ours: %v %v", mine, err)
	}
	if _, _, err := hooks.Verify(path[2:]); !errors.Is(err, twilio.ErrPath) {
		t.Errorf("read as a webhook about an attempt: %v", err)
	}
}
