//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/dialer/dnclog"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// site is a data directory on which verbs are killed, and what is in it.
type site struct {
	binary string
	dir    string
	config string
	want   census
}

// ballastBytes is more than one piece is written at once.
const ballastBytes = 3 << 20

// TestKillVerbs kills backup, restore and the making and releasing of ballast
// at each of their points, and the server while somebody calls it. A backup is
// there whole or not at all; a restore is done or can be done again and loses
// nobody who said no; after ballast the next start works; a call to us is taken
// up where it was. Every point of ofVerbs must be died at.
func TestKillVerbs(t *testing.T) {
	s := newSite(t)
	died := map[crash.Name]bool{}
	for _, part := range []struct {
		name  string
		at    []crash.Name
		check func(t *testing.T, s *site, p crash.Name)
	}{
		{"backup", []crash.Name{crash.LedgerStoreOpened, crash.BackupBeforeCheck, crash.FileBeforeRename, crash.FileAfterRename}, killedBackup},
		{"restore over an older log", restorePoints(crash.DNCLogBeforeWrite, crash.DNCLogAfterWrite), killedRestore(true)},
		{"restore to nothing", restorePoints(), killedRestore(false)},
		{"ballast laid", []crash.Name{crash.BallastHalfLaid, crash.BallastLaid}, killedBallast},
		{"a call to us", callPoints, killedCall},
		{"the end of a call to us", endPoints, killedEnd},
		{"ballast released", []crash.Name{crash.BallastBeforeRelease, crash.BallastAfterRelease}, killedRelease},
	} {
		for _, p := range part.at {
			t.Run(part.name+"/"+p.String(), func(t *testing.T) { part.check(t, s, p) })
			died[p] = true
		}
	}
	for _, p := range ofVerbs {
		if !died[p] {
			t.Errorf("nobody dies at %s", p)
		}
	}
}

func restorePoints(more ...crash.Name) []crash.Name {
	return append(more, crash.FileBeforeRename, crash.FileAfterRename, crash.RestoreBeforeFill, crash.RestoreFilled, crash.LedgerBeforeMarker,
		crash.LedgerAfterMarker, crash.RestoreBeforeRename, crash.RestoreAfterRename)
}

// newSite makes a directory with marks in ledger and log.
func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{binary: crashServer(t), dir: filepath.Join(t.TempDir(), "data")}
	for range 2 { // the second start puts into the ledger what the log knows
		store := openSite(t, s.dir)
		var no []dnclog.Entry
		for i := range byte(200) {
			no = append(no, dnclog.Entry{Token: event.Token{i, 1}, On: true, At: int64(i), Source: "test"})
		}
		if store.DNC.Seq() == 0 {
			must(t, store.DNC.Append(no))
		}
		must(t, store.Close())
	}
	s.config = siteConfig(t, s.dir, "1MiB")
	if s.want = count(t, s.dir); len(s.want.DNC) != 200 || s.want.Error != "" {
		t.Fatalf("%+v", s.want)
	}
	return s
}

func openSite(t *testing.T, dir string) *app.Store {
	t.Helper()
	store, err := app.OpenStore(t.Context(), app.StoreOptions{Dir: dir, MinFree: 1, Log: zap.NewNop()})
	must(t, err)
	return store
}

// siteConfig is that of a server whose carrier is not there. more are settings
// of its storage.
func siteConfig(t *testing.T, dir, minFree string, more ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "carillon.yaml")
	text := fmt.Sprintf(damageConfig, freePort(t), freePort(t), dir, killAccount, killToken, "http://"+freePort(t))
	text = strings.Replace(text, "min_free: 1MiB", "min_free: "+minFree, 1)
	storage := slices.Concat(more, []string{fmt.Sprintf("ballast: %d", ballastBytes)})
	write(t, file, strings.Replace(text, "ballast: 1MiB", strings.Join(storage, "\n  "), 1))
	return file
}

// killed runs a verb to its death at a point.
func (s *site) killed(t *testing.T, p crash.Name, args ...string) {
	t.Helper()
	verb := start(t, s.binary, []string{crash.Variable + "=" + p.String() + ":1"}, args...)
	<-verb.ended
	status, ok := verb.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() || status.Signal() != syscall.SIGKILL {
		t.Fatalf("carillon %s did not die at %s: %v\n%s", args[0], p, verb.cmd.ProcessState, verb.printed())
	}
}

// does runs a verb that must succeed.
func (s *site) does(t *testing.T, args ...string) {
	t.Helper()
	verb := start(t, s.binary, nil, args...)
	<-verb.ended
	if !verb.cmd.ProcessState.Success() {
		t.Errorf("carillon %s: %v\n%s", strings.Join(args, " "), verb.cmd.ProcessState, verb.printed())
	}
}

// starts has a server come up on a directory and end in order, and looks for
// everything in it.
func (s *site) starts(t *testing.T, dir, config string) {
	t.Helper()
	server := start(t, s.binary, nil, "serve", "--config", config)
	if server.listens(t, "") == "" {
		t.Fatalf("the next start does not come up:\n%s", server.printed())
	}
	server.end(t)
	if end, said := s.judged(t, dir); end != healed {
		t.Errorf("after the next start: %s: %s", end, said)
	}
}

func (s *site) judged(t *testing.T, dir string) (outcome, string) {
	t.Helper()
	c := count(t, dir)
	return c.judge(&s.want, false)
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}

func killedBackup(t *testing.T, s *site, p crash.Name) {
	file := filepath.Join(t.TempDir(), "backup.carillon")
	s.killed(t, p, "backup", file, "--data", s.dir)
	if exists(file) != (p == crash.FileAfterRename) {
		t.Errorf("there is a backup: %v", exists(file))
	}
	if !exists(file) {
		s.does(t, "backup", file, "--data", s.dir)
	}
	s.does(t, "backup", "--check", file)
	for _, name := range filesOf(t, filepath.Dir(file)) {
		info, err := os.Stat(filepath.Join(filepath.Dir(file), name))
		if must(t, err); name != filepath.Base(file) && info.Size() > 0 { // before its first byte nothing is in a draft
			t.Errorf("%s is left, with the keys in it", name)
		}
	}
	if end, said := s.judged(t, s.dir); end != healed {
		t.Errorf("the ledger that was backed up: %s: %s", end, said)
	}
}

// killedRestore restores to a directory that has an older do-not-call log with
// one mark of its own, or nothing.
func killedRestore(older bool) func(*testing.T, *site, crash.Name) {
	return func(t *testing.T, s *site, p crash.Name) {
		file, dir := filepath.Join(t.TempDir(), "backup.carillon"), filepath.Join(t.TempDir(), "data")
		s.does(t, "backup", file, "--data", s.dir)
		want := *s
		if older {
			own := event.Token{0xFF, 7}
			layOlder(t, s.dir, dir, dnclog.Entry{Token: own, On: true, At: 9, Source: "test"})
			want.want.DNC = append(slices.Clone(s.want.DNC), fmt.Sprintf("%x", own))
		}
		s.killed(t, p, "restore", file, "--to", dir)
		end, said := want.judged(t, dir)
		if p == crash.RestoreAfterRename {
			if end != safeMode {
				t.Errorf("a start on the restored directory: %s: %s", end, said)
			}
			return
		}
		if end != refused || !strings.Contains(said, "carillon restore") {
			t.Errorf("a start on half a restore: %s: %s", end, said)
		}
		s.does(t, "restore", file, "--to", dir)
		if end, said := want.judged(t, dir); end != safeMode {
			t.Errorf("restored again: %s: %s", end, said)
		}
	}
}

// layOlder makes a do-not-call log of the same ledger that knows one no.
func layOlder(t *testing.T, of, dir string, no dnclog.Entry) {
	t.Helper()
	store := openSite(t, of)
	owner := dnclog.Owner{Ledger: store.Ledger.ID().String(), Key: store.Keys.Print()}
	must(t, store.Close())
	must(t, os.MkdirAll(dir, 0o700))
	log, _, err := dnclog.Open(filepath.Join(dir, "dnc.log"), owner)
	must(t, err)
	must(t, log.Append([]dnclog.Entry{no}))
	must(t, log.Close())
}

func killedBallast(t *testing.T, s *site, p crash.Name) {
	dir := copyTree(t, s.dir, filepath.Join(t.TempDir(), "data"))
	config := siteConfig(t, dir, "1MiB")
	s.killed(t, p, "serve", "--config", config)
	s.starts(t, dir, config)
	if info, err := os.Stat(filepath.Join(dir, "ledger", "ballast")); err != nil || info.Size() != ballastBytes {
		t.Errorf("the ballast is not laid: %v, %v", info, err)
	}
}

// killedRelease has the doctor give ballast back on a disk that it holds for
// full.
func killedRelease(t *testing.T, s *site, p crash.Name) {
	dir := copyTree(t, s.dir, filepath.Join(t.TempDir(), "data"))
	config := siteConfig(t, dir, "1MiB")
	s.starts(t, dir, config)
	s.killed(t, p, "doctor", "--repair", "--yes", "--config", siteConfig(t, dir, "900TiB"))
	if exists(filepath.Join(dir, "ledger", "ballast")) != (p == crash.BallastBeforeRelease) {
		t.Error("the ballast is there, or gone, at the wrong time")
	}
	s.starts(t, dir, config)
}
