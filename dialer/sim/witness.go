package sim

import (
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
)

// witness sees what the carrier sees and what was made durable, keeps its own
// books, and judges. It never asks the engine what it meant to do.
type witness struct {
	w        *World
	calls    []seen
	byToken  map[cadence.ID]int
	byNumber map[cadence.Number][]int64 // wall, of accepted calls
	seconds  map[int64]int              // real second → accepted calls
	dnc      map[event.Token]bool       // durable marks
	acked    map[cadence.Number]int64   // acknowledged marks, real ms
	intents  map[cadence.ID]bool
	returned map[cadence.ID]bool
	bridges  map[cadence.ID]bool
	messages map[cadence.ID]bool
	contacts int
	turns    int
	books    books
	failure  error
	tokens   map[cadence.ID]event.Token // of the numbers called
	dead     map[event.Token]bool       // numbers a call said something final about
}

type seen struct {
	attempt cadence.ID
	to      cadence.Number
	wall    int64
}

func newWitness(w *World) *witness {
	return &witness{
		w: w, byToken: map[cadence.ID]int{}, byNumber: map[cadence.Number][]int64{}, seconds: map[int64]int{}, dnc: map[event.Token]bool{},
		acked: map[cadence.Number]int64{}, intents: map[cadence.ID]bool{}, returned: map[cadence.ID]bool{}, bridges: map[cadence.ID]bool{}, messages: map[cadence.ID]bool{},
		books: newBooks(), tokens: map[cadence.ID]event.Token{}, dead: map[event.Token]bool{},
	}
}

func (t *witness) broken(id, format string, args ...any) {
	if t.failure == nil {
		t.failure = fmt.Errorf("%s at %s: %s", id, t.w.wall().Format("2006-01-02T15:04:05.000Z"), fmt.Sprintf(format, args...))
	}
}

// placed judges one accepted call: I1 never twice and never two
// at once, I2 lawful hours, I3 caps,
// I13 no burst, and that its intent was durable before.
func (t *witness) placed(k *call, d telephony.Dial) {
	w := t.w
	if t.byToken[d.Attempt]++; t.byToken[d.Attempt] > 1 {
		t.broken("I1", "attempt %s was placed twice", d.Attempt.Bare())
	}
	if !t.intents[d.Attempt] {
		t.broken("I1", "attempt %s was placed before its intent was durable", d.Attempt.Bare())
	}
	if t.returned[d.Attempt] {
		t.broken("I1", "attempt %s was placed after it was given back", d.Attempt.Bare())
	}
	for _, other := range w.carrier.order {
		if other != k && other.To == k.To && !other.Status.Terminal() {
			t.broken("I1", "two calls to one number at once: attempts %s and %s", other.attempt.Bare(), d.Attempt.Bare())
		}
	}
	t.hours(d.To)
	t.caps(d.To)
	second := w.now / 1000
	t.seconds[second]++
	if n := t.seconds[second]; n > int(w.o.CPS)+2 {
		t.broken("I13", "%d calls in one second at %v per second", n, w.o.CPS)
	}
	t.calls = append(t.calls, seen{d.Attempt, d.To, w.wallMs()})
}

// hours re-derives lawfulness the slow way: in every zone the number may be
// in, the local hour is from 8 to 21.
func (t *witness) hours(n cadence.Number) {
	zones, _, _ := window.Candidates(string(n))
	if len(zones) == 0 {
		t.broken("I2", "a call to %s, which has no zone", n.Masked())
	}
	for _, z := range zones {
		if h := t.w.wall().In(z).Hour(); h < 8 || h >= 21 {
			t.broken("I2", "a call at %s in %s", t.w.wall().In(z).Format("15:04:05"), z)
		}
	}
}

func (t *witness) caps(n cadence.Number) {
	now, kept := t.w.wallMs(), t.byNumber[n][:0]
	for _, at := range t.byNumber[n] {
		if at > now-24*3_600_000 {
			kept = append(kept, at)
		}
	}
	if len(kept) >= dialer.DefaultNumberCap {
		t.broken("I3", "%d calls to one number within 24 hours", len(kept)+1)
	}
	t.byNumber[n] = append(kept, now)
}

func (t *witness) said(k *call) {
	if k.by == telephony.ByHuman || k.by == telephony.ByUnknown {
		t.contact(k)
	}
	t.messages[k.attempt] = true
}

func (t *witness) bridged(k *call) {
	t.bridges[k.attempt] = true
	t.contact(k)
	t.w.agent(k)
}

func (t *witness) contact(*call) { t.contacts++ }

// dncAcked remembers that "do not call" was acknowledged.
func (t *witness) dncAcked(n cadence.Number, at int64) {
	if _, known := t.acked[n]; !known {
		t.acked[n] = at
	}
}

func closed(f event.Fact) (cadence.ID, bool) {
	switch f := f.(type) {
	case *event.AttemptEnded:
		return f.Attempt, true
	case *event.AttemptRevised:
		return f.Attempt, true
	}
	return cadence.ID{}, false
}

// judged notes which number a disposition is about.
func (t *witness) judged(attempt cadence.ID, code cadence.DispositionCode) {
	if d, ok := t.w.o.Dispositions.Resolve(code); ok && d.RetiresNumber() {
		t.dead[t.tokens[attempt]] = true
	}
}

// record reads the facts of a record that landed, whether or not the engine
// lived to know: I6, no intent to a number behind its do-not-call.
func (t *witness) record(body []byte) {
	facts, err := event.Decode(body)
	t.check(err)
	for _, f := range facts {
		switch f := f.(type) {
		case *event.NumberMarked:
			if f.Mark == event.MarkDNC {
				t.dnc[f.Token] = f.On
			} else if !t.dead[f.Token] {
				t.broken("I8", "a number was retired that no call said anything final about")
			}
		case *event.AttemptEnded:
			t.judged(f.Attempt, f.Code)
		case *event.AttemptRevised:
			t.judged(f.Attempt, f.Code)
		case *event.Intended:
			t.intents[f.Attempt], t.tokens[f.Attempt] = true, f.Token
			if t.dnc[f.Token] {
				t.broken("I6", "an intent to a number on the do-not-call list")
			}
			if _, ok := t.acked[f.Number]; ok {
				t.broken("I6", "an intent after the do-not-call was acknowledged")
			}
		case *event.AttemptReturned:
			t.returned[f.Attempt] = true
			if t.byToken[f.Attempt] > 0 {
				t.broken("I1", "attempt %s was given back (%s), and the carrier has its call", f.Attempt.Bare(), f.Reason)
			}
		case *event.ReportKept:
			t.broken("F20", "a message was quarantined: %s: %s", f.What, f.Reason)
		}
		t.books.enter(f)
		if id, ok := closed(f); ok && !sane(t.books.flags[id]) {
			t.broken("I8", "attempt %s has figures that cannot be: %+v", id.Bare(), t.books.flags[id])
		}
	}
}
