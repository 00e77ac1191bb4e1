package simcarrier_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

const (
	account = "AC00000000000000000000000000000001"
	token   = "c0ffee00c0ffee00c0ffee00c0ffee00"
	from    = "+13035550199"
	to      = "+12125550101"
	attempt = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
)

var start = time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)

// hook is one request that the client's server got.
type hook struct {
	Path   string
	Form   url.Values
	Valid  bool
	Token  string
	Method string
}

// rig is a carrier on a clock that stands still, a client's server that
// answers its webhooks, and Twilio's own client library.
type rig struct {
	*testing.T
	carrier *simcarrier.Server
	clock   *clock.Manual
	log     *simcarrier.MemoryLog
	api     *api.ApiService
	http    *http.Client
	hooks   *httptest.Server

	mu     sync.Mutex
	got    []hook
	answer func(h hook) (status int, body string)
	raw    func(http.ResponseWriter, *http.Request) bool // optional: what is not a webhook
}

func newRig(t *testing.T, change func(o *simcarrier.Options)) *rig {
	t.Helper()
	r := &rig{T: t, clock: clock.NewManual(start), log: &simcarrier.MemoryLog{}}
	r.answer = func(hook) (int, string) { return 200, `<Response><Say>Hello there</Say></Response>` }
	r.hooks = httptest.NewServer(http.HandlerFunc(r.serve))
	o := simcarrier.Options{AccountSID: account, AuthToken: token, Seed: 7, Clock: r.clock, Log: r.log}
	if change != nil {
		change(&o)
	}
	if o.LogPath != "" {
		o.Log = nil
	}
	server, err := simcarrier.NewServer("127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	r.carrier = server
	r.http = &http.Client{Transport: whole{&http.Transport{}}}
	r.api = clientOf(server.URL, r.http)
	t.Cleanup(r.close)
	return r
}

func (r *rig) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := r.carrier.Close(ctx); err != nil {
		r.Errorf("close: %v", err)
	}
	r.http.CloseIdleConnections()
	r.hooks.Close()
}

// clientOf is Twilio's client, pointed at base.
func clientOf(base string, hc *http.Client) *api.ApiService {
	u, _ := url.Parse(base)
	c := &client.Client{Credentials: client.NewCredentials(account, token), HTTPClient: &http.Client{
		Transport: rewrite{u, hc.Transport},
	}}
	c.SetAccountSid(account)
	return api.NewApiServiceWithClient(c)
}

// rewrite sends requests to another host.
type rewrite struct {
	to   *url.URL
	next http.RoundTripper
}

func (w rewrite) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = w.to.Scheme, w.to.Host, w.to.Host
	return w.next.RoundTrip(r)
}

// whole reads error bodies to their end: Twilio's client does not close them.
type whole struct{ *http.Transport }

func (w whole) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := w.Transport.RoundTrip(r)
	if err != nil || res.StatusCode < 400 {
		return res, err
	}
	raw, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(raw))
	return res, err
}

func (r *rig) serve(w http.ResponseWriter, q *http.Request) {
	if r.raw != nil && r.raw(w, q) {
		return
	}
	raw, _ := io.ReadAll(q.Body)
	v := client.NewRequestValidator(token)
	full := r.hooks.URL + q.URL.RequestURI()
	h := hook{Path: q.URL.Path, Method: q.Method, Token: q.Header.Get("I-Twilio-Idempotency-Token")}
	sig := q.Header.Get("X-Twilio-Signature")
	if q.Method == http.MethodGet {
		h.Form = q.URL.Query()
		h.Valid = v.Validate(full, nil, sig)
	} else {
		h.Form, _ = url.ParseQuery(string(raw))
		h.Valid = v.ValidateBody(full, raw, sig)
	}
	r.mu.Lock()
	r.got = append(r.got, h)
	answer := r.answer
	r.mu.Unlock()
	status, body := 403, ""
	if h.Valid {
		status, body = answer(h)
	}
	if status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// run lets time pass, from one thing that happens to the next.
func (r *rig) run(d time.Duration) {
	r.Helper()
	until := r.clock.Now().Add(d)
	for {
		r.settle()
		next, ok := r.carrier.NextDue()
		if !ok || next.After(until) {
			break
		}
		r.clock.Advance(next.Sub(r.clock.Now()))
	}
	r.clock.Advance(until.Sub(r.clock.Now()))
	r.settle()
}

func (r *rig) settle() {
	r.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := r.carrier.Settle(ctx); err != nil {
		r.Fatalf("settle: %v", err)
	}
}

func (r *rig) url(kind string) string {
	return fmt.Sprintf("%s/twilio/%s/%s/bbbbbbbbbbbbbbbbbbbbbbbbbb", r.hooks.URL, kind, attempt)
}

// params is a call with all its callbacks.
func (r *rig) params(to string) *api.CreateCallParams {
	p := &api.CreateCallParams{}
	return p.SetTo(to).SetFrom(from).SetUrl(r.url("voice")).SetStatusCallback(r.url("status")).
		SetStatusCallbackEvent([]string{"initiated", "ringing", "answered", "completed"}).SetTimeout(20)
}

// place places a call and fails the test when the carrier does not take it.
func (r *rig) place(p *api.CreateCallParams) *api.ApiV2010Call {
	r.Helper()
	call, err := r.api.CreateCall(p)
	if err != nil {
		r.Fatalf("create: %v", err)
	}
	return call
}

func (r *rig) fetch(sid string) *api.ApiV2010Call {
	r.Helper()
	call, err := r.api.FetchCall(sid, &api.FetchCallParams{})
	if err != nil {
		r.Fatalf("fetch %s: %v", sid, err)
	}
	return call
}

func (r *rig) setModel(text string) {
	r.Helper()
	m, err := simcarrier.ParseModel([]byte(text))
	if err == nil {
		err = r.carrier.SetModel(m)
	}
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rig) answers(f func(h hook) (int, string)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

// hooksTo is what came to the paths of one kind.
func (r *rig) hooksTo(kind string) []hook {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []hook
	for _, h := range r.got {
		if strings.HasPrefix(h.Path, "/twilio/"+kind+"/") {
			found = append(found, h)
		}
	}
	return found
}

// statuses is the CallStatus of the status callbacks, in order of arrival.
func (r *rig) statuses() string {
	var all []string
	for _, h := range r.hooksTo("status") {
		all = append(all, h.Form.Get("CallStatus"))
	}
	return strings.Join(all, " ")
}

func (r *rig) entries() []simcarrier.Entry {
	r.Helper()
	all, err := r.log.Entries()
	if err != nil {
		r.Fatal(err)
	}
	return all
}

// story is the log in short, without webhooks.
func (r *rig) story() string {
	var all []string
	for _, e := range r.entries() {
		if e.Ev == simcarrier.Webhook {
			continue
		}
		s := string(e.Ev)
		for _, part := range []string{e.Status, e.By, e.Digits} {
			if part != "" && e.Ev != simcarrier.Accepted {
				s += ":" + part
			}
		}
		if e.Parent != "" {
			s = "leg-" + s
		}
		all = append(all, s)
	}
	return strings.Join(all, " ")
}

func (r *rig) want(what, got, want string) {
	r.Helper()
	if got != want {
		r.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}
