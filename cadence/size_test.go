package cadence_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
)

// A text that may be read when it is written tightly, and not any more when it
// was exported, is no document to keep.
func TestWhatIsKeptCanBeReadAgain(t *testing.T) {
	doc := plain()
	doc.Steps = nil
	for i := range cadence.MaxSteps {
		s := cadence.Step{Key: fmt.Sprintf("s%d", i), Kind: cadence.StepCall, DelayAfter: hours(1)}
		for j := range cadence.MaxRoutes {
			on := cadence.DispositionCode(fmt.Sprintf("A%d_%s", j, strings.Repeat("X", 40)))
			s.Routes = append(s.Routes, cadence.Route{On: on, Do: cadence.DoNext})
		}
		doc.Steps = append(doc.Steps, s)
	}
	tight, err := json.Marshal(cadence.Normalize(doc))
	if err != nil {
		t.Fatal(err)
	}
	if _, problems := cadence.Parse(tight); len(problems) > 0 {
		t.Fatalf("written tightly: %v", problems)
	}
	found := slices.ContainsFunc(cadence.Validate(doc, cadence.Known{}), func(p cadence.Problem) bool {
		return p.Code == "too_large" && p.Severity == cadence.SeverityError && p.Remedy != ""
	})
	if _, problems := cadence.Parse(cadence.Export(doc)); len(problems) == 0 || !found {
		t.Errorf("told %v, and read again: %v", found, problems)
	}
}
