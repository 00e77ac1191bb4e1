package dashboard_test

import (
	"strings"
	"testing"
)

// A lead that a rule has put out of its cadence is explained by that rule and
// what would help, and not as one that nobody enrolled: leads from before
// consents were kept on record have none.
func TestExplainNamesWhatEndedTheStay(t *testing.T) {
	r := newRig(t)
	id := r.call(201, "POST", "/v1/cadences", `{"format":"carillon.cadence/v1","name":"Recorded","audience":{"type":"manual"},"runs":{"max":1},
	  "connect":[{"to":"message","text":"Hello."}],"steps":[{"key":"one","kind":"call"}]}`).text(t, "id")
	r.call(200, "POST", "/v1/cadences/"+id+"/publish", `{}`)
	r.call(200, "POST", "/v1/cadences/"+id+"/activate", `{}`)
	r.imported("?cadence="+id, "external_id,phone\nold1,+13035550142\n")
	lead := r.call(200, "GET", "/v1/leads?external_id=old1", "").text(t, "items", 0, "id")
	why := r.until("/v1/leads/"+lead+"/explain", func(p *reply) bool { return len(p.get(t, "touches").([]any)) == 0 })
	said := why.text(t, "blocker", "message")
	if why.text(t, "blocker", "rule") != "us.fcc.ai-voice.sales" || why.text(t, "answer") != "block" ||
		!strings.Contains(said, "left Recorded at 2026-") || !strings.Contains(said, "carillon consent add") {
		t.Errorf("%s", why.body)
	}
	r.imported("", "external_id,phone\nnew1,+13035550143\n")
	never := r.call(200, "GET", "/v1/leads?external_id=new1", "").text(t, "items", 0, "id")
	if got := r.call(200, "GET", "/v1/leads/"+never+"/explain", ""); got.text(t, "blocker", "rule") != "lead.not_enrolled" {
		t.Errorf("%s", got.body)
	}
}
