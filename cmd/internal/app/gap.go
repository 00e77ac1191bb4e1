package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/durable"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
	"github.com/carillon-dialer/carillon/telephony"
)

// Gap is what the carrier told about the time a ledger does not know.
type Gap struct {
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until"`
	Listed int       `json:"listed"` // calls the carrier made for us meanwhile
	Known  int       `json:"known"`  // of them in the books
	Open   int       `json:"open"`   // left to the search for an attempt under way
	// Entered are the ids of calls that the books did not know: they count in
	// their numbers' caps now, and stand in the audit.
	Entered []string `json:"entered"`
	For     []string `json:"for"` // what was suspicious then
}

const (
	gapName = "gap.json"
	// gapMargin is how long before the last record a call may have been made
	// that the record of is lost.
	gapMargin = 15 * time.Minute
	// callsPerTurn bounds what is entered in one commit.
	callsPerTurn = 500
)

func (s *Store) gapFile() string { return filepath.Join(s.Dir, gapName) }

// lastGap is what the last Reconcile found; nil when nobody has asked since
// the last Accept.
func (s *Store) lastGap() (*Gap, error) {
	raw, err := os.ReadFile(s.gapFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	g := new(Gap)
	if err := json.Unmarshal(raw, g); err != nil {
		return nil, fmt.Errorf("%s: %w; remove it and reconcile again", s.gapFile(), err)
	}
	return g, nil
}

// Reconcile asks the carrier for every call made since the last record from the
// caller IDs and from those that the ledger has called from before, and enters those that the books do not know: from then on they
// count in the caps of their numbers. Which lead and step they were made for,
// and how they ended, is not recovered. It may be done again.
func (s *Store) Reconcile(ctx context.Context, carrier telephony.Lister, ids []cadence.Number, now time.Time) (g Gap, err error) {
	was, err := s.lastGap()
	if err != nil {
		return g, err
	}
	g = Gap{Since: s.LastRecord().Add(-gapMargin), Until: now, For: s.Health().Suspicious}
	if was != nil {
		g.Entered, g.Since = was.Entered, was.Since // its own records are younger
	}
	books, err := s.books(g.Since)
	if err != nil {
		return g, err
	}
	rows := state.Rows{R: s.Ledger}
	if ids, err = withFormer(rows, ids); err != nil {
		return g, err
	}
	var facts []event.Fact
	for _, id := range ids {
		calls, err := carrier.Placed(ctx, id, g.Since, g.Until)
		if err != nil {
			return g, err
		}
		for i := range calls {
			token := dialer.TokenOf(s.Keys.Number, cadence.Number(calls[i].To))
			g.Listed++
			switch {
			case books.known[calls[i].ID]:
				g.Known++
			case books.searched(token, calls[i].Created):
				g.Open++
			case !slices.Contains(g.Entered, calls[i].ID):
				row, err := rows.Number(token)
				if err != nil {
					return g, fmt.Errorf("read the number of a call: %w", err)
				}
				g.Entered = append(g.Entered, calls[i].ID)
				facts = append(facts, entered(token, row, &calls[i])...)
			}
		}
	}
	for part := range slices.Chunk(facts, 2*callsPerTurn) {
		if err := upgrade.Commit(ctx, s.Ledger, s.tenure, part, nil); err != nil {
			return g, fmt.Errorf("enter calls: %w", err)
		}
	}
	raw, err := json.Marshal(&g)
	if err != nil {
		return g, err
	}
	return g, durable.Write(s.gapFile(), raw)
}

// entered are the facts about a call that the books do not know. row is its
// number's, nil when there is none. A number that the ledger knows by its token
// alone, because a person was erased, is named in neither of them.
func entered(t event.Token, row *state.Number, c *telephony.Call) []event.Fact {
	number, at := cadence.Number(c.To), c.Created.UnixMilli()
	named := number.Masked()
	if row != nil && row.Number == "" {
		number, named = "", "an erased number"
	}
	return []event.Fact{
		&event.CallFound{Token: t, Number: number, CallID: c.ID, At: at},
		&event.Audited{What: "gap.call", Detail: named + " " + c.ID + " " + string(c.Status), At: at},
	}
}

// withFormer are caller IDs and those that were called from before: one may
// have been taken out of the configuration behind the backup.
func withFormer(rows state.Rows, ids []cadence.Number) ([]cadence.Number, error) {
	ids = slices.Clone(ids)
	err := rows.CallerIDs(func(n cadence.Number, _ *state.CallerID) bool {
		if !slices.Contains(ids, n) {
			ids = append(ids, n)
		}
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("read caller IDs: %w", err)
	}
	return ids, nil
}

// books are what a ledger knows of calls: the carrier's ids, and when (Unix ms)
// an attempt was intended, by its number, whose call nobody knows yet.
type books struct {
	known map[string]bool
	open  map[event.Token]int64
}

// searched reports whether the search for an attempt under way finds a call to
// its number. Others to it are nobody's, and count.
func (b *books) searched(t event.Token, created time.Time) bool {
	intent, ok := b.open[t]
	since, until := dialer.Searched(intent)
	at := created.UnixMilli()
	return ok && since <= at && at <= until
}

func (s *Store) books(since time.Time) (*books, error) {
	known, open := map[string]bool{}, map[event.Token]int64{}
	rows := state.Rows{R: s.Ledger}
	err := rows.Opens(func(o *state.Open) bool {
		if o.CallID == "" {
			open[o.I.Token] = o.I.At
		}
		known[o.CallID] = true
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("read open attempts: %w", err)
	}
	last := cadence.ID{}
	for i := range last {
		last[i] = 0xFF
	}
	err = rows.AttemptsBetween(since.Add(-24*time.Hour).UnixMilli(), 1<<62, last, func(_ cadence.ID, a *state.Attempt) bool {
		known[a.CallID] = true
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("read attempts: %w", err)
	}
	var failed error
	err = rows.Rehearsals(0, cadence.ID{}, func(_ cadence.ID, r *state.Rehearsal) bool {
		var a *state.Attempt
		if r.State == state.RehearsalOver {
			a, failed = rows.Attempt(r.Attempt)
		}
		if a != nil {
			known[a.CallID] = true
		}
		return failed == nil && r.At >= since.Add(-24*time.Hour).UnixMilli()
	})
	if err := errors.Join(err, failed); err != nil {
		return nil, fmt.Errorf("read rehearsals: %w", err)
	}
	delete(known, "")
	return &books{known, open}, nil
}

// ErrNotReconciled is returned by Accept while nobody has asked the carrier
// what happened.
var ErrNotReconciled = errors.New("the carrier has not been asked yet what happened meanwhile")

// Accept records that an operator has seen what is suspicious. It wants the
// gap to be reconciled first, unless blind says that this cannot be done.
func (s *Store) Accept(blind bool) error {
	found := s.Health().Suspicious
	g, err := s.lastGap()
	if err != nil {
		return err
	}
	if len(found) > 0 && !blind && (g == nil || !slices.Equal(g.For, found)) {
		return ErrNotReconciled
	}
	s.suspicious = nil
	if err := s.Ledger.AcceptSuspicion(); err != nil {
		return err
	}
	if err := s.Mark(); err != nil {
		return err
	}
	if err := os.Remove(s.gapFile()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
