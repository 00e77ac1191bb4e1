package sim

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// scanEvery is how many turns pass between two full scans.
const scanEvery = 97

// afterTurn checks what must hold after every durable turn: those it was about
// at once, everybody now and then.
func (t *witness) afterTurn() {
	for _, id := range t.touched.stays {
		t.stayRow(id)
	}
	for _, id := range t.touched.attempts {
		t.attemptRow(id)
	}
	t.checks += uint64(len(t.touched.stays) + len(t.touched.attempts))
	if len(t.touched.stays)+len(t.touched.attempts) == 0 {
		return
	}
	t.touched.clear()
	if t.turns++; t.turns%scanEvery == 0 {
		t.scan()
	}
}

// stayRow compares one stay's row with the books, and the due index with both:
// an open stay waits for exactly one thing (I4).
func (t *witness) stayRow(id cadence.ID) {
	rows := t.w.rows(id.Slot())
	e, err := rows.Enrollment(id)
	t.check(err)
	s, a := t.stays[id], about{enrollment: id}
	switch {
	case e == nil || s == nil:
		t.broken("I4", a, "stay %s has no row", id.Bare())
	case s.left && s.state != state.AskedIt:
		if e.LeftAt == 0 || e.Touch.State != state.NoTouch {
			t.broken("I4", a, "stay %s has ended and still waits", id.Bare())
		}
	case e.Touch.ID != s.touch || e.Touch.State != s.state || e.Touch.Try != s.try:
		t.broken("I4", a, "stay %s waits in state %d, its facts say %d", id.Bare(), e.Touch.State, s.state)
	case s.state == state.AskedIt && (!e.Touch.Reminded || len(t.w.nodes) == 1):
		t.broken("I4", a, "stay %s waits for an answer that had to come in the turn it asked in", id.Bare())
	case s.state == state.Waiting || s.state == state.Held || s.state == state.AskedIt:
		v, err := rows.R.Get(t.dueKey(e))
		if err != nil || cadence.ID(v) != id {
			t.broken("I4", a, "stay %s waits for a due time that is not in the index", id.Bare())
		}
	case s.state == state.Dialing:
		if t.open[s.attempt] == nil && t.w.nodeOf(s.attempt.Slot()) == s.home { // else it is still to be told
			t.broken("I4", a, "stay %s waits for attempt %s, which is over", id.Bare(), s.attempt.Bare())
		}
	default:
		t.broken("I4", a, "stay %s is open and waits for nothing (state %d)", id.Bare(), s.state)
	}
}

func (t *witness) dueKey(e *state.Enrollment) []byte {
	return state.DueKey(e.Touch.Lane, e.Touch.Due, e.Touch.ID)
}

// attemptRow compares one attempt's rows with the books.
func (t *witness) attemptRow(id cadence.ID) {
	rows := t.w.rows(id.Slot())
	a := about{attempt: id}
	o, err := rows.Open(id)
	t.check(err)
	i := t.intents[id]
	if i == nil || o != nil != (t.open[id] != nil) {
		t.broken("I4", a, "attempt %s: open row %v, its facts say %v", id.Bare(), o != nil, t.open[id] != nil)
		return
	}
	n, err := rows.Number(i.Token)
	t.check(err)
	if n == nil || o != nil && n.Open != id || o == nil && n.Open == id {
		t.broken("I4", a, "attempt %s and the number it holds do not agree", id.Bare())
	}
}

// scan checks everybody: I4 both ways, I5 the use of caller IDs, and I8 the
// counters are the fold of the facts.
func (t *witness) scan() {
	t.checks += uint64(len(t.stays))
	all := figures{out: map[outOf]int64{}, lives: map[string]state.RuleLive{}}
	for _, n := range t.w.nodes {
		t.scanNode(n, &all)
	}
	if all.attempts != int64(len(t.open)) {
		t.broken("I4", about{}, "%d open attempts, the facts say %d", all.attempts, len(t.open))
	}
	t.callerIDs()
	t.figures(&all)
}

// scanNode checks what lies on one node, and adds it up.
func (t *witness) scanNode(n *node, all *figures) {
	rows, due := n.rows(), t.dueIndex(n)
	t.check(rows.Enrollments(cadence.ID{}, func(id cadence.ID, e *state.Enrollment) bool {
		t.stayRow(id)
		if s := e.Touch.State; s == state.Waiting || s == state.Held || s == state.AskedIt {
			delete(due, string(t.dueKey(e)))
		}
		all.open += bit(e.LeftAt == 0)
		all.pending += bit(e.Touch.State == state.Waiting)
		return true
	}))
	t.check(rows.Returns(cadence.ID{}, 0, cadence.ID{}, func(id cadence.ID, r *state.ReturnCall) bool {
		key := string(state.DueKey(0, r.Deadline, id))
		if _, armed := due[key]; armed != (r.EndedAt == 0) {
			t.broken("I4", about{}, "return call %s over at %d: its row of the due index is there: %v", id.Bare(), r.EndedAt, armed)
		}
		delete(due, key)
		return true
	}))
	t.trialRows(n, due)
	for k, id := range due {
		t.broken("I4", about{enrollment: id}, "a row of the due index nobody waits for: %x", k)
	}
	t.check(rows.Opens(func(o *state.Open) bool {
		all.attempts++
		t.attemptRow(o.I.Attempt)
		return true
	}))
	all.add(t, n)
}

func (t *witness) check(err error) {
	if err != nil {
		t.broken("read", about{}, "%v", err)
	}
}

func (t *witness) dueIndex(n *node) map[string]cadence.ID {
	due := map[string]cadence.ID{}
	t.check(n.store.Scan([]byte{'D'}, []byte{'E'}, func(k, v []byte) bool {
		due[string(k)] = cadence.ID(v)
		return true
	}))
	return due
}
