package sim

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// scrub imports an edition of one of two lists: a few of the leads' numbers, in
// two batches. One in three is given up half-way.
func (w *World) scrub(r *rand.Rand, _ cadence.Number) {
	name := fmt.Sprintf("list_%d", r.IntN(2))
	id, rest := w.scrubID()
	batches := [2]*dialer.ScrubRows{}
	for i := range batches {
		batches[i] = &dialer.ScrubRows{Import: id, Line: int64(i+1) * 2}
		for range 2 {
			batches[i].Tokens = append(batches[i].Tokens, w.witness.tokenOf(w.o.Numbers[2*r.IntN(w.o.Leads)]))
		}
	}
	failed := [...]string{"", "", "given up"}[r.IntN(3)]
	job := event.ImportOpened{ID: id, Digest: rest[:], AsOf: w.wallMs()}
	w.orderFor(&dialer.OpenScrub{Name: name, Job: job}, func(reply any) {
		if opened, ok := reply.(dialer.OpenedScrub); !ok || opened.Known {
			return
		}
		w.order(batches[0], nil)
		w.agenda.plan(w.now+60_000, func() { w.order(batches[1], nil) })
		w.endScrub(id, failed, func() {})
	})
}

// scrubID is the id of the next import of a list.
func (w *World) scrubID() (id cadence.ID, rest [14]byte) {
	w.scrubbed++
	rest[0] = 4
	binary.BigEndian.PutUint32(rest[1:], w.scrubbed)
	return cadence.NewID(cadence.OfficeSlot, rest), rest
}

// planEditions lets the lists of the options come, each at its time.
func (w *World) planEditions() {
	for _, e := range w.o.Editions {
		id, rest := w.scrubID()
		w.agenda.plan(w.now+e.After.Milliseconds(), func() {
			job := event.ImportOpened{ID: id, Digest: rest[:], AsOf: w.wallMs() - e.Age.Milliseconds()}
			w.importEdition(&e, job)
		})
	}
}

// importEdition imports a list whole. Whoever imports begins anew, with the same
// file, until every part was taken.
func (w *World) importEdition(e *Edition, job event.ImportOpened) {
	w.until(&dialer.OpenScrub{Name: e.List, Job: job}, func(reply any) {
		id := reply.(dialer.OpenedScrub).Import
		rows := &dialer.ScrubRows{Import: id, Line: int64(len(e.Numbers)) + 1}
		for _, n := range e.Numbers {
			rows.Tokens = append(rows.Tokens, w.witness.tokenOf(n))
		}
		w.until(rows, func(any) {
			w.endScrub(id, "", func() { w.logEdition(e, job.AsOf) })
		})
	})
}

// until asks the same until it is answered, then goes on once.
func (w *World) until(m dialer.Message, then func(reply any)) {
	answered := false
	w.orderFor(m, func(reply any) {
		if !answered {
			answered = true
			then(reply)
		}
	})
	w.agenda.plan(w.now+resend, func() {
		if !answered {
			answered = true // a late answer is nobody's
			w.until(m, then)
		}
	})
}

// endScrub closes an edition, as often as it takes: whoever imports goes on
// after a crash.
func (w *World) endScrub(id cadence.ID, failed string, done func()) {
	w.agenda.plan(w.now+120_000, func() {
		if !w.nodeOf(cadence.OfficeSlot).running() {
			w.endScrub(id, failed, done)
			return
		}
		m := &dialer.EndScrub{Import: id, Error: failed}
		if imp, err := w.rows(cadence.OfficeSlot).Import(id); err == nil && imp != nil {
			for _, n := range w.nodes {
				if !n.running() {
					w.endScrub(id, failed, done)
					return
				}
				count, sum, err := n.rows().CountListed(imp.Job.Scrub, imp.Job.Edition)
				w.witness.check(err)
				m.Count, m.Sum = m.Count+count, m.Sum^sum
			}
		}
		acked := false
		w.order(m, func() { acked = true; w.everywhere(done) })
		w.agenda.plan(w.now+resend, func() {
			if !acked {
				w.endScrub(id, failed, done)
			}
		})
	})
}

// listedNo is a number on a list.
type listedNo struct {
	token event.Token
	list  uint32
}

// scrubs is what the records say of imported lists: the newest edition that
// has a number, and which edition each node knows to be in force.
type scrubs struct {
	has   map[listedNo]uint32
	force map[int]map[uint32]uint32 // node, list
	lists uint32
}

func newScrubs() scrubs {
	return scrubs{has: map[listedNo]uint32{}, force: map[int]map[uint32]uint32{}}
}

// enter reads a fact, and returns the tokens it puts on a list on which they
// were not.
func (s *scrubs) enter(n *node, f event.Fact) map[event.Token]bool {
	if s.force[n.index] == nil {
		s.force[n.index] = map[uint32]uint32{}
	}
	switch f := f.(type) {
	case *event.ScrubOpened:
		s.lists = max(s.lists, f.List)
	case *event.ScrubEnded:
		if f.Failed == "" {
			s.force[n.index][f.List] = f.Edition
		}
	case *event.NumbersListed:
		newly := map[event.Token]bool{}
		event.EachToken(f.Tokens, func(t event.Token) {
			k := listedNo{t, f.List}
			newly[t] = !s.on(n, k)
			s.has[k] = max(s.has[k], f.Edition)
		})
		return newly
	}
	return nil
}

// on reports whether a number is on a list, as far as its node knows.
func (s *scrubs) on(n *node, k listedNo) bool {
	return s.has[k] > 0 && s.has[k] >= s.force[n.index][k.list]
}

// unlisted judges an intent: I6, no call to a number that is on a list.
func (t *witness) unlisted(f *event.Intended, a about) {
	n := t.w.nodeOf(f.Token.Slot())
	for list := uint32(1); list <= t.scrubs.lists; list++ {
		t.checks++
		if t.scrubs.on(n, listedNo{f.Token, list}) {
			t.broken("I6", a, "an intent to a number on the imported list %d", list)
		}
	}
}
