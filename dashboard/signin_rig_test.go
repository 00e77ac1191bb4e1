package dashboard_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/dashboard"
	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dashboard/signin"
)

const (
	ownersEmail = "owner@example.test"
	password    = "three blind mice run"
	operatorKey = "carillon_operator_of-the-tests"
)

// house is a rig with sign-in, an owner, and people's time that stands still.
type house struct {
	*rig
	gate   *signin.Gate
	people *clock.Manual
	owner  string // a cookie
}

func newHouse(t *testing.T, with ...func(*rig)) *house {
	t.Helper()
	h := &house{people: clock.NewManual(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC))}
	h.rig = newRig(t, append([]func(*rig){func(r *rig) {
		before := r.options
		r.options = func(o *dashboard.Options) {
			h.gate = signin.New(signin.Options{Engine: r.engine, Real: h.people, OperatorKey: operatorKey})
			o.Gate = h.gate
			if before != nil {
				before(o)
			}
		}
	}}, with...)...)
	h.owner = h.cookieOf(h.call(200, "POST", "/v1/setup", fmt.Sprintf(`{"token":%q,"name":"Owner","email":%q,"password":%q}`, h.gate.SetupToken(), ownersEmail, password), "X-Forwarded-Proto", "https"))
	return h
}

// cookieOf is the session that an answer brings; through TLS it has a name that
// browsers take from this very host only.
func (h *house) cookieOf(p *reply) string {
	h.t.Helper()
	for _, c := range (&http.Response{Header: p.header}).Cookies() {
		if c.Name == "carillon" || c.Name == "__Host-carillon" && c.Secure {
			if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" {
				h.t.Errorf("cookie %s", p.header.Get("Set-Cookie"))
			}
			return c.Name + "=" + c.Value
		}
	}
	h.t.Fatalf("no session in %v %s", p.header, p.body)
	return ""
}

func (h *house) ask(cookie, method, path, body string, headers ...string) *reply {
	h.t.Helper()
	if strings.HasPrefix(cookie, "carillon=") || strings.HasPrefix(cookie, "__Host-carillon=") {
		headers = append(headers, "Cookie", cookie)
	} else if cookie != "" {
		headers = append(headers, "Authorization", "Bearer "+cookie)
	}
	return h.send(method, path, body, headers...)
}

// want is ask, checked against the contract and the expected status.
func (h *house) want(status int, cookie, method, path, body string, headers ...string) *reply {
	h.t.Helper()
	p := h.ask(cookie, method, path, body, headers...)
	if p.status != status {
		h.t.Fatalf("%s %s: %d, want %d: %s", method, path, p.status, status, p.body)
	}
	h.contract.check(h.t, method, path, body, p)
	return p
}

func text(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// invited adds a user and signs them in.
func (h *house) invited(name string, role access.Role, grants ...access.Grant) (id, cookie string) {
	h.t.Helper()
	body := map[string]any{"name": name, "email": strings.ReplaceAll(name, " ", ".") + "@example.test", "role": role}
	if len(grants) > 0 {
		body["grants"] = grants
	}
	link := h.want(201, h.owner, "POST", "/v1/users", text(body))
	p := h.want(200, "", "POST", "/v1/welcome", text(map[string]string{"token": link.text(h.t, "token"), "password": password}))
	return link.text(h.t, "user", "id"), h.cookieOf(p)
}

func (h *house) signIn(status int, email, pass string, headers ...string) *reply {
	h.t.Helper()
	return h.want(status, "", "POST", "/v1/session", text(map[string]string{"email": email, "password": pass}), headers...)
}

// key makes an API key with these grants.
func (h *house) key(name string, grants ...access.Grant) string {
	h.t.Helper()
	return h.want(201, h.owner, "POST", "/v1/keys", text(map[string]any{"name": name, "grants": grants})).text(h.t, "token")
}
