package dialer_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/pacing"
)

var (
	toPeople    = m{"to": "number", "number": "+13035550199"}
	toMessage   = m{"to": "message", "text": "This is Example, +13035550190. Press 9 not to be called again."}
	harbourLaw  = "id: us.tells\nkind: abandon\napplies: {purpose: [sales]}\nparams: {max_percent: 3, per: 30d, connect_within: 1s, message: true}"
	silentLaw   = "id: us.counts\nkind: abandon\nparams: {max_percent: 3, per: 30d, connect_within: 1s}"
	oneCallStep = []any{m{"key": "one", "kind": "call"}}
)

// Rules of packsWith end with the year.
var (
	inJune      = window.DayOf(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
	theNextYear = window.DayOf(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
)

func parsed(t *testing.T, parts m) *cadence.Document {
	t.Helper()
	doc, problems := cadence.Parse([]byte(document(t, "Spring", parts)))
	if doc == nil {
		t.Fatal(problems)
	}
	return doc
}

// notes are the paths at which the law has a note of a code.
func notes(t *testing.T, rules string, r *dialer.Rules, parts m, code string) (paths []string, all []cadence.LawNote) {
	t.Helper()
	set := packs(t)
	if rules != "" {
		set = packsWith(t, rules)
	}
	for _, n := range dialer.LawNotes(set, r, inJune)(parsed(t, parts)) {
		if n.Message == "" || n.Remedy == "" {
			t.Errorf("a note without words: %+v", n)
		}
		if n.Code == code {
			paths, all = append(paths, n.Path), append(all, n)
		}
	}
	return paths, all
}

// Who answers and is put through to nobody has to hear a message where a rule
// in force wants one: the document is told of at its targets.
func TestASaleWithoutAMessageBehindItsTargets(t *testing.T) {
	for name, c := range map[string]struct {
		rules, country string
		parts          m
		want           []string
	}{
		"a sale in the United States": {"", "US", m{"connect": []any{toPeople}}, []string{"connect"}},
		"with a message behind":       {"", "US", m{"connect": []any{toPeople, toMessage}}, nil},
		"a message alone":             {"", "US", m{"connect": []any{toMessage}}, nil},
		"no sale":                     {"", "US", m{"purpose": "survey", "connect": []any{toPeople}}, nil},
		"for charity":                 {"", "US", m{"purpose": "charity", "connect": []any{toPeople}}, []string{"connect"}},
		"a survey in Great Britain":   {"", "GB", m{"purpose": "survey", "connect": []any{toPeople}}, []string{"connect"}},
		"a sale in Canada":            {"", "CA", m{"connect": []any{toPeople}}, nil}, // its rules count such calls and ask for no message
		"where no rule wants one":     {"", "DE", m{"connect": []any{toPeople}}, nil},
		"a step with its own targets": {"", "US", m{"connect": []any{toPeople, toMessage}, "steps": []any{
			m{"key": "one", "kind": "call", "delay_after": "4h"}, m{"key": "two", "kind": "call", "connect": []any{toPeople}},
		}}, []string{"steps[1].connect"}},
		"targets that no step uses": {"", "US", m{"connect": []any{toPeople}, "steps": []any{
			m{"key": "one", "kind": "call", "connect": []any{toPeople, toMessage}},
		}}, nil},
		"a person calls by hand":  {"", "US", m{"steps": []any{m{"key": "one", "kind": "call", "placed_by": "rep"}}}, nil},
		"two steps, one chain":    {"", "US", m{"connect": []any{toPeople}}, []string{"connect"}},
		"a rule of the operator":  {harbourLaw, "DE", m{"steps": oneCallStep}, []string{"connect"}},
		"a rule that only counts": {silentLaw, "DE", m{"steps": oneCallStep}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := notes(t, c.rules, &dialer.Rules{Countries: []string{c.country}}, c.parts, "safe_harbour_missing")
			if !slices.Equal(got, c.want) {
				t.Errorf("told at %v, want %v", got, c.want)
			}
		})
	}
	if over := dialer.LawNotes(packsWith(t, harbourLaw), &dialer.Rules{Countries: []string{"DE"}}, theNextYear)(parsed(t, m{})); len(over) != 0 {
		t.Errorf("of a rule that is over: %+v", over)
	}
	_, all := notes(t, harbourLaw, &dialer.Rules{Countries: []string{"US"}}, m{}, "safe_harbour_missing")
	if len(all) != 1 || !strings.Contains(all[0].Message, "us.abandon, us.tells") && !strings.Contains(all[0].Message, "us.tells, us.abandon") || !strings.Contains(all[0].Message, "1s") {
		t.Errorf("two rules: %+v", all)
	}
}

// A consent to a seller counts for nobody when nobody sells: the document is
// told of unless it, its campaign or the house names one.
func TestASaleWithoutASeller(t *testing.T) {
	for name, c := range map[string]struct {
		rules dialer.Rules
		parts m
		want  []string
	}{
		"nobody":           {dialer.Rules{}, m{}, []string{"seller"}},
		"the document":     {dialer.Rules{}, m{"seller": "Example"}, nil},
		"its campaign":     {dialer.Rules{Sellers: map[string]string{"Spring": "Example"}}, m{}, nil},
		"another campaign": {dialer.Rules{Sellers: map[string]string{"Autumn": "Example"}}, m{}, []string{"seller"}},
		"the house":        {dialer.Rules{Seller: "Example"}, m{}, nil},
		"no sale":          {dialer.Rules{}, m{"purpose": "survey"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.rules.Countries = []string{"US"}
			got, all := notes(t, "", &c.rules, c.parts, "seller_missing")
			if !slices.Equal(got, c.want) {
				t.Errorf("told at %v, want %v", got, c.want)
			}
			if len(all) > 0 && !strings.Contains(all[0].Message, "us.fl.consent") {
				t.Errorf("no rule is named: %+v", all)
			}
		})
	}
	if got, _ := notes(t, "", &dialer.Rules{Countries: []string{"DE"}}, m{}, "seller_missing"); got != nil {
		t.Errorf("in a country without such a rule: %v", got)
	}
}

// A number that a law does not let be shown keeps the calls of a step waiting:
// told at that step, with country and rule, unless another number of its pool fits.
func TestCallerIDsThatMayNotBeShown(t *testing.T) {
	const seriesLaw = "id: us.series\nkind: callerid\napplies: {country: [US]}\nparams: {series: [\"303555\"]}"
	one := func(n cadence.Number) pacing.CallerID { return pacing.CallerID{Number: n} }
	away := pacing.CallerID{Number: "+13035550190", Away: true}
	single := m{"steps": oneCallStep}
	fixed := func(n string) m {
		return m{"steps": []any{m{"key": "one", "kind": "call", "caller_id": m{"strategy": "fixed", "number": n}}}}
	}
	for name, c := range map[string]struct {
		rules, country string
		ids            []pacing.CallerID
		parts          m
		want           []string
		rule           string
	}{
		"takes calls":                    {"", "US", []pacing.CallerID{one("+13035550190")}, single, nil, ""},
		"calls to it go elsewhere":       {"", "US", []pacing.CallerID{away}, single, []string{"steps[0].caller_id"}, "us.callerid"},
		"another of the pool fits":       {"", "US", []pacing.CallerID{away, one("+13035550191")}, single, nil, ""},
		"no law about it":                {"", "DE", []pacing.CallerID{away}, single, nil, ""},
		"no numbers are told":            {"", "US", nil, single, nil, ""},
		"a sale, out of its series":      {"", "IN", []pacing.CallerID{one("+911600555019")}, single, []string{"steps[0].caller_id"}, "in.series"},
		"a sale, in its series":          {"", "IN", []pacing.CallerID{one("+911405550190")}, single, nil, ""},
		"a service, in a sale's series":  {"", "IN", []pacing.CallerID{one("+911405550190")}, m{"purpose": "informational", "steps": oneCallStep}, []string{"steps[0].caller_id"}, "in.series.service"},
		"a fixed one that does not fit":  {"", "US", []pacing.CallerID{away, one("+13035550191")}, fixed("+13035550190"), []string{"steps[0].caller_id"}, "us.callerid"},
		"a fixed one that fits":          {"", "US", []pacing.CallerID{away, one("+13035550191")}, fixed("+13035550191"), nil, ""},
		"a person calls by hand":         {"", "US", []pacing.CallerID{away}, m{"steps": []any{m{"key": "one", "kind": "call", "placed_by": "rep"}}}, nil, ""},
		"a rule of the operator":         {seriesLaw, "US", []pacing.CallerID{one("+13125550190")}, single, []string{"steps[0].caller_id"}, "us.series"},
		"which lets the number be shown": {seriesLaw, "US", []pacing.CallerID{one("+13035550190")}, single, nil, ""},
		"the second step alone": {"", "US", []pacing.CallerID{one("+13035550191"), {Number: "+13035550192", Pool: "west", Away: true}}, m{"steps": []any{
			m{"key": "one", "kind": "call", "delay_after": "4h"}, m{"key": "two", "kind": "call", "caller_id": m{"pool": "west"}},
		}}, []string{"steps[1].caller_id"}, "us.callerid"},
	} {
		t.Run(name, func(t *testing.T) {
			got, all := notes(t, c.rules, &dialer.Rules{Countries: []string{c.country}, CallerIDs: c.ids}, c.parts, "caller_id_unlawful")
			if !slices.Equal(got, c.want) {
				t.Fatalf("told at %v, want %v", got, c.want)
			}
			if len(all) > 0 && !strings.Contains(all[0].Message, c.country+" ("+c.rule+")") {
				t.Errorf("%s is not named: %+v", c.rule, all)
			}
		})
	}
	r := &dialer.Rules{Countries: []string{"US"}, CallerIDs: []pacing.CallerID{one("+13125550190")}}
	for on, want := range map[window.Day]int{inJune: 1, theNextYear: 0} {
		if got := dialer.LawNotes(packsWith(t, seriesLaw), r, on)(parsed(t, m{"seller": "Example", "purpose": "survey", "steps": oneCallStep})); len(got) != want {
			t.Errorf("on %d of a rule that ends with the year: %+v", on, got)
		}
	}
}
