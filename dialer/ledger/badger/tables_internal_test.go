package badger

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// tabled makes a closed ledger with one table of many blocks and returns the
// table's path.
func tabled(t *testing.T, dir string) string {
	t.Helper()
	l, err := Open(Options{Dir: dir, MemTableSize: 8 << 20, MinFree: 1})
	if err != nil {
		t.Fatal(err)
	}
	ten, err := l.Claim(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var writes []ledger.Write
	for i := range 2000 {
		writes = append(writes, ledger.Write{Key: fmt.Appendf(nil, "row %06d", i), Value: fmt.Appendf(nil, "value %d %x", i, i*i)})
	}
	if _, err := ten.Commit(t.Context(), 1, nil, writes); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	all, err := filepath.Glob(filepath.Join(dir, "db", "*.sst"))
	if err != nil || len(all) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	return all[0]
}

func flip(t *testing.T, path string, at int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 4
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Every changed byte of a table is found, and every cut.
func TestCheckFindsEveryChange(t *testing.T) {
	dir := t.TempDir()
	path := tabled(t, dir)
	if later, err := checkTables(storeDir(dir), 1<<40); err != nil || len(later) != 0 {
		t.Fatalf("unharmed: %v, %v", later, err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(whole); at += 1 + len(whole)/300 {
		flip(t, path, at)
		if _, err := checkTables(storeDir(dir), 1<<40); !errors.Is(err, ledger.ErrDamaged) || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("flipped at %d of %d: %v", at, len(whole), err)
		}
		flip(t, path, at)
	}
	for _, size := range []int{0, 3, 100, len(whole) / 2, len(whole) - 1} {
		if err := os.WriteFile(path, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := checkTables(storeDir(dir), 0); !errors.Is(err, ledger.ErrDamaged) {
			t.Errorf("cut to %d of %d: %v", size, len(whole), err)
		}
	}
}

// A table that is too large to be read before the store opens is read beside
// the work: what is wrong with it fails the ledger and stays a suspicion. What
// Badger itself reads in opening is refused at once.
func TestDamageFoundBesideTheWork(t *testing.T) {
	dir := t.TempDir()
	path := tabled(t, dir)
	later := Options{Dir: dir, MemTableSize: 8 << 20, MinFree: 1, CheckFirst: 1}
	flip(t, path, -5)
	if _, err := Open(later); !errors.Is(err, ledger.ErrDamaged) {
		t.Fatalf("a damaged index: %v", err)
	}
	flip(t, path, -5)
	l := reopened(t, later)
	if <-l.Checked(); l.Err() != nil || len(l.Health().Suspicious) > 0 {
		t.Fatalf("unharmed: %v, %+v", l.Err(), l.Health())
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	flip(t, path, 100)
	l = reopened(t, later)
	if _, _, err := l.Backup(t.Context(), io.Discard, BackupOptions{}); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("a backup of a damaged table: %v", err)
	}
	ten, err := l.Claim(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ten.Commit(t.Context(), 2, nil, nil); !errors.Is(err, ledger.ErrFailed) || !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("a commit after the finding: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l = reopened(t, later)
	if s := l.Health().Suspicious; len(s) != 1 || !strings.Contains(s[0], filepath.Base(path)) {
		t.Errorf("after the next open: %q", s)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func reopened(t *testing.T, o Options) *Ledger {
	t.Helper()
	l, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
