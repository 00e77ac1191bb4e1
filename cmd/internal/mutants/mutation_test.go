package main

import "testing"

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
	}
}
