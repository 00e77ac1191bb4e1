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
			if errors.Is(err, io.EOF) || filepath.Ext(path) == ".vlog" {
				break // the value log has a header and then 128 MiB of nothing
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
		}, "shard 0 ends at record 0 but 40 was durable"},
		{"deleted store", func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, "db")); err != nil {
				t.Fatal(err)
			}
		}, "shard 0 ends at record 0 but 40 was durable"},
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
			other := crashed(t, 40)
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
			dir := crashed(t, 40)
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
	dir := crashed(t, 40)
	l := open(t, small(dir))
	if h := l.Health(); len(h.Suspicious) > 0 || len(h.Repaired) > 0 {
		t.Fatalf("%+v", h)
	}
	if pos, _ := claim(t, l, 0).Head(); pos != 40 {
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
