package dialer

import (
	"cmp"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/pacing"
)

// Machine is the state of what dials, for whoever keeps it going. It names
// nobody.
type Machine struct {
	Status
	Pending     int64 // enrollments with a due touch
	Quarantined uint64
	// Orders are released calls that wait for the send gate; from OrdersMost on
	// nothing more is granted.
	Orders, OrdersMost int
	// Placing is how many of the Placers place a call right now.
	Placing, Placers int
	CPS              float64 // what the account allows
	Rate             float64 // what is granted: less for a while after the carrier said too many
	Channels         int     // calls that may be open at once
	// Lateness is from a touch's due time to the first byte of its request,
	// Delay from when the carrier says something happened to its webhook; both in
	// the engine's time.
	Lateness, Delay Spread
	// Requests are the requests to place a call by what became of them: ok, late
	// (not sent in time), or the carrier's reason; the most frequent first.
	Requests []Counted
	Ledger   *ledger.Health // nil when the ledger tells nothing of itself
	Overdue  int            // rule packs and rules in force whose review is overdue
}

// Machine looks at the machine; it reads the totals of every cadence.
func (e *Engine) Machine() (Machine, error) {
	now := e.o.Real.Now()
	m := Machine{
		Status: e.Status(), Orders: len(e.exec.queue), OrdersMost: queueSize / 2, Placing: int(e.exec.placing.Load()), Placers: e.o.Workers,
		CPS: e.o.Pacing.CPS, Channels: e.o.Pacing.Channels, Lateness: e.lateness.spread(now), Delay: e.delay.spread(now),
		Requests: e.requests.within(now),
	}
	m.Rate = pacing.Recovered(m.CPS, m.Granted, now.Sub(m.GrantedAt))
	slices.SortFunc(m.Requests, func(a, b Counted) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name)) })
	if e.o.Health != nil {
		h := e.o.Health()
		m.Ledger = &h
	}
	office, err := e.Rows().Office()
	if err != nil {
		return m, err
	}
	m.Quarantined = office.Reports
	if m.Pending, err = e.Pending(); err != nil {
		return m, err
	}
	m.Overdue, err = e.PacksOverdue()
	return m, err
}

// observed keeps what became of a request to place a call.
func (e *Engine) observed(s *Sent) {
	result := "ok"
	switch {
	case s.Late:
		result = "late"
	case s.Err != nil:
		result = s.Err.Reason
	}
	e.requests.add(e.o.Real.Now(), result)
}

// late keeps how long after its due time a call went out.
func (e *Engine) late(due int64) {
	took := e.o.Wall.Now().Sub(atMs(due))
	e.metrics.lateness.Observe(took.Seconds())
	e.lateness.add(e.o.Real.Now(), took)
}

// delayed keeps how long after the event its webhook came.
func (e *Engine) delayed(at time.Time) {
	took := max(0, e.o.Wall.Now().Sub(at))
	e.metrics.webhook.Observe(took.Seconds())
	e.delay.add(e.o.Real.Now(), took)
}
