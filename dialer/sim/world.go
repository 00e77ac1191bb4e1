package sim

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
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

	nodes   []*node
	rules   dialer.Rules
	commits uint64

	cadence cadence.ID
	trace   [32]byte
}

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
		o: o,
		rules: dialer.Rules{
			Dispositions: o.Dispositions, Countries: []string{"US"}, Pools: map[string]bool{"default": true},
			NumberKey: []byte("simulation"), TimeLimit: 30 * time.Minute,
		},
	}
	w.offset = o.Start.UnixMilli()
	w.faultyUntil = o.Faulty.Milliseconds()
	w.carrier, w.witness = newCarrier(w), newWitness(w)
	w.nodes = []*node{{w: w, store: memory.New()}}
	for _, n := range w.nodes {
		if err := n.open(); err != nil {
			return Result{}, err
		}
	}
	if err := w.populate(); err != nil {
		return Result{}, err
	}
	w.planFaults()
	err := w.live()
	if err == nil && w.o.Check {
		err = w.witness.atEnd()
	}
	r := Result{Trace: w.trace, Records: w.commits, Calls: len(w.witness.calls), Ended: w.wall(), Broken: err}
	r.Contacts = w.witness.contacts
	for _, n := range w.nodes {
		r.Crashes += n.opens - 1
	}
	return r, nil
}

func (w *World) wallMs() int64 { return w.now + w.offset }

func (w *World) wall() time.Time { return time.UnixMilli(w.wallMs()).UTC() }

// real is the time that paces: it never steps.
func (w *World) real() time.Time { return time.UnixMilli(w.now).UTC() }

func (w *World) turnNow() dialer.Now { return dialer.Now{Wall: w.wallMs(), Real: w.real()} }

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
		again := false
		for _, n := range w.nodes {
			if n.crashed {
				continue
			}
			if err := n.turn(); err != nil {
				return err
			}
			again = again || !n.crashed && len(n.inbox) > 0
		}
		if again {
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
func (w *World) home(dialer.Message) *node { return w.nodes[0] }

// post hands a message to its home, if that is up.
func (w *World) post(m dialer.Message) { w.ask(m, nil) }

// ask is post for somebody who waits for the answer.
func (w *World) ask(m dialer.Message, done func(any, error)) bool {
	n := w.home(m)
	return n.postTo(n.opens, m, done)
}

// rows reads what is durable at the home of a slot.
func (w *World) rows(uint16) state.Rows { return w.nodes[0].rows() }
