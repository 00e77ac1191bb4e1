package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Store is an open data directory:
//
//	ledger/    the ledger
//	imports/   files of leads that are being taken in
//	key        the keys, mode 0600
type Store struct {
	Dir    string
	Ledger *badger.Ledger
	Keys   Keys

	commits    prometheus.Histogram
	tenure     ledger.Tenure
	suspicious []string
	closed     bool
}

// StoreOptions say where a Store is and what it tells.
type StoreOptions struct {
	Dir     string
	MinFree uint64 // bytes
	Log     *zap.Logger
	// Existing refuses to make a directory: there must be a ledger.
	Existing bool
}

// OpenStore opens a data directory, or makes one, and claims its only shard.
// Errors are one line that says what to do.
func OpenStore(ctx context.Context, o StoreOptions) (_ *Store, err error) {
	if !o.Existing {
		if err := os.MkdirAll(o.Dir, 0o700); err != nil {
			return nil, fmt.Errorf("data directory: %w", err)
		}
	}
	s := &Store{Dir: o.Dir, commits: newCommits()}
	dir := filepath.Join(o.Dir, "ledger")
	made, err := inspect(o.Dir)
	if err != nil {
		return nil, err
	}
	if o.Existing && !made {
		return nil, fmt.Errorf("there is no ledger in %s", o.Dir)
	}
	s.Ledger, err = badger.Open(badger.Options{
		Dir: dir, Logger: o.Log.Named("ledger"), MinFree: o.MinFree,
		OnCommit: func(_, _ int, took time.Duration) { s.commits.Observe(took.Seconds()) },
	})
	if err != nil {
		return nil, plainly(o.Dir, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	// The lock is held: nobody else makes the keys meanwhile.
	if s.Keys, err = loadKeys(filepath.Join(o.Dir, "key"), made && !s.empty()); err != nil {
		return nil, err
	}
	if s.tenure, err = s.Ledger.Claim(ctx, 0); err != nil {
		return nil, plainly(o.Dir, err)
	}
	return s, s.compareMark()
}

// inspect reports whether there is a ledger, and refuses a directory that is
// somebody else's: one without a ledger may hold only files that people lay
// beside it (settings, logs, lists), and the leftovers of a start cut short.
func inspect(dir string) (made bool, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, fmt.Errorf("data directory: %w", err)
	}
	foreign := ""
	for _, e := range entries {
		name := e.Name()
		switch {
		case name == "ledger":
			return true, nil
		case name == "imports", name == "key", strings.HasPrefix(name, "key."):
		case e.Type().IsRegular() && slices.Contains(beside, filepath.Ext(name)):
		default:
			foreign = name
		}
	}
	if foreign != "" {
		return false, plainly(dir, fmt.Errorf("%w: it holds %s", ledger.ErrForeign, foreign))
	}
	return false, nil
}

// beside are the kinds of file that may lie in a data directory to be.
var beside = []string{".yaml", ".yml", ".json", ".jsonl", ".log", ".csv", ".txt", ".pid"}

func (s *Store) empty() bool {
	empty := true
	err := s.Ledger.ScanKeys(nil, nil, func([]byte) bool { empty = false; return false })
	return empty && err == nil
}

// plainly says what an operator can do about a ledger that does not open.
func plainly(dir string, err error) error {
	switch {
	case errors.Is(err, ledger.ErrOwned):
		return fmt.Errorf("another process uses %s; stop it, or name another data directory (%w)", dir, err)
	case errors.Is(err, ledger.ErrForeign):
		return fmt.Errorf("%s holds something else than a Carillon ledger; name another data directory (%w)", dir, err)
	case errors.Is(err, ledger.ErrNewer):
		return fmt.Errorf("a newer Carillon wrote %s; use that version (%w)", dir, err)
	case errors.Is(err, badger.ErrDiskFull):
		return fmt.Errorf("the disk of %s is full; free some space (%w)", dir, err)
	case errors.Is(err, ledger.ErrDamaged):
		return fmt.Errorf("the ledger in %s is damaged; restore a backup (%w)", dir, err)
	}
	return fmt.Errorf("open %s: %w", dir, err)
}

// claimed is the ledger with the tenure that OpenStore took, so that the last
// record's time is known before there is an engine.
type claimed struct {
	*badger.Ledger
	s *Store
}

// Claim implements ledger.Ledger, once.
func (c claimed) Claim(context.Context, uint16) (ledger.Tenure, error) {
	if c.s.tenure == nil {
		return nil, ledger.ErrOwned
	}
	t := c.s.tenure
	c.s.tenure = nil
	return t, nil
}

// LastRecord is the time of the newest record, zero in a new ledger. It may be
// asked until the engine has claimed the shard.
func (s *Store) LastRecord() time.Time {
	if s.tenure == nil {
		return time.Time{}
	}
	if _, at := s.tenure.Head(); at != 0 {
		return time.UnixMilli(at).UTC()
	}
	return time.Time{}
}

// Health is the ledger's, with what this package found suspicious.
func (s *Store) Health() ledger.Health {
	h := s.Ledger.Health()
	if len(s.suspicious) > 0 {
		h.Suspicious = append(append([]string(nil), h.Suspicious...), s.suspicious...)
	}
	return h
}

// mark is what must not vanish, kept beside the ledger by another writer than
// the store itself.
type mark struct {
	Leads uint64 `json:"leads"`
	DNC   uint64 `json:"dnc"`
}

func (s *Store) counts() (mark, error) {
	o, err := state.Rows{R: s.Ledger}.Office()
	if err != nil {
		return mark{}, fmt.Errorf("read the office: %w", err)
	}
	return mark{o.Leads, o.DNC}, nil
}

// compareMark notices leads and do-not-call marks that are gone. A number taken
// off the list in the second before a crash looks the same: then an operator
// has to look, which is the right side to err on.
func (s *Store) compareMark() error {
	was, raw := mark{}, s.Ledger.Mark()
	if len(raw) == 0 {
		return nil
	}
	if err := json.Unmarshal(raw, &was); err != nil {
		return fmt.Errorf("high-water file: %w", err)
	}
	is, err := s.counts()
	if err != nil {
		return err
	}
	if is.Leads < was.Leads {
		s.suspicious = append(s.suspicious, fmt.Sprintf("the ledger held %d leads and now holds %d", was.Leads, is.Leads))
	}
	if is.DNC < was.DNC {
		s.suspicious = append(s.suspicious, fmt.Sprintf("%d numbers were on the do-not-call list and now %d are", was.DNC, is.DNC))
	}
	return nil
}

// Mark notes how much there is now.
func (s *Store) Mark() error {
	if len(s.suspicious) > 0 {
		return nil // the evidence stays until somebody has accepted it
	}
	now, err := s.counts()
	if err != nil {
		return err
	}
	raw, err := json.Marshal(now)
	if err != nil {
		return fmt.Errorf("mark: %w", err)
	}
	return s.Ledger.SetMark(raw)
}

// Accept records that an operator has seen what is suspicious.
func (s *Store) Accept() error {
	s.suspicious = nil
	if err := s.Ledger.AcceptSuspicion(); err != nil {
		return err
	}
	return s.Mark()
}

// Close closes the ledger. A second Close does nothing.
func (s *Store) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	return s.Ledger.Close()
}
