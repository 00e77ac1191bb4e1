package dashboard_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const five = `{"format":"carillon.cadence/v1","name":"Five calls","audience":{"type":"manual"},
"time_restrictions":{"windows":[{"days":["mon","tue","wed","thu","fri"],"from":"09:00","to":"17:00"}]},
"connect":[{"to":"number","number":"+13035550100"}],"runs":{"max":1},
"steps":[{"key":"one","kind":"call","delay_after":"4h"},{"key":"two","kind":"call"}]}`

// drafting exercises what an editor asks for.
func (r *rig) drafting() {
	t := r.t
	id := r.call(201, "POST", "/v1/cadences", five).text(t, "id")
	at := "/v1/cadences/" + id
	r.call(200, "POST", "/v1/cadences/preview", ask(five, "+13035550123", "2026-11-27T16:50"))
	r.call(200, "POST", "/v1/cadences/import/preview", five)
	r.call(200, "GET", at+"/diff", "")
	r.call(200, "POST", at+"/publish", "")
	r.call(200, "PUT", at, strings.Replace(five, `"4h"`, `"5h"`, 1))
	r.call(200, "POST", at+"/publish", "")
	r.call(200, "GET", at+"/versions", "")
	r.call(200, "GET", at+"/versions/1", "")
	r.call(200, "GET", at+"/diff?from=1&to=2", "")
	r.call(200, "POST", at+"/versions/1/restore", "")
	r.call(200, "POST", at+"/migrate", "")
	r.call(200, "GET", "/v1/cadences?audience=manual&channel=call", "")
	r.call(200, "GET", "/v1/templates/five-touches", "")
	made := r.call(201, "POST", "/v1/templates", `{"name":"Ours","cadence":"`+id+`"}`).text(t, "id")
	r.call(200, "GET", "/v1/templates", "")
	r.call(200, "PATCH", "/v1/templates/"+made, `{"name":"Ours too"}`)
	r.call(204, "DELETE", "/v1/templates/"+made, "")
}

func ask(document, number, enrolled string) string {
	return fmt.Sprintf(`{"document":%s,"number":"%s","enrolled":"%s"}`, document, number, enrolled)
}

// A lead enrolled ten minutes before the hours end on a Friday is called then,
// and the second call waits until Monday morning, in the lead's own time.
func TestPreviewKeepsTheLeadsHours(t *testing.T) {
	r := newRig(t)
	r.call(200, "POST", "/v1/resume", "") // a turn after the one that put the packs in force
	p := r.call(200, "POST", "/v1/cadences/preview", ask(five, "+13035550123", "2026-11-20T16:50"))

	for i, want := range []string{"2026-11-20T16:50:00", "2026-11-23T09:00:00"} {
		if got := p.text(t, "touches", i, "local"); got != want {
			t.Errorf("call %d comes %s, want %s", i+1, got, want)
		}
	}
	if got := p.text(t, "zone"); got != "America/Denver" {
		t.Errorf("the lead is in %s", got)
	}
	if p.text(t, "touches", 1, "rule") == "" || p.text(t, "ends") != "completed" {
		t.Errorf("it does not say why, or how it ends: %s", p.body)
	}
	if state := r.call(200, "GET", "/v1/leads", ""); !strings.Contains(string(state.body), `"items":[]`) {
		t.Errorf("a preview left a lead: %s", state.body)
	}
	longer := strings.Replace(five, `"4h"`, `"5d"`, 1) // another document under the same zero id: nothing of the first is remembered
	other := strings.Replace(longer, `"17:00"`, `"12:00"`, 1)
	if got := r.call(200, "POST", "/v1/cadences/preview", ask(other, "+13035550123", "2026-11-20T16:50")).text(t, "touches", 0, "local"); got != "2026-11-23T09:00:00" {
		t.Errorf("under shorter hours the first call comes %s", got)
	}
}

func TestPreviewRefusesWhatCannotBePublished(t *testing.T) {
	r := newRig(t)
	p := r.call(400, "POST", "/v1/cadences/preview", ask(strings.Replace(five, `"to":"number","number":"+13035550100"`, `"to":"ai"`, 1), "+13035550123", "2026-11-20T16:50"))
	if got := p.text(t, "error", "details", 0, "path"); !strings.HasPrefix(got, "connect[0]") {
		t.Errorf("the problem is at %q: %s", got, p.body)
	}
	r.call(400, "POST", "/v1/cadences/preview", ask(five, "+1", "2026-11-20T16:50"))
	r.call(400, "POST", "/v1/cadences/preview", ask(five, "+13035550123", "Friday"))
	r.call(400, "POST", "/v1/cadences/preview", strings.Replace(ask(five, "+13035550123", "2026-11-20T16:50"), `"number"`, `"phone"`, 1))
}

// Rolling back publishes the older document as a new version; a draft with
// work in it is left alone.
func TestRestorePublishesAnOlderDocument(t *testing.T) {
	r := newRig(t)
	id := r.call(201, "POST", "/v1/cadences", five).text(t, "id")
	at := "/v1/cadences/" + id
	first := r.call(200, "POST", at+"/publish", "")
	r.call(200, "PUT", at, strings.Replace(five, `"4h"`, `"5h"`, 1))
	r.call(200, "POST", at+"/publish", "")
	diff := r.call(200, "GET", at+"/diff?from=1&to=2", "")
	if got := diff.text(t, "changes", 0, "path"); got != "delay_after" || diff.text(t, "changes", 0, "step") != "one" {
		t.Errorf("the difference is said to be %s", diff.body)
	}
	back := r.call(200, "POST", at+"/versions/1/restore", "")
	if back.get(t, "version") != float64(3) || string(mustJSON(t, back.get(t, "published"))) != string(mustJSON(t, first.get(t, "published"))) || back.get(t, "publishable") != false {
		t.Errorf("after the roll-back: %s", back.body)
	}
	r.call(200, "PUT", at, strings.Replace(five, `"4h"`, `"6h"`, 1))
	kept := r.call(200, "POST", at+"/versions/2/restore", "")
	if kept.text(t, "draft", "steps", 0, "delay_after") != "6h" || kept.text(t, "published", "steps", 0, "delay_after") != "5h" {
		t.Errorf("unpublished work was lost: %s", kept.body)
	}
	r.call(404, "POST", at+"/versions/9/restore", "")
	if got := r.call(200, "GET", at+"/versions?limit=2", ""); got.text(t, "next") != "2" || got.get(t, "items", 1, "version") != float64(3) {
		t.Errorf("the history is %s", got.body)
	}
}

// Leads go over to a new version at the step they are at, unless it is gone.
func TestMigrateMovesWaitingLeads(t *testing.T) {
	r := newRig(t)
	r.wall.Set(time.Date(2026, 3, 7, 15, 0, 0, 0, time.UTC)) // a Saturday: nobody is called
	id := r.call(201, "POST", "/v1/cadences", five).text(t, "id")
	at := "/v1/cadences/" + id
	r.call(200, "POST", at+"/publish", "")
	r.call(200, "POST", at+"/activate", "")
	r.imported("?cadence="+id, people)
	gone := strings.Replace(five, `{"key":"one","kind":"call","delay_after":"4h"},`, "", 1)
	r.call(200, "PUT", at, gone)
	r.call(200, "POST", at+"/publish", "")
	if kept := r.call(200, "POST", at+"/migrate", ""); kept.get(t, "moved") != float64(0) || kept.get(t, "kept", 0, "leads") != float64(2) {
		t.Errorf("a step that is gone: %s", kept.body)
	}
	r.call(200, "PUT", at, strings.Replace(five, `"4h"`, `"6h"`, 1))
	r.call(200, "POST", at+"/publish", "")
	if moved := r.call(200, "POST", at+"/migrate", ""); moved.get(t, "moved") != float64(2) || moved.get(t, "version") != float64(3) {
		t.Errorf("waiting leads: %s", moved.body)
	}
	if again := r.call(200, "POST", at+"/migrate", ""); again.get(t, "moved") != float64(0) {
		t.Errorf("again: %s", again.body)
	}
	one := r.call(200, "GET", "/v1/enrollments?cadence="+id, "")
	if one.get(t, "items", 0, "version") != float64(3) || one.text(t, "items", 0, "step") != "one" {
		t.Errorf("after it: %s", one.body)
	}
}

func TestTemplatesAreKeptAndShippedOnesReadOnly(t *testing.T) {
	r := newRig(t)
	made := r.call(201, "POST", "/v1/templates", `{"name":"<b>Ours</b>","vertical":"Trade","document":`+five+`}`)
	id := made.text(t, "id")
	if made.get(t, "publishable") != true || made.text(t, "document", "name") != "Five calls" {
		t.Errorf("kept as %s", made.body)
	}
	r.call(409, "POST", "/v1/templates", `{"name":"<b>Ours</b>","document":`+five+`}`)
	r.call(409, "POST", "/v1/templates", `{"name":"Five touches","document":`+five+`}`)
	r.call(400, "POST", "/v1/templates", `{"name":"Both","cadence":"x","document":`+five+`}`)
	bad := r.call(400, "POST", "/v1/templates", `{"name":"Bad","document":`+strings.Replace(five, `"steps"`, `"stepz"`, 1)+`}`)
	if bad.text(t, "error", "details", 0, "path") != "stepz" {
		t.Errorf("a bad document: %s", bad.body)
	}
	r.call(409, "PATCH", "/v1/templates/five-touches", `{"name":"Mine"}`)
	r.call(409, "DELETE", "/v1/templates/five-touches", "")
	r.call(404, "GET", "/v1/templates/nothing", "")
	renamed := r.call(200, "PATCH", "/v1/templates/"+id, `{"name":"Ours"}`)
	if renamed.text(t, "name") != "Ours" || renamed.text(t, "vertical") != "Trade" {
		t.Errorf("renamed to %s", renamed.body)
	}
	r.call(204, "DELETE", "/v1/templates/"+id, "")
	r.call(404, "DELETE", "/v1/templates/"+id, "")
}

func TestImportPreviewStoresNothing(t *testing.T) {
	r := newRig(t)
	r.call(201, "POST", "/v1/cadences", five)
	p := r.call(200, "POST", "/v1/cadences/import/preview", strings.Replace(five, `"runs"`, `"routes":[{"on":"MADE_UP","do":"exit"}],"runs"`, 1))
	if p.text(t, "items", 0, "name") != "Five calls (2)" || p.text(t, "items", 0, "renamed_from") != "Five calls" ||
		p.text(t, "items", 0, "missing", 0, "name") != "MADE_UP" || p.get(t, "items", 0, "publishable") != false {
		t.Errorf("told: %s", p.body)
	}
	if p.get(t, "items", 0, "problems", 0, "line") != float64(3) {
		t.Errorf("the problem has no line: %s", p.body)
	}
	bad := r.call(400, "POST", "/v1/cadences/import/preview", `{"format":"carillon.cadence/v1"`)
	if bad.text(t, "error", "details", 0, "message") == "" {
		t.Errorf("unreadable: %s", bad.body)
	}
	if all := r.call(200, "GET", "/v1/cadences", ""); strings.Count(string(all.body), `"revision"`) > 0 || strings.Contains(string(all.body), "(2)") {
		t.Errorf("something was stored: %s", all.body)
	}
}
