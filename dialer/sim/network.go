package sim

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

const (
	// courierEvery is the pause after which a courier sends again what nobody
	// has a receipt for, in ms.
	courierEvery = 2_000
	// courierLoad is how many parcels it takes to one shard at a time.
	courierLoad = 64
	// cutFor is how long a node that is cut off hears nothing, in ms.
	cutFor = 600_000
)

// send hands one message to another node, with all that can happen to it on
// the way: it comes late, twice, behind later ones, or never. Nobody is told.
func (w *World) send(to *node, m dialer.Message) {
	w.sent++
	id, f := seqID(w.sent), &w.o.Faults
	cut := seqID(uint64(w.now/cutFor)<<8 | uint64(to.index))
	if w.chance(f.NetCut, "net.cut", cut) || w.chance(f.NetLost, "net.lost", id) {
		return
	}
	r := w.draw("net", id)
	wait := int64(1 + r.IntN(20))
	if w.chance(f.NetLate, "net.late", id) {
		wait += int64(r.IntN(20_000))
	}
	w.arrive(to, m, wait)
	if w.chance(f.NetTwice, "net.twice", id) {
		w.arrive(to, m, wait+int64(r.IntN(60_000)))
	}
}

func (w *World) arrive(to *node, m dialer.Message, wait int64) {
	w.agenda.plan(w.now+wait, func() {
		if to.running() {
			to.postTo(to.opens, m, nil)
		}
	})
}

// deliver takes what a turn let out for other nodes on its way.
func (n *node) deliver(rel *dialer.Released) {
	for i := range rel.Parcels {
		n.w.send(n.w.nodes[rel.Parcels[i].To], &rel.Parcels[i])
	}
	for i := range rel.Receipts {
		n.w.send(n.w.nodes[rel.Receipts[i].To], &rel.Receipts[i])
	}
	n.courier()
}

// courier sends again what is owed, until there is a receipt for all of it.
func (n *node) courier() {
	if n.underWay || len(n.w.nodes) == 1 || len(n.shard.Owing()) == 0 {
		return
	}
	n.underWay = true
	n.later(n.w.now+courierEvery, func() {
		n.underWay = false
		for _, to := range n.shard.Owing() {
			parcels, err := n.shard.OwedTo(to, courierLoad)
			n.w.witness.check(err)
			for i := range parcels {
				n.w.send(n.w.nodes[to], &parcels[i])
			}
		}
		n.courier()
	})
}

// everywhere runs do when every node has folded what the office has decided up
// to now: an operator's stop is answered then and not before.
func (w *World) everywhere(do func()) {
	office, want := w.nodeOf(cadence.OfficeSlot), map[uint16]uint64{}
	w.witness.check(office.rows().Peers(func(shard uint16, p *state.Peer) bool {
		want[shard] = p.Sent
		return true
	}))
	var look func()
	wait := int64(25)
	look = func() {
		behind := false
		w.witness.check(office.rows().Peers(func(shard uint16, p *state.Peer) bool {
			behind = behind || p.Has < want[shard]
			return true
		}))
		if behind {
			wait = min(2*wait, 600_000)
			w.agenda.plan(w.now+wait, look)
			return
		}
		do()
	}
	look()
}

// undelivered checks what must hold when everything has come to rest: nothing
// is owed, nothing was taken that was not sent, and every node knows what the
// office decided.
func (t *witness) undelivered() {
	edition := uint64(0)
	for i, n := range t.w.nodes {
		office, err := n.rows().Office()
		t.check(err)
		if i == 0 {
			edition = office.Edition
		}
		if office.Edition != edition {
			t.broken("I17", about{}, "node %d knows edition %d, the office is at %d", i, office.Edition, edition)
		}
		t.check(n.rows().Peers(func(shard uint16, p *state.Peer) bool {
			var there state.Peer
			t.check(t.w.nodes[shard].rows().Peers(func(from uint16, q *state.Peer) bool {
				if int(from) == i {
					there = *q
				}
				return true
			}))
			if p.Has != p.Sent || there.Taken != p.Sent {
				t.broken("I17", about{}, "node %d sent %d parcels to %d, which took %d and gave a receipt for %d", i, p.Sent, shard, there.Taken, p.Has)
			}
			return true
		}))
	}
}

// taken checks that every row of every file was applied exactly once.
func (t *witness) taken() {
	for wave, leads := range t.w.waves() {
		job, err := t.w.rows(cadence.OfficeSlot).Import(waveID(wave))
		t.check(err)
		if job == nil {
			continue // its time never came
		}
		rows := int64(len(leads))
		if job.Rows != rows || job.Accepted+job.Updated+job.Skipped+job.Rejected != rows {
			t.broken("I9", about{}, "file %d has %d rows, and the import says %+v", wave, rows, *job)
		}
	}
}
