package dialer_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/telephony"
)

// answered plays the n-th call: a person picks up, and is connected or not.
func (l *live) answered(n int, connected bool) cadence.ID {
	l.t.Helper()
	l.line.mu.Lock()
	id := l.line.placed[n]
	l.line.mu.Unlock()
	report := func(ev telephony.Event) {
		ev.Attempt, ev.CallID = id, "CA"+id.Bare()
		l.do(&dialer.Reported{Event: ev}) // what waits in Report outlives a bubble
	}
	report(telephony.Event{Kind: telephony.EventStatus, Status: telephony.StatusInProgress, Seq: 1})
	report(telephony.Event{Kind: telephony.EventVoice, Seq: -1, AnsweredBy: telephony.ByHuman})
	leg := telephony.StatusNoAnswer
	if connected {
		leg = telephony.StatusCompleted
	}
	report(legEnded(dialer.DialOrder{Dial: telephony.Dial{Attempt: id}}, "CA"+id.Bare(), "L", leg))
	report(telephony.Event{Kind: telephony.EventStatus, Status: telephony.StatusCompleted, Seq: 2})
	sleep(8 * time.Second) // legs are asked for, campaigns are judged
	return id
}

// more imports one more lead, whose number ends in n.
func (l *live) more(n byte) {
	l.t.Helper()
	ctx, req, _ := file(1)
	req.Name = string(rune('a' + n))
	if _, err := l.engine.StartImport(ctx, req, bytes.NewReader([]byte{n})); err != nil {
		l.t.Fatal(err)
	}
	sleep(time.Minute)
}

// A campaign that abandons more of its live answers than the law allows waits
// until the day ends. The next day it goes on, until it abandons another one.
func TestACampaignThatAbandonsWaits(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		zone := time.FixedZone("an hour before midnight", -3600)
		l := startLive(t, liveOptions{spool: spool, with: func(o *dialer.Options) { o.Rules.DayZone = zone }})
		began := time.Now()
		midnight := began.Add(time.Hour).UTC()
		l.leads(3)
		sleep(time.Second)
		if l.line.calls() != 3 {
			t.Fatalf("%d calls", l.line.calls())
		}
		l.answered(0, true)
		l.answered(1, false)
		l.more(3) // one abandoned call of two answers is an accident
		if l.line.calls() != 4 {
			t.Fatalf("%d calls after one abandoned call", l.line.calls())
		}
		l.answered(2, false)
		l.more(4)
		if l.line.calls() != 4 {
			t.Fatalf("%d calls: the campaign went on", l.line.calls())
		}
		shares, err := l.engine.Shares()
		i := slices.IndexFunc(shares, func(s dialer.Share) bool { return s.Rule == "us.abandon" })
		if err != nil || i < 0 || shares[i].Campaign != "Live" || shares[i].Answered != 3 || shares[i].Abandoned != 2 || shares[i].Today != 2 || !shares[i].Over ||
			shares[i].Ends-shares[i].Since != 30*24*3_600_000 {
			t.Errorf("%+v %v", shares, err)
		}
		b, err := l.engine.Blockers(theCadence, 10)
		if err != nil || len(b.Rules) != 1 || b.Rules[0].Rule != "us.abandon" || b.Rules[0].Result != permit.Defer || !b.Rules[0].Next.Equal(midnight) {
			t.Errorf("%+v %v, want %s", b, err, midnight)
		}
		sleep(time.Until(midnight) + 5*time.Minute)
		if l.line.calls() != 5 {
			t.Fatalf("%d calls on the next day", l.line.calls())
		}
		l.answered(4, true) // it is over still, and abandoned nobody today
		l.more(5)
		if l.line.calls() != 6 {
			t.Fatalf("%d calls: a good day is a bad one", l.line.calls())
		}
		l.answered(3, false) // of yesterday
		l.more(6)
		if l.line.calls() != 7 {
			t.Fatalf("%d calls: yesterday's call ends today", l.line.calls())
		}
		l.answered(5, false)
		l.more(7)
		if l.line.calls() != 7 {
			t.Errorf("%d calls: the first of the day was passed over", l.line.calls())
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// With OnlyReport campaigns go on, and are counted.
func TestAbandonedCallsAreOnlyReported(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{spool: spool, with: func(o *dialer.Options) { o.Rules.OnlyReport = true }})
		l.leads(2)
		sleep(time.Second)
		l.answered(0, false)
		l.answered(1, false)
		l.more(3)
		if l.line.calls() != 3 {
			t.Errorf("%d calls", l.line.calls())
		}
		if shares, err := l.engine.Shares(); err != nil || !slices.ContainsFunc(shares, func(s dialer.Share) bool { return s.Over }) {
			t.Errorf("%+v %v", shares, err)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}
