//go:build unix

package dialer_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/telephony"
)

// BenchmarkDial is one dial per operation through the whole engine on a synced
// ledger: due, intent, the order out, the call's end, the next due. The
// carrier is a function, so that what is measured is ours. Give it a count:
//
//	go test ./dialer -run '^$' -bench BenchmarkDial -benchtime 500000x
//
// The leads are imported first, at the rate and CPU time of BenchmarkImport.
func BenchmarkDial(b *testing.B) {
	e := newHot(b)
	e.fill(b.N)
	e.measure("dials/s", func() {
		if _, err := e.Do(b.Context(), &dialer.SwitchCadence{ID: theCadence, To: event.Active}); err != nil {
			b.Fatal(err)
		}
		stuck := time.NewTimer(time.Minute)
		for range b.N {
			select {
			case <-e.over:
				stuck.Reset(time.Minute)
			case err := <-e.ended:
				b.Fatal(err)
			case <-stuck.C:
				blocked, err := e.Blockers(theCadence, 1000)
				b.Fatalf("no call for a minute, since %+v (%v)", blocked, err)
			}
		}
	})
	e.close()
}

// BenchmarkImport is one row per operation: read, durable, enrolled, first due
// set.
func BenchmarkImport(b *testing.B) {
	e := newHot(b)
	e.measure("rows/s", func() { e.fill(b.N) })
	e.close()
}

// measure times what f does and reports it per operation.
func (h *hot) measure(rate string, f func()) {
	b := h.b
	h.commits.Store(0)
	h.keys.Store(0)
	h.bytes.Store(0)
	b.ReportAllocs()
	b.ResetTimer()
	cpu := cpuTime()
	f()
	b.StopTimer()
	cpu = cpuTime() - cpu
	n := float64(b.N)
	b.ReportMetric(float64(cpu.Nanoseconds())/1000/n, "cpu-us/op")
	b.ReportMetric(n/b.Elapsed().Seconds(), rate)
	b.ReportMetric(float64(h.keys.Load())/n, "keys/op")
	b.ReportMetric(float64(h.bytes.Load())/n, "stored-B/op")
	b.ReportMetric(n/float64(max(h.commits.Load(), 1)), "op/commit")
}

// cpuTime is what the process has used of all processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// hot is an engine on disk, in front of a carrier whose every call is busy.
type hot struct {
	*dialer.Engine
	b     *testing.B
	store *badger.Ledger
	calls chan cadence.ID
	over  chan struct{}
	stop  context.CancelFunc
	ended chan error
	group sync.WaitGroup

	commits, keys, bytes atomic.Int64 // of all commits since the timer was reset
}

func (h *hot) committed(keys, bytes int, _ time.Duration) {
	h.commits.Add(1)
	h.keys.Add(int64(keys))
	h.bytes.Add(int64(bytes))
}

func newHot(b *testing.B) *hot {
	b.Helper()
	h := &hot{b: b, calls: make(chan cadence.ID, b.N+1), over: make(chan struct{}, b.N+1), ended: make(chan error, 1)}
	var err error
	if h.store, err = badger.Open(badger.Options{Dir: b.TempDir(), MinFree: 1, OnCommit: h.committed}); err != nil {
		b.Fatal(err)
	}
	noon, err := clock.NewVirtual(time.Date(2026, time.March, 3, 20, 0, 0, 0, time.UTC), 1)
	if err != nil {
		b.Fatal(err)
	}
	taking := &line{place: func(_ context.Context, d telephony.Dial) (telephony.Placed, error) {
		select {
		case h.calls <- d.Attempt:
		default: // a retry beyond the leads
		}
		return telephony.Placed{CallID: "CA" + d.Attempt.Bare()}, nil
	}}
	ids := make([]pacing.CallerID, len(callerIDs))
	for i, n := range callerIDs {
		ids[i].Number = n
	}
	h.Engine, err = dialer.New(b.Context(), dialer.Options{
		Rules: dialer.Rules{
			Dispositions: dispositions(b), Countries: []string{"US"}, Pools: map[string]bool{"default": true}, NumberKey: []byte(numberKey), Seller: seller,
		},
		Packs: packs(b), Ledger: h.store, Health: h.store.Health, Carrier: taking, Wall: noon, Real: clock.System{},
		Pacing: pacing.Config{CPS: 100_000, Channels: 1_000_000, CallerIDs: ids}, Workers: 64, Claim: 1, Spool: b.TempDir(),
		OpenRows: func(io.Reader, *event.ImportOpened) (dialer.RowReader, error) { return newManyRows(b.N), nil },
		Log:      zap.NewNop(), Metrics: prometheus.NewRegistry(),
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	h.group.Go(func() { h.ended <- h.Run(ctx) })
	for range 256 {
		h.group.Go(func() { h.hangUp(ctx) })
	}
	return h
}

// hangUp tells the engine that calls were busy.
func (h *hot) hangUp(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-h.calls:
			_, err := h.Report(ctx, telephony.Event{
				Attempt: id, Kind: telephony.EventStatus, CallID: "CA" + id.Bare(), Status: telephony.StatusBusy, Seq: 3,
			})
			if err == nil {
				h.over <- struct{}{}
			}
		}
	}
}

// fill brings the cadence and n leads in, none of which is dialed yet.
func (h *hot) fill(n int) {
	h.b.Helper()
	for _, m := range []dialer.Message{
		&dialer.SaveCadence{ID: theCadence, New: true, Document: []byte(document(h.b, "Hot", nil))},
		&dialer.PublishCadence{ID: theCadence},
	} {
		if _, err := h.Do(h.b.Context(), m); err != nil {
			h.b.Fatal(err)
		}
	}
	ctx, req, body := file(1)
	id, err := h.StartImport(ctx, req, body)
	if err != nil {
		h.b.Fatal(err)
	}
	for {
		row, err := h.Rows().Import(id)
		if err != nil {
			h.b.Fatal(err)
		}
		if row.State != "running" {
			if row.Enrolled != int64(n) {
				h.b.Fatalf("%d of %d leads enrolled: %+v", row.Enrolled, n, row)
			}
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func (h *hot) close() {
	h.stop()
	h.group.Wait()
	if err := h.store.Close(); err != nil {
		h.b.Error(err)
	}
}

// manyRows are leads in a random order, on the fictional 555 exchange of every
// American area code.
type manyRows struct {
	left, line int
	codes      []int
	at         []int32
}

func newManyRows(n int) *manyRows {
	r := &manyRows{left: n}
	for code := 201; code <= 989; code++ {
		at, region, why := window.Candidates(fmt.Sprintf("+1%03d5550100", code))
		if region == "US" && why == "" && len(at) == 1 {
			r.codes = append(r.codes, code)
		}
	}
	r.at = make([]int32, n)
	for i := range r.at {
		r.at[i] = int32(i)
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(n, func(i, j int) { r.at[i], r.at[j] = r.at[j], r.at[i] })
	return r
}

func (r *manyRows) Next() (dialer.Row, error) {
	if r.line == r.left {
		return dialer.Row{}, io.EOF
	}
	at := int(r.at[r.line])
	r.line++
	number := cadence.Number(fmt.Sprintf("+1%03d555%04d", r.codes[at%len(r.codes)], at/len(r.codes)))
	agreed := written(30) // some states ask for it
	return dialer.Row{Line: int64(r.line), Lead: cadence.Lead{
		ExternalID: fmt.Sprintf("many-%07d", at), Name: fmt.Sprintf("Lead %05d", at), FirstName: "Lead", Numbers: numbered(number),
	}, Consent: &agreed}, nil
}
