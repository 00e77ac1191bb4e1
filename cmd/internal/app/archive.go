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
	"strconv"
	"strings"
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
	// Removed are drafts of the same ledger that killed backups had left beside
	// it, with its keys in them; Left are those that could not be removed.
	Removed []string `json:"removed_drafts,omitempty"`
	Left    []string `json:"left_drafts,omitempty"`
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
// before it takes its place. Then it removes what earlier ones of the same
// ledger left there when they were killed.
func SaveBackup(ctx context.Context, file string, write func(io.Writer) error) (b Backup, err error) {
	if _, err := os.Lstat(file); err == nil {
		return b, fmt.Errorf("%s exists; name another file", file)
	}
	err = durable.Stream(file, write, func(r io.Reader) (err error) {
		crash.Point(crash.BackupBeforeCheck)
		b, err = CheckBackup(ctx, r)
		return err
	})
	dir := filepath.Dir(file)
	if err != nil {
		return b, errors.Join(err, draftsThere(dir))
	}
	b.removeDrafts(dir)
	return b, nil
}

// draftsThere tells of drafts that take room where a backup has just failed.
// Whose they are is only known of a ledger that could be read.
func draftsThere(dir string) error {
	drafts, _ := durable.Abandoned(dir) // it may not be there
	drafts = slices.DeleteFunc(drafts, func(file string) bool { _, err := draftOf(file); return err != nil })
	if len(drafts) == 0 {
		return nil
	}
	return fmt.Errorf("backups that were killed have left %s, with keys in it: remove what is not wanted", strings.Join(drafts, ", "))
}

// removeDrafts removes the drafts of backups of the same ledger that nobody is
// writing. A file that is called otherwise, is held, or does not begin as a
// backup of this ledger is left alone.
func (b *Backup) removeDrafts(dir string) {
	drafts, _ := durable.Abandoned(dir) // where nothing can be listed nothing is removed
	for _, draft := range drafts {
		if of, err := draftOf(draft); err != nil || of != b.ID {
			continue
		}
		if os.Remove(draft) != nil {
			b.Left = append(b.Left, draft)
			continue
		}
		b.Removed = append(b.Removed, draft)
	}
}

// draftOf is the ledger of which a file is, or begins as, a backup.
func draftOf(file string) (id string, err error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	s, err := badger.BackupOf(f)
	return s.ID, err
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
	b, err := SaveBackup(ctx, file, func(w io.Writer) error {
		_, err := s.Backup(ctx, w, nil)
		return err
	})
	for _, draft := range b.Removed {
		s.mended("%s was removed, which a backup that was killed had left", draft)
	}
	return file, err
}
