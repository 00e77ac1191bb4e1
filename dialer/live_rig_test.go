package dialer_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/memory"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/telephony"
)

// line is a carrier that does what a test says. Its zero value takes every
// call and knows nothing more of any.
type line struct {
	mu      sync.Mutex
	placed  []cadence.ID
	cancels []string
	place   func(ctx context.Context, d telephony.Dial) (telephony.Placed, error)
	fetch   func(ctx context.Context) (telephony.Call, error)
	cancel  func(id string) error // by which it is not cancelled
}

func (l *line) Place(ctx context.Context, d telephony.Dial) (telephony.Placed, error) {
	l.mu.Lock()
	l.placed = append(l.placed, d.Attempt)
	l.mu.Unlock()
	if l.place != nil {
		return l.place(ctx, d)
	}
	return telephony.Placed{CallID: "CA" + d.Attempt.Bare()}, nil
}

func (l *line) calls() int { l.mu.Lock(); defer l.mu.Unlock(); return len(l.placed) }

func (l *line) Fetch(ctx context.Context, id string) (telephony.Call, error) {
	if l.fetch != nil {
		return l.fetch(ctx)
	}
	return telephony.Call{ID: id, Status: telephony.StatusRinging}, nil
}

func (l *line) Find(context.Context, telephony.Query) ([]telephony.Call, error) { return nil, nil }
func (l *line) Requests(context.Context, string) ([]string, error)              { return nil, nil }
func (l *line) Legs(context.Context, string) ([]telephony.Call, error)          { return nil, nil }
func (l *line) HangUp(context.Context, string) error                            { return nil }
func (l *line) Redirect(context.Context, string, cadence.ID) error              { return nil }

func (l *line) Cancel(_ context.Context, id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cancel != nil {
		if err := l.cancel(id); err != nil {
			return err
		}
	}
	l.cancels = append(l.cancels, id)
	return nil
}

// live is a whole engine under fake time.
type live struct {
	t      *testing.T
	engine *dialer.Engine
	line   *line
	store  ledger.Ledger
	stop   context.CancelFunc
	ended  chan error
}

type liveOptions struct {
	store ledger.Ledger
	spool string
	with  func(*dialer.Options)
	line  *line
	// idle leaves the engine not running.
	idle bool
}

var claims uint64

// startLive opens an engine and runs it; it must be called in a bubble.
func startLive(t *testing.T, o liveOptions) *live {
	t.Helper()
	if o.store == nil {
		o.store = memory.New()
	}
	if o.line == nil {
		o.line = &line{}
	}
	claims++
	ids := []pacing.CallerID{{Number: callerIDs[0]}}
	opts := dialer.Options{
		Rules: dialer.Rules{
			Dispositions: dispositions(t), Countries: []string{"US"}, Pools: map[string]bool{"default": true},
			NumberKey: []byte(numberKey), NumberCap: 100,
		},
		Packs: packs(t), Ledger: o.store, Carrier: o.line, Wall: clock.System{}, Real: clock.System{},
		Pacing: pacing.Config{CPS: 50, Channels: 500, CallerIDs: ids}, Workers: 32, Claim: claims, Spool: o.spool,
		OpenRows: rowsOf, Log: zap.NewNop(), Metrics: prometheus.NewRegistry(),
	}
	if o.with != nil {
		o.with(&opts)
	}
	e, err := dialer.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	l := &live{t: t, engine: e, line: o.line, store: o.store, stop: stop, ended: make(chan error, 1)}
	if !o.idle {
		go func() { l.ended <- e.Run(ctx) }()
	}
	return l
}

// do hands a command in.
func (l *live) do(m dialer.Message) any {
	l.t.Helper()
	r, err := l.engine.Do(context.Background(), m)
	if err != nil {
		l.t.Fatal(err)
	}
	return r
}

// leads creates the cadence and n leads in it.
func (l *live) leads(n int) {
	l.t.Helper()
	l.do(&dialer.SaveCadence{ID: theCadence, New: true, Document: []byte(document(l.t, "Live", nil))})
	l.do(&dialer.PublishCadence{ID: theCadence})
	l.do(&dialer.SwitchCadence{ID: theCadence, To: event.Active})
	if _, err := l.engine.StartImport(file(n)); err != nil {
		l.t.Fatal(err)
	}
	synctest.Wait() // all rows are in, at no time at all
}

// file is a request to import n leads into the cadence.
func file(n int) (context.Context, dialer.ImportRequest, io.Reader) {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	return context.Background(), dialer.ImportRequest{Name: "L", Cadence: theCadence, OnDuplicate: dialer.OnDuplicateReject}, bytes.NewReader(b)
}

// end stops the engine and returns what Run said.
func (l *live) end() error {
	l.stop()
	return <-l.ended
}

func bubble(t *testing.T, f func(t *testing.T, spool string)) {
	spool := t.TempDir()
	synctest.Test(t, func(t *testing.T) { f(t, spool) })
}

// rowsOf reads a file in which each byte is a row: its number's last digits.
func rowsOf(r io.Reader, _ *event.ImportOpened) (dialer.RowReader, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if len(b) == 0 {
		return nil, errors.New("an empty file")
	}
	return &byteRows{b: b}, nil
}

type byteRows struct {
	b    []byte
	line int64
}

func (r *byteRows) Next() (dialer.Row, error) {
	if int(r.line) == len(r.b) {
		return dialer.Row{}, io.EOF
	}
	r.line++
	return dialer.Row{Line: r.line, Lead: cadence.Lead{ExternalID: string(rune('A' + r.b[r.line-1])), Numbers: numbered(numberAt(int(r.b[r.line-1])))}}, nil
}

// slowRows is rowsOf at a row a millisecond.
func slowRows(r io.Reader, job *event.ImportOpened) (dialer.RowReader, error) {
	rows, err := rowsOf(r, job)
	return waiting{rows}, err
}

type waiting struct{ dialer.RowReader }

func (w waiting) Next() (dialer.Row, error) {
	time.Sleep(time.Millisecond)
	return w.RowReader.Next()
}

type systemClock = clock.System

const moment = 100 * time.Millisecond
