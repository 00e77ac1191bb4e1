package badger

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	badgerdb "github.com/dgraph-io/badger/v4"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// takers are what is done with the parts of a backup; nil ones are not told.
type takers struct {
	file func(name string, piece []byte) error
	pair func(key, sealed []byte) error
}

// CheckBackup reads a backup to its end and checks everything in it: blocks,
// digest, the seal of every value, the order of keys, and that the records of
// each shard follow each other up to the one the backup names. file is given
// the attached files piece by piece; it may be nil.
func CheckBackup(ctx context.Context, r io.Reader, file func(name string, piece []byte) error) (Snapshot, Closing, error) {
	s, c, err := readBackup(ctx, r, takers{file: file})
	if err != nil {
		return s, c, fmt.Errorf("check backup: %w", err)
	}
	return s, c, nil
}

// BackupOf is whose backup begins in r, whole or not, and as of when.
func BackupOf(r io.Reader) (s Snapshot, err error) {
	u, err := newUnarchiver(r)
	if err != nil {
		return s, err
	}
	kind, body, _, err := u.next()
	if err == nil && kind != blockHead {
		err = fmt.Errorf("%w: block %q is out of place", ledger.ErrDamaged, kind)
	}
	if err != nil {
		return s, err
	}
	return readHead(body)
}

func readBackup(ctx context.Context, r io.Reader, to takers) (s Snapshot, c Closing, err error) {
	u, err := newUnarchiver(r)
	if err != nil {
		return s, c, err
	}
	var p proof
	for first := true; ; first = false {
		kind, body, sum, err := u.next()
		if err == nil && ctx.Err() != nil {
			err = ctx.Err()
		}
		if err == nil && first != (kind == blockHead) {
			err = fmt.Errorf("%w: block %q is out of place", ledger.ErrDamaged, kind)
		}
		if err != nil {
			return s, c, err
		}
		switch kind {
		case blockHead:
			if s, err = readHead(body); err == nil {
				p.begin(&s)
			}
		case blockFile:
			name, piece, ok := bytes.Cut(body, []byte{0})
			if !ok {
				return s, c, fmt.Errorf("%w: an attached file has no name", ledger.ErrDamaged)
			}
			if to.file != nil {
				err = to.file(string(name), piece)
			}
		case blockKeys:
			err = pairs(body, func(key, sealed []byte) error {
				if err := p.pair(key, sealed); err != nil || to.pair == nil {
					return err
				}
				return to.pair(key, sealed)
			})
		case blockEnd:
			if c, err = readClosing(body, sum, &p); err == nil {
				err = p.end(&s)
			}
			return s, c, err
		default:
			err = fmt.Errorf("%w: a block of unknown kind %q", ledger.ErrNewer, kind)
		}
		if err != nil {
			return s, c, err
		}
	}
}

func readHead(body []byte) (s Snapshot, err error) {
	if err := json.Unmarshal(body, &s); err != nil {
		return s, fmt.Errorf("%w: head of the backup: %w", ledger.ErrDamaged, err)
	}
	if s.Format > format {
		return s, fmt.Errorf("%w: the backup has format %d, this program reads up to %d", ledger.ErrNewer, s.Format, format)
	}
	var id ID
	if n, err := hex.Decode(id[:], []byte(s.ID)); err != nil || n != len(id) || s.Format < 1 {
		return s, fmt.Errorf("%w: head of the backup: format %d, id %q", ledger.ErrDamaged, s.Format, s.ID)
	}
	return s, nil
}

func readClosing(body []byte, sum string, p *proof) (c Closing, err error) {
	if err := json.Unmarshal(body, &c); err != nil {
		return c, fmt.Errorf("%w: end of the backup: %w", ledger.ErrDamaged, err)
	}
	if c.SHA256 != sum || c.Keys != p.keys || c.Bytes != p.bytes {
		return c, fmt.Errorf("%w: the backup's digest or counts do not fit its content", ledger.ErrDamaged)
	}
	return c, nil
}

// pairs takes a block of keys apart.
func pairs(body []byte, fn func(key, sealed []byte) error) error {
	for len(body) > 0 {
		if len(body) < 6 {
			return fmt.Errorf("%w: a block of keys ends early", ledger.ErrDamaged)
		}
		k, v := int(binary.BigEndian.Uint16(body)), int(binary.BigEndian.Uint32(body[2:]))
		body = body[6:]
		if k+v > len(body) {
			return fmt.Errorf("%w: a block of keys ends early", ledger.ErrDamaged)
		}
		if err := fn(body[:k:k], body[k:k+v:k+v]); err != nil {
			return err
		}
		body = body[k+v:]
	}
	return nil
}

// RestoreOptions say where a backup goes.
type RestoreOptions struct {
	// Dir is the ledger's own directory. It must not exist.
	Dir string
	// Reason is what Health calls suspicious until an operator accepts it. It
	// must not be empty: a restored ledger never dials by itself.
	Reason string
	// MemTableSize as in Options.
	MemTableSize int64
	// File is given the attached files piece by piece; it may be nil.
	File func(name string, piece []byte) error
}

// Restore makes a ledger of a backup, checking everything on the way. It is
// made under another name and put in place when it is complete.
func Restore(ctx context.Context, r io.Reader, o RestoreOptions) (s Snapshot, c Closing, err error) {
	if o.Reason == "" {
		return s, c, errors.New("restore ledger: no reason given")
	}
	if _, err := os.Lstat(o.Dir); err == nil || !os.IsNotExist(err) {
		return s, c, errors.Join(fmt.Errorf("restore ledger: %s exists", o.Dir), err)
	}
	draft := o.Dir + ".restoring"
	if err := os.RemoveAll(draft); err != nil {
		return s, c, fmt.Errorf("restore ledger: remove what an earlier try left: %w", err)
	}
	if err := os.MkdirAll(draft, 0o700); err != nil {
		return s, c, fmt.Errorf("restore ledger: %w", err)
	}
	crash.Point(crash.RestoreBeforeFill)
	if s, c, err = fillStore(ctx, r, draft, o); err == nil {
		err = finish(draft, &s, o)
	}
	if err != nil {
		return s, c, errors.Join(fmt.Errorf("restore ledger: %w", err), os.RemoveAll(draft))
	}
	return s, c, nil
}

// fillStore writes what the backup holds into a new store.
func fillStore(ctx context.Context, r io.Reader, draft string, o RestoreOptions) (s Snapshot, c Closing, err error) {
	opts := Options{Dir: draft, MemTableSize: o.MemTableSize}.withDefaults().store().WithSyncWrites(false)
	db, err := openStore(opts)
	if err != nil {
		return s, c, err
	}
	defer func() {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	batch := db.NewWriteBatch()
	defer batch.Cancel()
	s, c, err = readBackup(ctx, r, takers{file: o.File, pair: func(key, sealed []byte) error {
		return batch.SetEntry(badgerdb.NewEntry(bytes.Clone(key), bytes.Clone(sealed)))
	}})
	if err == nil {
		err = batch.Flush()
	}
	if err != nil {
		return s, c, err
	}
	err = db.Close() // writes and syncs the last table
	db = nil
	return s, c, err
}

// finish marks the new directory as a ledger, with the reason why it must not
// dial, and puts it in its place.
func finish(draft string, s *Snapshot, o RestoreOptions) error {
	crash.Point(crash.RestoreFilled)
	var id ID
	if _, err := hex.Decode(id[:], []byte(s.ID)); err != nil {
		return err
	}
	if err := putMarker(draft, id, realNow()); err != nil {
		return err
	}
	water, _, _, err := openHighWater(filepath.Join(draft, highWaterName))
	if err != nil {
		return err
	}
	err = water.update(func(w *watermark) { w.id, w.epoch, w.suspicious = id, s.Epoch, []string{o.Reason} })
	if err := errors.Join(err, water.close(), syncTree(draft)); err != nil {
		return err
	}
	crash.Point(crash.RestoreBeforeRename)
	if err := os.Rename(draft, o.Dir); err != nil {
		return err
	}
	crash.Point(crash.RestoreAfterRename)
	return syncDir(filepath.Dir(o.Dir))
}

// syncTree makes every file of a new directory durable.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			return syncDir(path)
		}
		f, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // a directory that was made here a moment ago
		if err != nil {
			return err
		}
		return errors.Join(f.Sync(), f.Close())
	})
}
