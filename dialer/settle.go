package dialer

import (
	"fmt"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/projection"
)

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
