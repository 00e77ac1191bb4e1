package twilio_test

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

func TestPlaceSends(t *testing.T) {
	f := newFarSide(t)
	c := f.client(t, nil)
	d := testDial()
	h := testHooks(t)
	cases := []struct {
		amd     telephony.AMD
		async   bool
		timeout time.Duration
		more    map[string][]string
	}{
		{telephony.AMDOff, false, 0, nil},
		{telephony.AMDDetect, false, 0, map[string][]string{"MachineDetection": {"Enable"}, "MachineDetectionTimeout": {"30"}}},
		{telephony.AMDDetectEnd, false, 45 * time.Second, map[string][]string{"MachineDetection": {"DetectMessageEnd"}, "MachineDetectionTimeout": {"45"}}},
		{telephony.AMDDetectEnd, true, 0, map[string][]string{
			"MachineDetection": {"DetectMessageEnd"}, "MachineDetectionTimeout": {"30"}, "AsyncAmd": {"true"},
			"AsyncAmdStatusCallback": {h.URL(twilio.KindAMD, d.Attempt)}, "AsyncAmdStatusCallbackMethod": {"POST"},
		}},
	}
	for _, x := range cases {
		d.AMD, d.AMDAsync, d.AMDTimeout = x.amd, x.async, x.timeout
		if _, err := c.Place(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		want := map[string][]string{
			"To": {"+13035550142"}, "From": {"+13035550100"}, "Method": {"POST"}, "Timeout": {"25"}, "TimeLimit": {"3600"},
			"Url":                 {h.URL(twilio.KindVoice, d.Attempt)},
			"StatusCallback":      {h.URL(twilio.KindStatus, d.Attempt)},
			"StatusCallbackEvent": {"initiated", "ringing", "answered", "completed"},
		}
		maps.Copy(want, x.more)
		seen := f.requests()
		got := seen[len(seen)-1]
		if !reflect.DeepEqual(map[string][]string(got.params), want) {
			t.Errorf("AMD %q sent\n%v\nwant\n%v", x.amd, got.params, want)
		}
		if !strings.HasSuffix(got.params.Get("Url"), "#rc=3&rp=5xx,ct,rt&ct=2000") {
			t.Errorf("the URL %s has no connection overrides", got.params.Get("Url"))
		}
	}
}

// With such a header Go's transport would send a POST a second time.
func TestNoIdempotencyKey(t *testing.T) {
	f := newFarSide(t)
	c := f.client(t, nil)
	p, err := c.Place(t.Context(), testDial())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.HangUp(t.Context(), p.CallID); err != nil {
		t.Fatal(err)
	}
	for _, r := range f.requests() {
		for name := range r.header {
			if strings.Contains(strings.ToLower(name), "idempotency") {
				t.Errorf("%s %s carries %s", r.method, r.path, name)
			}
		}
	}
}

func TestAPIKeyAuthorises(t *testing.T) {
	var user, pass, path string
	base, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		user, pass, _ = r.BasicAuth()
		path = r.URL.Path
		answer(201, `{"sid":"CA00000000000000000000000000000abc"}`)(w, nil)
	})
	key := "SK0000000000000000000000000000000a"
	c := newClient(t, base, func(o *twilio.Options) { o.APIKey, o.APISecret = key, "s3cret" })
	if _, err := c.Place(t.Context(), testDial()); err != nil {
		t.Fatal(err)
	}
	if user != key || pass != "s3cret" || path != "/2010-04-01/Accounts/"+testAccount+"/Calls.json" {
		t.Errorf("authorised as %s on %s", user, path)
	}
}

// The SDK would let these choose another host.
func TestEnvironmentDoesNotMoveTheHost(t *testing.T) {
	t.Setenv("TWILIO_EDGE", "sydney")
	t.Setenv("TWILIO_REGION", "au1")
	f := newFarSide(t)
	if _, err := f.client(t, nil).Place(t.Context(), testDial()); err != nil {
		t.Fatal(err)
	}
}

// A request that is given up at any moment is not_sent only if the carrier
// never saw it, and reaches the carrier at most once.
func TestNotSentIsTrue(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[r.FormValue("Url")]++
		n := len(seen)
		mu.Unlock()
		switch {
		case n%7 == 0: // close the idle connection under the client
			w.Header().Set("Connection", "close")
		case n%5 == 0:
			if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
				_ = conn.Close()
			}
			return
		}
		answer(201, `{"sid":"CA00000000000000000000000000000abc"}`)(w, nil)
	}))
	c := newClient(t, s.URL, func(o *twilio.Options) { o.MaxConns = 4 })
	h := testHooks(t)
	classes := map[telephony.Class]int{}
	judged := map[string]telephony.Class{}
	var group sync.WaitGroup
	for worker := range 8 {
		random := rand.New(rand.NewPCG(1, uint64(worker)))
		group.Go(func() {
			for i := range 150 {
				d := testDial()
				d.Attempt = cadence.NewID(uint16(worker), [14]byte{byte(i), byte(i >> 8), 1})
				ctx, cancel := context.WithTimeout(context.Background(), time.Duration(random.IntN(1500))*time.Microsecond)
				_, err := c.Place(ctx, d)
				cancel()
				class := telephony.Class("placed")
				if e, ok := errors.AsType[*telephony.Error](err); ok {
					class = e.Class
				}
				mu.Lock()
				classes[class]++
				judged[h.URL(twilio.KindVoice, d.Attempt)] = class
				mu.Unlock()
			}
		})
	}
	group.Wait()
	_ = c.Close()
	s.Close() // waits for its handlers
	for url, class := range judged {
		switch n := seen[url]; {
		case n > 1:
			t.Errorf("an attempt reached the carrier %d times", n)
		case n > 0 && class == telephony.NotSent:
			t.Error("an attempt counted as not sent reached the carrier")
		case n == 0 && class == "placed":
			t.Error("an attempt counted as placed never reached the carrier")
		}
	}
	if classes[telephony.NotSent] == 0 || classes[telephony.Unclear] == 0 || classes["placed"] == 0 {
		t.Errorf("not all cases were met: %v", classes)
	}
}

func TestNewRefuses(t *testing.T) {
	h := testHooks(t)
	good := twilio.Options{AccountSID: " " + testAccount + "\n", AuthToken: testToken, Hooks: h}
	if c, err := twilio.New(good); err != nil || c.AccountSID() != testAccount {
		t.Fatalf("options that are good: %v", err)
	}
	cases := map[string]func(*twilio.Options){
		"no account":        func(o *twilio.Options) { o.AccountSID = "" },
		"account of a call": func(o *twilio.Options) { o.AccountSID = "CA" + testAccount[2:] },
		"no token":          func(o *twilio.Options) { o.AuthToken = "" },
		"token with blank":  func(o *twilio.Options) { o.AuthToken = "a b" },
		"key alone":         func(o *twilio.Options) { o.APIKey = "SK" + testAccount[2:] },
		"secret alone":      func(o *twilio.Options) { o.APISecret = "x" },
		"key malformed":     func(o *twilio.Options) { o.APIKey, o.APISecret = "XX", "x" },
		"no hooks":          func(o *twilio.Options) { o.Hooks = nil },
		"base with path":    func(o *twilio.Options) { o.BaseURL = "https://example.com/api" },
		"base with query":   func(o *twilio.Options) { o.BaseURL = "https://example.com?x" },
		"base with user":    func(o *twilio.Options) { o.BaseURL = "https://u:secret@example.com" },
		"base without host": func(o *twilio.Options) { o.BaseURL = "https://" },
		"base of files":     func(o *twilio.Options) { o.BaseURL = "file:///etc" },
		"base garbage":      func(o *twilio.Options) { o.BaseURL = "http://%zz" },
		"negative timeout":  func(o *twilio.Options) { o.HTTPTimeout = -1 },
		"too many conns":    func(o *twilio.Options) { o.MaxConns = 1 << 20 },
	}
	for name, change := range cases {
		o := good
		change(&o)
		if _, err := twilio.New(o); err == nil {
			t.Errorf("%s was accepted", name)
		} else if strings.Contains(err.Error(), "secret@") || strings.Contains(err.Error(), testToken) {
			t.Errorf("%s: the error tells a secret: %v", name, err)
		}
	}
}

func TestStopsAtItsOwnTimeout(t *testing.T) {
	release := make(chan struct{})
	base, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-release:
		}
	})
	defer close(release)
	c := newClient(t, base, func(o *twilio.Options) { o.HTTPTimeout = 30 * time.Millisecond })
	_, err := c.Place(context.Background(), testDial())
	e, ok := errors.AsType[*telephony.Error](err)
	if !ok || e.Class != telephony.Unclear || e.Reason != twilio.ReasonTimeout || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
}
