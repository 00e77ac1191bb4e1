package dialer_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer"
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
