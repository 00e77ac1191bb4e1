package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestListFitsTheCode checks that every mutation still names a place in the
// code, so that the list cannot rot unseen.
func TestListFitsTheCode(t *testing.T) {
	all, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 25 {
		t.Fatalf("%d mutations; the proof asks for at least 25", len(all))
	}
	for _, m := range all {
		for _, l := range m.layers() {
			if l != "unit" && layers[l] == nil {
				t.Errorf("%s: there is no layer %q", m.Name, l)
			}
		}
		if len(m.layers()) == 0 {
			t.Errorf("%s: nothing is run against it", m.Name)
		}
		if m.First != "" && !hasTest(t, &m) {
			t.Errorf("%s: first is to be asked %s, which is no test of its unit layer", m.Name, m.First)
		}
	}
}

// hasTest reports whether the test that is asked first exists, in one of the
// packages of the unit layer.
func hasTest(t *testing.T, m *Mutation) bool {
	t.Helper()
	pkg, test, ok := m.first()
	if !ok || !slices.Contains(m.Unit, "./"+pkg) {
		return false
	}
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(f string) bool {
		b, err := os.ReadFile(f)
		return err == nil && strings.Contains(string(b), "\nfunc "+test+"(")
	})
}

func TestFailedTest(t *testing.T) {
	for _, c := range []struct{ name, out, want string }{
		{"one", "--- FAIL: TestA (0.1s)\n    a_test.go:1: no\nFAIL\nFAIL\t" + module + "dialer\t1.2s\n", "dialer.TestA"},
		{"behind a good package", "ok  \t" + module + "cadence\t1s\n--- FAIL: TestB (0s)\nFAIL\nFAIL\t" + module + "dialer/permit\t1.2s\nFAIL\n", "dialer/permit.TestB"},
		{"a part of a test", "--- FAIL: TestC (0s)\n    --- FAIL: TestC/part (0s)\nFAIL\nFAIL\t" + module + "dialer\t1s\n", "dialer.TestC"},
		{"a panic", "panic: no\nFAIL\t" + module + "dialer\t1s\n", ""},
	} {
		if got := failedTest([]byte(c.out)); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

// Each is tried once, and those that take long begin.
func TestLongestFirst(t *testing.T) {
	all := []Mutation{{First: "dialer.TestOne"}, {}, {First: "dialer.TestTwo"}, {}}
	if got := longestFirst(all); !slices.Equal(got, []int{1, 3, 0, 2}) {
		t.Errorf("%v", got)
	}
}
