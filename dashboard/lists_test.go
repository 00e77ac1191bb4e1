package dashboard_test

import (
	"strings"
	"testing"
)

// leadLists tries a file, imports it, changes its list, and takes it back.
func (r *rig) leadLists() {
	t := r.t
	const file = "Name,Dial\nLead 00021,+12125550121\nLead 00022,soon\n"
	csv := func(status int, query string) *reply {
		return r.call(status, "POST", "/v1/leads/import/preview"+query, file, "Content-Type", "text/csv")
	}
	if p := csv(200, ""); p.text(t, "problem", "code") != "file.no_phone" || p.text(t, "columns", 1, "field") != "extra" || p.text(t, "columns", 1, "samples", 1) != "soon" || p.get(t, "rows") != 0.0 {
		t.Errorf("a file without a column of numbers: %s", p.body)
	}
	if p := csv(200, "?mapping=%7B%22Dial%22%3A%22phone%22%7D"); p.get(t, "problem") != nil || p.get(t, "new") != 1.0 || p.get(t, "rejected") != 1.0 || p.get(t, "rejects", 0, "line") != 3.0 {
		t.Errorf("a dry run: %s", p.body)
	}
	csv(400, "?mapping=%7B%22Dial%22%3A%22fax%22%7D")
	csv(400, "?region=usa")
	r.call(400, "POST", "/v1/leads/import/preview", "", "Content-Type", "text/csv")
	r.call(400, "POST", "/v1/leads/import/preview", file, "Content-Type", "application/pdf")

	done := r.imported("?name=Walked&mapping=%7B%22Dial%22%3A%22phone%22%7D", file)
	at := "/v1/lists/" + done.text(t, "import", "list")
	for body, status := range map[string]int{`{"priority":10}`: 400, `{"release_per_day":-1}`: 400, `{"pause":true}`: 400, `{}`: 200} {
		r.call(status, "PATCH", at, body)
	}
	l := r.call(200, "PATCH", at, `{"paused":true,"priority":2,"release_per_day":50}`)
	if l.get(t, "paused") != true || l.get(t, "priority") != 2.0 || l.get(t, "release_per_day") != 50.0 || l.get(t, "callable_today") != 0.0 || l.get(t, "leads") != 1.0 {
		t.Errorf("a changed list: %s", l.body)
	}
	if got := r.call(200, "GET", at, ""); got.text(t, "name") != "Walked" || got.text(t, "import_state") != "done" {
		t.Errorf("the list: %s", got.body)
	}
	r.call(404, "GET", "/v1/lists/ls_aaaaaaaaaaaaaaaaaaaaaaaaaa", "")
	r.call(404, "PATCH", "/v1/lists/ls_aaaaaaaaaaaaaaaaaaaaaaaaaa", `{"paused":true}`)

	imp := "/v1/imports/" + done.text(t, "import", "id")
	r.call(202, "POST", imp+"/undo", "")
	undone := r.until(imp, func(p *reply) bool { return p.text(r.t, "import", "state") == "undone" })
	if undone.get(t, "import", "removed") != 1.0 || len(undone.get(t, "import", "kept").([]any)) != 0 {
		t.Errorf("undone: %s", undone.body)
	}
	if got := r.call(200, "GET", at, ""); got.get(t, "leads") != 0.0 || got.text(t, "import_state") != "undone" {
		t.Errorf("its list: %s", got.body)
	}
	r.call(404, "POST", "/v1/imports/im_aaaaaaaaaaaaaaaaaaaaaaaaaa/undo", "")
}

// A file above the limit of a dry run is refused by name, and not held.
func TestDryRunRefusesLargeFiles(t *testing.T) {
	r := newRig(t)
	file := "Phone\n" + strings.Repeat("+12125550121\n", (32<<20)/13+1)
	if p := r.call(413, "POST", "/v1/leads/import/preview", file, "Content-Type", "text/csv"); p.text(t, "error", "code") != "too_large" {
		t.Errorf("%s", p.body)
	}
}
