package dialer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/telephony"
)

// callee is a number to call, in Denver.
func callee(i int) cadence.Number { return cadence.Number(fmt.Sprintf("+1303556%04d", i)) }

func (r *rig) rests() (all []*event.CallerIDRested) {
	for _, f := range r.facts {
		if f, ok := f.(*event.CallerIDRested); ok {
			all = append(all, f)
		}
	}
	return all
}

// A number that nobody answers rests with its reason, the others go on, and it
// comes back by itself with its bad figures behind it.
func TestABurnedNumberRests(t *testing.T) {
	r := newRig(t)
	for _, n := range callerIDs {
		r.rules.CallerIDs = append(r.rules.CallerIDs, pacing.CallerID{Number: n})
	}
	r.rules.Health = pacing.Thresholds{Days: 7, MinCalls: 20, Confidence: 0.95, Margin: 0.02, RestMs: (24 * time.Hour).Milliseconds()}
	r.open()
	r.cadence(theCadence, document(t, "Pool", m{"steps": []any{m{"key": "one", "kind": "call", "caller_id": m{"strategy": "rotating_pool"}}}}))
	burned := callerIDs[0]
	r.onDial = func(d dialer.DialOrder) {
		call := r.accept(d)
		if d.Dial.From == burned {
			r.later(r.status(d.Dial.Attempt, call, telephony.StatusNoAnswer))
			return
		}
		r.later(&dialer.Reported{Event: telephony.Event{
			Attempt: d.Dial.Attempt, Kind: telephony.EventVoice, CallID: call, Seq: -1, AnsweredBy: telephony.ByHuman,
		}})
		r.later(&dialer.Reported{Event: legEnded(d, call, "L", telephony.StatusCompleted)})
		r.later(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	}
	for i := range 40 * len(callerIDs) {
		r.lead(theCadence, callee(i))
		r.pass(time.Second)
	}
	rests := r.rests()
	if len(rests) != 1 || rests[0].Number != burned || rests[0].By != dialer.RestByHealth || !strings.HasPrefix(rests[0].Reason, "answer_rate: 0 of ") {
		t.Fatalf("rests %+v", rests)
	}
	before := len(r.dials)
	r.lead(theCadence, callee(9000))
	r.lead(theCadence, callee(9001))
	r.lead(theCadence, callee(9002))
	r.pass(time.Minute)
	for _, d := range r.dials[before:] {
		if d.Dial.From == burned {
			t.Error("a resting number is called from")
		}
	}
	if len(r.dials) != before+3 {
		t.Errorf("%d calls from the others", len(r.dials)-before)
	}
	if _, err := r.do(&dialer.RestCallerID{Number: burned}); err != nil {
		t.Fatal(err)
	}
	if row, err := r.rows().CallerID(burned); err != nil || row.RestUntil > r.now.UnixMilli() || row.ClearDay == 0 || len(row.Days) == 0 {
		t.Errorf("after the rest: %+v %v", row, err)
	}
	if _, err := r.do(&dialer.RestCallerID{Number: "+13035550111", Until: r.now.UnixMilli() + 1000}); err == nil {
		t.Error("a number that is not ours rests")
	}
	r.refold()
}

// People hang up on one number at once, another calls its own exchange only:
// both rest for their own reason.
func TestShortCallsAndNeighboursRest(t *testing.T) {
	r := newRig(t)
	for _, n := range callerIDs {
		r.rules.CallerIDs = append(r.rules.CallerIDs, pacing.CallerID{Number: n})
	}
	// Two of three rest, so each stands in a pool of its own with another.
	r.rules.CallerIDs = append(r.rules.CallerIDs, pacing.CallerID{Number: callerIDs[1], Pool: "west"}, pacing.CallerID{Number: callerIDs[2], Pool: "west"})
	r.rules.Health = pacing.Thresholds{
		Days: 7, MinCalls: 20, MinAnswered: 20, Confidence: 0.95, Margin: 0.02, ShortShare: 0.5, NearShare: 0.5, RestMs: (24 * time.Hour).Milliseconds(),
	}
	r.open()
	r.cadence(theCadence, document(t, "Pool", m{"steps": []any{m{"key": "one", "kind": "call", "caller_id": m{"strategy": "rotating_pool"}}}}))
	short, neighbour := callerIDs[0], callerIDs[1]
	r.onDial = func(d dialer.DialOrder) {
		call := r.accept(d)
		r.later(&dialer.Reported{Event: telephony.Event{
			Attempt: d.Dial.Attempt, Kind: telephony.EventVoice, CallID: call, Seq: -1, AnsweredBy: telephony.ByHuman,
		}})
		r.later(&dialer.Reported{Event: legEnded(d, call, "L", telephony.StatusCompleted)})
		done := r.status(d.Dial.Attempt, call, telephony.StatusCompleted)
		if done.Event.Duration = time.Minute; d.Dial.From == short {
			done.Event.Duration = 3 * time.Second
		}
		r.later(done)
	}
	for i := range 31 * len(callerIDs) {
		r.lead(theCadence, callee(i))
		r.pass(time.Second)
	}
	rests := r.rests()
	if len(rests) != 1 || rests[0].Number != short || rests[0].Rule != string(pacing.ShortCalls) || !strings.HasPrefix(rests[0].Reason, "short_calls: 20 of 20") {
		t.Fatalf("%d rests, the first %+v", len(rests), rests[0])
	}
	for i := range 150 { // the calls of the exchange that all three share
		n := cadence.Number(fmt.Sprintf("+1303555%04d", 5000+i))
		r.lead(theCadence, n)
		r.pass(time.Second)
	}
	rests = r.rests()
	if len(rests) != 2 || rests[1].Rule != string(pacing.Neighbours) || !strings.Contains(rests[1].Reason, "went to its own exchange") {
		t.Fatalf("rests %+v, want one of %s too", rests, neighbour)
	}
	r.refold()
}

// An operator's rest has an author and a reason, saying it again changes
// nothing, and it ends when somebody says so.
func TestAnOperatorsRest(t *testing.T) {
	r := newRig(t)
	r.rules.CallerIDs = []pacing.CallerID{{Number: callerIDs[0]}}
	r.open()
	until := r.now.Add(time.Hour).UnixMilli()
	say := func(m dialer.RestCallerID) int {
		before := len(r.facts)
		r.must(&m)
		return len(r.facts) - before
	}
	rest := dialer.RestCallerID{Number: callerIDs[0], Until: until, Reason: "marked as spam", By: "ops 1"}
	if n := say(rest); n != 2 {
		t.Errorf("%d facts for a rest, want it and its audit", n)
	}
	if n := say(rest); n != 0 {
		t.Errorf("%d facts for the same rest again", n)
	}
	row, err := r.rows().CallerID(callerIDs[0])
	if err != nil || row.RestUntil != until || row.RestBy != dialer.RestByOperator || row.Rester != "ops 1" || row.RestWhy != "marked as spam" {
		t.Errorf("the row %+v %v", row, err)
	}
	if n := say(dialer.RestCallerID{Number: callerIDs[0], By: "ops 2", Reason: "cleared"}); n != 2 {
		t.Errorf("%d facts for the end of a rest", n)
	}
	if n := say(dialer.RestCallerID{Number: callerIDs[0], By: "ops 2"}); n != 0 {
		t.Errorf("%d facts for the end of no rest", n)
	}
	var audit []string
	r.check(r.rows().Audits(func(a *event.Audited) bool { audit = append(audit, a.What+" "+a.Detail); return true }))
	if len(audit) != 2 || !strings.Contains(audit[1], "callerid.rested +13035550190 until 2026-03-16T16:00:00Z, by ops 1: marked as spam") ||
		!strings.Contains(audit[0], "callerid.unrested +13035550190, by ops 2: cleared") {
		t.Errorf("the audit %q", audit)
	}
	r.refold()
}

// At the cap no call is placed that might go over it, and the day's end gives
// the money back.
func TestTheDaysMoney(t *testing.T) {
	r := newRig(t)
	// Two open calls of half an hour, with a second leg each, and not a third.
	r.rules.MinutePrice, r.rules.SpendCap = 10_000, 1_250_000
	r.open()
	r.cadence(theCadence, document(t, "Money", nil))
	calls := map[cadence.ID]string{}
	r.onDial = func(d dialer.DialOrder) { calls[d.Dial.Attempt] = r.accept(d) }
	leads := []cadence.ID{r.lead(theCadence, callee(1)), r.lead(theCadence, callee(2)), r.lead(theCadence, callee(3))}
	r.pass(time.Second)
	if len(r.dials) != 2 {
		t.Fatalf("%d calls on the money of two", len(r.dials))
	}
	if _, e := r.stay(leads[2]); e.Touch.Rule != permit.RuleSpendCap || e.Touch.Due <= r.now.UnixMilli() || e.Touch.Due > r.now.Add(permit.OpenWait).UnixMilli() {
		t.Errorf("the third waits for %q until %d", e.Touch.Rule, e.Touch.Due)
	}
	broke, ends := r.shard.Broke(r.now.UnixMilli())
	if !broke || ends != r.now.UTC().Truncate(24*time.Hour).Add(24*time.Hour).UnixMilli() {
		t.Errorf("broke %v until %d", broke, ends)
	}
	for _, d := range slices.Clone(r.dials) {
		r.must(r.status(d.Dial.Attempt, calls[d.Dial.Attempt], telephony.StatusNoAnswer))
	}
	r.pass(time.Minute)
	if broke, _ := r.shard.Broke(r.now.UnixMilli()); len(r.dials) != 3 || broke {
		t.Errorf("%d calls once the first two have cost nothing, broke %v", len(r.dials), broke)
	}
	r.refold()
}

// A call that the carrier would keep in its queue until the hours are over is
// cancelled; one that it places in time is not.
func TestQueuedPastTheHours(t *testing.T) {
	for queue, want := range map[time.Duration]int{time.Second: 0, 24 * time.Hour: 1} {
		r := newRig(t)
		r.cadence(theCadence, document(t, "Queue", nil))
		r.lead(theCadence, first)
		d := r.last()
		r.must(&dialer.Sent{Attempt: d.Dial.Attempt, Placed: telephony.Placed{CallID: "CA1", QueueTime: queue}})
		owed := 0
		for _, f := range r.facts {
			if f, ok := f.(*event.EffectOwed); ok && f.Effect == event.EffectCancel && f.Reason == "queued_past_hours" {
				owed++
			}
		}
		if owed != want {
			t.Errorf("queued for %s: %d cancels, want %d", queue, owed, want)
		}
	}
}

func TestPremiumNumbersAreNeverCalled(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Premium", nil))
	lead := r.lead(theCadence, "+13039765555")
	r.pass(time.Minute)
	if len(r.dials) != 0 {
		t.Fatal("a premium number is called")
	}
	l, err := r.rows().Lead(lead)
	r.check(err)
	e, err := r.rows().Enrollment(l.Stays[0].Enrollment)
	r.check(err)
	if e.Left != "blocked" || e.Reason != permit.RulePremium {
		t.Errorf("left %q for %q", e.Left, e.Reason)
	}
}

// A retry whose route asks for it comes in another part of the day.
func TestOtherPartOfTheDay(t *testing.T) {
	for other, want := range map[bool]bool{true: true, false: false} {
		r := newRig(t)
		r.onDial = r.ends(telephony.StatusBusy)
		r.cadence(theCadence, document(t, "Parts", m{"steps": []any{
			m{"key": "one", "kind": "call", "routes": []any{m{"on": "BUSY", "do": "retry", "delay": "10m", "max": 1, "other_day_part": other}}},
		}}))
		lead := r.lead(theCadence, first)
		r.pass(time.Second)
		_, e := r.stay(lead)
		moved := e.Touch.Rule == dialer.RuleDayPart
		if moved != want {
			t.Errorf("asked %v: moved by %q", other, e.Touch.Rule)
		}
	}
}
