// Package upgrade brings a ledger to the fold version of this program by
// numbered migrations, each of which can be cut short at any commit and goes
// on where it was. A ledger of a newer version is refused by its number.
package upgrade

import (
	"context"
	"errors"
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Step does a bounded part of a migration: it reads committed state and
// returns the rows to write and where to go on. cursor is what the step
// before returned, nil at the beginning; a nil next ends the migration. The
// same cursor over the same state must give the same rows.
type Step func(r ledger.Reader, cursor []byte) (writes []ledger.Write, next []byte, err error)

// Migration leads from fold version To−1 to To. What says in words what it
// does. The state it leaves must be the one that folding the log anew gives.
type Migration struct {
	To   int
	What string
	Step Step
}

// Plan is the way from what a ledger is written in to a version.
type Plan struct {
	was   state.Versions
	is    state.Versions // what it will be stamped with
	steps []Migration
}

// Release is what a program writes ledgers in.
type Release struct {
	Fold  int
	Facts int
	Zones string // release of the tz database
	Chain []Migration
}

// Prepare reads what the ledger is written in and plans the way to the
// release. It changes nothing. A newer ledger is ErrNewer with both numbers.
func Prepare(r ledger.Reader, to Release) (*Plan, error) {
	was, err := state.ReadVersions(r)
	if err != nil {
		return nil, fmt.Errorf("read what the ledger is written in: %w", err)
	}
	for _, c := range []struct {
		what   string
		is, to int
	}{{"state", max(was.Fold, was.To), to.Fold}, {"facts", was.Facts, to.Facts}} {
		if c.is > c.to {
			return nil, fmt.Errorf("%w: its %s have version %d, this program reads up to %d", ledger.ErrNewer, c.what, c.is, c.to)
		}
	}
	p := &Plan{was: was, is: state.Versions{Fold: to.Fold, Facts: to.Facts, Zones: to.Zones}}
	if was.Fold == 0 {
		return p, nil // nothing is stored yet
	}
	for v := was.Fold + 1; v <= to.Fold; v++ {
		m, ok := find(to.Chain, v)
		if !ok {
			return nil, fmt.Errorf("BUG: there is no migration to version %d", v)
		}
		p.steps = append(p.steps, m)
	}
	return p, nil
}

func find(chain []Migration, to int) (Migration, bool) {
	for _, m := range chain {
		if m.To == to {
			return m, true
		}
	}
	return Migration{}, false
}

// Migrates lists in words what will be done to stored rows; it is empty when
// nothing will, and then no backup is called for.
func (p *Plan) Migrates() []string {
	var out []string
	for _, m := range p.steps {
		out = append(out, fmt.Sprintf("to version %d: %s", m.To, m.What))
	}
	return out
}

// Resumes tells that a migration was cut short: what is stored is neither the
// old nor the new version.
func (p *Plan) Resumes() bool { return p.was.To != 0 }

// From is the fold version found, To the one planned for.
func (p *Plan) From() int { return p.was.Fold }

// To is the fold version the plan leads to.
func (p *Plan) To() int { return p.is.Fold }

// Run carries the plan out. Every step is one commit that says how far it has
// come. After an error the tenure is dead; the next Prepare goes on.
func (p *Plan) Run(ctx context.Context, r ledger.Reader, t ledger.Tenure) error {
	at := p.was
	for _, m := range p.steps {
		cursor := at.Cursor
		for more := true; more; {
			writes, next, err := m.Step(r, cursor)
			if err != nil {
				return fmt.Errorf("migrate to version %d: %w", m.To, err)
			}
			if more = next != nil; more {
				at.To, at.Cursor = m.To, next
			} else {
				at = state.Versions{Fold: m.To, Facts: at.Facts, Zones: at.Zones}
			}
			if err := stamp(ctx, r, t, at, writes); err != nil {
				return fmt.Errorf("migrate to version %d: %w", m.To, err)
			}
			cursor = next
		}
	}
	if at.Fold != p.is.Fold || at.Facts != p.is.Facts || at.Zones != p.is.Zones {
		return stamp(ctx, r, t, p.is, nil)
	}
	return nil
}

// stamp commits the versions with the rows that belong to them.
func stamp(ctx context.Context, r ledger.Reader, t ledger.Tenure, v state.Versions, writes []ledger.Write) error {
	return Commit(ctx, r, t, []event.Fact{&event.Upgraded{Fold: v.Fold, Facts: v.Facts, Zones: v.Zones, To: v.To, Cursor: v.Cursor}}, writes)
}

// Commit makes one turn of facts while no engine runs: folded, recorded and
// durable when it returns. more are rows of a migration. Record time stays
// that of the last record: whose clock the engine will run on is not known
// here.
func Commit(ctx context.Context, r ledger.Reader, t ledger.Tenure, facts []event.Fact, more []ledger.Write) (err error) {
	defer func() {
		if p := recover(); p != nil {
			b, ok := p.(*state.Broken)
			if !ok {
				panic(p)
			}
			err = errors.Join(err, b)
		}
	}()
	view := state.NewView(r)
	for _, f := range facts {
		view.Fold(f)
	}
	body, err := event.Encode(facts)
	if err != nil {
		return err
	}
	_, last := t.Head()
	if _, err := t.Commit(ctx, last, body, append(more, view.Writes()...)); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
