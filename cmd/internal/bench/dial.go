package bench

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/carillon-dialer/carillon/telephony"
)

// dials measures W1.
func (s *session) dials(ctx context.Context, m *Measure) error {
	return s.dialsOf(ctx, m, s.o.Sizes.Dials)
}

// dialsMost is how many dials the rate of a large number of leads is taken
// from.
const dialsMost = 500_000

// dialsOf measures W1 with so many pending leads, each due at the start. Every
// call is accepted and ends busy, told in process (the HTTP of webhooks is
// W3's), which routes to a retry: a durable result and a durable next due.
func (s *session) dialsOf(ctx context.Context, m *Measure, leads int) (err error) {
	dir, err := s.stocked(ctx, "dial", stock{leads: leads, start: noon()})
	if err != nil {
		return err
	}
	b := newBusy(min(leads, dialsMost))
	r, err := s.open(ctx, setting{dir: dir, ahead: later(), through: b.through})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close(context.WithoutCancel(ctx))) }()
	work, stop := context.WithCancel(ctx)
	defer stop()
	stuck := make(chan error, 1)
	go func() { stuck <- stalled(work, func() int { return int(b.over.Load()) }) }()
	reported := b.start(work, r)
	t, err := m.begin(ctx, r.carrier)
	if err != nil {
		return err
	}
	if err := r.activate(ctx); err != nil {
		return err
	}
	select {
	case <-b.done:
	case err = <-stuck:
	case err = <-r.app.Failed():
	}
	err = errors.Join(err, t.end(ctx, m, b.want))
	stop()
	reported.Wait()
	m.Value = float64(m.Units) / m.Seconds
	m.Spread = spread(b.all())
	m.extra("leads", float64(leads))
	return errors.Join(err, b.failure())
}

// reporters is how many results may be on their way at once.
const reporters = 1024

// busy stands between the engine and the carrier's client: every call that is
// accepted is reported busy.
type busy struct {
	telephony.Carrier
	want  int
	ends  chan accepted
	began atomic.Int64
	over  atomic.Int64
	done  chan struct{}

	mu   sync.Mutex
	took [][]time.Duration
	err  error
}

type accepted struct {
	dial telephony.Dial
	call string
	at   time.Time
}

func newBusy(want int) *busy {
	return &busy{want: want, ends: make(chan accepted, want), done: make(chan struct{})}
}

func (b *busy) through(c telephony.Carrier) telephony.Carrier {
	b.Carrier = c
	return b
}

// Place implements telephony.Carrier.
func (b *busy) Place(ctx context.Context, d telephony.Dial) (telephony.Placed, error) {
	placed, err := b.Carrier.Place(ctx, d)
	if err == nil && b.began.Add(1) <= int64(b.want) {
		b.ends <- accepted{d, placed.CallID, time.Now()}
	}
	return placed, err
}

// start reports what ends until ctx does.
func (b *busy) start(ctx context.Context, r *rig) *sync.WaitGroup {
	group := new(sync.WaitGroup)
	for range reporters {
		group.Go(func() {
			var took []time.Duration
			err := b.report(ctx, r, &took)
			b.mu.Lock()
			defer b.mu.Unlock()
			b.took = append(b.took, took)
			if !errors.Is(err, context.Canceled) && b.err == nil {
				b.err = err
			}
		})
	}
	return group
}

func (b *busy) report(ctx context.Context, r *rig, took *[]time.Duration) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case c := <-b.ends:
			_, err := r.app.Engine().Report(ctx, telephony.Event{
				Attempt: c.dial.Attempt, Kind: telephony.EventStatus, CallID: c.call, Status: telephony.StatusBusy, Seq: 3, At: r.app.Engine().Now(),
			})
			if err != nil {
				return err
			}
			*took = append(*took, time.Since(c.at))
			if b.over.Add(1) == int64(b.want) {
				close(b.done)
			}
		}
	}
}

// all are the times from the carrier's answer to the durable result. It may be
// asked when the reporters have ended.
func (b *busy) all() (all []time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range b.took {
		all = append(all, t...)
	}
	return all
}

func (b *busy) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}
