package pacing_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/pacing"
)

var start = time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)

func number(i int) cadence.Number { return cadence.Number(fmt.Sprintf("+130355501%02d", i)) }

func pool(n int) []pacing.CallerID {
	ids := make([]pacing.CallerID, n)
	for i := range ids {
		ids[i].Number = number(i)
	}
	return ids
}

func touch(i int) cadence.ID {
	id := cadence.ID{15: byte(i), 14: byte(i >> 8), 13: byte(i >> 16)}
	return id
}

func newPacer(t testing.TB, c pacing.Config) *pacing.Pacer {
	t.Helper()
	if c.CPS == 0 {
		c.CPS = 1000
	}
	if c.Channels == 0 {
		c.Channels = 1 << 20
	}
	if c.CallerIDs == nil {
		c.CallerIDs = pool(3)
	}
	p, err := pacing.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func heads(n int, campaign string) []pacing.Head {
	out := make([]pacing.Head, n)
	for i := range out {
		out[i] = pacing.Head{Campaign: campaign, Class: pacing.Fresh, Due: start.Add(time.Duration(i) * time.Millisecond), ID: touch(i)}
	}
	return out
}

func TestConfigIsChecked(t *testing.T) {
	_, err := pacing.New(pacing.Config{
		CPS: math.NaN(), GrantTTL: -1, Weights: map[string]float64{"a": -1, "b": math.Inf(1)},
		CallerIDs: []pacing.CallerID{{Number: number(1)}, {Number: number(1), Pool: "default"}},
	})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"cps", "channels", "grant ttl", `campaign "a"`, `campaign "b"`, "twice"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not name %s:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), string(number(1))) {
		t.Error("the error spells out a number")
	}
	if _, err := pacing.New(pacing.Config{CPS: 1, Channels: 1, CallerIDs: []pacing.CallerID{{Pool: "x"}}}); err == nil {
		t.Error("a caller ID without a number was accepted")
	}
}

func TestOneCallPerSecond(t *testing.T) {
	p := newPacer(t, pacing.Config{CPS: 1})
	for i := range 10 {
		now := start.Add(time.Duration(i) * time.Second)
		if g, _ := p.Pick(now, heads(5, "a"), 5); len(g) != 1 || g[0].Head != 0 || !g[0].Expiry.Equal(now.Add(pacing.DefaultGrantTTL)) {
			t.Fatalf("second %d: %+v", i, g)
		}
		if g, _ := p.Pick(now.Add(999*time.Millisecond), heads(5, "a"), 5); len(g) != 0 {
			t.Fatalf("second %d: early %+v", i, g)
		}
		if at, ok := p.NextAt(now.Add(500 * time.Millisecond)); !ok || !at.Equal(now.Add(time.Second)) {
			t.Fatalf("second %d: next at %s", i, at)
		}
	}
}

func TestBacklogAfterAPauseIsPaced(t *testing.T) {
	p := newPacer(t, pacing.Config{CPS: 20})
	p.Pick(start, heads(1, "a"), 1)
	now := start.Add(8 * time.Hour)
	burst, _ := p.Pick(now, heads(1000, "a"), 1000)
	if len(burst) > 5 {
		t.Fatalf("%d calls at once after a pause, the rate keeps 250 ms", len(burst))
	}
	total := len(burst)
	for range 99 {
		now = now.Add(10 * time.Millisecond)
		g, _ := p.Pick(now, heads(1000, "a"), 1000)
		total += len(g)
	}
	if total != 20 {
		t.Errorf("%d calls in the first second, want 20", total)
	}
}

func TestNoThroughputIsLost(t *testing.T) {
	for _, cps := range []float64{0.5, 1, 2.5, 7, 50, 400} {
		p := newPacer(t, pacing.Config{CPS: cps})
		total := 0
		for now := start; now.Before(start.Add(time.Minute)); now = now.Add(37 * time.Millisecond) {
			g, _ := p.Pick(now, heads(500, "a"), 500)
			total += len(g)
			for _, g := range g {
				p.Opened(g.ID, now)
			}
		}
		if want := cps * 60; float64(total) < want*0.95-1 || float64(total) > want+1 {
			t.Errorf("cps %v: %d calls in a minute, want %v", cps, total, want)
		}
	}
}

func TestThrottleHalvesAndRecovers(t *testing.T) {
	p := newPacer(t, pacing.Config{CPS: 8})
	p.Pick(start, nil, 0)
	p.Throttled(start, 0)
	p.Throttled(start.Add(300*time.Millisecond), 0) // the same volley
	if r := p.Rate(start.Add(300 * time.Millisecond)); math.Abs(r-4.12) > 0.01 {
		t.Errorf("rate %v after one volley", r)
	}
	for i := range 20 {
		p.Throttled(start.Add(time.Duration(i)*1100*time.Millisecond), 0)
	}
	low := start.Add(25 * time.Second)
	if r := p.Rate(start.Add(19 * 1100 * time.Millisecond)); r < 0.5 || r > 1 {
		t.Errorf("rate %v after twenty refusals: wanted low but not 0", r)
	}
	if r := p.Rate(low.Add(pacing.Recovery)); r != 8 {
		t.Errorf("rate %v after the recovery", r)
	}
	p.Throttled(low.Add(time.Minute), 5*time.Second)
	held := low.Add(time.Minute + 4*time.Second)
	if g, _ := p.Pick(held, heads(1, "a"), 1); len(g) != 0 {
		t.Error("granted before the carrier's retry-after")
	}
	if at, _ := p.NextAt(held); !at.Equal(held.Add(time.Second)) {
		t.Errorf("next at %s, want the end of the hold", at.Sub(held))
	}
	if g, _ := p.Pick(held.Add(time.Second), heads(1, "a"), 1); len(g) != 1 {
		t.Error("not granted after it")
	}
}

func TestChannels(t *testing.T) {
	p := newPacer(t, pacing.Config{Channels: 2})
	one, _ := p.Pick(start, heads(1, "a"), 9)
	if !p.Opened(one[0].ID, start) || p.Opened(one[0].ID, start) {
		t.Fatal("a grant is spent exactly once")
	}
	now := start.Add(time.Second)
	two, _ := p.Pick(now, heads(9, "a"), 9)
	if len(two) != 1 {
		t.Fatalf("%d grants with one of two channels open", len(two))
	}
	if at, ok := p.NextAt(now); !ok || !at.Equal(two[0].Expiry) {
		t.Errorf("next at %s %v, want the end of the grant", at, ok)
	}
	id := two[0].ID
	late := now.Add(pacing.DefaultGrantTTL)
	if p.Opened(id, late) {
		t.Error("an expired grant was spent")
	}
	three, _ := p.Pick(late, heads(9, "a"), 9)
	if len(three) != 1 {
		t.Fatalf("an expired grant keeps its channel")
	}
	p.Opened(three[0].ID, late)
	if _, ok := p.NextAt(late); ok {
		t.Error("something is next while all channels are taken")
	}
	p.Closed("a")
	if open, out := p.Open(); open != 1 || out != 0 {
		t.Errorf("%d open, %d out", open, out)
	}
	p.SetOpen(map[string]int{"a": 2})
	if g, _ := p.Pick(late.Add(time.Minute), heads(9, "a"), 9); len(g) != 0 {
		t.Error("granted beyond the channels after a restart")
	}
}

func TestReleaseCostsNothing(t *testing.T) {
	p := newPacer(t, pacing.Config{CPS: 1, Channels: 1, Weights: map[string]float64{"a": 1, "b": 1}})
	rotating := heads(1, "a")
	rotating[0].Need.Strategy = cadence.StrategyRotating
	for range 5 {
		g, _ := p.Pick(start, rotating, 1)
		if len(g) != 1 || g[0].From != number(0) {
			t.Fatalf("after a release: %+v", g)
		}
		p.Release(g[0].ID, start)
		p.Release(g[0].ID, start)
	}
	both := append(heads(1, "b"), rotating...)
	if g, _ := p.Pick(start, both, 1); len(g) != 1 || both[g[0].Head].Campaign != "a" {
		t.Fatalf("a release cost campaign a its turn: %+v", g)
	}
}

func TestRefusals(t *testing.T) {
	p := newPacer(t, pacing.Config{CPS: 100, CallerIDs: append(pool(2), pacing.CallerID{Number: number(7), Pool: "west"})})
	p.Pick(start, nil, 0)
	now := start.Add(time.Minute)
	until := now.Add(time.Hour)
	p.Rest(number(7), until)
	asks := heads(6, "a")
	asks[0].Need = pacing.Need{Pool: "nowhere"}
	asks[1].Need = pacing.Need{Strategy: cadence.StrategyFixed, Number: number(42)}
	asks[2].Need = pacing.Need{Pool: "west", Strategy: cadence.StrategyRotating}
	asks[3].Need = pacing.Need{Strategy: "by_the_stars"}
	asks[4].Need = pacing.Need{Strategy: cadence.StrategyFixed, Number: number(1)}
	p.SetWall(pacing.Wall{At: now})
	grants, refused := p.Pick(now, asks, 10)
	if len(grants) != 2 || grants[0].Head != 4 || grants[0].From != number(1) || grants[1].Head != 5 {
		t.Fatalf("grants %+v", grants)
	}
	want := []pacing.Refusal{{Head: 0, Reason: pacing.ReasonNoCallerID}, {Head: 1, Reason: pacing.ReasonNoCallerID}, {Head: 2, Reason: pacing.ReasonResting, Until: until}, {Head: 3, Reason: pacing.ReasonNoCallerID}}
	if fmt.Sprint(refused) != fmt.Sprint(want) {
		t.Fatalf("refused %+v", refused)
	}
	p.Rest(number(7), time.Time{})
	if g, _ := p.Pick(now.Add(time.Second), asks[2:3], 1); len(g) != 1 || g[0].From != number(7) {
		t.Errorf("after the rest: %+v", g)
	}
}

func TestClassesAndAge(t *testing.T) {
	p := newPacer(t, pacing.Config{})
	list := []pacing.Head{
		{Campaign: "a", Class: pacing.Retry, Due: start.Add(-time.Minute), ID: touch(1)},
		{Campaign: "a", Class: pacing.Fresh, Due: start.Add(-time.Second), ID: touch(2)},
		{Campaign: "a", Class: pacing.Callback, Due: start, ID: touch(3)},
		{Campaign: "a", Class: pacing.Fresh, Due: start.Add(-time.Minute), ID: touch(4)},
		{Campaign: "a", Class: pacing.Retry, Due: start.Add(-3 * time.Hour), ID: touch(5)},
	}
	p.Pick(start, nil, 0)
	grants, _ := p.Pick(start.Add(time.Second), list, 5)
	var order []int
	for _, g := range grants {
		order = append(order, g.Head)
	}
	if fmt.Sprint(order) != "[4 2 3 1 0]" {
		t.Errorf("order %v: the retry that waited three hours, then callback, fresh by age, retry", order)
	}
}

func TestRandomIsEvenAndRepeatable(t *testing.T) {
	const touches = 3000
	counts := map[cadence.Number]int{}
	choose := func(seed uint64, i, try int) cadence.Number {
		p := newPacer(t, pacing.Config{Seed: seed})
		h := pacing.Head{Campaign: "a", ID: touch(i), Try: try}
		g, _ := p.Pick(start, []pacing.Head{h}, 1)
		return g[0].From
	}
	moved := 0
	for i := range touches {
		from := choose(1, i, 0)
		counts[from]++
		if choose(1, i, 0) != from {
			t.Fatal("the same call drew two numbers")
		}
		if choose(1, i, 1) != from {
			moved++
		}
	}
	for n, c := range counts {
		if c < touches/3-150 || c > touches/3+150 {
			t.Errorf("%s drawn %d times of %d, want a third", n.Masked(), c, touches)
		}
	}
	if moved < touches/2 {
		t.Errorf("a further try drew another number only %d times of %d", moved, touches)
	}
}

func BenchmarkPick(b *testing.B) {
	for _, size := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("heads=%d", size), func(b *testing.B) {
			p := newPacer(b, pacing.Config{CPS: 10_000, CallerIDs: pool(20)})
			list := heads(size, "a")
			for i := range list {
				list[i].Campaign = fmt.Sprint("campaign ", i%7)
				list[i].Need.Strategy = cadence.StrategyRotating
			}
			now := start
			b.ReportAllocs()
			for b.Loop() {
				now = now.Add(time.Millisecond)
				grants, _ := p.Pick(now, list, 10)
				for _, g := range grants {
					p.Opened(g.ID, now)
				}
			}
		})
	}
}
