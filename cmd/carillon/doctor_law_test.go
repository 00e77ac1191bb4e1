package main

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// Doctor tells of each kind of record how long the rules in force want it kept,
// with the rule that asks for the longest time.
func TestRetentionIsTold(t *testing.T) {
	const head = "schema: 1\npack: test\nrules:\n  - {id: test.hours, kind: window, title: t, source: s, confidence: V, params: {days: {mon-sun: [\"08:00-20:00\"]}}}\n"
	rule := func(id, keep, more string) string {
		return "  - {id: " + id + ", kind: retention, title: t, source: s, confidence: V, params: {keep: " + keep + ", what: [consent]}" + more + "}\n"
	}
	for name, c := range map[string]struct{ rules, want string }{
		"years":                {rule("test.years", "5y", ""), "5 years (test.years): "},
		"one year":             {rule("test.year", "1y", ""), "1 year (test.year): "},
		"days":                 {rule("test.days", "90d", ""), "90 days (test.days): "},
		"the longest of them":  {rule("test.days", "90d", "") + rule("test.years", "2y", ""), "2 years (test.years): "},
		"in any country":       {rule("test.there", "2y", ", applies: {country: [DE]}"), "2 years (test.there): "},
		"one that is over":     {rule("test.old", "9y", ", effective_to: 2026-05-31") + rule("test.days", "90d", ""), "90 days (test.days): "},
		"one that is to begin": {rule("test.new", "9y", ", effective_from: 2026-06-02") + rule("test.days", "90d", ""), "90 days (test.days): "},
		"none":                 {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			set, problems := pack.Load(fstest.MapFS{"test.yaml": {Data: []byte(head + c.rules)}})
			if err := problems.Err(); err != nil {
				t.Fatal(err)
			}
			report := retention(set, time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC))
			if c.want == "" {
				if len(report) != 0 {
					t.Errorf("%+v", report)
				}
				return
			}
			if len(report) != 1 || report[0].Name != "retention of consent" || !report[0].OK ||
				!strings.HasPrefix(report[0].Detail, c.want) || !strings.HasSuffix(report[0].Detail, "kept as long as the ledger") {
				t.Errorf("%+v, want %q", report, c.want)
			}
		})
	}
}

// The shipped rules name every kind of record that five years of sales leave.
func TestShippedRetentionIsTold(t *testing.T) {
	set, problems := pack.Load(os.DirFS("../../configs/compliance"))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, f := range retention(set, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)) {
		told[f.Name] = f.Detail
	}
	for _, what := range []string{"call_detail", "disposition", "consent", "dnc_request", "script_version"} {
		if !strings.HasPrefix(told["retention of "+what], "5 years (") {
			t.Errorf("%s: %q", what, told["retention of "+what])
		}
	}
}
