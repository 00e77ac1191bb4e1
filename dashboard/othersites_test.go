package dashboard_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dashboard"
	"github.com/carillon-dialer/carillon/dashboard/access"
)

// elsewhere is what a browser tells of a request that another site made it send.
var elsewhere = map[string][]string{
	"another origin":             {"Origin", "https://example.com"},
	"another port":               {"Origin", "http://127.0.0.1:1"},
	"a sandbox":                  {"Origin", "null"},
	"cross-site, without Origin": {"Sec-Fetch-Site", "cross-site"},
	"the same site":              {"Sec-Fetch-Site", "same-site"},
	"a link that says POST":      {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Origin", "null"},
}

// Every route that writes, with the owner's session, asked for by a page that
// is not ours: the guard ends it before anything is read.
func TestNoRouteIsWrittenFromAnotherSite(t *testing.T) {
	h := newHouse(t)
	written := 0
	for _, r := range access.Table() {
		if r.Method == http.MethodGet {
			continue
		}
		written++
		path := parameter.ReplaceAllString(r.Path, "nothing")
		for name, headers := range elsewhere {
			p := h.ask(h.owner, r.Method, path, "", headers...)
			if p.status != http.StatusForbidden || p.text(t, "error", "field") != "Origin" {
				t.Errorf("%s %s, %s: %d %s", r.Method, r.Path, name, p.status, p.body)
			}
		}
	}
	if written < 50 {
		t.Errorf("only %d routes write", written)
	}
	if p := h.want(200, h.owner, "GET", "/v1/me", ""); p.text(t, "kind") != "user" || h.engine.Status().Stopped {
		t.Error("something was done")
	}
}

// No answer invites another site: none may be read there, framed, or taken for
// what it does not say it is.
func TestNoAnswerIsForAnotherSite(t *testing.T) {
	h := newHouse(t)
	for _, r := range access.Table() {
		if !asked(&r) {
			continue
		}
		path := parameter.ReplaceAllString(r.Path, "nothing")
		for _, method := range []string{r.Method, http.MethodOptions} {
			if method == http.MethodDelete && r.Path == "/v1/session" {
				continue // signs out
			}
			p := h.ask(h.owner, method, path, "", "Sec-Fetch-Site", "none", "Access-Control-Request-Method", r.Method)
			for header, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin", "Access-Control-Allow-Origin": "",
			} {
				if got := p.header.Get(header); got != want {
					t.Errorf("%s %s: %s %q, want %q", method, path, header, got, want)
				}
			}
		}
	}
}

// Through TLS the session is one that no other host and no plain page can set
// or read.
func TestTheSessionThroughTLS(t *testing.T) {
	proxied := func(h *house, cookie, method, path, body string, more ...string) *reply {
		return h.ask(cookie, method, path, body, append([]string{"Host", "dialer.example.test", "X-Forwarded-Proto", "https", "X-Forwarded-For", "203.0.113.9"}, more...)...)
	}
	credentials := text(map[string]string{"email": ownersEmail, "password": password})
	h := newHouse(t, behind("127.0.0.1/32"))
	in := proxied(h, "", "POST", "/v1/session", credentials)
	h.owner = h.cookieOf(in)
	set := in.header.Get("Set-Cookie")
	if in.status != 200 || !strings.HasPrefix(set, "__Host-carillon=") || !strings.Contains(set, "; Secure") || !strings.Contains(set, "; HttpOnly") || !strings.Contains(set, "SameSite=Strict") || strings.Contains(set, "Domain") {
		t.Fatalf("%d %q", in.status, set)
	}
	for name, tt := range map[string]struct {
		cookie string
		want   int
	}{
		"as it was set":        {h.owner, 200},
		"under the plain name": {strings.TrimPrefix(h.owner, "__Host-"), 401},
	} {
		if p := proxied(h, tt.cookie, "GET", "/v1/cadences", ""); p.status != tt.want {
			t.Errorf("%s: %d, want %d", name, p.status, tt.want)
		}
	}
	if p := proxied(h, h.owner, "GET", "/v1/me/sessions", ""); p.status != 200 || !strings.Contains(string(p.body), `"from":"203.0.113.9"`) {
		t.Errorf("the proxy's word is not taken: %s", p.body)
	}
	if p := proxied(h, "", "GET", "/metrics", ""); p.status != 401 {
		t.Errorf("who comes through a proxy is taken for a program on this computer: %d", p.status)
	}
}

// Who is no trusted proxy says nothing about where a request comes from.
func TestTheWordOfStrangersIsNotTaken(t *testing.T) {
	h := newHouse(t, behind("10.0.0.0/8"))
	said := []string{"X-Forwarded-Proto", "https", "X-Forwarded-For", "203.0.113.9", "Forwarded", "for=203.0.113.9;proto=https", "X-Real-IP", "203.0.113.9"}
	in := h.ask("", "POST", "/v1/session", text(map[string]string{"email": ownersEmail, "password": password}), said...)
	cookie := h.cookieOf(in) // the plain one
	if p := h.ask(cookie, "GET", "/v1/me/sessions", "", said...); p.text(t, "items", 0, "from") != "127.0.0.1" {
		t.Errorf("%s", p.body)
	}
	if in.header.Get("Strict-Transport-Security") != "" {
		t.Error("a plain answer asks for TLS")
	}
	for range 30 { // another address with each try is no other address
		if p := h.ask("", "POST", "/v1/session", `{"email":"nobody@example.test","password":"wrong wrong wrong"}`, said...); p.status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("whoever makes up addresses may try for ever")
}

// behind reaches the server under a name, past proxies with these addresses.
func behind(prefix string) func(*rig) {
	return func(r *rig) {
		before := r.options
		r.options = func(o *dashboard.Options) {
			o.Outside = dashboard.Outside{Host: "dialer.example.test", Proxies: []netip.Prefix{netip.MustParsePrefix(prefix)}}
			if before != nil {
				before(o)
			}
		}
	}
}
