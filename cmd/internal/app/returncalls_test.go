package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// ring makes somebody call one of our numbers, by the simulated carrier's own
// route.
func (r *rig) ring(in simcarrier.InboundCall) string {
	r.t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		r.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.carrier.URL+"/_sim/inbound", bytes.NewReader(raw))
	if err != nil {
		r.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	var made struct{ Call, Error string }
	if err := json.NewDecoder(res.Body).Decode(&made); err != nil || res.StatusCode != http.StatusOK || made.Call == "" {
		r.t.Fatalf("%d %+v %v", res.StatusCode, made, err)
	}
	return made.Call
}

// returned is what the test reads of a call to us.
type returned struct {
	CallID      string  `json:"call_id"`
	Lead        *string `json:"lead"`
	Caller      string  `json:"caller"`
	Outcome     string  `json:"outcome"`
	Target      string  `json:"target"`
	Contact     bool    `json:"contact"`
	Disposition string  `json:"disposition"`
	EndedAt     *string `json:"ended_at"`
}

// back waits until a call to us is over and recorded.
func (r *rig) back(call string) (one returned) {
	r.t.Helper()
	r.until("the record of call "+call, func() bool {
		all, err := apiclient.All[returned](r.t.Context(), r.api, "/v1/return-calls", url.Values{}, 100)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, one = range all {
			if one.CallID == call && one.EndedAt != nil {
				return true
			}
		}
		return false
	})
	return one
}

const calledBack = `{
  "format": "carillon.cadence/v1", "name": "Called back", "audience": {"type": "manual"}, "runs": {"max": 1}, "consent": "express_written",
  "connect": [{"to": "number", "number": "+13035550100"}],
  "steps": [{"key": "one", "kind": "call", "caller_id": {"pool": "west"}, "delay_after": "1d"}, {"key": "two", "kind": "call", "caller_id": {"pool": "west"}}]
}`

// TestReturnCalls: people who were not reached call back, over HTTP. One is put
// through and is a contact; one says no by key and is never called again; a
// stranger and a withheld number are told what is theirs. Nothing of it counts
// as an attempt.
func TestReturnCalls(t *testing.T) {
	r := newRig(t, simcarrier.Model{Default: simcarrier.Plan{Kind: simcarrier.NoReply}, Numbers: map[string][]simcarrier.Plan{
		"+13035550100": plans(simcarrier.Human),
	}}, pools()...)
	one := r.cadence(calledBack)
	r.leads(one.ID, []byte("name,phone,consent_kind,consent_at,consent_seller\n"+agreedRows("L1,+13035550161", "L2,+13035550162", "L3,+13035550163")))
	r.until("three calls that rang out", func() bool { return len(r.attempts()) == 3 })
	ours := r.calls()[0].From
	talked := r.back(r.ring(simcarrier.InboundCall{From: "+13035550161", To: ours, Digits: ""}))
	said := r.back(r.ring(simcarrier.InboundCall{From: "+13035550162", To: ours, Digits: "9"}))
	stranger := r.back(r.ring(simcarrier.InboundCall{From: "+13035550177", To: ours, Digits: "9"}))
	hidden := r.back(r.ring(simcarrier.InboundCall{From: "anonymous", To: ours}))
	for name, c := range map[string]struct {
		have returned
		want string
	}{
		"put through": {talked, "lead connected number true RETURN_CALL"},
		"a no":        {said, "lead opted_out number true DNC"},
		"a stranger":  {stranger, "unknown opted_out message false DNC"},
		"hidden":      {hidden, "withheld message message false "},
	} {
		if got := fmt.Sprint(c.have.Caller, " ", c.have.Outcome, " ", c.have.Target, " ", c.have.Contact, " ", c.have.Disposition); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	r.finish()
	byNumber := map[string]int{}
	for _, k := range r.calls() {
		byNumber[k.To]++
	}
	if byNumber["+13035550161"] != 1 || byNumber["+13035550162"] != 1 || byNumber["+13035550163"] != 2 || byNumber["+13035550177"] != 0 {
		t.Errorf("calls: %v", byNumber)
	}
	o, err := r.api.Overview(t.Context())
	if err != nil || o.Attempts != 4 || o.Contacts != 0 {
		t.Errorf("figures: %+v %v", o, err)
	}
	r.settled()
}

// TestReturnCallOverARestart: a process that dies while somebody is on the line
// takes the call up where it was: the key that was offered before is a no.
func TestReturnCallOverARestart(t *testing.T) {
	r := newRig(t, simcarrier.Model{Default: simcarrier.Plan{Kind: simcarrier.NoReply}}, pools()...)
	one := r.cadence(calledBack)
	r.leads(one.ID, []byte("name,phone,consent_kind,consent_at,consent_seller\n"+agreedRows("L1,+13035550161")))
	r.until("a call that rang out", func() bool { return len(r.attempts()) == 1 })
	r.config.Listen, r.config.Hooks.Listen = strings.TrimPrefix(r.app.URL(), "http://"), strings.TrimPrefix(r.app.HooksURL(), "http://")
	call := r.ring(simcarrier.InboundCall{From: "+13035550161", To: r.calls()[0].From, Digits: "9"})
	r.until("the offer of a key", func() bool {
		all, err := apiclient.All[returned](t.Context(), r.api, "/v1/return-calls", url.Values{}, 10)
		return err == nil && len(all) == 1
	})
	r.stop()
	r.start()
	if got := r.back(call); got.Outcome != "opted_out" || got.Disposition != "DNC" {
		t.Errorf("%+v", got)
	}
	r.finish()
	if n := len(r.calls()); n != 1 {
		t.Errorf("%d calls, want the one before the no", n)
	}
}
