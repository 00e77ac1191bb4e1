package dialer_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
)

// armings are the times a lead's touches were given, in order.
func (r *rig) armings() []*event.TouchArmed {
	var out []*event.TouchArmed
	for _, f := range r.facts {
		if a, ok := f.(*event.TouchArmed); ok {
			out = append(out, a)
		}
	}
	return out
}

// A store may bring a deleted row of the due index back. Its touch was armed
// anew since: the row must fire nothing, and must go.
func TestResurrectedTimer(t *testing.T) {
	for name, touch := range map[string]func(old, now *event.TouchArmed) cadence.ID{
		"of an earlier touch":           func(old, _ *event.TouchArmed) cadence.ID { return old.Touch },
		"of the touch, before it moved": func(_, now *event.TouchArmed) cadence.ID { return now.Touch },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.onDial = r.ends(telephony.StatusNoAnswer)
			r.cadence(theCadence, document(t, "Once", nil))
			r.lead(theCadence, first)
			r.pass(time.Minute)
			all := r.armings()
			if len(all) != 2 || len(r.dials) != 1 {
				t.Fatalf("%d touches armed, %d calls", len(all), len(r.dials))
			}
			old, now := all[0], all[1]
			back := &dialer.Due{
				Lane: now.Lane, Due: old.Due, Touch: touch(old, now), Enrollment: now.Enrollment,
				Grant: &dialer.Grant{From: callerIDs[0], Expires: r.now.Add(time.Hour).UnixMilli()},
			}
			r.facts = nil
			r.must(back)
			if len(r.dials) != 1 {
				t.Fatal("the old timer placed a call")
			}
			if len(r.facts) != 1 {
				t.Fatalf("facts %v", r.facts)
			}
			if d, ok := r.facts[0].(*event.DueDropped); !ok || d.Touch != back.Touch || d.Due != back.Due {
				t.Fatalf("the row was not dropped: %+v", r.facts[0])
			}
		})
	}
}

// A lead is in a cadence once, also in one that may be entered again at once.
func TestEnrolledOnce(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Entry", m{"re_entry": "always"}))
	lead := r.lead(theCadence, first)
	for _, trusted := range []bool{false, true} {
		res := r.must(&dialer.Enroll{Lead: lead, Cadence: theCadence, Trusted: trusted}).(dialer.EnrollResult)
		if res.Skipped != "already_enrolled" {
			t.Errorf("trusted %v: %+v", trusted, res)
		}
	}
}
