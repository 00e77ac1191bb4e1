package pacing

import (
	"math"
	"slices"
	"time"
)

const (
	// Burst is how much unused rate is kept: enough to lose nothing between
	// two looks at the queue, too little to be felt as a burst.
	Burst = 250 * time.Millisecond
	// CutEvery is the least time between two halvings: a volley of refusals
	// for one volley of calls counts once.
	CutEvery = time.Second
	// Recovery is how long the rate takes from nothing back to the full CPS.
	Recovery = 20 * time.Second
	// LeastShare of the CPS is always kept, so that a throttled account finds
	// out when it is free again.
	LeastShare = 1.0 / 16
)

// rate is a token bucket at an adaptive rate, with a log of the last second
// beside it: the bucket keeps the average, the log keeps any one second to the
// rate rounded up.
type rate struct {
	cps     float64
	now     float64 // calls per second at the instant last
	tokens  float64
	last    time.Time
	cut     time.Time
	hold    time.Time   // no grants before
	recent  []time.Time // of grants, in order; the first gone ones are too old
	gone    int
	started bool
}

// advance brings the bucket to an instant. One before the last moves nothing.
func (r *rate) advance(now time.Time) {
	if !r.started {
		r.started, r.last, r.now, r.tokens = true, now, r.cps, 1
		return
	}
	elapsed := now.Sub(r.last).Seconds()
	if elapsed <= 0 {
		return
	}
	r.last = now
	grown := min(r.cps, r.now+r.cps*elapsed/Recovery.Seconds())
	// The lower of the two rates over the whole stretch: never too many.
	r.tokens = min(r.burst(), r.tokens+r.now*elapsed)
	r.now = grown
	r.forget(now.Add(-time.Second))
}

// forget drops grants up to edge from the log, moving memory only once half of
// it is gone.
func (r *rate) forget(edge time.Time) {
	for r.gone < len(r.recent) && !r.recent[r.gone].After(edge) {
		r.gone++
	}
	if r.gone*2 >= len(r.recent) {
		r.recent = slices.Delete(r.recent, 0, r.gone)
		r.gone = 0
	}
}

// lastSecond are the instants of the grants in the second up to last.
func (r *rate) lastSecond() []time.Time { return r.recent[r.gone:] }

func (r *rate) burst() float64 { return max(1, r.cps*Burst.Seconds()) }

// perSecond is how many grants any one second may hold.
func (r *rate) perSecond() int { return max(1, int(math.Ceil(r.now))) }

// A token that is almost whole counts, and next aims between almost and whole:
// so rounding never makes the predicted instant too early.
const (
	almost = 1 - 1e-6
	aim    = 1 - 5e-7
)

// free is how many grants may be given at the instant advanced to.
func (r *rate) free(now time.Time) int {
	if now.Before(r.hold) || r.tokens < almost {
		return 0
	}
	return max(0, min(int(r.tokens+1-almost), r.perSecond()-len(r.lastSecond())))
}

func (r *rate) take() {
	r.tokens = max(0, r.tokens-1)
	r.recent = append(r.recent, r.last)
}

// giveBack undoes one take.
func (r *rate) giveBack(at time.Time) {
	r.tokens = min(r.burst(), r.tokens+1)
	for i := len(r.recent) - 1; i >= r.gone; i-- {
		if r.recent[i].Equal(at) {
			r.recent = slices.Delete(r.recent, i, i+1)
			return
		}
	}
}

// halve answers a refusal of the carrier for too many calls.
func (r *rate) halve(now time.Time, retryAfter time.Duration) {
	r.advance(now)
	if until := now.Add(retryAfter); retryAfter > 0 && until.After(r.hold) {
		r.hold = until
	}
	r.tokens = 0
	if !r.cut.IsZero() && now.Sub(r.cut) < CutEvery {
		return
	}
	r.cut = now
	r.now = max(r.now/2, r.cps*LeastShare)
}

// next is the earliest instant at which free is at least one; rate and bucket
// only grow until then.
func (r *rate) next(now time.Time) time.Time {
	at := now
	if r.hold.After(at) {
		at = r.hold
	}
	if missing := aim - r.tokens; missing > 0 {
		token := r.last.Add(time.Duration(math.Ceil(missing / r.now * float64(time.Second))))
		at = latest(at, token)
	}
	log := r.lastSecond()
	if full := len(log) - r.perSecond(); full >= 0 {
		at = latest(at, log[full].Add(time.Second))
	}
	return at
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
