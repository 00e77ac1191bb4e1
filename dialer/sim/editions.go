package sim

import (
	"slices"

	"github.com/carillon-dialer/carillon/dialer/event"
)

// editions are what each node has folded of the office's decisions, and on
// which of them each message under way between two nodes rests: all from the
// records alone.
type editions struct {
	at    map[int]uint64
	rests map[passage]uint64
	taken []passage // in the record being read
}

// passage names a message from one node to another.
type passage struct {
	from, to int
	seq      uint64
}

func newEditions() editions { return editions{at: map[int]uint64{}, rests: map[passage]uint64{}} }

// enter follows one fact of a node's record.
func (e *editions) enter(n *node, f event.Fact) {
	switch f := f.(type) {
	case *event.EditionReached:
		e.at[n.index] = f.Edition
	case *event.ParcelOwed:
		e.rests[passage{n.index, int(f.To), f.Seq}] = e.at[n.index]
	case *event.ParcelTaken:
		e.taken = append(e.taken, passage{int(f.From), n.index, f.Seq})
	}
}

// keptUp judges the messages that a record took: what was sent knowing an
// edition is not decided by somebody who does not know it (I21). An edition
// itself is a message too, which brings its receiver to it in the same record.
func (t *witness) keptUp(n *node) {
	e := &t.editions
	for _, p := range e.taken {
		if rests := e.rests[p]; rests > e.at[n.index] {
			t.broken("I21", about{}, "node %d knows edition %d and decided a message of node %d that rests on edition %d", p.to, e.at[n.index], p.from, rests)
		}
		delete(e.rests, p)
	}
	t.checks += uint64(len(e.taken))
	e.taken = slices.Delete(e.taken, 0, len(e.taken))
}
