package permit_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// A number on an imported list is not called, and the verdict names the list;
// unless the law's rule about that list is waived.
func TestImportedLists(t *testing.T) {
	set := shipped(t)
	at := time.Date(2026, 3, 17, 16, 0, 0, 0, time.UTC)
	on := permit.List{Name: "us_national_dnc", AsOf: at.UnixMilli() - 86_400_000, On: true, Since: 1}
	off := permit.List{Name: "other", AsOf: 1}
	for _, c := range []struct {
		name     string
		lists    []permit.List
		evidence []string
		rule     string
	}{
		{"no list", nil, nil, ""},
		{"not on it", []permit.List{off}, nil, ""},
		{"on it", []permit.List{off, on}, nil, permit.RuleDNCList},
		{"agreed aloud", []permit.List{on}, []string{"consent.express"}, permit.RuleDNCList},
		{"agreed in writing", []permit.List{on}, []string{"consent.express_written"}, ""},
		{"bought something", []permit.List{on}, []string{"ebr.18m_purchase"}, ""},
		{"a list of another name", []permit.List{{Name: "ours", On: true}}, []string{"consent.express_written"}, permit.RuleDNCList},
	} {
		f := permit.Facts{
			Active: true, Enrolled: true, Country: "US", Countries: []string{"US"}, CallerID: true, Zones: zones(t, "America/Denver"),
			Jurisdictions: []string{"US", "US-CO"}, Purpose: "sales", Voice: "live", Evidence: c.evidence, Lists: c.lists, Ring: 20_000,
		}
		joined, err := permit.NewPack(set.Law(f.Query()), nil)
		if err != nil {
			t.Fatal(err)
		}
		f.Pack = joined
		v := permit.Decide(&f, at)
		if v.Rule != c.rule || c.rule != "" && v.Result != permit.Block {
			t.Errorf("%s: %+v", c.name, v)
		}
		if c.rule == permit.RuleDNCList {
			if _, known := f.List(v.Detail); !known {
				t.Errorf("%s: the verdict names %q", c.name, v.Detail)
			}
		}
	}
	if age, known := on.Age(at); !known || age != 24*time.Hour {
		t.Errorf("%s, %v", age, known)
	}
	if _, known := (permit.List{}).Age(at); known {
		t.Error("a list that was never whole has an age")
	}
}

// A no of a narrower scope is named by its own rule.
func TestScopedNo(t *testing.T) {
	for s, rule := range map[cadence.Scope]string{cadence.ScopeAll: permit.RuleDNC, cadence.CampaignScope("Spring"): permit.RuleDNCScope} {
		f := permit.Facts{Active: true, Enrolled: true, DNC: permit.DNC{On: true, Scope: s, Source: "api"}}
		joined, err := permit.NewPack(&pack.Law{Windows: shipped(t).Law(f.Query()).Windows}, nil)
		if err != nil {
			t.Fatal(err)
		}
		f.Pack = joined
		if v := permit.Decide(&f, time.UnixMilli(0)); v.Rule != rule || v.Detail == "" {
			t.Errorf("%s: %+v", s, v)
		}
	}
}
