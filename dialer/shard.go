package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// Bounds of one turn.
const (
	// TurnMessages is how many messages a turn takes from its inbox.
	TurnMessages = 512
	// TurnKeys is how many changed keys end a turn.
	TurnKeys = 5000
	// TurnBytes is how many changed bytes end a turn: far enough below what a
	// ledger takes in one commit that one more message always fits.
	TurnBytes = 2 << 20
	// turnDials is how many calls one turn lets go.
	turnDials = 256
)

// Shard strings messages into turns: decide one by one, fold each at once,
// commit the turn, and only then let its orders out. It has no goroutine and
// no clock; one owner calls it. The live engine and the simulator drive the
// same Shard.
type Shard struct {
	core   *Core
	view   *state.View
	reader Ground
	tenure ledger.Tenure
	timers *timers
	pacer  *pacing.Pacer
	// swap tries to take an attempt back before its first byte. It is called
	// when a withdrawal is decided, for attempts of earlier turns.
	swap func(cadence.ID) bool

	nolog   nolog
	paused  bool             // no heads are offered to the pacer
	spent   bool             // the grant under way wrote an intent
	closed  []cadence.Number // whose calls the message under way has ended
	senders []uint16         // of parcels that came in in this turn
	backlog []Message        // what a turn had no room for, before all others

	out    Released // of the open turn
	at     int64    // wall of its last message
	day    houseDay // that mayCall goes by
	flying *Batch   // the turn before, until it has landed
	hold   func()   // lets go of the snapshot the view stands on, nil for none
	body   []byte   // memory of the last record, for the next
}

// Now is the two times of a turn. Wall decides windows and due times and is in
// Unix milliseconds; it may be virtual. Real paces the carrier and is not.
type Now struct {
	Wall int64
	Real time.Time
}

// Ground is the committed state a shard reads: row by row, or a turn's reads
// from one view. Every ledger is one.
type Ground interface {
	ledger.Reader
	Hold() (view ledger.Reader, release func(), err error)
}

// Pause stops or resumes offering touches to the pacer, and allowing calls that
// another shard asks for. Everything else goes on: lane 0 is read by no pause.
func (s *Shard) Pause(paused bool) { s.paused, s.core.unfit = paused, paused }

// dialable says whether a lane's touches may be dialed.
func (s *Shard) dialable(l *lane) bool {
	if l.number == 0 {
		return true
	}
	o := s.view.Office()
	if l.row.Cadence.IsZero() { // of rehearsals
		return !o.Stopped && !o.Packs.IsZero()
	}
	row := s.view.Cadence(l.row.Cadence)
	return row != nil && row.Dialing() && !o.Stopped && !o.Packs.IsZero() && s.core.mayCall(s.view, l.row.List, l.row.Class, s.day.n)
}

// runItems decides items in turn, as many as there is room for. rest is moved
// on behind each that will be answered.
func (s *Shard) runItems(now Now, items []Item, rest *[]Item) {
	for i, it := range items {
		if i > 0 && s.Full() {
			return
		}
		if m, ok := it.Message.(*Sent); ok && m.Err != nil && m.Err.Class == telephony.Throttled {
			s.pacer.Throttled(now.Real, m.Err.RetryAfter)
		}
		reply, err := s.run(now, it.Message)
		if it.Done != nil {
			s.out.done = append(s.out.done, waiting{it.Done, reply, err})
		}
		*rest = items[i+1:]
	}
}

// runFired decides lane 0's rows and the deadlines of open attempts.
func (s *Shard) runFired(now Now) {
	for n := 0; n < TurnMessages && len(s.timers.fired) > 0 && !s.Full(); n++ {
		t := s.timers.takeFired()
		if !t.attempt {
			s.act(now, &Due{Lane: t.lane, Due: t.due, Touch: t.id, Enrollment: t.enrollment})
			continue
		}
		if o := s.view.Open(t.id); o != nil && o.Deadline > now.Wall {
			s.timers.deadline(t.id, o.Deadline, true) // it moved back meanwhile
			continue
		}
		s.act(now, &Deadline{Attempt: t.id})
	}
}

// Full reports whether the open turn has changed all it may.
func (s *Shard) Full() bool { return s.view.Size() >= TurnKeys || s.view.Weight() >= TurnBytes }

// run decides a message and everything it leads to at this shard in this
// turn, and returns the reply to the first. What it leads to at other shards is
// owed to them.
func (s *Shard) run(now Now, m Message) (any, error) {
	first := s.step(now, m)
	queue := first.Sends
	for len(queue) > 0 {
		next := queue[0]
		if p, to, away := s.core.away(next); away {
			s.owe(p, to)
			queue = queue[1:]
			continue
		}
		if s.defers(next) {
			queue = queue[1:]
			continue
		}
		queue = append(s.step(now, next).Sends, queue[1:]...)
	}
	return first.Reply, first.Err
}

// act decides a message of the shard's own. Nobody waits for the reply; one
// that failed is kept as a report among the facts.
func (s *Shard) act(now Now, m Message) { _, _ = s.run(now, m) }

// step decides one message and folds its facts.
func (s *Shard) step(now Now, m Message) Outcome {
	switch x := m.(type) {
	case *withdraw:
		m = &withdrawal{x, s.takeBack(x.Attempt)}
	case *Parcel:
		s.heard(x.From)
	}
	o := s.decide(now.Wall, m)
	for _, f := range o.Facts {
		s.fold(f)
	}
	if o.Freed {
		s.pacer.Closed(o.FreedOf)
	}
	for _, from := range s.closed {
		o.Sends = append(o.Sends, &weigh{from})
	}
	s.closed = s.closed[:0]
	if o.Again != nil {
		s.backlog = append(s.backlog, o.Again)
	}
	s.out.Dials = append(s.out.Dials, o.Dials...)
	s.out.Looks = append(s.out.Looks, o.Looks...)
	if o.Verdict != nil {
		s.out.Verdicts = append(s.out.Verdicts, *o.Verdict)
	}
	return o
}

// fold enters one fact of the turn.
func (s *Shard) fold(f event.Fact) {
	was := s.openOf(f)
	s.view.Fold(f)
	s.core.learn(f)
	s.watch(f, was)
	s.out.Facts = append(s.out.Facts, f)
}

// takeBack tries the swap: an order that is still here, of this turn or of the
// one on its way to the ledger, is simply dropped; an earlier one is swapped in
// the shell.
func (s *Shard) takeBack(id cadence.ID) bool {
	return s.out.dropDial(id) || s.flying != nil && s.flying.rel.dropDial(id) || s.swap(id)
}
