package dashboard_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// inbound posts a request about a call to one of our numbers, signed as the
// carrier does.
func (r *rig) inbound(call, from, status string) *reply {
	r.t.Helper()
	to, err := r.hooks.InboundURL(twilio.DefaultConnection)
	r.must(err)
	to, _, _ = strings.Cut(to, "#")
	target := "http://" + r.hook + strings.TrimPrefix(to, r.hooks.PublicURL())
	form := url.Values{"AccountSid": {account}, "CallSid": {call}, "From": {from}, "To": {"+13035550100"}, "CallStatus": {status}, "Direction": {"inbound"}}
	return r.post(target, form, sign(target, form))
}

// returnCalls has strangers call, one of whom says no by key and is kept with
// what was done; a page ends where it says.
func (r *rig) returnCalls() {
	t := r.t
	const first, second = "CA00000000000000000000000000000011", "CA00000000000000000000000000000012"
	p := r.inbound(first, "+12125550177", "ringing")
	if p.status != 200 || !strings.Contains(string(p.body), "<Gather") || !strings.HasPrefix(p.header.Get("Content-Type"), "text/xml") {
		t.Fatalf("a stranger's call: %d %s", p.status, p.body)
	}
	if again := r.inbound(first, "+12125550177", "ringing"); string(again.body) != string(p.body) {
		t.Errorf("the repeat is told something else: %s", again.body)
	}
	_, rest, _ := strings.Cut(string(p.body), "/twilio/gather/")
	id, err := cadence.ParseBareID(rest[:26])
	r.must(err)
	target := "http://" + r.hook + r.hooks.Path(twilio.KindGather, id)
	form := url.Values{"AccountSid": {account}, "CallSid": {first}, "Digits": {"9"}, "CallStatus": {"in-progress"}}
	if p := r.post(target, form, sign(target, form)); p.status != 200 || !strings.Contains(string(p.body), "taken off") {
		t.Errorf("the key: %d %s", p.status, p.body)
	}
	if got := r.call(200, "GET", "/v1/dnc?number=%2B12125550177", ""); got.text(t, "items", 0, "source") != "return_call" || got.text(t, "items", 0, "by") != "digits" {
		t.Errorf("the no: %s", got.body)
	}
	for _, call := range []struct{ sid, from string }{{first, "+12125550177"}, {second, "anonymous"}} {
		if p := r.inbound(call.sid, call.from, "in-progress"); p.status != 200 {
			t.Errorf("%s: %d", call.from, p.status)
		}
		if p := r.inbound(call.sid, call.from, "completed"); p.status != 200 || len(p.body) != 0 {
			t.Errorf("%s ends: %d %s", call.from, p.status, p.body)
		}
	}
	one := r.call(200, "GET", "/v1/return-calls?limit=1", "")
	two := r.call(200, "GET", "/v1/return-calls?limit=1&cursor="+one.text(t, "next"), "")
	seen := map[string]string{}
	for _, page := range []*reply{one, two} {
		seen[page.text(t, "items", 0, "caller")] = page.text(t, "items", 0, "outcome")
		if strings.Contains(string(page.body), "+12125550177") {
			t.Errorf("the number is shown whole: %s", page.body)
		}
	}
	if seen["unknown"] != "opted_out" || seen["withheld"] != "message" || two.get(t, "next") != nil {
		t.Errorf("%v, %s", seen, two.body)
	}
	own := r.call(200, "GET", "/v1/dossier?number=%2B12125550177", "")
	if calls := own.get(t, "dossier", "return_calls").([]any); len(calls) != 1 || own.text(t, "dossier", "return_calls", 0, "call_id") != first {
		t.Errorf("the dossier of somebody who called and is no lead: %s", own.body)
	}
	r.call(400, "GET", "/v1/return-calls?cursor=no", "")
	r.call(400, "GET", "/v1/return-calls?lead=no", "")
	if none := r.call(200, "GET", "/v1/return-calls?lead=ld_"+strings.Repeat("a", 26), ""); len(none.get(t, "items").([]any)) != 0 {
		t.Errorf("calls of nobody: %s", none.body)
	}
}

// Requests that do not prove to come from the carrier change nothing, and are
// audited.
func TestUntrustedCallsToUs(t *testing.T) {
	r := newRig(t)
	to, err := r.hooks.InboundURL(twilio.DefaultConnection)
	r.must(err)
	to, _, _ = strings.Cut(to, "#")
	target := "http://" + r.hook + strings.TrimPrefix(to, r.hooks.PublicURL())
	form := url.Values{"AccountSid": {account}, "CallSid": {"CA00000000000000000000000000000011"}, "From": {"+12125550177"}, "To": {"+13035550100"}, "CallStatus": {"ringing"}}
	other := strings.Replace(target, "/default/", "/another/", 1)
	without := url.Values{"AccountSid": {account}, "CallSid": form["CallSid"], "From": form["From"]}
	for name, c := range map[string]struct {
		target, signature string
		form              url.Values
		status            int
		audit             string
	}{
		"another signature":  {target, "forged", form, 403, "webhook.bad_signature"},
		"another connection": {other, sign(other, form), form, 403, "webhook.bad_mac"},
		"no number of ours":  {target, sign(target, without), without, 400, "webhook.malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			before := r.audits()[c.audit]
			if p := r.post(c.target, c.form, c.signature); p.status != c.status || r.audits()[c.audit] != before+1 {
				t.Errorf("%d, %d audits more; want %d and 1", p.status, r.audits()[c.audit]-before, c.status)
			}
		})
	}
	if got := r.call(200, "GET", "/v1/return-calls", ""); len(got.get(t, "items").([]any)) != 0 {
		t.Errorf("kept: %s", got.body)
	}
}
