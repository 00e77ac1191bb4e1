package sim

import (
	"maps"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// figures are what the counters of all nodes say together, and beside them
// what a full scan counted.
type figures struct {
	counts                  state.Counts
	leads                   state.Stats
	marks, people           int64
	open, pending, attempts int64 // counted
	out                     map[outOf]int64
	lives                   map[string]state.RuleLive // by rule
}

// outOf is a rule that has put leads out of a cadence.
type outOf struct {
	cadence cadence.ID
	rule    string
}

// add takes in the counters of one node.
func (f *figures) add(t *witness, n *node) {
	rows := n.rows()
	t.check(rows.Buckets(0, 0, func(_ int64, _ cadence.ID, c *state.Counts) bool {
		f.counts.Add(*c, 1)
		return true
	}))
	t.check(rows.Lives(0, func(_ int64, _ cadence.ID, l *state.Live) bool {
		for _, r := range l.Rules {
			sum := f.lives[r.Rule]
			sum.Rule, sum.Answered, sum.Abandoned = r.Rule, sum.Answered+r.Answered, sum.Abandoned+r.Abandoned
			sum.Late, sum.Told = sum.Late+r.Late, sum.Told+r.Told
			f.lives[r.Rule] = sum
		}
		return true
	}))
	for _, id := range t.w.cadences {
		s, err := rows.Stats(id)
		t.check(err)
		f.leads.Enrolled += s.Enrolled
		f.leads.Active += s.Active
		f.leads.Pending += s.Pending
		f.leads.Contacted += s.Contacted
		for _, o := range s.Out {
			f.out[outOf{id, o.Rule}] += o.N
		}
	}
	office, err := rows.Office()
	t.check(err)
	f.marks += int64(office.DNC)
	f.people += int64(office.Leads)
}

// figures compares the counters with the books (I8).
func (t *witness) figures(f *figures) {
	if want := t.books.total(); f.counts != want {
		t.broken("I8", about{}, "the counters say %+v, the facts %+v", f.counts, want)
	}
	contacted, marked := int64(0), int64(0)
	for _, s := range t.stays {
		contacted += bit(s.contact)
	}
	for _, on := range t.dnc {
		marked += bit(on)
	}
	if l := &f.leads; l.Enrolled != int64(len(t.stays)) || l.Active != f.open || l.Pending != f.pending || l.Contacted != contacted {
		t.broken("I8", about{}, "totals of leads %+v, the facts say %d enrolled, %d active, %d pending, %d contacted", *l, len(t.stays), f.open, f.pending, contacted)
	}
	t.countLive(f.lives)
	out := map[outOf]int64{}
	for at, rule := range t.out {
		out[outOf{at.cadence, rule}]++
	}
	if !maps.Equal(out, f.out) {
		t.broken("I8", about{}, "put out by rules: %v, the facts say %v", f.out, out)
	}
	if f.marks != marked || f.people != int64(len(t.leads)) {
		t.broken("I8", about{}, "the office counts %d marks and %d leads, the facts %d and %d", f.marks, f.people, marked, len(t.leads))
	}
}

// callerIDs compares the use of our numbers with the books (I5).
func (t *witness) callerIDs() {
	for _, number := range t.w.o.CallerIDs {
		var last int64
		used := map[int64]int64{}
		for _, n := range t.w.nodes {
			row, err := n.rows().CallerID(number)
			t.check(err)
			if row != nil {
				last = max(last, row.LastUse)
				used[row.Day] += row.Today
			}
		}
		for day, n := range used {
			if have := t.books.use[number][day]; n > have || len(t.w.nodes) == 1 && n != have {
				t.broken("I5", about{}, "caller ID %s: %d calls on day %d, the facts say %d", number.Masked(), n, day, have)
			}
		}
		if len(t.w.nodes) == 1 && last != t.books.lastUse[number] {
			t.broken("I5", about{}, "caller ID %s: last used at %d, the facts say %d", number.Masked(), last, t.books.lastUse[number])
		}
	}
}
