package dashboard_test

import (
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard"
	"github.com/carillon-dialer/carillon/dashboard/api"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// rehearsals verifies a staff number and calls it with a step.
func (r *rig) rehearsals(id string) {
	t := r.t
	const desk, at = "+12125550188", "/v1/staff-numbers/%2B12125550188"
	before := r.call(200, "GET", "/v1/overview", "").get(t, "attempts")
	try := `{"to":"` + desk + `","cadence":"` + id + `","version":"draft","step":"two"}`
	r.call(404, "POST", "/v1/rehearsals", try)
	r.call(400, "POST", "/v1/staff-numbers", `{"number":"`+desk+`","name":" "}`)
	r.call(400, "POST", "/v1/staff-numbers", `{"number":"212","name":"Desk 4"}`)
	for range 2 {
		got := r.call(201, "POST", "/v1/staff-numbers", `{"number":"`+desk+`","name":"Desk 4"}`)
		if got.get(t, "staff_number", "verified") != false || got.text(t, "staff_number", "name") != "Desk 4" || got.text(t, "staff_number", "spoken_code") != "" {
			t.Errorf("added: %s", got.body)
		}
	}
	r.call(409, "POST", "/v1/rehearsals", try)
	r.call(409, "POST", at+"/confirm", `{"code":"123456"}`)

	asked := r.call(201, "POST", at+"/call", "", "Idempotency-Key", "the call")
	if asked.text(t, "kind") != "code" || asked.text(t, "to") != desk || asked.get(t, "cadence") != nil {
		t.Errorf("asked for: %s", asked.body)
	}
	r.answered(r.dialed(desk))
	r.until("/v1/rehearsals/"+asked.text(t, "id"), func(p *reply) bool { return p.text(t, "state") == "ended" })
	row, err := r.engine.Rows().Staff(r.engine.Token(desk))
	r.must(err)
	r.call(400, "POST", at+"/confirm", `{"code":"none"}`)
	got := r.call(200, "POST", at+"/confirm", `{"code":" `+row.Code[:3]+" "+row.Code[3:]+`"}`)
	if got.get(t, "staff_number", "verified") != true || got.get(t, "staff_number", "calls_24h") != 1.0 {
		t.Errorf("confirmed: %s", got.body)
	}
	r.call(409, "POST", at+"/call", "")
	r.wall.Advance(time.Second) // the later one comes first
	r.rehearsedStep(desk, try, id)
	if after := r.call(200, "GET", "/v1/overview", "").get(t, "attempts"); after != before {
		t.Errorf("attempts: %v, %v before", after, before)
	}
	r.inDossier(desk)
	list := r.call(200, "GET", "/v1/staff-numbers", "")
	if len(list.get(t, "items").([]any)) != 1 || list.get(t, "items", 0, "calls_24h") != 2.0 {
		t.Errorf("staff numbers: %s", list.body)
	}
	r.call(204, "DELETE", at, "")
	r.call(404, "DELETE", at, "")
	r.call(404, "POST", at+"/call", "")
}

// rehearsedStep calls the number once, however often the same is asked, and
// tells how it went.
func (r *rig) rehearsedStep(desk, try, id string) {
	t := r.t
	for field, bad := range map[string]string{
		"to": strings.Replace(try, desk, "212", 1), "version": strings.Replace(try, `"draft"`, `"0"`, 1), "step": strings.Replace(try, `"two"`, `""`, 1),
		"cadence": strings.Replace(try, id, "nothing", 1),
	} {
		if p := r.send("POST", "/v1/rehearsals", bad); p.status < 400 || p.text(t, "error", "field") != field {
			t.Errorf("a bad %s: %d %s", field, p.status, p.body)
		}
	}
	r.call(404, "POST", "/v1/rehearsals", strings.Replace(try, `"two"`, `"9"`, 1))
	r.call(404, "POST", "/v1/rehearsals", strings.Replace(try, `"draft"`, `"77"`, 1))
	var one *reply
	for range 2 {
		one = r.call(201, "POST", "/v1/rehearsals", try, "Idempotency-Key", "one call")
	}
	dialed := r.dialed(desk)
	r.call(409, "POST", "/v1/rehearsals", try)
	if got := r.call(200, "GET", "/v1/dossier?number=%2B12125550188", ""); got.text(t, "dossier", "rehearsals", 1, "id") != one.text(t, "id") || len(got.get(t, "dossier", "attempts").([]any)) != 0 {
		t.Errorf("the dossier while it rings: %s", got.body)
	}
	r.answered(dialed)
	over := r.until("/v1/rehearsals/"+one.text(t, "id"), func(p *reply) bool { return p.text(t, "state") == "ended" })
	if over.text(t, "step") != "two" || over.get(t, "version") != nil || over.text(t, "verdict", "answer") != "allow" || over.get(t, "verdict", "replay", "same") != true ||
		len(over.get(t, "story").([]any)) < 3 || over.text(t, "from") != "+13035550100" {
		t.Errorf("how it went: %s", over.body)
	}
	attempt := dialed.Text(cadence.KindAttempt)
	r.call(404, "GET", "/v1/attempts/"+attempt, "")
	r.call(404, "POST", "/v1/attempts/"+attempt+"/disposition", `{"code":"SALE"}`)
	if got := r.call(200, "GET", "/v1/attempts?caller_id=%2B13035550100", ""); strings.Contains(string(got.body), attempt) {
		t.Errorf("it stands among the attempts: %s", got.body)
	}
	first := r.call(200, "GET", "/v1/rehearsals?limit=1", "")
	second := r.call(200, "GET", "/v1/rehearsals?limit=1&cursor="+first.text(t, "next"), "")
	if first.text(t, "items", 0, "id") != one.text(t, "id") || second.text(t, "items", 0, "kind") != "code" || second.get(t, "next") != nil {
		t.Errorf("pages: %s %s", first.body, second.body)
	}
	r.call(404, "GET", "/v1/rehearsals/rh_"+strings.Repeat("a", 26), "")
	r.call(400, "GET", "/v1/rehearsals?cursor=returns.1."+strings.Repeat("a", 26), "")
}

// inDossier looks for the two calls to a staff number in its dossier, with the
// permit of the one that a cadence judged, and nowhere among attempts.
func (r *rig) inDossier(desk string) {
	t, of := r.t, "/v1/dossier?number=%2B"+desk[1:]
	got := r.call(200, "GET", of, "")
	d := []any{"dossier", "rehearsals"}
	if len(got.get(t, d...).([]any)) != 2 || got.text(t, append(d, 0, "kind")...) != "code" || got.text(t, append(d, 1, "step")...) != "two" ||
		got.text(t, append(d, 1, "state")...) != "ended" || got.get(t, append(d, 1, "verdict", "replay", "same")...) != true ||
		len(got.get(t, "dossier", "attempts").([]any)) != 0 || len(got.get(t, "dossier", "rules").([]any)) == 0 {
		t.Errorf("the dossier of a staff number: %s", got.body)
	}
	genuine(t, got.body, true)
	page := r.call(200, "GET", of+"&format=html", "")
	genuine(t, page.body, true)
	if !strings.Contains(string(page.body), "Rehearsals to this number (2)") || !strings.Contains(string(page.body), "spoke a code") {
		t.Errorf("its page: %s", page.body)
	}
	if none := r.call(200, "GET", of+"&from=2036-03-04", ""); len(none.get(t, d...).([]any)) != 0 {
		t.Errorf("a later period: %s", none.body)
	}
}

// dialed is the next call to a number.
func (r *rig) dialed(n string) cadence.ID {
	r.t.Helper()
	for d := range r.carrier.dials {
		if string(d.To) == n {
			return d.Attempt
		}
	}
	return cadence.ID{}
}

// answered plays a call that a person takes and hears out.
func (r *rig) answered(attempt cadence.ID) {
	r.t.Helper()
	for _, p := range []*reply{
		r.webhook(twilio.KindStatus, attempt, "CallStatus", "ringing", "SequenceNumber", "1"),
		r.webhook(twilio.KindVoice, attempt, "CallStatus", "in-progress"),
		r.webhook(twilio.KindDial, attempt, "CallStatus", "in-progress", "DialCallStatus", "completed", "DialCallDuration", "30"),
		r.webhook(twilio.KindStatus, attempt, "CallStatus", "completed", "CallDuration", "35", "SequenceNumber", "3"),
	} {
		if p.status != 200 {
			r.t.Fatalf("%d %s", p.status, p.body)
		}
	}
}

// In the demo, where nobody hears it, the code is told; anywhere else it is not.
func TestTheCodeIsToldInTheDemoOnly(t *testing.T) {
	for _, demo := range []bool{false, true} {
		r := newRig(t, func(r *rig) {
			r.options = func(o *dashboard.Options) {
				if demo {
					o.Demo = &api.Demo{Speed: func() float64 { return 1 }, Zone: "UTC"}
				}
			}
		})
		r.call(201, "POST", "/v1/staff-numbers", `{"number":"+12125550188","name":"Desk 4"}`)
		r.call(201, "POST", "/v1/staff-numbers/+12125550188/call", "")
		told := r.call(200, "GET", "/v1/staff-numbers", "").text(t, "items", 0, "spoken_code")
		if demo != (len(told) == 6) {
			t.Errorf("demo %v: told %q", demo, told)
		}
		r.stop()
	}
}
