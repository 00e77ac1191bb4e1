package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/telephony"
)

// dials measures W1. Every lead is due at the start; each call is accepted and
// ends busy, which routes to a retry: a durable result and a durable next due.
func dials(ctx context.Context, o Options) (d Dials, err error) {
	r, err := newRig(ctx, o, o.Leads)
	if err != nil {
		return d, fmt.Errorf("w1: %w", err)
	}
	defer func() { err = errors.Join(err, r.close(context.WithoutCancel(ctx))) }()
	m := &results{want: o.Leads, done: make(chan struct{})}
	ends := make(chan accepted, o.Leads+1)
	tell := func(sid, _, _, url string) {
		select {
		case ends <- accepted{sid, url, clock.System{}.Mono()}:
		default: // a retry beyond the leads: not measured
		}
	}
	r.carrier.accepted.Store(&tell)
	work, stop := context.WithCancel(ctx)
	defer stop()
	var group sync.WaitGroup
	for range reporters {
		group.Go(func() { r.report(work, ends, m) })
	}
	stuck := make(chan error, 1)
	go func() { stuck <- stalled(work, m.count) }()
	began := clock.System{}.Mono()
	if _, err := r.api.Act(ctx, r.cadence, "activate"); err != nil {
		return d, fmt.Errorf("w1: %w", err)
	}
	select {
	case <-m.done:
	case err = <-stuck:
	case err = <-r.app.Failed():
	}
	took := clock.System{}.Mono() - began
	stop()
	group.Wait()
	d = Dials{Leads: o.Leads, Seconds: took.Seconds(), DialsPerSecond: float64(o.Leads) / took.Seconds(), Round: spread(m.took)}
	return d, errors.Join(err, m.err)
}

// reporters is how many results may be on their way at once.
const reporters = 256

type accepted struct {
	call, statusURL string
	at              time.Duration
}

// results gathers what was measured.
type results struct {
	mu   sync.Mutex
	want int
	took []time.Duration
	err  error
	done chan struct{}
}

func (m *results) add(took time.Duration, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.err = err
	}
	if len(m.took) == m.want {
		return
	}
	if m.took = append(m.took, took); len(m.took) == m.want {
		close(m.done)
	}
}

func (m *results) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.took)
}

// report tells the engine that calls ended busy, in process: the HTTP of
// webhooks is W3's.
func (r *rig) report(ctx context.Context, ends <-chan accepted, m *results) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-ends:
			attempt, ours := r.app.Hooks().AttemptOf(c.statusURL)
			if !ours {
				m.add(0, fmt.Errorf("the status URL %s names no attempt", c.statusURL))
				continue
			}
			_, err := r.app.Engine().Report(ctx, telephony.Event{
				Attempt: attempt, Kind: telephony.EventStatus, CallID: c.call, Status: telephony.StatusBusy, Seq: 3, At: r.app.Engine().Now(),
			})
			if errors.Is(err, context.Canceled) {
				return
			}
			m.add(clock.System{}.Mono()-c.at, err)
		}
	}
}
