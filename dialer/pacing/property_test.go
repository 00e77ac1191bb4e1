package pacing_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/pacing"
)

// account is what an onlooker sees of a pacer.
type account struct {
	pacer    *pacing.Pacer
	cps      float64
	channels int
	now      time.Time
	heads    []pacing.Head
	out      map[uint64]pacing.Grant
	at       map[uint64]time.Time // grants not given back
	open     int
}

func newAccount(t *rapid.T, tb testing.TB) *account {
	tb.Helper()
	a := &account{
		cps:      rapid.SampledFrom([]float64{0.3, 1, 2.5, 10, 60}).Draw(t, "cps"),
		channels: rapid.SampledFrom([]int{1, 5, 100}).Draw(t, "channels"),
		now:      start, out: map[uint64]pacing.Grant{}, at: map[uint64]time.Time{},
	}
	a.pacer = newPacer(tb, pacing.Config{CPS: a.cps, Channels: a.channels})
	a.heads = append(heads(50, "a"), heads(50, "b")...)
	return a
}

func (a *account) pick(t *rapid.T) {
	grants, _ := a.pacer.Pick(a.now, a.heads, rapid.IntRange(0, 100).Draw(t, "n"))
	for _, g := range grants {
		a.out[g.ID], a.at[g.ID] = g, a.now
	}
}

func (a *account) some(t *rapid.T) (pacing.Grant, bool) {
	if len(a.out) == 0 {
		return pacing.Grant{}, false
	}
	ids := make([]uint64, 0, len(a.out))
	for id := range a.out {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return a.out[rapid.SampledFrom(ids).Draw(t, "grant")], true
}

func (a *account) openOne(t *rapid.T) {
	if g, ok := a.some(t); ok {
		delete(a.out, g.ID)
		if spent := a.pacer.Opened(g.ID, a.now); spent != a.now.Before(g.Expiry) {
			t.Fatalf("spent: %v, %s before the expiry", spent, g.Expiry.Sub(a.now))
		} else if spent {
			a.open++
		}
	}
}

func (a *account) release(t *rapid.T) {
	if g, ok := a.some(t); ok && a.now.Before(g.Expiry) {
		delete(a.out, g.ID)
		delete(a.at, g.ID)
		a.pacer.Release(g.ID, a.now)
	}
}

func (a *account) check(t *rapid.T) {
	living := a.open
	for _, g := range a.out {
		if a.now.Before(g.Expiry) {
			living++
		}
	}
	if living > a.channels {
		t.Fatalf("%d calls and grants on %d channels", living, a.channels)
	}
	var times []time.Time
	for _, at := range a.at {
		times = append(times, at)
	}
	slices.SortFunc(times, time.Time.Compare)
	from := 0
	for i, at := range times {
		for !times[from].After(at.Add(-time.Second)) {
			from++
		}
		if n := i - from + 1; float64(n) > a.cps+1 {
			t.Fatalf("%d grants within a second at %v per second", n, a.cps)
		}
	}
}

// Whatever happens, no second holds more than CPS + 1 grants and no more calls
// are open than channels.
func TestLimitsHold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := newAccount(rt, t)
		rt.Repeat(map[string]func(*rapid.T){
			"wait": func(t *rapid.T) {
				a.now = a.now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 17, 250, 999, 1000, 5000, 3600_000}).Draw(t, "ms")) * time.Millisecond)
			},
			"wait for the next": func(*rapid.T) {
				if at, ok := a.pacer.NextAt(a.now); ok {
					a.now = latest(a.now, at)
				}
			},
			"pick":    a.pick,
			"open":    a.openOne,
			"release": a.release,
			"close": func(*rapid.T) {
				if a.open > 0 {
					a.open--
					a.pacer.Closed("a")
				}
			},
			"throttle": func(t *rapid.T) {
				a.pacer.Throttled(a.now, time.Duration(rapid.IntRange(0, 2000).Draw(t, "retry after"))*time.Millisecond)
			},
			"": a.check,
		})
	})
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// NextAt is neither late nor early: nothing before it, something at it.
func TestNextAtIsExact(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := newAccount(rt, t)
		for range 30 {
			a.pick(rt)
			for len(a.out) > 0 {
				a.openOne(rt)
			}
			for ; a.open > 0; a.open-- {
				a.pacer.Closed("a")
			}
			if rapid.IntRange(0, 9).Draw(rt, "throttled") == 0 {
				a.pacer.Throttled(a.now, 0)
			}
			at, ok := a.pacer.NextAt(a.now)
			if !ok {
				rt.Fatal("all channels are free and nothing is next")
			}
			// While the rate recovers a token may come before it was due.
			if early := at.Add(-at.Sub(a.now)/2 - time.Microsecond); early.After(a.now) && a.pacer.Rate(a.now) == a.cps {
				if g, _ := a.pacer.Pick(early, a.heads, 100); len(g) > 0 {
					rt.Fatalf("%d grants %s before the next", len(g), at.Sub(early))
				}
			}
			a.now = at
			if g, _ := a.pacer.Pick(at, a.heads, 1); len(g) != 1 {
				rt.Fatalf("nothing at the next instant, rate %v", a.pacer.Rate(at))
			} else {
				a.pacer.Release(g[0].ID, at)
			}
		}
	})
}

// Campaigns that always have work share by weight, to within one grant each.
func TestSharesFollowWeights(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		weights := map[string]float64{}
		var list []pacing.Head
		total := 0.0
		for i := range rapid.IntRange(2, 5).Draw(rt, "campaigns") {
			name := fmt.Sprint("campaign ", i)
			weights[name] = float64(rapid.IntRange(1, 9).Draw(rt, "weight"))
			total += weights[name]
			list = append(list, heads(rapid.IntRange(1, 5).Draw(rt, "heads"), name)...)
		}
		p := newPacer(t, pacing.Config{CPS: 100, Weights: weights})
		got, n := map[string]float64{}, 0.0
		for now := start; n < 500; now = now.Add(10 * time.Millisecond) {
			grants, _ := p.Pick(now, list, 1)
			for _, g := range grants {
				got[list[g.Head].Campaign]++
				n++
				p.Opened(g.ID, now)
			}
		}
		for name, w := range weights {
			if want := n * w / total; math.Abs(got[name]-want) > 1+float64(len(weights)) {
				rt.Fatalf("%s of weight %v got %v of %v, want %.1f", name, w, got[name], n, want)
			}
		}
	})
}

// A campaign that was idle gets its share from now on, and no arrears.
func TestIdleEarnsNothing(t *testing.T) {
	p := newPacer(t, pacing.Config{CPS: 10})
	now := start
	run := func(list []pacing.Head, seconds int) map[string]int {
		got := map[string]int{}
		for range seconds * 10 {
			now = now.Add(100 * time.Millisecond)
			grants, _ := p.Pick(now, list, 1)
			for _, g := range grants {
				got[list[g.Head].Campaign]++
				p.Opened(g.ID, now)
			}
		}
		return got
	}
	run(heads(5, "busy"), 60)
	got := run(append(heads(5, "busy"), heads(5, "new")...), 10)
	if d := got["new"] - got["busy"]; d < -2 || d > 2 {
		t.Errorf("shares %v after an idle minute", got)
	}
}

// A retry is called even while fresh leads never end.
func TestNothingStarves(t *testing.T) {
	p := newPacer(t, pacing.Config{CPS: 1})
	waiting := pacing.Head{Campaign: "a", Class: pacing.Retry, Due: start, ID: touch(1)}
	for s := range 4 * 3600 {
		now := start.Add(time.Duration(s) * time.Second)
		fresh := pacing.Head{Campaign: "a", Class: pacing.Fresh, Due: now, ID: touch(2)}
		grants, _ := p.Pick(now, []pacing.Head{fresh, waiting}, 1)
		if len(grants) == 1 && grants[0].Head == 1 {
			if s < 3000 {
				t.Errorf("a retry came before fresh leads after %d s", s)
			}
			return
		}
		for _, g := range grants {
			p.Opened(g.ID, now)
		}
	}
	t.Error("a retry waited four hours behind fresh leads")
}

// The rotation is the plain rule: least recently used, ties by number.
func TestRotationIsLeastRecentlyUsed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.IntRange(1, 6).Draw(rt, "pool")
		p := newPacer(t, pacing.Config{CallerIDs: pool(size)})
		lastUse, seq := make([]int, size), 0
		rested := make([]bool, size)
		now := start
		h := []pacing.Head{{Campaign: "a", Need: pacing.Need{Strategy: cadence.StrategyRotating}}}
		for range 40 {
			now = now.Add(time.Second)
			switch rapid.SampledFrom([]string{"call", "call", "release", "told", "rest"}).Draw(rt, "what") {
			case "call", "release":
				want := -1
				for i := range size {
					if !rested[i] && (want < 0 || lastUse[i] < lastUse[want]) {
						want = i
					}
				}
				p.SetWall(pacing.Wall{At: now})
				grants, refused := p.Pick(now, h, 1)
				if want < 0 {
					if len(grants) != 0 || len(refused) != 1 || refused[0].Reason != pacing.ReasonResting {
						rt.Fatalf("all rest: %+v %+v", grants, refused)
					}
					continue
				}
				if len(grants) != 1 || grants[0].From != number(want) {
					rt.Fatalf("got %+v, want %s", grants, number(want))
				}
				if rapid.Bool().Draw(rt, "spent") {
					seq++
					lastUse[want] = seq
					p.Opened(grants[0].ID, now)
				} else {
					p.Release(grants[0].ID, now)
				}
			case "told":
				i := rapid.IntRange(0, size-1).Draw(rt, "number")
				seq++
				lastUse[i] = seq
				p.Used(number(i), now)
				p.Used(number(i), start.Add(-time.Hour)) // older: changes nothing
			case "rest":
				i := rapid.IntRange(0, size-1).Draw(rt, "number")
				if rested[i] = !rested[i]; rested[i] {
					p.Rest(number(i), now.Add(time.Hour))
				} else {
					p.Rest(number(i), time.Time{})
				}
			}
		}
	})
}

// Several grants out at once go around the pool before any number repeats.
func TestRotationWithinOnePick(t *testing.T) {
	p := newPacer(t, pacing.Config{CPS: 1000, CallerIDs: pool(4)})
	list := heads(8, "a")
	for i := range list {
		list[i].Need.Strategy = cadence.StrategyRotating
	}
	p.Pick(start, nil, 0)
	grants, _ := p.Pick(start.Add(time.Second), list, 8)
	for i, g := range grants {
		if g.From != number(i%4) {
			t.Errorf("grant %d from %s, want %s", i, g.From, number(i%4))
		}
	}
	if len(grants) != 8 {
		t.Errorf("%d grants", len(grants))
	}
}
