package clock

import (
	"context"
	"sync"
	"time"
)

// Manual is a clock that moves only when told to. Waiters are released before
// the call that moved the wall returns, earliest first. It is safe for
// concurrent use.
type Manual struct {
	mu      sync.Mutex
	wall    time.Time
	mono    time.Duration
	waiting waiters
	changed chan struct{} // closed and replaced when somebody starts waiting
}

var _ Clock = (*Manual)(nil)

// NewManual is a clock that stands at wall, with a monotonic reading of zero.
func NewManual(wall time.Time) *Manual {
	return &Manual{wall: wall.UTC().Round(0), changed: make(chan struct{})}
}

// Now is where the wall stands.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.wall
}

// Mono is where the monotonic reading stands.
func (m *Manual) Mono() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mono
}

// At waits for the wall to be moved to t or beyond.
func (m *Manual) At(t time.Time) (<-chan struct{}, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := m.waiting.add(t, m.wall)
	close(m.changed)
	m.changed = make(chan struct{})
	return w.reached, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.waiting.remove(w)
	}
}

// Advance lets time pass: wall and monotonic reading both move by d. A
// negative d panics, because time does not pass backwards; Step does that.
func (m *Manual) Advance(d time.Duration) {
	if d < 0 {
		panic("BUG: clock: time cannot pass backwards")
	}
	m.move(func() { m.wall, m.mono = m.wall.Add(d), m.mono+d })
}

// Set puts the wall at t, forwards or backwards, as an operator would; the
// monotonic reading stays.
func (m *Manual) Set(t time.Time) { m.move(func() { m.wall = t.UTC().Round(0) }) }

// Step moves only the wall by d, as NTP does.
func (m *Manual) Step(d time.Duration) { m.move(func() { m.wall = m.wall.Add(d) }) }

// StepMono moves only the monotonic reading by d ≥ 0, as while the wall is
// held back.
func (m *Manual) StepMono(d time.Duration) {
	if d < 0 {
		panic("BUG: clock: the monotonic reading cannot run backwards")
	}
	m.move(func() { m.mono += d })
}

func (m *Manual) move(by func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	by()
	m.waiting.release(m.wall)
}

// Next is the earliest instant anybody waits for; false when nobody does.
func (m *Manual) Next() (time.Time, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.waiting.next()
}

// Waiting blocks until at least n waiters are waiting at the same time, so
// that a test can be sure the code under test has gone to sleep. It returns
// the context's error when that does not happen in time.
func (m *Manual) Waiting(ctx context.Context, n int) error {
	for {
		m.mu.Lock()
		have, changed := len(m.waiting.heap), m.changed
		m.mu.Unlock()
		if have >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
