package clock

import (
	"sync"
	"time"
)

// recheck is the longest a waiter sleeps before it looks at the wall again: a
// timer counts monotonic time and would not notice that the wall was stepped.
const recheck = 2 * time.Second

// started anchors the monotonic reading of System.
var started = time.Now()

// System is the computer's own clock.
type System struct{}

var _ Clock = System{}

// Now is the wall time in UTC.
func (System) Now() time.Time { return time.Now().UTC().Round(0) }

// Mono is the monotonic time since the process started.
func (System) Mono() time.Duration { return time.Since(started) }

// At waits for the wall to reach t. A step of the wall is noticed within two
// seconds.
func (s System) At(t time.Time) (<-chan struct{}, func()) {
	w := &wallWait{clock: s, until: t, reached: make(chan struct{})}
	w.check()
	return w.reached, w.stop
}

// wallWait is one waiter of System. It owns no goroutine: a timer calls check
// until the time has come or the waiter gives up.
type wallWait struct {
	clock   System
	until   time.Time
	reached chan struct{}

	mu    sync.Mutex
	timer *time.Timer
	over  bool
}

func (w *wallWait) check() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	left := w.until.Sub(w.clock.Now())
	if left <= 0 {
		w.over = true
		close(w.reached)
		return
	}
	left = min(left, recheck)
	if w.timer == nil {
		w.timer = time.AfterFunc(left, w.check)
		return
	}
	w.timer.Reset(left)
}

func (w *wallWait) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	if w.timer != nil {
		w.timer.Stop()
	}
}
