package packdiff_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/packdiff"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// changed is the shipped set with a text of one file replaced.
func changed(t *testing.T, file, old, text string) *pack.Set {
	t.Helper()
	data, err := fs.ReadFile(configs.RulePacks(), file)
	if err != nil || strings.Count(string(data), old) != 1 {
		t.Fatalf("%s does not hold %q once: %v", file, old, err)
	}
	set, problems := pack.Load(configs.RulePacks(), fstest.MapFS{file: {Data: []byte(strings.Replace(string(data), old, text, 1))}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return set
}

func shipped(t *testing.T) *pack.Set {
	t.Helper()
	set, problems := pack.Load(configs.RulePacks())
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return set
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// France asks for consent from 2026-08-11 on. Without that rule nothing differs
// the day before, and sales calls to France without consent do from then on.
func TestFranceBeforeAndAfter(t *testing.T) {
	old, set := changed(t, "intl.yaml", "effective_from: 2026-08-11", "effective_from: 2199-01-01"), shipped(t)
	before, err := packdiff.Diff(old, set, at(t, "2026-08-10T09:00:00Z"))
	if err != nil || len(before) != 0 {
		t.Fatalf("the day before %d leads differ, %v", len(before), err)
	}
	after, err := packdiff.Diff(old, set, at(t, "2026-08-11T09:00:00Z"))
	if err != nil || len(after) < 50 {
		t.Fatalf("on the day %d leads differ, %v", len(after), err)
	}
	for _, c := range after {
		if !slices.Contains(c.Places, "FR") || c.Purpose != "sales" || len(c.Consent) > 0 || c.Was.Result != "allow" || c.Is.Result != "block" ||
			c.Is.Rule != "fr.consent" || c.Is.Title != "Sales calls need prior consent, in France" {
			t.Fatalf("%+v", c)
		}
	}
	// In the evening before, the old law would have let them wait for the morning.
	evening, err := packdiff.Diff(old, set, at(t, "2026-08-10T18:30:00Z"))
	if err != nil || len(evening) != len(after) || evening[0].Was.Result != "defer" || evening[0].Is.Rule != "fr.consent" {
		t.Errorf("in the evening before %d leads differ, %v", len(evening), err)
	}
	again, err := packdiff.Diff(set, set, at(t, "2026-08-11T09:00:00Z"))
	if err != nil || len(again) != 0 {
		t.Errorf("a set differs from itself: %d, %v", len(again), err)
	}
}

func TestHoursThatChange(t *testing.T) {
	set := changed(t, "us-states.yaml", `{days: {mon-sun: ["10:00-21:00"]}}`, `{days: {mon-sun: ["11:00-21:00"]}}`) // Kentucky
	changes, err := packdiff.Diff(shipped(t), set, at(t, "2026-03-04T15:30:00Z"))
	if err != nil || len(changes) == 0 {
		t.Fatalf("%d changes, %v", len(changes), err)
	}
	for _, c := range changes {
		if !slices.Contains(c.Places, "US-KY") || c.Is.Rule != "us.ky.hours" || c.Is.Until == nil {
			t.Fatalf("%+v", c)
		}
	}
}
