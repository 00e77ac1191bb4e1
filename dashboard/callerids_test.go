package dashboard_test

// callerIDs looks at our numbers, lets one rest and ends it.
func (r *rig) callerIDs() {
	t := r.t
	const at = "/v1/caller-ids/%2B13035550100"
	all := r.call(200, "GET", "/v1/caller-ids?pool=default&state=ready", "")
	if all.text(t, "items", 0, "number") != "+13035550100" || all.get(t, "items", 0, "calls_today") != 1.0 || all.get(t, "items", 0, "daily_cap") != 75.0 ||
		all.get(t, "items", 0, "health", "attempts") != 1.0 || all.get(t, "items", 0, "health", "answer_rate") != 1.0 || all.get(t, "next") != nil {
		t.Errorf("our numbers: %s", all.body)
	}
	rest := `{"until":"2026-03-04T15:00:00Z","reason":"marked as spam","by":"ops 1"}`
	r.call(400, "POST", at+"/rest", `{"until":"2026-03-03T14:00:00Z","reason":"late"}`)
	r.call(400, "POST", at+"/rest", `{"until":"2026-03-04T15:00:00Z"}`)
	r.call(400, "POST", at+"/rest", `{"until":"2028-03-04T15:00:00Z","reason":"long"}`)
	r.call(404, "POST", "/v1/caller-ids/+13035550111/rest", rest)
	for range 2 {
		got := r.call(200, "POST", at+"/rest", rest)
		if got.text(t, "caller_id", "state") != "resting" || got.text(t, "caller_id", "rest", "author") != "ops 1" || got.text(t, "caller_id", "rest", "until") != "2026-03-04T15:00:00.000Z" {
			t.Errorf("at rest: %s", got.body)
		}
	}
	if got := r.call(200, "GET", "/v1/caller-ids/+13035550100", ""); got.text(t, "caller_id", "rest", "reason") != "marked as spam" || got.text(t, "caller_id", "rest", "by") != "operator" {
		t.Errorf("at rest: %s", got.body)
	}
	if got := r.call(200, "GET", "/v1/caller-ids?state=ready", ""); len(got.get(t, "items").([]any)) != 0 {
		t.Errorf("ready while at rest: %s", got.body)
	}
	for _, body := range []string{`{"reason":"cleared","by":"ops 2"}`, ""} {
		if got := r.call(200, "POST", at+"/unrest", body); got.text(t, "caller_id", "state") != "ready" || got.get(t, "caller_id", "rest") != nil {
			t.Errorf("after the rest: %s", got.body)
		}
	}
	r.call(404, "GET", "/v1/caller-ids/+13035550111", "")
	r.call(400, "GET", "/v1/caller-ids/13035550100", "")
	r.call(400, "GET", "/v1/caller-ids?state=tired", "")
}
