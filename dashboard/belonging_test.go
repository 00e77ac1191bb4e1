package dashboard_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dashboard/access"
)

// person is somebody who is signed in.
type person struct {
	id, email, cookie string
	set               access.Set
}

func (h *house) person(name string, role access.Role, grants ...access.Grant) *person {
	h.t.Helper()
	p := &person{email: strings.ReplaceAll(name, " ", ".") + "@example.test"}
	p.set, _ = access.Of(role, grants)
	p.id, p.cookie = h.invited(name, role, grants...)
	p.email = strings.ToLower(p.email)
	return p
}

// thing is how to ask a route about something that belongs to somebody.
type thing struct {
	// of makes one of whose, and tells the path that names it.
	of   func(h *house, whose *person) (path string)
	body string
	done int // the status when it was done
	// has reports whether somebody can have one; nil: everybody can.
	has func(whose *person) bool
	// there reports whether it is as it was.
	there func(h *house, whose *person, path string) bool
}

// aPrivateView is a view that nobody has shared. Who sees no page has none.
func aPrivateView(done int, body string, deed ...string) thing {
	made := 0
	return thing{
		of: func(h *house, whose *person) string {
			made++
			return "/v1/views/" + h.want(201, whose.cookie, "POST", "/v1/views", fmt.Sprintf(`{"page":"cadences","name":"View %d","search":{}}`, made)).text(h.t, "id") + strings.Join(deed, "")
		},
		body: body, done: done,
		has: func(whose *person) bool { return whose.set.Has(access.CadencesRead) },
		there: func(h *house, whose *person, path string) bool {
			all := string(h.want(200, whose.cookie, "GET", "/v1/views", "").body)
			id := strings.Split(path, "/")[3]
			return strings.Contains(all, id) && !strings.Contains(all, "Somebody else") && !strings.Contains(all, `"shared":true`)
		},
	}
}

var things = map[string]thing{
	"PATCH /v1/views/:id":        aPrivateView(http.StatusOK, `{"name":"Somebody else's"}`),
	"DELETE /v1/views/:id":       aPrivateView(http.StatusNoContent, ""),
	"POST /v1/views/:id/share":   aPrivateView(http.StatusOK, "", "/share"),
	"POST /v1/views/:id/unshare": aPrivateView(http.StatusOK, "", "/unshare"),
	"DELETE /v1/me/sessions/:id": {
		of: func(h *house, whose *person) string {
			other := h.cookieOf(h.signIn(200, whose.email, password))
			for _, now := range h.want(200, other, "GET", "/v1/me/sessions", "").get(h.t, "items").([]any) {
				if one := now.(map[string]any); one["current"] == true {
					return "/v1/me/sessions/" + one["id"].(string)
				}
			}
			h.t.Fatal("a session that was begun is not listed")
			return ""
		},
		done: http.StatusNoContent,
		there: func(h *house, whose *person, path string) bool {
			return strings.Contains(string(h.want(200, whose.cookie, "GET", "/v1/me/sessions", "").body), path[strings.LastIndex(path, "/")+1:])
		},
	},
	"PATCH /v1/users/:id": {
		of: func(_ *house, whose *person) string { return "/v1/users/" + whose.id }, body: `{"name":"Somebody else"}`, done: http.StatusOK,
		there: func(h *house, _ *person, _ string) bool {
			return !strings.Contains(string(h.want(200, h.owner, "GET", "/v1/users", "").body), "Somebody else")
		},
	},
	"POST /v1/users/:id/link": {
		of: func(_ *house, whose *person) string { return "/v1/users/" + whose.id + "/link" }, done: http.StatusOK,
		there: func(h *house, whose *person, _ string) bool {
			for _, u := range h.want(200, h.owner, "GET", "/v1/users", "").get(h.t, "items").([]any) {
				if one := u.(map[string]any); one["id"] == whose.id {
					return one["link_until"] == nil
				}
			}
			return false
		},
	},
	"DELETE /v1/users/:id/sessions": {
		of: func(_ *house, whose *person) string { return "/v1/users/" + whose.id + "/sessions" }, done: http.StatusNoContent,
		there: func(h *house, whose *person, _ string) bool {
			return h.ask(whose.cookie, "GET", "/v1/me/sessions", "").status == 200
		},
	},
}

// Every route about what belongs to somebody, by everybody, about their own and
// everybody else's: what may not be done is not, and leaves things as they were.
func TestWhatBelongsToSomebody(t *testing.T) {
	for _, r := range access.Table() {
		if r.Whose() == access.Anybodys {
			continue
		}
		th, known := things[r.Method+" "+r.Path]
		if !known {
			t.Errorf("%s %s belongs to somebody: say in this file how such a thing is made", r.Method, r.Path)
			continue
		}
		t.Run(r.Method+" "+r.Path, func(t *testing.T) {
			h := newHouse(t)
			people := h.everybody()
			if th.has != nil {
				people = slices.DeleteFunc(people, func(p *person) bool { return !th.has(p) })
			}
			h.refused(&r, &th, people)
			h.done(&r, &th, people)
		})
	}
}

// everybody is one person of each role, and two who hold chosen grants.
func (h *house) everybody() []*person {
	all := []*person{
		h.person("Manages users", access.Custom, access.UsersManage),
		h.person("Manages viewers", access.Custom, access.UsersManage, access.FiguresRead, access.CadencesRead),
	}
	for _, role := range access.Roles() {
		all = append(all, h.person(string(role)+" 1", role))
	}
	return all
}

// answers is what the table says of a route that asker asks about whose.
func (th *thing) answers(r *access.Rule, asker, whose *person) int {
	switch {
	case !asker.set.Has(r.Grant):
		return http.StatusForbidden
	case r.Whose() == access.Own && whose != asker:
		return http.StatusNotFound
	case r.Whose() == access.Lesser && !asker.set.Covers(whose.set):
		return http.StatusForbidden
	}
	return th.done
}

// refused tries all that may not be done, which changes nothing.
func (h *house) refused(r *access.Rule, th *thing, people []*person) {
	for _, whose := range people {
		path := th.of(h, whose)
		for _, asker := range people {
			want := th.answers(r, asker, whose)
			if want == th.done {
				continue
			}
			if p := h.ask(asker.cookie, r.Method, path, th.body); p.status != want {
				h.t.Errorf("%s about %s: %d, want %d: %s", asker.email, whose.email, p.status, want, p.body)
			}
			if !th.there(h, whose, path) {
				h.t.Fatalf("%s was refused about %s, and it was done", asker.email, whose.email)
			}
		}
	}
}

// done does all that may be.
func (h *house) done(r *access.Rule, th *thing, people []*person) {
	did := 0
	for _, whose := range people {
		for _, asker := range people {
			if th.answers(r, asker, whose) != th.done {
				continue
			}
			did++
			for _, p := range []*person{whose, asker} { // whose sessions may have been ended
				p.cookie = h.cookieOf(h.signIn(200, p.email, password))
			}
			path := th.of(h, whose)
			if p := h.ask(asker.cookie, r.Method, path, th.body); p.status != th.done {
				h.t.Errorf("%s about %s: %d, want %d: %s", asker.email, whose.email, p.status, th.done, p.body)
			}
		}
	}
	if did == 0 {
		h.t.Error("nobody may do it")
	}
}
