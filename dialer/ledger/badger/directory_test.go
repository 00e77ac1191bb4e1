package badger_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
)

// TestOwned: two ledgers on one directory, in one process and in two.
func TestOwned(t *testing.T) {
	dir := t.TempDir()
	l := open(t, small(dir))
	_, err := badger.Open(small(dir))
	if !errors.Is(err, ledger.ErrOwned) || !strings.Contains(err.Error(), fmt.Sprintf("this process (pid %d)", os.Getpid())) {
		t.Fatalf("second open in one process: %v", err)
	}
	mustClose(t, l)

	cmd, out := startWriter(t, dir)
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "open" {
		t.Fatalf("writer says %q", lines.Text())
	}
	_, err = badger.Open(small(dir))
	if !errors.Is(err, ledger.ErrOwned) || !strings.Contains(err.Error(), fmt.Sprintf("process %d", cmd.Process.Pid)) {
		t.Errorf("open beside another process: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	open(t, small(dir)) // the dead hold no lock
}

// TestRefused: directories that are not to be touched, and are not.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		lay  func(dir string) error
		want error
		says string
	}{
		{"someone else's files", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "letters.txt"), nil, 0o600)
		}, ledger.ErrForeign, "letters.txt"},
		{"a bare Badger store", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "MANIFEST"), []byte("Bdgr"), 0o600)
		}, ledger.ErrForeign, "MANIFEST"},
		{"a newer format", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "ledger.json"), []byte(`{"carillon_ledger":7,"shape":"unknown"}`), 0o600)
		}, ledger.ErrNewer, "format 7, this program reads up to 2"},
		{"a marker of nonsense", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "ledger.json"), []byte(`{"carillon_ledg`), 0o600)
		}, ledger.ErrDamaged, "ledger.json"},
		{"a marker without an id", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "ledger.json"), []byte(`{"carillon_ledger":1}`), 0o600)
		}, ledger.ErrDamaged, "format 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := c.lay(dir); err != nil {
				t.Fatal(err)
			}
			_, err := badger.Open(small(dir))
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("%v", err)
			}
			if _, err := os.Stat(filepath.Join(dir, "db")); err == nil {
				t.Fatal("a store was made in a refused directory")
			}
			if errors.Is(c.want, ledger.ErrForeign) {
				if left, _ := os.ReadDir(dir); len(left) != 1 {
					t.Fatalf("a foreign directory was written to: %v", left)
				}
			}
		})
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below"), ""} {
		if _, err := badger.Open(small(dir)); err == nil {
			t.Fatalf("%q was opened", dir)
		}
	}
}

// TestCreationCutShort: what an interrupted creation leaves is taken over.
func TestCreationCutShort(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on", "the", "way")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"lock", "pid", "ledger.json.new"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l := open(t, small(dir))
	id := l.ID()
	mustClose(t, l)
	// The store and the high-water file may be there without a word in them.
	if err := os.RemoveAll(filepath.Join(dir, "db")); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "high-water"), 0); err != nil {
		t.Fatal(err)
	}
	again := open(t, small(dir))
	if again.ID() != id {
		t.Fatalf("id %s became %s", id, again.ID())
	}
	if h := again.Health(); len(h.Suspicious) > 0 {
		t.Fatalf("suspicious: %q", h.Suspicious)
	}
}

// An older format is raised when it is opened, before anything newer is
// written, and keeps who it is.
func TestOlderFormatIsRaised(t *testing.T) {
	dir := t.TempDir()
	l, err := badger.Open(small(dir))
	if err != nil {
		t.Fatal(err)
	}
	id := l.ID()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	marker := filepath.Join(dir, "ledger.json")
	made := `"created": "2026-01-02T03:04:05Z"`
	if err := os.WriteFile(marker, []byte(`{"carillon_ledger": 1, "id": "`+id.String()+`", `+made+`}`), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err = badger.Open(small(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	raw, err := os.ReadFile(marker)
	if err != nil || l.ID() != id || !strings.Contains(string(raw), `"carillon_ledger": 2`) || !strings.Contains(string(raw), made) {
		t.Fatalf("%v %s: %s", err, l.ID(), raw)
	}
}
