package state_test

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
)

func id(n int) cadence.ID { return cadence.NewID(7, [14]byte{byte(n >> 8), byte(n)}) }

func token(n int) event.Token { return event.Token{0, 0x70, byte(n)} }

// history draws facts that fit one another: leads come, are enrolled, called,
// answered or not, and leave.
type history struct {
	t     *rapid.T
	now   int64
	stays []*stay
	facts []event.Fact
	ids   int
}

type stay struct {
	id, lead, touch, attempt cadence.ID
	token                    event.Token
	touches                  int
	state                    state.TouchState
	placed, left             bool
}

func (h *history) add(f ...event.Fact) { h.facts = append(h.facts, f...) }

func (h *history) next() cadence.ID { h.ids++; return id(h.ids) }

func (h *history) step() {
	h.now += rapid.Int64Range(0, 3_600_000).Draw(h.t, "passes")
	if len(h.stays) == 0 || rapid.IntRange(0, 4).Draw(h.t, "new") == 0 {
		h.enroll()
		return
	}
	s := rapid.SampledFrom(h.stays).Draw(h.t, "stay")
	switch {
	case s.state == state.Dialing:
		h.call(s)
	case s.left:
		h.add(&event.SignalNoted{Lead: s.lead, Signal: "replied", At: h.now})
	case s.state == state.Held:
		h.add(&event.TouchDone{Enrollment: s.id, Touch: s.touch, Code: "CONNECTED", Counts: true, Contact: true, At: h.now, Finishes: true})
		h.arm(s)
	default:
		h.dial(s)
	}
	if !s.left && rapid.IntRange(0, 9).Draw(h.t, "leaves") == 0 {
		h.add(&event.EnrollmentLeft{Enrollment: s.id, Status: "removed", Reason: "drawn", At: h.now})
		s.left = true
		if s.state != state.Dialing {
			s.state = state.NoTouch
		}
	}
}

func (h *history) enroll() {
	n := len(h.stays)
	s := &stay{id: h.next(), lead: h.next(), token: token(n)}
	number := cadence.Number(fmt.Sprintf("+1303555%04d", 100+n))
	h.add(&event.NumberClaimed{Token: s.token, Number: number, Lead: s.lead, Region: "US"},
		&event.LeadSaved{Lead: cadence.Lead{ID: s.lead, Fields: map[string]string{"a": "b", "c": "d"}}, Tokens: []event.Token{s.token}, List: id(1), At: h.now},
		&event.Enrolled{ID: s.id, Lead: s.lead, Cadence: id(2), Version: 1, List: id(1), Campaign: "c", Numbers: []event.Token{s.token}, At: h.now})
	h.stays = append(h.stays, s)
	h.arm(s)
}

func (h *history) arm(s *stay) {
	s.touches++
	s.touch, s.state = h.next(), state.Waiting
	h.add(&event.TouchArmed{Enrollment: s.id, Touch: s.touch, StepKey: "one", Run: 1, RunStarted: h.now, Lane: uint32(1 + s.touches%3), Due: h.now + 1000, At: h.now})
}

func (h *history) dial(s *stay) {
	s.attempt, s.state, s.placed = h.next(), state.Dialing, false
	h.add(&event.Asked{Enrollment: s.id, Touch: s.touch, Expires: h.now + 1, At: h.now},
		&event.Intended{
			Attempt: s.attempt, Token: s.token, Enrollment: s.id, Touch: s.touch, Lead: s.lead, Cadence: id(2), Version: 1,
			From: "+13035550190", At: h.now, Due: h.now, CapSince: h.now - 90_000_000, Deadline: h.now + 9,
		},
		&event.TouchDialing{Enrollment: s.id, Touch: s.touch, Attempt: s.attempt, At: h.now})
}

func (h *history) call(s *stay) {
	switch what := rapid.IntRange(0, 3).Draw(h.t, "call"); {
	case what == 0 && !s.placed:
		h.add(&event.CallPlaced{Attempt: s.attempt, CallID: "CA1", How: "response", At: h.now, Deadline: h.now + 5})
		s.placed = true
	case what == 1 && !s.placed:
		h.add(&event.AttemptReturned{Attempt: s.attempt, Reason: "late", At: h.now})
		s.state = state.NoTouch
		if !s.left {
			h.arm(s)
		}
	case what == 2:
		h.add(&event.CallChanged{Attempt: s.attempt, State: event.Live, Seen: 3, AnsweredAt: h.now, Deadline: h.now + 7, At: h.now})
	default:
		h.end(s)
	}
}

func (h *history) end(s *stay) {
	contact := rapid.Bool().Draw(h.t, "contact")
	f := &event.AttemptEnded{
		Attempt: s.attempt, State: event.Ended, Code: "CONNECTED", Accepted: s.placed, Completed: true, Answered: true,
		Contact: contact, Abandoned: !contact, At: h.now,
	}
	if !s.placed && rapid.Bool().Draw(h.t, "lost") {
		f = &event.AttemptEnded{Attempt: s.attempt, State: event.NotPlaced, Code: "UNCONFIRMED", At: h.now}
		contact = false
	}
	h.add(f)
	if rapid.Bool().Draw(h.t, "revised") {
		h.add(&event.AttemptRevised{Attempt: s.attempt, Code: "SALE", Accepted: true, Completed: true, Answered: true, Contact: true, Converted: true, Why: "posted", At: h.now})
	}
	s.state = state.NoTouch
	switch {
	case s.left:
	case contact:
		h.add(&event.TouchHeld{Enrollment: s.id, Touch: s.touch, Attempt: s.attempt, Code: "CONNECTED", Until: h.now + 50, At: h.now})
		s.state = state.Held
	default:
		h.add(&event.TouchDone{Enrollment: s.id, Touch: s.touch, Attempt: s.attempt, Code: "ABANDONED", Counts: s.placed, At: h.now})
		h.arm(s)
	}
}

func draw(t *rapid.T) []event.Fact {
	h := &history{t: t, now: 1_773_673_200_000}
	for range rapid.IntRange(1, 60).Draw(t, "steps") {
		h.step()
	}
	return h.facts
}

func sorted(w []ledger.Write) []ledger.Write {
	slices.SortFunc(w, func(a, b ledger.Write) int { return bytes.Compare(a.Key, b.Key) })
	return w
}

func same(a, b []ledger.Write) bool {
	return slices.EqualFunc(sorted(a), sorted(b), func(x, y ledger.Write) bool {
		return bytes.Equal(x.Key, y.Key) && bytes.Equal(x.Value, y.Value) && x.Delete == y.Delete
	})
}

// Fold of a record that was encoded and decoded is Fold of the original, byte
// for byte, however the facts are cut into turns.
func TestFoldAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := draw(t)
		live, again := newBook(t), newBook(t)
		for len(facts) > 0 {
			n := rapid.IntRange(1, len(facts)).Draw(t, "turn")
			body, err := event.Encode(facts[:n])
			if err != nil {
				t.Fatal(err)
			}
			decoded, err := event.Decode(body)
			if err != nil {
				t.Fatal(err)
			}
			a, b := live.turn(facts[:n]), again.turn(decoded)
			if !same(a, b) {
				t.Fatalf("the writes differ after %d facts", n)
			}
			facts = facts[n:]
		}
		live.audit()
	})
}

// book is a ledger with a view over it.
type book struct {
	t      *rapid.T
	store  *memory.Ledger
	tenure ledger.Tenure
	view   *state.View
}

func newBook(t *rapid.T) *book {
	store := memory.New()
	tenure, err := store.Claim(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return &book{t, store, tenure, state.NewView(store)}
}

func (b *book) turn(facts []event.Fact) []ledger.Write {
	for _, f := range facts {
		b.view.Fold(f)
	}
	w := b.view.Writes()
	if _, err := b.tenure.Commit(context.Background(), 0, []byte{0x80}, w); err != nil {
		b.t.Fatal(err)
	}
	b.view.Settle()
	return w
}

// audit counts everything again from the rows: the totals of leads, the
// counters of attempts, and the due index.
func (b *book) audit() {
	rows := state.Rows{R: b.store}
	var want state.Stats
	due := map[string]bool{}
	b.check(rows.Enrollments(cadence.ID{}, func(id cadence.ID, e *state.Enrollment) bool {
		want.Enrolled++
		if e.LeftAt == 0 {
			want.Active++
		}
		if e.Touch.State == state.Waiting {
			want.Pending++
		}
		if e.Touch.State == state.Waiting || e.Touch.State == state.Held {
			due[string(state.DueKey(e.Touch.Lane, e.Touch.Due, e.Touch.ID))] = true
		}
		if e.Contacted {
			want.Contacted++
		}
		return true
	}))
	got, err := rows.Stats(id(2))
	b.check(err)
	if want.ToContact, want.Out = got.ToContact, got.Out; !reflect.DeepEqual(got, want) {
		b.t.Fatalf("totals %+v, the rows say %+v", got, want)
	}
	b.check(b.store.ScanKeys([]byte{'D'}, []byte{'E'}, func(k []byte) bool {
		if !due[string(k)] {
			b.t.Fatalf("a row of the due index nobody waits for: %x", k)
		}
		delete(due, string(k))
		lane, at, _, ok := state.ParseDueKey(k)
		if !ok || b.view.Mark(lane) > at {
			b.t.Fatalf("lane %d has its mark at %d, behind a row due at %d", lane, b.view.Mark(lane), at)
		}
		return true
	}))
	if len(due) > 0 {
		b.t.Fatalf("%d touches wait for due times that are not in the index", len(due))
	}
	b.counters(rows)
}

func (b *book) counters(rows state.Rows) {
	var sum, want state.Counts
	b.check(rows.Buckets(0, 0, func(_ int64, _ cadence.ID, c *state.Counts) bool { sum.Add(*c, 1); return true }))
	open := map[cadence.ID]bool{}
	b.check(rows.Opens(func(o *state.Open) bool {
		want.Intents++
		if o.CallID != "" {
			want.Attempts++
		}
		open[o.I.Attempt] = true
		return true
	}))
	b.check(rows.AttemptsBetween(0, 1<<60, cadence.ID{}, func(_ cadence.ID, a *state.Attempt) bool {
		want.Intents++
		for to, on := range map[*int64]bool{
			&want.Attempts: a.Accepted, &want.Completed: a.Completed, &want.Answered: a.Answered,
			&want.Contacts: a.Contact, &want.Conversions: a.Converted, &want.Abandoned: a.Abandoned, &want.Voicemails: a.Voicemail,
			&want.Unconfirmed: a.State == event.NotPlaced,
		} {
			if on {
				*to++
			}
		}
		return true
	}))
	if want.Returned = sum.Returned; sum != want {
		b.t.Fatalf("counters %+v, the rows say %+v", sum, want)
	}
	var used int64
	row, err := rows.CallerID("+13035550190")
	b.check(err)
	if row != nil {
		used = row.Today
	}
	if used > want.Intents {
		b.t.Fatalf("a caller ID was used %d times for %d intents", used, want.Intents)
	}
	for n := range 60 {
		num, err := rows.Number(token(n))
		b.check(err)
		if num != nil && !num.Open.IsZero() && !open[num.Open] {
			b.t.Fatalf("number %d is held by an attempt that is over", n)
		}
	}
}

func (b *book) check(err error) {
	if err != nil {
		b.t.Fatal(err)
	}
}
