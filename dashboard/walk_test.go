package dashboard_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard/live"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

const document = `{"format":"carillon.cadence/v1","name":"Two calls","audience":{"type":"manual"},
"connect":[{"to":"number","number":"+13035550100"}],"runs":{"max":1},
"exit_when":[{"signal":"meeting_booked"}],
"steps":[{"key":"one","kind":"call","delay_after":"4h"},{"key":"two","kind":"call"}]}`

const people = "external_id,name,phone,zone\nx1,Lead 00001,+12125550101,America/New_York\nx2,Lead 00002,+12125550102,America/New_York\nx3,Lead 00003,3.03556E+09,America/New_York\n"

// prepared creates, publishes and activates the cadence and returns its id.
func (r *rig) prepared() string {
	r.t.Helper()
	id := r.call(201, "POST", "/v1/cadences", document).text(r.t, "id")
	r.call(200, "POST", "/v1/cadences/"+id+"/publish", "")
	r.call(200, "POST", "/v1/cadences/"+id+"/activate", "")
	return id
}

// imported brings the leads in and waits until they are.
func (r *rig) imported(query, csv string) *reply {
	r.t.Helper()
	p := r.call(202, "POST", "/v1/leads/import"+query, csv, "Content-Type", "text/csv")
	return r.until("/v1/imports/"+p.text(r.t, "import", "id"), func(p *reply) bool { return p.text(r.t, "import", "state") != "running" })
}

// Every operation of the contract is exercised with success, and every answer
// is what the contract says.
func TestEveryOperationKeepsTheContract(t *testing.T) {
	r := newRig(t, withAccount)
	id := r.cadences()
	attempt := r.people(id)
	r.leadLists()
	r.attempts(id, attempt)
	r.reports(id)
	r.callerIDs()
	r.abandoned()
	r.dossier(attempt)
	r.erased()
	r.numbersAndOperation(id)
	r.compliance(id)
	r.returnCalls()
	r.rehearsals(id)
	r.stream()
	r.media()
	r.drafting()
	r.views()
	walkAccess(t, r.contract)
	for key, op := range r.contract.ops {
		if !r.contract.used[op.OperationID] {
			t.Errorf("%s (%s) was not exercised", op.OperationID, key)
		}
	}
}

func (r *rig) cadences() string {
	t := r.t
	id := r.call(201, "POST", "/v1/cadences", document).text(t, "id")
	at := "/v1/cadences/" + id
	r.call(409, "POST", "/v1/cadences", document)
	r.call(200, "POST", "/v1/cadences/validate", `{"format":"carillon.cadence/v1"}`)
	r.call(200, "POST", at+"/validate", "")
	detail := r.call(200, "GET", at, "")
	revision := strings.TrimSuffix(string(mustJSON(t, detail.get(t, "revision"))), ".0")
	edited := strings.Replace(document, `"4h"`, `"5h"`, 1)
	r.call(409, "PUT", at, edited, "If-Match", "1")
	changed := r.call(200, "PUT", at, edited, "If-Match", revision)
	if changed.get(t, "revision") == detail.get(t, "revision") {
		t.Error("an edit did not change the revision")
	}
	r.call(409, "POST", at+"/activate", "")
	r.call(200, "POST", at+"/publish", "")
	r.call(200, "POST", at+"/activate", "")
	r.call(200, "POST", at+"/deactivate", "")
	r.call(200, "POST", at+"/activate", "")
	copied := r.call(201, "POST", at+"/duplicate", "")
	if got := copied.text(t, "name"); got != "Two calls (2)" {
		t.Errorf("the copy is named %q", got)
	}
	away := "/v1/cadences/" + copied.text(t, "id")
	r.call(200, "POST", away+"/archive", "")
	r.call(409, "POST", away+"/activate", "")
	if back := r.call(200, "POST", away+"/unarchive", ""); back.text(t, "status") != "draft" {
		t.Errorf("never published, it comes back as %s", back.body)
	}
	r.call(200, "POST", away+"/archive", "")
	out := r.call(200, "GET", at+"/export", "")
	in := r.call(201, "POST", "/v1/cadences/import", string(out.body))
	if in.text(t, "items", 0, "renamed_from") != "Two calls" {
		t.Errorf("a name in use was not told: %s", in.body)
	}
	r.call(200, "GET", at+"/export?closure=true", "")
	r.call(204, "DELETE", "/v1/cadences/"+in.text(t, "items", 0, "cadence", "id"), "")
	first := r.call(200, "GET", "/v1/cadences?limit=1", "")
	second := r.call(200, "GET", "/v1/cadences?limit=1&cursor="+first.text(t, "next"), "")
	if first.text(t, "items", 0, "id") == second.text(t, "items", 0, "id") || second.get(t, "next") != nil {
		t.Errorf("pages overlap or do not end: %s %s", first.body, second.body)
	}
	r.call(404, "GET", "/v1/cadences/cd_"+strings.Repeat("a", 26), "")
	r.call(400, "GET", "/v1/cadences/nothing", "")
	return id
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// people imports leads, enrolls one, and returns the attempt it is called by.
func (r *rig) people(id string) cadence.ID {
	t := r.t
	done := r.imported("", people)
	if done.get(t, "import", "created") != 2.0 || done.get(t, "import", "rejected") != 1.0 {
		t.Fatalf("import: %s", done.body)
	}
	r.call(200, "GET", done.text(t, "import", "errors_url"), "")
	lists := r.call(200, "GET", "/v1/lists", "")
	list := lists.text(t, "items", 0, "id")
	found := r.call(200, "GET", "/v1/leads?external_id=x1", "")
	lead := found.text(t, "items", 0, "id")
	for _, q := range []string{"?q=lead+0000", "?number=%2B12125550101", "?list=" + list, "?limit=1"} {
		if got := r.call(200, "GET", "/v1/leads"+q, ""); len(got.get(t, "items").([]any)) == 0 {
			t.Errorf("nobody found by %s", q)
		}
	}
	r.searches(lead)
	r.call(200, "GET", "/v1/leads/"+lead, "")
	patched := r.call(200, "PATCH", "/v1/leads/"+lead, `{"status":"Open","fields":{"plan":"gold","gone":null}}`)
	if patched.text(t, "fields", "plan") != "gold" {
		t.Errorf("patch: %s", patched.body)
	}
	r.call(200, "GET", "/v1/leads/"+lead+"/explain", "")
	second := r.call(200, "GET", "/v1/leads?external_id=x2", "").text(t, "items", 0, "id")
	body := `{"cadence":"Two calls","lead_ids":["` + second + `"]}`
	r.call(200, "POST", "/v1/stop", "")
	r.call(200, "POST", "/v1/enrollments", body)
	stays := r.call(200, "GET", "/v1/enrollments?lead="+second, "")
	r.paused(second, stays.text(t, "items", 0, "id"))
	why := r.call(200, "GET", "/v1/leads/"+second+"/explain", "")
	if why.text(t, "blocker", "rule") != "house.kill_switch" {
		t.Errorf("explain under a stop: %s", why.body)
	}
	then := r.call(200, "GET", "/v1/leads/"+second+"/forecast?assume=BUSY&limit=5", "")
	if then.text(t, "enrollments", 0, "held", "rule") != "house.kill_switch" || then.text(t, "enrollments", 0, "touches", 0, "at") == "" {
		t.Errorf("forecast under a stop: %s", then.body)
	}
	r.call(400, "GET", "/v1/leads/"+second+"/forecast?assume=SLEPT", "")
	r.call(200, "GET", "/v1/leads/"+second+"/forecast?limit=100", "")
	r.call(400, "GET", "/v1/leads/"+second+"/forecast?limit=101", "") // and not cut to 100 without a word
	all := r.call(200, "GET", "/v1/cadences/"+id+"/blockers", "")
	if all.text(t, "items", 0, "rule") != "house.kill_switch" || all.text(t, "items", 0, "leads", 0) != second {
		t.Errorf("blockers under a stop: %s", all.body)
	}
	r.call(400, "GET", "/v1/cadences/"+id+"/blockers?look=0", "")
	r.call(200, "DELETE", "/v1/enrollments/"+stays.text(t, "items", 0, "id"), "")
	r.call(200, "POST", "/v1/resume", "")
	entered := r.call(200, "POST", "/v1/enrollments", `{"cadence":"`+id+`","external_ids":["x1","nobody"]}`)
	if entered.get(t, "enrolled") != 1.0 || entered.text(t, "skipped", 0, "reason") != "no_such_lead" {
		t.Errorf("enroll: %s", entered.body)
	}
	d := <-r.carrier.dials
	if d.To != "+12125550101" {
		t.Fatalf("called %s", d.To)
	}
	return d.Attempt
}

// paused holds one enrollment for a while; whoever pauses is named.
func (r *rig) paused(lead, stay string) {
	t, at := r.t, "/v1/enrollments/"+stay
	held := r.call(200, "POST", at+"/pause", "")
	if held.get(t, "paused_at") == nil || held.text(t, "state") != "active" || held.text(t, "paused_by") == "" {
		t.Errorf("paused: %s", held.body)
	}
	r.call(200, "POST", at+"/pause", "")
	why := r.call(200, "GET", "/v1/leads/"+lead+"/explain", "")
	if !strings.Contains(string(why.body), `"rule":"lead.not_enrolled","kind":"stop","result":"block"`) {
		t.Errorf("explain while paused: %s", why.body)
	}
	if on := r.call(200, "POST", at+"/resume", ""); on.get(t, "paused_at") != nil || on.text(t, "paused_by") != "" {
		t.Errorf("resumed: %s", on.body)
	}
	r.call(404, "POST", "/v1/enrollments/en_"+strings.Repeat("a", 26)+"/pause", "")
}

// searches finds the two leads of people by what they are known by, a page at a
// time, each once.
func (r *rig) searches(lead string) {
	t := r.t
	for q, want := range map[string]int{"lead": 2, "LEAD+00001": 1, "00002": 1, "x1": 1, "%2B1212555010": 2, "1212555": 2, "nobody": 0} {
		if got := r.call(200, "GET", "/v1/leads?q="+q, ""); len(got.get(t, "items").([]any)) != want {
			t.Errorf("by %s: %s", q, got.body)
		}
	}
	first := r.call(200, "GET", "/v1/leads?q=lead&limit=1", "")
	second := r.call(200, "GET", "/v1/leads?q=lead&limit=1&cursor="+first.text(t, "next"), "")
	if first.text(t, "items", 0, "id") != lead || second.text(t, "items", 0, "external_id") != "x2" || second.get(t, "next") != nil {
		t.Errorf("page by page: %s %s", first.body, second.body)
	}
	r.call(400, "GET", "/v1/leads?q=lead&cursor=ab", "")
	r.call(400, "GET", "/v1/leads?q=lead&cursor=nothing", "")
}

// attempts takes one call from ringing to a correction.
func (r *rig) attempts(id string, attempt cadence.ID) {
	t := r.t
	at := "/v1/attempts/" + attempt.Text(cadence.KindAttempt)
	if p := r.webhook(twilio.KindStatus, attempt, "CallStatus", "ringing", "SequenceNumber", "1"); p.status != 200 {
		t.Fatalf("ringing: %d %s", p.status, p.body)
	}
	if got := r.call(200, "GET", at, "").text(t, "state"); got != "ringing" {
		t.Errorf("state %s", got)
	}
	p := r.webhook(twilio.KindVoice, attempt, "CallStatus", "in-progress")
	if p.status != 200 || !strings.Contains(string(p.body), "<Dial") || !strings.HasPrefix(p.header.Get("Content-Type"), "text/xml") {
		t.Fatalf("voice: %d %s", p.status, p.body)
	}
	r.call(400, "POST", at+"/disposition", `{"code":"NO_SUCH"}`)
	r.call(200, "POST", at+"/disposition", `{"code":"SALE","note":"well"}`)
	p = r.webhook(twilio.KindDial, attempt, "CallStatus", "in-progress", "DialCallStatus", "completed", "DialCallDuration", "30")
	if p.status != 200 || !strings.Contains(string(p.body), "<Response>") {
		t.Fatalf("dial: %d %s", p.status, p.body)
	}
	r.webhook(twilio.KindStatus, attempt, "CallStatus", "completed", "CallDuration", "35", "SequenceNumber", "3")
	done := r.until(at, func(p *reply) bool { return p.text(t, "state") == "ended" })
	if done.text(t, "disposition") != "SALE" || done.text(t, "to") == "+12125550101" || done.get(t, "verdict", "replay", "same") != true {
		t.Errorf("attempt: %s", done.body)
	}
	r.call(200, "POST", at+"/disposition", `{"code":"NOT_INTERESTED"}`)
	corrected := r.call(200, "POST", at+"/disposition", `{"code":"SALE"}`)
	if n := len(corrected.get(t, "dispositions").([]any)); n < 3 {
		t.Errorf("%d dispositions are kept: %s", n, corrected.body)
	}
	r.story(at)
	if none := r.call(200, "GET", "/v1/attempts?caller_id=%2B13035550199", ""); len(none.get(t, "items").([]any)) != 0 {
		t.Errorf("attempts of another caller ID: %s", none.body)
	}
	r.call(400, "GET", "/v1/attempts?caller_id=0100", "")
	for _, q := range []string{"", "?cadence=" + id, "?disposition=SALE", "?from=2026-03-03&to=2026-03-03", "?state=ended", "?caller_id=%2B13035550100"} {
		if got := r.call(200, "GET", "/v1/attempts"+q, ""); len(got.get(t, "items").([]any)) != 1 {
			t.Errorf("attempts%s: %s", q, got.body)
		}
	}
	r.call(200, "GET", "/v1/dispositions", "")
	o := r.call(200, "GET", "/v1/overview", "")
	if o.get(t, "attempts") != 1.0 || o.get(t, "contacts") != 1.0 || o.get(t, "conversions") != 1.0 || o.get(t, "conversion_rate") != 1.0 {
		t.Errorf("overview: %s", o.body)
	}
	if o := r.call(200, "GET", "/v1/overview?from=2026-03-04&tz=America/New_York", ""); o.get(t, "attempts") != 0.0 || o.get(t, "contact_rate") != nil {
		t.Errorf("overview of a later day: %s", o.body)
	}
	r.call(400, "GET", "/v1/overview?tz=Mars", "")
}

// story reads what the log holds about the call of attempts.
func (r *rig) story(at string) {
	t := r.t
	d := r.call(200, "GET", at, "")
	if d.text(t, "caller_id", "strategy") != "random" || d.text(t, "caller_id", "pool") != "default" || d.text(t, "detection") != "detect" || d.get(t, "cost", "reckoned") != false {
		t.Errorf("choice, detection and cost: %s", d.body)
	}
	log := r.call(200, "GET", at+"/log", "")
	var kinds []string
	for _, e := range log.get(t, "items").([]any) {
		kinds = append(kinds, e.(map[string]any)["kind"].(string))
	}
	for _, kind := range []string{"intent", "placed", "call", "script", "disposition", "ended"} {
		if !slices.Contains(kinds, kind) {
			t.Errorf("the log has no %s: %v", kind, kinds)
		}
	}
	if log.get(t, "complete") != true || kinds[0] != "intent" || kinds[len(kinds)-1] != "ended" || strings.Contains(string(log.body), "+12125550101") {
		t.Errorf("log: %s", log.body)
	}
	r.call(404, "GET", "/v1/attempts/at_"+strings.Repeat("a", 26)+"/log", "")
}

func (r *rig) numbersAndOperation(id string) {
	t := r.t
	r.call(200, "POST", "/v1/dnc", `{"number":"+12125550199","reason":"asked"}`)
	scoped := r.call(200, "POST", "/v1/dnc", `{"number":"+12125550199","reason":"of this","scope":"cadence:`+id+`","by":"agent 7"}`)
	if scoped.text(t, "scope") != "cadence:"+id || scoped.text(t, "by") != "agent 7" || scoped.text(t, "list") != "internal" {
		t.Errorf("a no to one cadence: %s", scoped.body)
	}
	for _, bad := range []string{`"scope":"some"`, `"scope":"cadence:cd_aaaaaaaaaaaaaaaaaaaaaaaaaa"`, `"by":"` + strings.Repeat("x", 201) + `"`} {
		r.call(400, "POST", "/v1/dnc", `{"number":"+12125550199",`+bad+`}`)
	}
	if got := r.call(200, "GET", "/v1/dnc", ""); got.text(t, "items", 0, "number") != "+12125550199" {
		t.Errorf("dnc: %s", got.body)
	}
	r.call(204, "DELETE", "/v1/dnc?number=%2B12125550199&reason=mistake", "")
	if got := r.call(200, "GET", "/v1/dnc?number=%2B12125550199", ""); len(got.get(t, "items").([]any)) != 1 || got.text(t, "items", 0, "scope") != "cadence:"+id {
		t.Errorf("dnc after the removal of one mark: %s", got.body)
	}
	r.call(400, "DELETE", "/v1/dnc?number=%2B12125550199", "") // without a reason
	r.call(204, "DELETE", "/v1/dnc?number=%2B12125550199&reason=mistake&by=agent+7&scope="+url.QueryEscape("cadence:"+id), "")
	if got := r.call(200, "GET", "/v1/dnc?number=%2B12125550199", ""); len(got.get(t, "items").([]any)) != 0 {
		t.Errorf("dnc after its removal: %s", got.body)
	}
	if got := r.call(200, "GET", "/v1/dnc/history?number=%2B12125550199", ""); len(got.get(t, "items").([]any)) != 4 ||
		got.text(t, "items", 3, "by") != "agent 7" || got.get(t, "items", 3, "on") != false {
		t.Errorf("the history: %s", got.body)
	}
	r.scrubLists()
	r.consents()
	r.machine()
	halted := r.call(200, "POST", "/v1/stop?cadence="+url.QueryEscape("Two calls"), "")
	if halted.text(t, "halted", 0) != id || halted.get(t, "stopped") != false {
		t.Errorf("stop: %s", halted.body)
	}
	lead := r.call(200, "GET", "/v1/leads?external_id=x2", "").text(t, "items", 0, "id")
	r.imported("?cadence="+id, "external_id,name,phone,zone\nx4,Lead 00004,+12125550104,America/New_York\n")
	out := r.call(200, "POST", "/v1/enrollments/remove", `{"cadence":"Two calls","external_ids":["x4","x2"]}`)
	if out.get(t, "removed") != 1.0 {
		t.Errorf("remove: %s", out.body)
	}
	r.call(200, "GET", "/v1/enrollments?cadence="+id+"&state=removed", "")
	r.call(200, "POST", "/v1/leads/"+lead+"/signals", `{"signal":"meeting_booked"}`)
	r.call(200, "POST", "/v1/resume?cadence="+id, "")
	r.call(200, "POST", "/v1/clock/accept", "")
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/v1/openapi.yaml"} {
		r.call(200, "GET", path, "")
	}
}

// consents are recorded, added to, taken back one by one and all at once.
func (r *rig) consents() {
	t := r.t
	lead := r.call(200, "GET", "/v1/leads?external_id=x2", "").text(t, "items", 0, "id")
	at := "/v1/leads/" + lead + "/consents"
	record := `{"kind":"express_written","given_at":"2026-01-05","seller":"Acme","source":"form 7","by":"agent 7"%s}`
	one := r.call(200, "POST", at, fmt.Sprintf(record, ""))
	if one.text(t, "number") != "+12125550102" || one.text(t, "status") != "valid" || one.text(t, "given_at") != "2026-01-05T00:00:00.000Z" || one.text(t, "by") != "agent 7" {
		t.Errorf("recorded: %s", one.body)
	}
	if again := r.call(200, "POST", at, fmt.Sprintf(record, "")); string(again.body) != string(one.body) {
		t.Errorf("recorded again: %s", again.body)
	}
	proven := r.call(200, "POST", at, fmt.Sprintf(record, `,"proof":"scan 12"`))
	if proven.text(t, "id") != one.text(t, "id") || proven.text(t, "proof") != "scan 12" || proven.text(t, "history", 1, "what") != "amended" {
		t.Errorf("with a proof: %s", proven.body)
	}
	lapsed := r.call(200, "POST", at, `{"kind":"ebr.3m_inquiry","given_at":"2025-01-31T10:00:00-05:00"}`)
	if lapsed.text(t, "status") != "lapsed" || lapsed.text(t, "lapses_at") != "2025-04-30T15:00:00.000Z" {
		t.Errorf("lapsed: %s", lapsed.body)
	}
	for _, bad := range []string{
		`{"kind":"oral","given_at":"2026-01-05"}`, `{"kind":"express","given_at":"2036-01-05"}`, `{"kind":"express","given_at":"soon"}`,
		`{"kind":"express"}`, `{"kind":"express","given_at":"2026-01-05","number":"+12125550177"}`, `{"kind":"express","given_at":"2026-01-05","scope":"some"}`,
		`{"kind":"express","given_at":"2026-01-05","proof":"` + strings.Repeat("x", 2001) + `"}`, `{"kind":"express","given_at":"2026-01-05","who":"x"}`,
	} {
		r.call(400, "POST", at, bad)
	}
	r.call(404, "POST", at+"/cs_aaaaaaaaaaaaaaaaaaaaaaaaaa/revoke", `{"how":"call"}`)
	r.call(400, "POST", at+"/"+one.text(t, "id")+"/revoke", `{"reason":"asked"}`)
	gone := r.call(200, "POST", at+"/"+one.text(t, "id")+"/revoke", `{"how":"call","reason":"asked","by":"agent 8"}`)
	if gone.text(t, "status") != "revoked" || gone.text(t, "history", 2, "how") != "call" || gone.text(t, "history", 2, "by") != "agent 8" {
		t.Errorf("taken back: %s", gone.body)
	}
	if again := r.call(200, "POST", at, fmt.Sprintf(record, `,"proof":"scan 13"`)); string(again.body) != string(gone.body) {
		t.Errorf("it came back: %s", again.body)
	}
	r.call(200, "POST", at, `{"kind":"prior","given_at":"2026-01-06","seller":"Acme"}`)
	r.call(400, "POST", at+"/revoke", `{"seller":"Acme"}`)
	all := r.call(200, "POST", at+"/revoke", `{"seller":"Acme","how":"letter"}`)
	if all.text(t, "items", 2, "status") != "revoked" || all.text(t, "revocations", 0, "seller") != "Acme" || all.text(t, "revocations", 0, "how") != "letter" {
		t.Errorf("all of a seller: %s", all.body)
	}
	if got := r.call(200, "GET", at, ""); string(got.body) != string(all.body) {
		t.Errorf("the list: %s", got.body)
	}
	r.call(404, "GET", "/v1/leads/ld_aaaaaaaaaaaaaaaaaaaaaaaaaa/consents", "")
}

// scrubLists imports two editions of a list.
func (r *rig) scrubLists() {
	t := r.t
	take := func(query, file string) *reply {
		p := r.call(202, "POST", "/v1/dnc/imports?list=national&"+query, file, "Content-Type", "text/csv")
		return r.until("/v1/dnc/imports/"+p.text(t, "import", "id"), func(p *reply) bool { return p.text(t, "import", "state") != "running" })
	}
	done := take("as_of=2026-03-01&by=agent+7", "phone\n212-555-0191\n+12125550192\n2125550191\nsoon\n")
	if done.text(t, "import", "state") != "done" || done.get(t, "import", "listed") != 2.0 || done.get(t, "import", "duplicates") != 1.0 ||
		done.get(t, "import", "rejected") != 1.0 || done.text(t, "import", "by") != "agent 7" {
		t.Errorf("the first edition: %s", done.body)
	}
	if again := take("as_of=2026-03-01", "phone\n212-555-0191\n+12125550192\n2125550191\nsoon\n"); again.text(t, "import", "id") != done.text(t, "import", "id") {
		t.Errorf("the same file again: %s", again.body)
	}
	bad := r.call(200, "GET", done.text(t, "import", "errors_url"), "")
	if bad.get(t, "items", 0, "line") != 5.0 {
		t.Errorf("its garbage: %s", bad.body)
	}
	if got := r.call(200, "GET", "/v1/dnc?number=%2B12125550191", ""); got.text(t, "items", 0, "list") != "national" {
		t.Errorf("a number on it: %s", got.body)
	}
	if failed := take("as_of=2026-03-02&max_rejects=0", "no\n2125550193\nnever\n"); failed.text(t, "import", "state") != "failed" || failed.text(t, "import", "message") == "" {
		t.Errorf("garbage: %s", failed.body)
	}
	take("as_of=2026-03-02", "2125550192\n")
	if got := r.call(200, "GET", "/v1/dnc?number=%2B12125550191", ""); len(got.get(t, "items").([]any)) != 0 {
		t.Errorf("a number that the next edition lacks: %s", got.body)
	}
	lists := r.call(200, "GET", "/v1/dnc/lists", "")
	if lists.get(t, "items", 0, "count") != 1.0 || lists.get(t, "items", 0, "age_days") != 1.0 || lists.text(t, "items", 0, "as_of") != "2026-03-02T00:00:00.000Z" {
		t.Errorf("lists: %s", lists.body)
	}
	for _, query := range []string{"as_of=2026-03-02", "list=x", "list=x&as_of=soon", "list=internal&as_of=2026-03-01", "list=x&as_of=2030-01-01", "list=x&as_of=2026-03-01&max_rejects=-1"} {
		r.call(400, "POST", "/v1/dnc/imports?"+query, "2125550192\n", "Content-Type", "text/plain")
	}
	r.call(400, "POST", "/v1/dnc/imports?list=x&as_of=2026-03-01", "2125550192\n", "Content-Type", "application/json")
	r.call(409, "POST", "/v1/dnc/imports?list=national&as_of=2026-03-01", "2125550199\n", "Content-Type", "text/plain")
}

// stream reads the first snapshot of the live board.
func (r *rig) stream() {
	t := r.t
	req, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+r.main+"/v1/live", nil)
	r.must(err)
	res, err := r.client.Do(req)
	r.must(err)
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	seen := map[string]string{}
	for lines.Scan() && seen["data"] == "" {
		key, value, _ := strings.Cut(lines.Text(), ":")
		seen[key] = strings.TrimSpace(value)
	}
	if seen["event"] != "live" || seen["id"] == "" {
		t.Errorf("stream: %v", seen)
	}
	judge(t, "live frame", r.contract.doc.Components.Schemas["LiveFrame"], []byte(seen["data"]))
	var board live.Board
	if err := json.Unmarshal([]byte(seen["data"]), &board); err != nil || board.Attempts != 1 {
		t.Errorf("frame %s: %v", seen["data"], err)
	}
	r.contract.check(t, "GET", "/v1/live", "", &reply{res.StatusCode, res.Header, nil})
}
