package dashboard_test

import (
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dashboard/access"
)

// machine looks at what dials, before and under a stop that says who and why.
func (r *rig) machine() {
	t := r.t
	m := r.call(200, "GET", "/v1/ops", "")
	if m.get(t, "requests", 0, "result") != "ok" || m.get(t, "lateness", "count") != m.get(t, "requests", 0, "count") || m.get(t, "open", "stuck") != 0.0 ||
		m.get(t, "pace", "cps") != m.get(t, "pace", "rate") || m.get(t, "dialing", "since") != nil || m.get(t, "ledger") != nil || m.get(t, "queue", "placing") != 0.0 {
		t.Errorf("the machine: %s", m.body)
	}
	r.call(400, "POST", "/v1/stop", `{"reason":"`+strings.Repeat("x", 201)+`"}`)
	r.call(400, "POST", "/v1/stop", `{"why":"x"}`)
	r.call(400, "POST", "/v1/resume", `{"reason":"x"}`)
	r.call(200, "POST", "/v1/stop", `{"reason":"a wrong script","by":"agent 7"}`)
	r.call(200, "POST", "/v1/stop", `{"reason":"another"}`)
	const open = "an operator stopped all dialing; who and why is told to whoever signs in"
	for path, said := range map[string]string{"/v1/ops": "stopped by agent 7: a wrong script", "/v1/overview": "stopped by agent 7: a wrong script", "/readyz": open} {
		if p := r.call(200, "GET", path, ""); p.text(t, "dialing", "message") != said || p.text(t, "dialing", "since") == "" || p.get(t, "dialing", "stopped") != true {
			t.Errorf("%s under a stop: %s", path, p.body)
		}
	}
	r.call(200, "POST", "/v1/resume", "")
	if p := r.call(200, "GET", "/v1/ops", ""); p.get(t, "dialing", "on") != true || p.get(t, "dialing", "since") != nil {
		t.Errorf("after the stop: %s", p.body)
	}
}

// A stop names who is signed in, whatever the body says, and is kept.
func TestAStopNamesWhoThrewIt(t *testing.T) {
	h := newHouse(t)
	_, ops := h.invited("Ops 1", access.Ops)
	h.want(200, ops, "POST", "/v1/stop", `{"reason":"smoke","by":"somebody else"}`)
	if p := h.want(200, h.owner, "GET", "/v1/overview", ""); p.text(t, "dialing", "message") != "stopped by Ops 1: smoke" {
		t.Errorf("%s", p.body)
	}
	if p := h.want(200, h.owner, "GET", "/v1/audit?what=dialing.stopped", ""); p.text(t, "items", 0, "name") != "Ops 1" || p.text(t, "items", 0, "detail") != "stopped by Ops 1: smoke" {
		t.Errorf("%s", p.body)
	}
	h.want(403, ops, "POST", "/v1/resume", "")
	h.want(200, h.owner, "POST", "/v1/resume", "")
}
