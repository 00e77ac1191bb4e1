package dialer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// Options are what an Engine is made of. All but the marked ones are required.
type Options struct {
	Rules    Rules
	Packs    *pack.Set // optional: the rule packs to put in force; nil keeps the ledger's
	Ledger   ledger.Ledger
	Health   func() ledger.Health // optional: the ground the ledger stands on
	DNCLog   DNCLog               // optional: keeps do-not-call marks outside the ledger
	Carrier  telephony.Carrier
	Wall     clock.Clock                       // decides windows and due times; may be virtual
	Real     clock.Clock                       // paces sockets and guards
	Scale    func(time.Duration) time.Duration // optional: a span of Wall in real time
	Guard    bool                              // watch Wall against the monotonic clock and the carrier's Date
	Pacing   pacing.Config
	Workers  int      // goroutines that place calls
	Claim    uint64   // drawn anew at each open
	Spool    string   // folder for files being imported
	OpenRows OpenRows // reads them
	// OpenNumbers reads files of numbers for scrub lists.
	OpenNumbers OpenNumbers
	Probe       func(context.Context) error // optional: reach ourselves through the public URL
	Log         *zap.Logger
	Metrics     prometheus.Registerer
}

// Engine is the live shell around one shard: the loop that owns it, the
// executor that places its calls, the courier that asks the carrier, and the
// importer that feeds it files.
type Engine struct {
	o         Options
	shard     *Shard
	tenure    ledger.Tenure
	inbox     *inbox
	exec      *executor
	looks     *errands // what the carrier is asked
	effects   *errands // what it is told: never behind the looks
	imports   *importer
	board     *projection.Board
	found     foundLeads
	past      pastCalls
	sorted    sortedLeads
	health    health
	metrics   *metrics
	lateness  recent
	delay     recent
	requests  recentCounts
	plans     planCache
	waiting   laneCounts
	status    atomic.Pointer[Status]
	told      state.Office // durable, unlike the view's
	shown     Doubt        // in status
	turning   atomic.Bool  // a turn is under way: what status says is about to change
	alarm     alarm        // the loop's next timer
	flight    *flight      // the turn that is being made durable, nil for none
	log       *zap.Logger
	poke      chan struct{}          // the gate's state may have changed
	acting    sync.Map               // attempts whose owed effect is being carried out
	amiss     atomic.Pointer[string] // why the newest rule packs were refused, nil for not
	abandoned atomic.Bool            // an answered call was abandoned since campaigns were last judged
	over      atomic.Int64           // campaigns that were over a share of abandoned calls then
}

// New claims the shard, rebuilds what memory holds, and returns an engine that
// does nothing until Run. The caller keeps and closes the ledger.
func New(ctx context.Context, o Options) (*Engine, error) {
	if o.Scale == nil {
		o.Scale = func(d time.Duration) time.Duration { return d }
	}
	e := &Engine{
		o: o, inbox: newInbox(), board: projection.NewBoard(), found: newFoundLeads(), past: newPastCalls(), sorted: newSortedLeads(),
		log: o.Log.Named("dialer"), poke: make(chan struct{}, 1),
	}
	e.health.ledger, e.health.probed, e.health.guardOK = o.Health, o.Probe != nil, true
	if _, tells := o.Carrier.(telephony.Dater); tells && o.Guard {
		e.health.guard.Distrust()
	}
	e.metrics = newMetrics(o.Metrics, e)
	pacer, err := pacing.New(o.Pacing)
	if err != nil {
		return nil, err
	}
	if e.exec, err = newExecutor(o.Carrier, o.Wall, o.Real, o.Pacing.CPS, o.Workers, e.sent, e.late); err != nil {
		return nil, err
	}
	if e.looks, err = newErrands(); err != nil {
		return nil, err
	}
	if e.effects, err = newErrands(); err != nil {
		return nil, err
	}
	if e.tenure, err = o.Ledger.Claim(ctx, 0); err != nil {
		return nil, fmt.Errorf("claim shard: %w", err)
	}
	e.shard, err = OpenShard(ShardOptions{
		Core: NewCore(o.Rules, o.Claim), Reader: o.Ledger, Tenure: e.tenure, Pacer: pacer, Swap: e.exec.takeBack, Now: e.now(), DNCLog: o.DNCLog,
	})
	if err != nil {
		return nil, err
	}
	e.told = *e.shard.View().Office()
	e.shard.View().EachOpen(func(a *state.Open) { e.board.Put(projection.LineOf(a)) })
	if e.imports, err = newImporter(e, o.Spool); err != nil {
		return nil, err
	}
	e.publish(e.now(), e.doubt(false))
	return e, nil
}

func (e *Engine) now() Now {
	return Now{Wall: e.o.Wall.Now().UnixMilli(), Real: e.o.Real.Now()}
}

// Run turns until ctx ends, then stops in order: no more grants, orders that
// were not sent are given back, requests under way are waited for, and what
// they told is made durable. A ledger that fails ends it at once with an
// error; the process must then exit.
func (e *Engine) Run(ctx context.Context) error {
	defer e.release()
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if err := errors.Join(e.bringPacks(), e.inbox.put(Urgent, Item{Message: &Recover{}})); err != nil {
		return err
	}
	var side sync.WaitGroup
	side.Go(func() { e.exec.run(work) })
	side.Go(func() { e.looks.run(work) })
	side.Go(func() { e.effects.run(work) })
	side.Go(func() { e.imports.run(work) })
	side.Go(func() { e.watch(work) })
	side.Go(func() { e.fillDirectory(work) })
	side.Go(func() { e.feedReports(work) })
	side.Go(func() { e.sortLeads(work) })
	err := e.loop(ctx)
	if err == nil {
		err = e.finish() // its orders reach the executor while that still takes them
	}
	stop()
	drained := make(chan error, 1)
	go func() {
		stopped := e.exec.stop()
		side.Wait()
		drained <- errors.Join(stopped, stopAll(e.looks, e.effects))
	}()
	if err != nil {
		e.inbox.close()
		return errors.Join(err, <-drained)
	}
	return e.drain(drained)
}

// loop is the owner of the shard.
func (e *Engine) loop(ctx context.Context) error {
	for ctx.Err() == nil {
		busy, err := e.turn(ctx, false)
		if err != nil {
			return err
		}
		if !busy {
			e.wait(ctx)
		}
	}
	return nil
}

// drain takes what is still coming in until nothing can.
func (e *Engine) drain(drained <-chan error) error {
	var stopped error
	var err error
	for open := true; open && err == nil; {
		crash.Point(crash.ShutdownDrain)
		select {
		case stopped = <-drained:
			open = false
		case <-e.inbox.signal:
		}
		for err == nil && !e.inbox.empty() {
			if _, err = e.turn(context.Background(), true); err == nil {
				err = e.finish()
			}
		}
	}
	e.inbox.close()
	return errors.Join(err, stopped)
}

// turn decides what there is to decide, on top of the turn that is on its way,
// and sends the result after it once that one has landed. busy says that more
// can be decided at once.
func (e *Engine) turn(ctx context.Context, stopping bool) (busy bool, err error) {
	e.turning.Store(true)
	defer func() { e.turning.Store(e.flight != nil) }()
	now, mono := e.now(), e.o.Real.Mono()
	if err := e.clear(ctx, now, mono); err != nil {
		return false, err
	}
	doubt := e.doubt(stopping)
	e.shard.Pause(doubt.Reason != "" || e.exec.backed())
	items := e.inbox.take(TurnMessages)
	left, err := e.shard.Decide(now, items)
	if err != nil {
		for _, it := range left {
			if it.Done != nil {
				it.Done(nil, ErrStopped)
			}
		}
		return false, e.fail(err)
	}
	e.inbox.putBack(left)
	if e.flight == nil {
		e.depart(ctx, now, mono)
	}
	e.publish(now, doubt)
	return len(items) == TurnMessages || !e.inbox.empty(), nil
}

// unfit is why nothing is dialed now, as far as clock, ledger and line say.
// Anybody may ask.
func (e *Engine) unfit() Doubt {
	if e.o.Guard {
		_, last := e.tenure.Head()
		e.health.observe(e.o.Wall.Now(), e.o.Real.Mono(), lastRecord(last))
	}
	return e.health.doubt(e.o.Real.Mono())
}

// doubt is why nothing is dialed now. Only the loop may ask.
func (e *Engine) doubt(stopping bool) Doubt {
	if stopping {
		return Doubt{ReasonStopping, "the engine is stopping"}
	}
	if doubt := e.unfit(); doubt.Reason != "" {
		return doubt
	}
	if e.told.Packs.IsZero() {
		return Doubt{ReasonPacks, "no rule packs are in force: without rules nobody is called"}
	}
	if broke, ends := e.shard.Broke(e.o.Wall.Now().UnixMilli()); broke {
		return Doubt{ReasonMoney, "dial.spend_cap is reached; dialing resumes when open calls cost less than they might, else at " + atMs(ends).Format(time.RFC3339)}
	}
	return Doubt{}
}

func lastRecord(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return atMs(at)
}

// wait sleeps until something can happen: a message, the next timer, the next
// grant, a turn that has become durable, or a change of the gate. An idle engine burns nothing.
func (e *Engine) wait(ctx context.Context) {
	now := e.now()
	var grant <-chan struct{}
	timer := e.alarm.by(e.o.Wall, e.shard, now)
	if at, ok := e.shard.NextGrant(now); ok {
		c, stop := e.o.Real.At(at)
		defer stop()
		grant = c
	}
	select {
	case <-ctx.Done():
	case <-e.inbox.signal:
	case <-timer:
		e.alarm.off()
	case <-grant:
	case <-e.poke:
	case <-e.flight.landed():
	}
}

func (e *Engine) release() {
	e.alarm.off()
	e.inbox.close()
	e.metrics.unregister()
}
