package dialer_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/ledgertest"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// stuckCommits is a ledger whose commits, once stuck is set, wait for the gate.
func stuckCommits() (l *ledgertest.Fault, stuck *atomic.Bool, gate chan struct{}) {
	stuck, gate = new(atomic.Bool), make(chan struct{})
	return ledgertest.Faulty(memory.New(), ledgertest.Plan{Before: func(op string) {
		if op == "commit" && stuck.Load() {
			<-gate
		}
	}}), stuck, gate
}

// A turn that was decided while another one was synced is made durable, too,
// when the engine stops meanwhile: whoever waits for it is answered.
func TestLiveStopFinishesTheOpenTurn(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		store, stuck, gate := stuckCommits()
		l := startLive(t, liveOptions{store: store, spool: spool})
		synctest.Wait()
		stuck.Store(true)
		ctx, giveUp := context.WithCancel(context.Background())
		answers := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := l.engine.Do(ctx, &dialer.Audit{What: "said while stopping"})
				answers <- err
			}()
			synctest.Wait()
		}
		l.stop()
		synctest.Wait()
		close(gate)
		if err := <-l.ended; err != nil {
			t.Error(err)
		}
		synctest.Wait()
		giveUp()
		for range 2 {
			if err := <-answers; err != nil {
				t.Errorf("answered %v", err)
			}
		}
		office, err := state.Rows{R: store}.Office()
		if err != nil || office.Audits != 2 {
			t.Errorf("%d of 2 are kept (%v)", office.Audits, err)
		}
	})
}

// The picture shows nothing that is not durable yet.
func TestLiveStatusIsNotAheadOfTheLedger(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		store, stuck, gate := stuckCommits()
		l := startLive(t, liveOptions{store: store, spool: spool})
		synctest.Wait()
		stuck.Store(true)
		go func() {
			if _, err := l.engine.Do(context.Background(), &dialer.SetDialing{Stop: true, Reason: "test"}); err != nil {
				t.Error(err)
			}
			if !l.engine.Status().Stopped {
				t.Error("the stop was acknowledged before the picture showed it")
			}
		}()
		synctest.Wait()
		if s := l.engine.Status(); s.Stopped {
			t.Error("the picture shows a stop that is not durable")
		}
		close(gate)
		synctest.Wait()
		if s := l.engine.Status(); !s.Stopped || s.Doubt.Reason != dialer.ReasonKillSwitch {
			t.Errorf("after the commit: %+v", s)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// Orders whose turn is still being synced when the engine stops are sent or
// given back like all others: no intent is left in doubt.
func TestLiveStopLeavesNoIntent(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		store, stuck, gate := stuckCommits()
		ln := &line{}
		ln.place = func(_ context.Context, d telephony.Dial) (telephony.Placed, error) {
			stuck.Store(true)
			time.Sleep(time.Second)
			return telephony.Placed{CallID: "CA" + d.Attempt.Bare()}, nil
		}
		l := startLive(t, liveOptions{store: store, spool: spool, line: ln})
		l.leads(40)
		sleep(200 * time.Millisecond)
		l.stop()
		synctest.Wait()
		close(gate)
		if err := <-l.ended; err != nil {
			t.Error(err)
		}
		open := 0
		if err := (state.Rows{R: store}).Opens(func(o *state.Open) bool {
			open++
			if o.State == event.Intent {
				t.Errorf("attempt %s is left as an intent", o.I.Attempt.Bare())
			}
			return true
		}); err != nil || open != ln.calls() {
			t.Errorf("%d open, %d requests (%v)", open, ln.calls(), err)
		}
	})
}
