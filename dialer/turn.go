package dialer

import (
	"context"
	"errors"
	"fmt"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Batch is a turn that has ended, on its way to the ledger.
type Batch struct {
	rel    Released
	sealed *state.Sealed
	tenure ledger.Tenure
	nolog  nolog
	at     int64
	body   []byte // of the record
}

// Void reports whether the turn changed nothing, so that Commit has nothing to
// do. What it answers may rest on the turn before: it lands after that one.
func (b *Batch) Void() bool { return len(b.rel.Facts) == 0 }

// Commit makes the turn durable. It touches nothing of the shard, which may
// decide the next turn meanwhile. After an error nothing of the turn, nor of
// any later one, may leave, and the process must end.
func (b *Batch) Commit(ctx context.Context) error {
	if b.Void() {
		return nil
	}
	var err error
	if b.body, err = event.Append(b.body[:0], b.rel.Facts); err != nil {
		return err
	}
	if crash.On {
		passBefore(b.rel.Facts)
	}
	if err := b.nolog.before(); err != nil {
		return err
	}
	if _, err := b.tenure.Commit(ctx, b.at, b.body, b.sealed.Writes); err != nil {
		return fmt.Errorf("commit turn: %w", errors.Join(ledger.ErrFailed, err))
	}
	if err := b.nolog.after(); err != nil {
		return err
	}
	if crash.On {
		passAfter(b.rel.Facts)
	}
	return nil
}

// Decide adds to the open turn at now (wall, Unix ms): the items, what has
// fired, and as many touches as the pacer grants. The turn before may still be
// on its way to the ledger. left are the items there was no room for. An error
// is fatal; left are then those that nobody will answer.
func (s *Shard) Decide(now Now, items []Item) (left []Item, err error) {
	left = items
	defer func() {
		if p := recover(); p != nil {
			b, ok := p.(*state.Broken)
			if !ok {
				panic(p)
			}
			err = fmt.Errorf("turn: %w", b)
		}
	}()
	r, err := s.stand()
	if err != nil {
		return left, fmt.Errorf("turn: %w", err)
	}
	s.at = now.Wall
	s.today(now.Wall)
	s.timers.retract(now.Wall)
	if s.settled() {
		if err := s.refill(r, now.Wall); err != nil {
			return left, err
		}
	}
	s.timers.advance(now.Wall)
	s.runBacklog(now)
	s.runItems(now, items, &left)
	s.runFired(now)
	s.runGrants(now)
	return left, nil
}

// settled reports whether the ledger holds all that was decided.
func (s *Shard) settled() bool { return s.flying == nil && !s.Open() }

// Open reports whether the open turn has changed anything.
func (s *Shard) Open() bool { return len(s.out.Facts) > 0 }

// Thirsty reports whether a lane waits to be refilled. That takes a turn that
// begins with the ledger holding all that was decided.
func (s *Shard) Thirsty(now int64) bool {
	for _, n := range s.timers.order {
		if l := s.timers.lanes[n]; l.needs(now) && s.dialable(l) {
			return true
		}
	}
	return false
}

// stand lets the view read from one snapshot, taken while no commit is under
// way and good until the next one has landed: what is on its way meanwhile is
// in the view's memory.
func (s *Shard) stand() (ledger.Reader, error) {
	if s.hold != nil {
		return s.view.Base(), nil
	}
	r, release, err := s.reader.Hold()
	if err != nil {
		return nil, err
	}
	s.hold = release
	s.view.On(r)
	return r, nil
}

// Rest lets go of what Decide reads from; the next one takes it anew. An owner
// that goes to sleep with no turn on its way rests, so that it holds back
// neither compaction nor Close.
func (s *Shard) Rest() {
	if s.hold != nil {
		s.hold()
		s.hold = nil
		s.view.On(s.reader)
	}
}

// Seal ends the open turn. It must have landed before the next one is sealed.
// Memory goes on from here as if it were durable already; the world outside
// hears of it when it is.
func (s *Shard) Seal() *Batch {
	b := &Batch{rel: s.out, at: s.at, body: s.body, tenure: s.tenure, nolog: s.nolog.take(), sealed: s.view.Seal()}
	s.out, s.body = Released{}, nil
	b.rel.Changes = b.sealed.Changes
	b.rel.Receipts = s.receipts()
	s.settle(&b.rel)
	s.flying = b
	return b
}

// Land takes a batch that is durable and returns what may leave now.
func (s *Shard) Land(b *Batch) *Released {
	s.view.Land()
	s.flying, s.body = nil, b.body
	s.Rest()
	return &b.rel
}

// Abandon tells everybody who waits for a turn that did not become durable.
func (s *Shard) Abandon(why error) {
	rels := []*Released{&s.out}
	if s.flying != nil {
		rels = append(rels, &s.flying.rel)
	}
	for _, r := range rels {
		for _, w := range r.done {
			w.done(nil, why)
		}
		r.done = nil
	}
	s.Rest()
}

// Turn takes one turn from its first message to its commit, with nothing
// decided meanwhile. An error is fatal: nothing of the turn may leave and the
// process must end.
func (s *Shard) Turn(ctx context.Context, now Now, items []Item) (*Released, error) {
	left, err := s.Decide(now, items)
	if err != nil {
		s.Rest()
		return nil, err
	}
	b := s.Seal()
	if err := b.Commit(ctx); err != nil {
		s.Rest()
		return nil, err
	}
	rel := s.Land(b)
	rel.Left = left
	return rel, nil
}
