//go:build unix

package durable_test

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/carillon-dialer/carillon/cmd/internal/durable"
)

// TestAbandoned: the draft of whoever is writing is nobody's to touch; what
// lies there without a writer is found, and no file that people named.
func TestAbandoned(t *testing.T) {
	dir := t.TempDir()
	look := func() []string {
		t.Helper()
		found, err := durable.Abandoned(dir)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	left := filepath.Join(dir, "monday.123.draft")
	for _, name := range []string{left, filepath.Join(dir, "monday.draft"), filepath.Join(dir, "monday.2024"), filepath.Join(dir, "monday.12.draft.old")} {
		if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	err := durable.Stream(filepath.Join(dir, "tuesday"), func(w io.Writer) error {
		drafts, err := filepath.Glob(filepath.Join(dir, "tuesday.*.draft"))
		if err != nil || len(drafts) != 1 {
			t.Errorf("drafts under way: %v, %v", drafts, err)
		}
		if found := look(); !slices.Equal(found, []string{left}) {
			t.Errorf("while one is written: %v", found)
		}
		_, err = w.Write([]byte("y"))
		return err
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if found := look(); !slices.Equal(found, []string{left}) {
		t.Errorf("afterwards: %v", found)
	}
}
