package dashboard_test

import (
	"context"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dashboard"
	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dashboard/api"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// withAccount gives a rig settings, and a carrier account to ask about.
func withAccount(r *rig) {
	r.options = func(o *dashboard.Options) {
		o.Settings = []api.Setting{{Key: "pacing.cps", Value: "1", Default: true, Env: "CARILLON_PACING_CPS", About: "New calls per second."}}
		o.Account = func(context.Context) twilio.Report {
			return twilio.Report{{Name: "account", OK: true, Detail: "active"}, {Name: "caller ID", Detail: "not owned", Remedy: "buy it"}}
		}
	}
}

// compliance looks at the rules in force and asks what they say of calls.
func (r *rig) compliance(id string) {
	t := r.t
	p := r.call(200, "GET", "/v1/compliance/packs", "")
	rules := map[string]map[string]any{}
	for _, f := range p.get(t, "files").([]any) {
		for _, one := range f.(map[string]any)["rules"].([]any) {
			rule := one.(map[string]any)
			rules[rule["id"].(string)] = rule
			if rule["source"] == "" || rule["title"] == "" {
				t.Errorf("%v has no source or title", rule["id"])
			}
		}
	}
	if h := rules["us.tsr.hours"]; h == nil || h["judged"] != true || h["in_force"] != true || h["remedy"] != "wait for the window" || h["countries"].([]any)[0] != "US" {
		t.Errorf("the hours of the Telemarketing Sales Rule: %v", h)
	}
	if len(rules) < 50 || p.text(t, "digest") == "" || p.text(t, "since") == "" || len(p.get(t, "built_in").([]any)) < 10 {
		t.Errorf("%d rules, set %v since %v", len(rules), p.get(t, "digest"), p.get(t, "since"))
	}
	r.supposes(id)
	if s := r.call(200, "GET", "/v1/settings", ""); s.text(t, "settings", 0, "key") != "pacing.cps" || s.get(t, "account_check") != true {
		t.Errorf("the settings: %s", s.body)
	}
	if a := r.call(200, "POST", "/v1/account/check", ""); a.get(t, "ok") != false || a.text(t, "findings", 1, "remedy") != "buy it" {
		t.Errorf("the account: %s", a.body)
	}
	r.call(400, "POST", "/v1/account/check", `{"fix":true}`)
}

func (r *rig) supposes(id string) {
	t := r.t
	const to = `{"number":"+13035550133"`
	for ask, want := range map[string]string{
		to + `,"local":"2026-03-04T10:00"}`:                                                                       "allow",
		to + `,"local":"2026-03-04T21:30"}`:                                                                       "defer us.tsr.hours 2026-03-05T08:00:00",
		to + `,"local":"2026-03-04T20:59"}`:                                                                       "defer us.tsr.hours 2026-03-05T08:00:00", // the last minute
		to + `,"local":"2026-03-04T07:59","zone":"America/New_York"}`:                                             "defer us.tsr.hours 2026-03-04T08:00:00",
		to + `,"local":"2026-03-04T10:00","voice":"prerecorded"}`:                                                 "block us.fcc.ai-voice.sales",
		to + `,"local":"2026-03-04T10:00","voice":"prerecorded","purpose":"survey"}`:                              "block us.fcc.ai-voice",
		to + `,"local":"2026-03-04T10:00","voice":"artificial","consents":["express_written"]}`:                   "allow",
		to + `,"local":"2026-03-04T20:30","state":"FL","zone":"America/New_York"}`:                                "block us.fl.consent",
		to + `,"local":"2026-03-04T20:30","state":"FL","zone":"America/New_York","consents":["express_written"]}`: "defer us.fl.hours",
		`{"number":"+442079460000","local":"2026-03-04T10:00"}`:                                                   "block number.country",
		`{"number":"+18005550100","local":"2026-03-04T10:00"}`:                                                    "block",
		to + `,"cadence":"` + id + `","local":"2026-03-04T10:00"}`:                                                "allow",
	} {
		p := r.call(200, "POST", "/v1/compliance/verdict", ask)
		got := p.text(t, "answer") + " " + p.text(t, "rule")
		if n, _ := p.get(t, "next_eligible").(map[string]any); p.text(t, "answer") == "defer" && n != nil {
			got += " " + n["local"].(string)
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", ask, got, want)
		}
		if len(p.get(t, "trace").([]any)) < 15 {
			t.Errorf("%s: a trace of %s", ask, p.body)
		}
	}
	for _, bad := range []string{
		`{}`, `{"number":"303"}`, to + `,"purpose":"fun"}`, to + `,"voice":"loud"}`, to + `,"local":"noon"}`, to + `,"zone":"Mars"}`, to + `,"lead_zone":"Mars"}`,
		to + `,"consents":["nod"]}`, to + `,"cadence":"` + id + `","voice":"live"}`,
	} {
		r.call(400, "POST", "/v1/compliance/verdict", bad)
	}
	r.call(404, "POST", "/v1/compliance/verdict", to+`,"cadence":"nobody's"}`)

	// What the books know of a number counts: marks, and the calls before that time.
	r.call(200, "POST", "/v1/dnc", `{"number":"+13035550133","reason":"asked"}`)
	if p := r.call(200, "POST", "/v1/compliance/verdict", to+`,"local":"2026-03-04T10:00"}`); p.text(t, "rule") != "dnc.internal" || p.get(t, "number", "dnc") != true || p.get(t, "next_eligible") != nil {
		t.Errorf("a number that said no: %s", p.body)
	}
	for at, counts := range map[string]bool{"2026-03-02T12:00": false, "2026-03-04T09:00": true, "2026-03-06T12:00": false} { // it was called on the third, at 10:00
		p := r.call(200, "POST", "/v1/compliance/verdict", `{"number":"+12125550101","local":"`+at+`"}`)
		if calls := p.get(t, "number", "calls_24h").(float64); calls > 0 != counts || p.get(t, "number", "known") != true {
			t.Errorf("at %s: %s", at, p.body)
		}
	}
}

// The explorer is the permit: of a lead that waits it says what explain says.
func TestTheExplorerAgreesWithExplain(t *testing.T) {
	r := newRig(t)
	id := r.prepared()
	r.imported("", people)
	lead := r.call(200, "GET", "/v1/leads?external_id=x2", "").text(t, "items", 0, "id")
	r.call(200, "POST", "/v1/stop", "")
	r.call(200, "POST", "/v1/enrollments", `{"cadence":"`+id+`","lead_ids":["`+lead+`"]}`)
	why := r.call(200, "GET", "/v1/leads/"+lead+"/explain", "")
	say := r.call(200, "POST", "/v1/compliance/verdict", `{"number":"+12125550102","lead_zone":"America/New_York","cadence":"`+id+`"}`)
	rules := func(trace any) (out []string) {
		for _, c := range trace.([]any) {
			c := c.(map[string]any)
			if rule := c["rule"].(string); rule != "house.kill_switch" { // it is taken to be off
				out = append(out, rule+" "+c["result"].(string)+" "+c["zone"].(string)+" "+c["local"].(string)+" "+c["detail"].(string))
			}
		}
		return out
	}
	explained, supposed := rules(why.get(t, "touches", 0, "trace")), rules(say.get(t, "trace"))
	if strings.Join(explained, "\n") != strings.Join(supposed, "\n") {
		t.Errorf("explain:\n%s\nthe explorer:\n%s", strings.Join(explained, "\n"), strings.Join(supposed, "\n"))
	}
	if say.text(t, "answer") != "allow" || why.text(t, "answer") != "block" {
		t.Errorf("%s %s", say.body, why.body)
	}
}

// What may only look at the machine does not ask the carrier, and one asks at a
// time.
func TestOneAsksTheCarrier(t *testing.T) {
	asked, answered := make(chan struct{}), make(chan struct{})
	h := newHouse(t, func(r *rig) {
		signedIn := r.options
		r.options = func(o *dashboard.Options) {
			signedIn(o)
			o.Account = func(context.Context) twilio.Report {
				close(asked)
				<-answered
				return twilio.Report{{Name: "account", OK: true}}
			}
		}
	})
	looks := h.key("looks", access.OpsRead)
	h.want(403, looks, "POST", "/v1/account/check", "")
	done := make(chan *reply)
	go func() { done <- h.ask(h.owner, "POST", "/v1/account/check", "") }()
	<-asked
	h.want(409, h.owner, "POST", "/v1/account/check", "")
	close(answered)
	if p := <-done; p.status != 200 {
		t.Errorf("%d %s", p.status, p.body)
	}
	plain := newRig(t)
	plain.call(503, "POST", "/v1/account/check", "")
}
