package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// counter counts jobs whose next due is stored, and takes their rate.
type counter struct {
	want  int64
	n     atomic.Int64
	began time.Time
	took  atomic.Int64
	done  chan struct{}
	bad   chan error
}

func newCounter(want int) *counter {
	return &counter{want: int64(want), done: make(chan struct{}), bad: make(chan error, 1)}
}

func (c *counter) start() { c.began = time.Now() }

func (c *counter) one() {
	if c.n.Add(1) == c.want {
		c.took.Store(int64(time.Since(c.began)))
		close(c.done)
	}
}

func (c *counter) fail(err error) {
	select {
	case c.bad <- err:
	default:
	}
}

// jobsLimit bounds one run.
const jobsLimit = 5 * time.Minute

// wait returns jobs per second once all are done.
func (c *counter) wait(ctx context.Context) (float64, error) {
	select {
	case <-c.done:
		return float64(c.want) / time.Duration(c.took.Load()).Seconds(), nil
	case err := <-c.bad:
		return 0, err
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(jobsLimit):
		return 0, fmt.Errorf("%d of %d jobs within %s", c.n.Load(), c.want, jobsLimit)
	}
}

// each calls fn for every lead, from so many goroutines.
func each(goroutines int, leads []int, fn func(int) error) error {
	var next atomic.Int64
	var group sync.WaitGroup
	failed := make(chan error, goroutines)
	for range goroutines {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(leads); i = int(next.Add(1)) - 1 {
				if err := fn(leads[i]); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	group.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}
