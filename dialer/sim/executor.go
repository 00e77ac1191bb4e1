package sim

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
)

// The states of an attempt's claim, as in the live executor.
type claim uint8

const (
	claimFree claim = iota
	claimSent
	claimTaken
)

func (n *node) takeBack(id cadence.ID) bool {
	if c, ok := n.claims[id]; ok && c == claimFree {
		n.claims[id] = claimTaken
		return true
	}
	return false
}

// release is the executor: behind its send gate it claims the attempt and
// sends it, unless it has become too late by either clock.
func (n *node) release(d dialer.DialOrder) {
	w, id := n.w, d.Dial.Attempt
	w.note("dial", id, d.NotAfter, d.Due)
	w.noteBytes("dial.to", append([]byte(d.Dial.To), d.Dial.From...))
	if _, known := n.claims[id]; known {
		w.witness.broken("I1", about{attempt: id}, "attempt %s was released twice", id.Bare())
	}
	n.claims[id] = claimFree
	deadline := w.mono() + (d.NotAfter - w.wallMs())
	if w.chance(w.o.Faults.Withdraw, "withdraw", id) {
		w.agenda.plan(w.now+int64(w.draw("withdraw.at", id).IntN(600)), func() { w.withdraw(d, w.draw("withdraw.how", id).IntN(3)) })
	}
	at := max(w.now+1+int64(w.draw("gate", id).IntN(400)), w.gate+int64(1000/w.o.CPS))
	w.gate = at
	n.later(at, func() {
		if n.claims[id] != claimFree {
			return // it was withdrawn
		}
		if w.mono() >= deadline || w.wallMs() >= d.NotAfter {
			n.claims[id] = claimTaken
			w.post(&dialer.Sent{Attempt: id, Late: true})
			return
		}
		n.claims[id] = claimSent
		w.carrier.place(n, d.Dial)
	})
}
