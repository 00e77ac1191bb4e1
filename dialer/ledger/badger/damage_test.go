package badger_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	badgerdb "github.com/dgraph-io/badger/v4"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
)

// TestDamagedTable: a flipped bit in a sorted table refuses to open.
func TestDamagedTable(t *testing.T) {
	dir := t.TempDir()
	l := open(t, small(dir))
	fill(t, claim(t, l, 0), 60)
	mustClose(t, l)
	table := one(t, dir, "*.sst")
	for _, at := range []int{2, 3, 5} {
		edit(t, table, func(b []byte, used int) []byte { b[used/at] ^= 1; return b })
		if _, err := badger.Open(small(dir)); !errors.Is(err, ledger.ErrDamaged) {
			t.Fatalf("flipped at 1/%d: %v", at, err)
		}
		edit(t, table, func(b []byte, used int) []byte { b[used/at] ^= 1; return b })
	}
	l = open(t, small(dir))
	if pos, _ := claim(t, l, 0).Head(); pos != 60 {
		t.Fatalf("head %d", pos)
	}
}

// TestDamagedValue: a value that Badger believes in but that was not written
// so is damage for every way of reading it, never a value and never absent.
func TestDamagedValue(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(old []byte) []byte
	}{
		{"flipped", func(b []byte) []byte { b[3] ^= 1; return b }},
		{"flipped seal", func(b []byte) []byte { b[len(b)-1] ^= 1; return b }},
		{"cut", func(b []byte) []byte { return b[:len(b)-1] }},
		{"empty", func([]byte) []byte { return nil }},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			l := open(t, small(dir))
			fill(t, claim(t, l, 0), 50)
			mustClose(t, l)
			tamper(t, dir, "srow 000033", c.change)
			l = open(t, small(dir))
			_, err := l.Get([]byte("row 000033"))
			wantDamaged(t, "get", err)
			seen := 0
			count := func(_, _ []byte) bool { seen++; return true }
			wantDamaged(t, "scan", l.Scan(nil, nil, count))
			wantDamaged(t, "scan back", l.ScanBack(nil, nil, count))
			if seen != 32+17 {
				t.Fatalf("%d rows before the damage", seen)
			}
			wantDamaged(t, "verify", l.Verify(t.Context()))
			if v, err := l.Get([]byte("row 000034")); err != nil || string(v) != "row 000034" {
				t.Fatalf("its neighbour: %q, %v", v, err)
			}
		})
	}
}

// TestDamagedLog: a record that was changed or removed breaks the chain.
func TestDamagedLog(t *testing.T) {
	record := func(pos byte) string {
		return string([]byte{'G', 0, 0, 0, 0, 0, 0, 0, 0, 0, pos, 0, 0})
	}
	for _, c := range []struct {
		name   string
		change func([]byte) []byte
	}{
		{"flipped", func(b []byte) []byte { b[45] ^= 1; return b }},
		{"removed", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			l := open(t, small(dir))
			fill(t, claim(t, l, 0), 50)
			mustClose(t, l)
			tamper(t, dir, record(20), c.change)
			l = open(t, small(dir))
			ten := claim(t, l, 0)
			seen := 0
			count := func(ledger.Record) bool { seen++; return true }
			wantDamaged(t, "records", ten.Records(1, count))
			if seen != 19 {
				t.Fatalf("%d records before the damage", seen)
			}
			wantDamaged(t, "records from after it", ten.Records(21, count))
			wantDamaged(t, "verify", l.Verify(t.Context()))
			if err := ten.Records(22, count); err != nil || seen != 19+29 {
				t.Fatalf("records beyond the damage: %d, %v", seen, err)
			}
		})
	}
}

func wantDamaged(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, ledger.ErrDamaged) {
		t.Fatalf("%s: %v, want damage", what, err)
	}
}

// tamper rewrites one stored value behind the ledger's back, or removes it.
func tamper(t *testing.T, dir, key string, change func([]byte) []byte) {
	t.Helper()
	db, err := badgerdb.Open(badgerdb.DefaultOptions(filepath.Join(dir, "db")).WithLogger(nil).WithMemTableSize(8 << 20))
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(txn *badgerdb.Txn) error {
		item, err := txn.Get([]byte(key))
		if err != nil {
			return err
		}
		if change == nil {
			return txn.Delete([]byte(key))
		}
		old, err := item.ValueCopy(nil)
		if err != nil {
			return err
		}
		return txn.Set([]byte(key), change(old))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestIdleFiles: what Badger insists on reading and this ledger never uses
// does not keep it from opening.
func TestIdleFiles(t *testing.T) {
	dir := t.TempDir()
	l := open(t, small(dir))
	fill(t, claim(t, l, 0), 20)
	mustClose(t, l)
	edit(t, one(t, dir, "KEYREGISTRY"), func(b []byte, used int) []byte { b[used-1] ^= 1; return b })
	edit(t, one(t, dir, "*.vlog"), func(b []byte, _ int) []byte { b[3] ^= 1; return b })
	l = open(t, small(dir))
	if h := l.Health(); len(h.Repaired) != 2 || len(h.Suspicious) > 0 {
		t.Fatalf("%+v", h)
	}
	if pos, _ := claim(t, l, 0).Head(); pos != 20 {
		t.Fatalf("head %d", pos)
	}
}

// TestMissingManifest: without it Badger would take the store for a new one
// and delete its tables. It is refused, and nothing is deleted.
func TestMissingManifest(t *testing.T) {
	dir := t.TempDir()
	l := open(t, small(dir))
	fill(t, claim(t, l, 0), 20)
	mustClose(t, l)
	manifest := one(t, dir, "MANIFEST")
	if err := os.Rename(manifest, filepath.Join(dir, "moved")); err != nil {
		t.Fatal(err)
	}
	_, err := badger.Open(small(dir))
	wantDamaged(t, "open", err)
	if err := os.Rename(filepath.Join(dir, "moved"), manifest); err != nil {
		t.Fatal(err)
	}
	l = open(t, small(dir))
	if pos, _ := claim(t, l, 0).Head(); pos != 20 {
		t.Fatalf("head %d", pos)
	}
}

// TestMarkerAnew: a marker that is damaged or gone is told as damage, and is
// written anew from what the high-water file knows.
func TestMarkerAnew(t *testing.T) {
	dir := t.TempDir()
	l := open(t, small(dir))
	fill(t, claim(t, l, 0), 5)
	id := l.ID()
	mustClose(t, l)
	marker := filepath.Join(dir, "ledger.json")
	for _, harm := range []func() error{
		func() error { return os.Remove(marker) },
		func() error { return os.WriteFile(marker, []byte("{"), 0o600) },
		func() error {
			return os.WriteFile(marker, []byte(`{"carillon_ledger": 1, "id": "00000000000000000000000000000001"}`), 0o600)
		},
	} {
		if err := harm(); err != nil {
			t.Fatal(err)
		}
		_, err := badger.Open(small(dir))
		wantDamaged(t, "open", err)
		if err := badger.MendMarker(dir); err != nil {
			t.Fatal(err)
		}
		l = open(t, small(dir))
		if h := l.Health(); l.ID() != id || len(h.Suspicious) > 0 {
			t.Fatalf("%v, %+v", l.ID(), h)
		}
		mustClose(t, l)
	}
}
