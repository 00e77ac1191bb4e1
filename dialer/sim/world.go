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

// World is one simulated run: the shard under test, the carrier it calls
// through, the people, and the witness that trusts none of them. Times inside
// are milliseconds of the monotonic clock; the wall is ahead by offset.
type World struct {
	o           Options
	now         int64
	offset      int64
	faultyUntil int64
	agenda      agenda
	carrier     *carrier
	witness     *witness

	store   *memory.Ledger
	tenure  ledger.Tenure
	shard   *dialer.Shard
	guard   clock.Guard
	inbox   []dialer.Item
	claims  map[cadence.ID]claim
	rules   dialer.Rules
	opens   uint64 // how often the shard was opened
	commits uint64
	crashed bool
	asking  bool

	cadence cadence.ID
	trace   [32]byte
}

type claim uint8

const (
	claimFree claim = iota
	claimSent
	claimTaken
)

// Result is what a run came to.
type Result struct {
	Trace    [32]byte // hash over every record: the same for the same seed
	Records  uint64
	Crashes  uint64
	Calls    int
	Contacts int
	Ended    time.Time
	Broken   error // the first invariant that did not hold
}

// Run runs a world to its end.
func Run(o Options) (Result, error) {
	w := &World{
		o: o, claims: map[cadence.ID]claim{}, store: memory.New(),
		rules: dialer.Rules{
			Dispositions: o.Dispositions, Countries: []string{"US"}, Pools: map[string]bool{"default": true},
			NumberKey: []byte("simulation"), TimeLimit: 30 * time.Minute,
		},
	}
	w.offset = o.Start.UnixMilli()
	w.faultyUntil = o.Faulty.Milliseconds()
	w.carrier, w.witness = newCarrier(w), newWitness(w)
	if err := w.open(); err != nil {
		return Result{}, err
	}
	if err := w.populate(); err != nil {
		return Result{}, err
	}
	w.planFaults()
	err := w.live()
	if err == nil && w.o.Check {
		err = w.witness.atEnd()
	}
	r := Result{Trace: w.trace, Records: w.commits, Crashes: w.opens - 1, Calls: len(w.witness.calls), Ended: w.wall(), Broken: err}
	r.Contacts = w.witness.contacts
	return r, nil
}

func (w *World) wallMs() int64 { return w.now + w.offset }

func (w *World) wall() time.Time { return time.UnixMilli(w.wallMs()).UTC() }

// real is the time that paces: it never steps.
func (w *World) real() time.Time { return time.UnixMilli(w.now).UTC() }

func (w *World) turnNow() dialer.Now { return dialer.Now{Wall: w.wallMs(), Real: w.real()} }

// open starts the engine on what is durable.
func (w *World) open() error {
	w.opens++
	tenure, err := w.store.Claim(context.Background(), 0)
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
	w.tenure = tenure
	w.claims = map[cadence.ID]claim{}
	w.inbox = []dialer.Item{{Message: &dialer.Recover{}}}
	w.guard = clock.Guard{}
	w.shard, err = dialer.OpenShard(dialer.ShardOptions{
		Core: dialer.NewCore(w.rules, w.o.Seed<<16|w.opens), Reader: w.store, Tenure: &tenureWithFaults{w, tenure}, Pacer: pacer,
		Swap: w.takeBack, Now: w.turnNow(),
	})
	return err
}

func (w *World) takeBack(id cadence.ID) bool {
	if c, ok := w.claims[id]; ok && c == claimFree {
		w.claims[id] = claimTaken
		return true
	}
	return false
}

// errCrash ends the process in the simulation.
var errCrash = errors.New("crash")

// tenureWithFaults crashes at commits and hashes what was committed.
type tenureWithFaults struct {
	w *World
	ledger.Tenure
}

func (t *tenureWithFaults) Commit(ctx context.Context, at int64, body []byte, writes []ledger.Write) (uint64, error) {
	w := t.w
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
func (w *World) crash() error {
	w.inbox, w.shard = nil, nil
	w.store = w.store.Clone()
	w.crashed = true
	down := int64(w.draw("down", seqID(w.opens)).IntN(60_000))
	w.agenda.plan(w.now+down, func() {
		w.crashed = false
		if err := w.open(); err != nil {
			panic(fmt.Sprintf("BUG: the engine does not open again: %v", err))
		}
	})
	return nil
}

func seqID(n uint64) cadence.ID {
	var id cadence.ID
	for i := range 8 {
		id[8+i] = byte(n >> (8 * (7 - i)))
	}
	return id
}

// live lets the world happen until nothing is due any more or the limit.
func (w *World) live() error {
	limit := w.o.Limit.Milliseconds()
	for w.now < limit {
		if !w.crashed {
			if err := w.turn(); err != nil {
				return err
			}
		}
		if len(w.inbox) > 0 && !w.crashed {
			continue
		}
		next, ok := w.nextInstant()
		if !ok {
			return nil
		}
		w.now = max(w.now, min(next, limit))
		for at, ok := w.agenda.next(); ok && at <= w.now; at, ok = w.agenda.next() {
			w.agenda.take().do()
		}
	}
	return nil
}

// nextInstant is when something happens next, on the monotonic clock.
func (w *World) nextInstant() (int64, bool) {
	next, ok := w.agenda.next()
	if w.crashed {
		return next, ok
	}
	if at, due := w.shard.NextWake(w.turnNow()); due {
		if at -= w.offset; !ok || at < next {
			next, ok = at, true
		}
	}
	if at, due := w.shard.NextGrant(w.turnNow()); due {
		if at := at.UnixMilli(); !ok || at < next {
			next, ok = max(at, w.now+1), true
		}
	}
	if ok && next <= w.now {
		next = w.now + 1
	}
	return next, ok
}

func (w *World) turn() error {
	_, last := w.tenure.Head()
	var record time.Time
	if last != 0 {
		record = time.UnixMilli(last).UTC()
	}
	ok, _ := w.guard.Observe(w.wall(), time.Duration(w.now)*time.Millisecond, record)
	if !ok {
		w.askDate()
	}
	w.shard.Pause(!ok)
	items := w.inbox
	w.inbox = nil
	rel, err := w.shard.Turn(context.Background(), w.turnNow(), items)
	if errors.Is(err, errCrash) {
		return w.crash()
	}
	if err != nil {
		return err
	}
	if w.witness.failure != nil {
		return w.witness.failure
	}
	w.inbox = append(rel.Left, w.inbox...)
	for _, d := range rel.Dials {
		w.release(d)
	}
	for _, l := range rel.Looks {
		w.inquire(l)
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
func (w *World) askDate() {
	if w.asking {
		return
	}
	w.asking = true
	w.agenda.plan(w.now+10_000, func() {
		w.asking = false
		date := time.UnixMilli(w.now + w.o.Start.UnixMilli()).UTC()
		w.guard.CarrierDate(date, w.wall(), time.Duration(w.now)*time.Millisecond)
	})
}

func (w *World) inquire(l dialer.Look) {
	at := w.wallMs()
	w.agenda.plan(w.now+40, func() { w.post(dialer.Inquire(context.Background(), w.carrier, l, at)) })
}

// release is the executor: a while later it claims the attempt and sends it.
func (w *World) release(d dialer.DialOrder) {
	id := d.Dial.Attempt
	w.claims[id] = claimFree
	opened := w.opens
	deadline := w.now + (d.NotAfter - w.wallMs())
	wait := int64(w.draw("gate", id).IntN(400))
	if w.chance(w.o.Faults.Withdraw, "withdraw", id) {
		w.agenda.plan(w.now+int64(w.draw("withdraw.at", id).IntN(600)), func() { w.withdraw(d, w.draw("withdraw.how", id).IntN(3)) })
	}
	w.agenda.plan(w.now+1+wait, func() {
		if w.opens != opened || w.crashed || w.claims[id] != claimFree {
			return // the process that held the order is gone, or it was withdrawn
		}
		if w.now >= deadline {
			w.claims[id] = claimTaken
			w.post(&dialer.Sent{Attempt: id, Late: true})
			return
		}
		w.claims[id] = claimSent
		w.carrier.place(d.Dial)
	})
}

// post hands a message to the engine, if there is one.
func (w *World) post(m dialer.Message) { w.postTo(w.opens, m, nil) }

func (w *World) postTo(opened uint64, m dialer.Message, done func(any, error)) bool {
	if w.crashed || w.opens != opened {
		return false
	}
	w.inbox = append(w.inbox, dialer.Item{Message: m, Done: done})
	return true
}

// rows reads what is durable.
func (w *World) rows() state.Rows { return state.Rows{R: w.store} }
