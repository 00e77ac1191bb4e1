package dialer_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/ledgertest"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// edition is one import of the list "national" at a rig.
type edition struct {
	r    *rig
	id   cadence.ID
	line int64
}

func (r *rig) edition(n byte, asOf time.Time) (*edition, error) {
	r.t.Helper()
	e := &edition{r: r, id: cadence.NewID(cadence.OfficeSlot, [14]byte{7, n})}
	reply, err := r.do(&dialer.OpenScrub{Name: "national", Job: event.ImportOpened{ID: e.id, Digest: []byte{n}, AsOf: asOf.UnixMilli()}})
	if opened, ok := reply.(dialer.OpenedScrub); ok {
		e.id = opened.Import
	}
	return e, err
}

func tokenOf(n cadence.Number) event.Token { return dialer.TokenOf([]byte(numberKey), n) }

func (e *edition) take(numbers ...cadence.Number) {
	e.r.t.Helper()
	m := &dialer.ScrubRows{Import: e.id, Line: e.line + int64(len(numbers))}
	for _, n := range numbers {
		m.Tokens = append(m.Tokens, tokenOf(n))
	}
	e.line = m.Line
	e.r.must(m)
}

// end closes the edition as the importer would.
func (e *edition) end(failed string) {
	e.r.t.Helper()
	imp, err := e.r.rows().Import(e.id)
	e.r.check(err)
	count, sum, err := e.r.rows().CountListed(imp.Job.Scrub, imp.Job.Edition)
	e.r.check(err)
	e.r.must(&dialer.EndScrub{Import: e.id, Count: count, Sum: sum, Error: failed})
}

func (r *rig) onList(n cadence.Number) bool {
	r.t.Helper()
	l, err := r.rows().Listed(tokenOf(n))
	r.check(err)
	on := false
	r.check(r.rows().ScrubLists(func(i uint32, s *state.ScrubList) bool { _, on = l.Of(i, s); return true }))
	return on
}

// A number is on the list as soon as its line is taken, and leaves it only when
// a whole edition lacks it.
func TestEditions(t *testing.T) {
	r := newRig(t)
	want := func(what string, one, two bool) {
		t.Helper()
		if r.onList(first) != one || r.onList(second) != two {
			t.Errorf("%s: %v, %v", what, r.onList(first), r.onList(second))
		}
	}
	a, err := r.edition(1, monday)
	r.check(err)
	a.take(first, first)
	want("at once", true, false)
	a.end("")
	want("whole", true, false)
	b, err := r.edition(2, monday)
	r.check(err)
	b.take(second)
	want("half of the next", true, true)
	b.end("the disk is full")
	want("which failed", true, true)
	c, err := r.edition(3, monday)
	r.check(err)
	c.take(second)
	c.end("")
	want("and is done again", false, true)
	r.check(r.rows().ScrubLists(func(_ uint32, s *state.ScrubList) bool {
		if s.Edition != 3 || s.Count != 1 || s.Sum != state.TokenSum(tokenOf(second)) || s.Next != 0 || s.AsOf != monday.UnixMilli() {
			t.Errorf("%+v", s)
		}
		return true
	}))
	l, err := r.rows().Listed(tokenOf(second))
	r.check(err)
	if len(l.On) != 1 || l.On[0].Since != monday.Unix() {
		t.Errorf("%+v", l)
	}
}

// An edition whose numbers are not all there is not put in force.
func TestEditionThatLacksANumber(t *testing.T) {
	r := newRig(t)
	a, err := r.edition(1, monday)
	r.check(err)
	a.take(first)
	r.must(&dialer.EndScrub{Import: a.id, Count: 1, Sum: 1})
	imp, err := r.rows().Import(a.id)
	r.check(err)
	if imp.State != "failed" || !strings.Contains(imp.Error, "sum") || !r.onList(first) {
		t.Errorf("%+v", imp)
	}
}

func TestOpenScrubRefuses(t *testing.T) {
	r := newRig(t)
	a, err := r.edition(1, monday)
	r.check(err)
	if again, err := r.edition(1, monday); err != nil || again.id != a.id {
		t.Errorf("the same file: %v, %v", again.id, err)
	}
	if _, err := r.edition(2, monday); code(err) != dialer.CodeConflict {
		t.Errorf("another file meanwhile: %v", err)
	}
	a.end("")
	if again, err := r.edition(1, monday); err != nil || again.id != a.id {
		t.Errorf("the same file again: %v, %v", again.id, err)
	}
	if _, err := r.edition(2, monday.Add(-time.Hour)); code(err) != dialer.CodeConflict {
		t.Errorf("an older list: %v", err)
	}
	for name, m := range map[string]*dialer.OpenScrub{
		"internal":  {Name: dialer.ListInternal, Job: event.ImportOpened{AsOf: 1}},
		"no name":   {Job: event.ImportOpened{AsOf: 1}},
		"capitals":  {Name: "National", Job: event.ImportOpened{AsOf: 1}},
		"no date":   {Name: "national"},
		"to come":   {Name: "national", Job: event.ImportOpened{AsOf: monday.Add(48 * time.Hour).UnixMilli()}},
		"allowance": {Name: "national", Job: event.ImportOpened{AsOf: 1, MaxRejects: -1}},
	} {
		if _, err := r.do(m); code(err) != dialer.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func code(err error) string {
	if refused, ok := errors.AsType[*dialer.Refusal](err); ok {
		return refused.Code
	}
	return fmt.Sprint(err)
}

// Whatever editions are imported, whole or not: a number is on the list exactly
// when the newest whole edition or a later attempt has it.
func TestEditionsAgainstAModel(t *testing.T) {
	numbers := []cadence.Number{"+13035550101", "+13035550102", "+13035550103", "+13035550104"}
	rapid.Check(t, func(rt *rapid.T) {
		r := newRig(rt)
		on := map[cadence.Number]bool{}
		for n := range rapid.IntRange(1, 5).Draw(rt, "editions") {
			e, err := r.edition(byte(n), monday)
			r.check(err)
			has := map[cadence.Number]bool{}
			for range rapid.IntRange(0, 3).Draw(rt, "batches") {
				some := rapid.SliceOfN(rapid.SampledFrom(numbers), 1, 4).Draw(rt, "numbers")
				e.take(some...)
				for _, x := range some {
					has[x], on[x] = true, true
				}
			}
			failed := rapid.SampledFrom([]string{"", "no"}).Draw(rt, "end")
			if e.end(failed); failed == "" {
				on = has
			}
			for _, x := range numbers {
				if r.onList(x) != on[x] {
					rt.Fatalf("edition %d: %s is on the list: %v", n, x, !on[x])
				}
			}
		}
	})
}

// A number on an imported list is not called, the verdict names the list, and
// a call that was under way when it came is cancelled; one to a number that has
// been on it is left alone.
func TestListedNumber(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Listed", nil))
	a, err := r.edition(1, monday)
	r.check(err)
	a.take(second)
	lead := r.lead(theCadence, second)
	if _, e := r.stay(lead); len(r.dials) != 0 || e.Reason != permit.RuleDNCList {
		t.Fatalf("%d calls, the stay ended by %q", len(r.dials), e.Reason)
	}
	r.lead(theCadence, first)
	d := r.last()
	call := r.accept(d)
	r.later(r.status(d.Dial.Attempt, call, telephony.StatusRinging))
	r.settle()
	a.take(first)
	if o, err := r.rows().Open(d.Dial.Attempt); err != nil || o.Owed != event.EffectCancel {
		t.Errorf("%+v, %v", o, err)
	}
	var j dialer.Judged
	o, err := r.rows().Open(d.Dial.Attempt)
	r.check(err)
	r.check(state.Decode(o.I.Verdict, &j))
	if l, ok := j.Facts.List("national"); !ok || l.On || l.AsOf != 0 {
		t.Errorf("the facts of the call: %+v", j.Facts.Lists)
	}
}

// A lead with another number is called on that.
func TestListedNumberIsPassedOver(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Listed", nil))
	a, err := r.edition(1, monday)
	r.check(err)
	a.take(first)
	r.lead(theCadence, first, second)
	r.settle()
	if len(r.dials) != 1 || r.last().Dial.To != second {
		t.Errorf("%+v", r.dials)
	}
}

// linesOf reads one number on each line; what begins with x is none.
func linesOf(f io.Reader, _ *event.ImportOpened) (dialer.NumberReader, error) {
	return &lineNumbers{s: bufio.NewScanner(f)}, nil
}

type lineNumbers struct {
	s    *bufio.Scanner
	line int64
}

func (l *lineNumbers) Next() (dialer.NumberRow, error) {
	if !l.s.Scan() {
		return dialer.NumberRow{}, io.EOF
	}
	l.line++
	row := dialer.NumberRow{Line: l.line, Number: cadence.Number(l.s.Text())}
	if strings.HasPrefix(l.s.Text(), "x") {
		row.Reject = &event.RowRejected{Line: l.line, Code: "number.letters", Message: "the number holds letters"}
	}
	return row, nil
}

func withNumbers(o *dialer.Options) { o.OpenNumbers = linesOf }

// manyLines is a file of 3000 lines: two thirds numbers, a third of them twice.
func manyLines() []byte {
	var b bytes.Buffer
	for i := range 1000 {
		fmt.Fprintf(&b, "+1303555%04d\n+1720555%04d\n+1303555%04d\n", i, i, i)
	}
	return b.Bytes()
}

// A file of numbers is taken over a death in the middle, each line once, and
// compared with the ledger before it is in force.
func TestLiveScrubResumes(t *testing.T) {
	cut := 0
	for round := 0; round < 9 || cut < 2 && round < 90; round++ { // how lines fall into turns differs from run to run
		fail := 1 + round%9
		bubble(t, func(t *testing.T, spool string) {
			inner := memory.New()
			slow := ledgertest.Faulty(inner, ledgertest.Plan{FailCommit: fail, Landed: fail%2 == 0, Before: func(op string) {
				if op == "commit" {
					time.Sleep(time.Millisecond)
				}
			}})
			req := dialer.ScrubRequest{List: "national", AsOf: time.Now().UnixMilli(), Region: "US"}
			l := startLive(t, liveOptions{store: slow, spool: spool, with: withNumbers})
			_, err := l.engine.StartScrub(context.Background(), req, bytes.NewReader(manyLines()))
			accepted := err == nil
			sleep(2 * time.Second)
			_ = l.end() // late deaths are after the end of the file
			if row := scrubbed(t, inner); row != nil && row.Rows > 0 && row.Rows < 3000 {
				cut++
			}
			again := startLive(t, liveOptions{store: inner.Clone(), spool: spool, with: withNumbers})
			id, err := again.engine.StartScrub(context.Background(), req, bytes.NewReader(manyLines()))
			if err != nil {
				t.Fatal(err)
			}
			sleep(5 * time.Second)
			row := scrubbed(t, again.store)
			if row.State != "done" || row.Rows != 3000 || row.Accepted != 2000 || row.Skipped != 1000 || row.Job.ID != id {
				t.Errorf("died at commit %d (accepted %v): %+v", fail, accepted, row)
			}
			if err := again.engine.Rows().ScrubLists(func(_ uint32, s *state.ScrubList) bool {
				if s.Count != 2000 || s.Edition != 1 || s.Next != 0 {
					t.Errorf("died at commit %d: %+v", fail, s)
				}
				return true
			}); err != nil {
				t.Error(err)
			}
			if err := again.end(); err != nil {
				t.Error(err)
			}
		})
	}
	if cut < 2 {
		t.Errorf("only %d deaths were in the middle of the file", cut)
	}
}

// scrubbed is the one import there is.
func scrubbed(t *testing.T, r ledger.Reader) (row *state.Import) {
	t.Helper()
	n := 0
	if err := (state.Rows{R: r}).Imports(func(i *state.Import) bool { row, n = i, n+1; return true }); err != nil || n > 1 {
		t.Fatalf("%d imports, %v", n, err)
	}
	return row
}

// More garbage than is allowed fails the import; what was on the list stays.
func TestLiveScrubFails(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		metrics := prometheus.NewRegistry()
		l := startLive(t, liveOptions{spool: spool, with: func(o *dialer.Options) { withNumbers(o); o.Metrics = metrics }})
		at := time.Now().UnixMilli()
		take := func(list string, asOf, rejects int64) *state.Import {
			id, err := l.engine.StartScrub(context.Background(), dialer.ScrubRequest{List: "national", AsOf: asOf, MaxRejects: rejects}, strings.NewReader(list))
			if err != nil {
				t.Fatal(err)
			}
			sleep(time.Second)
			row, err := l.engine.Rows().Import(id)
			if err != nil {
				t.Fatal(err)
			}
			return row
		}
		if row := take("+13035550101\nx\n+13035550102\n", at, 1); row.State != "done" || row.Accepted != 2 || row.Rejected != 1 {
			t.Errorf("%+v", row)
		}
		if row := take("+13035550103\nx\nx\n", at+1, 1); row.State != "failed" || !strings.Contains(row.Error, "line 3") {
			t.Errorf("%+v", row)
		}
		for _, n := range []cadence.Number{"+13035550101", "+13035550102"} {
			lists, err := l.engine.ListsOf(n)
			if err != nil || len(lists) != 1 || !lists[0].On || lists[0].AsOf != at {
				t.Errorf("%s: %+v, %v", n, lists, err)
			}
		}
		if n := counterOf(t, metrics, "carillon_scrub_editions_failed_total"); n != 1 {
			t.Errorf("the alarm counts %v", n)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// counterOf is the value of a counter without labels.
func counterOf(t *testing.T, reg *prometheus.Registry, name string) float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	t.Fatalf("there is no metric %s", name)
	return 0
}
