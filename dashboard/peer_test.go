package dashboard_test

import (
	"net/netip"
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
