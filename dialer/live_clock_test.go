package dialer_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/dialer"
)

// dated is a line that tells the time, so far off from ours.
type dated struct {
	*line
	real clock.Clock
	off  atomic.Int64
}

func (d *dated) Date(context.Context) (time.Time, error) {
	return d.real.Now().Add(time.Duration(d.off.Load())), nil
}

// A process that starts with a wrong clock sees no step. It must not call
// anybody before somebody else has told the time.
func TestNoCallBeforeTheClockIsConfirmed(t *testing.T) {
	bubble(t, func(t *testing.T, spool string) {
		ln := &dated{line: &line{}}
		ln.off.Store(int64(-time.Hour))
		l := startLive(t, liveOptions{spool: spool, line: ln.line, with: func(o *dialer.Options) {
			ln.real = o.Real
			o.Guard, o.Carrier, o.Wall = true, ln, o.Real
		}})
		l.leads(5)
		sleep(time.Minute)
		if n, d := ln.calls(), l.engine.Status().Doubt; n != 0 || d.Reason != dialer.ReasonClock {
			t.Errorf("%d calls with a clock an hour ahead, doubt %+v", n, d)
		}
		ln.off.Store(0)
		sleep(time.Minute)
		if n, d := ln.calls(), l.engine.Status().Doubt; n != 5 || d.Reason != "" {
			t.Errorf("afterwards %d calls, doubt %+v", n, d)
		}
		if err := l.end(); err != nil {
			t.Error(err)
		}
	})
}
