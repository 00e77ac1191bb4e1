package clock

import (
	"fmt"
	"math"
	"math/bits"
	"sync"
	"time"
)

// Limits of a virtual clock's speed, in virtual seconds per real second. The
// resolution is a millionth. Above the maximum a virtual minute passes in less
// than 6 ms, which no process can follow.
const (
	MinSpeed = 0.001
	MaxSpeed = 10_000.0
)

const speedUnit = 1_000_000

// Virtual is the clock of the demo and of simulated carriers: it starts where
// it is told and runs speed times as fast as real time. Its wall never runs
// backwards. Mono is real: sockets and guards do not run on virtual time.
//
// A private clock can be paused and skipped forward and follows the monotonic
// reading. A shared one (ParseSpec) follows the computer's wall, so that
// several processes agree on it, and can do neither. It is safe for concurrent
// use and owns no goroutine.
type Virtual struct {
	speed  int64 // millionths
	shared bool

	mu      sync.Mutex
	start   time.Time     // virtual time at the anchor
	wall    time.Time     // anchor on the real wall
	mono    time.Duration // anchor on the monotonic reading
	last    time.Time     // highest virtual time ever told
	paused  bool
	waiting waiters
	timer   *time.Timer
}

var _ Clock = (*Virtual)(nil)

// Position is where a virtual clock stands, to be saved and resumed from:
// Virtual is its time at the real wall time Anchor.
type Position struct {
	Virtual time.Time
	Anchor  time.Time
	Speed   float64
	Paused  bool
}

// NewVirtual starts a private clock at start. It fails when speed is not
// between MinSpeed and MaxSpeed.
func NewVirtual(start time.Time, speed float64) (*Virtual, error) {
	v, err := newVirtual(start, speed)
	if err != nil {
		return nil, err
	}
	v.wall, v.mono = System{}.Now(), System{}.Mono()
	return v, nil
}

// ResumeVirtual starts a private clock where an earlier one was left: at the
// later of its saved position and the last record's time. Real time that
// passed in between does not count.
func ResumeVirtual(saved Position, lastRecord time.Time) (*Virtual, error) {
	start := saved.Virtual
	if lastRecord.After(start) {
		start = lastRecord
	}
	v, err := NewVirtual(start, saved.Speed)
	if err != nil {
		return nil, err
	}
	v.paused = saved.Paused
	return v, nil
}

func newVirtual(start time.Time, speed float64) (*Virtual, error) {
	if math.IsNaN(speed) || speed < MinSpeed || speed > MaxSpeed {
		return nil, fmt.Errorf("virtual clock: speed %v is not between %v and %v", speed, MinSpeed, MaxSpeed)
	}
	start = start.UTC().Round(0)
	return &Virtual{speed: int64(math.Round(speed * speedUnit)), start: start, last: start}, nil
}

// Now is the virtual time in UTC.
func (v *Virtual) Now() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now()
}

// Mono is the real monotonic time since the process started.
func (v *Virtual) Mono() time.Duration { return System{}.Mono() }

// At waits for virtual time to reach t, however it gets there: by running or
// by a skip. While the clock is paused nobody is released.
func (v *Virtual) At(t time.Time) (<-chan struct{}, func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	w := v.waiting.add(t, v.now())
	v.arm()
	return w.reached, func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.waiting.remove(w)
		v.arm()
	}
}

// Speed is how many virtual seconds pass in a real one.
func (v *Virtual) Speed() float64 { return float64(v.speed) / speedUnit }

// Real is the real time in which the virtual span d passes, rounded down:
// whatever must be over within d is over.
func (v *Virtual) Real(d time.Duration) time.Duration { return scale(d, speedUnit, v.speed) }

// Position is where the clock stands now.
func (v *Virtual) Position() Position {
	v.mu.Lock()
	defer v.mu.Unlock()
	return Position{Virtual: v.now(), Anchor: System{}.Now(), Speed: v.Speed(), Paused: v.paused}
}

// Pause makes the clock stand still until Resume. It reports whether the
// clock stands; a shared clock cannot.
func (v *Virtual) Pause() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.shared {
		return false
	}
	v.anchor(v.now())
	v.paused = true
	v.arm()
	return true
}

// Resume lets a paused clock run on from where it stands.
func (v *Virtual) Resume() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.anchor(v.now())
	v.paused = false
	v.arm()
}

// Skip jumps forward to the instant to, also while paused, and releases
// everybody who waited for an instant up to it. It reports whether the clock
// moved: it never goes back, and a shared clock never skips.
func (v *Virtual) Skip(to time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.shared || !to.After(v.now()) {
		return false
	}
	v.anchor(to.UTC().Round(0))
	v.last = v.start
	v.waiting.release(v.last)
	v.arm()
	return true
}

// anchor makes at the virtual time of this instant.
func (v *Virtual) anchor(at time.Time) {
	if v.shared {
		return
	}
	v.start, v.wall, v.mono = at, System{}.Now(), System{}.Mono()
}

func (v *Virtual) now() time.Time {
	if !v.paused {
		passed := System{}.Mono() - v.mono
		if v.shared {
			passed = System{}.Now().Sub(v.wall)
		}
		if t := v.start.Add(scale(passed, v.speed, speedUnit)); t.After(v.last) {
			v.last = t
		}
	}
	return v.last
}

// arm sets the timer for the earliest waiter, or stops it.
func (v *Virtual) arm() {
	until, ok := v.waiting.next()
	if !ok || v.paused {
		if v.timer != nil {
			v.timer.Stop()
		}
		return
	}
	// One nanosecond more than rounded down, so that it is never early.
	wait := min(v.Real(until.Sub(v.now())), time.Hour) + 1
	if v.shared {
		wait = min(wait, recheck)
	}
	if v.timer == nil {
		v.timer = time.AfterFunc(wait, v.wake)
		return
	}
	v.timer.Reset(wait)
}

func (v *Virtual) wake() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.paused {
		v.waiting.release(v.now())
	}
	v.arm()
}

// scale is d × num ÷ den, rounded towards zero, and the longest possible
// duration (292 years) when that does not fit.
func scale(d time.Duration, num, den int64) time.Duration {
	if d < 0 {
		return -scale(max(-d, 0), num, den)
	}
	hi, lo := bits.Mul64(uint64(d), uint64(num))
	if hi >= uint64(den) {
		return math.MaxInt64
	}
	q, _ := bits.Div64(hi, lo, uint64(den))
	return time.Duration(min(q, math.MaxInt64))
}
