package memory

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// log is one shard's records. records[0] has position base+1.
type log struct {
	shard   uint16
	base    uint64
	at      int64
	last    [32]byte // hash of the newest record, also after it was trimmed
	records []ledger.Record
	claimed bool
}

// clone shares the records: nobody changes those already there, and the clip
// makes the copy's next append move to memory of its own.
func (g *log) clone() *log {
	c := *g
	c.records = slices.Clip(g.records)
	c.claimed = false
	return &c
}

func (g *log) head() uint64 { return g.base + uint64(len(g.records)) }

// tenure is the ownership of one shard of a memory ledger.
type tenure struct {
	ledger *Ledger
	log    *log
	dead   bool
}

// Head implements ledger.Tenure.
func (t *tenure) Head() (uint64, int64) {
	t.ledger.mu.RLock()
	defer t.ledger.mu.RUnlock()
	return t.log.head(), t.log.at
}

// Commit implements ledger.Tenure.
func (t *tenure) Commit(ctx context.Context, at int64, body []byte, writes []ledger.Write) (uint64, error) {
	t.ledger.mu.Lock()
	defer t.ledger.mu.Unlock()
	if err := t.admit(ctx, body, writes); err != nil {
		t.dead = true
		return 0, fmt.Errorf("commit shard %d: %w", t.log.shard, err)
	}
	g := t.log
	rec := ledger.Record{
		Shard: g.shard,
		Pos:   g.head() + 1,
		At:    max(at, g.at),
		Prev:  g.last,
		Body:  bytes.Clone(body),
	}
	g.records = append(g.records, rec)
	g.at, g.last = rec.At, rec.Hash()
	t.ledger.apply(writes)
	return rec.Pos, nil
}

func (t *tenure) admit(ctx context.Context, body []byte, writes []ledger.Write) error {
	switch {
	case t.ledger.closed:
		return ledger.ErrClosed
	case t.dead:
		return ledger.ErrFailed
	case ctx.Err() != nil:
		return ctx.Err()
	}
	_, err := ledger.Weigh(body, writes)
	return err
}

// Records implements ledger.Tenure. From 0 means from the oldest kept.
func (t *tenure) Records(from uint64, fn func(ledger.Record) bool) error {
	t.ledger.mu.RLock()
	closed, base, records := t.ledger.closed, t.log.base, t.log.records
	t.ledger.mu.RUnlock()
	if closed {
		return ledger.ErrClosed
	}
	if from == 0 {
		from = base + 1
	}
	if from <= base {
		return fmt.Errorf("read shard %d from %d: %w up to %d", t.log.shard, from, ledger.ErrTrimmed, base)
	}
	for i := from - base - 1; i < uint64(len(records)); i++ {
		rec := records[i]
		if i > 0 && records[i-1].Hash() != rec.Prev {
			return fmt.Errorf("%w: shard %d: record %d does not follow its predecessor", ledger.ErrDamaged, rec.Shard, rec.Pos)
		}
		rec.Body = bytes.Clone(rec.Body)
		if !fn(rec) {
			return nil
		}
	}
	return nil
}

// Trim implements ledger.Tenure.
func (t *tenure) Trim(ctx context.Context, before uint64, limit int) (int, error) {
	t.ledger.mu.Lock()
	defer t.ledger.mu.Unlock()
	g := t.log
	switch {
	case t.ledger.closed:
		return 0, fmt.Errorf("trim shard %d: %w", g.shard, ledger.ErrClosed)
	case t.dead:
		return 0, fmt.Errorf("trim shard %d: %w", g.shard, ledger.ErrFailed)
	case ctx.Err() != nil:
		return 0, fmt.Errorf("trim shard %d: %w", g.shard, ctx.Err())
	}
	if before <= g.base+1 || limit <= 0 {
		return 0, nil
	}
	n := int(min(before-g.base-1, uint64(len(g.records)), uint64(limit)))
	// A clone may share the array, so the rest moves instead of being cleared.
	// Go's append grows arrays as they are used up, so trimming in steps costs
	// a copy of what is kept only when more than half goes.
	kept := g.records[n:]
	if n > len(kept) {
		kept = append(make([]ledger.Record, 0, 2*len(kept)), kept...)
	}
	g.records = kept
	g.base += uint64(n)
	return n, nil
}
