package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/dialer/dnclog"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
)

// Store is an open data directory:
//
//	ledger/    the ledger
//	witness    how far the ledger has come, told once a second
//	dnc.log    who said no; may be kept elsewhere
//	imports/   files of leads that are being taken in
//	backups/   what was saved before a migration
//	key        the keys, mode 0600
type Store struct {
	Dir    string
	Ledger *badger.Ledger
	Keys   Keys
	// DNC keeps do-not-call marks outside the ledger.
	DNC *dnclog.Log

	o          StoreOptions
	marks      *dnclog.Found // what the do-not-call log held at open
	commits    prometheus.Histogram
	tenure     ledger.Tenure
	suspicious []string // found here, beside what the ledger itself found
	repaired   []string
	closed     bool
}

// StoreOptions say where a Store is and what it tells.
type StoreOptions struct {
	Dir     string
	MinFree uint64 // bytes
	// Ballast is how many bytes are kept to be given back on a full disk.
	Ballast int64
	// DNCLog is where the do-not-call log is; empty means in Dir.
	DNCLog string
	// CheckFirst is how many bytes of tables are read whole before the ledger
	// opens, as badger.Options has it.
	CheckFirst int64
	Log        *zap.Logger
	// Existing refuses to make a directory: there must be a ledger.
	Existing bool
	// Release is what the ledger is brought to; zero means this program's.
	Release upgrade.Release
}

// The files of a data directory.
const (
	ledgerName  = "ledger"
	witnessName = "witness"
	dncName     = "dnc.log"
	keyName     = "key"
	backupsName = "backups"
	importsName = "imports"
	draftName   = ledgerName + ".restoring" // badger.Restore's, gone when it is done
)

func (o *StoreOptions) complete() {
	if o.DNCLog == "" {
		o.DNCLog = filepath.Join(o.Dir, dncName)
	}
	if o.Release.Fold == 0 {
		o.Release = upgrade.Current()
	}
}

// OpenStore opens a data directory, or makes one, claims its only shard,
// brings it to the program's version and puts back what the do-not-call log
// knows and the ledger does not. Errors are one line that says what to do.
func OpenStore(ctx context.Context, o StoreOptions) (_ *Store, err error) {
	o.complete()
	if !o.Existing {
		if err := os.MkdirAll(o.Dir, 0o700); err != nil {
			return nil, fmt.Errorf("data directory: %w", err)
		}
	}
	s := &Store{Dir: o.Dir, o: o, commits: newCommits()}
	made, err := inspect(&o)
	if err != nil {
		return nil, err
	}
	if o.Existing && !made {
		return nil, fmt.Errorf("there is no ledger in %s", o.Dir)
	}
	s.Ledger, err = badger.Open(badger.Options{
		Dir: filepath.Join(o.Dir, ledgerName), Witness: filepath.Join(o.Dir, witnessName), Logger: o.Log.Named("ledger"), MinFree: o.MinFree,
		Ballast: o.Ballast, CheckFirst: o.CheckFirst,
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
	// The lock is held: nobody else makes keys or log meanwhile.
	for _, step := range []func(context.Context) error{s.openKeys, s.claim, s.upgrade, s.openDNC} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	if err := s.compareMark(); err != nil {
		return nil, err
	}
	return s, s.Mark()
}

func (s *Store) openKeys(context.Context) (err error) {
	made := !s.empty() || s.keyPrint() != ""
	if s.Keys, err = loadKeys(filepath.Join(s.Dir, keyName), made); err != nil {
		return err
	}
	if was := s.keyPrint(); was != "" && was != s.Keys.Print() {
		return fmt.Errorf("the key file in %s is not the one its ledger was written with (print %s, wanted %s); put that one back from a backup: "+
			"with another nobody on the do-not-call list would be recognised", s.Dir, s.Keys.Print(), was)
	}
	return nil
}

// claim takes the one shard there is. A ledger with others is of a larger
// installation, and opening a part of it would forget the rest.
func (s *Store) claim(ctx context.Context) (err error) {
	for _, n := range s.Ledger.Shards() {
		if n != 0 {
			return fmt.Errorf("the ledger in %s holds shard %d, and this program serves shard 0 alone; open it where it was written", s.Dir, n)
		}
	}
	if s.tenure, err = s.Ledger.Claim(ctx, 0); err != nil {
		return plainly(s.Dir, err)
	}
	return nil
}

// upgrade brings an older ledger to this program's version, after a backup.
func (s *Store) upgrade(ctx context.Context) error {
	plan, err := upgrade.Prepare(s.Ledger, s.o.Release)
	if err != nil {
		return plainly(s.Dir, err)
	}
	if len(plan.Migrates()) > 0 { // it reads everything and writes it anew
		if err := s.Ledger.AwaitChecked(ctx); err != nil {
			return plainly(s.Dir, err)
		}
	}
	if steps := plan.Migrates(); len(steps) > 0 && !plan.Resumes() {
		saved, err := s.saveBefore(ctx, plan.From())
		if err != nil {
			return fmt.Errorf("no backup could be made before the ledger in %s is upgraded; nothing was changed: %w", s.Dir,
				errors.Join(append([]error{err}, doubts(s.Ledger.Health().Suspicious)...)...))
		}
		s.o.Log.Warn("ledger upgraded", zap.Int("from", plan.From()), zap.Int("to", plan.To()), zap.Strings("steps", steps), zap.String("backup", saved))
		s.repaired = append(s.repaired, fmt.Sprintf("upgraded from version %d to %d; the ledger as it was is in %s", plan.From(), plan.To(), saved))
	}
	if err := plan.Run(ctx, s.Ledger, s.tenure); err != nil {
		return fmt.Errorf("upgrade the ledger in %s: %w", s.Dir, err)
	}
	return nil
}

func doubts(found []string) (all []error) {
	for _, why := range found {
		all = append(all, errors.New(why))
	}
	return all
}

// inspect reports whether there is a ledger, and refuses a directory that is
// somebody else's: one without a ledger may hold only files that people lay
// beside it (settings, logs, lists), and the leftovers of a start cut short.
// One whose ledger is gone while what watches it is there is not new.
func inspect(o *StoreOptions) (made bool, err error) {
	entries, err := os.ReadDir(o.Dir)
	if err != nil {
		return false, fmt.Errorf("data directory: %w", err)
	}
	foreign, half := "", ""
	for _, e := range entries {
		name := e.Name()
		switch {
		case name == ledgerName:
			return true, nil
		case name == dncName+".lock": // of Windows
		case name == draftName, strings.HasPrefix(name, dncName+"."):
			half = name
		case name == importsName, name == backupsName, name == socketName, name == keyName, strings.HasPrefix(name, keyName+"."),
			name == witnessName, name == dncName, strings.HasPrefix(name, ledgerName+"."):
		case e.Type().IsRegular() && slices.Contains(beside, filepath.Ext(name)):
		default:
			foreign = name
		}
	}
	if foreign != "" {
		return false, plainly(o.Dir, fmt.Errorf("%w: it holds %s", ledger.ErrForeign, foreign))
	}
	if half != "" {
		return false, fmt.Errorf("a restore to %s was cut short: do it again with carillon restore; to begin anew, move %s away", o.Dir, half)
	}
	for _, left := range []string{filepath.Join(o.Dir, witnessName), o.DNCLog} {
		if st, err := os.Stat(left); err == nil && st.Size() > 0 {
			return false, fmt.Errorf("the ledger in %s is gone, but %s tells that there was one: put it back with carillon restore; "+
				"to begin anew, move that file away", o.Dir, left)
		}
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
		return fmt.Errorf("the ledger in %s is damaged; see carillon doctor, or put a backup back with carillon restore (%w)", dir, err)
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

// Health is the ledger's, with what this package found.
func (s *Store) Health() ledger.Health {
	h := s.Ledger.Health()
	h.Suspicious = append(h.Suspicious, s.suspicious...)
	h.Repaired = append(h.Repaired, s.repaired...)
	return h
}

// Close closes the ledger. A second Close does nothing.
func (s *Store) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	var err error
	if s.DNC != nil {
		err = s.DNC.Close()
	}
	return errors.Join(err, s.Ledger.Close())
}
