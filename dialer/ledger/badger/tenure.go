package badger

import (
	"context"
	"fmt"
	"sync"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// end is where a shard's log begins and ends. Records base+1 … pos are kept.
type end struct {
	shardMark
	base     uint64
	baseHash [32]byte // of record base, which is gone
}

// tenure is the ownership of one shard.
type tenure struct {
	ledger *Ledger
	shard  uint16

	mu    sync.Mutex // commits and trims, one at a time
	dead  bool
	arena []byte   // stored keys and values of the last commit, used again
	job   job      // likewise
	buf   []stored // likewise
	room  []byte   // for packing, likewise

	endMu sync.RWMutex
	end   end
}

// Claim implements ledger.Ledger. The directory's lock keeps other processes
// away; within this one a shard can be claimed once.
func (l *Ledger) Claim(ctx context.Context, shard uint16) (ledger.Tenure, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("claim shard %d: %w", shard, err)
	}
	if !l.gate.enter() {
		return nil, ledger.ErrClosed
	}
	defer l.gate.leave()
	l.claimMu.Lock()
	defer l.claimMu.Unlock()
	if l.claimed[shard] {
		return nil, fmt.Errorf("claim shard %d: %w", shard, ledger.ErrOwned)
	}
	l.claimed[shard] = true
	e, ok := l.ends[shard]
	if !ok {
		e.shard = shard
	}
	return &tenure{ledger: l, shard: shard, end: e}, nil
}

// Head implements ledger.Tenure.
func (t *tenure) Head() (uint64, int64) {
	e := t.head()
	return e.pos, e.at
}

func (t *tenure) head() end {
	t.endMu.RLock()
	defer t.endMu.RUnlock()
	return t.end
}

func (t *tenure) setHead(e end) {
	t.endMu.Lock()
	defer t.endMu.Unlock()
	t.end = e
}

// Commit implements ledger.Tenure.
func (t *tenure) Commit(ctx context.Context, at int64, body []byte, writes []ledger.Write) (uint64, error) {
	if !t.ledger.gate.enter() {
		return 0, ledger.ErrClosed
	}
	defer t.ledger.gate.leave()
	t.mu.Lock()
	defer t.mu.Unlock()
	pos, err := t.commit(ctx, at, body, writes)
	if err != nil {
		t.dead = true
		return 0, fmt.Errorf("commit shard %d: %w", t.shard, err)
	}
	return pos, nil
}

func (t *tenure) commit(ctx context.Context, at int64, body []byte, writes []ledger.Write) (uint64, error) {
	if err := t.alive(ctx); err != nil {
		return 0, err
	}
	size, err := ledger.Weigh(body, writes)
	if err != nil {
		return 0, err
	}
	size += storedBytes(len(body)) - len(body) + len(writes)*(1+sealBytes)
	e := t.head()
	rec := ledger.Record{Shard: t.shard, Pos: e.pos + 1, At: max(at, e.at), Prev: e.head, Body: body}
	e.shardMark = shardMark{shard: t.shard, pos: rec.Pos, at: rec.At, head: rec.Hash()}
	j := t.prepare(&rec, writes, size)
	j.mark = &e.shardMark
	if err := t.submit(ctx, j); err != nil {
		return 0, err
	}
	t.setHead(e)
	return rec.Pos, nil
}

// alive refuses commits and trims of a tenure that has seen an error.
func (t *tenure) alive(ctx context.Context) error {
	if err := t.ledger.Err(); err != nil {
		return err
	}
	if t.dead {
		return fmt.Errorf("%w: an earlier commit of this tenure did not succeed", ledger.ErrFailed)
	}
	return ctx.Err()
}

// prepare gives record and writes their stored form, all in one piece of
// memory that the next commit uses again.
func (t *tenure) prepare(rec *ledger.Record, writes []ledger.Write, size int) *job {
	if cap(t.arena) < size {
		t.arena = make([]byte, 0, size)
	}
	t.buf = t.buf[:0]
	var packed []byte
	packed, t.room = pack(t.room, rec.Body)
	arena := appendRecord(t.arena[:0], rec, packed, func(key, value []byte) {
		t.buf = append(t.buf, stored{key: key, value: value})
	})
	for i := range writes {
		w := &writes[i]
		at := len(arena)
		arena = append(arena, statePrefix)
		arena = append(arena, w.Key...)
		s := stored{key: arena[at:len(arena):len(arena)], remove: w.Delete}
		if !w.Delete {
			at = len(arena)
			arena = seal(arena, s.key, w.Value)
			s.value = arena[at:len(arena):len(arena)]
		}
		t.buf = append(t.buf, s)
	}
	t.job = job{writes: t.buf, bytes: len(arena), done: make(chan error, 1)}
	return &t.job
}

// submit hands a job to the committer and waits for its answer. When ctx ends
// first the outcome is unknown, and the committer keeps the job's memory.
func (t *tenure) submit(ctx context.Context, j *job) error {
	if err := t.ledger.fits(j); err != nil {
		return err
	}
	j.began = realNow()
	select {
	case t.ledger.queue <- j:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("outcome unknown: %w", ctx.Err())
	}
}

// fits refuses a job that one transaction of the store cannot carry. With the
// default table size every commit within the ledger's limits fits.
func (l *Ledger) fits(j *job) error {
	const perWrite = 12 // what Badger adds to key and value in its own count
	if size := int64(j.bytes + len(j.writes)*perWrite); size >= l.db.MaxBatchSize() {
		return fmt.Errorf("%w: %d stored bytes, one transaction takes %d", ledger.ErrTooLarge, size, l.db.MaxBatchSize())
	}
	if n := int64(len(j.writes)); n >= l.db.MaxBatchCount() {
		return fmt.Errorf("%w: %d stored keys, one transaction takes %d", ledger.ErrTooLarge, n, l.db.MaxBatchCount())
	}
	return nil
}
