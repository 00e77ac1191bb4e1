package dialer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/ledgertest"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony"
)

// sleep lets fake time pass.
func sleep(d time.Duration) { time.Sleep(d); synctest.Wait() }

// Calls go out, at the rate of the account, and only behind durable intents,
// also when the ledger takes its time.
func TestLiveDials(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		store := memory.New()
		slow := ledgertest.Faulty(store, ledgertest.Plan{Before: func(op string) {
			if op == "commit" {
				time.Sleep(5 * time.Millisecond)
			}
		}})
		at := map[int64]int{}
		ln := &line{}
		ln.place = func(_ context.Context, d telephony.Dial) (telephony.Placed, error) {
			if o, err := (state.Rows{R: store}).Open(d.Attempt); err != nil || o == nil || o.State != event.Intent {
				t.Errorf("a request before its intent was durable: %+v, %v", o, err)
			}
			ln.mu.Lock()
			at[time.Now().Unix()]++
			ln.mu.Unlock()
			return telephony.Placed{CallID: "CA" + d.Attempt.Bare()}, nil
		}
		l := startLive(t, liveOptions{store: slow, spool: spool, line: ln, with: func(o *dialer.Options) { o.Pacing.CPS = 5 }})
		l.leads(40)
		sleep(30 * time.Second)
		if n := ln.calls(); n != 40 {
			t.Errorf("%d calls", n)
		}
		for second, n := range at {
			if n > 6 {
				t.Errorf("%d calls in second %d at 5 per second", n, second)
			}
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
		if _, err := l.engine.Do(t.Context(), &dialer.SetDialing{Stop: true}); !errors.Is(err, dialer.ErrStopped) {
			t.Errorf("after the end: %v", err)
		}
	})
}

// A commit that fails ends the engine: nothing is acknowledged, nothing sent.
func TestLiveFailingCommit(t *testing.T) {
	for fail := range 14 {
		bubble(t, func(t *testing.T, spool string) {
			sent := map[cadence.ID]bool{}
			inner := memory.New()
			faulty := ledgertest.Faulty(inner, ledgertest.Plan{FailCommit: fail + 2, Landed: fail%2 == 0})
			ln := &line{}
			ln.place = func(_ context.Context, d telephony.Dial) (telephony.Placed, error) {
				ln.mu.Lock()
				defer ln.mu.Unlock()
				if sent[d.Attempt] {
					t.Error("sent twice")
				}
				sent[d.Attempt] = true
				return telephony.Placed{}, &telephony.Error{Class: telephony.Unclear, Reason: "timeout"}
			}
			l := startLive(t, liveOptions{store: faulty, spool: spool, line: ln})
			failed := false
			try := func(m dialer.Message) {
				if _, err := l.engine.Do(context.Background(), m); err != nil {
					failed = true
				} else if failed {
					t.Errorf("%T was acknowledged after a failed commit", m)
				}
			}
			try(&dialer.SaveCadence{ID: theCadence, New: true, Document: []byte(document(t, "Fails", nil))})
			try(&dialer.PublishCadence{ID: theCadence})
			try(&dialer.SwitchCadence{ID: theCadence, To: event.Active})
			if _, err := l.engine.StartImport(file(8)); err != nil {
				failed = true
			} else if failed {
				t.Error("an import was acknowledged after a failed commit")
			}
			for i := range 12 { // more commits, until one fails
				sleep(moment)
				try(&dialer.Audit{What: fmt.Sprint(i)})
			}
			sleep(5 * time.Second)
			select {
			case err := <-l.ended:
				if !errors.Is(err, ledger.ErrFailed) {
					t.Errorf("commit %d: Run ended with %v", fail, err)
				}
			default:
				t.Errorf("commit %d failed and the engine runs on", fail)
				l.stop()
				<-l.ended
			}
			again := startLive(t, liveOptions{store: inner.Clone(), spool: spool, line: ln, with: func(o *dialer.Options) {}})
			sleep(20 * time.Second)
			if err := again.end(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A clean stop gives back what was not sent, waits for what is being sent, and
// keeps what that told.
func TestLiveStopGivesBack(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		ln := &line{}
		ln.place = func(_ context.Context, d telephony.Dial) (telephony.Placed, error) {
			time.Sleep(3 * time.Second)
			return telephony.Placed{CallID: "CA" + d.Attempt.Bare()}, nil
		}
		store := memory.New()
		l := startLive(t, liveOptions{store: store, spool: spool, line: ln, with: func(o *dialer.Options) { o.Workers = 2 }})
		l.leads(20)
		sleep(time.Second)
		if err := l.end(); err != nil {
			t.Fatal(err)
		}
		open, placed := 0, 0
		rows := state.Rows{R: store}
		if err := rows.Opens(func(o *state.Open) bool {
			open++
			if o.State == event.Placed && o.CallID != "" {
				placed++
			}
			return true
		}); err != nil {
			t.Fatal(err)
		}
		if n := ln.calls(); n == 0 || n == 20 || open != n || placed != n {
			t.Errorf("%d requests; %d attempts open, %d of them placed", n, open, placed)
		}
		waiting := 0
		if err := rows.Enrollments(cadence.ID{}, func(_ cadence.ID, e *state.Enrollment) bool {
			if e.Touch.State == state.Waiting {
				waiting++
			}
			return true
		}); err != nil || waiting != 20-open {
			t.Errorf("%d stays wait (%v)", waiting, err)
		}
	})
}

// Orders that wait behind a slow carrier are not sent once they were taken
// back, nor when their time is over; each is sent at most once.
func TestLiveWaitingOrders(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		store := memory.New()
		sent := map[cadence.ID]bool{}
		ln := &line{}
		ln.place = func(_ context.Context, d telephony.Dial) (telephony.Placed, error) {
			ln.mu.Lock()
			again := sent[d.Attempt]
			sent[d.Attempt] = true
			ln.mu.Unlock()
			o, err := state.Rows{R: store}.Open(d.Attempt)
			switch {
			case err != nil || o == nil:
				t.Errorf("sent after it was taken back (%v)", err)
			case again:
				t.Error("sent twice")
			case time.Now().UnixMilli() > o.I.NotAfter:
				t.Errorf("sent %d ms after its time", time.Now().UnixMilli()-o.I.NotAfter)
			}
			time.Sleep(9 * time.Second)
			return telephony.Placed{CallID: "CA" + d.Attempt.Bare()}, nil
		}
		l := startLive(t, liveOptions{store: store, spool: spool, line: ln, with: func(o *dialer.Options) { o.Workers = 1 }})
		l.leads(12)
		sleep(5 * time.Second) // one is being sent, the others wait
		l.do(&dialer.SetDialing{Stop: true})
		sleep(time.Minute)
		if n := ln.calls(); n != 1 {
			t.Errorf("%d requests in spite of the switch", n)
		}
		l.do(&dialer.SetDialing{})
		sleep(70 * time.Second) // longer than an order may wait
		if n := ln.calls(); n < 6 {
			t.Errorf("%d requests", n)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// The switch works within a second, also while the carrier answers nothing and
// a hundred inquiries about its silence hang.
func TestLiveKillSwitchWhileTheCarrierHangs(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		ln := &line{}
		ln.fetch = func(ctx context.Context) (telephony.Call, error) {
			<-ctx.Done()
			return telephony.Call{}, ctx.Err()
		}
		l := startLive(t, liveOptions{spool: spool, line: ln})
		l.leads(85)
		sleep(5 * time.Second)
		if n := ln.calls(); n != 85 {
			t.Fatalf("%d calls, %+v", n, l.engine.Status())
		}
		sleep(52 * time.Second) // the deadlines of all calls have passed
		began := time.Now()
		l.do(&dialer.SetDialing{Stop: true, Reason: "drill"})
		if took := time.Since(began); took > time.Second {
			t.Errorf("the switch took %v", took)
		}
		sleep(time.Second)
		ln.mu.Lock()
		n := len(ln.cancels)
		ln.mu.Unlock()
		if n != 85 {
			t.Errorf("%d of 85 ringing calls were cancelled within a second", n)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// A cancel that the carrier refuses, as it does when it is asked too much at
// once, is tried again while the phone still rings.
func TestLiveCancelIsTriedAgain(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		refused := map[string]bool{}
		ln := &line{cancel: func(id string) error {
			if refused[id] {
				return nil
			}
			refused[id] = true
			return &telephony.Error{Class: telephony.Throttled, Reason: "throttled", HTTP: 429}
		}}
		l := startLive(t, liveOptions{spool: spool, line: ln})
		l.leads(85)
		sleep(5 * time.Second)
		l.do(&dialer.SetDialing{Stop: true, Reason: "drill"})
		sleep(4 * time.Second)
		ln.mu.Lock()
		n := len(ln.cancels)
		ln.mu.Unlock()
		if n != 85 {
			t.Errorf("%d of 85 ringing calls were cancelled within four seconds", n)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// A file is read to its end over a death in the middle, each row once.
func TestLiveImportResumes(t *testing.T) {
	file := make([]byte, 90)
	for i := range file {
		file[i] = byte(i)
	}
	cut := 0 // deaths that left some rows done and some not
	for fail := 1; fail < 12; fail++ {
		bubble(t, func(t *testing.T, spool string) {
			inner := memory.New()
			slow := ledgertest.Faulty(inner, ledgertest.Plan{FailCommit: fail, Landed: fail%2 == 0, Before: func(op string) {
				if op == "commit" {
					time.Sleep(time.Millisecond) // rows come in meanwhile
				}
			}})
			l := startLive(t, liveOptions{store: slow, spool: spool, with: func(o *dialer.Options) { o.OpenRows = slowRows }})
			_, err := l.engine.StartImport(context.Background(), dialer.ImportRequest{Name: "L", OnDuplicate: dialer.OnDuplicateReject}, bytes.NewReader(file))
			accepted := err == nil
			sleep(2 * time.Second)
			if err := l.end(); err == nil {
				t.Errorf("commit %d did not fail", fail)
			}
			again := startLive(t, liveOptions{store: inner.Clone(), spool: spool})
			rows, found := again.engine.Rows(), 0
			each := func(fn func(i *state.Import)) {
				if err := rows.Imports(func(i *state.Import) bool { fn(i); return true }); err != nil {
					t.Error(err)
				}
			}
			each(func(i *state.Import) {
				if i.Rows > 0 && i.Rows < 90 {
					cut++
				}
			})
			sleep(5 * time.Second)
			each(func(i *state.Import) {
				if found++; i.State != "done" || i.Rows != 90 || i.Accepted != 90 || i.Line != 90 {
					t.Errorf("died at commit %d: %+v", fail, i)
				}
			})
			if accepted && found != 1 {
				t.Errorf("%d imports of one that was accepted", found)
			}
			if err := again.end(); err != nil {
				t.Error(err)
			}
			if left, err := filepath.Glob(filepath.Join(spool, "*")); err != nil || len(left) > 0 {
				t.Errorf("left in the spool: %v", left)
			}
		})
	}
	if cut < 3 {
		t.Errorf("only %d deaths were in the middle of the file", cut)
	}
}

func TestLiveImportRefusesAFileThatCannotBeRead(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{spool: spool})
		var refused *dialer.Refusal
		if _, err := l.engine.StartImport(context.Background(), dialer.ImportRequest{}, strings.NewReader("")); !errors.As(err, &refused) {
			t.Errorf("taken, or refused without a reason: %v", err)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}

// Messages before Run wait for it; too many are refused; after the end all are.
func TestLiveInbox(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		l := startLive(t, liveOptions{spool: spool, idle: true})
		answers, busy := make(chan error, 10_000), 0
		ctx, cancel := context.WithCancel(context.Background())
		for i := range 9000 {
			go func() {
				_, err := l.engine.Do(ctx, &dialer.Audit{What: fmt.Sprint(i)})
				answers <- err
			}()
		}
		synctest.Wait()
		for len(answers) > 0 {
			if err := <-answers; !errors.Is(err, dialer.ErrBusy) {
				t.Fatalf("answered before Run: %v", err)
			}
			busy++
		}
		if busy != 9000-8192 {
			t.Errorf("%d were refused", busy)
		}
		run, stop := context.WithCancel(context.Background())
		go func() { l.ended <- l.engine.Run(run) }()
		sleep(10 * time.Second)
		for range 8192 {
			if err := <-answers; err != nil {
				t.Fatal(err)
			}
		}
		stop()
		if err := <-l.ended; err != nil {
			t.Error(err)
		}
		cancel()
	})
}

// clockAhead is a wall that somebody set forward.
type clockAhead struct {
	systemClock
	by atomic.Int64 // ns
}

func (c *clockAhead) Now() time.Time { return c.systemClock.Now().Add(time.Duration(c.by.Load())) }

func (c *clockAhead) At(at time.Time) (<-chan struct{}, func()) {
	return c.systemClock.At(at.Add(-time.Duration(c.by.Load())))
}
