package app_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/dnclog"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
)

// fetched has the running server write a backup.
func (r *rig) fetched() string {
	r.t.Helper()
	file := filepath.Join(r.t.TempDir(), "backup.carillon")
	if _, err := app.SaveBackup(r.t.Context(), file, func(w io.Writer) error {
		return app.FetchBackup(r.t.Context(), r.config.DataDir, w)
	}); err != nil {
		r.t.Fatal(err)
	}
	return file
}

func (r *rig) mark(n cadence.Number, on bool) {
	r.t.Helper()
	if _, err := r.app.Engine().Do(r.t.Context(), &dialer.MarkNumber{Number: n, On: on, Source: "test"}); err != nil {
		r.t.Fatal(err)
	}
}

const (
	early, late, regretted = cadence.Number("+13035550170"), cadence.Number("+13035550171"), cadence.Number("+13035550172")
)

// TestBackupAndRestore: a server is backed up while it dials, dials on, and
// its ledger is lost. Restored, it knows every no, also those said after the
// backup; it does not dial until the carrier has been asked and an operator
// has accepted; and the calls it does not know count in their numbers' caps.
func TestBackupAndRestore(t *testing.T) {
	r := newRig(t, noModel, pools()...)
	made := r.cadence(ownCadence)
	r.mark(early, true)
	r.mark(regretted, true)
	file := r.fetched()
	r.mark(late, true)
	r.mark(regretted, false)
	r.leads(made.ID, []byte("name,phone,consent_kind,consent_at,consent_seller\n"+agreedRows("Lead 00001,+13035550110", "Lead 00002,+13035550111")))
	r.until("two calls", func() bool { return len(r.calls()) >= 2 })
	r.stop()

	dir := r.config.DataDir
	o := app.RestoreOptions{File: file, Dir: dir}
	if _, err := app.Restore(t.Context(), o); err == nil || !strings.Contains(err.Error(), "holds a ledger") {
		t.Fatalf("over a ledger: %v", err)
	}
	if err := os.Rename(filepath.Join(dir, "ledger"), filepath.Join(t.TempDir(), "lost")); err != nil {
		t.Fatal(err)
	}
	if said := refused(t, r.config); !strings.Contains(said, "carillon restore") {
		t.Errorf("without its ledger: %q", said)
	}
	log, err := os.ReadFile(filepath.Join(dir, "dnc.log"))
	if err != nil {
		t.Fatal(err)
	}
	done, err := app.Restore(t.Context(), o)
	if err != nil || !done.KeptDNC {
		t.Fatalf("%+v, %v", done, err)
	}
	if now, err := os.ReadFile(filepath.Join(dir, "dnc.log")); err != nil || string(now) != string(log) {
		t.Fatalf("the restore touched the do-not-call log (%v)", err)
	}
	r.reconcile()

	r.start()
	if d := r.app.Engine().Status().Doubt; d.Reason == dialer.ReasonRestored {
		t.Fatalf("after the operator accepted: %+v", d)
	}
}

// reconcile opens the restored directory as carillon doctor does.
func (r *rig) reconcile() {
	r.t.Helper()
	t := r.t
	s, err := app.OpenStore(t.Context(), app.StoreOptions{Dir: r.config.DataDir, MinFree: 1, Log: zap.NewNop(), Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	for n, want := range map[cadence.Number]bool{early: true, late: true, regretted: false} {
		row, err := state.Rows{R: s.Ledger}.Number(dialer.TokenOf(s.Keys.Number, n))
		if err != nil || row == nil || row.DNC != want {
			t.Errorf("%s: %+v, %v", n, row, err)
		}
	}
	if len(s.Health().Suspicious) == 0 {
		t.Fatal("a restored ledger would dial")
	}
	if err := s.Accept(false); !errors.Is(err, app.ErrNotReconciled) {
		t.Fatalf("accepted unasked: %v", err)
	}
	for range 2 { // again: the same
		g, err := s.Reconcile(t.Context(), r.app.Client(), r.callerIDs(), r.clock.Now())
		if err != nil || len(g.Entered) < 2 || g.Listed < 2 {
			t.Fatalf("%+v, %v", g, err)
		}
	}
	n, err := state.Rows{R: s.Ledger}.Number(dialer.TokenOf(s.Keys.Number, "+13035550110"))
	if err != nil || n == nil || len(n.Intents) != 1 {
		t.Errorf("its call does not count in its cap: %+v, %v", n, err)
	}
	if err := s.Accept(false); err != nil {
		t.Fatal(err)
	}
}

func (r *rig) callerIDs() (ids []cadence.Number) {
	for _, id := range r.config.CallerIDs {
		ids = append(ids, cadence.Number(id.Number))
	}
	return ids
}

// TestFoundCallToAnErasedNumber: somebody was erased, came back and was called
// behind the backup. Restored, the call counts in the cap of a number that the
// ledger knows by its token alone, and nothing names that number again.
func TestFoundCallToAnErasedNumber(t *testing.T) {
	const number = cadence.Number("+13035550113")
	r := newRig(t, noModel, pools()...)
	made := r.cadence(ownCadence)
	file := []byte("name,phone,consent_kind,consent_at,consent_seller\n" + agreedRows("Lead 00003,"+string(number)))
	if _, err := r.app.Engine().Do(t.Context(), &dialer.SetDialing{Stop: true}); err != nil {
		t.Fatal(err)
	}
	r.leads(made.ID, file)
	var lead cadence.ID
	if err := r.app.Engine().Rows().Leads(cadence.ID{}, func(l *state.Lead) bool { lead = l.Lead.ID; return true }); err != nil {
		t.Fatal(err)
	}
	if _, err := r.app.Engine().Erase(t.Context(), lead, "privacy 1", "asked"); err != nil {
		t.Fatal(err)
	}
	saved := r.fetched()
	if _, err := r.app.Engine().Do(t.Context(), &dialer.SetDialing{}); err != nil {
		t.Fatal(err)
	}
	r.leads(made.ID, file)
	r.until("a call", func() bool { return len(r.calls()) > 0 })
	r.stop()

	to := filepath.Join(t.TempDir(), "data")
	if _, err := app.Restore(t.Context(), app.RestoreOptions{File: saved, Dir: to}); err != nil {
		t.Fatal(err)
	}
	s, err := app.OpenStore(t.Context(), app.StoreOptions{Dir: to, MinFree: 1, Log: zap.NewNop(), Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	g, err := s.Reconcile(t.Context(), r.app.Client(), r.callerIDs(), r.clock.Now())
	if err != nil || len(g.Entered) != 1 {
		t.Fatalf("%+v, %v", g, err)
	}
	n, err := state.Rows{R: s.Ledger}.Number(dialer.TokenOf(s.Keys.Number, number))
	if err != nil || n == nil || n.Number != "" || len(n.Past) != 1 || len(n.Intents) != 1 {
		t.Errorf("the number of an erased person: %+v, %v", n, err)
	}
}

// TestReconcileAsksForFormerCallerIDs: calls from a number that is configured
// no more are listed, too.
func TestReconcileAsksForFormerCallerIDs(t *testing.T) {
	r := newRig(t, noModel, pools()...)
	made := r.cadence(ownCadence)
	r.leads(made.ID, []byte("name,phone,consent_kind,consent_at,consent_seller\n"+agreedRows("Lead 00003,+13035550113")))
	r.until("a call", func() bool { return len(r.calls()) > 0 })
	r.stop()
	s, err := app.OpenStore(t.Context(), app.StoreOptions{Dir: r.config.DataDir, MinFree: 1, Log: zap.NewNop(), Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if g, err := s.Reconcile(t.Context(), r.app.Client(), nil, r.clock.Now()); err != nil || g.Listed != 1 || len(g.Entered) != 0 {
		t.Errorf("%+v, %v", g, err)
	}
}

// TestDraftsOfKilledBackups: what a killed backup left beside the next one is
// removed, and nothing else is: no draft that is being written, none of another
// ledger, and no backup that somebody named much like a draft.
func TestDraftsOfKilledBackups(t *testing.T) {
	save := func(s *app.Store, file string, during func()) app.Backup {
		t.Helper()
		b, err := app.SaveBackup(t.Context(), file, func(w io.Writer) error {
			_, err := s.Backup(t.Context(), w, nil)
			during()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	open := func() *app.Store {
		t.Helper()
		s, err := app.OpenStore(t.Context(), app.StoreOptions{Dir: filepath.Join(t.TempDir(), "data"), MinFree: 1, Log: zap.NewNop()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	}
	ours, others := open(), open()
	dir, nothing := t.TempDir(), func() {}
	at := func(name string) string { return filepath.Join(dir, name) }
	save(ours, at("whole.carillon"), nothing)
	save(others, at("other.carillon"), nothing)
	copied := func(from, to string, part int) {
		t.Helper()
		raw, err := os.ReadFile(at(from))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at(to), raw[:len(raw)/part], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	copied("whole.carillon", "first.carillon.101.draft", 1)
	copied("whole.carillon", "second.carillon.102.draft", 2)
	copied("whole.carillon", "whole.carillon.2024", 1)
	copied("other.carillon", "other.carillon.103.draft", 2)
	if err := os.WriteFile(at("thesis.104.draft"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space left on the disk")
	_, err := app.SaveBackup(t.Context(), at("failed.carillon"), func(io.Writer) error { return full })
	if !errors.Is(err, full) || !strings.Contains(err.Error(), at("second.carillon.102.draft")) || strings.Contains(err.Error(), "thesis") {
		t.Errorf("a backup that failed says %v", err)
	}
	var b app.Backup
	save(ours, at("outer.carillon"), func() { b = save(ours, at("next.carillon"), nothing) }) // whose own draft is held meanwhile
	if want := []string{at("first.carillon.101.draft"), at("second.carillon.102.draft")}; !slices.Equal(b.Removed, want) {
		t.Errorf("removed %v", b.Removed)
	}
	var left []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		left = append(left, e.Name())
	}
	want := []string{"next.carillon", "other.carillon", "other.carillon.103.draft", "outer.carillon", "thesis.104.draft", "whole.carillon", "whole.carillon.2024"}
	if !slices.Equal(left, want) {
		t.Errorf("left %v", left)
	}
}

// TestRestoreElsewhere: onto a machine that has nothing, with the keys and the
// do-not-call log of the backup; and never over what is in the way.
func TestRestoreElsewhere(t *testing.T) {
	r := newRig(t, noModel, pools()...)
	r.mark(early, true)
	file := r.fetched()
	r.stop()
	to := filepath.Join(t.TempDir(), "data")
	if done, err := app.Restore(t.Context(), app.RestoreOptions{File: file, Dir: to}); err != nil || done.KeptDNC {
		t.Fatalf("%+v, %v", done, err)
	}
	s, err := app.OpenStore(t.Context(), app.StoreOptions{Dir: to, MinFree: 1, Log: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	row, err := state.Rows{R: s.Ledger}.Number(dialer.TokenOf(s.Keys.Number, early))
	if err := errors.Join(err, s.Accept(true), s.Close()); err != nil || row == nil || !row.DNC {
		t.Fatalf("%+v, %v", row, err)
	}
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "thesis.doc"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Restore(t.Context(), app.RestoreOptions{File: file, Dir: full}); err == nil {
		t.Error("into somebody else's directory")
	}
}

// TestRestoreJoinsTheLogs: an older do-not-call log lies where a backup is put
// back. Who is on it alone, and who is in the backup's log alone, are both on
// the list of the restored ledger.
func TestRestoreJoinsTheLogs(t *testing.T) {
	open := func(dir string) *app.Store {
		s, err := app.OpenStore(t.Context(), app.StoreOptions{Dir: dir, MinFree: 1, Log: zap.NewNop()})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	from, to := filepath.Join(t.TempDir(), "data"), t.TempDir()
	s := open(from)
	no := func(log *dnclog.Log, n cadence.Number, at int64) {
		if err := log.Append([]dnclog.Entry{{Token: dialer.TokenOf(s.Keys.Number, n), On: true, At: at, Source: "test"}}); err != nil {
			t.Fatal(err)
		}
	}
	older, _, err := dnclog.Open(filepath.Join(to, "dnc.log"), dnclog.Owner{Ledger: s.Ledger.ID().String(), Key: s.Keys.Print()})
	if err != nil {
		t.Fatal(err)
	}
	no(s.DNC, early, 1)
	no(older, early, 1)
	no(older, regretted, 2)
	no(s.DNC, late, 3) // logged, and not yet in the ledger that is saved
	file := filepath.Join(t.TempDir(), "backup.carillon")
	_, err = app.SaveBackup(t.Context(), file, func(w io.Writer) error {
		_, err := s.Backup(t.Context(), w, nil)
		return err
	})
	if err := errors.Join(err, older.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	if done, err := app.Restore(t.Context(), app.RestoreOptions{File: file, Dir: to}); err != nil || !done.KeptDNC || done.JoinedDNC != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	s = open(to)
	for _, n := range []cadence.Number{early, late, regretted} {
		if row, err := (state.Rows{R: s.Ledger}).Number(dialer.TokenOf(s.Keys.Number, n)); err != nil || row == nil || !row.DNC {
			t.Errorf("%s was lost: %+v, %v", n, row, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestMigrationSavesFirst: an older ledger is backed up before its first row
// changes, and a newer one is refused by its number.
func TestMigrationSavesFirst(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	open := func(fold int) (*app.Store, error) {
		release := upgrade.Current()
		if release.Fold = fold; fold > state.FoldVersion {
			release.Chain = append(release.Chain, upgrade.Migration{To: fold, What: "of this test", Step: func(ledger.Reader, []byte) ([]ledger.Write, []byte, error) {
				return nil, nil, nil
			}})
		}
		return app.OpenStore(t.Context(), app.StoreOptions{Dir: dir, MinFree: 1, Log: zap.NewNop(), Release: release})
	}
	s, err := open(state.FoldVersion)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = open(state.FoldVersion + 1); err != nil {
		t.Fatal(err)
	}
	v, err := state.ReadVersions(s.Ledger)
	if err := errors.Join(err, s.Close()); err != nil || v.Fold != state.FoldVersion+1 {
		t.Fatalf("%+v, %v", v, err)
	}
	saved, err := filepath.Glob(filepath.Join(dir, "backups", "*.carillon"))
	if err != nil || len(saved) != 1 {
		t.Fatalf("%v, %v", saved, err)
	}
	f, err := os.Open(saved[0])
	if err != nil {
		t.Fatal(err)
	}
	b, err := app.CheckBackup(t.Context(), f)
	if err := errors.Join(err, f.Close()); err != nil || b.Meta["state_version"] != strconv.Itoa(state.FoldVersion) || time.Since(b.Taken) < 0 {
		t.Fatalf("%+v, %v", b, err)
	}
	if _, err := open(state.FoldVersion); !errors.Is(err, ledger.ErrNewer) || !strings.Contains(err.Error(), fmt.Sprintf("version %d", state.FoldVersion+1)) {
		t.Errorf("a newer ledger: %v", err)
	}
}

// TestMendDNC: a damaged do-not-call log stops dialing, and is made anew from
// what can be read of it and from the ledger; the old one is kept.
func TestMendDNC(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	open := func() *app.Store {
		s, err := app.OpenStore(t.Context(), app.StoreOptions{Dir: dir, MinFree: 1, Log: zap.NewNop()})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	if err := errors.Join(s.DNC.Append(nil), s.Close()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "dnc.log")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(raw, "1 2 on rubbish\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	s = open()
	if !s.DNCDamaged() || len(s.Health().Suspicious) == 0 {
		t.Fatalf("%+v", s.Health())
	}
	kept, err := s.MendDNC()
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if old, err := os.ReadFile(kept); err != nil || !strings.Contains(string(old), "rubbish") {
		t.Errorf("kept %q, %v", old, err)
	}
	s = open()
	if h := s.Health(); len(h.Suspicious) > 0 {
		t.Errorf("%+v", h)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
