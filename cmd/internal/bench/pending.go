package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/usage"
)

// The pending leads of W5 and W6 become due from firstDue on, one each
// millisecond: ten million until early evening in New York.
func firstDue() time.Time { return noon().Add(time.Hour) }

// nearDue is how long before the first due the memory of an idle engine is
// looked at: its near part of the index is loaded.
const nearDue = 2 * time.Minute

// pending is the data directory of W5 and W6, filled once.
func (s *session) pending(ctx context.Context) (string, error) {
	if s.filled != "" {
		return s.filled, nil
	}
	began := time.Now()
	dir, err := s.stocked(ctx, "pending", stock{leads: s.o.Sizes.Pending, start: firstDue(), every: time.Millisecond})
	if err == nil {
		s.filled, s.filling = dir, time.Since(began)
	}
	return dir, err
}

// memory measures W5: the product is opened as a process of its own on a
// directory full of leads that wait; when it has come to rest its own resident
// memory is read.
func (s *session) memory(ctx context.Context, m *Measure) (err error) {
	dir, err := s.pending(ctx)
	if err != nil {
		return err
	}
	carrier, err := s.spawn("carrier")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, carrier.stop()) }()
	p, err := s.spawnProduct(dir, carrier, firstDue().Add(-nearDue))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	opened := time.Since(p.began)
	rest := 10 * time.Second
	if s.o.Quick {
		rest = time.Second
	}
	select {
	case <-time.After(rest):
	case <-ctx.Done():
		return ctx.Err()
	}
	used, err := usage.MemoryOf(p.cmd.Process.Pid)
	if err != nil {
		return err
	}
	leads := float64(s.o.Sizes.Pending)
	m.Units, m.Seconds, m.RSS = s.o.Sizes.Pending, opened.Seconds(), used.RSS
	m.Value = float64(used.RSSAnon) / leads
	m.extra("RssAnon MiB", float64(used.RSSAnon)/(1<<20))
	m.extra("peak RSS MiB", float64(used.Peak)/(1<<20))
	m.extra("open s", opened.Seconds())
	m.extra("fill s", s.filling.Seconds())
	return nil
}

// spawnProduct starts the product on a directory, with its clock at an instant
// and its cadence dialing.
func (s *session) spawnProduct(dir string, carrier *process, at time.Time) (*process, error) {
	return s.spawn("product", "--dir", dir, "--carrier", carrier.url, "--at", at.Format(time.RFC3339Nano))
}

// kills is how often W6 kills; the median counts.
const kills = 3

// restart measures W6: the product dials at a thousand a second, is killed, and
// started again; what counts is the time from its start as a process to the
// next call's arrival at the carrier.
func (s *session) restart(ctx context.Context, m *Measure) (err error) {
	dir, err := s.pending(ctx)
	if err != nil {
		return err
	}
	carrier, err := s.spawn("carrier")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, carrier.stop()) }()
	anchor, began := firstDue().Add(2*time.Second), time.Now()
	clock := func() time.Time { return anchor.Add(time.Since(began)) }
	p, err := s.spawnProduct(dir, carrier, clock())
	if err != nil {
		return err
	}
	var took []float64
	for range kills {
		if err := s.dialed(ctx, carrier); err != nil {
			return errors.Join(err, p.kill())
		}
		if err := p.kill(); err != nil {
			return err
		}
		if err := carrier.reset(ctx); err != nil {
			return err
		}
		if p, err = s.spawnProduct(dir, carrier, clock()); err != nil {
			return err
		}
		first, err := carrier.first(ctx)
		if err != nil {
			return errors.Join(err, p.kill())
		}
		took = append(took, first.Sub(p.began.Round(0)).Seconds())
		m.extra(fmt.Sprintf("restart %d s", len(took)), took[len(took)-1])
	}
	used, err := usage.MemoryOf(p.cmd.Process.Pid)
	slices.Sort(took)
	m.Units, m.Value, m.RSS = s.o.Sizes.Pending, took[len(took)/2], used.RSS
	m.Seconds = time.Since(began).Seconds()
	return errors.Join(err, p.kill())
}

// dialed waits for enough calls to leave something for a restart to replay.
func (s *session) dialed(ctx context.Context, carrier *process) error {
	want := uint64(3000)
	if s.o.Quick {
		want = 100
	}
	before, err := carrier.figures(ctx)
	if err != nil {
		return err
	}
	return waitFor(ctx, "enough calls: have all leads been called?", func() (bool, error) {
		f, err := carrier.figures(ctx)
		return f.Made >= before.Made+want, err
	})
}

// first is when the first call since the last reset arrived.
func (p *process) first(ctx context.Context) (at time.Time, err error) {
	err = waitFor(ctx, "a call: have all leads been called?", func() (bool, error) {
		f, err := p.figures(ctx)
		at = time.Unix(0, f.First)
		return f.First != 0, err
	})
	return at, err
}

// waitFor asks again and again until done, for at most a while.
func waitFor(ctx context.Context, what string, done func() (bool, error)) error {
	ctx, stop := context.WithTimeoutCause(ctx, 2*time.Minute, fmt.Errorf("two minutes passed without %s", what))
	defer stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}
