package dialer_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// I11: the end of an attempt depends on the set of its events alone. What a
// call asks comes in the order it asks; everything else, repeats included, in
// any.
func TestOrderOfEventsDoesNotMatter(t *testing.T) {
	doc := document(t, "Any order", m{"connect": []any{
		m{"to": "number", "number": "+13035550198"}, m{"to": "message", "text": "Press.", "gather": m{"1": "INTERESTED", "9": "DNC"}},
	}})
	rapid.Check(t, func(t *rapid.T) {
		events := drawEvents(t)
		a, n := play(t, doc, events, nil)
		for range 4 {
			order := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 1))
			b, k := play(t, doc, events, order)
			if a != b || n != k {
				t.Fatalf("%+v\n%+v\n%+v", events, a, b)
			}
		}
	})
}

type drawnEvent struct {
	ev       telephony.Event
	question bool
}

// drawEvents draws what one call reports.
func drawEvents(t *rapid.T) []drawnEvent {
	end := rapid.SampledFrom([]telephony.Status{
		telephony.StatusCompleted, telephony.StatusBusy, telephony.StatusNoAnswer, telephony.StatusFailed,
		telephony.StatusCanceled,
	}).Draw(t, "end")
	by := rapid.SampledFrom([]telephony.AnsweredBy{telephony.ByHuman, telephony.ByUnknown, telephony.ByMachineBeep, telephony.ByFax}).Draw(t, "by")
	status := func(s telephony.Status, seq int) drawnEvent {
		e := telephony.Event{Kind: telephony.EventStatus, Status: s, Seq: seq}
		if s == telephony.StatusCompleted {
			e.AnsweredBy, e.Duration = by, 70*time.Second
		}
		if s == telephony.StatusFailed {
			e.SIPCode = 404
		}
		return drawnEvent{ev: e}
	}
	out := []drawnEvent{status(telephony.StatusInitiated, 0), status(telephony.StatusRinging, 1)}
	if end != telephony.StatusCompleted {
		return append(out, status(end, 2))
	}
	ask := func(e telephony.Event) { e.Seq = -1; out = append(out, drawnEvent{e, true}) }
	out = append(out, status(telephony.StatusInProgress, 2))
	ask(telephony.Event{Kind: telephony.EventVoice, AnsweredBy: by})
	if by == telephony.ByHuman || by == telephony.ByUnknown {
		if rapid.Bool().Draw(t, "talked") {
			if rapid.Bool().Draw(t, "told when") { // else the wait is reckoned: ten seconds
				out = append(out, drawnEvent{ev: telephony.Event{Kind: telephony.EventLeg, LegID: "L1", Seq: -1}})
			}
			ask(telephony.Event{Kind: telephony.EventDial, LegID: "L1", LegStatus: telephony.StatusCompleted, LegTime: time.Minute})
		} else {
			ask(telephony.Event{Kind: telephony.EventDial, LegID: "L1", LegStatus: telephony.StatusNoAnswer})
			if key := rapid.SampledFrom([]string{"", "1", "9", "5"}).Draw(t, "key"); key != "" {
				ask(telephony.Event{Kind: telephony.EventGather, Digits: key})
			}
		}
	}
	return append(out, status(end, 3))
}

type ending struct {
	state                                             event.State
	code                                              cadence.DispositionCode
	accepted, completed, answered, contact, abandoned bool
	dnc, late                                         bool
	wait                                              int64
	live                                              state.RuleLive
}

// play lets a call report its events in some order and returns how it ended.
// A nil order is the one in which they happened.
func play(t *rapid.T, doc string, events []drawnEvent, order *rand.Rand) (ending, state.Counts) {
	r := newRig(t)
	r.cadence(theCadence, doc)
	r.lead(theCadence, first)
	d := r.last()
	r.accept(d)
	if order != nil {
		events = shuffled(events, order)
		if order.IntN(2) == 0 {
			r.settle() // the response comes before the webhooks, else behind
		}
	}
	for _, e := range events {
		e.ev.Attempt, e.ev.CallID = d.Dial.Attempt, "CA00000000000000000000000000000001"
		r.turn(dialer.Item{Message: &dialer.Reported{Event: e.ev}})
	}
	r.settle()
	a := r.attempt(d.Dial.Attempt)
	return ending{a.State, a.Code, a.Accepted, a.Completed, a.Answered, a.Contact, a.Abandoned, r.number(first).DNC, a.Late, a.Wait, r.liveOf("us.abandon")}, r.counts()
}

// shuffled mixes events and repeats some. Questions keep their order, because
// the call asks the next one only when the last is answered, and it is not
// over while an answer still gives it something to do.
func shuffled(events []drawnEvent, order *rand.Rand) []drawnEvent {
	mixed := slices.Clone(events)
	for _, e := range events {
		if order.IntN(3) == 0 {
			mixed = append(mixed, e)
		}
	}
	order.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	rank := func(e drawnEvent) int {
		return slices.IndexFunc(events, func(o drawnEvent) bool { return o.ev == e.ev })
	}
	var at []int
	var asked []drawnEvent
	for i, e := range mixed {
		if e.question {
			at, asked = append(at, i), append(asked, e)
		}
	}
	slices.SortStableFunc(asked, func(a, b drawnEvent) int { return rank(a) - rank(b) })
	for i, e := range asked {
		mixed[at[i]] = e
	}
	busy := slices.IndexFunc(mixed, func(e drawnEvent) bool { return rank(e) == lastBusy(events) })
	if busy < 0 {
		return mixed
	}
	head := slices.DeleteFunc(slices.Clone(mixed[:busy]), func(e drawnEvent) bool { return e.ev.Status.Terminal() })
	mixed = append(head, mixed[busy:]...)
	if !slices.ContainsFunc(mixed, func(e drawnEvent) bool { return e.ev.Status.Terminal() }) {
		mixed = append(mixed, events[len(events)-1])
	}
	return mixed
}

// lastBusy is the last question whose answer goes on with the call; -1 when
// there is none.
func lastBusy(events []drawnEvent) int {
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i].ev
		if events[i].question && e.Kind != telephony.EventGather && e.LegStatus != telephony.StatusCompleted {
			return i
		}
	}
	return -1
}
