package dashboard_test

import (
	"encoding/csv"
	"strings"
	"testing"
)

// reports looks at the one call that was made, from every side.
func (r *rig) reports(id string) {
	t := r.t
	all := r.call(200, "GET", "/v1/reports/calls?from=2026-03-03&to=2026-03-03&tz=America/New_York", "")
	for path, want := range map[string]any{"attempts": 1.0, "completed": 1.0, "answered": 1.0, "contacts": 1.0, "conversions": 1.0, "abandoned": 0.0, "abandon_rate": 0.0, "contact_rate": 1.0, "leads": 1.0, "read_back_to": nil, "since": nil, "cadence": nil} {
		if got := all.get(t, path); got != want {
			t.Errorf("%s is %v, want %v: %s", path, got, want, all.body)
		}
	}
	if all.text(t, "period", "from") != "2026-03-03T05:00:00.000Z" || all.text(t, "period", "to") != "2026-03-04T05:00:00.000Z" {
		t.Errorf("period: %s", all.body)
	}
	if all.get(t, "hours", 0, "weekday") != 2.0 || all.get(t, "hours", 0, "hour") != 10.0 || all.get(t, "hours", 0, "contact_rate") != 1.0 {
		t.Errorf("hours where the lead is: %s", all.body)
	}
	if all.text(t, "by_step", 0, "step") != "one" || all.get(t, "by_step", 0, "position") != 1.0 || all.get(t, "by_step", 0, "leads") != 1.0 ||
		all.text(t, "by_cadence", 0, "id") != id || all.text(t, "by_disposition", 0, "code") != "SALE" || all.get(t, "by_disposition", 0, "share") != 1.0 {
		t.Errorf("by step, cadence and disposition: %s", all.body)
	}
	if all.get(t, "attempts_to_contact", "leads") != 1.0 || all.get(t, "attempts_to_contact", "points", 0, "cumulative") != 1.0 {
		t.Errorf("attempts to contact: %s", all.body)
	}
	for query, want := range map[string]float64{"?last=7d": 1, "": 1, "?cadence=" + id: 1, "?cadence=Two+calls+(2)": 0, "?from=2026-02-01&to=2026-02-28": 0, "?from=2026-03-04": 0} {
		if got := r.call(200, "GET", "/v1/reports/calls"+query, "").get(t, "attempts"); got != want {
			t.Errorf("report %s counts %v attempts, want %v", query, got, want)
		}
	}
	for _, query := range []string{"?last=7w", "?last=0d", "?last=99999d", "?last=7d&from=2026-03-01", "?from=2026-03-04&to=2026-03-03", "?tz=Mars"} {
		r.call(400, "GET", "/v1/reports/calls"+query, "")
	}
	r.call(404, "GET", "/v1/reports/calls?cadence=nobody", "")
	r.callerReport()
	r.exports()
	r.drillsDown(id)
	r.periods()
	r.recommendations(id)
}

// recommendations: the only lead of the cadence has left it, and nothing else
// can be said of one call.
func (r *rig) recommendations(id string) {
	t := r.t
	all := r.call(200, "GET", "/v1/recommendations", "")
	if len(all.get(t, "items").([]any)) != 1 || all.text(t, "items", 0, "kind") != "leads" || all.text(t, "items", 0, "cadence", "id") != id ||
		all.get(t, "items", 0, "own", "of") != 1.0 || all.get(t, "items", 0, "rest") != nil || all.get(t, "ready") != true {
		t.Errorf("recommendations: %s", all.body)
	}
	at := "/v1/recommendations/" + all.text(t, "items", 0, "id")
	r.call(200, "POST", at+"/hide", "")
	if got := r.call(200, "GET", "/v1/recommendations", ""); len(got.get(t, "items").([]any)) != 0 || got.get(t, "hidden") != 1.0 {
		t.Errorf("one was put aside: %s", got.body)
	}
	r.call(200, "POST", at+"/show", "")
	if got := r.call(200, "GET", "/v1/recommendations", ""); len(got.get(t, "items").([]any)) != 1 || got.get(t, "hidden") != 0.0 {
		t.Errorf("and taken back: %s", got.body)
	}
	r.call(404, "POST", "/v1/recommendations/ad_"+strings.Repeat("a", 26)+"/hide", "")
	r.call(400, "POST", "/v1/recommendations/nothing/hide", "")
}

func (r *rig) callerReport() {
	t := r.t
	by := r.call(200, "GET", "/v1/reports/caller-ids?last=7d", "")
	if by.text(t, "items", 0, "number") != "+13035550100" || by.get(t, "items", 0, "answer_rate") != 1.0 || by.text(t, "items", 0, "state") != "ready" {
		t.Errorf("by caller ID: %s", by.body)
	}
	if low := by.get(t, "items", 0, "answer_interval", "low").(float64); low <= 0 || low >= 0.5 {
		t.Errorf("one answered call leaves open from %v on: %s", low, by.body)
	}
}

// exports are what the page shows, with no cell that a spreadsheet computes.
func (r *rig) exports() {
	t := r.t
	for part, want := range map[string]string{
		"cadences": "Two calls", "steps": "one", "dispositions": "SALE", "hours": "10", "attempts_to_contact": "1.0000",
	} {
		rows := r.sheet("/v1/reports/calls/export?last=7d&part=" + part)
		if len(rows) != 2 || len(rows[0]) != len(rows[1]) || !strings.Contains(strings.Join(rows[1], ","), want) {
			t.Errorf("%s: %v", part, rows)
		}
	}
	rows := r.sheet("/v1/reports/caller-ids/export?last=7d")
	if len(rows) != 2 || rows[1][0] != "'+13035550100" {
		t.Errorf("a number is taken for a formula: %v", rows)
	}
	r.call(400, "GET", "/v1/reports/calls/export?part=everything", "")
}

func (r *rig) sheet(path string) [][]string {
	p := r.call(200, "GET", path, "")
	rows, err := csv.NewReader(strings.NewReader(string(p.body))).ReadAll()
	r.must(err)
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				r.t.Errorf("%s: the cell %q is a formula", path, cell)
			}
		}
	}
	return rows
}

// Every figure opens to the calls it was counted from.
func (r *rig) drillsDown(id string) {
	for query, want := range map[string]int{
		"counts=attempts": 1, "counts=conversions": 1, "counts=abandoned": 0, "counts=voicemails": 0, "step=one&run=1&cadence=" + id: 1, "step=two": 0, "run=2": 0,
		"weekday=2&hour=10&counts=contacts": 1, "weekday=2&hour=11": 0, "weekday=3&hour=10": 0,
		"type=number": 1, "type=sip": 0, "cadence_status=active": 1, "campaign=Two+calls": 1, "campaign=Two": 0, "cadence_status=archived": 0, "type=number&cadence_status=active&counts=attempts": 1,
	} {
		if got := r.call(200, "GET", "/v1/attempts?"+query, ""); len(got.get(r.t, "items").([]any)) != want {
			r.t.Errorf("attempts with %s: %s", query, got.body)
		}
	}
	for _, query := range []string{"counts=some", "run=0", "weekday=2", "hour=10", "weekday=8&hour=1", "weekday=1&hour=24", "type=fax", "cadence_status=gone"} {
		r.call(400, "GET", "/v1/attempts?"+query, "")
	}
}

// periods compares the overview with the period before it.
func (r *rig) periods() {
	t := r.t
	if o := r.call(200, "GET", "/v1/overview", ""); o.get(t, "period") != nil || o.get(t, "previous") != nil {
		t.Errorf("all time has a period: %s", o.body)
	}
	o := r.call(200, "GET", "/v1/overview?last=24h", "")
	if o.get(t, "attempts") != 1.0 || o.text(t, "period", "from") != "2026-03-02T15:15:00.000Z" || o.text(t, "period", "to") != "2026-03-03T15:15:00.000Z" ||
		o.get(t, "previous", "attempts") != 0.0 || o.get(t, "previous", "contact_rate") != nil || o.text(t, "previous", "from") != "2026-03-01T15:15:00.000Z" || o.text(t, "previous", "to") != o.text(t, "period", "from") {
		t.Errorf("the last day: %s", o.body)
	}
	o = r.call(200, "GET", "/v1/overview?from=2026-03-04&to=2026-03-04", "")
	if o.get(t, "attempts") != 0.0 || o.get(t, "previous", "attempts") != 1.0 || o.get(t, "previous", "conversion_rate") != 1.0 || o.get(t, "created") != 0.0 {
		t.Errorf("the day after: %s", o.body)
	}
	if o.get(t, "total_cadences") == 0.0 || r.call(200, "GET", "/v1/overview?last=7d", "").get(t, "created") != o.get(t, "total_cadences") {
		t.Errorf("all cadences were created in these days: %s", o.body)
	}
	r.call(400, "GET", "/v1/overview?last=7d&to=2026-03-03", "")
}

// A call that is made after the first report is in the next one, and so is a
// correction.
func TestReportsFollow(t *testing.T) {
	r := newRig(t)
	id := r.cadences()
	attempt := r.people(id)
	if got := r.call(200, "GET", "/v1/reports/calls", "").get(t, "attempts"); got != 0.0 {
		t.Fatalf("%v calls are over before the first has ended", got)
	}
	r.attempts(id, attempt)
	r.reports(id)
	at := "/v1/attempts/" + attempt.Text("at")
	r.call(200, "POST", at+"/disposition", `{"code":"NOT_INTERESTED"}`)
	got := r.call(200, "GET", "/v1/reports/calls", "")
	if got.get(t, "conversions") != 0.0 || got.get(t, "contacts") != 1.0 || got.text(t, "by_disposition", 0, "code") != "NOT_INTERESTED" {
		t.Errorf("after a correction: %s", got.body)
	}
}
