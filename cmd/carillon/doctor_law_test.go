package main

import (
	"crypto/sha256"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
	"github.com/carillon-dialer/carillon/telephony/twilio"
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

// What doctor finds in a data directory: no rules yet, the shipped ones, and a
// ledger whose rules cannot be read, each told in its own way.
func TestLawFindings(t *testing.T) {
	set, problems := pack.Load(os.DirFS("../../configs/compliance"))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		body   []byte
		ok     bool
		name   string
		detail string
	}{
		"no rules yet":                 {nil, true, "retention", "no rule packs were ever in force"},
		"the shipped rules":            {set.Body(), true, "retention of consent", "5 years ("},
		"rules that cannot be read":    {[]byte("{"), false, "retention", ""},
		"rules that are there no more": {[]byte{}, false, "retention", "are gone"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := app.OpenStore(t.Context(), app.StoreOptions{Dir: t.TempDir(), MinFree: 1, Log: zap.NewNop()})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}()
			if c.body != nil {
				tenure, err := s.Ledger.Claim(t.Context(), 7)
				if err != nil {
					t.Fatal(err)
				}
				in := &event.PacksSet{Digest: sha256.Sum256(c.body), Body: c.body, At: 1}
				if err := upgrade.Commit(t.Context(), s.Ledger, tenure, []event.Fact{in}, nil); err != nil {
					t.Fatal(err)
				}
			}
			report := lawFindings(s)
			at := slices.IndexFunc(report, func(f twilio.Finding) bool { return f.Name == c.name })
			if at < 0 {
				t.Fatalf("%q is not told: %+v", c.name, report)
			}
			f := report[at]
			if f.OK != c.ok || !strings.Contains(f.Detail, c.detail) || f.Detail == "" || !f.OK && f.Remedy == "" {
				t.Errorf("%+v", f)
			}
		})
	}
}
