package sim

import (
	"context"
	"errors"
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// The two ways in which a commit fails. The process ends with either; it knows
// as much of the one as of the other.
var (
	errCrash     = errors.New("the process is gone")
	errAmbiguous = errors.New("the outcome of the commit is not known")
)

// fate is what becomes of one commit.
type fate struct {
	err    error
	landed bool
}

// fate draws it. A crash is more likely right after another one, so that
// recovery is interrupted too.
func (n *node) fate() fate {
	w := n.w
	id := seqID(w.commits)
	landed := w.draw("crash.landed", id).IntN(2) == 0
	again := n.opens > 1 && n.commits <= 3
	switch {
	case w.o.CrashAt != 0 && w.commits == w.o.CrashAt:
		w.happened["crash.nth"]++
		return fate{errCrash, w.o.CrashLanded}
	case w.chance(w.o.Faults.Crash, "crash", id), again && w.chance(w.o.Faults.Again, "crash.again", id):
		return fate{errCrash, landed}
	case w.chance(w.o.Faults.Ambiguous, "ambiguous", id):
		return fate{errAmbiguous, landed}
	}
	return fate{landed: true}
}

// tenureWithFaults lets commits fail, traces what lands and shows it to the
// witness, whether or not the engine lives to know.
type tenureWithFaults struct {
	n *node
	ledger.Tenure
	dead bool
}

// Commit implements ledger.Tenure.
func (t *tenureWithFaults) Commit(ctx context.Context, at int64, body []byte, writes []ledger.Write) (uint64, error) {
	n, w := t.n, t.n.w
	if t.dead {
		w.witness.broken("I9", about{}, "a commit after one whose outcome is not known")
		return 0, ledger.ErrFailed
	}
	w.commits++
	n.commits++
	f := n.fate()
	t.dead = f.err != nil
	if !f.landed {
		return 0, f.err
	}
	w.noteBytes("record", body)
	pos, err := t.Tenure.Commit(ctx, at, body, writes)
	if err != nil {
		return 0, err
	}
	w.witness.record(n, body)
	return pos, f.err
}

// crash loses everything that is not durable, and starts again a while later.
func (n *node) crash() error {
	w := n.w
	w.note("crash", cadence.ID{}, int64(n.index), int64(n.opens))
	if n.shard != nil {
		n.shard.Rest() // a dead process reads no more
	}
	n.inbox, n.shard, n.crashed = nil, nil, true
	store, err := w.o.Ground.Crash(n.index)
	if err != nil {
		return fmt.Errorf("crash: %w", err)
	}
	n.store = store
	w.recount()
	down := int64(w.draw("down", seqID(n.opens), seqID(uint64(n.index))).IntN(60_000))
	w.agenda.plan(w.now+down, func() {
		n.crashed = false
		if err := n.open(); err != nil {
			w.witness.broken("open", about{}, "the engine does not open again: %v", err)
			n.crashed = true
			return
		}
		if w.o.Check {
			w.witness.afterOpen()
		}
	})
	return nil
}

// kill ends a process between two of its turns.
func (w *World) kill(n *node) {
	if n.crashed {
		return
	}
	w.happened["kill"]++
	if err := n.crash(); err != nil {
		w.witness.broken("open", about{}, "%v", err)
	}
}

// later plans something that a node's process does besides its turns. It waits
// while the process stands still, and dies with it.
func (n *node) later(at int64, do func()) {
	w, opened := n.w, n.opens
	var try func()
	try = func() {
		switch {
		case n.crashed || n.opens != opened:
		case w.now < n.frozen:
			w.agenda.plan(n.frozen, try)
		default:
			do()
		}
	}
	w.agenda.plan(at, try)
}
