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
	"strconv"
	"time"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/cmd/internal/durable"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Backup is what is told of a backup.
type Backup struct {
	badger.Snapshot
	badger.Closing
}

// Attached files of a backup.
const (
	attachedKey = "key"
	attachedDNC = "dnc.log"
)

// What the notes of a backup say.
const (
	noteLeads = "leads"
	noteDNC   = "do_not_call"
	noteFold  = "state_version"
)

// Backup writes the whole data directory as of one moment, keys included,
// while an engine may go on: keep what it writes secret. Imports under way are
// not part of it; their files are sent in again. The do-not-call log is read
// after that moment, so it never knows less than the ledger.
func (s *Store) Backup(ctx context.Context, w io.Writer, progress func(keys, bytes uint64)) (b Backup, err error) {
	office, err := state.Rows{R: s.Ledger}.Office()
	if err != nil {
		return b, err
	}
	versions, err := state.ReadVersions(s.Ledger)
	if err != nil {
		return b, err
	}
	o := badger.BackupOptions{Progress: progress, Meta: badger.Meta{
		noteLeads: strconv.FormatUint(office.Leads, 10), noteDNC: strconv.FormatUint(office.DNC, 10), noteFold: strconv.Itoa(versions.Fold),
	}}
	key, err := os.ReadFile(filepath.Join(s.Dir, keyName))
	if err != nil {
		return b, fmt.Errorf("keys: %w", err)
	}
	o.Attach = []badger.Attachment{{Name: attachedKey, From: bytes.NewReader(key)}}
	log, err := os.Open(s.o.DNCLog)
	switch {
	case err == nil:
		defer log.Close()
		o.Attach = append(o.Attach, badger.Attachment{Name: attachedDNC, From: log})
	case !errors.Is(err, fs.ErrNotExist): // an older ledger has none yet
		return b, fmt.Errorf("do-not-call log: %w", err)
	}
	b.Snapshot, b.Closing, err = s.Ledger.Backup(ctx, w, o)
	return b, err
}

// SaveBackup writes a backup to a file, whole or not at all, and reads it back
// before it takes its place.
func SaveBackup(ctx context.Context, file string, write func(io.Writer) error) (b Backup, err error) {
	if _, err := os.Lstat(file); err == nil {
		return b, fmt.Errorf("%s exists; name another file", file)
	}
	err = durable.Stream(file, write, func(r io.Reader) (err error) {
		crash.Point(crash.BackupBeforeCheck)
		b, err = CheckBackup(ctx, r)
		return err
	})
	return b, err
}

// CheckBackup reads a backup to its end and checks everything in it.
func CheckBackup(ctx context.Context, r io.Reader) (b Backup, err error) {
	var key []byte
	b.Snapshot, b.Closing, err = badger.CheckBackup(ctx, r, func(name string, piece []byte) error {
		if name == attachedKey {
			key = append(key, piece...)
		}
		return nil
	})
	if err == nil {
		_, err = parseKeys("the key file in the backup", key)
	}
	return b, err
}

// saveBefore backs the ledger up before it is migrated, and returns the file.
func (s *Store) saveBefore(ctx context.Context, version int) (string, error) {
	dir := filepath.Join(s.Dir, backupsName)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	file := filepath.Join(dir, fmt.Sprintf("version-%d-%s.carillon", version, time.Now().UTC().Format("20060102T150405.000Z")))
	_, err := SaveBackup(ctx, file, func(w io.Writer) error {
		_, err := s.Backup(ctx, w, nil)
		return err
	})
	return file, err
}
