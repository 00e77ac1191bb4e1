package sim

import (
	"errors"
	"fmt"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// World is one simulated run: the shards under test, the carrier they call
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

	nodes    []*node
	homes    dialer.Homes
	router   *dialer.Core  // knows where a message belongs
	pacer    *pacing.Pacer // of the last node, or of all
	sent     uint64        // messages between nodes
	gate     int64         // when an executor sent last
	rules    dialer.Rules
	cadences []cadence.ID
	commits  uint64
	steps    int   // turns taken
	slept    int64 // how long the monotonic clock stood still
	drift    int64 // the greatest skew of the wall
	rested   bool  // nothing is due any more
	trace    *trace
	// gatekeeper judges webhooks before the engine sees them.
	gatekeeper *gatekeeper
	happened   map[string]int // faults by name
	scrubbed   uint32         // editions of lists that were begun
	law        *pack.Set      // where campaigns are judged
	judging    bool           // they will be, soon
}

// Result is what a run came to.
type Result struct {
	Trace    [32]byte // hash over every record: the same for the same seed
	Records  uint64
	Crashes  uint64
	Calls    int
	Contacts int
	Ended    time.Time
	Broken   *Failure // the first invariant that did not hold, nil when all did
	Steps    int
	Span     time.Duration  // virtual
	Happened map[string]int // faults by name
	Checks   uint64         // how many times an invariant was looked at
}

// Run runs a world to its end.
func Run(o Options) (Result, error) {
	w, err := newWorld(o)
	if err != nil {
		return Result{}, err
	}
	return w.play()
}

func newWorld(o Options) (*World, error) {
	if o.Ground == nil {
		o.Ground = &Memory{}
	}
	if o.Countries == nil {
		o.Countries = []string{"US"}
	}
	gatekeeper, err := newGatekeeper()
	if err != nil {
		return nil, err
	}
	w := &World{
		o: o, trace: newTrace(), happened: map[string]int{}, gatekeeper: gatekeeper, offset: o.Start.UnixMilli(), faultyUntil: o.Faulty.Milliseconds(),
		rules: dialer.Rules{
			Dispositions: o.Dispositions, Countries: o.Countries, NumberCap: o.NumberCap, Pools: map[string]bool{"default": true},
			NumberKey: []byte("simulation"), TimeLimit: 30 * time.Minute, Scrub: permit.ScrubWhenImported, Seller: seller,
		},
	}
	w.carrier, w.witness = newCarrier(w), newWitness(w)
	w.homes.Shards = uint16(max(1, o.Shards))
	for i := range int(w.homes.Shards) {
		w.nodes = append(w.nodes, &node{w: w, index: i})
	}
	w.router = dialer.NewCore(w.rules, 0)
	return w, nil
}

func (w *World) play() (Result, error) {
	if err := errors.Join(w.run(), w.o.Ground.Close()); err != nil {
		return Result{}, err
	}
	return w.result(), nil
}

// run lets the world come into being, live and be judged. What the witness
// finds is no error.
func (w *World) run() (err error) {
	for i, n := range w.nodes {
		if n.store, err = w.o.Ground.Open(i); err != nil {
			return fmt.Errorf("open the ledger: %w", err)
		}
	}
	for _, n := range w.nodes {
		if err := n.open(); err != nil {
			return err
		}
	}
	if err := w.populate(); err != nil {
		return err
	}
	w.planFaults()
	if w.o.Return > 0 {
		w.welcome()
	}
	w.planEditions()
	if w.o.Abandon {
		if err := w.judgeCampaigns(); err != nil {
			return err
		}
	}
	if w.o.Rehearse > 0 {
		w.rehearse()
	}
	if err := w.live(); err != nil {
		return err
	}
	switch {
	case !w.o.Check || w.witness.failure != nil:
	case w.over():
		w.witness.scan()
	default:
		w.witness.atEnd()
	}
	return w.witness.remember()
}

func (w *World) result() Result {
	r := Result{
		Trace: w.trace.sum(), Records: w.commits, Calls: len(w.witness.calls), Contacts: w.witness.contacts, Ended: w.trueTime(),
		Broken: w.witness.failure, Steps: w.steps, Span: time.Duration(w.now) * time.Millisecond, Happened: w.happened, Checks: w.witness.checks,
	}
	for _, n := range w.nodes {
		r.Crashes += n.opens - 1
	}
	return r
}

// over reports whether the world has gone past its horizon.
func (w *World) over() bool { return w.o.Horizon > 0 && w.steps > w.o.Horizon }

// live lets the world happen until nothing is due any more or the limit.
func (w *World) live() error {
	limit := w.o.Limit.Milliseconds()
	for w.now < limit && !w.over() {
		again := false
		for _, n := range w.nodes {
			if !n.running() || len(w.nodes) > 1 && !n.busy() {
				continue
			}
			if err := n.turn(); err != nil || w.witness.failure != nil || w.over() {
				return err
			}
			again = again || n.running() && len(n.inbox) > 0
		}
		if again {
			continue
		}
		next, ok := w.nextInstant()
		if !ok {
			w.rested = true
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
	for _, n := range w.nodes {
		if at, due := n.nextInstant(); due && (!ok || at < next) {
			next, ok = at, true
		}
	}
	if ok && next <= w.now {
		next = w.now + 1
	}
	return next, ok
}

// home is the node that decides about a message.
func (w *World) home(m dialer.Message) *node { return w.nodeOf(w.router.SlotOf(m)) }

// post hands a message to its home, if that is up.
func (w *World) post(m dialer.Message) { w.ask(m, nil) }

// ask is post for somebody who waits for the answer.
func (w *World) ask(m dialer.Message, done func(any, error)) bool {
	n := w.home(m)
	return n.postTo(n.opens, m, done)
}

// nodeOf is the node that owns a slot.
func (w *World) nodeOf(slot uint16) *node { return w.nodes[w.homes.Of(slot)] }

// rows reads what is durable at the home of a slot.
func (w *World) rows(slot uint16) state.Rows { return w.nodeOf(slot).rows() }
