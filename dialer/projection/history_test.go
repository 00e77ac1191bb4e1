package projection_test

import (
	"cmp"
	"context"
	"reflect"
	"slices"
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

// begun is when the calls of these tests begin.
var begun = time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC).UnixMilli()

const span = int64(4 * 86_400_000)

// book is a ledger to which attempts are added turn by turn.
type book struct {
	t      *rapid.T
	tenure ledger.Tenure
	view   *state.View
	rows   state.Rows
	last   int64
	closed []cadence.ID
}

func newBook(t *rapid.T) *book {
	l := memory.New()
	tenure, err := l.Claim(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return &book{t: t, tenure: tenure, view: state.NewView(l), rows: state.Rows{R: ledger.Reader(l)}, last: begun}
}

func (b *book) commit(facts ...event.Fact) {
	for _, f := range facts {
		b.view.Fold(f)
	}
	b.last++
	if _, err := b.tenure.Commit(context.Background(), b.last, []byte("facts"), b.view.Writes()); err != nil {
		b.t.Fatal(err)
	}
}

func id(table, n int) cadence.ID {
	return cadence.NewID(1, [14]byte{byte(table), byte(n), byte(n >> 8)})
}

// close adds a closed attempt and returns its id.
func (b *book) close() cadence.ID {
	t := b.t
	n := len(b.closed)
	at := begun + rapid.Int64Range(0, span).Draw(t, "at")
	local := ""
	if rapid.Bool().Draw(t, "zone known") {
		local = time.UnixMilli(at).In(time.FixedZone("", -5*3600)).Format("2006-01-02T15:04:05-07:00")
	}
	answered := rapid.Bool().Draw(t, "answered")
	one := id(1, n)
	stay := rapid.IntRange(0, 8).Draw(t, "stay") // of one cadence each
	b.commit(
		&event.Intended{
			Attempt: one, Token: event.Token{byte(n), byte(n >> 8)}, Enrollment: id(2, stay), Cadence: id(3, stay%3), StepKey: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "step"),
			Run: rapid.IntRange(1, 2).Draw(t, "run"), From: rapid.SampledFrom([]cadence.Number{"+13035550100", "+13035550101"}).Draw(t, "from"),
			At: at, Local: local, Verdict: []byte{},
		},
		&event.AttemptEnded{
			Attempt: one, State: event.Ended, Code: rapid.SampledFrom([]cadence.DispositionCode{"X", "Y"}).Draw(t, "code"),
			Accepted: answered || rapid.Bool().Draw(t, "accepted"), Completed: answered, Answered: answered,
			Contact: answered && rapid.Bool().Draw(t, "contact"), Converted: answered && rapid.Bool().Draw(t, "converted"),
			Abandoned: answered && rapid.Bool().Draw(t, "abandoned"), At: at + 1000,
		})
	b.closed = append(b.closed, one)
	return one
}

// revise changes an attempt that is closed.
func (b *book) revise() cadence.ID {
	one := rapid.SampledFrom(b.closed).Draw(b.t, "revised")
	b.commit(&event.AttemptRevised{
		Attempt: one, Code: "Z", Accepted: true, Completed: true, Answered: true, Contact: rapid.Bool().Draw(b.t, "contact"),
		Converted: rapid.Bool().Draw(b.t, "converted"), At: b.last, Why: "correction",
	})
	return one
}

// all are the closed attempts as the rows have them, newest first.
func (b *book) all() (out []projection.Closed) {
	err := b.rows.AttemptsBetween(0, 1<<53, cadence.ID{}, func(id cadence.ID, a *state.Attempt) bool {
		out = append(out, projection.Closed{ID: id, Row: a})
		return true
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// What reports count is what a recount of the rows gives, however much of it
// was read at first and told later, in whichever order: the sums, the week's
// hours, the steps, and the counters that Fold keeps beside.
func TestReportsAreARecount(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBook(rt)
		calls := projection.NewHistory(projection.MaxCalls)
		for range rapid.IntRange(0, 25).Draw(rt, "before") {
			b.close()
		}
		stored := b.all() // what the first reading has seen, perhaps an old picture of it
		for range rapid.IntRange(0, 25).Draw(rt, "after") {
			if len(b.closed) > 0 && rapid.Bool().Draw(rt, "revise") {
				calls.Note(b.revise())
			} else {
				calls.Note(b.close())
			}
		}
		if rapid.Bool().Draw(rt, "told first") {
			if err := calls.Catch(b.rows); err != nil {
				rt.Fatal(err)
			}
		}
		calls.Add(stored)
		calls.Complete()
		if err := calls.Catch(b.rows); err != nil {
			rt.Fatal(err)
		}
		from := (begun + rapid.Int64Range(0, span/2).Draw(rt, "from")) / state.BucketMs * state.BucketMs
		to := from + rapid.Int64Range(1, 300).Draw(rt, "quarters")*state.BucketMs
		got := calls.Report(projection.Question{From: from, To: to})
		want := recount(b.all(), from, to)
		want.ToContact = got.ToContact // has a test of its own
		if !reflect.DeepEqual(got, want) {
			rt.Fatalf("the report says\n%+v\na recount\n%+v", got, want)
		}
		kept, err := projection.Tally(b.rows, from, to)
		if err != nil {
			rt.Fatal(err)
		}
		if sum := projection.Sum(kept); sum != got.Counts {
			rt.Fatalf("the report says %+v, the counters %+v", got.Counts, sum)
		}
		only := id(3, 1)
		if one := calls.Report(projection.Question{From: from, To: to, Cadence: only}); one.Counts != kept[only] {
			rt.Fatalf("of one cadence %+v, the counters %+v", one.Counts, kept[only])
		}
	})
}

// recount is a report made in the plainest way.
func recount(all []projection.Closed, from, to int64) *projection.Report {
	slices.SortFunc(all, func(a, b projection.Closed) int {
		return cmp.Or(cmp.Compare(a.Row.At, b.Row.At), slices.Compare(a.ID[:], b.ID[:]))
	})
	out := &projection.Report{}
	type step struct {
		cadence cadence.ID
		run     int
		key     string
	}
	counts := map[any]*state.Counts{}
	leads := map[any]map[cadence.ID]bool{}
	for _, c := range all {
		a := c.Row
		if a.At < from || a.At >= to {
			continue
		}
		n := countsOf(a)
		for _, key := range []any{"all", a.Cadence, a.From, step{a.Cadence, a.Run, a.StepKey}, a.Code} {
			if counts[key] == nil {
				counts[key], leads[key] = &state.Counts{}, map[cadence.ID]bool{}
			}
			counts[key].Add(n, 1)
			leads[key][a.Enrollment] = true
		}
		cell := &out.NoHour
		if t, err := time.Parse(time.RFC3339, a.Local); err == nil {
			cell = &out.Hours[(int(t.Weekday())+6)%7*24+t.Hour()]
		}
		cell.Attempts += n.Attempts
		cell.Contacts += n.Contacts
	}
	for key, n := range counts {
		switch key := key.(type) {
		case string:
			out.Counts, out.Leads = *n, int64(len(leads[key]))
		case cadence.ID:
			out.ByCadence = append(out.ByCadence, projection.CadenceCalls{Cadence: key, Leads: int64(len(leads[key])), Counts: *n})
		case cadence.Number:
			out.CallerIDs = append(out.CallerIDs, projection.CallerCalls{Number: key, Counts: *n})
		case cadence.DispositionCode:
			out.Dispositions = append(out.Dispositions, projection.CodeCalls{Code: key, Calls: n.Intents})
		case step:
			out.Steps = append(out.Steps, projection.StepCalls{Cadence: key.cadence, Step: key.key, Run: key.run, Leads: int64(len(leads[key])), Counts: *n})
		}
	}
	slices.SortFunc(out.ByCadence, func(x, y projection.CadenceCalls) int {
		return cmp.Or(cmp.Compare(y.Counts.Attempts, x.Counts.Attempts), slices.Compare(x.Cadence[:], y.Cadence[:]))
	})
	slices.SortFunc(out.CallerIDs, func(x, y projection.CallerCalls) int { return cmp.Compare(x.Number, y.Number) })
	slices.SortFunc(out.Dispositions, func(x, y projection.CodeCalls) int {
		return cmp.Or(cmp.Compare(y.Calls, x.Calls), cmp.Compare(x.Code, y.Code))
	})
	slices.SortFunc(out.Steps, func(x, y projection.StepCalls) int {
		return cmp.Or(slices.Compare(x.Cadence[:], y.Cadence[:]), cmp.Compare(x.Run, y.Run), cmp.Compare(x.Step, y.Step))
	})
	return out
}

func countsOf(a *state.Attempt) state.Counts {
	one := func(b bool) int64 {
		if b {
			return 1
		}
		return 0
	}
	return state.Counts{
		Intents: 1, Attempts: one(a.Accepted), Completed: one(a.Completed), Answered: one(a.Answered), Contacts: one(a.Contact),
		Conversions: one(a.Converted), Abandoned: one(a.Abandoned), Voicemails: one(a.Voicemail),
	}
}

func row(n, stay int, day float64, contact bool) projection.Closed {
	return projection.Closed{ID: id(1, n), Row: &state.Attempt{
		Enrollment: id(2, stay), Cadence: id(3, 0), At: begun + int64(day*86_400_000), Accepted: true, Answered: contact, Contact: contact,
	}}
}

// The curve follows the leads that were called for the first time in the
// period, by their calls until its end.
func TestAttemptsToContact(t *testing.T) {
	calls := projection.NewHistory(projection.MaxCalls)
	calls.Add([]projection.Closed{
		row(1, 1, 1.0, false), row(2, 1, 1.1, true), row(3, 1, 1.2, false), // contact at the second
		row(4, 2, 1.3, false), row(5, 2, 1.4, false), row(6, 2, 1.5, false), // never
		row(7, 3, 1.6, true),                        // at the first
		row(8, 4, 0.1, false), row(9, 4, 1.7, true), // called before the period
		row(10, 5, 1.8, false), row(11, 5, 3.5, true), // reached behind it
	})
	got := calls.Report(projection.Question{From: begun + 86_400_000, To: begun + 3*86_400_000}).ToContact
	want := projection.ToContact{Leads: 4, Points: []projection.ContactPoint{{Attempt: 1, Reached: 4, Contacts: 1}, {Attempt: 2, Reached: 2, Contacts: 1}, {Attempt: 3, Reached: 1}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Too many calls: the oldest hours go, and the report says since when it counts.
func TestCallsAreBounded(t *testing.T) {
	calls := projection.NewHistory(10)
	var all []projection.Closed
	for n := range 30 {
		all = append(all, row(n, n, 3-float64(n)/24, false))
	}
	if calls.Add(all[:5]); calls.Report(projection.Question{To: 1 << 53}).Reached != all[4].Row.At {
		t.Error("it does not say how far it has read")
	}
	if calls.Add(all[5:]) {
		t.Error("it asks for older calls, for which there is no room")
	}
	calls.Complete()
	got := calls.Report(projection.Question{To: 1 << 53})
	if got.Counts.Attempts != 10 || got.Since == 0 || got.Since > all[9].Row.At || got.Since <= all[10].Row.At || got.Reached != 0 {
		t.Errorf("%d calls since %d, read back to %d", got.Counts.Attempts, got.Since, got.Reached)
	}
}

func TestWeekHour(t *testing.T) {
	for local, want := range map[string]uint8{
		"2026-03-02T00:59:00-05:00": 0, "2026-03-08T23:00:00+01:00": 167, "2026-03-03T10:00:00-05:00": 34, "": 255, "soon": 255,
	} {
		if got := projection.WeekHour(local); got != want {
			t.Errorf("%s: %d, want %d", local, got, want)
		}
	}
}
