package simcarrier_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

func (r *rig) setFaults(f simcarrier.Faults) {
	r.Helper()
	if err := r.carrier.SetFaults(f); err != nil {
		r.Fatal(err)
	}
}

func TestDroppedResponseLeavesACall(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"human","patience_ms":0}`)
	r.setFaults(simcarrier.Faults{DropResponse: 1})
	_, err := r.api.CreateCall(r.params(to))
	if _, rest := errors.AsType[*client.TwilioRestError](err); err == nil || rest {
		t.Fatalf("the client must get no answer, has %v", err)
	}
	r.run(time.Minute)
	r.want("callbacks", r.statuses(), "initiated ringing in-progress completed")
	r.setFaults(simcarrier.Faults{})
	all, err := r.api.ListCall((&api.ListCallParams{}).SetTo(to))
	if err != nil || len(all) != 1 {
		t.Errorf("%d calls in the list: %v", len(all), err)
	}
	if n := r.recount(); n.Calls != 1 {
		t.Errorf("%d calls in the log", n.Calls)
	}
}

func TestThrottled(t *testing.T) {
	r := newRig(t, nil)
	r.setFaults(simcarrier.Faults{HTTP429: 1})
	_, err := r.api.CreateCall(r.params(to))
	bad, ok := errors.AsType[*client.TwilioRestError](err)
	if !ok || bad.Code != 20429 || bad.Status != 429 {
		t.Fatalf("have %v", err)
	}
	r.run(time.Minute)
	n := r.recount()
	if n.Calls != 0 || n.Rejected != 1 || r.entries()[0].Token != attempt {
		t.Errorf("recount: %+v", n)
	}
}

func TestServerErrorsAreAmbiguous(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"busy"}`)
	r.setFaults(simcarrier.Faults{HTTP5xx: 1})
	html := 0
	for i := range 40 {
		_, err := r.api.CreateCall(r.params(fmt.Sprintf("+1212555%04d", 100+i)))
		if err == nil {
			t.Fatal("a 5xx is no success")
		}
		if _, ok := errors.AsType[*client.TwilioRestError](err); !ok {
			html++
		}
	}
	if n := r.recount(); n.Calls == 0 || n.Calls == 40 {
		t.Errorf("%d of 40 calls placed, want some but not all", n.Calls)
	}
	if html == 0 || html == 40 {
		t.Errorf("%d of 40 answers were not Twilio's, want some but not all", html)
	}
}

func TestDuplicateCallbacks(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"human","patience_ms":0}`)
	r.setFaults(simcarrier.Faults{Duplicate: 1})
	r.place(r.params(to))
	r.run(2 * time.Minute)
	if n := len(r.hooksTo("status")); n != 8 {
		t.Errorf("%d callbacks, want each of 4 twice", n)
	}
	if n := len(r.hooksTo("voice")); n != 2 {
		t.Errorf("%d script requests, want 2", n)
	}
	tokens := map[string]int{}
	for _, h := range r.hooksTo("status") {
		tokens[h.Token]++
	}
	if len(tokens) != 4 {
		t.Errorf("%d idempotency tokens, want 4", len(tokens))
	}
	if n := r.recount(); n.Contacts != 1 || n.Calls != 1 {
		t.Errorf("recount: %+v", n)
	}
}

func TestReorderedCallbacks(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"human","patience_ms":0}`)
	r.setFaults(simcarrier.Faults{Reorder: 1})
	r.place(r.params(to))
	r.run(2 * time.Minute)
	got := r.statuses()
	if len(strings.Fields(got)) != 4 || got == "initiated ringing in-progress completed" {
		t.Errorf("callbacks: %s", got)
	}
}

func TestDelayedCallbacksKeepTheirTimestamp(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"busy","setup_ms":0}`)
	r.setFaults(simcarrier.Faults{Delay: simcarrier.Lag{P: 1, MS: [2]int{5000, 5000}}})
	r.place(r.params(to))
	r.run(5*time.Second - time.Millisecond)
	r.want("before", r.statuses(), "")
	r.run(time.Millisecond)
	r.want("after", r.statuses(), "initiated busy")
	r.want("Timestamp", r.hooksTo("status")[1].Form.Get("Timestamp"), start.Format(time.RFC1123Z))
}

func TestDroppedCallbacks(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"human","patience_ms":0}`)
	r.setFaults(simcarrier.Faults{DropWebhook: 1})
	call := r.place(r.params(to))
	r.run(2 * time.Minute)
	r.want("callbacks", r.statuses(), "")
	if n := len(r.hooksTo("voice")); n != 1 {
		t.Errorf("script requests are never dropped: %d", n)
	}
	r.want("status", *r.fetch(*call.Sid).Status, "completed")
	if s := r.carrier.Stats(); s.Dropped != 4 {
		t.Errorf("stats count %d dropped", s.Dropped)
	}
}

func TestForgedCallbacks(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"no_answer"}`)
	r.setFaults(simcarrier.Faults{Forge: 1})
	call := r.place(r.params(to))
	r.run(2 * time.Minute)
	good, bad := 0, 0
	for _, h := range r.hooksTo("status") {
		if h.Valid {
			good++
			continue
		}
		bad++
		r.want("claim", h.Form.Get("CallStatus"), "completed")
	}
	if good != 3 || bad != 3 {
		t.Errorf("%d genuine and %d forged callbacks, want 3 and 3", good, bad)
	}
	if n := r.recount(); n.Forged != 3 {
		t.Errorf("recount: %+v", n)
	}
	events, err := r.api.ListCallEvent(*call.Sid, nil)
	if err != nil || len(events) != 3 {
		t.Errorf("the carrier's events show %d requests, want its own 3: %v", len(events), err)
	}
}

func TestListLag(t *testing.T) {
	r := newRig(t, nil)
	r.setFaults(simcarrier.Faults{ListLag: simcarrier.Lag{P: 1, MS: [2]int{2000, 2000}}})
	r.place(r.params(to))
	for _, want := range []int{0, 1} {
		all, err := r.api.ListCall((&api.ListCallParams{}).SetTo(to))
		if err != nil || len(all) != want {
			t.Errorf("%d calls listed, want %d: %v", len(all), want, err)
		}
		r.run(2 * time.Second)
	}
}

func TestControlRoutes(t *testing.T) {
	r := newRig(t, nil)
	do := func(method, path, body string) (int, string) {
		t.Helper()
		q, err := http.NewRequestWithContext(t.Context(), method, r.carrier.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res, err := r.http.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		raw, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(raw)
	}
	faults := `{"drop_response":0.01,"delay":{"p":0.1,"ms":[50,5000]},"duplicate":0.05,"reorder":0.1,"drop_webhook":0.02,"forge":0.01,"http_429":0.02,"http_5xx":0.01}`
	if status, got := do("PUT", "/_sim/faults", faults); status != 200 || got != faults {
		t.Errorf("PUT faults: %d %s", status, got)
	}
	if _, got := do("GET", "/_sim/faults", ""); got != faults {
		t.Errorf("GET faults: %s", got)
	}
	model := `{"default":"no_answer","numbers":{"+13035550100":["busy",{"kind":"human","digits":"1"}]},"ring_ms":0}`
	if status, got := do("PUT", "/_sim/model", model); status != 200 || got != model {
		t.Errorf("PUT model: %d %s", status, got)
	}
	for path, bad := range map[string][]string{
		"/_sim/faults": {"", "{", `{"drop":1}`, `{"forge":1.5}`, `{"delay":{"p":1,"ms":[5,1]}}`, `{} {}`},
		"/_sim/model": {
			`{"default":"dead"}`, `{"ring_ms":-1}`, `{"mix":{"human":-1}}`, `{"mix":{"human":0}}`, `{"numbers":{"+1":[]}}`,
			`{"press":{"1":0.9,"2":0.9}}`, `{"default":{"kind":"human","digits":"x"}}`, `{"default":{"verdict":"cat"}}`, `{"colour":1}`,
		},
	} {
		for _, body := range bad {
			if status, got := do("PUT", path, body); status != 400 || !strings.Contains(got, "error") {
				t.Errorf("PUT %s %s: %d %s", path, body, status, got)
			}
		}
	}
	if _, got := do("GET", "/_sim/faults", ""); got != faults {
		t.Errorf("a refused PUT changed the faults: %s", got)
	}
	if status, got := do("GET", "/_sim/stats", ""); status != 200 || !strings.Contains(got, `"live":0`) {
		t.Errorf("GET stats: %d %s", status, got)
	}
}
