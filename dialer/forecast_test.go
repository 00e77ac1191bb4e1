package dialer_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

var otherCadence = cadence.NewID(cadence.OfficeSlot, [14]byte{9})

// unanswered is a carrier at which every call ends unanswered when its time to
// ring is over.
func unanswered(engine func() *dialer.Engine) *line {
	ln := &line{}
	ln.place = func(_ context.Context, d telephony.Dial) (telephony.Placed, error) {
		call := "CA" + d.Attempt.Bare()
		time.AfterFunc(d.Ring, func() {
			_, _ = engine().Report(context.Background(), telephony.Event{ // it fails when the test is over
				Attempt: d.Attempt, Kind: telephony.EventStatus, CallID: call, Status: telephony.StatusNoAnswer, Seq: 3, At: engine().Now(),
			})
		})
		return telephony.Placed{CallID: call}, nil
	}
	return ln
}

// A forecast comes true: what is foreseen for two cadences that call one
// number, with windows, retries, runs, conditions and a cap between them, is
// what the engine then does.
func TestForecastComesTrue(t *testing.T) {
	if testing.Short() {
		t.Skip("lives for days")
	}
	office := m{"windows": []any{m{"days": []string{"mon", "tue", "wed", "thu", "fri"}, "from": "09:00", "to": "17:00"}}}
	first := document(t, "First", m{
		"time_restrictions": office, "routes": []any{m{"on": "NO_ANSWER", "do": "retry", "delay": "1h", "max": 1}}, "runs": m{"max": 2, "gap": "2h"},
	})
	second := document(t, "Second", m{"steps": []any{
		m{"key": "a", "kind": "call", "delay_after": "2d"},
		m{"key": "b", "kind": "call", "delay_after": "1d", "advanced": m{"condition": "attempt.count > 5"}},
		m{"key": "c", "kind": "call", "delay_after": "2h"},
		m{"key": "d", "kind": "call", "advanced": m{"condition": "attempt.count == 2"}},
	}})
	bubble(t, func(t *testing.T, spool string) {
		store := memory.New()
		var l *live
		l = startLive(t, liveOptions{store: store, spool: spool, line: unanswered(func() *dialer.Engine { return l.engine }), with: func(o *dialer.Options) {
			o.Rules.NumberCap = 3
		}})
		sleep(57 * time.Hour) // from midnight to a Monday morning
		for id, doc := range map[cadence.ID]string{theCadence: first, otherCadence: second} {
			l.do(&dialer.SaveCadence{ID: id, New: true, Document: []byte(doc)})
			l.do(&dialer.PublishCadence{ID: id})
		}
		l.do(&dialer.SwitchCadence{ID: theCadence, To: event.Active})
		if _, err := l.engine.StartImport(file(1)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		lead := only(t, store)
		if skipped := l.do(&dialer.Enroll{Lead: lead, Cadence: otherCadence}).(dialer.EnrollResult).Skipped; skipped != "" {
			t.Fatal(skipped)
		}
		sleep(time.Minute)
		f, err := l.engine.Forecast(lead, "NO_ANSWER", 50)
		if err != nil {
			t.Fatal(err)
		}
		if f.Stays[0].Held != "" || f.Stays[1].Held != permit.RuleInactive {
			t.Errorf("held by %q and %q", f.Stays[0].Held, f.Stays[1].Held)
		}
		l.do(&dialer.SwitchCadence{ID: otherCadence, To: event.Active})
		f, err = l.engine.Forecast(lead, "NO_ANSWER", 50)
		if err != nil {
			t.Fatal(err)
		}
		began := l.engine.Now()
		sleep(4 * 24 * time.Hour)
		if foreseen, happened := foretold(f), history(t, store, began); !slices.Equal(foreseen, happened) {
			t.Errorf("foreseen:\n%s\nhappened:\n%s", strings.Join(foreseen, "\n"), strings.Join(happened, "\n"))
		}
		for _, s := range f.Stays {
			if row, err := (state.Rows{R: store}).Enrollment(s.Enrollment); err != nil || row.Left != s.Ends || s.Ends == "" {
				t.Errorf("foreseen to end %q, ended %q (%v)", s.Ends, row.Left, err)
			}
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// A call under way counts once in the caps of a forecast, and ends when its
// time to ring is over.
func TestForecastDuringACall(t *testing.T) {
	if testing.Short() {
		t.Skip("lives for days")
	}
	doc := document(t, "Ringing", m{
		"routes": []any{m{"on": "NO_ANSWER", "do": "retry", "delay": "1h", "max": 3}}, "runs": m{"max": 1},
	})
	bubble(t, func(t *testing.T, spool string) {
		store := memory.New()
		var l *live
		l = startLive(t, liveOptions{store: store, spool: spool, line: unanswered(func() *dialer.Engine { return l.engine }), with: func(o *dialer.Options) {
			o.Rules.NumberCap = 3
		}})
		sleep(57 * time.Hour) // from midnight to a Monday morning
		l.do(&dialer.SaveCadence{ID: theCadence, New: true, Document: []byte(doc)})
		l.do(&dialer.PublishCadence{ID: theCadence})
		l.do(&dialer.SwitchCadence{ID: theCadence, To: event.Active})
		if _, err := l.engine.StartImport(file(1)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		lead := only(t, store)
		f, err := l.engine.Forecast(lead, "NO_ANSWER", 50)
		if err != nil {
			t.Fatal(err)
		}
		sleep(f.Stays[0].Touches[0].At.Sub(l.engine.Now()) + 5*time.Second)
		if f, err = l.engine.Forecast(lead, "NO_ANSWER", 50); err != nil {
			t.Fatal(err)
		}
		if row, err := (state.Rows{R: store}).Enrollment(f.Stays[0].Enrollment); err != nil || row.Touch.State != state.Dialing {
			t.Fatalf("nothing rings (%v)", err)
		}
		began := l.engine.Now()
		sleep(4 * 24 * time.Hour)
		if foreseen, happened := foretold(f), history(t, store, began); len(foreseen) < 3 || !slices.Equal(foreseen, happened) {
			t.Errorf("foreseen:\n%s\nhappened:\n%s", strings.Join(foreseen, "\n"), strings.Join(happened, "\n"))
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// A forecast of nothing says so, and never invents a lead or a disposition.
func TestForecastRefuses(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{spool: spool})
		for _, c := range []struct {
			lead   cadence.ID
			assume cadence.DispositionCode
			code   string
		}{{cadence.ID{1}, "NO_ANSWER", dialer.CodeNotFound}, {cadence.ID{1}, "NOBODY_SAYS_SO", dialer.CodeInvalid}} {
			_, err := l.engine.Forecast(c.lead, c.assume, 5)
			if r, ok := errors.AsType[*dialer.Refusal](err); !ok || r.Code != c.code {
				t.Errorf("%s: %v", c.assume, err)
			}
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// only is the one lead there is.
func only(t *testing.T, r ledger.Reader) (lead cadence.ID) {
	t.Helper()
	err := (state.Rows{R: r}).Enrollments(cadence.ID{}, func(_ cadence.ID, e *state.Enrollment) bool {
		lead = e.Lead
		return true
	})
	if err != nil || lead.IsZero() {
		t.Fatalf("no lead (%v)", err)
	}
	return lead
}

func foretold(f *dialer.Forecast) (out []string) {
	for _, s := range f.Stays {
		for _, c := range s.Touches {
			out = append(out, fmt.Sprintf("%s %s run %d: %s", c.At.UTC().Format("01-02 15:04:05"), s.Name, c.Run, c.StepKey))
		}
	}
	slices.Sort(out)
	return out
}

// history is every call since an instant, in the same words.
func history(t *testing.T, r ledger.Reader, since time.Time) (out []string) {
	t.Helper()
	rows := state.Rows{R: r}
	err := rows.AttemptsBetween(since.UnixMilli(), math.MaxInt64, cadence.ID{}, func(_ cadence.ID, a *state.Attempt) bool {
		c, err := rows.Cadence(a.Cadence)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s %s run %d: %s", time.UnixMilli(a.At).UTC().Format("01-02 15:04:05"), c.Name, a.Run, a.StepKey))
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}
