package routing_test

import (
	"os"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/routing"
)

// The shipped template keeps the table's rhythm when nobody ever answers.
func TestShippedTemplateGolden(t *testing.T) {
	data, err := os.ReadFile("../configs/templates/five-touches.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, problems := cadence.Parse(data)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	set, numbers := shippedSet(t), routing.Numbers{Count: 1}
	m := routing.Start(doc, routing.Resume(doc, nil), numbers, monday)
	for i, want := range []string{"Mon 09:00", "Mon 13:00", "Tue 13:00", "Thu 13:00", "Sun 13:00"} {
		if got := m.Due.Format("Mon 15:04"); got != want || m.StepIndex != i {
			t.Fatalf("touch %d: step %d on %s, want %s", i+1, m.StepIndex, got, want)
		}
		m = routing.Decide(routing.Input{Set: set, Doc: doc, StepIndex: m.StepIndex, Run: m.Run, Disposition: routing.NoAnswer, Numbers: numbers, At: m.Due, RunStarted: monday})
	}
	if !m.Kind.Ends() {
		t.Errorf("after the last touch: %+v", m)
	}
}
