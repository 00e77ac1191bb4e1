package permit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/dialer/permit"
)

// A campaign that is over the share of abandoned calls waits, where the rule
// holds that it is over.
func TestACampaignOverItsShareWaits(t *testing.T) {
	set := shipped(t)
	until := noon.Add(3 * time.Hour)
	us := permit.Over{Rule: "us.abandon", Since: noon.Add(-72 * time.Hour).UnixMilli(), Until: until.UnixMilli(), Answered: 40, Abandoned: 2}
	gb := us
	gb.Rule = "gb.abandon"
	for _, c := range []struct {
		name, purpose string
		over          []permit.Over
		at            time.Time
		rule          string
		until         time.Time
	}{
		{"over", "sales", []permit.Over{us}, noon, "us.abandon", until},
		{"another country's rule", "sales", []permit.Over{gb}, noon, "", time.Time{}},
		{"a purpose that it is not about", "informational", []permit.Over{us}, noon, "", time.Time{}},
		{"its end", "sales", []permit.Over{us}, until, "", time.Time{}},
		{"behind hours", "sales", []permit.Over{us}, noon.Add(-6 * time.Hour), "us.tsr.hours", until},
		{"nobody", "sales", nil, noon, "", time.Time{}},
	} {
		f := willing(t)
		f.Jurisdictions, f.Purpose, f.Voice, f.Over = []string{"US"}, c.purpose, "live", c.over
		f.Pack = lawful(t, set, &f)
		v := permit.Decide(&f, c.at)
		want := permit.Verdict{Result: permit.Allow}
		if c.rule != "" {
			want.Result, want.Until = permit.Defer, c.until.UnixMilli()
		}
		if v.Rule != c.rule || v.Result != want.Result || v.Until != want.Until {
			t.Errorf("%s: %+v", c.name, v)
		}
		trace := permit.Trace(&f, c.at)
		i := slices.IndexFunc(trace, func(k permit.Check) bool { return k.Rule == "us.abandon" })
		if c.purpose == "sales" && (i < 0 || trace[i].Kind != permit.KindAbandon || trace[i].Detail == "") {
			t.Errorf("%s: traced as %+v", c.name, trace)
		}
		if c.name == "over" && !strings.HasPrefix(trace[i].Detail, "2 of 40 live answers since 2026-03-01T19:00:00Z abandoned, at most 3 %") {
			t.Errorf("%s: %s", c.name, trace[i].Detail)
		}
	}
}
