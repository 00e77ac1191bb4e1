package state_test

import (
	"bytes"
	"cmp"
	"context"
	"os"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
)

func drawID(t *rapid.T) (id cadence.ID) {
	copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
	return id
}

// The due index is read in the order (lane, due, touch), and each key tells
// all three.
func TestDueKeyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type row struct {
			lane  uint32
			due   int64
			touch cadence.ID
		}
		drawn := func() row {
			return row{rapid.Uint32().Draw(t, "lane"), rapid.Int64Min(0).Draw(t, "due"), drawID(t)}
		}
		a, b := drawn(), drawn()
		if rapid.Bool().Draw(t, "same lane") {
			b.lane = a.lane
		}
		if rapid.Bool().Draw(t, "same due") {
			b.due = a.due
		}
		want := cmp.Or(cmp.Compare(a.lane, b.lane), cmp.Compare(a.due, b.due), bytes.Compare(a.touch[:], b.touch[:]))
		ka, kb := state.DueKey(a.lane, a.due, a.touch), state.DueKey(b.lane, b.due, b.touch)
		if got := bytes.Compare(ka, kb); got != want {
			t.Fatalf("%+v and %+v: keys compare %d, want %d", a, b, got, want)
		}
		if lane, due, touch, ok := state.ParseDueKey(ka); !ok || (row{lane, due, touch}) != a {
			t.Fatalf("%+v came back as %d %d %x %v", a, lane, due, touch, ok)
		}
		if _, _, _, ok := state.ParseDueKey(ka[:rapid.IntRange(0, len(ka)-1).Draw(t, "cut")]); ok {
			t.Fatal("a cut key was parsed")
		}
	})
}

// Attempts are listed newest first and in pages, each once.
func TestAttemptsInPages(t *testing.T) {
	store := memory.New()
	tenure, err := store.Claim(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	v := state.NewView(store)
	lead := id(99)
	for n := range 10 {
		at := int64(1000 + n/2) // two at a time
		v.Fold(&event.Intended{Attempt: id(n), Token: token(n), Lead: lead, Cadence: id(50), At: at, From: "+13035550190"})
		v.Fold(&event.AttemptEnded{Attempt: id(n), State: event.Ended, Code: "NO_ANSWER", At: at})
	}
	if _, err := tenure.Commit(context.Background(), 0, []byte{0x80}, v.Writes()); err != nil {
		t.Fatal(err)
	}
	v.Settle()
	rows := state.Rows{R: store}
	for name, read := range map[string]func(to int64, below cadence.ID, fn func(cadence.ID, *state.Attempt) bool) error{
		"of all": func(to int64, below cadence.ID, fn func(cadence.ID, *state.Attempt) bool) error {
			return rows.AttemptsBetween(0, to, below, fn)
		},
		"of the lead": func(to int64, below cadence.ID, fn func(cadence.ID, *state.Attempt) bool) error {
			return rows.AttemptsOfLead(lead, to, below, fn)
		},
	} {
		var got []cadence.ID
		to, below := int64(2000), cadence.ID{}
		for range 20 {
			n := 0
			err := read(to, below, func(id cadence.ID, a *state.Attempt) bool {
				got, to, below = append(got, id), a.At, id
				n++
				return n < 3
			})
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break
			}
		}
		if len(got) != 10 {
			t.Errorf("%s: %d in pages", name, len(got))
		}
		for i, a := range got {
			if a != id(9-i) {
				t.Fatalf("%s: attempt %d of the pages is %x", name, i, a)
			}
		}
	}
	mine := 0
	err = rows.AttemptsOfLead(lead, 1003, cadence.ID{}, func(_ cadence.ID, a *state.Attempt) bool { mine++; return a.At < 1003 })
	if err != nil || mine != 6 {
		t.Fatalf("%d before 1003 (%v)", mine, err)
	}
}

func FuzzRowDecode(f *testing.F) {
	golden, err := os.ReadFile("../event/testdata/v1.record")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(golden)
	f.Add(state.Encode(&state.Enrollment{Numbers: []event.Token{{1}}, Retries: []state.Used{{On: "BUSY", N: 1}}}))
	f.Add(state.Encode(&state.Open{Posted: &event.DispositionPosted{Code: "SALE"}}))
	f.Add(state.Encode(&state.Number{Leads: []cadence.ID{{1}}, Intents: []int64{-1}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, row := range []state.Row{
			&state.Office{}, &state.Cadence{}, &state.Stats{}, &state.Counts{}, &state.Lane{}, &state.Lead{},
			&state.Enrollment{}, &state.Number{}, &state.Open{}, &state.Attempt{}, &state.Revision{}, &state.CallerID{}, &state.Import{}, &state.Answer{},
		} {
			if state.Decode(b, row) != nil {
				continue
			}
			once := state.Encode(row)
			again := reflect.New(reflect.TypeOf(row).Elem()).Interface().(state.Row)
			if err := state.Decode(once, again); err != nil || !bytes.Equal(state.Encode(again), once) {
				t.Fatalf("%T is not stable: %v", row, err)
			}
		}
	})
}

func BenchmarkFold(b *testing.B) {
	store := memory.New()
	v := state.NewView(store)
	lead := id(1)
	v.Fold(&event.LeadSaved{Lead: cadence.Lead{ID: lead}, Tokens: []event.Token{token(1)}, At: 1})
	v.Fold(&event.Enrolled{ID: id(2), Lead: lead, Cadence: id(3), Version: 1, Numbers: []event.Token{token(1)}, At: 1})
	b.ReportAllocs()
	n := 0
	for b.Loop() { // one whole dial: asked, intent, placed, ended, done, armed again
		n++
		touch, attempt := id(10+n%1000), cadence.NewID(7, [14]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n), 1})
		v.Fold(&event.TouchArmed{Enrollment: id(2), Touch: touch, StepKey: "one", Run: 1, RunStarted: 1, Lane: 1, Due: int64(n), At: 1})
		v.Fold(&event.Asked{Enrollment: id(2), Touch: touch, At: 1})
		v.Fold(&event.Intended{Attempt: attempt, Token: token(1), Enrollment: id(2), Touch: touch, Lead: lead, Cadence: id(3), At: int64(n), CapSince: int64(n) - 1, From: "+13035550190"})
		v.Fold(&event.TouchDialing{Enrollment: id(2), Touch: touch, Attempt: attempt, At: 1})
		v.Fold(&event.CallPlaced{Attempt: attempt, CallID: "CA1", At: 1})
		v.Fold(&event.AttemptEnded{Attempt: attempt, State: event.Ended, Code: "NO_ANSWER", Accepted: true, At: 1})
		v.Fold(&event.TouchDone{Enrollment: id(2), Touch: touch, Attempt: attempt, Code: "NO_ANSWER", Counts: true, At: 1})
		if n%256 == 0 {
			v.Writes()
		}
		if n%4096 == 0 {
			b.StopTimer()
			v = state.NewView(store)
			v.Fold(&event.LeadSaved{Lead: cadence.Lead{ID: lead}, Tokens: []event.Token{token(1)}, At: 1})
			v.Fold(&event.Enrolled{ID: id(2), Lead: lead, Cadence: id(3), Version: 1, Numbers: []event.Token{token(1)}, At: 1})
			b.StartTimer()
		}
	}
}
