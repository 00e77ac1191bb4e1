//go:build unix

package main

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the carrier signs with it
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

const (
	callerHooksKey = "sixteen bytes and a few more"
	callerNumber   = "+12125550177"
	callerSID      = "CA00000000000000000000000000000077"
)

// callPoints are where the server dies while somebody calls one of our numbers:
// before the call is kept, kept and not answered, answered (Nowhere: by kill -9
// from outside), and then around the no by key.
var callPoints = []crash.Name{
	crash.WebhookBeforeCommit, crash.WebhookAfterCommit, crash.Nowhere, crash.DNCBeforeCommit, crash.DNCLogBeforeWrite, crash.DNCLogAfterWrite, crash.DNCAfterCommit,
}

// caller is somebody who calls us, with the carrier that puts them through.
type caller struct {
	site        *site
	hooks       *twilio.Hooks
	config      string
	main, other string // addresses of the two listeners
	server      *process
}

// endPoints are where it dies while it is told that such a call is over: before
// that is kept, and kept and not answered.
var endPoints = []crash.Name{crash.WebhookBeforeCommit, crash.WebhookAfterCommit}

func newCaller(t *testing.T, s *site) *caller {
	t.Helper()
	c := &caller{site: s, main: freePort(t), other: freePort(t), config: filepath.Join(t.TempDir(), "carillon.yaml")}
	text := fmt.Sprintf(damageConfig, c.main, c.other, copyTree(t, s.dir, filepath.Join(t.TempDir(), "data")), killAccount, killToken, "http://"+freePort(t))
	write(t, c.config, strings.Replace(text, "hooks:\n", "hooks:\n  key: "+callerHooksKey+"\n", 1))
	var err error
	c.hooks, err = twilio.NewHooks("http://"+c.other, []byte(callerHooksKey))
	must(t, err)
	return c
}

// killedEnd has the server die at a point of the end of a call to us, which the
// carrier reports again to the next process. It has ended once, when it did.
func killedEnd(t *testing.T, s *site, p crash.Name) {
	c := newCaller(t, s)
	c.serve(t, crash.Nowhere)
	greeting, ok := c.rings(t)
	if !ok {
		t.Fatal("the call is not answered")
	}
	if _, ok := c.presses(t, greeting); !ok {
		t.Fatal("the key is not answered")
	}
	c.server.kill()
	<-c.server.ended
	c.serve(t, p)
	if c.hangsUp(t, "23") {
		t.Fatal("the end was answered before the server died")
	}
	<-c.server.ended
	c.serve(t, crash.Nowhere)
	if kept := c.ended(t); kept != (p == crash.WebhookAfterCommit) {
		t.Errorf("killed at %s the end is kept: %v", p, kept)
	}
	if !c.hangsUp(t, "23") || !c.ended(t) {
		t.Error("the end that is told again is not taken")
	}
	c.judge(t)
	c.server.kill()
	<-c.server.ended
	c.serve(t, crash.Nowhere)
	if !c.ended(t) {
		t.Error("the end is forgotten")
	}
	c.judge(t)
	c.server.end(t)
}

// killedCall has the server die at a point of a call to us. The next request of
// that call is answered by the next process as the first one would have.
func killedCall(t *testing.T, s *site, p crash.Name) {
	c := newCaller(t, s)
	inKey := p == crash.DNCBeforeCommit || p == crash.DNCAfterCommit || p == crash.DNCLogBeforeWrite || p == crash.DNCLogAfterWrite
	c.serve(t, p)
	greeting, ok := c.rings(t)
	if ok != (inKey || p == crash.Nowhere) {
		t.Fatalf("the first request was answered: %v", ok)
	}
	if p == crash.Nowhere {
		c.server.kill()
	}
	if inKey {
		if _, ok := c.presses(t, greeting); ok {
			t.Fatal("the key was answered before the server died")
		}
	}
	<-c.server.ended
	c.serve(t, crash.Nowhere)
	again, ok := c.rings(t)
	if !ok || !strings.Contains(again, "<Gather") && !inKey || greeting != "" && !inKey && again != greeting {
		t.Fatalf("the same request again: %s\nbefore: %s", again, greeting)
	}
	if greeting == "" {
		greeting = again
	}
	if said, ok := c.presses(t, greeting); !ok || !strings.Contains(said, "taken off our calling list") {
		t.Errorf("the key: %s", said)
	}
	c.judge(t)
	c.server.kill()
	c.serve(t, crash.Nowhere)
	c.judge(t)
	c.server.end(t)
}

// serve starts the server, which dies at the first pass of a point.
func (c *caller) serve(t *testing.T, p crash.Name) {
	t.Helper()
	var env []string
	if p != crash.Nowhere {
		env = []string{crash.Variable + "=" + p.String() + ":1"}
	}
	c.server = start(t, c.site.binary, env, "serve", "--config", c.config)
	if c.server.listens(t, "") == "" {
		t.Fatalf("the server does not come up:\n%s", c.server.printed())
	}
}

// rings is the carrier's first request about the call; false when the server
// died over it.
func (c *caller) rings(t *testing.T) (string, bool) {
	t.Helper()
	return c.inbound(t, url.Values{"CallStatus": {"ringing"}})
}

// hangsUp is the carrier's last one; false when the server died over it.
func (c *caller) hangsUp(t *testing.T, seconds string) bool {
	t.Helper()
	_, ok := c.inbound(t, url.Values{"CallStatus": {"completed"}, "CallDuration": {seconds}})
	return ok
}

func (c *caller) inbound(t *testing.T, form url.Values) (string, bool) {
	t.Helper()
	to, err := c.hooks.InboundURL(twilio.DefaultConnection)
	must(t, err)
	to, _, _ = strings.Cut(to, "#")
	form.Set("From", callerNumber)
	form.Set("To", "+13035550190")
	form.Set("Direction", "inbound")
	return c.post(t, to, form)
}

// ended reports whether the one call there was is over, after as long as was told.
func (c *caller) ended(t *testing.T) bool {
	t.Helper()
	var calls struct {
		Items []struct {
			EndedAt *string `json:"ended_at"`
			Seconds int     `json:"seconds"`
		} `json:"items"`
	}
	call(t, "GET", "http://"+c.main+"/v1/return-calls", "", nil, &calls)
	if len(calls.Items) != 1 {
		t.Fatalf("calls to us: %+v", calls.Items)
	}
	if one := calls.Items[0]; one.EndedAt != nil && one.Seconds != 23 {
		t.Errorf("it ended after %d s", one.Seconds)
	}
	return calls.Items[0].EndedAt != nil
}

// presses is the key that the greeting offers.
func (c *caller) presses(t *testing.T, greeting string) (string, bool) {
	t.Helper()
	_, rest, found := strings.Cut(greeting, "/twilio/gather/")
	if !found || len(rest) < 26 {
		t.Fatalf("no key is offered: %s", greeting)
	}
	id, err := cadence.ParseBareID(rest[:26])
	must(t, err)
	return c.post(t, c.hooks.URL(twilio.KindGather, id), url.Values{"Digits": {"9"}, "CallStatus": {"in-progress"}})
}

func (c *caller) post(t *testing.T, to string, form url.Values) (string, bool) {
	t.Helper()
	form.Set("AccountSid", killAccount)
	form.Set("CallSid", callerSID)
	to, _, _ = strings.Cut(to, "#")
	signed := hmac.New(sha1.New, []byte(killToken))
	_, _ = io.WriteString(signed, to) // a hash takes everything
	for _, k := range slices.Sorted(maps.Keys(form)) {
		_, _ = io.WriteString(signed, k+form.Get(k))
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader(form.Encode()))
	must(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(signed.Sum(nil)))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", false
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return "", false
	}
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", to, res.StatusCode, raw)
	}
	return string(raw), true
}

// judge looks for one call and one no. A no that only the do-not-call log knew
// when the server died is the log's.
func (c *caller) judge(t *testing.T) {
	t.Helper()
	var calls struct {
		Items []struct {
			Outcome     string `json:"outcome"`
			Disposition string `json:"disposition"`
		} `json:"items"`
	}
	call(t, "GET", "http://"+c.main+"/v1/return-calls", "", nil, &calls)
	if len(calls.Items) != 1 || calls.Items[0].Outcome != "opted_out" || calls.Items[0].Disposition != "DNC" {
		t.Errorf("calls to us: %+v", calls.Items)
	}
	var marks struct {
		Items []struct {
			Source string `json:"source"`
			By     string `json:"by"`
		} `json:"items"`
	}
	call(t, "GET", "http://"+c.main+"/v1/dnc?number="+url.QueryEscape(callerNumber), "", nil, &marks)
	if len(marks.Items) != 1 || marks.Items[0].Source != "return_call" || marks.Items[0].By != "digits" && marks.Items[0].By != "do-not-call log" {
		t.Errorf("marks: %+v", marks.Items)
	}
}
