package pacing_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/pacing"
)

// day is the wall at an instant of one of our days.
func day(n int64, at time.Time) pacing.Wall {
	return pacing.Wall{At: at, Day: n, Ends: start.Add(time.Duration(n+1) * 24 * time.Hour)}
}

// one asks for a caller ID once, as a call of its own, and spends the grant.
func one(t *testing.T, p *pacing.Pacer, now time.Time, need pacing.Need) (cadence.Number, *pacing.Refusal) {
	t.Helper()
	grants, refused := p.Pick(now, []pacing.Head{{Campaign: "a", ID: touch(1), Need: need}}, 1)
	if len(refused) == 1 {
		r := refused[0]
		return "", &r
	}
	if len(grants) != 1 {
		t.Fatalf("%d grants, %d refusals", len(grants), len(refused))
	}
	from := grants[0].From
	if !p.Opened(grants[0].ID, now) {
		t.Fatal("a grant is gone at once")
	}
	return from, nil
}

func TestLocalPresence(t *testing.T) {
	ids := []pacing.CallerID{
		{Number: "+12125550100", Region: "US-NY"},
		{Number: "+13035550100", Region: "US-CO"},
		{Number: "+13035560100", Region: "US-CO"},
		{Number: "+17195550100", Region: "US-CO"},
		{Number: "+442079460100"},
	}
	cases := []struct {
		name, to, region string
		rest             []cadence.Number
		want             cadence.Number
	}{
		{name: "same area code, another exchange first", to: "+13035550199", region: "US-CO", want: "+13035560100"},
		{name: "same area code", to: "+13035990199", region: "US-CO", want: "+13035550100"},
		{name: "area code before the state the lead lives in", to: "+13035990199", region: "US-NY", want: "+13035550100"},
		{name: "same exchange before another area code", to: "+13035550199", region: "US-CO", rest: []cadence.Number{"+13035560100"}, want: "+13035550100"},
		{name: "same state", to: "+19705990199", region: "US-CO", want: "+13035550100"},
		{name: "same state, area code resting", to: "+13035990199", region: "US-CO", rest: []cadence.Number{"+13035550100", "+13035560100"}, want: "+17195550100"},
		{name: "nothing near: the rest of the pool", to: "+14155990199", region: "US-CA", want: "+12125550100"},
		{name: "nowhere known", to: "+442079460200", want: "+12125550100"},
		{name: "state without an area code", to: "+442079460200", region: "US-CO", want: "+13035550100"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := newPacer(t, pacing.Config{CallerIDs: ids})
			p.SetWall(day(0, start))
			for _, n := range c.rest {
				p.Rest(n, start.Add(time.Hour))
			}
			need := pacing.Need{Strategy: cadence.StrategyLocal, To: cadence.Number(c.to), Region: c.region}
			if got, refused := one(t, p, start, need); got != c.want || refused != nil {
				t.Errorf("got %s %+v, want %s", got, refused, c.want)
			}
		})
	}
}

func TestStickyKeepsItsNumber(t *testing.T) {
	sticky := func(i int) pacing.Need { return pacing.Need{Strategy: cadence.StrategySticky, Lead: touch(i)} }
	const leads = 600
	p := newPacer(t, pacing.Config{CPS: 100_000, CallerIDs: pool(4), Seed: 7})
	more := newPacer(t, pacing.Config{CPS: 100_000, CallerIDs: pool(5), Seed: 7})
	first, counts, moved := map[int]cadence.Number{}, map[cadence.Number]int{}, 0
	now := start
	for i := range leads {
		now = now.Add(time.Millisecond)
		first[i], _ = one(t, p, now, sticky(i))
		counts[first[i]]++
		if n, _ := one(t, more, now, sticky(i)); n != first[i] {
			if moved++; n != number(4) {
				t.Fatalf("lead %d went from %s to %s when %s joined", i, first[i], n, number(4))
			}
		}
	}
	for n, c := range counts {
		if c < leads/4-60 || c > leads/4+60 {
			t.Errorf("%s has %d of %d leads, want a quarter", n.Masked(), c, leads)
		}
	}
	if moved == 0 || moved > leads/5+60 {
		t.Errorf("%d of %d leads moved to a fifth number", moved, leads)
	}
	p.SetWall(day(0, now))
	p.Rest(number(2), now.Add(time.Hour))
	for i := range leads {
		now = now.Add(time.Millisecond)
		if n, _ := one(t, p, now, sticky(i)); first[i] != number(2) && n != first[i] || n == number(2) {
			t.Fatalf("lead %d got %s, had %s, and %s rests", i, n, first[i], number(2))
		}
	}
}

func TestFullNumbersFallOver(t *testing.T) {
	ids := pool(3)
	for i := range ids {
		ids[i].DailyCap = i + 1
	}
	for _, strategy := range []cadence.Strategy{"random", "rotating_pool", "sticky", "local_presence", "least_used_today"} {
		t.Run(string(strategy), func(t *testing.T) {
			p := newPacer(t, pacing.Config{CPS: 10_000, CallerIDs: ids})
			need := pacing.Need{Strategy: strategy, To: "+13035990100"}
			p.SetWall(day(3, start))
			used := map[cadence.Number]int{}
			now := start
			for range 6 {
				now = now.Add(time.Millisecond)
				n, refused := one(t, p, now, need)
				if refused != nil {
					t.Fatalf("after %d calls: %+v", len(used), refused)
				}
				used[n]++
			}
			for i := range ids {
				if used[number(i)] != i+1 {
					t.Errorf("%s called %d times, its cap is %d", number(i).Masked(), used[number(i)], i+1)
				}
			}
			ends := day(3, now).Ends
			if n, refused := one(t, p, now.Add(time.Second), need); refused == nil || refused.Reason != pacing.ReasonCapped || !refused.Until.Equal(ends) {
				t.Errorf("all are full: %q %+v, want until %s", n, refused, ends)
			}
			p.Returned(number(2), 3)
			if n, _ := one(t, p, now.Add(2*time.Second), need); n != number(2) {
				t.Errorf("a call that was not made: its place went to %q", n)
			}
			p.SetWall(day(4, now))
			if _, refused := one(t, p, now.Add(3*time.Second), need); refused != nil {
				t.Errorf("the next day: %+v", refused)
			}
		})
	}
}

func TestFixedIsNeverReplaced(t *testing.T) {
	ids := pool(2)
	ids[1].DailyCap = 1
	p := newPacer(t, pacing.Config{CallerIDs: ids})
	need := pacing.Need{Strategy: cadence.StrategyFixed, Number: number(1)}
	p.SetWall(day(0, start))
	if n, _ := one(t, p, start, need); n != number(1) {
		t.Fatalf("got %q", n)
	}
	if n, refused := one(t, p, start.Add(time.Second), need); refused == nil || refused.Reason != pacing.ReasonCapped {
		t.Errorf("got %q beyond the cap", n)
	}
	p.SetWall(pacing.Wall{At: start, Day: 0}) // an end of the day that nobody told
	if n, refused := one(t, p, start.Add(2*time.Second), need); refused == nil {
		t.Errorf("got %q beyond the cap", n)
	}
}

// What a restart tells is what counts; a smaller part of it changes nothing.
func TestCalledIsCarriedOver(t *testing.T) {
	ids := pool(1)
	ids[0].DailyCap = 3
	p := newPacer(t, pacing.Config{CallerIDs: ids})
	p.SetWall(day(9, start))
	p.Called(number(0), 8, 50)
	p.Called(number(0), 9, 2)
	p.Called(number(0), 9, 1)
	p.Called(number(0), 7, 99)
	if _, refused := one(t, p, start, pacing.Need{}); refused != nil {
		t.Fatalf("two of three calls made: %+v", refused)
	}
	if n, refused := one(t, p, start.Add(time.Second), pacing.Need{}); refused == nil {
		t.Errorf("a fourth call from %s", n.Masked())
	}
}

func TestOneNumberOneCap(t *testing.T) {
	_, err := pacing.New(pacing.Config{CPS: 1, Channels: 1, CallerIDs: []pacing.CallerID{
		{Number: number(0), DailyCap: 1}, {Number: number(0), Pool: "west", DailyCap: 2}, {Number: number(1), DailyCap: -1},
	}})
	if err == nil {
		t.Error("one number has two daily caps, another a negative one")
	}
}

// ledger is an onlooker's book of a pool.
type ledger struct {
	caps   []int
	used   []int // today
	out    []int
	rests  []bool
	inPool []bool
	last   []int
}

func (l *ledger) free(i int) bool {
	return l.inPool[i] && !l.rests[i] && (l.caps[i] == 0 || l.used[i]+l.out[i] < l.caps[i])
}

func (l *ledger) any() bool {
	for i := range l.caps {
		if l.free(i) {
			return true
		}
	}
	return false
}

// Whatever comes in whatever order: never a number over its cap, never a
// resting one, never one outside the pool, and a call is refused only when
// there is none. The least used is the least used.
func TestChoiceKeepsItsPromises(t *testing.T) {
	strategies := []cadence.Strategy{"random", "rotating_pool", "sticky", "local_presence", "least_used_today"}
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.IntRange(1, 6).Draw(rt, "numbers")
		book := &ledger{make([]int, size), make([]int, size), make([]int, size), make([]bool, size), make([]bool, size), make([]int, size)}
		ids := make([]pacing.CallerID, size)
		index := map[cadence.Number]int{}
		for i := range ids {
			ids[i] = pacing.CallerID{Number: number(i), Pool: rapid.SampledFrom([]string{"east", "west"}).Draw(rt, "pool")}
			ids[i].DailyCap = rapid.IntRange(0, 4).Draw(rt, "cap")
			book.caps[i], book.inPool[i], index[number(i)] = ids[i].DailyCap, ids[i].Pool == "east", i
		}
		p := newPacer(t, pacing.Config{CPS: 100_000, CallerIDs: ids})
		now, today := start, int64(0)
		var out []pacing.Grant
		for n := range 60 {
			now = now.Add(time.Millisecond)
			p.SetWall(day(today, now))
			switch rapid.SampledFrom([]string{"pick", "pick", "pick", "spend", "give back", "rest", "midnight", "not made"}).Draw(rt, "what") {
			case "pick":
				need := pacing.Need{Strategy: rapid.SampledFrom(strategies).Draw(rt, "strategy"), Pool: "east", Lead: touch(n), To: "+13035559999"}
				grants, refused := p.Pick(now, []pacing.Head{{Campaign: "a", ID: touch(n), Need: need}}, 1)
				if len(grants) == 0 {
					if len(refused) != 1 || book.any() {
						rt.Fatalf("refused %+v though there is a number: %+v", refused, book)
					}
					continue
				}
				got := index[grants[0].From]
				if !book.free(got) || grants[0].Day != today {
					rt.Fatalf("%s chose %d on day %d: %+v", need.Strategy, got, grants[0].Day, book)
				}
				if need.Strategy == cadence.StrategyLeast {
					for i := range size {
						if book.free(i) && book.used[i]+book.out[i] < book.used[got]+book.out[got] {
							rt.Fatalf("%d is less used today than %d: %+v", i, got, book)
						}
					}
				}
				book.out[got]++
				out = append(out, grants[0])
			case "spend", "give back":
				if len(out) == 0 {
					continue
				}
				g := out[0]
				out = out[1:]
				book.out[index[g.From]]--
				if rapid.Bool().Draw(rt, "spent") {
					if !p.Opened(g.ID, now) {
						rt.Fatalf("grant %d is gone", g.ID)
					}
					if g.Day == today {
						book.used[index[g.From]]++
					}
				} else {
					p.Release(g.ID, now)
				}
			case "rest":
				i := rapid.IntRange(0, size-1).Draw(rt, "number")
				if book.rests[i] = !book.rests[i]; book.rests[i] {
					p.Rest(number(i), now.Add(time.Hour))
				} else {
					p.Rest(number(i), now)
				}
			case "midnight":
				today++
				clear(book.used)
			case "not made":
				i := rapid.IntRange(0, size-1).Draw(rt, "number")
				p.Returned(number(i), today)
				book.used[i] = max(0, book.used[i]-1)
			}
		}
	})
}

// A pacer told the same says the same.
func TestChoiceIsDeterministic(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		a, b := newPacer(t, pacing.Config{Seed: seed, CallerIDs: pool(5)}), newPacer(t, pacing.Config{Seed: seed, CallerIDs: pool(5)})
		for i := range 30 {
			now := start.Add(time.Duration(i) * time.Second)
			need := pacing.Need{
				Strategy: rapid.SampledFrom([]cadence.Strategy{"", "rotating_pool", "sticky", "local_presence", "least_used_today"}).Draw(rt, "strategy"),
				Lead:     touch(rapid.IntRange(0, 9).Draw(rt, "lead")), To: "+13035550199",
			}
			x, _ := one(t, a, now, need)
			if y, _ := one(t, b, now, need); x != y {
				rt.Fatalf("%s and %s", x, y)
			}
		}
	})
}

func BenchmarkChoice(b *testing.B) {
	for _, strategy := range []cadence.Strategy{"fixed", "random", "rotating_pool", "sticky", "local_presence", "least_used_today"} {
		for _, size := range []int{20, 1000} {
			b.Run(fmt.Sprintf("%s/numbers=%d", strategy, size), func(b *testing.B) {
				ids := make([]pacing.CallerID, size)
				for i := range ids {
					ids[i] = pacing.CallerID{Number: cadence.Number(fmt.Sprintf("+1%d555%04d", 201+i%700, i)), DailyCap: 1 << 30}
				}
				p := newPacer(b, pacing.Config{CPS: 100_000, CallerIDs: ids})
				need := pacing.Need{Strategy: strategy, Number: ids[size/2].Number, To: "+13035990100", Region: "US-CO", Lead: touch(3)}
				h := []pacing.Head{{Campaign: "a", ID: touch(1), Need: need}}
				now := start
				b.ReportAllocs()
				for b.Loop() {
					now = now.Add(time.Millisecond)
					p.SetWall(pacing.Wall{At: now})
					grants, _ := p.Pick(now, h, 1)
					p.Opened(grants[0].ID, now)
				}
			})
		}
	}
}
