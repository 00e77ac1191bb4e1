package sim

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// node is one process with one shard: what is durable, and the memory that a
// crash takes away.
type node struct {
	w       *World
	index   int
	store   ledger.Ledger
	tenure  ledger.Tenure
	shard   *dialer.Shard
	guard   clock.Guard
	inbox   []dialer.Item
	claims  map[cadence.ID]claim
	opens   uint64 // how often the shard was opened
	commits uint64 // since it was opened
	crashed bool
	doubts  bool  // the clock was not trusted at the last turn
	doubted int64 // since when, on the world's clock; 0: it is trusted
	// underWay is set while its courier has something to send again.
	underWay bool
	asking   bool  // the carrier is being asked for its time
	frozen   int64 // until when the process stands still
	thawed   int64 // when it last began to run
}

// open starts the shard on what is durable.
func (n *node) open() error {
	w := n.w
	n.opens++
	n.commits, n.frozen, n.thawed, n.doubted = 0, 0, w.now, 0
	tenure, err := n.store.Claim(context.Background(), 0)
	if err != nil {
		return err
	}
	pacer, err := w.account()
	if err != nil {
		return err
	}
	n.tenure = tenure
	n.claims = map[cadence.ID]claim{}
	n.inbox = []dialer.Item{{Message: &dialer.Recover{}}}
	n.guard, n.asking, n.underWay = clock.Guard{}, false, false
	rules := w.rules
	rules.Homes = dialer.Homes{Self: uint16(n.index), Shards: w.homes.Shards}
	n.guard.Distrust()
	n.shard, err = dialer.OpenShard(dialer.ShardOptions{
		Core: dialer.NewCore(rules, uint64(n.index)<<48|w.o.Seed<<16|n.opens), Reader: n.store, Tenure: &tenureWithFaults{n: n, Tenure: tenure}, Pacer: pacer,
		Swap: n.takeBack, Now: w.turnNow(),
	})
	if err != nil {
		return err
	}
	w.recount()
	n.courier()
	return nil
}

// running reports whether the process can do anything now.
func (n *node) running() bool { return !n.crashed && n.w.now >= n.frozen }

// nextInstant is when the shard has something to do by itself.
func (n *node) nextInstant() (next int64, ok bool) {
	if n.crashed {
		return 0, false
	}
	w := n.w
	if w.now < n.frozen {
		return n.frozen, true
	}
	if at, due := n.shard.NextWake(w.turnNow()); due {
		next, ok = at-(w.wallMs()-w.now), true
	}
	if at, due := n.shard.NextGrant(w.turnNow()); due {
		if at := at.UnixMilli() + w.slept; !ok || at < next {
			next, ok = max(at, w.now+1), true
		}
	}
	return next, ok
}

// busy reports whether a turn may have anything to do. While the clock is in
// doubt it is looked at all the time, and the pacer while somebody waits: what
// frees a channel may be the end of another node's call.
func (n *node) busy() bool {
	at, ok := n.nextInstant()
	return n.doubts || len(n.inbox) > 0 || n.shard.Pending() > 0 || ok && at <= n.w.now
}

func (n *node) turn() error {
	w := n.w
	_, last := n.tenure.Head()
	var record time.Time
	if last != 0 {
		record = time.UnixMilli(last).UTC()
	}
	ok, why := n.guard.Observe(w.wall(), w.monoSpan(), record)
	if n.doubts = !ok; !ok {
		n.askDate()
	}
	n.shard.Pause(!ok)
	w.witness.calm.why = why
	items := n.inbox
	n.inbox = nil
	w.steps++
	rel, err := n.take(items)
	if errors.Is(err, errCrash) || errors.Is(err, errAmbiguous) {
		if rel != nil {
			w.witness.broken("I9", about{}, "a turn whose commit failed released something")
		}
		return n.crash()
	}
	if err != nil {
		return err
	}
	n.let(rel)
	if w.o.Check {
		w.witness.afterTurn()
		w.witness.moves(n, why)
	}
	return nil
}

// take takes a turn. Every other one is cut in two, the second of which is
// decided while the first is on its way to the ledger, as the engine does.
func (n *node) take(items []dialer.Item) (*dialer.Released, error) {
	ctx, now := context.Background(), n.w.turnNow()
	if n.w.steps%2 == 0 || len(items) < 2 {
		return n.shard.Turn(ctx, now, items)
	}
	half := len(items) / 2
	left, err := n.shard.Decide(now, items[:half])
	if err != nil {
		return nil, err
	}
	first := n.shard.Seal()
	left, err = n.shard.Decide(now, slices.Concat(left, items[half:]))
	if err != nil {
		return nil, err
	}
	if err := first.Commit(ctx); err != nil {
		return nil, err
	}
	n.let(n.shard.Land(first))
	second := n.shard.Seal()
	if err := second.Commit(ctx); err != nil {
		return nil, err
	}
	rel := n.shard.Land(second)
	rel.Left = left
	return rel, nil
}

// let carries a durable turn out.
func (n *node) let(rel *dialer.Released) {
	for i := range rel.Verdicts {
		n.w.note("verdict "+rel.Verdicts[i].Rule, cadence.ID{}, rel.Verdicts[i].Until)
	}
	n.inbox = append(rel.Left, n.inbox...)
	for _, f := range rel.Facts {
		if asked, ok := f.(*event.Asked); ok && n.w.chance(n.w.o.Faults.Withdraw/3, "withdraw.asked", asked.Touch, seqID(uint64(asked.Try))) {
			n.w.forbid(asked)
		}
	}
	for _, d := range rel.Dials {
		n.release(d)
	}
	for _, l := range rel.Looks {
		n.inquire(l)
	}
	for _, o := range rel.Owed {
		n.carryOut(o)
	}
	n.deliver(rel)
	rel.Finish()
}

func (n *node) inquire(l dialer.Look) {
	w := n.w
	w.note("look", l.Attempt, int64(l.Kind), l.Since, l.Until)
	at := w.wallMs()
	n.later(w.now+40, func() { w.post(dialer.Inquire(context.Background(), w.carrier, l, at)) })
}

func (n *node) carryOut(o dialer.Owed) {
	w := n.w
	w.noteBytes("owed", []byte(string(o.Effect)+o.CallID))
	n.later(w.now+20, func() { w.post(dialer.CarryOut(context.Background(), w.carrier, o)) })
}

// postTo hands a message to the process that was opened as number opened, if
// it still lives.
func (n *node) postTo(opened uint64, m dialer.Message, done func(any, error)) bool {
	if n.crashed || n.opens != opened {
		return false
	}
	n.inbox = append(n.inbox, dialer.Item{Message: m, Done: done})
	return true
}

// rows reads what is durable here.
func (n *node) rows() state.Rows { return state.Rows{R: n.store} }
