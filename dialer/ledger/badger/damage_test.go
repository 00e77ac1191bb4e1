package badger_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	badgerdb "github.com/dgraph-io/badger/v4"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
)

// image copies the files of an open ledger as they are: what a killed process
// leaves. Holes stay holes.
func image(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		target := filepath.Join(to, rel)
		if info.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		in, err := os.Open(path)
		if err != nil {
			return err
		}
		defer func() { _ = in.Close() }()
		out, err := os.Create(target)
		if err != nil {
			return err
		}
		buf := make([]byte, 64<<10)
		for at := int64(0); ; at += int64(len(buf)) {
			n, err := in.ReadAt(buf, at)
			if len(bytes.Trim(buf[:n], "\x00")) > 0 {
				if _, err := out.WriteAt(buf[:n], at); err != nil {
					return err
				}
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
		}
		return errors.Join(out.Truncate(info.Size()), out.Close())
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// crashed is the image of a ledger of one shard with n commits, all of them
// in the write-ahead log.
func crashed(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	l := open(t, small(dir))
	fill(t, claim(t, l, 0), n)
	return image(t, dir)
}

func one(t *testing.T, dir, pattern string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "db", pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no %s: %v", pattern, err)
	}
	return names[0]
}

// edit rewrites a file. used is its length without trailing zeros.
func edit(t *testing.T, path string, change func(data []byte, used int) []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data = change(data, len(bytes.TrimRight(data, "\x00")))
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestLostTail: Badger opens without a word after each of these; the
// high-water file tells, keeps telling over restarts, and is quiet once an
// operator has accepted.
func TestLostTail(t *testing.T) {
	for _, c := range []struct {
		name string
		harm func(t *testing.T, dir string)
		says string
	}{
		{"flipped bit in the write-ahead log", func(t *testing.T, dir string) {
			edit(t, one(t, dir, "*.mem"), func(b []byte, used int) []byte { b[used/2] ^= 4; return b })
		}, "has lost"},
		{"truncated write-ahead log", func(t *testing.T, dir string) {
			edit(t, one(t, dir, "*.mem"), func(b []byte, used int) []byte { return b[:used*2/3] })
		}, "has lost"},
		{"deleted write-ahead log", func(t *testing.T, dir string) {
			if err := os.Remove(one(t, dir, "*.mem")); err != nil {
				t.Fatal(err)
			}
		}, "shard 0 ends at record 0 but 100 was durable"},
		{"deleted store", func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, "db")); err != nil {
				t.Fatal(err)
			}
		}, "shard 0 ends at record 0 but 100 was durable"},
		{"missing high-water file", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "high-water")); err != nil {
				t.Fatal(err)
			}
		}, "high-water file is missing"},
		{"damaged high-water file", func(t *testing.T, dir string) {
			edit(t, filepath.Join(dir, "high-water"), func(b []byte, _ int) []byte {
				for i := range b {
					if b[i] != 0 {
						b[i] ^= 0x55
					}
				}
				return b
			})
		}, "no valid mark"},
		{"another ledger's store", func(t *testing.T, dir string) {
			other := crashed(t, 100)
			if err := errors.Join(os.RemoveAll(filepath.Join(dir, "db")), os.Rename(filepath.Join(other, "db"), filepath.Join(dir, "db"))); err != nil {
				t.Fatal(err)
			}
		}, "the store belongs to ledger"},
		{"another ledger's high-water file", func(t *testing.T, dir string) {
			other := crashed(t, 1)
			if err := os.Rename(filepath.Join(other, "high-water"), filepath.Join(dir, "high-water")); err != nil {
				t.Fatal(err)
			}
		}, "the high-water file belongs to ledger"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := crashed(t, 100)
			c.harm(t, dir)
			l := open(t, small(dir))
			first := l.Health().Suspicious
			if len(first) == 0 || !strings.Contains(strings.Join(first, "; "), c.says) {
				t.Fatalf("suspicious %q, want %q", first, c.says)
			}
			fill(t, claim(t, l, 0), 3) // facts may still be stored
			mustClose(t, l)

			l = open(t, small(dir))
			if again := l.Health().Suspicious; strings.Join(again, ";") != strings.Join(first, ";") {
				t.Fatalf("after a restart: %q, before: %q", again, first)
			}
			if err := l.AcceptSuspicion(); err != nil {
				t.Fatal(err)
			}
			mustClose(t, l)

			l = open(t, small(dir))
			if left := l.Health().Suspicious; len(left) > 0 {
				t.Fatalf("after accepting: %q", left)
			}
			fill(t, claim(t, l, 0), 1)
		})
	}
}

// TestUnharmedImage: the harness of TestLostTail itself raises no suspicion.
func TestUnharmedImage(t *testing.T) {
	dir := crashed(t, 100)
	l := open(t, small(dir))
	if h := l.Health(); len(h.Suspicious) > 0 || len(h.Repaired) > 0 {
		t.Fatalf("%+v", h)
	}
	if pos, _ := claim(t, l, 0).Head(); pos != 100 {
		t.Fatalf("head %d", pos)
	}
}

// TestRestoredBackup: an older state under a newer high-water file is noticed,
// also when the positions have since been used again.
func TestRestoredBackup(t *testing.T) {
	dir := t.TempDir()
	l := open(t, small(dir))
	ten := claim(t, l, 0)
	fill(t, ten, 50)
	old := image(t, dir)
	fill(t, ten, 50)
	mustClose(t, l)

	branch := open(t, small(old))
	other := claim(t, branch, 0)
	if _, err := other.Commit(context.Background(), 1, []byte("another history"), nil); err != nil {
		t.Fatal(err)
	}
	fill(t, other, 60)
	mustClose(t, branch)
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, "db")), os.Rename(filepath.Join(old, "db"), filepath.Join(dir, "db"))); err != nil {
		t.Fatal(err)
	}
	l = open(t, small(dir))
	if s := l.Health().Suspicious; len(s) != 1 || !strings.Contains(s[0], "record 100 is not the one that was durable") {
		t.Fatalf("suspicious %q", s)
	}
}

// TestEmptyFiles: what a kill between creating and sizing a file leaves.
func TestEmptyFiles(t *testing.T) {
	dir := crashed(t, 20)
	for _, name := range []string{"00002.mem", "00007.mem", "000003.vlog"} {
		if err := os.WriteFile(filepath.Join(dir, "db", name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l := open(t, small(dir))
	h := l.Health()
	if len(h.Repaired) != 3 || !strings.Contains(h.Repaired[0], "00002.mem") || len(h.Suspicious) > 0 {
		t.Fatalf("%+v", h)
	}
	if pos, _ := claim(t, l, 0).Head(); pos != 20 {
		t.Fatalf("head %d", pos)
	}
}

// TestDamagedTable: a flipped bit in a sorted table refuses to open.
func TestDamagedTable(t *testing.T) {
	dir := t.TempDir()
	l := open(t, small(dir))
	fill(t, claim(t, l, 0), 200)
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
	if pos, _ := claim(t, l, 0).Head(); pos != 200 {
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
