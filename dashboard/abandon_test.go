package dashboard_test

// abandoned looks at the shares of abandoned calls: one call was answered, and
// a person was talked to.
func (r *rig) abandoned() {
	t := r.t
	all := r.call(200, "GET", "/v1/abandon", "")
	seen := 0
	for i := range all.get(t, "items").([]any) {
		if all.text(t, "items", i, "rule") != "us.abandon" {
			continue
		}
		if seen++; all.get(t, "items", i, "limit") != 0.03 || all.get(t, "items", i, "over") != false || all.get(t, "items", i, "held_until") != nil ||
			all.get(t, "items", i, "abandoned") != 0.0 {
			t.Errorf("%s", all.body)
		}
	}
	if seen == 0 {
		t.Errorf("no campaign is counted: %s", all.body)
	}
}
