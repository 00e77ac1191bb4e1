package dialer_test

import (
	"context"
	"testing"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/dialer/upgrade"
	"github.com/carillon-dialer/carillon/telephony"
)

// A process may die between a no, or the end of a stay, and the cancel that
// follows from it in the next turn; and a no may be put back from the log at
// the start. A call that rings meanwhile is cancelled by the next process.
func TestRestartCancelsWhatMayNotRing(t *testing.T) {
	for name, fact := range map[string]func(o *state.Open) event.Fact{
		"a no": func(o *state.Open) event.Fact {
			return &event.NumberMarked{Token: o.I.Token, Mark: event.MarkDNC, On: true, Reason: "from the do-not-call log"}
		},
		"left": func(o *state.Open) event.Fact {
			return &event.EnrollmentLeft{Enrollment: o.I.Enrollment, Status: "removed", Reason: "died over it", At: o.I.At}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Rings", nil))
			var calls []cadence.ID
			r.onDial = func(d dialer.DialOrder) {
				calls = append(calls, d.Dial.Attempt)
				r.later(r.status(d.Dial.Attempt, r.accept(d), telephony.StatusRinging))
			}
			row, err := newManyRows(1).Next()
			r.check(err)
			r.leadOf(theCadence, row.Lead)
			r.settle()
			if len(calls) != 1 {
				t.Fatalf("%d calls", len(calls))
			}
			o, err := state.Rows{R: r.store}.Open(calls[0])
			r.check(err)
			r.store = r.store.Clone()
			tenure, err := r.store.Claim(context.Background(), 0)
			r.check(err)
			r.check(upgrade.Commit(context.Background(), r.store, tenure, []event.Fact{fact(o)}, nil))
			r.open()
			r.settle()
			if o, err = (state.Rows{R: r.store}).Open(calls[0]); err != nil || o == nil {
				t.Fatalf("the attempt is gone: %v", err)
			} else if o.Owed != event.EffectCancel {
				t.Errorf("it rings on; owed is %q", o.Owed)
			}
		})
	}
}
