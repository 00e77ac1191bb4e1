package cadence_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
)

func TestDiff(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(d *cadence.Document)
		want []cadence.Change
	}{
		"nothing":      {func(*cadence.Document) {}, nil},
		"a default":    {func(d *cadence.Document) { d.Steps[0].PlacedBy, d.ReEntry = "dialer", "never" }, nil},
		"the name":     {func(d *cadence.Document) { d.Name = "Other" }, []cadence.Change{{Kind: "changed", Path: "name", From: `"Plain"`, To: `"Other"`}}},
		"a step added": {func(d *cadence.Document) { d.Steps = append(d.Steps, cadence.Step{Key: "four", Kind: "call"}) }, []cadence.Change{{Kind: "added", Step: "four", To: `{"key":"four","kind":"call"}`}}},
		"a step removed": {func(d *cadence.Document) { d.Steps = d.Steps[:2] }, []cadence.Change{
			{Kind: "removed", Step: "three", From: `{"key":"three","kind":"call"}`},
		}},
		"a step moved to the front": {func(d *cadence.Document) { d.Steps = []cadence.Step{d.Steps[2], d.Steps[0], d.Steps[1]} }, []cadence.Change{
			{Kind: "moved", Step: "three", From: "3", To: "1"},
		}},
		"inside a step": {func(d *cadence.Document) {
			d.Steps[1].DelayAfter = hours(5)
			d.Steps[1].Voicemail.Text = "a < b"
			routed(d, cadence.Route{On: "BUSY", Do: "next"})
			d.Connect = nil
		}, []cadence.Change{
			{Kind: "removed", Path: "connect", From: `[{"number":"+13035550100","to":"number"}]`},
			{Kind: "added", Step: "one", Path: "routes", To: `[{"do":"next","on":"BUSY"}]`},
			{Kind: "changed", Step: "two", Path: "delay_after", From: `"1d"`, To: `"5h"`},
			{Kind: "added", Step: "two", Path: "voicemail", To: `{"text":"a < b"}`},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := plain(), plain()
			c.edit(b)
			if got := cadence.Diff(a, b); !slices.Equal(got, c.want) {
				t.Errorf("changes:\n%v\nwant:\n%v", got, c.want)
			}
		})
	}
}

func TestDiffIsEmptyExactlyForEqualDocuments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := documents.Draw(t, "a"), documents.Draw(t, "b")
		if rapid.Bool().Draw(t, "same") {
			b = cadence.Normalize(a)
		}
		same := string(cadence.Export(a)) == string(cadence.Export(b))
		if changes := cadence.Diff(a, b); same != (len(changes) == 0) {
			t.Fatalf("equal %v, changes %v", same, changes)
		}
	})
}
