package sim

import (
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/routing"
)

// Faults are the odds of what goes wrong, each from 0 to 1.
type Faults struct {
	DropResponse float64 // the carrier takes the call and its answer is lost
	Throttle     float64 // 429
	ServerError  float64 // 5xx: no call is made, but nobody can know
	Refuse       float64 // a code about the number
	Slow         float64 // the answer takes longer than the sender waits
	DropWebhook  float64
	Duplicate    float64
	Delay        float64 // a status webhook comes up to a minute late
	ListLag      float64 // a call is missing from listings for up to eight minutes
	Withdraw     float64 // somebody says no while the call is going out
	Crash        float64 // at a commit: half before it lands, half after
	ClockStep    float64 // per virtual hour
	Operators    float64 // per virtual hour: DNC, stop, halt, un-enroll, signal
}

// Chaos is a mix of everything at odds that a bad day has.
func Chaos() Faults {
	return Faults{
		DropResponse: 0.03, Throttle: 0.03, ServerError: 0.02, Refuse: 0.02, Slow: 0.02, DropWebhook: 0.05, Duplicate: 0.1,
		Delay: 0.1, ListLag: 0.3, Withdraw: 0.05, Crash: 0.004, ClockStep: 0.02, Operators: 0.15,
	}
}

// Options say what world to run.
type Options struct {
	Seed         uint64
	Leads        int
	Document     []byte // the cadence, canonical JSON
	Dispositions *routing.Set
	Start        time.Time
	Faulty       time.Duration // how long faults happen; then none
	Limit        time.Duration // when the world ends in any case
	Faults       Faults
	CPS          float64
	Channels     int
	CallerIDs    []cadence.Number
	Check        bool // check every invariant after every turn
	Numbers      []cadence.Number
}

// draw is a source of randomness for one question. It depends on the seed and
// the question only, so that one more lead does not reshuffle all others.
func (w *World) draw(what string, ids ...cadence.ID) *rand.Rand {
	h := fnv.New128a()
	h.Write([]byte(what))
	for _, id := range ids {
		h.Write(id[:])
	}
	sum := h.Sum(nil)
	var a, b uint64
	for i := range 8 {
		a, b = a<<8|uint64(sum[i]), b<<8|uint64(sum[8+i])
	}
	return rand.New(rand.NewPCG(w.o.Seed^a, b))
}

// chance answers a yes-or-no question of the faults. Once the faulty time is
// over it always says no.
func (w *World) chance(p float64, what string, ids ...cadence.ID) bool {
	return p > 0 && w.now < w.faultyUntil && w.draw(what, ids...).Float64() < p
}
