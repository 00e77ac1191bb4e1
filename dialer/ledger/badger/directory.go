package badger

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// format is the version of everything below the directory: files, keys, and
// the form of records and values. 2: the bodies of log records may be packed.
const format = 2

const (
	markerName    = "ledger.json"
	markerDraft   = "ledger.json.new"
	lockName      = "lock"
	pidName       = "pid"
	highWaterName = "high-water"
	ballastName   = "ballast"
)

func storeDir(dir string) string { return filepath.Join(dir, "db") }

// ID names one ledger for its whole life, copies and restored backups included.
type ID [16]byte

// String is the id in hex.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// marker is the content of ledger.json.
type marker struct {
	Format  int       `json:"carillon_ledger"`
	ID      string    `json:"id"`
	Created time.Time `json:"created"`
}

// look examines a directory without changing anything: whether it already
// is a ledger, or may become one. It refuses what belongs to someone else.
func look(dir string) (exists bool, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read ledger directory: %w", err)
	}
	foreign := ""
	ours := 0
	for _, e := range entries {
		switch e.Name() {
		case markerName:
			return true, nil
		case markerDraft, lockName, pidName, "lost+found":
			// Left by a creation that was cut short, or by the file system.
		default:
			foreign = e.Name()
			if foreign == highWaterName || foreign == filepath.Base(storeDir(dir)) {
				ours++
			}
		}
	}
	if ours == 2 {
		return false, fmt.Errorf("%w: %s is missing in %s", ledger.ErrDamaged, markerName, dir)
	}
	if foreign != "" {
		return false, fmt.Errorf("%w: %s has no %s but holds %q; name an empty directory", ledger.ErrForeign, dir, markerName, foreign)
	}
	return false, nil
}

// openMarker returns the ledger's id after checking its format. An older one is
// raised before anything is written in the newer form: all that it holds can
// be read as it is.
func openMarker(dir string) (ID, error) {
	path := filepath.Join(dir, markerName)
	raw, err := os.ReadFile(path)
	if err != nil {
		return ID{}, fmt.Errorf("read ledger marker: %w", err)
	}
	var m marker
	if err := json.Unmarshal(raw, &m); err != nil {
		return ID{}, fmt.Errorf("%w: marker %s: %w", ledger.ErrDamaged, path, err)
	}
	if m.Format > format {
		return ID{}, fmt.Errorf("%w: %s has format %d, this program reads up to %d", ledger.ErrNewer, dir, m.Format, format)
	}
	var id ID
	if n, err := hex.Decode(id[:], []byte(m.ID)); m.Format < 1 || err != nil || n != len(id) {
		return ID{}, fmt.Errorf("%w: marker %s: format %d, id %q", ledger.ErrDamaged, path, m.Format, m.ID)
	}
	if m.Format < format {
		return id, putMarker(dir, id, m.Created)
	}
	return id, nil
}

// writeMarker makes a directory a ledger. It is the first durable thing in it,
// so that a creation cut short can be told from someone else's files.
func writeMarker(dir string) (ID, error) {
	id := newID()
	return id, putMarker(dir, id, realNow())
}

func putMarker(dir string, id ID, created time.Time) error {
	raw, err := json.MarshalIndent(marker{Format: format, ID: id.String(), Created: created.UTC()}, "", "  ")
	if err != nil {
		return fmt.Errorf("encode ledger marker: %w", err)
	}
	draft := filepath.Join(dir, markerDraft)
	if err := writeSynced(draft, append(raw, '\n')); err != nil {
		return fmt.Errorf("write ledger marker: %w", err)
	}
	crash.Point(crash.LedgerBeforeMarker)
	if err := os.Rename(draft, filepath.Join(dir, markerName)); err != nil {
		return fmt.Errorf("place ledger marker: %w", err)
	}
	if err := syncDir(dir); err != nil {
		return fmt.Errorf("place ledger marker: %w", err)
	}
	crash.Point(crash.LedgerAfterMarker)
	return nil
}

func newID() (id ID) {
	// crypto/rand ends the process rather than fail.
	_, _ = rand.Read(id[:])
	return id
}

// writeSynced writes a small file and waits until its bytes are on the disk.
func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}
