package permit_test

import (
	"slices"
	"strings"
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
			Jurisdictions: []string{"US", "US-CO"}, Purpose: "sales", Voice: "live", Evidence: c.evidence, Given: c.evidence, Lists: c.lists, Ring: 20_000,
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

// A law that wants calls checked against a list wants it young: until it is,
// nobody is called whom the rule is about, and the verdict names rule and list.
func TestAgeOfLists(t *testing.T) {
	set := shipped(t)
	at := time.Date(2026, 3, 17, 16, 0, 0, 0, time.UTC)
	aged := func(d time.Duration) permit.List {
		return permit.List{Name: "us_national_dnc", AsOf: at.Add(-d).UnixMilli()}
	}
	rnd := permit.List{Name: "us_reassigned_numbers", AsOf: at.UnixMilli()}
	const month = 31 * 24 * time.Hour
	for _, c := range []struct {
		name              string
		mode              permit.ScrubMode
		lists             []permit.List
		purpose, evidence string
		rule, says        string
	}{
		{"not judged", permit.ScrubOff, []permit.List{aged(90 * 24 * time.Hour)}, "sales", "", "", "its age was not judged"},
		{"never imported, not asked for", permit.ScrubWhenImported, nil, "sales", "", "", "never imported: not judged"},
		{"never imported", permit.ScrubEnforce, nil, "sales", "", "us.dnc.national", "never imported whole"},
		{"its first edition is not whole", permit.ScrubEnforce, []permit.List{{Name: "us_national_dnc"}, rnd}, "sales", "", "us.dnc.national", "never imported whole"},
		{"as old as it may be when the call rings", permit.ScrubEnforce, []permit.List{aged(month - permit.Guard), rnd}, "sales", "", "", "31.0 days old, at most 31.0"},
		{"a moment older", permit.ScrubEnforce, []permit.List{aged(month - permit.Guard + time.Millisecond), rnd}, "sales", "", "us.dnc.national", "as of 2026-02-14"},
		{"too old, imported once", permit.ScrubWhenImported, []permit.List{aged(40 * 24 * time.Hour)}, "sales", "", "us.dnc.national", "40.0 days old"},
		{"of tomorrow", permit.ScrubEnforce, []permit.List{aged(-24 * time.Hour), rnd}, "sales", "", "", "at most 31.0"},
		{"agreed in writing", permit.ScrubEnforce, []permit.List{rnd}, "sales", "consent.express_written", "", "does not hold: consent.express_written"},
		{"no rule wants it", permit.ScrubEnforce, []permit.List{rnd}, "informational", "", "", ""},
		{"one that is no duty is missing", permit.ScrubEnforce, nil, "informational", "", "", ""},
		{"one that is no duty is too old", permit.ScrubEnforce, []permit.List{{Name: "us_reassigned_numbers", AsOf: at.Add(-month - time.Millisecond).UnixMilli()}}, "informational", "", "us.rnd", ""},
	} {
		f := willing(t)
		f.Jurisdictions, f.Purpose, f.Voice, f.Ring = []string{"US", "US-CO"}, c.purpose, "live", 20_000
		f.Evidence, f.Lists, f.Scrub = strings.Fields(c.evidence), c.lists, c.mode
		f.Given = f.Evidence
		f.Pack = lawful(t, set, &f)
		v := permit.Decide(&f, at)
		if v.Rule != c.rule || c.rule != "" && (v.Result != permit.Block || v.Detail == "" || !f.Pack.Law.Awaits(v.Rule)) {
			t.Errorf("%s: %+v", c.name, v)
		}
		trace := permit.Trace(&f, at)
		i := slices.IndexFunc(trace, func(k permit.Check) bool { return k.Rule == "us.dnc.national" })
		if c.says != "" && (i < 0 || trace[i].Kind != permit.KindScrub || !strings.Contains(trace[i].Detail, c.says)) {
			t.Errorf("%s: traced as %+v", c.name, trace)
		}
	}
}

// A call rings while the lists and the consents it was judged by are young
// enough: what leaves by its allowance does.
func TestAnAllowanceEndsBeforeWhatItRestsOnIsTooOld(t *testing.T) {
	set := shipped(t)
	at := time.Date(2026, 3, 17, 16, 0, 0, 0, time.UTC) // the hours go on until evening
	const month = 31 * 24 * time.Hour
	list := func(left time.Duration) []permit.List {
		return []permit.List{
			{Name: "us_national_dnc", AsOf: at.Add(left - month).UnixMilli()}, {Name: "us_reassigned_numbers", AsOf: at.UnixMilli()},
		}
	}
	bought := permit.Consent{Evidence: "ebr.18m_purchase", Given: at.Add(time.Hour).AddDate(0, -18, 0).UnixMilli()}
	for name, c := range map[string]struct {
		lists   []permit.List
		records []permit.Consent
		left    time.Duration // 0: until the hours end
	}{
		"young":                      {list(month), nil, 0},
		"a list of an hour more":     {list(time.Hour), nil, time.Hour},
		"not asked for, and old":     {list(-time.Hour), []permit.Consent{{Evidence: "consent.express_written", Given: 1}}, 0},
		"a purchase, an hour more":   {list(month), []permit.Consent{bought}, time.Hour},
		"what lasts lets it go on":   {list(month), []permit.Consent{{Evidence: "consent.express", Given: 1}}, 0},
		"the first of two that ends": {list(30 * time.Minute), []permit.Consent{{Evidence: "consent.express", Given: 1}}, 30 * time.Minute},
	} {
		f := willing(t)
		f.Jurisdictions, f.Purpose, f.Voice, f.Ring = []string{"US", "US-CO"}, "sales", "live", 20_000
		f.Lists, f.Scrub, f.Consents = c.lists, permit.ScrubEnforce, c.records
		for _, r := range c.records {
			f.Evidence = append(f.Evidence, r.Evidence)
		}
		f.Given = f.Evidence
		f.Pack = lawful(t, set, &f)
		v := permit.Decide(&f, at)
		want := at.Add(c.left - permit.Guard).UnixMilli()
		if !v.OK() || c.left != 0 && v.NotAfter != want || c.left == 0 && v.NotAfter <= at.Add(2*time.Hour).UnixMilli() {
			t.Errorf("%s: until %s: %+v", name, time.UnixMilli(v.NotAfter).UTC(), v)
		}
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
