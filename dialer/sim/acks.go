package sim

import "github.com/carillon-dialer/carillon/cadence"

// What the engine has acknowledged must be durable by then (I9), and must
// hold from then on (I6). The witness compares with the records that landed,
// not with what the engine says.

// wish is what somebody asks for that can be asked back: an acknowledgement
// says nothing any more once the contrary was asked for.
type wish struct {
	on    bool
	asked int
}

// ask notes a wish, and returns what to do when it is acknowledged.
func (t *witness) ask(what string, on bool, acked func()) func() {
	w := t.wishes[what]
	if w == nil {
		w = &wish{}
		t.wishes[what] = w
	}
	w.asked++
	w.on = false // until it is acknowledged
	mine := w.asked
	return func() {
		t.checks++
		if w.asked == mine {
			w.on = on
			acked()
		}
	}
}

// holds reports whether a wish was acknowledged and not taken back since.
func (t *witness) holds(what string) bool { return t.wishes[what] != nil && t.wishes[what].on }

func dncWish(n cadence.Number, s cadence.Scope) string { return "dnc " + string(n) + " " + string(s) }

func (t *witness) dncAsked(n cadence.Number, s cadence.Scope, on bool) func() {
	return t.ask(dncWish(n, s), on, func() {
		if on && !t.dnc[noName{t.tokenOf(n), s}] && !t.dnc[noName{t.tokenOf(n), cadence.ScopeAll}] {
			t.broken("I9", about{token: t.tokenOf(n)}, "do-not-call of a number was acknowledged and is not durable")
		}
	})
}

func (t *witness) leftAcked(id cadence.ID) {
	t.checks++
	if s := t.stays[id]; s == nil || !s.left {
		t.broken("I9", about{enrollment: id}, "the end of a stay was acknowledged and is not durable")
	}
	t.gone = append(t.gone, id)
}

func (t *witness) enrollAcked(id cadence.ID) {
	t.checks++
	if !id.IsZero() && t.stays[id] == nil {
		t.broken("I9", about{enrollment: id}, "an enrollment was acknowledged and is not durable")
	}
}

func (t *witness) disposed(attempt cadence.ID) {
	t.checks++
	if !t.books.posted[attempt] {
		t.broken("I9", about{attempt: attempt}, "a disposition was acknowledged and is not durable")
	}
	t.posted[attempt] = true
}

// afterOpen compares what an opened ledger holds with what was durable before
// the crash (I9).
func (t *witness) afterOpen() {
	t.checks++
	for id, s := range t.stays {
		e, err := t.w.rows(id.Slot()).Enrollment(id)
		t.check(err)
		if e == nil || e.LeftAt != 0 != s.left || !s.left && e.Touch.State != s.state {
			t.broken("I9", about{enrollment: id}, "stay %s is not what it was before the crash", id.Bare())
		}
	}
	for id := range t.open {
		if o, err := t.w.rows(id.Slot()).Open(id); err != nil || o == nil {
			t.broken("I9", about{attempt: id}, "open attempt %s is gone after the crash: %v", id.Bare(), err)
		}
	}
	for name, on := range t.dnc {
		if n, err := t.w.rows(name.token.Slot()).Number(name.token); err != nil || n == nil || n.Has(name.scope) != on {
			t.broken("I9", about{token: name.token}, "a do-not-call mark is not what it was before the crash: %v", err)
		}
	}
}
