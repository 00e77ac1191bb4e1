package sim

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
)

// Faults are the odds of what goes wrong, each from 0 to 1: per request, per
// webhook, per commit or per virtual hour.
type Faults struct {
	DropResponse float64 // the carrier takes the call and its answer is lost
	Throttle     float64 // 429
	ServerError  float64 // 5xx: no call is made, but nobody can know
	Refuse       float64 // a code about the number
	RefuseFrom   float64 // a code about the caller ID
	Slow         float64 // the answer takes longer than the sender waits
	Burst        float64 // per hour: for minutes the carrier answers 429 to everything
	Outage       float64 // per hour: for minutes everything ends in 5xx, a timeout or a lost answer
	DropWebhook  float64
	Duplicate    float64
	Delay        float64 // a status webhook comes up to a minute late
	Reorder      float64 // a status webhook is overtaken by the next one
	Replay       float64 // a webhook comes again hours or days later
	Forge        float64 // per call: somebody sends webhooks that the carrier never sent
	ListLag      float64 // a call is missing from listings for up to eight minutes
	LookFails    float64 // the carrier does not answer a question about a call
	Withdraw     float64 // somebody says no while the call is going out
	Crash        float64 // at a commit: half before it lands, half after
	Again        float64 // at the first commits after a crash: another one
	Ambiguous    float64 // at a commit: the ledger says it failed; half of them landed
	ClockStep    float64 // per hour: the wall moves by up to an hour, and back later
	Drift        float64 // per world: the wall runs up to a second and a half ahead and behind
	Pause        float64 // per hour: the process, or the whole machine, stands still for minutes
	Ghost        float64 // per hour: the ledger brings rows of the due index back that were deleted
	Operators    float64 // per hour: somebody changes something
	NetLost      float64 // a message between shards never comes
	NetCut       float64 // per ten minutes and shard: it hears nothing of the others
	NetTwice     float64 // it comes again, up to a minute later
	NetLate      float64 // it comes up to twenty seconds late, behind later ones
}

// Chaos is a mix of everything at odds that a bad day has.
func Chaos() Faults {
	return Faults{
		DropResponse: 0.03, Throttle: 0.03, ServerError: 0.02, Refuse: 0.02, RefuseFrom: 0.005, Slow: 0.02,
		Burst: 0.01, Outage: 0.01, DropWebhook: 0.05, Duplicate: 0.1, Delay: 0.1, Reorder: 0.1, Replay: 0.03, Forge: 0.05,
		ListLag: 0.3, LookFails: 0.05, Withdraw: 0.05, Crash: 0.004, Again: 0.1, Ambiguous: 0.002, ClockStep: 0.02, Drift: 0.3,
		Pause: 0.01, Ghost: 0.05, Operators: 0.15, NetLost: 0.1, NetCut: 0.03, NetTwice: 0.1, NetLate: 0.1,
	}
}

// fault is one of the odds by name.
type fault struct {
	name string
	odds *float64
}

// all are the faults by their names, always in the same order.
func (f *Faults) all() []fault {
	return []fault{
		{"ghost", &f.Ghost},
		{"drop", &f.DropResponse},
		{"429", &f.Throttle},
		{"5xx", &f.ServerError},
		{"refuse", &f.Refuse},
		{"refuse.from", &f.RefuseFrom},
		{"slow", &f.Slow},
		{"burst", &f.Burst},
		{"outage", &f.Outage},
		{"webhook.lost", &f.DropWebhook},
		{"webhook.twice", &f.Duplicate},
		{"webhook.late", &f.Delay},
		{"webhook.overtaken", &f.Reorder},
		{"webhook.old", &f.Replay},
		{"webhook.forged", &f.Forge},
		{"list.lag", &f.ListLag},
		{"look", &f.LookFails},
		{"withdraw", &f.Withdraw},
		{"crash", &f.Crash},
		{"crash.again", &f.Again},
		{"ambiguous", &f.Ambiguous},
		{"clock", &f.ClockStep},
		{"drift", &f.Drift},
		{"pause", &f.Pause},
		{"operator", &f.Operators},
		{"net.lost", &f.NetLost},
		{"net.cut", &f.NetCut},
		{"net.twice", &f.NetTwice},
		{"net.late", &f.NetLate},
	}
}

// Only is the faults of these names, the others off.
func (f Faults) Only(names ...string) Faults {
	for _, one := range f.all() {
		if !slices.Contains(names, one.name) {
			*one.odds = 0
		}
	}
	return f
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

// chance answers a yes-or-no question of the faults, and counts the answers
// yes. Once the faulty time is over it always says no.
func (w *World) chance(p float64, what string, ids ...cadence.ID) bool {
	if p <= 0 || w.now >= w.faultyUntil || w.draw(what, ids...).Float64() >= p {
		return false
	}
	w.happened[what]++
	w.note(what, cadence.ID{}, 1)
	return true
}

// seqID makes an id of a number, for draw.
func seqID(n uint64) cadence.ID {
	var id cadence.ID
	for i := range 8 {
		id[8+i] = byte(n >> (8 * (7 - i)))
	}
	return id
}
