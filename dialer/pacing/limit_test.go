package pacing_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/dialer/pacing"
)

func TestLimitsAreChecked(t *testing.T) {
	_, err := pacing.New(pacing.Config{CPS: 1, Channels: 1, CallerIDs: pool(1), Limits: map[string]pacing.Limit{"a": {CPS: 1e-9, Channels: -1}}})
	if err == nil {
		t.Error("a campaign with a cps of 1e-9 and -1 channels")
	}
}

// A campaign at its own limit leaves the account to the others, and NextAt
// says when it may go on.
func TestCampaignLimits(t *testing.T) {
	p := newPacer(t, pacing.Config{CPS: 1000, Limits: map[string]pacing.Limit{"slow": {CPS: 0.1}, "few": {Channels: 1}}})
	p.Pick(start, nil, 0)
	now := start.Add(time.Second)
	list := append(append(heads(3, "slow"), heads(3, "few")...), heads(3, "free")...)
	grants, _ := p.Pick(now, list, 9)
	got := map[string]int{}
	for _, g := range grants {
		got[list[g.Head].Campaign]++
		p.Opened(g.ID, now)
	}
	if got["slow"] != 1 || got["few"] != 1 || got["free"] != 3 {
		t.Fatalf("grants %v", got)
	}
	if at, ok := p.NextAt(now); !ok || at.Before(now.Add(9*time.Second)) || at.After(now.Add(11*time.Second)) {
		t.Errorf("next at %s %v, want ten seconds on", at.Sub(now), ok)
	}
	if p.Room(now); p.Room(now) == 0 {
		t.Error("the account has no room")
	}
	if at, _ := p.NextAt(now); at.After(now.Add(time.Second)) {
		t.Errorf("new heads wait %s for another campaign's limit", at.Sub(now))
	}
	p.Closed("few")
	if g, _ := p.Pick(now.Add(time.Second), heads(3, "few"), 9); len(g) != 1 {
		t.Errorf("%d grants after the end of a call", len(g))
	}
}

// No interleaving opens more calls of a campaign than its channels, or grants
// more in a second than its rate.
func TestCampaignLimitsHold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		channels := rapid.IntRange(1, 4).Draw(rt, "channels")
		cps := rapid.SampledFrom([]float64{0.5, 2, 7}).Draw(rt, "cps")
		p := newPacer(t, pacing.Config{CPS: 50, Limits: map[string]pacing.Limit{"a": {CPS: cps, Channels: channels}}})
		list := append(heads(20, "a"), heads(20, "b")...)
		now, open := start, 0
		var out []pacing.Grant
		var given []time.Time
		for range 80 {
			now = now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 90, 500, 3000}).Draw(rt, "ms")) * time.Millisecond)
			switch rapid.SampledFrom([]string{"pick", "pick", "open", "close"}).Draw(rt, "what") {
			case "pick":
				grants, _ := p.Pick(now, list, rapid.IntRange(1, 10).Draw(rt, "n"))
				for _, g := range grants {
					if list[g.Head].Campaign == "a" {
						out, given = append(out, g), append(given, now)
					} else {
						p.Release(g.ID, now)
					}
				}
			case "open":
				for _, g := range out {
					if p.Opened(g.ID, now) {
						open++
					}
				}
				out = nil
			case "close":
				if open > 0 {
					open--
					p.Closed("a")
				}
			}
			living := open
			for _, g := range out {
				if now.Before(g.Expiry) {
					living++
				}
			}
			if living > channels {
				rt.Fatalf("%d calls and grants on %d channels", living, channels)
			}
			second := 0
			for _, at := range given {
				if at.After(now.Add(-time.Second)) {
					second++
				}
			}
			if float64(second) > cps+1 {
				rt.Fatalf("%d grants in a second at %v", second, cps)
			}
		}
	})
}
