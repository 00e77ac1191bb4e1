package dashboard_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dashboard/access"
)

// knock asks a route as somebody, with a body nobody can use and ids that name
// nothing, and tells whether the guard let it through: whatever the route
// itself answers, only the guard says unauthorized without a field, or
// forbidden with the grant's name.
func (h *house) knock(cookie string, r *access.Rule) (passed bool, p *reply) {
	h.t.Helper()
	path := parameter.ReplaceAllString(r.Path, "nothing")
	p = h.ask(cookie, r.Method, path, "")
	guarded := p.status == http.StatusUnauthorized && strings.Contains(string(p.body), "sign in first") ||
		p.status == http.StatusForbidden && strings.Contains(string(p.body), "this takes the grant")
	return !guarded, p
}

// streams hold a connection open; TestTheStreamIsGuarded asks them.
func asked(r *access.Rule) bool { return r.Path != "/v1/live" }

// Every role, and a user with each grant alone, at every route: the guard lets
// through whom the table lets through, and nobody else.
func TestEveryRoleAtEveryRoute(t *testing.T) {
	h := newHouse(t)
	for _, role := range access.Roles() {
		set, _ := access.Of(role, nil)
		_, cookie := h.invited(string(role)+" 1", role)
		h.walk(t, string(role), cookie, set)
		// The route that signs out ends the session: it comes last in the walk.
	}
	for _, g := range access.Grants() {
		_, cookie := h.invited("Only "+string(g.Grant), access.Custom, g.Grant)
		h.walk(t, "only "+string(g.Grant), cookie, access.SetOf(g.Grant))
	}
	h.walk(t, "a key", h.key("one grant", access.Enroll), access.SetOf(access.Enroll))
	h.walk(t, "nobody", "", access.Set{})
}

// last are the routes after which whoever asked is somebody else.
func last(r *access.Rule) bool {
	return r.Method == "DELETE" && r.Path == "/v1/session" || r.Method == "POST" && r.Grant == access.Open
}

func (h *house) walk(t *testing.T, name, cookie string, held access.Set) {
	t.Helper()
	rules := access.Table()
	for _, ending := range []bool{false, true} {
		for i := range rules {
			r := &rules[i]
			if !asked(r) || last(r) != ending || r.Local {
				continue
			}
			passed, p := h.knock(cookie, r)
			if want := held.Has(r.Grant); passed != want {
				t.Errorf("%s at %s %s: let through %v, want %v: %d %s", name, r.Method, r.Path, passed, want, p.status, p.body)
			}
		}
	}
}

func TestTheStreamIsGuarded(t *testing.T) {
	h := newHouse(t)
	only := h.key("only", access.CadencesRead)
	for cookie, want := range map[string]int{"": 401, only: 403, "carillon=nothing": 401} {
		if p := h.ask(cookie, "GET", "/v1/live", ""); p.status != want {
			t.Errorf("%q: %d, want %d", cookie, p.status, want)
		}
	}
}

// Metrics are for a program on this computer, or whoever holds the grant.
func TestMetricsAreLocal(t *testing.T) {
	h := newHouse(t)
	if p := h.ask("", "GET", "/metrics", ""); p.status != 200 {
		t.Errorf("from this computer: %d", p.status)
	}
}

// What another site can make a browser send does nothing, also with a session.
func TestAnotherSiteCannotUseASession(t *testing.T) {
	h := newHouse(t)
	for name, headers := range map[string][]string{
		"another origin":             {"Origin", "https://example.com"},
		"another port":               {"Origin", "http://127.0.0.1:1"},
		"a sandbox":                  {"Origin", "null"},
		"cross-site, without Origin": {"Sec-Fetch-Site", "cross-site"},
		"the same site":              {"Sec-Fetch-Site", "same-site"},
	} {
		for _, path := range []string{"/v1/stop", "/v1/session", "/v1/users", "/v1/me/password"} {
			if p := h.ask(h.owner, "POST", path, "", headers...); p.status != 403 {
				t.Errorf("%s to %s: %d %s", name, path, p.status, p.body)
			}
		}
	}
	// A form needs no permission to be sent across sites; it is not read.
	if p := h.ask(h.owner, "POST", "/v1/users", "name=x", "Content-Type", "application/x-www-form-urlencoded"); p.status != 400 {
		t.Errorf("a form: %d %s", p.status, p.body)
	}
	if h.engine.Status().Stopped {
		t.Error("dialing was stopped from another site")
	}
}

// Nothing redirects anywhere, so no address can be made to lead elsewhere.
func TestNothingRedirects(t *testing.T) {
	h := newHouse(t)
	h.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, path := range []string{"//example.com", "/\\example.com", "/sign-in?next=https://example.com", "/setup/", "/v1/cadences/", "/%2f%2fexample.com"} {
		if p := h.ask("", "GET", path, ""); p.status >= 300 && p.status < 400 || p.header.Get("Location") != "" {
			t.Errorf("%s leads to %d %s", path, p.status, p.header.Get("Location"))
		}
	}
}

// An answer that was kept for one is not given to another.
func TestIdempotencyKeysAreOnesOwn(t *testing.T) {
	h := newHouse(t)
	_, other := h.invited("Manager 1", access.Manager)
	h.want(201, h.owner, "POST", "/v1/cadences", document, "Idempotency-Key", "k1")
	if p := h.ask(other, "POST", "/v1/cadences", document, "Idempotency-Key", "k1"); p.status != 409 || p.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("%d %s", p.status, p.body)
	}
}

func TestDeedsAreKept(t *testing.T) {
	h := newHouse(t)
	id, cookie := h.invited("Manager 1", access.Manager)
	cadence := h.want(201, cookie, "POST", "/v1/cadences", document).text(t, "id")
	h.want(200, cookie, "POST", "/v1/cadences/"+cadence+"/publish", "")
	h.want(409, cookie, "POST", "/v1/cadences", document) // refused: not kept
	h.want(204, cookie, "DELETE", "/v1/cadences/"+h.want(201, cookie, "POST", "/v1/cadences/"+cadence+"/duplicate", "").text(t, "id"), "")
	p := h.want(200, h.owner, "GET", "/v1/audit?what=cadence", "")
	want := []string{"cadence.deleted", "cadence.duplicated", "cadence.published", "cadence.created"}
	items, _ := p.get(t, "items").([]any)
	if len(items) != len(want) {
		t.Fatalf("%s", p.body)
	}
	for i, what := range want {
		if p.text(t, "items", i, "what") != what || p.text(t, "items", i, "who") != id || p.text(t, "items", i, "name") != "Manager 1" || p.text(t, "items", i, "from") != "127.0.0.1" {
			t.Errorf("entry %d: %v", i, items[i])
		}
	}
	before, after := p.text(t, "items", 2, "before"), p.text(t, "items", 2, "after")
	if p.text(t, "items", 2, "target") != cadence || len(before) != 64 || before == after || p.text(t, "items", 0, "after") != "" || p.text(t, "items", 3, "target") != cadence {
		t.Errorf("%s", p.body)
	}
	one := h.want(200, h.owner, "GET", "/v1/audit?limit=1&what=cadence", "")
	if two := h.want(200, h.owner, "GET", "/v1/audit?limit=1&what=cadence&cursor="+one.text(t, "next"), ""); two.text(t, "items", 0, "what") != want[1] {
		t.Errorf("the next page: %s", two.body)
	}
	h.want(200, h.owner, "POST", "/v1/dnc", `{"number":"+12125550101","reason":"=HYPERLINK(1)"}`)
	if csv := h.want(200, h.owner, "GET", "/v1/audit/export?what=dnc", ""); !strings.Contains(string(csv.body), ",dnc.added,") || strings.Contains(string(csv.body), ",=") || strings.Contains(string(csv.body), "+1212555") {
		t.Errorf("%s", csv.body)
	}
}

// A draft that stores itself while somebody types is one deed of theirs, until
// something else is done with it.
func TestEditingIsOneDeed(t *testing.T) {
	h := newHouse(t)
	_, cookie := h.invited("Manager 1", access.Manager)
	id := h.want(201, cookie, "POST", "/v1/cadences", document).text(t, "id")
	other := h.want(201, cookie, "POST", "/v1/cadences", strings.Replace(document, `"name":"`, `"name":"Another `, 1)).text(t, "id")
	edits := 0
	edit := func(who, cadence string) {
		edits++
		h.want(200, who, "PUT", "/v1/cadences/"+cadence, strings.Replace(document, `"name":"`, `"name":"Edit `+strconv.Itoa(edits)+` `, 1))
	}
	edit(cookie, id)
	h.want(200, cookie, "POST", "/v1/cadences/"+id+"/publish", "")
	edit(cookie, id)
	edit(cookie, other) // beside it, and no end of it
	edit(cookie, id)
	edit(h.owner, id) // somebody else's
	edit(cookie, id)
	edit(cookie, id)
	p := h.want(200, h.owner, "GET", "/v1/audit?what=cadence.edited&target="+id, "")
	items, _ := p.get(t, "items").([]any)
	got := make([]any, len(items))
	for i := range items {
		got[i] = p.get(t, "items", i, "times")
	}
	if want := []any{2.0, 1.0, 2.0, 1.0}; !slices.Equal(got, want) {
		t.Fatalf("told %v times, want %v: %s", got, want, p.body)
	}
	if p.text(t, "items", 0, "before") != p.text(t, "items", 1, "after") || p.text(t, "items", 0, "since") > p.text(t, "items", 0, "at") {
		t.Errorf("a sitting does not go from its first entry to its last: %s", p.body)
	}
	one := h.want(200, h.owner, "GET", "/v1/audit?limit=1&what=cadence.edited&target="+id, "")
	if one.get(t, "items", 0, "times") != 2.0 {
		t.Errorf("a page ends within a sitting: %s", one.body)
	}
	csv := h.want(200, h.owner, "GET", "/v1/audit/export?what=cadence.edited", "")
	if n := strings.Count(string(csv.body), ",cadence.edited,"); n != edits {
		t.Errorf("the export has %d of %d entries", n, edits)
	}
}
