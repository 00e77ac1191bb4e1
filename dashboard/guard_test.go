package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
)

// What a browser at another site, or a name bound to us, could send.
func TestOnlyThisComputerMayWrite(t *testing.T) {
	r := newRig(t)
	_, port, _ := strings.Cut(r.main, ":")
	cases := []struct {
		name, method, path string
		headers            []string
		want               int
	}{
		{"by address", "GET", "/healthz", nil, 200},
		{"by name", "GET", "/healthz", []string{"Host", "localhost:" + port}, 200},
		{"by IPv6", "GET", "/healthz", []string{"Host", "[::1]:" + port}, 200},
		{"no port", "GET", "/healthz", []string{"Host", "LOCALHOST"}, 200},
		{"rebound name", "GET", "/healthz", []string{"Host", "example.com:" + port}, 403},
		{"name that begins well", "GET", "/", []string{"Host", "127.0.0.1.example.com"}, 403},
		{"rebound name on the page", "GET", "/", []string{"Host", "example.com"}, 403},
		{"own page", "POST", "/v1/stop", []string{"Origin", "http://" + r.main, "Sec-Fetch-Site", "same-origin"}, 200},
		{"a program", "POST", "/v1/resume", nil, 200},
		{"another site", "POST", "/v1/stop", []string{"Origin", "https://example.com"}, 403},
		{"another port", "POST", "/v1/stop", []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"a sandbox", "POST", "/v1/stop", []string{"Origin", "null"}, 403},
		{"cross-site without Origin", "POST", "/v1/stop", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"same site only", "DELETE", "/v1/dnc?number=%2B12125550101", []string{"Sec-Fetch-Site", "same-site"}, 403},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := r.send(c.method, c.path, "", c.headers...)
			if p.status != c.want {
				t.Fatalf("%d, want %d: %s", p.status, c.want, p.body)
			}
			if c.want == 403 && p.text(t, "error", "code") != "forbidden" {
				t.Errorf("not the one error shape: %s", p.body)
			}
		})
	}
	if s := r.engine.Status(); s.Stopped {
		t.Error("a refused write had an effect")
	}
}

func TestBadRequestsNameTheirField(t *testing.T) {
	r := newRig(t)
	r.prepared()
	r.imported("", people)
	lead := r.call(200, "GET", "/v1/leads?external_id=x1", "").text(t, "items", 0, "id")
	at := "/v1/leads/" + lead
	cases := []struct {
		name, method, path, body string
		status                   int
		field                    string
	}{
		{"no body", "PATCH", at, ``, 400, ""},
		{"not JSON", "PATCH", at, `{"name"`, 400, ""},
		{"an array", "PATCH", at, `[]`, 400, ""},
		{"nothing to change", "PATCH", at, `{}`, 400, ""},
		{"unknown field", "PATCH", at, `{"colour":"x"}`, 400, "colour"},
		{"another case", "PATCH", at, `{"Name":"x"}`, 400, "Name"},
		{"twice", "PATCH", at, `{"name":"x","name":"y"}`, 400, "name"},
		{"twice, nested", "PATCH", at, `{"fields":{"a":"1","a":"2"}}`, 400, "fields.a"},
		{"unknown, nested", "PATCH", at, `{"numbers":[{"number":"+12125550101","kind":"x"}]}`, 400, "numbers[0].kind"},
		{"wrong type", "PATCH", at, `{"name":5}`, 400, "name"},
		{"null", "PATCH", at, `{"name":null}`, 400, "name"},
		{"NUL", "PATCH", at, `{"name":"a\u0000b"}`, 400, "name"},
		{"behind", "PATCH", at, `{"name":"x"} {}`, 400, ""},
		{"not UTF-8", "PATCH", at, "{\"name\":\"\xff\"}", 400, ""},
		{"deep", "PATCH", at, `{"name":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, 400, "name" + strings.Repeat("[0]", 32)},
		{"too large", "PATCH", at, `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, 413, ""},
		{"too long", "PATCH", at, `{"country":"USA"}`, 400, "country"},
		{"no zone", "PATCH", at, `{"zone":"Mars/Base"}`, 400, "zone"},
		{"no number", "PATCH", at, `{"numbers":[{"number":"12"}]}`, 400, "numbers[0].number"},
		{"no such lead", "PATCH", "/v1/leads/ld_" + strings.Repeat("a", 26), `{"name":"x"}`, 404, "id"},
		{"two ways", "POST", "/v1/enrollments", `{"cadence":"Two calls","lead_ids":["` + lead + `"],"list":"x"}`, 400, "lead_ids"},
		{"no cadence", "POST", "/v1/enrollments", `{"cadence":"None","lead_ids":["` + lead + `"]}`, 404, "cadence"},
		{"bad signal", "POST", at + "/signals", `{"signal":"No Way"}`, 400, "signal"},
		{"bad time", "POST", at + "/signals", `{"signal":"replied","at":"yesterday"}`, 400, "at"},
		{"a document with unknown fields", "POST", "/v1/cadences", `{"format":"carillon.cadence/v1","colour":"x"}`, 400, ""},
		{"limit", "GET", "/v1/leads?limit=1001", ``, 400, "limit"},
		{"limit twice", "GET", "/v1/leads?limit=1&limit=2", ``, 400, "limit"},
		{"cursor", "GET", "/v1/attempts?cursor=x", ``, 400, "cursor"},
		{"period", "GET", "/v1/overview?from=2026-03-04&to=2026-03-03", ``, 400, "to"},
		{"a body where none is read", "POST", "/v1/stop", `{"now":true}`, 400, "now"},
		{"no such path", "GET", "/v1/nothing", ``, 404, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := r.send(c.method, c.path, c.body)
			if p.status != c.status {
				t.Fatalf("%d, want %d: %s", p.status, c.status, p.body)
			}
			if got := p.text(t, "error", "field"); got != c.field {
				t.Errorf("field %q, want %q: %s", got, c.field, p.body)
			}
			judge(t, "error", r.contract.doc.Components.Schemas["ErrorBody"], p.body)
		})
	}
	if p := r.send("POST", "/v1/stop", "a=b", "Content-Type", "application/x-www-form-urlencoded"); p.status != 400 {
		t.Errorf("a form was taken: %d", p.status)
	}
}

func TestARepeatWithItsKeyIsAnsweredTheSame(t *testing.T) {
	r := newRig(t)
	first := r.call(201, "POST", "/v1/cadences", document, "Idempotency-Key", "k1")
	again := r.call(201, "POST", "/v1/cadences", document, "Idempotency-Key", "k1")
	if string(first.body) != string(again.body) || again.header.Get("Idempotency-Replayed") != "true" || first.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("first %s\nagain %s", first.body, again.body)
	}
	other := r.send("POST", "/v1/cadences", strings.Replace(document, "Two", "Three", 1), "Idempotency-Key", "k1")
	if other.status != http.StatusConflict || other.text(t, "error", "field") != "Idempotency-Key" {
		t.Errorf("another request: %d %s", other.status, other.body)
	}
	bad := r.send("POST", "/v1/cadences", `{}`, "Idempotency-Key", "k2")
	if again := r.send("POST", "/v1/cadences", `{}`, "Idempotency-Key", "k2"); again.status != bad.status || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("a refusal is not kept: %d %s", again.status, again.body)
	}
	csv := []string{"Content-Type", "text/csv", "Idempotency-Key", "k3"}
	one := r.call(202, "POST", "/v1/leads/import", people, csv...)
	two := r.call(202, "POST", "/v1/leads/import", people, csv...)
	if one.text(t, "import", "id") != two.text(t, "import", "id") {
		t.Error("a repeated import was taken twice")
	}
	if p := r.send("POST", "/v1/leads/import", people+"x9,Lead 9,+12125550109,\n", csv...); p.status != http.StatusConflict {
		t.Errorf("another file with the same key: %d", p.status)
	}
	r.wall.Advance(49 * 3600e9)
	if p := r.send("POST", "/v1/cadences", document, "Idempotency-Key", "k1"); p.status != http.StatusConflict || p.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("a key past its time: %d %s", p.status, p.body)
	}
}
