package dialer

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// What is made on demand is read once somebody wants it, is whole only when all
// of it was read, and says why when it cannot be.
func TestOnDemand(t *testing.T) {
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		wanted, ended bool
		read          error
		whole         bool
		want          error
	}{
		"nobody asks":         {ended: true},
		"read":                {wanted: true, whole: true},
		"cannot be read":      {wanted: true, read: broken, want: broken},
		"ended while read":    {wanted: true, ended: true, read: context.Canceled},
		"cut short when full": {wanted: true, ended: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, end := context.WithCancel(t.Context())
				defer end()
				d, reads := newOnDemand(), 0
				filled := make(chan error, 1)
				go func() {
					filled <- d.fill(ctx, func() error {
						reads++
						if c.ended {
							end()
						}
						return c.read
					})
				}()
				synctest.Wait()
				if reads != 0 || d.wanted() {
					t.Fatal("read before anybody asked")
				}
				if c.wanted {
					d.want()
					d.want()
				} else {
					end()
				}
				if err := <-filled; !errors.Is(err, c.want) || (err != nil) != (c.want != nil) {
					t.Errorf("told %v, want %v", err, c.want)
				}
				if c.wanted != (reads == 1) || d.wanted() != c.wanted {
					t.Errorf("read %d times", reads)
				}
				select {
				case <-d.read:
					if !c.whole && c.want == nil {
						t.Error("called read")
					}
				default:
					if c.whole || c.want != nil {
						t.Error("whoever waits for it waits for ever")
					}
				}
				if !c.ended {
					if err := d.await(t.Context()); !errors.Is(err, c.want) || (err != nil) != (c.want != nil) {
						t.Errorf("whoever waits is told %v, want %v", err, c.want)
					}
				}
			})
		})
	}
}

// One look follows any number of turns that told of something before it.
func TestOnDemandFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		d, looks := newOnDemand(), 0
		done := make(chan struct{})
		d.wake()
		d.wake()
		go func() { defer close(done); d.follow(ctx, func() { looks++ }) }()
		synctest.Wait()
		if looks != 1 {
			t.Errorf("%d looks after two turns before it began", looks)
		}
		d.wake()
		synctest.Wait()
		end()
		<-done
		if looks != 2 {
			t.Errorf("%d looks, want 2", looks)
		}
	})
}
