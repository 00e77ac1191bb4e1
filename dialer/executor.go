package dialer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/panjf2000/ants/v2"
	"golang.org/x/time/rate"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/telephony"
)

// The states of an attempt's claim. The executor and a withdrawal race for it
// with one compare-and-swap; whoever loses keeps its hands off.
const (
	claimFree int32 = iota
	claimSent
	claimTaken
)

// sendTimeout bounds one request to the carrier, in real time.
const sendTimeout = 10 * time.Second

// executor places calls: one send gate, then a pool of goroutines. An attempt
// is sent at most once: it is claimed immediately before the first byte.
type executor struct {
	carrier telephony.Carrier
	wall    clock.Clock // of windows; may be virtual
	real    clock.Clock
	gate    *rate.Limiter
	pool    *ants.Pool
	report  func(*Sent)
	sending func(due int64) // observes lateness, at the first byte
	placing atomic.Int32    // requests under way; the pool's count holds idle goroutines too

	mu     sync.Mutex
	claims map[cadence.ID]*atomic.Int32
	queue  chan job
	done   chan struct{}
}

type job struct {
	order    DialOrder
	deadline time.Duration // monotonic
	claim    *atomic.Int32
}

// queueSize is how many released orders may wait for the gate. From half of it
// on nothing more is granted, and one turn releases at most turnDials.
const queueSize = 8192

func newExecutor(c telephony.Carrier, wall, real clock.Clock, cps float64, workers int, report func(*Sent), sending func(int64)) (*executor, error) {
	pool, err := ants.NewPool(workers, ants.WithDisablePurge(true))
	if err != nil {
		return nil, fmt.Errorf("worker pool: %w", err)
	}
	return &executor{
		carrier: c, wall: wall, real: real, gate: rate.NewLimiter(rate.Limit(cps), max(1, int(cps/10))), pool: pool, report: report, sending: sending,
		claims: map[cadence.ID]*atomic.Int32{}, queue: make(chan job, queueSize), done: make(chan struct{}),
	}, nil
}

// send hands an order over. Its intent is durable. deadline is monotonic.
func (e *executor) send(o DialOrder, deadline time.Duration) {
	claim := new(atomic.Int32)
	e.mu.Lock()
	e.claims[o.Dial.Attempt] = claim
	e.mu.Unlock()
	e.queue <- job{o, deadline, claim}
}

// backed reports whether so many orders wait that no more should be granted: a
// carrier that hangs must hold up the dialing and never the loop.
func (e *executor) backed() bool { return len(e.queue) > queueSize/2 }

// takeBack tries to claim an attempt before its request is written. It is the
// withdrawal's side of the swap.
func (e *executor) takeBack(id cadence.ID) bool {
	e.mu.Lock()
	claim := e.claims[id]
	e.mu.Unlock()
	return claim != nil && claim.CompareAndSwap(claimFree, claimTaken)
}

// run feeds the pool until ctx ends; then it waits for what is being sent.
func (e *executor) run(ctx context.Context) {
	defer close(e.done)
	for {
		select {
		case <-ctx.Done():
			e.drop()
			return
		case j := <-e.queue:
			// A late order takes no place at the gate: otherwise a queue that is
			// once as long as orders may wait never gets shorter.
			if e.late(j) {
				e.returnLate(j)
				continue
			}
			if e.gate.Wait(ctx) != nil || e.pool.Submit(func() { e.place(j) }) != nil {
				e.returnLate(j)
				e.drop()
				return
			}
		}
	}
}

// drop gives back the orders that were never sent.
func (e *executor) drop() {
	for {
		select {
		case j := <-e.queue:
			e.returnLate(j)
		default:
			return
		}
	}
}

// returnLate reports an order as not sent, unless a withdrawal was quicker.
func (e *executor) returnLate(j job) {
	id := j.order.Dial.Attempt
	if j.claim.CompareAndSwap(claimFree, claimTaken) {
		e.report(&Sent{Attempt: id, Late: true})
	}
	e.forget(id)
}

func (e *executor) forget(id cadence.ID) {
	e.mu.Lock()
	delete(e.claims, id)
	e.mu.Unlock()
}

// stop waits for requests under way.
func (e *executor) stop() error {
	<-e.done
	return e.pool.ReleaseTimeout(sendTimeout + time.Second)
}

// late reports whether an order may not be sent any more, by either clock: the
// wall can be set back, and the monotonic reading stands still while the
// machine is suspended.
func (e *executor) late(j job) bool {
	return e.real.Mono() >= j.deadline || e.wall.Now().UnixMilli() >= j.order.NotAfter
}

func (e *executor) place(j job) {
	e.placing.Add(1)
	defer e.placing.Add(-1)
	id := j.order.Dial.Attempt
	if e.late(j) {
		e.returnLate(j)
		return
	}
	defer e.forget(id)
	if !j.claim.CompareAndSwap(claimFree, claimSent) {
		return // withdrawn: the withdrawal wrote its end
	}
	e.sending(j.order.Due)
	ctx, cancel := context.WithTimeout(context.Background(), sendTimeout)
	defer cancel()
	crash.Point(crash.PostBeforeWrite)
	placed, err := e.carrier.Place(ctx, j.order.Dial)
	if err == nil {
		crash.Point(crash.PostAfter201)
	}
	s := &Sent{Attempt: id, Placed: placed}
	if err != nil && !errors.As(err, &s.Err) {
		s.Err = &telephony.Error{Class: telephony.Unclear, Reason: "bug", Message: err.Error(), Err: err}
	}
	e.report(s)
}
