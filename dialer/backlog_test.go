package dialer_test

import (
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// crowd is more open calls than one commit could say something about.
const crowd = 4000

// crowded is a rig with a crowd of calls the carrier has taken and that ring.
func crowded(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	r.lines = crowd
	r.open()
	r.cadence(theCadence, document(t, "Crowd", m{"connect": []any{
		m{"to": "message", "text": strings.Repeat("Good day, {{ lead.first_name }}. ", 80)},
	}}))
	r.onDial = func(d dialer.DialOrder) {
		call := r.accept(d)
		r.later(r.status(d.Dial.Attempt, call, telephony.StatusRinging))
	}
	rows := newManyRows(crowd)
	for range crowd {
		row, err := rows.Next()
		r.check(err)
		r.leadOf(theCadence, row.Lead)
	}
	for range 20 { // below any ring time
		r.now = r.now.Add(100 * time.Millisecond)
		r.turn()
		r.settle()
	}
	if n := r.opens(); n < crowd*9/10 { // it is not yet day everywhere
		t.Fatalf("%d of %d calls are open", n, crowd)
	}
	return r
}

func (r *rig) opens() (n int) {
	r.shard.View().EachOpen(func(*state.Open) { n++ })
	return n
}

// A restart sees to every open call, however many there are, and dials nothing
// before it has.
func TestRestartWithACrowd(t *testing.T) {
	r := crowded(t)
	r.facts = nil
	open := r.opens()
	r.open()
	r.settle()
	seen := map[string]int{}
	for _, f := range r.facts {
		switch f := f.(type) {
		case *event.DeadlineSet:
			seen[f.Attempt.Bare()]++
		case *event.Intended:
			t.Fatal("dialed in the middle of a recovery")
		}
	}
	for id, n := range seen {
		if n != 1 {
			t.Fatalf("attempt %s was seen to %d times", id, n)
		}
	}
	if len(seen) != open {
		t.Fatalf("%d of %d open calls were seen to", len(seen), open)
	}
}

// The kill switch cancels every call that rings, however many there are; one
// whose process died over it is finished by the next.
func TestStopWithACrowd(t *testing.T) {
	for name, after := range map[string]func(r *rig){
		"in one life": func(*rig) {},
		"died over it": func(r *rig) {
			r.open()
			r.settle()
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := crowded(t)
			open := r.opens()
			r.turn(dialer.Item{Message: &dialer.SetDialing{Stop: true, Reason: "test"}})
			if name == "in one life" {
				r.settle()
			}
			after(r)
			left := 0
			r.shard.View().EachOpen(func(o *state.Open) {
				if o.Owed != event.EffectCancel {
					left++
				}
			})
			if left != 0 || r.opens() != open {
				t.Fatalf("%d of %d ringing calls were left alone", left, r.opens())
			}
		})
	}
}

// Once a stop is acknowledged no order leaves any more, also of those whose
// withdrawal the turn had no room for.
func TestNoOrderLeavesBehindAStop(t *testing.T) {
	r := newRig(t)
	r.lines = crowd
	r.open()
	r.cadence(theCadence, document(t, "Crowd", nil))
	rows := newManyRows(crowd)
	for range crowd {
		row, err := rows.Next()
		r.check(err)
		r.leadOf(theCadence, row.Lead)
	}
	for range 20 {
		r.now = r.now.Add(100 * time.Millisecond)
		r.turn()
		r.settle()
	}
	waiting := r.opens()
	r.turn(dialer.Item{Message: &dialer.SetDialing{Stop: true, Reason: "test"}, Done: func(_ any, err error) {
		r.check(err)
		if len(r.kept) != waiting {
			t.Errorf("the stop was acknowledged with %d of %d orders free to leave", waiting-len(r.kept), waiting)
		}
	}})
	r.settle()
	if n := r.opens(); n != 0 {
		t.Errorf("%d intents are left that nobody will send", n)
	}
}
