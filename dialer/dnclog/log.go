// Package dnclog keeps do-not-call marks outside the ledger, in a file that is
// only ever appended to, also by a restore: who said no stays
// known whatever becomes of the ledger.
//
// The file is text, a line each:
//
//	0 carillon-dnc/1 LEDGER KEY CRC
//	SEQ UNIXMS on|off TOKEN SOURCE [SCOPE] CRC
//
// Numbers are named by their token alone. CRC is the CRC-32C of the line up to
// it; SEQ counts from 1 without gaps, so that a line that is gone shows. KEY
// is the print of the number key, without which the tokens say nothing. SCOPE is
// the text of a cadence.Scope; without one the mark is about everything.
package dnclog

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/gofrs/flock"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// ErrForeign is returned for a log that belongs to another ledger or was
// written with another number key.
var ErrForeign = errors.New("do-not-call log of another ledger")

// ErrInUse is returned by Open for a log that somebody has open.
var ErrInUse = errors.New("do-not-call log in use")

// Owner is whose marks a log keeps: the ledger's id, and the print of its
// number key, both in hex.
type Owner struct{ Ledger, Key string }

// Entry is one mark set or taken away. At is Unix milliseconds.
type Entry struct {
	Token  event.Token
	On     bool
	At     int64
	Source string
	Scope  cadence.Scope
}

// Name is which mark it is: a number has one of each scope.
type Name struct {
	Token event.Token
	Scope cadence.Scope
}

// Name is the mark's.
func (e *Entry) Name() Name { return Name{e.Token, e.Scope} }

// Log is an open do-not-call log. It is safe for concurrent use.
type Log struct {
	mu    sync.Mutex
	file  *os.File
	lock  *flock.Flock
	seq   uint64
	buf   []byte
	fault error // after a failed write nothing more is taken
}

// Found is what Open read.
type Found struct {
	// Fresh tells that there was no log: an empty one was made.
	Fresh bool
	// Mended says in words what was cut off: an entry that was being written
	// when the process died, which nobody was told of.
	Mended string
	// Damaged says in words what cannot be read or is missing, nil when all is
	// whole. What can be read is in Marks all the same.
	Damaged []string
	// Marks is the last entry of every mark.
	Marks map[Name]Entry
	// Seq counts the entries, Count and Sum are over the marks that stand now,
	// as the ledger keeps them (state.Office).
	Seq, Count, Sum uint64
}

// maxDamaged bounds what one operator is to read.
const maxDamaged = 8

// Open reads a log, or makes one, and readies it to be appended to. It is
// locked until Close or the death of the process, before anything is read or
// mended: two that append would spoil the numbering, and each would take what
// the other is just writing for an unfinished entry.
func Open(path string, of Owner) (*Log, *Found, error) {
	lock, err := acquire(path)
	if err != nil {
		return nil, nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("do-not-call log: %w", err), lock.Unlock())
	}
	l := &Log{file: f, lock: lock}
	found, err := l.load(path, of)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("do-not-call log %s: %w", path, err), l.Close())
	}
	return l, found, nil
}

func acquire(path string) (*flock.Flock, error) {
	lock := flock.New(lockFile(path), flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	switch {
	case err != nil:
		return nil, fmt.Errorf("lock the do-not-call log %s: %w", path, err)
	case !ok:
		return nil, fmt.Errorf("%w: another process keeps its marks in %s; stop that one, or name another file in storage.dnc_log", ErrInUse, path)
	}
	return lock, nil
}

func (l *Log) load(path string, of Owner) (*Found, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	found, keep, err := read(raw, of)
	if err != nil {
		return nil, err
	}
	if keep < len(raw) {
		if err := os.Truncate(path, int64(keep)); err != nil {
			return nil, err
		}
	}
	l.seq = found.Seq
	if found.Fresh {
		if _, err := l.file.Write(appendHead(nil, of)); err != nil {
			return nil, err
		}
	}
	if err := l.file.Sync(); err != nil {
		return nil, err
	}
	return found, syncDir(filepath.Dir(path))
}

// Read reads a log without touching it. A missing one is fs.ErrNotExist.
func Read(path string, of Owner) (*Found, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("do-not-call log: %w", err)
	}
	found, _, err := read(raw, of)
	if err != nil {
		return nil, fmt.Errorf("do-not-call log %s: %w", path, err)
	}
	return found, nil
}

// read takes a log apart. keep is how many bytes of it are whole lines.
func read(raw []byte, of Owner) (found *Found, keep int, err error) {
	found = &Found{Marks: map[Name]Entry{}}
	if len(bytes.Trim(raw, "\x00")) == 0 {
		found.Fresh = true
		return found, 0, nil
	}
	keep = bytes.LastIndexByte(raw, '\n') + 1
	if keep == 0 {
		if torn := appendHead(nil, of); bytes.HasPrefix(torn, raw) {
			found.Fresh = true // died while it was made
			return found, 0, nil
		}
	}
	if tail := len(raw) - keep; tail > 0 {
		found.Mended = fmt.Sprintf("the last %d bytes of the do-not-call log were an unfinished entry and were cut off", tail)
	}
	if err := found.lines(raw[:keep], of); err != nil {
		return nil, 0, err
	}
	for m, e := range found.Marks {
		if e.On {
			found.Count++
			found.Sum ^= state.MarkSum(m.Token, m.Scope)
		}
	}
	return found, keep, nil
}

func (f *Found) lines(raw []byte, of Owner) error {
	for n := uint64(0); len(raw) > 0; n++ {
		at := bytes.IndexByte(raw, '\n')
		line := raw[:at]
		raw = raw[at+1:]
		if n == 0 {
			is, ok := parseHead(line)
			if ok && is != of {
				return fmt.Errorf("%w: it is of ledger %s, key %s; this is ledger %s, key %s", ErrForeign, is.Ledger, is.Key, of.Ledger, of.Key)
			}
			if ok {
				continue
			}
			f.damage("line 1, which says whose log it is, cannot be read")
			continue
		}
		seq, e, ok := parseEntry(line)
		switch {
		case !ok:
			f.damage(fmt.Sprintf("line %d does not match its checksum", n+1))
			f.Seq++
			continue
		case seq != f.Seq+1:
			f.damage(fmt.Sprintf("entry %d follows entry %d", seq, f.Seq))
		}
		f.Seq = seq
		f.Marks[e.Name()] = e
	}
	return nil
}

func (f *Found) damage(what string) {
	if len(f.Damaged) < maxDamaged {
		f.Damaged = append(f.Damaged, "the do-not-call log is damaged: "+what)
	}
}

// Append writes entries and returns when they are on the disk. After an error
// the outcome is unknown and the log takes nothing more.
func (l *Log) Append(entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fault != nil {
		return l.fault
	}
	l.buf = l.buf[:0]
	for i := range entries {
		l.buf = appendEntry(l.buf, l.seq+uint64(i)+1, &entries[i])
	}
	crash.Point(crash.DNCLogBeforeWrite)
	_, err := l.file.Write(l.buf)
	crash.Point(crash.DNCLogAfterWrite)
	if err == nil {
		err = l.file.Sync()
	}
	if err != nil {
		l.fault = fmt.Errorf("write the do-not-call log: %w", err)
		return l.fault
	}
	l.seq += uint64(len(entries))
	return nil
}

// Seq counts the entries.
func (l *Log) Seq() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seq
}

// Close closes the file and gives the lock back.
func (l *Log) Close() error { return errors.Join(l.file.Close(), l.lock.Unlock()) }

// Replace puts a new log of these entries in the place of a damaged one, which
// is kept under the name returned.
func Replace(path, kept string, of Owner, entries []Entry) error {
	if _, err := os.Lstat(kept); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("do-not-call log: %s is in the way", kept)
	}
	if err := os.Rename(path, kept); err != nil {
		return fmt.Errorf("do-not-call log: %w", err)
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.At, b.At), bytes.Compare(a.Token[:], b.Token[:]), cmp.Compare(a.Scope, b.Scope))
	})
	l, _, err := Open(path, of)
	if err != nil {
		return err
	}
	return errors.Join(l.Append(entries), l.Close())
}
