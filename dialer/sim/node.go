package sim

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// node is one process with one shard: what is durable, and the memory that a
// crash takes away.
type node struct {
	w       *World
	index   int
	store   *memory.Ledger
	tenure  ledger.Tenure
	shard   *dialer.Shard
	guard   clock.Guard
	inbox   []dialer.Item
	claims  map[cadence.ID]claim
	opens   uint64 // how often the shard was opened
	crashed bool
	asking  bool // the carrier is being asked for its time
}

type claim uint8

const (
	claimFree claim = iota
	claimSent
	claimTaken
)

// open starts the shard on what is durable.
func (n *node) open() error {
	w := n.w
	n.opens++
	tenure, err := n.store.Claim(context.Background(), 0)
	if err != nil {
		return err
	}
	ids := make([]pacing.CallerID, len(w.o.CallerIDs))
	for i, n := range w.o.CallerIDs {
		ids[i] = pacing.CallerID{Number: n}
	}
	pacer, err := pacing.New(pacing.Config{CPS: w.o.CPS, Channels: w.o.Channels, CallerIDs: ids, Seed: w.o.Seed})
	if err != nil {
		return err
	}
	n.tenure = tenure
	n.claims = map[cadence.ID]claim{}
	n.inbox = []dialer.Item{{Message: &dialer.Recover{}}}
	n.guard, n.asking = clock.Guard{}, false
	n.shard, err = dialer.OpenShard(dialer.ShardOptions{
		Core: dialer.NewCore(w.rules, w.o.Seed<<16|n.opens), Reader: n.store, Tenure: &tenureWithFaults{n, tenure}, Pacer: pacer,
		Swap: n.takeBack, Now: w.turnNow(),
	})
	return err
}

func (n *node) takeBack(id cadence.ID) bool {
	if c, ok := n.claims[id]; ok && c == claimFree {
		n.claims[id] = claimTaken
		return true
	}
	return false
}

// errCrash ends the process in the simulation.
var errCrash = errors.New("crash")

// tenureWithFaults crashes at commits and hashes what was committed.
type tenureWithFaults struct {
	n *node
	ledger.Tenure
}

func (t *tenureWithFaults) Commit(ctx context.Context, at int64, body []byte, writes []ledger.Write) (uint64, error) {
	w := t.n.w
	w.commits++
	var id cadence.ID
	id[0], id[1], id[2], id[3] = byte(w.commits>>24), byte(w.commits>>16), byte(w.commits>>8), byte(w.commits)
	crash := w.chance(w.o.Faults.Crash, "crash", id)
	if crash && w.draw("crash.before", id).Float64() < 0.5 {
		return 0, errCrash
	}
	h := sha256.New()
	h.Write(w.trace[:])
	h.Write(body)
	h.Sum(w.trace[:0])
	pos, err := t.Tenure.Commit(ctx, at, body, writes)
	if err == nil {
		w.witness.record(body)
	}
	if err == nil && crash {
		return 0, errCrash // it landed, and nobody will know
	}
	return pos, err
}

// crash loses everything that is not durable, and starts again a while later.
func (n *node) crash() {
	w := n.w
	n.inbox, n.shard = nil, nil
	n.store = n.store.Clone()
	n.crashed = true
	down := int64(w.draw("down", seqID(n.opens)).IntN(60_000))
	w.agenda.plan(w.now+down, func() {
		n.crashed = false
		if err := n.open(); err != nil {
			panic(fmt.Sprintf("BUG: the engine does not open again: %v", err))
		}
	})
}

// nextInstant is when the shard has something to do by itself.
func (n *node) nextInstant() (next int64, ok bool) {
	if n.crashed {
		return 0, false
	}
	w := n.w
	if at, due := n.shard.NextWake(w.turnNow()); due {
		next, ok = at-w.offset, true
	}
	if at, due := n.shard.NextGrant(w.turnNow()); due {
		if at := at.UnixMilli(); !ok || at < next {
			next, ok = max(at, w.now+1), true
		}
	}
	return next, ok
}

func (n *node) turn() error {
	w := n.w
	_, last := n.tenure.Head()
	var record time.Time
	if last != 0 {
		record = time.UnixMilli(last).UTC()
	}
	ok, _ := n.guard.Observe(w.wall(), time.Duration(w.now)*time.Millisecond, record)
	if !ok {
		n.askDate()
	}
	n.shard.Pause(!ok)
	items := n.inbox
	n.inbox = nil
	rel, err := n.shard.Turn(context.Background(), w.turnNow(), items)
	if errors.Is(err, errCrash) {
		n.crash()
		return nil
	}
	if err != nil {
		return err
	}
	if w.witness.failure != nil {
		return w.witness.failure
	}
	n.inbox = append(rel.Left, n.inbox...)
	for _, d := range rel.Dials {
		n.release(d)
	}
	for _, l := range rel.Looks {
		n.inquire(l)
	}
	for _, o := range rel.Owed {
		w.agenda.plan(w.now+20, func() { w.post(dialer.CarryOut(context.Background(), w.carrier, o)) })
	}
	rel.Finish()
	if w.o.Check && len(rel.Facts) > 0 {
		return w.witness.afterTurn(rel)
	}
	return nil
}

// askDate asks the carrier for its time while the clock is in doubt.
func (n *node) askDate() {
	if n.asking {
		return
	}
	w := n.w
	n.asking = true
	w.agenda.plan(w.now+10_000, func() {
		n.asking = false
		date := time.UnixMilli(w.now + w.o.Start.UnixMilli()).UTC()
		n.guard.CarrierDate(date, w.wall(), time.Duration(w.now)*time.Millisecond)
	})
}

func (n *node) inquire(l dialer.Look) {
	w := n.w
	at := w.wallMs()
	w.agenda.plan(w.now+40, func() { w.post(dialer.Inquire(context.Background(), w.carrier, l, at)) })
}

// release is the executor: a while later it claims the attempt and sends it.
func (n *node) release(d dialer.DialOrder) {
	w, id := n.w, d.Dial.Attempt
	n.claims[id] = claimFree
	opened := n.opens
	deadline := w.now + (d.NotAfter - w.wallMs())
	wait := int64(w.draw("gate", id).IntN(400))
	if w.chance(w.o.Faults.Withdraw, "withdraw", id) {
		w.agenda.plan(w.now+int64(w.draw("withdraw.at", id).IntN(600)), func() { w.withdraw(d, w.draw("withdraw.how", id).IntN(3)) })
	}
	w.agenda.plan(w.now+1+wait, func() {
		if n.opens != opened || n.crashed || n.claims[id] != claimFree {
			return // the process that held the order is gone, or it was withdrawn
		}
		if w.now >= deadline {
			n.claims[id] = claimTaken
			w.post(&dialer.Sent{Attempt: id, Late: true})
			return
		}
		n.claims[id] = claimSent
		w.carrier.place(n, d.Dial)
	})
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
