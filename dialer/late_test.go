package dialer_test

import (
	"slices"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// liveOf are the live answers that are counted under a rule.
func (r *rig) liveOf(rule string) (sum state.RuleLive) {
	r.t.Helper()
	r.check(r.rows().Lives(0, func(_ int64, _ cadence.ID, l *state.Live) bool {
		for _, one := range l.Rules {
			if one.Rule == rule {
				sum.Rule, sum.Answered, sum.Abandoned = rule, sum.Answered+one.Answered, sum.Abandoned+one.Abandoned
				sum.Late, sum.Told = sum.Late+one.Late, sum.Told+one.Told
			}
		}
		return true
	}))
	return sum
}

// How long a person waits for somebody is measured from the call's question to
// the report of the leg, or reckoned from how long both lasted; what is more than
// the law allows is late, and so is a message in the place of somebody.
func TestHowSoonACallIsPutThrough(t *testing.T) {
	at := func(d time.Duration) *time.Duration { return &d }
	for name, c := range map[string]struct {
		leg        *time.Duration // after the question; nil: nobody reports it
		delayed    time.Duration  // by which its report comes late, with its second
		behind     bool           // it comes behind the end of the call
		nobody     bool           // the leg is not answered: a message is played
		wait       int64
		late, told bool
	}{
		"at once":                    {leg: at(time.Second), wait: 1000},
		"in time":                    {leg: at(2 * time.Second), wait: 2000},
		"too late":                   {leg: at(2001 * time.Millisecond), wait: 2001, late: true},
		"in time, told late":         {leg: at(time.Second), delayed: 30 * time.Second},
		"reckoned":                   {wait: 12_000, late: true},
		"told behind the end":        {leg: at(time.Second), behind: true},
		"a message, nobody answered": {nobody: true, late: true, told: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cadence(theCadence, document(t, "Through", m{"connect": []any{m{"to": "number", "number": "+13035550198"}, m{"to": "message", "text": "Hello."}}}))
			r.lead(theCadence, first)
			d := r.last()
			call, _ := r.live(d, telephony.ByHuman)
			heard := r.now
			leg := func() {
				ev := telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventLeg, CallID: call, LegID: "L", Seq: -1}
				if c.delayed > 0 || c.behind {
					ev.At = heard.Add(*c.leg).Truncate(time.Second)
				}
				r.must(&dialer.Reported{Event: ev})
			}
			if c.leg != nil && !c.behind {
				r.pass(*c.leg + c.delayed)
				leg()
				leg() // a repeat changes nothing
			}
			r.pass(time.Minute)
			result := telephony.StatusCompleted
			if c.nobody {
				result = telephony.StatusNoAnswer
			}
			r.must(&dialer.Reported{Event: legEnded(d, call, "L", result)})
			end := r.status(d.Dial.Attempt, call, telephony.StatusCompleted)
			end.Event.Duration = 72 * time.Second // the leg lasted a minute
			r.must(end)
			if c.behind {
				r.pass(time.Minute)
				leg()
				leg()
			}
			want := c.wait
			if c.delayed > 0 || c.behind { // the end of the second that it names
				want = heard.Add(*c.leg).Truncate(time.Second).Add(999 * time.Millisecond).Sub(heard).Milliseconds()
			}
			a := r.attempt(d.Dial.Attempt)
			if a.Wait != want || a.Late != c.late || a.Told != c.told || a.Code != "CONNECTED" || !a.Contact || a.Abandoned {
				t.Errorf("waited %d ms, late %v, told %v, %+v", a.Wait, a.Late, a.Told, a)
			}
			one := func(b bool) int64 {
				if b {
					return 1
				}
				return 0
			}
			if got, want := r.liveOf("us.abandon"), (state.RuleLive{Rule: "us.abandon", Answered: 1, Late: one(c.late), Told: one(c.told)}); got != want {
				t.Errorf("counted %+v, want %+v", got, want)
			}
			r.refold()
		})
	}
}

// A call counts under the rules of its place and purpose only.
func TestAbandonedCallsCountWhereTheyWent(t *testing.T) {
	r := newRig(t)
	r.rules.Countries = []string{"US", "GB"}
	r.open()
	r.cadence(theCadence, document(t, "Places", m{"connect": []any{m{"to": "number", "number": "+13035550198"}}, "time_restrictions": m{"windows": []any{m{"from": "00:00", "to": "24:00"}}}}))
	for _, n := range []cadence.Number{"+13035550142", "+442079460142"} {
		r.lead(theCadence, n)
		r.pass(24 * time.Hour)
		i := slices.IndexFunc(r.dials, func(d dialer.DialOrder) bool { return d.Dial.To == n })
		if i < 0 {
			t.Fatalf("%s is not called", n)
		}
		d := r.dials[i]
		call, _ := r.live(d, telephony.ByHuman)
		r.must(&dialer.Reported{Event: legEnded(d, call, "L", telephony.StatusNoAnswer)})
		r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	}
	shares, err := dialer.SharesOf(packs(t), []state.Rows{r.rows()}, r.now, nil, false)
	r.check(err)
	for _, s := range shares {
		if want := map[string]int64{"us.abandon": 1, "gb.abandon": 1}[s.Rule]; s.Abandoned != want || s.Answered != want {
			t.Errorf("%s: %d of %d", s.Rule, s.Abandoned, s.Answered)
		}
	}
	for rule, want := range map[string]int64{"us.abandon": 1, "gb.abandon": 1, "ca.abandon": 0} {
		if got := r.liveOf(rule); got.Answered != want || got.Abandoned != want {
			t.Errorf("%s: %+v, want %d", rule, got, want)
		}
	}
}

// Where the law is taken strictly, calls that are put through too late count as
// abandoned; else they are told beside them.
func TestLateCallsCountWhereTheHouseIsStrict(t *testing.T) {
	r := newRig(t)
	r.cadence(theCadence, document(t, "Late", m{"connect": []any{m{"to": "number", "number": "+13035550198"}}}))
	for _, n := range []cadence.Number{"+13035550142", "+13035550143"} {
		r.lead(theCadence, n)
		d := r.last()
		call, _ := r.live(d, telephony.ByHuman)
		r.pass(3 * time.Second)
		r.must(&dialer.Reported{Event: telephony.Event{Attempt: d.Dial.Attempt, Kind: telephony.EventLeg, CallID: call, LegID: "L", Seq: -1}})
		r.must(&dialer.Reported{Event: legEnded(d, call, "L", telephony.StatusCompleted)})
		r.must(r.status(d.Dial.Attempt, call, telephony.StatusCompleted))
	}
	for _, strict := range []dialer.Late{false, true} {
		shares, err := dialer.SharesOf(packs(t), []state.Rows{r.rows()}, r.now, nil, strict)
		r.check(err)
		i := slices.IndexFunc(shares, func(s dialer.Share) bool { return s.Rule == "us.abandon" })
		if i < 0 {
			t.Fatal("nothing is counted")
		}
		s := shares[i]
		if s.Answered != 2 || s.Abandoned != 0 || s.Late != 2 || s.TodayLate != 2 || s.Over != bool(strict) || !s.OverLate || s.Within != 2*time.Second {
			t.Errorf("strict %v: %+v", strict, s)
		}
		over := dialer.Overs(shares, r.now.UnixMilli(), nil, strict)
		if len(over) == 1 != bool(strict) || strict && over[0].Late != 2 {
			t.Errorf("strict %v: %+v wait", strict, over)
		}
	}
}
