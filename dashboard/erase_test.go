package dashboard_test

import (
	"bytes"
	"testing"
)

// erased takes the third lead out and looks for what is left.
func (r *rig) erased() {
	t := r.t
	done := r.imported("", "external_id,name,phone\nx9,Canary 00009,+12125550109\n")
	if done.get(t, "import", "created") != 1.0 {
		t.Fatalf("import: %s", done.body)
	}
	id := r.call(200, "GET", "/v1/leads?external_id=x9", "").text(t, "items", 0, "id")
	r.call(200, "PATCH", "/v1/leads/"+id, `{"fields":{"nick":"Canary"}}`, "Idempotency-Key", "canary")
	r.call(200, "POST", "/v1/dnc", `{"number":"+12125550109","reason":"asked"}`)
	r.call(400, "POST", "/v1/leads/"+id+"/erase", `{}`)
	r.call(404, "POST", "/v1/leads/ld_aaaaaaaaaaaaaaaaaaaaaaaaaa/erase", `{"reason":"asked"}`)
	for range 2 {
		got := r.call(200, "POST", "/v1/leads/"+id+"/erase", `{"reason":"asked by mail","by":"privacy 1"}`)
		if got.text(t, "by") != "privacy 1" || got.get(t, "numbers_forgotten") != 1.0 || got.get(t, "open_attempts") != 0.0 || got.text(t, "log_until") != "2026-03-10T16:00:00.000Z" {
			t.Errorf("erased: %s", got.body)
		}
	}
	r.call(404, "GET", "/v1/leads/"+id, "")
	if got := r.call(200, "GET", "/v1/leads?number=%2B12125550109", ""); len(got.get(t, "items").([]any)) != 0 {
		t.Errorf("found by number: %s", got.body)
	}
	if got := r.call(200, "GET", "/v1/dnc", ""); len(got.get(t, "items").([]any)) != 0 {
		t.Errorf("the list names an erased person: %s", got.body)
	}
	if got := r.call(200, "GET", "/v1/dnc?number=%2B12125550109", ""); got.text(t, "items", 0, "number") != "+12125550109" {
		t.Errorf("the mark is gone: %s", got.body)
	}
	r.nobody(t, "Canary", "+12125550109")
	r.call(204, "DELETE", "/v1/dnc?number=%2B12125550109&reason=test", "")
}

// nobody fails for every durable row that holds one of the texts.
func (r *rig) nobody(t *testing.T, texts ...string) {
	t.Helper()
	var found [][2]string
	r.must(r.engine.Rows().R.Scan([]byte{0}, []byte{0xFF}, func(k, v []byte) bool {
		for _, text := range texts {
			if bytes.Contains(k, []byte(text)) || bytes.Contains(v, []byte(text)) {
				found = append(found, [2]string{string(k[:1]), text})
			}
		}
		return true
	}))
	if len(found) > 0 {
		t.Errorf("rows still name the person: %q", found)
	}
}
