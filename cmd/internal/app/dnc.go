package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/dnclog"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
)

// marksPerTurn bounds what is put back in one commit.
const marksPerTurn = 1000

func (s *Store) owner() dnclog.Owner {
	return dnclog.Owner{Ledger: s.Ledger.ID().String(), Key: s.Keys.Print()}
}

// openDNC compares the do-not-call list of the ledger with the log beside it,
// before anything can be dialed: what the ledger has lost is put back, what
// the log has lost is written again.
func (s *Store) openDNC(ctx context.Context) error {
	log, found, err := dnclog.Open(s.o.DNCLog, s.owner())
	if errors.Is(err, dnclog.ErrInUse) {
		return err
	}
	if err != nil {
		return fmt.Errorf("%w; put the right file back, or name it in storage.dnc_log", err)
	}
	s.DNC, s.marks = log, found
	was, err := s.lastMark()
	if err != nil {
		return err
	}
	s.tellDNC(found, was.Log)
	diff, err := dnclog.Compare(found, s.Ledger)
	if err != nil {
		return plainly(s.Dir, err)
	}
	for rest := diff.Lost; len(rest) > 0; {
		n := min(len(rest), marksPerTurn)
		if err := upgrade.Commit(ctx, s.Ledger, s.tenure, rest[:n], nil); err != nil {
			return fmt.Errorf("put do-not-call marks back: %w", err)
		}
		rest = rest[n:]
	}
	if len(diff.Lost) > 0 {
		s.mended("%d do-not-call marks were put back from the log", len(diff.Lost))
	}
	select {
	case <-s.Ledger.Checked():
	default: // count and sum may tell of rows that a damaged table has lost
		if err := dnclog.Ensure(found, s.Ledger); err != nil {
			return plainly(s.Dir, err)
		}
	}
	if !s.DNCDamaged() {
		found.Marks = nil // only mending asks again
	}
	if err := log.Append(diff.Unlogged); err != nil {
		return err
	}
	if len(diff.Unlogged) > 0 {
		s.mended("%d do-not-call marks of the ledger were written to the log again", len(diff.Unlogged))
	}
	return nil
}

// tellDNC says what reading the log showed. A log that is damaged in its
// middle may hide a no that the ledger does not have: then nobody is called.
func (s *Store) tellDNC(found *dnclog.Found, entries uint64) {
	if found.Mended != "" {
		s.mended("%s", found.Mended)
	}
	switch {
	case found.Fresh && entries > 0:
		s.mended("the do-not-call log was missing: it is made anew from the ledger")
	case found.Seq < entries:
		s.mended("the do-not-call log had lost its last %d entries", entries-found.Seq)
	}
	s.suspicious = append(s.suspicious, found.Damaged...)
}

func (s *Store) mended(format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	s.repaired = append(s.repaired, what)
	s.o.Log.Warn("data directory mended", zap.String("what", what))
}

// DNCDamaged tells that the do-not-call log cannot be read whole.
func (s *Store) DNCDamaged() bool { return len(s.marks.Damaged) > 0 }

// MendDNC makes the log anew from what can be read of it and from the ledger,
// and keeps the old one under the name it returns. A number that either of
// them says is marked stays marked.
func (s *Store) MendDNC() (kept string, err error) {
	all := map[dnclog.Name]dnclog.Entry{}
	for t, e := range s.marks.Marks {
		if e.On {
			all[t] = e
		}
	}
	err = state.Rows{R: s.Ledger}.DNC(cadence.ID{}, func(id cadence.ID, n *state.Number) bool {
		for _, e := range dnclog.Entries(id, n) {
			all[e.Name()] = e
		}
		return true
	})
	if err != nil {
		return "", fmt.Errorf("read the do-not-call list: %w", err)
	}
	if err := s.DNC.Close(); err != nil {
		return "", err
	}
	kept = s.o.DNCLog + ".damaged-" + time.Now().UTC().Format("20060102T150405Z")
	if err := dnclog.Replace(s.o.DNCLog, kept, s.owner(), slices.Collect(maps.Values(all))); err != nil {
		return "", err
	}
	s.DNC, s.marks, err = dnclog.Open(s.o.DNCLog, s.owner())
	s.suspicious = slices.DeleteFunc(s.suspicious, func(w string) bool { return strings.HasPrefix(w, "the do-not-call log is damaged") })
	return kept, err
}
