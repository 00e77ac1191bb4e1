package app_test

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/dialer/dnclog"
)

// TestOneServerPerDNCLog: a ledger and its copy have directories of their own
// and one do-not-call log. Whoever comes second is told which file it is and
// what to do, also a restore that would write to it, and comes up when the first
// has gone.
func TestOneServerPerDNCLog(t *testing.T) {
	log := filepath.Join(t.TempDir(), "shared.log")
	open := func(dir string) (*app.Store, error) {
		return app.OpenStore(t.Context(), app.StoreOptions{Dir: dir, DNCLog: log, MinFree: 1, Log: zap.NewNop()})
	}
	first, second := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "data")
	s, err := open(first)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "backup.carillon")
	if _, err := app.SaveBackup(t.Context(), file, func(w io.Writer) error {
		_, err := s.Backup(t.Context(), w, nil)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	refused := func(err error) {
		t.Helper()
		if !errors.Is(err, dnclog.ErrInUse) || !strings.Contains(err.Error(), log) || !strings.Contains(err.Error(), "storage.dnc_log") {
			t.Errorf("while another has the log: %v", err)
		}
	}
	copied := app.RestoreOptions{File: file, Dir: second, DNCLog: log}
	_, err = app.Restore(t.Context(), copied)
	refused(err)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Restore(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if s, err = open(first); err != nil {
		t.Fatal(err)
	}
	_, err = open(second)
	refused(err)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = open(second); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
