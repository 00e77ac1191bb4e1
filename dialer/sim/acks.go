package sim

import "github.com/carillon-dialer/carillon/cadence"

// What the engine has acknowledged must be durable by then (I9), and must
// hold from then on (I6). The witness compares with the records that landed,
// not with what the engine says.

func (t *witness) dncAcked(n cadence.Number, on bool) {
	t.checks++
	if on {
		t.acked[n] = true
	}
	if t.dnc[t.tokenOf(n)] != on {
		t.broken("I9", about{token: t.tokenOf(n)}, "do-not-call=%v of a number was acknowledged and is not durable", on)
	}
}

// dncLifted says that somebody asks to call a number again.
func (t *witness) dncLifted(n cadence.Number) { delete(t.acked, n) }

func (t *witness) halted(what string) { t.stops[what] = true }

func (t *witness) resumed(what string) { delete(t.stops, what) }

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
	for token, on := range t.dnc {
		if n, err := t.w.rows(token.Slot()).Number(token); err != nil || n == nil || n.DNC != on {
			t.broken("I9", about{token: token}, "a do-not-call mark is not what it was before the crash: %v", err)
		}
	}
}
