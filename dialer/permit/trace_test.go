package permit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/permit"
)

// Periods are told as people say them, and duties of law apart from what is
// judged: behind it, allowed, and marked.
func TestTraceIsReadable(t *testing.T) {
	set := shipped(t)
	f := willing(t)
	f.Jurisdictions, f.Purpose, f.Voice, f.Ring = []string{"US", "US-FL"}, "sales", "live", 25_000
	f.Pack = lawful(t, set, &f)
	trace := permit.Trace(&f, noon)
	for rule, want := range map[string]string{permit.RuleNumberCap: " calls within 24 hours", "us.ring": "rings 25 seconds of at least 15 seconds"} {
		i := slices.IndexFunc(trace, func(c permit.Check) bool { return c.Rule == rule })
		if i < 0 || !strings.HasSuffix(trace[i].Detail, want) {
			t.Errorf("%s: %+v, want %q", rule, trace, want)
		}
	}
	first := slices.IndexFunc(trace, func(c permit.Check) bool { return c.Duty })
	if first < 0 {
		t.Fatalf("no duty in %+v", trace)
	}
	for i, c := range trace {
		if c.Duty != (i >= first) || c.Duty && (c.Result != permit.Allow || c.Detail == "") {
			t.Errorf("duties begin at %d; check %d is %+v", first, i, c)
		}
		if strings.Contains(c.Detail, "m0s") {
			t.Errorf("%s: %q is no period as people say it", c.Rule, c.Detail)
		}
	}
}
