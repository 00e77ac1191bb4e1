package dashboard_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/dashboard/access"
)

// walkAccess exercises what is about sign-in.
func walkAccess(t *testing.T, c *contract) {
	h := newHouse(t, func(r *rig) { r.contract = c })
	h.want(200, "", "GET", "/v1/me", "")
	h.want(200, h.owner, "GET", "/v1/me", "")
	h.want(200, h.owner, "GET", "/v1/roles", "")
	id, cookie := h.invited("Manager 1", access.Manager)
	h.want(200, h.owner, "GET", "/v1/users", "")
	h.want(200, h.owner, "PATCH", "/v1/users/"+id, `{"name":"Manager 2"}`)
	h.want(200, h.owner, "POST", "/v1/users/"+id+"/link", "")
	h.want(204, h.owner, "DELETE", "/v1/users/"+id+"/sessions", "")
	h.want(401, cookie, "GET", "/v1/cadences", "")
	cookie = h.cookieOf(h.signIn(200, "manager.1@example.test", password))
	one := h.want(200, cookie, "GET", "/v1/me/sessions", "").text(t, "items", 0, "id")
	h.want(204, cookie, "DELETE", "/v1/me/sessions/"+one, "")
	cookie = h.cookieOf(h.signIn(200, "manager.1@example.test", password))
	h.want(204, cookie, "POST", "/v1/me/password", `{"current":"`+password+`","password":"see how they all run"}`)
	cookie = h.cookieOf(h.signIn(200, "Manager.1@Example.test ", "see how they all run"))
	h.want(204, cookie, "DELETE", "/v1/session", "")
	h.want(401, cookie, "GET", "/v1/cadences", "")
	h.key("crm", access.Enroll)
	key := h.want(200, h.owner, "GET", "/v1/keys", "").text(t, "items", 0, "id")
	h.want(204, h.owner, "DELETE", "/v1/keys/"+key, "")
	h.want(200, h.owner, "GET", "/v1/audit?limit=2&what=user.", "")
	h.want(200, h.owner, "GET", "/v1/audit/export", "")
}

// A session is a new one after each sign-in, and the one that came along ends:
// whoever planted it has nothing.
func TestNoSessionIsFixed(t *testing.T) {
	h := newHouse(t)
	planted := "carillon=" + strings.Repeat("a", 43)
	first := h.cookieOf(h.signIn(200, ownersEmail, password, "Cookie", planted))
	if first == planted {
		t.Fatal("the session is the one that was planted")
	}
	h.want(401, planted, "GET", "/v1/cadences", "")
	second := h.cookieOf(h.signIn(200, ownersEmail, password, "Cookie", first))
	if second == first {
		t.Fatal("signing in again keeps the session")
	}
	h.want(401, first, "GET", "/v1/cadences", "")
	h.want(200, second, "GET", "/v1/cadences", "")
	third := h.cookieOf(h.want(204, second, "POST", "/v1/me/password", `{"current":"`+password+`","password":"another three blind mice"}`))
	h.want(401, second, "GET", "/v1/cadences", "")
	h.want(200, third, "GET", "/v1/cadences", "")
	h.want(401, h.owner, "GET", "/v1/cadences", "") // all others have ended too
}

func TestSessionsExpire(t *testing.T) {
	h := newHouse(t)
	h.people.Advance(29 * time.Minute)
	h.want(200, h.owner, "GET", "/v1/cadences", "")
	h.people.Advance(29 * time.Minute)
	h.want(200, h.owner, "GET", "/v1/cadences", "")
	h.people.Advance(31 * time.Minute)
	h.want(401, h.owner, "GET", "/v1/cadences", "")
	cookie := h.cookieOf(h.signIn(200, ownersEmail, password))
	for range 12*4 - 1 {
		h.people.Advance(15 * time.Minute)
		h.want(200, cookie, "GET", "/v1/me/sessions", "")
	}
	h.want(200, cookie, "GET", "/v1/cadences", "")
	h.people.Advance(16 * time.Minute)
	h.want(401, cookie, "GET", "/v1/cadences", "") // twelve hours, in use or not
}

// Being in use is written down every five minutes, not with each request.
func TestSeeingASessionCostsNoTurn(t *testing.T) {
	h := newHouse(t)
	seen := func() string {
		return h.want(200, h.owner, "GET", "/v1/me/sessions", "").text(t, "items", 0, "seen_at")
	}
	before := seen()
	h.people.Advance(4*time.Minute + 59*time.Second)
	if again := seen(); again != before {
		t.Errorf("a request within five minutes is written down: %s, %s", before, again)
	}
	h.people.Advance(time.Second)
	if later := seen(); later == before {
		t.Error("use is never written down")
	}
}

// Whether there is such a user shows neither in the answer nor in what is
// done for it.
func TestNobodyLooksLikeSomebody(t *testing.T) {
	h := newHouse(t)
	checks := 0
	h.gate.CountChecks(func() { checks++ })
	wrong := h.signIn(401, ownersEmail, "not the password at all")
	if checks != 1 {
		t.Fatalf("a wrong password takes %d checks", checks)
	}
	nobody := h.signIn(401, "nobody@example.test", "not the password at all")
	if checks != 2 || string(nobody.body) != string(wrong.body) {
		t.Errorf("nobody takes %d checks and is answered %s, not %s", checks-1, nobody.body, wrong.body)
	}
	id, _ := h.invited("Agent 1", access.Agent)
	h.want(200, h.owner, "PATCH", "/v1/users/"+id, `{"disabled":true}`)
	checks = 0
	if p := h.signIn(401, "agent.1@example.test", password); checks != 1 || string(p.body) != string(wrong.body) {
		t.Errorf("a disabled user takes %d checks and is answered %s", checks, p.body)
	}
}

func TestSignInBacksOff(t *testing.T) {
	h := newHouse(t)
	for range 5 {
		h.signIn(401, ownersEmail, "wrong wrong wrong")
	}
	p := h.signIn(429, ownersEmail, password)
	if p.header.Get("Retry-After") != "1" || p.text(t, "error", "code") != "rate_limited" {
		t.Errorf("%v %s", p.header, p.body)
	}
	h.signIn(401, "somebody.else@example.test", "wrong wrong wrong") // another account is not kept out
	h.people.Advance(time.Second)
	h.signIn(401, ownersEmail, "wrong wrong wrong")
	if p := h.signIn(429, ownersEmail, password); p.header.Get("Retry-After") != "2" {
		t.Errorf("the wait does not double: %v", p.header)
	}
	h.people.Advance(2 * time.Second)
	h.signIn(200, ownersEmail, password)
	h.signIn(401, ownersEmail, "wrong wrong wrong") // all is forgotten
	// One address against many accounts.
	for n := range 30 {
		if p := h.ask("", "POST", "/v1/session", text(map[string]string{"email": "u" + strings.Repeat("x", n) + "@example.test", "password": "wrong"})); p.status == 429 {
			if n < 10 {
				t.Errorf("refused at the %dth account", n)
			}
			return
		}
	}
	t.Error("an address may try for ever")
}

// Who has one IPv6 network has all of its addresses, and still one go.
func TestANetworkIsOneAddress(t *testing.T) {
	h := newHouse(t, behindAProxy)
	try := func(n int, from string) int {
		return h.ask("", "POST", "/v1/session", text(map[string]string{"email": fmt.Sprintf("u%d@example.test", n), "password": "wrong"}),
			"X-Forwarded-Proto", "https", "X-Forwarded-For", from).status
	}
	for n := range 20 {
		if got := try(n, fmt.Sprintf("2001:db8:0:7::%x", n+1)); got != 401 {
			t.Fatalf("the %dth attempt is answered %d", n, got)
		}
	}
	if got := try(20, "2001:db8:0:7:ffff::1"); got != 429 {
		t.Errorf("another address of the network is answered %d, want 429", got)
	}
	if got := try(21, "2001:db8:0:8::1"); got != 401 {
		t.Errorf("another network is answered %d, want 401", got)
	}
}

// What is remembered of failures and told to the audit is bounded, whoever asks.
func TestSignInTakesNoLongAddress(t *testing.T) {
	h := newHouse(t)
	p := h.signIn(400, strings.Repeat("x", 255)+"@example.test", password)
	if p.text(t, "error", "field") != "email" {
		t.Errorf("%s", p.body)
	}
}

func TestLinksAndSetupAreForOnce(t *testing.T) {
	h := newHouse(t)
	h.want(409, "", "POST", "/v1/setup", text(map[string]string{"token": h.gate.SetupToken(), "name": "x", "email": "x@example.test", "password": password}))
	h.want(401, "", "POST", "/v1/setup", text(map[string]string{"token": "guessed", "name": "x", "email": "x@example.test", "password": password}))
	link := h.want(201, h.owner, "POST", "/v1/users", `{"name":"Viewer 1","email":"v1@example.test","role":"viewer"}`, "Idempotency-Key", "k1")
	if p := h.want(409, h.owner, "POST", "/v1/users", `{"name":"Viewer 1","email":"v1@example.test","role":"viewer"}`, "Idempotency-Key", "k1"); strings.Contains(string(p.body), link.text(t, "token")) {
		t.Error("a repeat shows the secret again")
	}
	accept := func(status int, pass string) *reply {
		return h.want(status, "", "POST", "/v1/welcome", text(map[string]string{"token": link.text(t, "token"), "password": pass}))
	}
	for _, weak := range []string{"short", "password1234", "aaaaaaaaaaaaaa", "v1@example.test"} {
		if p := accept(400, weak); p.text(t, "error", "field") != "password" {
			t.Errorf("%q: %s", weak, p.body)
		}
	}
	accept(200, password)
	accept(401, password)
}

// The kept rows hold nothing that could be used to sign in.
func TestKeysAreKeptAsHashes(t *testing.T) {
	h := newHouse(t)
	token := h.key("crm", access.CadencesRead)
	p := h.want(200, h.owner, "GET", "/v1/keys", "")
	if secret := token[strings.LastIndex(token, "_")+1:]; strings.Contains(string(p.body), secret) {
		t.Error("the list shows the secret")
	}
	h.want(200, token, "GET", "/v1/cadences", "")
	h.want(403, token, "GET", "/v1/leads", "")
	h.want(401, token+"x", "GET", "/v1/cadences", "")
	h.want(204, h.owner, "DELETE", "/v1/keys/"+p.text(t, "items", 0, "id"), "")
	h.want(401, token, "GET", "/v1/cadences", "")
	h.want(400, h.owner, "POST", "/v1/keys", text(map[string]any{"name": "old", "grants": []string{"enroll"}, "expires_at": "2026-11-03T08:59:00Z"}))
	short := h.want(201, h.owner, "POST", "/v1/keys", text(map[string]any{"name": "short", "grants": []string{"cadences.read"}, "expires_at": "2026-11-03T09:01:00Z"})).text(t, "token")
	h.want(200, short, "GET", "/v1/cadences", "")
	h.people.Advance(time.Minute)
	h.want(401, short, "GET", "/v1/cadences", "")
}

// Nobody gives what they do not hold, or changes somebody mightier.
func TestNobodyRises(t *testing.T) {
	h := newHouse(t)
	_, cookie := h.invited("Clerk 1", access.Custom, access.UsersManage, access.KeysManage, access.CadencesRead)
	manager, _ := h.invited("Manager 1", access.Manager)
	h.want(403, cookie, "POST", "/v1/users", `{"name":"x","email":"x@example.test","role":"owner"}`)
	h.want(403, cookie, "POST", "/v1/users", `{"name":"x","email":"x@example.test","role":"custom","grants":["enroll"]}`)
	h.want(201, cookie, "POST", "/v1/users", `{"name":"x","email":"x@example.test","role":"custom","grants":["cadences.read"]}`)
	h.want(403, cookie, "PATCH", "/v1/users/"+manager, `{"disabled":true}`)
	h.want(403, cookie, "POST", "/v1/users/"+manager+"/link", "")
	h.want(403, cookie, "POST", "/v1/keys", `{"name":"k","grants":["leads.read"]}`)
	h.want(201, cookie, "POST", "/v1/keys", `{"name":"k","grants":["cadences.read"]}`)
}

func TestTheOperatorsKey(t *testing.T) {
	h := newHouse(t)
	h.want(200, operatorKey, "GET", "/v1/users", "")
	h.want(401, operatorKey+"x", "GET", "/v1/users", "")
	if p := h.want(200, operatorKey, "GET", "/v1/me", ""); p.text(t, "kind") != "operator" {
		t.Errorf("%s", p.body)
	}
}
