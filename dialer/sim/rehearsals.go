package sim

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// staffNumbers are the house's own; no lead has one of them.
var staffNumbers = []cadence.Number{"+13035550971", "+12125550972", "+13035550973"}

const simCode = "427190"

// rehearse lets somebody do something about rehearsals, every so often, for as
// long as there are faults.
func (w *World) rehearse() {
	n := 0
	var again func()
	again = func() {
		if w.now >= w.faultyUntil {
			return
		}
		n++
		w.tryOut(w.draw("rehearse", seqID(uint64(n))), uint64(n))
		w.agenda.plan(w.now+w.o.Rehearse.Milliseconds(), again)
	}
	w.agenda.plan(w.now+w.o.Rehearse.Milliseconds(), again)
}

// tryOut does one thing: the staff numbers come, are verified and go, and steps
// are rehearsed to them, whether or not they may be.
func (w *World) tryOut(r *rand.Rand, n uint64) {
	to := staffNumbers[r.IntN(len(staffNumbers))]
	id := w.rehearsalID(to, n)
	switch what := r.IntN(20); {
	case what == 0:
		w.order(&dialer.RemoveStaff{Number: to, By: "operator"}, nil)
	case what < 4:
		w.order(&dialer.AddStaff{Number: to, Name: "Desk", By: "operator"}, nil)
	case what < 7:
		w.order(&dialer.VerifyStaff{ID: id, Number: to, Code: simCode, By: "operator"}, nil)
	case what < 10:
		w.order(&dialer.ConfirmStaff{Number: to, Code: []string{simCode, "0"}[r.IntN(2)], By: "operator"}, nil)
	default:
		if r.IntN(5) == 0 { // one that was asked for before
			id = w.rehearsalID(to, n-uint64(r.IntN(3)))
		}
		m := &dialer.Rehearse{ID: id, Number: to, Cadence: w.any(r), Draft: r.IntN(3) == 0, Step: strconv.Itoa(1 + r.IntN(2)), By: "operator"}
		w.order(m, nil)
	}
}

func (w *World) rehearsalID(to cadence.Number, n uint64) cadence.ID {
	rest := [14]byte{'r', 'h'}
	copy(rest[2:], fmt.Sprint(n))
	return cadence.NewID(dialer.TokenOf(w.rules.NumberKey, to).Slot(), rest)
}

// trials are the rehearsals, as the records say.
type trials struct {
	staff    map[event.Token]bool // false: not verified
	asked    map[cadence.ID]*event.RehearsalAsked
	attempts map[cadence.ID]cadence.ID // of each rehearsal
	over     map[cadence.ID]bool
	calls    map[cadence.Number][]int64 // true times of accepted calls
}

func newTrials() trials {
	return trials{
		staff: map[event.Token]bool{}, asked: map[cadence.ID]*event.RehearsalAsked{}, attempts: map[cadence.ID]cadence.ID{},
		over: map[cadence.ID]bool{}, calls: map[cadence.Number][]int64{},
	}
}

// rehearsed follows one fact in the books of rehearsals, and judges I24: one is
// placed once, within its minute, and to a number that is verified, unless it
// speaks the code.
func (t *witness) rehearsed(f event.Fact) {
	b := &t.trials
	switch f := f.(type) {
	case *event.StaffAdded:
		b.staff[f.Token] = false
	case *event.StaffVerified:
		b.staff[f.Token] = true
	case *event.StaffRemoved:
		delete(b.staff, f.Token)
	case *event.RehearsalAsked:
		t.checks++
		if b.asked[f.ID] != nil {
			t.broken("I24", about{token: f.Token}, "rehearsal %s was asked for twice", f.ID.Bare())
		}
		b.asked[f.ID] = f
	case *event.RehearsalRefused:
		b.over[f.ID] = true
	case *event.AttemptReturned:
		t.trialOver(f.Attempt)
	case *event.AttemptEnded:
		t.trialOver(f.Attempt)
	case *event.Intended:
		if !f.Rehearsal.IsZero() {
			t.trial(f)
		}
	}
}

func (t *witness) trialOver(attempt cadence.ID) {
	if i := t.intents[attempt]; i != nil && !i.Rehearsal.IsZero() {
		t.trials.over[i.Rehearsal] = true
	}
}

func (t *witness) trial(f *event.Intended) {
	b, a := &t.trials, about{attempt: f.Attempt, token: f.Token}
	t.checks++
	asked := b.asked[f.Rehearsal]
	if asked == nil || asked.Token != f.Token {
		t.broken("I24", a, "a rehearsal that nobody asked for")
		return
	}
	verified, known := b.staff[f.Token]
	switch {
	case !known, !verified && asked.Code == "":
		t.broken("I24", a, "a rehearsal to a number that is not verified")
	case b.over[f.Rehearsal] || !b.attempts[f.Rehearsal].IsZero():
		t.broken("I24", a, "rehearsal %s is placed twice, or after its end", f.Rehearsal.Bare())
	case f.At >= asked.Expires:
		t.broken("I24", a, "rehearsal %s is placed %d ms after its minute", f.Rehearsal.Bare(), f.At-asked.Expires)
	}
	b.attempts[f.Rehearsal] = f.Attempt
}

// trialCaps judges an accepted rehearsal: ten a number in any 24 hours.
func (t *witness) trialCaps(attempt cadence.ID, to cadence.Number) {
	b, now := &t.trials, t.w.trueMs()
	kept := b.calls[to][:0]
	for _, at := range b.calls[to] {
		if at > now-dayMs {
			kept = append(kept, at)
		}
	}
	if len(kept) >= dialer.RehearsalsPerDay {
		t.broken("I24", about{attempt: attempt}, "%d rehearsals to one number within 24 hours", len(kept)+1)
	}
	b.calls[to] = append(kept, now)
}

// trialRows compares the rows of a node's rehearsals with the books, and takes
// what waits out of those rows of the due index that are to be explained.
func (t *witness) trialRows(n *node, due map[string]cadence.ID) {
	t.check(n.rows().Rehearsals(0, cadence.ID{}, func(id cadence.ID, r *state.Rehearsal) bool {
		waits := r.State == state.RehearsalWaiting
		for _, key := range []string{string(state.DueKey(r.Lane, r.At, id)), string(state.DueKey(0, r.Expires, id))} {
			if _, armed := due[key]; armed != waits {
				t.broken("I4", about{}, "rehearsal %s in state %d: its row of the due index is there: %v", id.Bare(), r.State, armed)
			}
			delete(due, key)
		}
		if over := r.State >= state.RehearsalOver; over != t.trials.over[id] || r.Attempt != t.trials.attempts[id] {
			t.broken("I4", about{}, "rehearsal %s is in state %d with attempt %s, the facts say otherwise", id.Bare(), r.State, r.Attempt.Bare())
		}
		return true
	}))
}

// trialsOver judges at rest that every rehearsal has come to its end: I17.
func (t *witness) trialsOver() {
	for id := range t.trials.asked {
		if !t.trials.over[id] {
			t.broken("I17", about{}, "rehearsal %s is still open", id.Bare())
		}
	}
}
