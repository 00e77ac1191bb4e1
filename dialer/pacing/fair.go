package pacing

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// Class is the kind of a due touch.
type Class uint8

// The classes, most urgent first.
const (
	Callback Class = iota
	Fresh
	Retry
)

// HeadStart is what each class is ahead of the next: a touch that has waited
// this much longer comes first all the same, so that no class starves.
const HeadStart = time.Hour

// Head is a due touch whose lead-side permit allows a call.
type Head struct {
	Campaign string
	Class    Class
	Due      time.Time
	ID       cadence.ID // the touch
	Try      int
	Need     Need
	// Priority orders heads of one campaign before all else: higher ones first,
	// for as long as there are any.
	Priority int
}

// rank is the instant heads of one campaign are ordered by.
func (h *Head) rank() time.Time { return h.Due.Add(time.Duration(h.Class) * HeadStart) }

func compareHeads(a, b *Head) int {
	if a.Priority != b.Priority {
		return cmp.Compare(b.Priority, a.Priority)
	}
	if c := a.rank().Compare(b.rank()); c != 0 {
		return c
	}
	if a.Class != b.Class {
		return cmp.Compare(a.Class, b.Class)
	}
	if c := bytes.Compare(a.ID[:], b.ID[:]); c != 0 {
		return c
	}
	return cmp.Compare(a.Try, b.Try)
}

// shares is stride scheduling: each grant moves its campaign ahead by one over
// its weight, and the campaign furthest behind comes next. One that was idle
// starts at the common position: waiting earns no arrears.
type shares struct {
	weights map[string]float64
	passes  map[string]float64
	common  float64
	queues  []queue        // of one Pick, reused
	index   map[string]int // campaign → queue, while lining up
}

// queue holds the heads of one campaign as a binary heap of indexes.
type queue struct {
	campaign   string
	pass, step float64
	heads      []int
	room       int // how many more its campaign's own limits allow
}

// lineUp puts the heads into their campaigns' queues, these in order of name.
func (s *shares) lineUp(heads []Head) {
	clear(s.index)
	s.queues = s.queues[:0]
	for i := range heads {
		at, known := s.index[heads[i].Campaign]
		if !known {
			at = s.add(heads[i].Campaign)
		}
		s.queues[at].heads = append(s.queues[at].heads, i)
	}
	slices.SortFunc(s.queues, func(a, b queue) int { return cmp.Compare(a.campaign, b.campaign) })
	for i := range s.queues {
		q := &s.queues[i]
		for at := len(q.heads)/2 - 1; at >= 0; at-- {
			q.sink(heads, at)
		}
	}
}

// add begins a queue, in the memory of an earlier one where there is any.
func (s *shares) add(campaign string) int {
	at := len(s.queues)
	if at < cap(s.queues) {
		s.queues = s.queues[:at+1]
	} else {
		s.queues = append(s.queues, queue{})
	}
	pass := max(s.passes[campaign], s.common)
	s.queues[at] = queue{campaign: campaign, pass: pass, step: 1 / s.weight(campaign), heads: s.queues[at].heads[:0]}
	s.index[campaign] = at
	return at
}

// pop takes the head that comes first.
func (q *queue) pop(heads []Head) int {
	first, last := q.heads[0], len(q.heads)-1
	q.heads[0] = q.heads[last]
	q.heads = q.heads[:last]
	q.sink(heads, 0)
	return first
}

func (q *queue) sink(heads []Head, at int) {
	for {
		least := at
		for child := 2*at + 1; child <= 2*at+2 && child < len(q.heads); child++ {
			if before(heads, q.heads[child], q.heads[least]) {
				least = child
			}
		}
		if least == at {
			return
		}
		q.heads[at], q.heads[least] = q.heads[least], q.heads[at]
		at = least
	}
}

func before(heads []Head, a, b int) bool {
	c := compareHeads(&heads[a], &heads[b])
	return c < 0 || c == 0 && a < b
}

func (s *shares) weight(campaign string) float64 {
	if w, set := s.weights[campaign]; set {
		return w
	}
	return 1
}

// next is the queue furthest behind that has a head and room left, nil when
// none has.
func (s *shares) next() *queue {
	var best *queue
	for i := range s.queues {
		q := &s.queues[i]
		if len(q.heads) > 0 && q.room > 0 && (best == nil || q.pass < best.pass) {
			best = q
		}
	}
	return best
}

// charge counts one grant to a queue's campaign.
func (s *shares) charge(q *queue) {
	s.common = q.pass
	q.pass += q.step
	q.room--
	s.passes[q.campaign] = q.pass
}

// refund undoes one charge of a campaign.
func (s *shares) refund(campaign string) {
	if pass, known := s.passes[campaign]; known {
		s.passes[campaign] = pass - 1/s.weight(campaign)
	}
}

// forget drops campaigns that are at or behind the common position: they would
// start there anyway.
func (s *shares) forget() {
	for campaign, pass := range s.passes {
		if pass <= s.common {
			delete(s.passes, campaign)
		}
	}
}
