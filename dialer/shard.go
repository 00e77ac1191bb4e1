package dialer

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/projection"
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

// Item is one message with whoever waits for its answer. Done, when set, is
// called once, after the turn is durable.
type Item struct {
	Message Message
	Done    func(reply any, err error)
	urgency Urgency // of the inbox it came from
}

// Released is what may leave once a turn is durable.
type Released struct {
	Dials    []DialOrder
	Looks    []Look
	Owed     []Owed
	Parcels  []Parcel  // for other shards
	Receipts []Receipt // for what other shards sent
	Facts    []event.Fact
	Changes  state.Changes
	Verdicts []permit.Verdict
	Left     []Item            // what the turn had no room for: the next one's first items
	Lines    []projection.Line // of the attempts that the turn changed
	done     []waiting
}

// waiting is somebody who is told once the turn is durable.
type waiting struct {
	done  func(reply any, err error)
	reply any
	err   error
}

// Owed is an effect to be carried out, any number of times.
type Owed struct {
	Attempt cadence.ID
	Effect  event.Effect
	CallID  string
}

// Finish tells everybody who waited.
func (r *Released) Finish() {
	for _, w := range r.done {
		w.done(w.reply, w.err)
	}
}

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

// ShardOptions are what a shard stands on.
type ShardOptions struct {
	Core   *Core
	Reader Ground
	Tenure ledger.Tenure
	Pacer  *pacing.Pacer
	Swap   func(cadence.ID) bool
	Now    Now
	DNCLog DNCLog // optional
}

// OpenShard rebuilds the volatile side from state: caches, lanes, deadlines,
// caller IDs. It fails when state cannot be read.
func OpenShard(o ShardOptions) (s *Shard, err error) {
	defer func() {
		if b, ok := recover().(*state.Broken); ok {
			err = fmt.Errorf("open shard: %w", b)
		}
	}()
	s = &Shard{
		core: o.Core, view: state.NewView(o.Reader), reader: o.Reader, tenure: o.Tenure, pacer: o.Pacer, swap: o.Swap, nolog: nolog{to: o.DNCLog},
		timers: newTimers(o.Now.Wall),
	}
	s.core.Learn(s.view)
	s.today(o.Now.Wall)
	s.timers.open(0, state.Lane{}).next = 0
	s.view.EachLane(func(n uint32, row *state.Lane) { s.timers.open(n, *row).next = 0 })
	open := map[string]int{}
	s.view.EachOpen(func(a *state.Open) {
		open[a.I.Campaign]++
		s.core.planAt(s.view, playedBy(a.I))
		s.timers.deadline(a.I.Attempt, a.Deadline, true)
	})
	s.pacer.SetOpen(open)
	s.recallCallerIDs(o.Now)
	return s, nil
}

// recallCallerIDs tells the pacer in which order the numbers were last used,
// how often today, and which rest. Times of use are stored as wall times; the
// pacer's are real, so only the order is carried over.
func (s *Shard) recallCallerIDs(now Now) {
	type use struct {
		number cadence.Number
		at     int64
	}
	var uses []use
	s.view.EachCallerID(func(n cadence.Number, row *state.CallerID) {
		uses = append(uses, use{n, row.LastUse})
		s.pacer.Called(n, row.Day, int(row.Today))
		s.pacer.Rest(n, atMs(row.RestUntil))
	})
	slices.SortStableFunc(uses, func(a, b use) int { return cmp.Compare(a.at, b.at) })
	for i, u := range uses {
		s.pacer.Used(u.number, now.Real.Add(time.Duration(i)-time.Hour))
	}
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

func (r *Released) dropDial(id cadence.ID) bool {
	i := slices.IndexFunc(r.Dials, func(d DialOrder) bool { return d.Dial.Attempt == id })
	if i >= 0 {
		r.Dials = slices.Delete(r.Dials, i, i+1)
	}
	return i >= 0
}

// call is what the pacer needs to know of a call that is over.
type call struct {
	campaign string
	from     cadence.Number
	day      int64
}

// openOf is the call that a fact is about to close.
func (s *Shard) openOf(f event.Fact) call {
	var id cadence.ID
	switch f := f.(type) {
	case *event.AttemptEnded:
		id = f.Attempt
	case *event.AttemptReturned:
		id = f.Attempt
	default:
		return call{}
	}
	o := s.view.Open(id)
	if o == nil {
		return call{} // Fold says what is wrong
	}
	return call{o.I.Campaign, o.I.From, o.I.Day}
}

// watch keeps the pacer in step with what was just folded.
func (s *Shard) watch(f event.Fact, was call) {
	switch f := f.(type) {
	case *event.Intended:
		s.spent = true
	case *event.AttemptEnded:
		s.pacer.Closed(was.campaign)
		if s.core.rules.Health.RestMs > 0 {
			s.closed = append(s.closed, was.from)
		}
	case *event.AttemptReturned:
		s.pacer.Closed(was.campaign)
		s.pacer.Returned(was.from, was.day)
	case *event.NumberMarked:
		s.nolog.note(f)
	case *event.CallerIDRested:
		s.pacer.Rest(f.Number, atMs(f.Until))
	}
}

// settle follows the turn's changes up in memory: timers, lanes, owed effects.
// Memory runs ahead of the ledger: a turn that cannot be made durable ends the
// process, and nothing outside has heard of it.
func (s *Shard) settle(rel *Released) {
	for _, n := range rel.Changes.Lanes {
		if row := s.view.Lane(n); row != nil {
			s.timers.open(n, *row).next = 0
		}
	}
	for _, a := range rel.Changes.Armed {
		s.timers.armed(a)
	}
	for _, id := range rel.Changes.Cadences {
		for _, n := range s.timers.order {
			if l := s.timers.lanes[n]; l.row.Cadence == id && n != 0 && !s.dialable(l) {
				s.timers.drop(l)
			}
		}
	}
	s.leaveLists(rel.Changes.Lists)
	rel.Lines = make([]projection.Line, 0, len(rel.Changes.Opens))
	for _, id := range rel.Changes.Opens {
		o := s.view.Open(id)
		if o == nil {
			rel.Lines = append(rel.Lines, projection.Line{Attempt: id})
			s.timers.deadline(id, 0, false)
			continue
		}
		rel.Lines = append(rel.Lines, projection.LineOf(o))
		s.timers.deadline(id, o.Deadline, true)
		if o.Owed != "" && !o.OwedDone && o.CallID != "" {
			rel.Owed = append(rel.Owed, Owed{Attempt: id, Effect: o.Owed, CallID: o.CallID})
		}
	}
}

// refill loads the near part of lanes that run low, and raises their low
// marks. It runs before a turn's first message and with no turn on its way, so
// that nothing can be written between the read and the mark, and no row of the
// index is missed or loaded twice.
func (s *Shard) refill(r ledger.Reader, now int64) error {
	marks := map[uint32]int64{}
	for _, n := range s.timers.order {
		l := s.timers.lanes[n]
		if !l.needs(now) || !s.dialable(l) {
			continue
		}
		mark := s.view.Mark(n)
		first, fromMark, err := s.timers.refill(r, l, mark, now)
		if err != nil {
			return fmt.Errorf("read lane %d: %w", n, err)
		}
		if first = min(first, now); fromMark && first > mark+ms(time.Minute) {
			marks[n] = first
		}
	}
	if len(marks) > 0 {
		s.step(Now{Wall: now}, &Raise{Marks: marks})
	}
	return nil
}
