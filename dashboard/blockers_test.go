package dashboard_test

import "testing"

// A lead whom a rule has put out of a cadence is told apart from those who wait,
// until the person is erased.
func TestPutOutIsTold(t *testing.T) {
	r := newRig(t)
	id := r.prepared()
	const number = "+12125550155"
	r.call(200, "POST", "/v1/dnc", `{"number":"`+number+`","reason":"asked","by":"front desk"}`)
	r.imported("?cadence="+id, "external_id,name,phone,zone\nx9,Lead 00009,"+number+",America/New_York\n")
	all := r.until("/v1/cadences/"+id+"/blockers", func(p *reply) bool { return len(p.get(t, "ended").([]any)) == 1 })
	if all.text(t, "ended", 0, "rule") != "dnc.internal" || all.get(t, "ended", 0, "leads") != 1.0 || all.text(t, "ended", 0, "message") == "" || len(all.get(t, "items").([]any)) != 0 {
		t.Errorf("put out: %s", all.body)
	}
	list := r.call(200, "GET", all.text(t, "ended", 0, "enrollments_url"), "")
	lead := all.text(t, "ended", 0, "samples", 0)
	if rows := list.get(t, "items").([]any); len(rows) != 1 || list.text(t, "items", 0, "lead") != lead || list.text(t, "items", 0, "state") != "blocked" {
		t.Errorf("listed as %s", list.body)
	}
	if none := r.call(200, "GET", "/v1/enrollments?cadence="+id+"&rule=us.ct.consent", ""); len(none.get(t, "items").([]any)) != 0 {
		t.Errorf("of another rule: %s", none.body)
	}
	r.call(200, "POST", "/v1/leads/"+lead+"/erase", `{"reason":"asked by mail","by":"privacy 1"}`)
	if after := r.call(200, "GET", "/v1/cadences/"+id+"/blockers", ""); len(after.get(t, "ended").([]any)) != 0 {
		t.Errorf("after the erasure: %s", after.body)
	}
}
