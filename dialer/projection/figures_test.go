package projection_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

func TestFigures(t *testing.T) {
	cases := []struct {
		name   string
		counts state.Counts
		want   string
	}{
		{"nothing", state.Counts{}, `{"attempts":0,"completed":0,"contacts":0,"conversions":0,"completion_rate":null,"contact_rate":null,"conversion_rate":null}`},
		{
			"no contact",
			state.Counts{Attempts: 4, Completed: 3},
			`{"attempts":4,"completed":3,"contacts":0,"conversions":0,"completion_rate":0.75,"contact_rate":0,"conversion_rate":null}`,
		},
		{
			"all",
			state.Counts{Attempts: 8, Completed: 8, Contacts: 4, Conversions: 1},
			`{"attempts":8,"completed":8,"contacts":4,"conversions":1,"completion_rate":1,"contact_rate":0.5,"conversion_rate":0.25}`,
		},
		{
			"a conversion that was no contact",
			state.Counts{Attempts: 2, Completed: 2, Contacts: 1, Conversions: 2},
			`{"attempts":2,"completed":2,"contacts":1,"conversions":2,"completion_rate":1,"contact_rate":0.5,"conversion_rate":1}`,
		},
	}
	for _, c := range cases {
		got, err := json.Marshal(projection.FiguresOf(c.counts))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s %v, want %s", c.name, got, err, c.want)
		}
	}
}

// filled is a ledger whose log holds random attempts of three cadences over
// four days.
func filled(t *rapid.T) (state.Rows, int64) {
	l := memory.New()
	tenure, err := l.Claim(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	v := state.NewView(l)
	start := time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC).UnixMilli()
	var facts []event.Fact
	for i := range rapid.IntRange(0, 60).Draw(t, "attempts") {
		var rest [14]byte
		rest[0] = byte(i + 1)
		id, of := cadence.NewID(1, rest), cadence.NewID(cadence.OfficeSlot, [14]byte{byte(i%3 + 1)})
		at := start + rapid.Int64Range(0, 4*86400e3).Draw(t, "at")
		answered := rapid.Bool().Draw(t, "answered")
		facts = append(facts,
			&event.Intended{Attempt: id, Token: event.Token{byte(i + 1)}, Cadence: of, At: at, Verdict: []byte{}},
			&event.AttemptEnded{
				Attempt: id, State: event.Ended, Code: "X", Accepted: true, Completed: rapid.Bool().Draw(t, "completed") || answered,
				Answered: answered, Contact: answered && rapid.Bool().Draw(t, "contact"), At: at + 1000,
			})
	}
	for _, f := range facts {
		v.Fold(f)
	}
	writes := v.Writes()
	if _, err := tenure.Commit(context.Background(), start, []byte("facts"), writes); err != nil {
		t.Fatal(err)
	}
	return state.Rows{R: ledger.Reader(l)}, start
}

// The quarters of an hour add up to the whole, whatever is cut where; the
// meter says what the tally says; rates stay within 0..1.
func TestPartsAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows, start := filled(rt)
		whole, err := projection.Tally(rows, 0, 0)
		if err != nil {
			rt.Fatal(err)
		}
		cut := (start + rapid.Int64Range(0, 4*86400e3).Draw(rt, "cut")) / state.BucketMs * state.BucketMs
		before, err := projection.Tally(rows, 0, cut)
		if err != nil {
			rt.Fatal(err)
		}
		after, err := projection.Tally(rows, cut, 0)
		if err != nil {
			rt.Fatal(err)
		}
		sum := projection.Sum(before)
		sum.Add(projection.Sum(after), 1)
		if sum != projection.Sum(whole) {
			rt.Fatalf("parts %+v, whole %+v", sum, projection.Sum(whole))
		}
		var m projection.Meter
		for range 2 {
			totals, err := m.Totals(rows, time.UnixMilli(start+4*86400e3), 0)
			if err != nil || projection.Sum(totals) != projection.Sum(whole) {
				rt.Fatalf("meter %+v %v, whole %+v", projection.Sum(totals), err, projection.Sum(whole))
			}
		}
		f := projection.FiguresOf(sum)
		for _, r := range []*float64{f.CompletionRate, f.ContactRate, f.ConversionRate} {
			if r != nil && (*r < 0 || *r > 1) {
				rt.Fatalf("rate %v", *r)
			}
		}
	})
}

func TestAnswerType(t *testing.T) {
	to := func(kinds ...cadence.ConnectKind) []cadence.Connect {
		var out []cadence.Connect
		for _, k := range kinds {
			out = append(out, cadence.Connect{To: k})
		}
		return out
	}
	cases := []struct {
		doc  *cadence.Document
		want string
	}{
		{nil, projection.TypeNone},
		{&cadence.Document{}, projection.TypeNone},
		{&cadence.Document{Connect: to(cadence.ConnectSIP, cadence.ConnectNumber)}, "sip"},
		{&cadence.Document{Connect: to(cadence.ConnectSIP), Steps: []cadence.Step{{}, {Connect: to(cadence.ConnectSIP)}}}, "sip"},
		{&cadence.Document{Connect: to(cadence.ConnectSIP), Steps: []cadence.Step{{Connect: to(cadence.ConnectNumber)}}}, projection.TypeMixed},
		{&cadence.Document{Steps: []cadence.Step{{Connect: to(cadence.ConnectMessage)}}}, "message"},
		{&cadence.Document{Connect: to("carrier pigeon")}, projection.TypeNone},
	}
	for i, c := range cases {
		if got := projection.AnswerType(c.doc); got != c.want {
			t.Errorf("case %d: %s, want %s", i, got, c.want)
		}
	}
}
