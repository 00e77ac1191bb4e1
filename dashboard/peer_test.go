package dashboard_test

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dashboard"
)

// Only through TLS, and only what a trusted proxy says, is believed.
func TestBehindAProxy(t *testing.T) {
	r := newRig(t, func(r *rig) {
		r.options = func(o *dashboard.Options) {
			o.Outside = dashboard.Outside{Host: "dialer.example.test", Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8")}}
		}
	})
	https := []string{"X-Forwarded-Proto", "https", "X-Forwarded-For", "203.0.113.9"}
	for name, tt := range map[string]struct {
		method, path string
		headers      []string
		want         int
	}{
		"through TLS":       {"GET", "/v1/me", append([]string{"Host", "dialer.example.test"}, https...), 200},
		"with the port":     {"GET", "/v1/me", append([]string{"Host", "dialer.example.test:443"}, https...), 200},
		"own page and port": {"POST", "/v1/resume", append([]string{"Host", "dialer.example.test:443", "Origin", "https://dialer.example.test"}, https...), 200},
		"another port":      {"GET", "/v1/me", append([]string{"Host", "dialer.example.test:8443"}, https...), 403},
		"not through TLS":   {"GET", "/v1/me", []string{"Host", "dialer.example.test", "X-Forwarded-For", "203.0.113.9"}, 403},
		"health, by itself": {"GET", "/healthz", []string{"Host", "dialer.example.test"}, 200},
		"another name":      {"GET", "/v1/me", append([]string{"Host", "example.com"}, https...), 403},
		"own page":          {"POST", "/v1/resume", append([]string{"Host", "dialer.example.test", "Origin", "https://dialer.example.test"}, https...), 200},
		"the plain page":    {"POST", "/v1/resume", append([]string{"Host", "dialer.example.test", "Origin", "http://dialer.example.test"}, https...), 403},
		"another site":      {"POST", "/v1/resume", append([]string{"Host", "dialer.example.test", "Origin", "https://example.com"}, https...), 403},
	} {
		if p := r.send(tt.method, tt.path, "", tt.headers...); p.status != tt.want {
			t.Errorf("%s: %d, want %d: %s", name, p.status, tt.want, p.body)
		}
	}
}

// behindAProxy lets the test speak as a proxy that is trusted.
func behindAProxy(r *rig) {
	before := r.options
	r.options = func(o *dashboard.Options) {
		if before != nil {
			before(o)
		}
		o.Outside = dashboard.Outside{Host: "dialer.example.test", Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	}
}

// What a client claims in lines of its own, before those that its proxy adds,
// is not believed: neither where it comes from, nor that it came through TLS.
func TestLinesOfTheClientAreNotTheProxys(t *testing.T) {
	h := newHouse(t, behindAProxy)
	ask := func(protos ...string) *reply {
		req, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+h.main+"/v1/session", strings.NewReader(`{"email":"owner@example.test","password":"not the password"}`))
		h.must(err)
		req.Host, req.Header["Content-Type"] = "dialer.example.test", []string{"application/json"}
		req.Header["X-Forwarded-For"] = []string{"203.0.113.77", "198.51.100.9"}
		req.Header["X-Forwarded-Proto"] = protos
		return h.do(req)
	}
	if p := ask("https", "http"); p.status != 403 {
		t.Errorf("over plain HTTP it is answered: %d %s", p.status, p.body)
	}
	if p := ask("https"); p.status != 401 {
		t.Fatalf("%d %s", p.status, p.body)
	}
	kept := h.want(200, h.owner, "GET", "/v1/audit?what=session.refused", "", "Host", "dialer.example.test", "X-Forwarded-Proto", "https")
	if from := kept.text(t, "items", 0, "from"); from != "198.51.100.9" {
		t.Errorf("the audit says that it came from %s: %s", from, kept.body)
	}
}

// A balancer that asks by HEAD is told what GET tells, and not the page.
func TestHeadTellsWhetherItIsReady(t *testing.T) {
	r := newRig(t, behindAProxy, func(r *rig) {
		before := r.options
		r.options = func(o *dashboard.Options) {
			before(o)
			o.Ready = func() error { return errors.New("the disk is full") }
		}
	})
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503} {
		for _, method := range []string{"GET", "HEAD"} {
			p := r.send(method, path, "", "Host", "dialer.example.test")
			if p.status != want || !strings.HasPrefix(p.header.Get("Content-Type"), "application/json") || (method == "HEAD") != (len(p.body) == 0) {
				t.Errorf("%s %s: %d %s %s", method, path, p.status, p.header.Get("Content-Type"), p.body)
			}
		}
	}
}
