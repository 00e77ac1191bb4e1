package dialer

import (
	"context"
	"time"

	"github.com/carillon-dialer/carillon/dialer/state"
)

// flight is a turn on its way to the ledger. While it is synced, the loop
// decides the next turn on top of it; that one departs when this one has
// landed, so that at most one is in the air and turns become durable in the
// order they were decided. What a turn lets out, and whom it answers, waits
// for its landing. Under load a turn grows for as long as the sync before it
// takes; when little happens it departs at once.
type flight struct {
	batch *Batch
	now   Now // both from before the commit: one that takes long leaves its calls that much less time
	mono  time.Duration
	told  state.Office // what the office is once this turn is durable
	err   error
	done  chan struct{} // closed when err is set
}

// landed is closed when the flight has ended; without one it never is.
func (f *flight) landed() <-chan struct{} {
	if f == nil {
		return nil
	}
	return f.done
}

// depart ends the open turn and sends it to the ledger. None may be in the
// air.
func (e *Engine) depart(ctx context.Context, now Now, mono time.Duration) {
	f := &flight{batch: e.shard.Seal(), now: now, mono: mono, told: *e.shard.View().Office()}
	if f.batch.Void() {
		e.let(f)
		return
	}
	e.flight = f
	f.done = make(chan struct{})
	go func() {
		defer close(f.done)
		f.err = f.batch.Commit(context.WithoutCancel(ctx))
	}()
}

// arrive waits for the turn in the air and lets its effects out.
func (e *Engine) arrive() error {
	f := e.flight
	if f == nil {
		return nil
	}
	<-f.done
	if f.err != nil {
		return e.fail(f.err)
	}
	e.flight = nil
	e.let(f)
	return nil
}

// finish makes durable whatever was decided, on its way or not, and lets it
// out.
func (e *Engine) finish() error {
	if err := e.arrive(); err != nil {
		return err
	}
	e.depart(context.Background(), e.now(), e.o.Real.Mono())
	return e.arrive()
}

// clear makes room for deciding: a flight that has ended arrives; one that has
// not is waited for when the open turn is full, or when a lane is to be
// refilled, which takes a ledger that holds all that was decided.
func (e *Engine) clear(ctx context.Context, now Now, mono time.Duration) error {
	thirsty := e.shard.Thirsty(now.Wall)
	select {
	case <-e.flight.landed():
	default:
		if !thirsty && !e.shard.Full() {
			return nil
		}
	}
	if err := e.arrive(); err != nil {
		return err
	}
	if !e.shard.Full() && (!thirsty || !e.shard.Open()) {
		return nil
	}
	e.depart(ctx, now, mono)
	if thirsty {
		return e.arrive()
	}
	return nil
}

// fail tells everybody who waits that nothing more comes. The process ends
// with err.
func (e *Engine) fail(err error) error {
	if e.flight != nil {
		<-e.flight.done
		e.flight = nil
	}
	e.shard.Abandon(ErrStopped)
	return err
}

// let carries a durable turn out.
func (e *Engine) let(f *flight) {
	rel := e.shard.Land(f.batch)
	e.board.Put(rel.Lines...)
	e.enlist(rel.Facts)
	e.recount(rel.Facts)
	e.resort(rel.Facts)
	for _, d := range rel.Dials {
		left := e.o.Scale(time.Duration(d.NotAfter-f.now.Wall) * time.Millisecond)
		e.exec.send(d, f.mono+left)
	}
	for _, l := range rel.Looks {
		e.ask(l)
	}
	for _, o := range rel.Owed {
		e.act(o)
	}
	e.metrics.released(rel, e)
	if f.told != e.told { // before anybody is answered
		e.told = f.told
		e.publish(f.now, e.shown)
	}
	rel.Finish()
}
