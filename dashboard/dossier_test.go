package dashboard_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard/api"
)

// dossier holds a call's dossier against what happened, before its person is
// erased and after.
func (r *rig) dossier(attempt cadence.ID) {
	t := r.t
	const of = "/v1/dossier?number=%2B12125550101"
	r.call(200, "POST", "/v1/dnc", `{"number":"+12125550101","reason":"</script> asked","by":"front desk"}`)
	found := r.call(200, "GET", "/v1/attempts/"+attempt.Text(cadence.KindAttempt), "")
	r.call(200, "POST", "/v1/leads/"+found.text(t, "lead")+"/consents", `{"kind":"express","given_at":"2026-01-05","proof":"form of Lead 00001","source":"web form","by":"front desk"}`)
	got := r.call(200, "GET", of, "")
	if got.text(t, "dossier", "consents", "items", 0, "proof") != "form of Lead 00001" || len(got.get(t, "dossier", "return_calls").([]any)) != 0 {
		t.Errorf("dossier: %s", got.body)
	}
	d := []any{"dossier", "attempts", 0}
	if got.text(t, append(d, "id")...) != attempt.Text(cadence.KindAttempt) || got.text(t, append(d, "from")...) != "+13035550100" ||
		got.get(t, append(d, "verdict", "replay", "same")...) != true || got.text(t, "dossier", "leads", 0, "name") != "Lead 00001" ||
		got.text(t, "dossier", "dnc", "history", 0, "by") != "front desk" || len(got.get(t, "dossier", "attempts").([]any)) != 1 {
		t.Errorf("dossier: %s", got.body)
	}
	hours := false
	for _, rule := range got.get(t, "dossier", "rules").([]any) {
		text := rule.(map[string]any)["rule"].(map[string]any)
		hours = hours || text["id"] == "us.tsr.hours" && text["source"] != ""
	}
	if !hours {
		t.Errorf("the rules as they stood lack the hours: %s", got.body)
	}
	genuine(t, got.body, true)
	genuine(t, bytes.Replace(got.body, []byte("Lead 00001"), []byte("Lead 00002"), 1), false)
	page := r.call(200, "GET", of+"&format=html", "")
	genuine(t, page.body, true)
	genuine(t, bytes.Replace(page.body, []byte(`"by":"front desk"`), []byte(`"by":"nobody else"`), 1), false)
	if body := string(page.body); strings.Count(body, "</script>") != 1 || !strings.Contains(body, "byte for byte the same") || !strings.Contains(body, "us.tsr.hours") {
		t.Errorf("the page: %s", body)
	}
	if none := r.call(200, "GET", of+"&from=2026-03-04", ""); len(none.get(t, "dossier", "attempts").([]any)) != 0 {
		t.Errorf("a later period: %s", none.body)
	}
	if none := r.call(200, "GET", "/v1/dossier?number=%2B12125550177", ""); len(none.get(t, "dossier", "leads").([]any)) != 0 {
		t.Errorf("a number nobody has: %s", none.body)
	}
	r.call(400, "GET", of+"&format=pdf", "")
	r.call(400, "GET", "/v1/dossier", "")

	sum := sha256.Sum256([]byte("form of Lead 00001"))
	lead := got.text(t, "dossier", "leads", 0, "id")
	r.call(200, "POST", "/v1/leads/"+lead+"/erase", `{"reason":"asked by mail","by":"privacy 1"}`)
	after := r.call(200, "GET", of, "")
	if after.text(t, append(d, "id")...) != attempt.Text(cadence.KindAttempt) || after.get(t, append(d, "verdict", "replay", "same")...) != true ||
		after.text(t, "dossier", "leads", 0, "erased_by") != "privacy 1" || strings.Contains(string(after.body), "Lead 00001") {
		t.Errorf("after the person was erased: %s", after.body)
	}
	if kept := after.text(t, "dossier", "consents", "items", 0, "proof"); kept != "sha256:"+hex.EncodeToString(sum[:]) {
		t.Errorf("of the proof is left %s", kept)
	}
	genuine(t, after.body, true)
	r.call(204, "DELETE", "/v1/dnc?number=%2B12125550101&reason=test", "")
}

// genuine takes the digest of a dossier again.
func genuine(t *testing.T, file []byte, want bool) {
	t.Helper()
	said, canonical, err := api.ReadDossier(file)
	if err != nil || (said == api.DigestOf(canonical)) != want {
		t.Errorf("says %s and is %s, %v; want the same %v", said, api.DigestOf(canonical), err, want)
	}
}
