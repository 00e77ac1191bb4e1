package dialer_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/telephony"
)

// A no by key holds in the turn it is heard in, for all numbers of the lead,
// whatever somebody posts about the call and however its end is told.
func TestNoByKeyHolds(t *testing.T) {
	type call struct {
		*rig
		dialer.DialOrder
		id string
	}
	posted := false
	post := func(c call) {
		posted = true
		c.must(&dialer.Dispose{Attempt: c.Dial.Attempt, Code: "NOT_INTERESTED", By: "a machine"})
	}
	end := func(c call) { c.must(c.status(c.Dial.Attempt, c.id, telephony.StatusCompleted)) }
	heard := false
	key := func(c call) {
		heard = true
		c.ask(pressed(c.Dial.Attempt, c.id, "9"))
	}
	lost := func(c call) { // the carrier denies the call
		for range 30 {
			c.looks = nil
			c.pass(time.Hour)
			for _, l := range c.looks {
				c.must(&dialer.Looked{Attempt: l.Attempt, Kind: l.Kind, Err: "not found", Gone: true})
			}
		}
	}
	for name, steps := range map[string][]func(call){
		"posted before":             {post, key, end},
		"posted behind":             {key, post, end},
		"nothing posted":            {key, end},
		"the end is told first":     {end, key},
		"told and posted first":     {end, post, key},
		"posted, then told, then 9": {post, end, key},
		"the record is lost":        {key, lost},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Noes", m{"connect": []any{m{"to": "number", "number": "+13035550198"}, m{"to": "message", "text": "Hello."}}}))
			lead := r.lead(theCadence, first, second)
			c := call{rig: r, DialOrder: r.last()}
			c.id, _ = r.live(c.DialOrder, telephony.ByHuman)
			r.must(&dialer.Reported{Event: legEnded(c.DialOrder, c.id, "L", telephony.StatusNoAnswer)})
			heard, posted = false, false
			for i, step := range steps {
				if step(c); heard && (!r.number(first).DNC || !r.number(second).DNC) {
					t.Fatalf("after step %d the person has said no and may be called", i+1)
				}
			}
			want := cadence.DispositionCode("DNC")
			if posted { // what was acknowledged stands
				want = "NOT_INTERESTED"
			}
			if a := r.attempt(c.Dial.Attempt); a.Code != want {
				t.Errorf("the attempt says %s", a.Code)
			}
			if _, e := r.stay(lead); e.LeftAt == 0 {
				t.Errorf("the stay: %+v", e)
			}
		})
	}
}

// A no is never refused, also where a disposition was changed so often that no
// further change is written down.
func TestNoIsNotRefused(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Noes", nil))
	r.lead(theCadence, first, second)
	d := r.last()
	call, _ := r.live(d, telephony.ByHuman)
	r.must(&dialer.Reported{Event: legEnded(d, call, "L", telephony.StatusCompleted)})
	r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	post := func(code cadence.DispositionCode) error {
		_, err := r.do(&dialer.Dispose{Attempt: d.Dial.Attempt, Code: code, By: "a machine"})
		return err
	}
	for i := range 100 {
		r.check(post([]cadence.DispositionCode{"INTERESTED", "NOT_INTERESTED"}[i%2]))
	}
	if post("INTERESTED") == nil {
		t.Error("the changes have no end")
	}
	r.check(post("DNC"))
	if !r.number(first).DNC || !r.number(second).DNC {
		t.Error("the no was refused")
	}
}

// The same key may mean nothing to the person who is rung, and no to the
// message that is played when they do not answer.
func TestReturnCallKeyMeansNoToTheMessageOnly(t *testing.T) {
	r, _ := calledBack(t, m{
		"connect": []any{m{"to": "number", "number": "+13035550199"}, m{"to": "message", "text": "Press 2 to be taken off our list.", "gather": m{"2": "DNC"}}},
		"steps":   []any{m{"key": "one", "kind": "call", "delay_after": "1h"}, m{"key": "two", "kind": "call"}},
	})
	r.rings("CA1", first)
	id, _ := r.returned()
	r.ask(pressed(id, "CA1", "2"))
	if r.number(first).DNC {
		t.Fatal("the key of a message that was not played counts")
	}
	gather(t, r.ask(telephony.Event{Attempt: id, Kind: telephony.EventDial, CallID: "CA1", LegID: "L1", LegStatus: telephony.StatusNoAnswer, Seq: -1}))
	r.ask(pressed(id, "CA1", "2"))
	if !r.number(first).DNC || !r.number(second).DNC {
		t.Error("the caller said no and may be called")
	}
}
