package sim

import (
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
)

// requested judges a request as it reaches the carrier, whatever becomes of
// it: I1 an attempt is sent once, after its intent; I13 no burst.
func (t *witness) requested(d telephony.Dial) {
	a := about{attempt: d.Attempt}
	t.checks++
	if t.byToken[d.Attempt]++; t.byToken[d.Attempt] > 1 {
		t.broken("I1", a, "attempt %s was sent twice", d.Attempt.Bare())
	}
	i := t.intents[d.Attempt]
	switch {
	case i == nil:
		t.broken("I1", a, "attempt %s was sent before its intent was durable", d.Attempt.Bare())
	case t.returned[d.Attempt]:
		t.broken("I1", a, "attempt %s was sent after it was given back", d.Attempt.Bare())
	case i.Number != d.To || i.From != d.From:
		t.broken("I1", a, "attempt %s was sent to another number than it was intended for", d.Attempt.Bare())
	}
	t.recent = append(slices.DeleteFunc(t.recent, func(at int64) bool { return at <= t.w.now-1000 }), t.w.now)
	if n := len(t.recent); n > int(t.w.o.CPS)+1 {
		t.broken("I13", a, "%d requests within one second at %v per second", n, t.w.o.CPS)
	}
}

// refused takes a request back out of the books: the carrier made no call.
func (t *witness) refused(d telephony.Dial) { t.byToken[d.Attempt] = 0 }

// clockError is how far the engine's wall may be ahead of the carrier's clock
// and still be trusted: a window may be taken for open that much too early.
// Its end has a guard and is judged to the millisecond.
const clockError = 6 * time.Second

// placed judges one accepted call by the carrier's own clock: I1 never two at
// once, I2 lawful hours, I3 caps.
func (t *witness) placed(k *call, d telephony.Dial) {
	a := about{attempt: d.Attempt}
	for _, other := range t.w.carrier.alive {
		if other != k && other.To == k.To && !other.Status.Terminal() {
			t.broken("I1", a, "two calls to one number at once: attempts %s and %s", other.attempt.Bare(), d.Attempt.Bare())
		}
	}
	t.w.logCall(k, d, t.intents[d.Attempt])
	t.calls = append(t.calls, seen{d.Attempt, d.To, t.w.trueMs()})
	if t.w.o.People != nil {
		return // see Options.People
	}
	i := t.intents[d.Attempt]
	if rehearses(i) {
		t.w.happened["rehearsed"]++
		t.trialCaps(d.Attempt, d.To)
		if i.Version != 0 {
			t.inHours(a, d, i, &cadence.Lead{})
		}
		return
	}
	if i != nil {
		t.inHours(a, d, i, t.leads[i.Lead])
	}
	t.caps(d)
}

// inHours judges an accepted call by the hours of its cadence and of the law.
func (t *witness) inHours(a about, d telephony.Dial, i *event.Intended, lead *cadence.Lead) {
	early := t.hours.refuse(t.w.trueTime().Add(clockError), d.To, lead, i.Cadence, i.Version) == ""
	if why := t.hours.refuse(t.w.trueTime(), d.To, lead, i.Cadence, i.Version); why != "" && !early {
		t.broken("I2", a, "a call at %s: %s", t.w.trueTime().Format("2006-01-02T15:04:05Z"), why)
	}
}

func (t *witness) caps(d telephony.Dial) {
	now, kept := t.w.trueMs(), t.byNumber[d.To][:0]
	for _, at := range t.byNumber[d.To] {
		if at > now-24*3_600_000 {
			kept = append(kept, at)
		}
	}
	if len(kept) >= dialer.DefaultNumberCap {
		t.broken("I3", about{attempt: d.Attempt}, "%d calls to one number within 24 hours", len(kept)+1)
	}
	t.byNumber[d.To] = append(kept, now)
}

// cancelled is how long after a no, in ms, a call that is not answered may
// still be there.
const cancelWithin = 2_000

// noSaid watches the calls to a number whose mark just became durable: one that
// the engine knows and that nobody has answered must be cancelled soon (I6).
func (t *witness) noSaid(attempt cadence.ID) {
	w, n := t.w, t.w.nodeOf(attempt.Slot())
	opened := n.opens
	w.agenda.plan(w.now+cancelWithin, func() {
		k := w.carrier.byAttempt[attempt]
		if k == nil || n.opens != opened || !n.running() || w.now < n.thawed+cancelWithin || k.deaf || k.Status.Terminal() || k.Status == telephony.StatusInProgress {
			return
		}
		if t.books.boundAt[attempt] != 0 && t.books.boundAt[attempt] <= w.now-cancelWithin && t.open[attempt] != nil {
			t.broken("I6", about{attempt: attempt}, "attempt %s still rings %d ms after a no", attempt.Bare(), cancelWithin)
		}
	})
}
