package sim

import (
	"fmt"
	"slices"
	"time"
)

// Shrink makes a failing world smaller while the same invariant fails: faults
// off one by one, operators' deeds left out, fewer leads and files, fewer
// days, and at last a horizon, found by bisection, behind which nothing is
// needed. run runs a world; it is called at most budget times. It returns the
// smallest options found and how they fail. The faults that do not matter for
// one run may make another one, so the result is small, not smallest.
func Shrink(o Options, first *Failure, budget int, run func(Options) (Result, error)) (Options, *Failure, error) {
	s := &shrinker{best: o, failure: first, left: budget, run: run}
	for again := true; again && s.err == nil && s.left > 0; {
		again = false
		for _, smaller := range s.candidates() {
			c := s.best
			c.Mute = slices.Clone(c.Mute)
			if smaller(&c) && s.fails(c) {
				again = true
			}
		}
	}
	s.cut()
	return s.best, s.failure, s.err
}

type shrinker struct {
	best    Options
	failure *Failure
	left    int
	run     func(Options) (Result, error)
	err     error
}

// fails runs a candidate and keeps it when the same invariant fails.
func (s *shrinker) fails(c Options) bool {
	if s.left <= 0 || s.err != nil {
		return false
	}
	s.left--
	r, err := s.run(c)
	if err != nil {
		s.err = fmt.Errorf("shrink: %s: %w", c.Recipe(), err)
		return false
	}
	if r.Broken == nil || r.Broken.Invariant != s.failure.Invariant {
		return false
	}
	s.best, s.failure = c, r.Broken
	return true
}

// candidates are the ways to make options smaller, the boldest first. Each
// reports false when there is nothing left of it.
func (s *shrinker) candidates() []func(*Options) bool {
	out := []func(*Options) bool{
		func(o *Options) bool { was := o.Faults; o.Faults = Faults{}; return was != o.Faults },
		func(o *Options) bool { return fewer(&o.Leads, o.Leads/4) },
		func(o *Options) bool { return fewer(&o.Leads, o.Leads/2) },
		func(o *Options) bool { return shorter(&o.Faulty, o.Faulty/4) },
		func(o *Options) bool { return shorter(&o.Faulty, o.Faulty/2) },
		func(o *Options) bool { was := o.Waves; o.Waves = 0; return was != 0 },
		func(o *Options) bool { was := o.Shards; o.Shards = 0; return was > 1 },
	}
	for i := range s.best.Faults.all() {
		out = append(out, func(o *Options) bool {
			odds := o.Faults.all()[i].odds
			was := *odds
			*odds = 0
			return was != 0
		})
	}
	for _, d := range deeds() {
		out = append(out, func(o *Options) bool {
			if o.Faults.Operators == 0 || slices.Contains(o.Mute, d.name) {
				return false
			}
			o.Mute = append(o.Mute, d.name)
			return true
		})
	}
	return append(out,
		func(o *Options) bool { return fewer(&o.Leads, o.Leads-1) },
		func(o *Options) bool { return shorter(&o.Faulty, o.Faulty-time.Hour) },
	)
}

func fewer(n *int, to int) bool {
	if to < 1 || to >= *n {
		return false
	}
	*n = to
	return true
}

func shorter(d *time.Duration, to time.Duration) bool {
	to = to.Truncate(time.Hour)
	if to < time.Hour || to >= *d {
		return false
	}
	*d = to
	return true
}

// cut finds the first step by bisection: a world that ends there is scanned
// whole, so that what was noticed late is noticed when it came.
func (s *shrinker) cut() {
	low, high := 0, s.failure.Step // it holds at low and fails at high
	for high-low > 1 {
		c := s.best
		c.Horizon = (low + high) / 2
		if s.left <= 0 || s.err != nil {
			return
		}
		if s.fails(c) {
			high = min(c.Horizon, s.failure.Step)
		} else {
			low = c.Horizon
		}
	}
	if s.best.Horizon == 0 {
		c := s.best
		c.Horizon = s.failure.Step
		s.fails(c)
	}
}
