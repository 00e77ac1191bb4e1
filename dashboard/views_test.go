package dashboard_test

import (
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dashboard/access"
)

const aView = `{"page":"leads","name":"Never called","search":{"sort":"-created","called":"never","cols":["name","number"],"n":3,"b":true}}`

// views exercises what saved views are asked.
func (r *rig) views() {
	t := r.t
	id := r.call(201, "POST", "/v1/views", aView).text(t, "id")
	r.call(409, "POST", "/v1/views", aView)
	at := "/v1/views/" + id
	if got := r.call(200, "PATCH", at, `{"name":"Fresh","search":{}}`); got.text(t, "name") != "Fresh" || got.get(t, "shared") != false || got.get(t, "mine") != true {
		t.Errorf("changed to %s", got.body)
	}
	r.call(200, "POST", at+"/share", "")
	r.call(200, "POST", at+"/unshare", "")
	r.call(204, "PUT", "/v1/views/default", `{"page":"leads","view":"`+id+`"}`)
	if got := r.call(200, "GET", "/v1/views?page=leads", ""); got.get(t, "items", 0, "default") != true {
		t.Errorf("listed as %s", got.body)
	}
	r.call(204, "PUT", "/v1/views/default", `{"page":"leads"}`)
	r.call(204, "DELETE", at, "")
	r.call(404, "DELETE", at, "")
	r.call(400, "GET", "/v1/views?page=ops", "")
}

func TestViewsAreReadStrictly(t *testing.T) {
	r := newRig(t)
	for what, body := range map[string]string{
		"no page":           `{"name":"x","search":{}}`,
		"an unknown page":   `{"page":"ops","name":"x","search":{}}`,
		"no name":           `{"page":"leads","name":" ","search":{}}`,
		"no search":         `{"page":"leads","name":"x"}`,
		"a search of text":  `{"page":"leads","name":"x","search":"q=1"}`,
		"a bad parameter":   `{"page":"leads","name":"x","search":{"Q Q":"1"}}`,
		"an object inside":  `{"page":"leads","name":"x","search":{"q":{}}}`,
		"null inside":       `{"page":"leads","name":"x","search":{"q":null}}`,
		"a list of numbers": `{"page":"leads","name":"x","search":{"q":[1]}}`,
		"long text":         `{"page":"leads","name":"x","search":{"q":"` + strings.Repeat("x", 501) + `"}}`,
		"an unknown field":  `{"page":"leads","name":"x","search":{},"shared":true}`,
	} {
		if p := r.send("POST", "/v1/views", body); p.status != 400 {
			t.Errorf("%s: %d %s", what, p.status, p.body)
		}
	}
	r.call(404, "PUT", "/v1/views/default", `{"page":"leads","view":"vw_`+strings.Repeat("a", 26)+`"}`)
	r.call(400, "PUT", "/v1/views/default", `{"page":"ops"}`)
}

// A view is its creator's until whoever may shares it; then it is everybody's
// who sees the page, and the house's to change.
func TestViewsAreSharedByGrant(t *testing.T) {
	h := newHouse(t)
	_, manager := h.invited("Manager 1", access.Manager)
	_, reader := h.invited("Reader 1", access.Custom, access.LeadsRead)
	_, viewer := h.invited("Viewer 1", access.Viewer)
	id := h.want(201, manager, "POST", "/v1/views", aView).text(t, "id")
	at := "/v1/views/" + id
	listed := func(cookie string, want int) *reply {
		t.Helper()
		p := h.want(200, cookie, "GET", "/v1/views", "")
		if n := len(p.get(t, "items").([]any)); n != want {
			t.Errorf("%d views are listed, want %d: %s", n, want, p.body)
		}
		return p
	}
	listed(reader, 0)
	h.want(404, reader, "PATCH", at, `{"name":"Stolen"}`)
	h.want(404, reader, "DELETE", at, "")
	h.want(404, reader, "PUT", "/v1/views/default", `{"page":"leads","view":"`+id+`"}`)
	h.want(403, reader, "POST", at+"/share", "")
	h.want(200, manager, "POST", at+"/share", "")

	if p := listed(reader, 1); p.text(t, "items", 0, "by") != "Manager 1" || p.get(t, "items", 0, "mine") != false {
		t.Errorf("shared as %s", p.body)
	}
	listed(viewer, 0) // who does not see leads
	h.want(403, viewer, "POST", "/v1/views", aView)
	h.want(403, reader, "PATCH", at, `{"name":"Stolen"}`)
	h.want(403, reader, "DELETE", at, "")
	h.want(204, reader, "PUT", "/v1/views/default", `{"page":"leads","view":"`+id+`"}`)
	if p := listed(manager, 1); p.get(t, "items", 0, "default") != false {
		t.Error("one person's default is another's")
	}
	h.want(200, h.owner, "PATCH", at, `{"name":"Ours"}`)
	h.want(200, h.owner, "POST", at+"/unshare", "")
	listed(reader, 0)
	if p := listed(manager, 1); p.text(t, "items", 0, "name") != "Ours" {
		t.Errorf("back with its creator: %s", p.body)
	}
	log := string(h.want(200, h.owner, "GET", "/v1/audit", "").body)
	for _, deed := range []string{"view.created", "view.shared", "view.changed", "view.unshared"} {
		if !strings.Contains(log, deed) {
			t.Errorf("the audit log has no %s", deed)
		}
	}
}

// Leads come in the order that was asked for, page by page, and only those that
// were.
func TestLeadsAreListedInOrder(t *testing.T) {
	r := newRig(t)
	r.imported("", people)
	order := func(query string, want ...string) {
		t.Helper()
		var got []string
		for next := ""; ; {
			p := r.call(200, "GET", "/v1/leads?limit=1&"+query+next, "")
			for _, it := range p.get(t, "items").([]any) {
				got = append(got, it.(map[string]any)["external_id"].(string))
			}
			cursor, more := p.get(t, "next").(string)
			if !more {
				break
			}
			next = "&cursor=" + cursor
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	order("sort=name", "x1", "x2")
	order("sort=-name", "x2", "x1")
	r.call(200, "PATCH", "/v1/leads/"+r.call(200, "GET", "/v1/leads?external_id=x1", "").text(t, "items", 0, "id"), `{"name":"Zed"}`)
	order("sort=name", "x2", "x1")
	order("called=never&sort=-name", "x1", "x2")
	order("called=ever")
	list := r.call(200, "GET", "/v1/lists", "").text(t, "items", 0, "id")
	order("sort=name&list="+list, "x2", "x1")
	order("sort=name&list=ls_b" + strings.Repeat("a", 25))
	for _, bad := range []string{"sort=email", "sort=name&q=lead", "sort=name&cursor=t.1.x", "called=often", "sort=name&list=x", "sort=name&external_id=x1"} {
		r.call(400, "GET", "/v1/leads?"+bad, "")
	}
}
