package wheel_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/dialer/wheel"
)

type timer struct {
	id  uint64
	due int64
}

func byDueAndID(a, b timer) int { return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.id, b.id)) }

func advance(w *wheel.Wheel, now int64) []timer {
	var out []timer
	w.Advance(now, func(id uint64, due int64) { out = append(out, timer{id, due}) })
	return out
}

func TestOrderAndExactness(t *testing.T) {
	for _, tick := range []time.Duration{time.Millisecond, 7 * time.Millisecond, time.Second} {
		t.Run(tick.String(), func(t *testing.T) {
			w := wheel.New(tick, 1000)
			w.Schedule(3, 2000)
			w.Schedule(1, 2000)
			w.Schedule(2, 1999)
			w.Schedule(9, 500) // before the start
			if due, ok := w.NextDue(); !ok || due != 500 {
				t.Fatalf("next due %d %v", due, ok)
			}
			if got := advance(w, 1000); !slices.Equal(got, []timer{{9, 500}}) {
				t.Fatalf("at the start: %v", got)
			}
			if got := advance(w, 1998); len(got) != 0 {
				t.Fatalf("early: %v", got)
			}
			if due, _ := w.NextDue(); due != 1999 {
				t.Fatalf("next due %d, want 1999", due)
			}
			if got := advance(w, 2000); !slices.Equal(got, []timer{{2, 1999}, {1, 2000}, {3, 2000}}) {
				t.Fatalf("order: %v", got)
			}
			if _, ok := w.NextDue(); ok || w.Len() != 0 {
				t.Fatal("an empty wheel has something due")
			}
		})
	}
}

func TestFarTimers(t *testing.T) {
	w := wheel.New(time.Millisecond, 0)
	far := []int64{math.MaxInt64, 100 * 365 * 24 * 3600 * 1000, 1 << 36, 1<<36 + 1}
	for i, due := range far {
		w.Schedule(uint64(i), due)
	}
	if got := advance(w, 1<<36); !slices.Equal(got, []timer{{2, 1 << 36}}) {
		t.Fatalf("got %v", got)
	}
	if due, _ := w.NextDue(); due != 1<<36+1 {
		t.Fatalf("next due %d", due)
	}
	if got := advance(w, math.MaxInt64); len(got) != 3 || got[2].due != math.MaxInt64 {
		t.Fatalf("got %v", got)
	}
	negative := wheel.New(time.Second, math.MinInt64)
	negative.Schedule(1, math.MaxInt64)
	if got := advance(negative, math.MaxInt64); len(got) != 1 {
		t.Fatalf("over the whole range: %v", got)
	}
}

func TestWithinAdvance(t *testing.T) {
	w := wheel.New(time.Millisecond, 0)
	var got []uint64
	w.Schedule(1, 10)
	second := w.Schedule(2, 10)
	w.Advance(20, func(id uint64, _ int64) {
		got = append(got, id)
		if id == 1 {
			if !w.Cancel(second) || w.Cancel(second) {
				t.Error("a timer of the same batch is cancelled once")
			}
			w.Schedule(3, 15) // due within this Advance: fires in the next
			w.Schedule(4, 25)
		}
	})
	if !slices.Equal(got, []uint64{1}) {
		t.Fatalf("fired %v", got)
	}
	if due, _ := w.NextDue(); due != 15 || w.Len() != 2 {
		t.Fatalf("next due %d of %d", due, w.Len())
	}
	if got := advance(w, 10); len(got) != 0 {
		t.Fatalf("a clock that went back fired %v early", got)
	}
	if got := advance(w, 25); !slices.Equal(got, []timer{{3, 15}, {4, 25}}) {
		t.Fatalf("fired %v", got)
	}
}

func TestPanicLosesNothing(t *testing.T) {
	w := wheel.New(time.Millisecond, 0)
	for id := range uint64(4) {
		w.Schedule(id, 10)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		w.Advance(10, func(id uint64, _ int64) {
			if id == 1 {
				panic("boom")
			}
		})
	}()
	if got := advance(w, 10); !slices.Equal(got, []timer{{2, 10}, {3, 10}}) {
		t.Fatalf("left %v", got)
	}
}

func TestDeadHandles(t *testing.T) {
	w := wheel.New(time.Millisecond, 0)
	if w.Cancel(0) {
		t.Error("the zero handle cancelled something")
	}
	old := w.Schedule(1, 5)
	advance(w, 5)
	fresh := w.Schedule(2, 9) // reuses the memory
	if w.Cancel(old) || w.Len() != 1 || !w.Cancel(fresh) {
		t.Error("a dead handle reached a live timer")
	}
}

// The wheel against a sorted slice, over any sequence of operations.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.Int64Range(-1e12, 2e12).Draw(t, "start")
		tick := time.Duration(rapid.SampledFrom([]int{1, 3, 64, 1000}).Draw(t, "tick")) * time.Millisecond
		m := &model{wheel: wheel.New(tick, start), now: start, peak: start}
		t.Repeat(map[string]func(*rapid.T){
			"schedule": func(t *rapid.T) {
				spread := rapid.SampledFrom([]int64{3, 100, 5000, 1e7, 1e12}).Draw(t, "spread")
				m.schedule(m.peak + rapid.Int64Range(-spread/3, spread).Draw(t, "in"))
			},
			"cancel": func(t *rapid.T) {
				if len(m.handles) > 0 {
					m.cancel(t, rapid.IntRange(0, len(m.handles)-1).Draw(t, "which"))
				}
			},
			"advance": func(t *rapid.T) {
				step := rapid.SampledFrom([]int64{0, 1, 70, 5000, 1e7, 1e12, -5}).Draw(t, "step")
				m.advance(t, m.now+step)
			},
			"advance to next": func(t *rapid.T) {
				if due, ok := m.wheel.NextDue(); ok {
					m.advance(t, due)
				}
			},
			"": m.check,
		})
	})
}

type model struct {
	wheel     *wheel.Wheel
	now, peak int64
	id        uint64
	live      []timer
	handles   []wheel.Handle
	named     []timer
}

func (m *model) schedule(due int64) {
	m.id++
	x := timer{m.id % 97, due} // ids may repeat
	m.handles = append(m.handles, m.wheel.Schedule(x.id, due))
	m.named = append(m.named, x)
	m.live = append(m.live, x)
}

func (m *model) cancel(t *rapid.T, i int) {
	had := m.wheel.Len()
	if m.wheel.Cancel(m.handles[i]) {
		at := slices.Index(m.live, m.named[i])
		if at < 0 || m.wheel.Len() != had-1 {
			t.Fatalf("cancelled %v, which is not scheduled", m.named[i])
		}
		m.live = slices.Delete(m.live, at, at+1)
	}
	m.handles, m.named = slices.Delete(m.handles, i, i+1), slices.Delete(m.named, i, i+1)
}

func (m *model) advance(t *rapid.T, now int64) {
	m.now, m.peak = now, max(m.peak, now)
	slices.SortFunc(m.live, byDueAndID)
	n := 0
	for n < len(m.live) && m.live[n].due <= now {
		n++
	}
	want := m.live[:n]
	if got := advance(m.wheel, now); !slices.Equal(got, want) {
		t.Fatalf("at %d: fired %v, want %v", now, got, want)
	}
	m.live = slices.Delete(m.live, 0, n)
}

func (m *model) check(t *rapid.T) {
	if m.wheel.Len() != len(m.live) {
		t.Fatalf("%d timers, want %d", m.wheel.Len(), len(m.live))
	}
	floor, some := m.wheel.Floor()
	due, ok := m.wheel.NextDue()
	if some != ok || floor > due {
		t.Fatalf("Floor %d, %v; NextDue %d, %v", floor, some, due, ok)
	}
	if ok != (len(m.live) > 0) {
		t.Fatalf("next due exists: %v, with %d timers", ok, len(m.live))
	}
	if ok && due != slices.MinFunc(m.live, byDueAndID).due {
		t.Fatalf("next due %d, want %d", due, slices.MinFunc(m.live, byDueAndID).due)
	}
}

// Bytes drive the wheel: two per operation.
func FuzzWheel(f *testing.F) {
	f.Add([]byte{0, 10, 0, 200, 2, 50, 1, 0, 2, 255})
	f.Add([]byte{0, 0, 0, 0, 0, 0, 3, 0, 2, 1})
	f.Fuzz(func(t *testing.T, ops []byte) {
		w := wheel.New(time.Millisecond, 0)
		var live []timer
		var now int64
		handles := map[uint64]wheel.Handle{}
		for i := 0; i+1 < len(ops); i += 2 {
			arg := int64(ops[i+1])
			switch ops[i] % 4 {
			case 0, 3:
				x := timer{uint64(i), now + arg<<(ops[i]>>2&31)}
				handles[x.id] = w.Schedule(x.id, x.due)
				live = append(live, x)
			case 1:
				if len(live) > 0 {
					at := int(arg) % len(live)
					if !w.Cancel(handles[live[at].id]) {
						t.Fatal("a live timer was not cancelled")
					}
					live = slices.Delete(live, at, at+1)
				}
			case 2:
				now += arg << (ops[i] >> 2 & 31)
				got := advance(w, now)
				slices.SortFunc(live, byDueAndID)
				n, _ := slices.BinarySearchFunc(live, now, func(x timer, at int64) int {
					if x.due <= at {
						return -1
					}
					return 1
				})
				if !slices.Equal(got, live[:n]) {
					t.Fatalf("fired %v, want %v", got, live[:n])
				}
				live = slices.Delete(live, 0, n)
			}
		}
	})
}

func TestMemoryIsReused(t *testing.T) {
	w := wheel.New(time.Millisecond, 0)
	var now int64
	round := func() {
		for i := range uint64(256) {
			w.Schedule(i, now+int64(i))
		}
		now += 256
		w.Advance(now, func(uint64, int64) {})
	}
	round()
	if n := testing.AllocsPerRun(100, round); n > 0 {
		t.Errorf("%.0f allocations per round of a warm wheel", n)
	}
}

func BenchmarkScheduleAdvance(b *testing.B) {
	for _, size := range []int{1e3, 1e4, 1e5, 1e6} {
		b.Run(fmt.Sprintf("timers=%d", size), func(b *testing.B) {
			const hour = 3_600_000
			r := rand.New(rand.NewPCG(1, 2))
			w := wheel.New(time.Millisecond, 0)
			for i := range size {
				w.Schedule(uint64(i), r.Int64N(hour))
			}
			// One fires and one is scheduled per op: the wheel stays this full.
			b.ReportAllocs()
			for b.Loop() {
				due, _ := w.NextDue()
				w.Advance(due, func(id uint64, due int64) { w.Schedule(id, due+1+r.Int64N(hour)) })
			}
		})
	}
}

func BenchmarkCancel(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	w := wheel.New(time.Millisecond, 0)
	for i := range 100_000 {
		w.Schedule(uint64(i), r.Int64N(3_600_000))
	}
	b.ReportAllocs()
	for b.Loop() {
		w.Cancel(w.Schedule(1, r.Int64N(3_600_000)))
	}
}
