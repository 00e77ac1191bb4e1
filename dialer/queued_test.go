package dialer_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
)

// A call that stays in the carrier's queue until the called party's hours are
// over is taken back, however long the carrier said that it would wait, and
// also when it is found only then.
func TestStillQueuedAfterTheHours(t *testing.T) {
	for name, unclear := range map[string]bool{"told no wait": false, "found by a search": true} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Late", nil))
			r.lead(theCadence, first)
			d := r.last()
			r.sent[d.Dial.Attempt] = true
			o, err := r.rows().Open(d.Dial.Attempt)
			r.check(err)
			closes := time.UnixMilli(o.I.Closes)
			said := &dialer.Sent{Attempt: d.Dial.Attempt, Placed: telephony.Placed{CallID: "CA1"}}
			if unclear {
				said = &dialer.Sent{Attempt: d.Dial.Attempt, Err: &telephony.Error{Class: telephony.Unclear, Reason: "timeout"}}
			}
			r.must(said)
			queued := &telephony.Call{ID: "CA1", Status: telephony.StatusQueued}
			wait := func(end time.Time, step time.Duration) {
				for r.now.Before(end) {
					r.looks = nil
					r.pass(min(step, end.Sub(r.now)))
					for _, l := range r.looks {
						r.must(&dialer.Looked{Attempt: l.Attempt, Kind: l.Kind, At: r.now.UnixMilli(), Complete: true, Call: queued, Ours: queued})
					}
				}
			}
			wait(closes.Add(-time.Second), 10*time.Second)
			if len(r.owed) != 0 {
				t.Fatalf("taken back within the hours: %+v", r.owed)
			}
			wait(closes.Add(time.Second), time.Second)
			if len(r.owed) == 0 || r.owed[0].Effect != event.EffectCancel || r.owed[0].CallID != "CA1" {
				t.Errorf("it may ring after %s: %+v", closes, r.owed)
			}
		})
	}
}
