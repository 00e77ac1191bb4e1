//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
)

// mishaps are what befalls a whole directory.
func (w *wreckage) mishaps(d *damages) {
	killed := w.named("killed")
	replaced := func(name string, parts ...string) {
		d.plan(name, func(t *testing.T) (outcome, string) {
			dir := w.fresh(t, killed)
			for _, part := range parts {
				must(t, os.RemoveAll(filepath.Join(dir, part)))
				copyAny(t, filepath.Join(w.old, part), filepath.Join(dir, part))
			}
			return w.judge(t, dir, killed)
		})
	}
	replaced("an old copy of the store put back", "ledger/db")
	replaced("an old copy of the ledger put back", "ledger")
	replaced("an old copy of ledger and key put back", "ledger", "key")
	replaced("an old do-not-call log put back", "dnc.log")
	replaced("an old witness put back", "witness")
	d.plan("the ledger is gone", func(t *testing.T) (outcome, string) {
		dir := w.fresh(t, killed)
		must(t, os.RemoveAll(filepath.Join(dir, "ledger")))
		return w.judge(t, dir, killed)
	})
	d.plan("the store is gone", func(t *testing.T) (outcome, string) {
		dir := w.fresh(t, killed)
		must(t, os.RemoveAll(filepath.Join(dir, "ledger", "db")))
		return w.judge(t, dir, killed)
	})
	d.plan("two processes on one directory", func(t *testing.T) (outcome, string) {
		dir := w.fresh(t, killed)
		l, err := badger.Open(badger.Options{Dir: filepath.Join(dir, "ledger"), MinFree: 1})
		must(t, err)
		end, said := w.judge(t, dir, killed)
		must(t, l.Close())
		if again, what := w.judge(t, dir, killed); again != healed {
			return again, "after the second was refused: " + what
		}
		return end, said
	})
	d.plan("somebody else's directory", func(t *testing.T) (outcome, string) {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, "thesis.doc"), []byte("mine"), 0o600))
		end, said := w.judge(t, dir, killed)
		if raw, err := os.ReadFile(filepath.Join(dir, "thesis.doc")); err != nil || string(raw) != "mine" {
			return silent, "it was written to"
		}
		return end, said
	})
	w.organisations(d, killed)
	w.beside(d)
	w.disks(d, killed)
	w.fills(d)
}

// organisations mixes directories that do not belong together.
func (w *wreckage) organisations(d *damages, killed *template) {
	for _, part := range []string{"ledger", "key", "dnc.log", "witness", "ledger/high-water", "ledger/db"} {
		d.plan("another organisation's "+part, func(t *testing.T) (outcome, string) {
			other := filepath.Join(t.TempDir(), "other")
			s, err := app.OpenStore(context.Background(), app.StoreOptions{Dir: other, MinFree: 1, Log: zap.NewNop()})
			must(t, err)
			must(t, s.Mark())
			must(t, s.Close())
			dir := w.fresh(t, killed)
			must(t, os.RemoveAll(filepath.Join(dir, part)))
			copyAny(t, filepath.Join(other, part), filepath.Join(dir, part))
			return w.judge(t, dir, killed)
		})
	}
	d.plan("another shard's ledger", func(t *testing.T) (outcome, string) {
		dir := w.fresh(t, killed)
		l, err := badger.Open(badger.Options{Dir: filepath.Join(dir, "ledger"), MinFree: 1})
		must(t, err)
		ten, err := l.Claim(context.Background(), 7)
		must(t, err)
		_, err = ten.Commit(context.Background(), 1, []byte("of shard 7"), nil)
		must(t, err)
		must(t, l.Close())
		return w.judge(t, dir, killed)
	})
}

// disks runs a start and its first writes on a disk without room. Whatever
// becomes of it, with room again all that was acknowledged is there.
func (w *wreckage) disks(d *damages, killed *template) {
	d.plan("a disk that takes no larger file (RLIMIT_FSIZE)", func(t *testing.T) (outcome, string) {
		dir := w.fresh(t, killed)
		first := count(t, dir, "/bin/sh", "-c", `ulimit -f 2048; exec "$0"`)
		said := first.Error + first.crashed
		if said == "" {
			return unclear, "the limit did not bite"
		}
		end, what := w.judge(t, dir, killed)
		return end, strings.TrimSpace(firstLines(said, 1) + "; then, with room again: " + string(end) + " " + what)
	})
	d.plan("a full disk (tmpfs)", func(t *testing.T) (outcome, string) {
		mount := smallDisk(t)
		if mount == "" {
			return "", ""
		}
		dir := copyTree(t, killed.dir, filepath.Join(mount, "data"))
		filler := filepath.Join(mount, "filler")
		fill(t, filler)
		first := count(t, dir)
		said := first.Error + first.crashed
		if said == "" {
			return unclear, "the disk was not full"
		}
		must(t, os.Remove(filler))
		end, what := w.judge(t, dir, killed)
		return end, strings.TrimSpace(firstLines(said, 1) + "; then, with room again: " + string(end) + " " + what)
	})
}

// smallDisk mounts a file system of its own until the test ends, which takes
// privileges; empty where there are none.
func smallDisk(t *testing.T) string {
	t.Helper()
	at := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=320m", "carillon-damage", at).CombinedOutput(); err != nil {
		fmt.Printf("no small disk can be mounted here, %s is left out: %v: %s\n", t.Name(), err, strings.TrimSpace(string(out)))
		return ""
	}
	t.Cleanup(func() { must(t, exec.Command("umount", at).Run()) })
	return at
}

// fill writes until nothing fits any more.
func fill(t *testing.T, file string) {
	t.Helper()
	f, err := os.Create(file)
	must(t, err)
	for buf := make([]byte, 1<<20); len(buf) > 0; {
		if _, err := f.Write(buf); err != nil {
			buf = buf[:len(buf)/2]
		}
	}
	must(t, f.Close())
}

func (w *wreckage) fresh(t *testing.T, from *template) string {
	t.Helper()
	return copyTree(t, from.dir, filepath.Join(t.TempDir(), "data"))
}

func (w *wreckage) judge(t *testing.T, dir string, from *template) (outcome, string) {
	t.Helper()
	c := count(t, dir)
	return c.judge(&from.want, false)
}

func copyAny(t *testing.T, from, to string) {
	t.Helper()
	info, err := os.Stat(from)
	must(t, err)
	if info.IsDir() {
		copyTree(t, from, to)
		return
	}
	must(t, copyFile(from, to))
}
