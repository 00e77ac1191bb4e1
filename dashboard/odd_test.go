package dashboard_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
)

// The id of nobody narrows a list to nothing, not to everything.
func TestNobodysIdFindsNobody(t *testing.T) {
	r := newRig(t, func(r *rig) { r.store = closedAttempts(t, 3) })
	r.imported("", people)
	for _, path := range []string{"/v1/leads?list=ls_", "/v1/leads?sort=name&list=ls_", "/v1/attempts?lead=ld_", "/v1/return-calls?lead=ld_"} {
		p := r.call(200, "GET", path+strings.Repeat("a", 26), "")
		if n := len(p.get(t, "items").([]any)); n != 0 || p.get(t, "next") != nil {
			t.Errorf("%s finds %d: %s", path, n, p.body)
		}
	}
}

// A session that is nobody's is not there; it does not stand for all.
func TestNobodysSessionIsNotThere(t *testing.T) {
	h := newHouse(t)
	h.want(404, h.owner, "DELETE", "/v1/me/sessions/ss_"+strings.Repeat("a", 26), "")
	h.want(200, h.owner, "GET", "/v1/cadences", "")
}

// How long last reaches back does not run over: what is too long is refused.
func TestLastIsBounded(t *testing.T) {
	r := newRig(t)
	for _, last := range []string{"106751991168d", "213503982335d", "9223372036854775807h", "3651d", "87601h"} {
		if p := r.call(400, "GET", "/v1/overview?last="+last, ""); p.text(t, "error", "field") != "last" {
			t.Errorf("%s: %s", last, p.body)
		}
	}
	r.call(200, "GET", "/v1/overview?last=3650d", "")
}

// A period that only ends somewhere is told as one.
func TestAPeriodThatOnlyEndsIsTold(t *testing.T) {
	r := newRig(t)
	p := r.call(200, "GET", "/v1/overview?to=2026-03-01", "")
	if p.get(t, "period") == nil || p.text(t, "period", "to") != "2026-03-02T00:00:00.000Z" || p.get(t, "previous") != nil {
		t.Errorf("%s", p.body)
	}
}

// A lead's zone is one that the permit knows, written as the database has it.
func TestALeadsZoneIsAPlace(t *testing.T) {
	r := newRig(t)
	r.imported("", people)
	at := "/v1/leads/" + r.call(200, "GET", "/v1/leads?external_id=x1", "").text(t, "items", 0, "id")
	for _, zone := range []string{"EST", "UTC", "Etc/GMT+5", "Local", "Nowhere/Town"} {
		if p := r.call(400, "PATCH", at, `{"zone":"`+zone+`"}`); p.text(t, "error", "field") != "zone" {
			t.Errorf("%s: %s", zone, p.body)
		}
		p := r.call(400, "POST", "/v1/compliance/verdict", `{"number":"+12125550101","lead_zone":"`+zone+`"}`)
		if p.text(t, "error", "field") != "lead_zone" {
			t.Errorf("%s: %s", zone, p.body)
		}
	}
	if got := r.call(200, "PATCH", at, `{"zone":"america/chicago"}`).text(t, "zone"); got != "America/Chicago" {
		t.Errorf("the zone is %q", got)
	}
	r.call(200, "PATCH", at, `{"zone":""}`)
}

// What a filter cannot be is refused, and what it can be is what the contract says.
func TestFiltersTakeWhatTheyKnow(t *testing.T) {
	r := newRig(t)
	r.prepared()
	looked := 0
	for key, op := range r.contract.ops {
		path, isGet := strings.CutPrefix(key, "GET ")
		if !isGet || strings.Contains(path, "{") || slices.Contains([]string{"/v1/dossier", "/v1/reports/calls/export"}, path) {
			continue
		}
		for _, in := range op.Parameters {
			if in.Value.In != "query" || len(in.Value.Schema.Value.Enum) == 0 {
				continue
			}
			looked++
			ask := path + "?" + url.Values{"cadence": {"Two calls"}, in.Value.Name: {"no-such"}}.Encode()
			if path != "/v1/enrollments" {
				ask = path + "?" + in.Value.Name + "=no-such"
			}
			if p := r.call(400, "GET", ask, ""); p.text(t, "error", "field") != in.Value.Name {
				t.Errorf("%s: %s", ask, p.body)
			}
			for _, one := range in.Value.Schema.Value.Enum {
				r.call(200, "GET", strings.Replace(ask, "no-such", one.(string), 1), "")
			}
		}
	}
	if looked < 8 {
		t.Errorf("%d filters were looked at", looked)
	}
}

// The field that is wrong is the one that is named, and nothing unknown is
// passed over.
func TestRareRefusalsNameTheirField(t *testing.T) {
	r := newRig(t)
	id := r.prepared()
	long := strings.Repeat("x", 201)
	for _, name := range []string{"name", "source", "lead_type"} {
		if p := r.call(400, "POST", "/v1/leads/import?"+name+"="+long, people, "Content-Type", "text/csv"); p.text(t, "error", "field") != name {
			t.Errorf("%s: %s", name, p.body)
		}
	}
	bundle := `{"format":"carillon.bundle/v1","cadences":[` + document + `],"colour":"red"}`
	for _, path := range []string{"/v1/cadences/import", "/v1/cadences/import/preview"} {
		if p := r.call(400, "POST", path, bundle); p.text(t, "error", "field") != "colour" {
			t.Errorf("%s: %s", path, p.body)
		}
	}
	r.imported("", people)
	list := "/v1/lists/" + r.call(200, "GET", "/v1/lists", "").text(t, "items", 0, "id")
	if p := r.call(400, "PATCH", list, `{"priority":1.5}`); p.text(t, "error", "field") != "priority" || !strings.Contains(p.text(t, "error", "message"), "a whole number") {
		t.Errorf("%s", p.body)
	}
	if p := r.call(400, "DELETE", "/v1/cadences/"+id, `{"really":false}`); p.text(t, "error", "field") != "really" {
		t.Errorf("%s", p.body)
	}
}

// Of more old answers than are forgotten at once the rest goes with the next
// requests: a program that writes all day does not fill the disk.
func TestOldAnswersAreForgottenInParts(t *testing.T) {
	r := newRig(t, func(r *rig) { r.store = keptAnswers(t, 4500) })
	for n := range 3 {
		r.call(200, "POST", "/v1/cadences/validate", document, "Idempotency-Key", fmt.Sprintf("new %d", n))
	}
	left := 0
	r.must(r.engine.Rows().Answers(func(string, *state.Answer) bool { left++; return true }))
	if left != 3 {
		t.Errorf("%d answers are kept, want those of the last 3 requests", left)
	}
}

// keptAnswers is a ledger with so many answers of two days ago.
func keptAnswers(t *testing.T, n int) *memory.Ledger {
	t.Helper()
	store := memory.New()
	tenure, err := store.Claim(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var facts []event.Fact
	for i := range n {
		facts = append(facts, &event.AnswerKept{Key: fmt.Sprintf("old %05d", i), Hash: []byte("x"), Status: 200, At: tuesday.Add(-50 * time.Hour).UnixMilli()})
		if len(facts) == 1000 || i == n-1 {
			if err := upgrade.Commit(t.Context(), store, tenure, facts, nil); err != nil {
				t.Fatal(err)
			}
			facts = nil
		}
	}
	return store.Clone()
}

// A cursor of one list is none of another.
func TestCursorsAreOfTheirList(t *testing.T) {
	r := newRig(t)
	for path, part := range map[string]string{"/v1/cadences": "l", "/v1/lists": "c", "/v1/attempts": "returns", "/v1/return-calls": "o", "/v1/rehearsals": "c"} {
		if p := r.call(400, "GET", path+"?cursor="+part+".1."+strings.Repeat("a", 26), ""); p.text(t, "error", "field") != "cursor" {
			t.Errorf("%s: %s", path, p.body)
		}
	}
}

// Whoever imports do-not-call lists sees what was wrong with one; whoever
// imports leads does not.
func TestWhoSeesTheLinesOfAList(t *testing.T) {
	h := newHouse(t)
	lists, leads := h.key("lists", access.DNCImport, access.DNCRead), h.key("leads", access.LeadsImport)
	p := h.want(202, lists, "POST", "/v1/dnc/imports?list=national&as_of=2026-03-01", "2125550191\nsoon\n", "Content-Type", "text/plain")
	id := p.text(t, "import", "id")
	for p.text(t, "import", "state") == "running" {
		p = h.want(200, lists, "GET", "/v1/dnc/imports/"+id, "")
	}
	at := p.text(t, "import", "errors_url")
	if bad := h.want(200, lists, "GET", at, ""); bad.get(t, "items", 0, "line") != 2.0 {
		t.Errorf("%s", bad.body)
	}
	h.want(403, leads, "GET", at, "")
	h.want(404, leads, "GET", "/v1/imports/"+id+"/errors", "")
	file := h.want(202, leads, "POST", "/v1/leads/import", people, "Content-Type", "text/csv").text(t, "import", "id")
	h.want(404, lists, "GET", "/v1/dnc/imports/"+file+"/errors", "")
}
