package cadence_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
)

// TestLintLooksWhereCallsBackGo: a number whose calls do not come here is an
// error at each step that may be called from it, one of another owner a warning;
// without knowledge nothing is said.
func TestLintLooksWhereCallsBackGo(t *testing.T) {
	text := `{"format":"carillon.cadence/v1","name":"Two pools","audience":{"type":"manual"},"runs":{"max":1},
		"connect":[{"to":"number","number":"+13035550100"}],
		"steps":[{"key":"one","kind":"call","delay_after":"4h"},{"key":"two","kind":"call","caller_id":{"pool":"west"},"delay_after":"4h"},
		{"key":"three","kind":"call","caller_id":{"strategy":"fixed","number":"+13035550103"}}]}`
	known := cadence.Known{Astray: func(c cadence.CallerID) (elsewhere, notOwned []cadence.Number) {
		switch {
		case c.Pool == "west":
			return []cadence.Number{"+13035550101", "+13035550102"}, nil
		case c.Number != "":
			return nil, []cadence.Number{c.Number}
		}
		return nil, nil
	}}
	doc, problems := cadence.Parse([]byte(text))
	if doc == nil {
		t.Fatal(problems)
	}
	var found []string
	for _, p := range cadence.Lint(doc, known, nil) {
		if strings.HasPrefix(p.Code, "caller_id_") {
			found = append(found, string(p.Severity)+" "+p.Code+" "+p.Path)
			if p.Code == "caller_id_elsewhere" && !strings.Contains(p.Message, "+13035550101, +13035550102") {
				t.Errorf("it names no numbers: %s", p.Message)
			}
		}
	}
	want := []string{"error caller_id_elsewhere steps[1].caller_id", "warning caller_id_not_owned steps[2].caller_id"}
	if !slices.Equal(found, want) {
		t.Errorf("found %q, want %q", found, want)
	}
	for _, p := range cadence.Lint(doc, cadence.Known{}, nil) {
		if strings.HasPrefix(p.Code, "caller_id_") {
			t.Errorf("without knowledge: %+v", p)
		}
	}
}
