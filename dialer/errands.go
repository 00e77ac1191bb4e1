package dialer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/panjf2000/ants/v2"
)

const (
	// errandWorkers is how many requests of one kind are under way at once.
	errandWorkers = 16
	// errandQueue is how many may wait. What finds it full is given up: its
	// attempt's deadline brings it back.
	errandQueue = 65536
)

// errands are requests to the carrier besides placing calls. The loop hands
// them over and never waits, however long the carrier takes to answer.
type errands struct {
	queue chan func(context.Context)
	pool  *ants.Pool
}

func newErrands() (*errands, error) {
	pool, err := ants.NewPool(errandWorkers, ants.WithDisablePurge(true))
	if err != nil {
		return nil, fmt.Errorf("errand pool: %w", err)
	}
	return &errands{queue: make(chan func(context.Context), errandQueue), pool: pool}, nil
}

// add reports false when the errand was not taken.
func (e *errands) add(do func(context.Context)) bool {
	select {
	case e.queue <- do:
		return true
	default:
		return false
	}
}

// run feeds the pool until ctx ends. What waits then is left: it is durable
// as a deadline or an owed effect and taken up at the next start.
func (e *errands) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case do := <-e.queue:
			if e.pool.Submit(func() { do(ctx) }) != nil {
				return
			}
		}
	}
}

// stop waits for those under way.
func (e *errands) stop() error { return e.pool.ReleaseTimeout(sendTimeout + time.Second) }

func stopAll(all ...*errands) error {
	var errs []error
	for _, e := range all {
		errs = append(errs, e.stop())
	}
	return errors.Join(errs...)
}
