package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/durable"
	"github.com/carillon-dialer/carillon/dialer/dnclog"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
)

// RestoreOptions say where a backup is put.
type RestoreOptions struct {
	File string
	Dir  string // of the data
	// DNCLog is where the do-not-call log is; empty means in Dir.
	DNCLog string
}

// Restored is what became of a restore.
type Restored struct {
	Backup
	// KeptDNC tells that a do-not-call log was there and stays; else the
	// backup's was put in its place.
	KeptDNC bool `json:"kept_do_not_call_log"`
	// JoinedDNC counts the entries that only the backup's log had: they were
	// appended to the one that was there.
	JoinedDNC int `json:"joined_do_not_call_entries"`
	// DamagedDNC says what could not be read of the backup's log.
	DamagedDNC []string `json:"damaged_do_not_call_log,omitempty"`
}

// Restore makes a data directory of a backup, after reading the whole of it
// once. It takes only a directory without a ledger, adds to a do-not-call log
// that is there what the backup's knows besides, and marks the ledger: nothing
// is dialed until somebody has accepted it.
func Restore(ctx context.Context, o RestoreOptions) (r Restored, err error) {
	if o.DNCLog == "" {
		o.DNCLog = filepath.Join(o.Dir, dncName)
	}
	f, err := os.Open(o.File)
	if err != nil {
		return r, err
	}
	defer f.Close()
	var files carried
	if r.Snapshot, r.Closing, err = badger.CheckBackup(ctx, f, files.take); err != nil {
		return r, fmt.Errorf("%s: %w", o.File, err)
	}
	keys, err := parseKeys("the key file in the backup", files.key)
	if err != nil {
		return r, err
	}
	if err := vacant(o.Dir); err != nil {
		return r, err
	}
	file := filepath.Join(o.Dir, keyName)
	if there, err := os.ReadFile(file); err == nil && !bytes.Equal(there, files.key) {
		return r, fmt.Errorf("%s is not the key file of the backup; move it away first", file)
	}
	if err := r.settleDNC(o.DNCLog, files.dnc, dnclog.Owner{Ledger: r.ID, Key: keys.Print()}); err != nil {
		return r, err
	}
	if err := durable.Write(file, files.key); err != nil {
		return r, fmt.Errorf("keys: %w", err)
	}
	if err := os.Remove(filepath.Join(o.Dir, gapName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, err // what was found about another gap
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return r, err
	}
	_, _, err = badger.Restore(ctx, f, badger.RestoreOptions{
		Dir:    filepath.Join(o.Dir, ledgerName),
		Reason: "restored from a backup of " + r.Taken.Format(time.RFC3339) + ": what happened since is not in it",
	})
	return r, err
}

// carried are the attached files of a backup.
type carried struct{ key, dnc []byte }

func (c *carried) take(name string, piece []byte) error {
	switch name {
	case attachedKey:
		c.key = append(c.key, piece...)
	case attachedDNC:
		c.dnc = append(c.dnc, piece...)
	}
	return nil
}

// vacant makes sure that there is a directory without a ledger. What watched a
// lost ledger may be in it, and what people lay beside.
func vacant(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		switch {
		case name == dncName, name == witnessName, name == keyName, name == importsName, name == backupsName, name == socketName,
			name == draftName, strings.HasPrefix(name, keyName+"."), strings.HasPrefix(name, dncName+"."):
		case e.Type().IsRegular() && slices.Contains(beside, filepath.Ext(name)):
		case name == ledgerName:
			return fmt.Errorf("%s holds a ledger; restore to another directory, or move %s away first", dir, filepath.Join(dir, ledgerName))
		default:
			return fmt.Errorf("%s is not empty: it holds %s; name another directory", dir, name)
		}
	}
	return nil
}

// settleDNC lays down the do-not-call log that came with the backup, or joins
// it with the one that is there, which must be of the same ledger. An older
// ledger came without one: it is made at the first start.
func (r *Restored) settleDNC(file string, came []byte, of dnclog.Owner) error {
	_, err := dnclog.Read(file, of)
	r.KeptDNC = err == nil
	switch {
	case err == nil && len(came) > 0:
		r.JoinedDNC, r.DamagedDNC, err = dnclog.Join(file, of, came)
		return err
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil || len(came) == 0 {
		return err
	}
	return durable.Write(file, came)
}
