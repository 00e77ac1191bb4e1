package cadence_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
)

func TestMerge(t *testing.T) {
	lead := environment().Lead
	lead.Fields["tricky"] = "{{ lead.status }}"
	vars := map[string]string{"offer": "ten", "again": "{{ vars.offer }}"}
	for text, want := range map[string]string{
		"Hello {{ lead.first_name }}!":                "Hello Lead!",
		"{{lead.name}}{{  lead.state\t}}":             "Lead 00001CO",
		"{{ lead.Company Name }}":                     "Acme",
		"{{ lead.nothing }}|{{ vars.nothing }}":       "|",
		"{{ vars.offer }} and {{ vars.again }}":       "ten and {{ vars.offer }}",
		"{{ lead.tricky }}":                           "{{ lead.status }}",
		"{{ lead.number }}":                           "+13035550142",
		"{ lead.name } {{ name }} {{ }} {{ lead. }}":  "{ lead.name } {{ name }} {{ }} {{ lead. }}",
		"{{ bad }} {{ lead.state }} {{ lead.first_na": "{{ bad }} CO {{ lead.first_na",
		"": "",
	} {
		if got := cadence.Merge(text, lead, vars); got != want {
			t.Errorf("%q merged to %q, want %q", text, got, want)
		}
	}
	if got := cadence.Merge("{{ lead.name }}{{ vars.x }}-", nil, nil); got != "-" {
		t.Errorf("without a lead: %q", got)
	}
}

func TestLeadFields(t *testing.T) {
	lead := &cadence.Lead{
		ExternalID: "external_id", Name: "name", FirstName: "first_name", LastName: "last_name", Email: "email", Status: "status",
		Owner: "owner", Zone: "zone", PostalCode: "postal_code", State: "state", Country: "country",
		Fields: map[string]string{"custom": "custom", "name": "a column does not hide the name"},
	}
	for _, name := range []string{"external_id", "name", "first_name", "last_name", "email", "status", "owner", "zone", "postal_code", "state", "country", "custom"} {
		if got := lead.Field(name); got != name {
			t.Errorf("%s is %q", name, got)
		}
	}
	if got := lead.Field("number"); got != "" {
		t.Errorf("a lead without numbers has %q", got)
	}
}

func TestMergeIsBounded(t *testing.T) {
	vars := map[string]string{"x": strings.Repeat("é", 4096)}
	got := cadence.Merge("a"+strings.Repeat("{{vars.x}}", 1000), nil, vars)
	if len(got) > cadence.MaxMergedBytes || len(got) < cadence.MaxMergedBytes-1 || !utf8.ValidString(got) {
		t.Errorf("%d bytes, valid %v", len(got), utf8.ValidString(got))
	}
	start := time.Now()
	cadence.Merge(strings.Repeat("{{", 10_000)+"}}"+strings.Repeat("{{ x }}", 10_000), nil, nil)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("hostile text took %s", took)
	}
}

func TestMergeFields(t *testing.T) {
	got, err := cadence.MergeFields("{{ lead.a }} {{vars.b}} {{ lead.a }} { } }}")
	if err != nil || !slices.Equal(got, []string{"lead.a", "vars.b"}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, text := range []string{"{{", "{{ lead.a", "{{ a }}", "{{ lead }}", "{{ lead. }}", "{{}}", "{{ Lead.a }}", "{{ {{ lead.a }} }}", "{{ lead.a{b }}", "{{ lead." + strings.Repeat("x", 200) + " }}"} {
		if got, err := cadence.MergeFields(text); err == nil {
			t.Errorf("%q has fields %v; want an error", text, got)
		}
	}
}

func TestMergeLeavesNoFieldOfAcceptedText(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", " ", "{", "}", "{{", "}}", "{{ lead.name }}", "{{vars.x}}", "{{ lead.Company Name }}"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "text"), "")
		fields, err := cadence.MergeFields(text)
		if err != nil {
			return
		}
		got := cadence.Merge(text, &cadence.Lead{Name: "N"}, map[string]string{"x": "X"})
		if strings.Contains(got, "lead.") || strings.Contains(got, "vars.") {
			t.Fatalf("%q with fields %v merged to %q", text, fields, got)
		}
	})
}

func TestFreeName(t *testing.T) {
	for _, c := range []struct {
		name, want string
		taken      []string
	}{
		{"Name", "Name", nil},
		{"Name", "Name (2)", []string{"Name"}},
		{"Name", "Name (4)", []string{"Name", "Name (2)", "Name (3)"}},
		{"Name (2)", "Name (3)", []string{"Name (2)"}},
		{"Name (x)", "Name (x) (2)", []string{"Name (x)"}},
		{"Name (1)", "Name (1) (2)", []string{"Name (1)"}},
		{"(2)", "(2) (2)", []string{"(2)"}},
		{strings.Repeat("é", 120), strings.Repeat("é", 116) + " (2)", []string{strings.Repeat("é", 120)}},
	} {
		if got := cadence.FreeName(c.name, func(n string) bool { return slices.Contains(c.taken, n) }); got != c.want {
			t.Errorf("%q beside %v: %q, want %q", c.name, c.taken, got, c.want)
		}
	}
}
