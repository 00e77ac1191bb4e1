//go:build unix

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/carillon-dialer/carillon/cadence/crash"
)

var (
	killCycles = flag.Int("cycles", 20, "how often the kill loop kills the server")
	killSeed   = flag.Uint64("kill-seed", 1, "the first world of the kill loop")
)

// killWorld is how many kills one data directory takes. A world is one seed:
// it fails and is replayed alone.
const killWorld = 25

// TestKillLoop kills the server again and again while it dials through a
// carrier that is another process: at every named crash point, at random
// moments, while it starts, while it stops, and stops it for seconds on end.
// Only the carrier's own log and what clients were told judge it.
func TestKillLoop(t *testing.T) {
	s := &score{passes: map[string]uint64{}}
	server := crashServer(t)
	t.Run("worlds", func(t *testing.T) {
		all := *killCycles
		if testing.Short() {
			all = min(all, 8)
		}
		for i, left := uint64(0), all; left > 0; i, left = i+1, left-killWorld {
			seed, cycles := *killSeed+i, min(left, killWorld)
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				live(t, s, server, seed, cycles)
			})
		}
	})
	fmt.Println(s.line(t))
	if missed := s.unpassed(); len(missed) > 0 && s.sum.Cycles >= 20 && *killAt == "" {
		t.Errorf("crash points that the load never reaches: %v", missed)
	}
	if testing.Verbose() {
		fmt.Println(s.points(t))
	}
}

// score adds up what the worlds came to.
type score struct {
	mu     sync.Mutex
	sum    tally
	passes map[string]uint64
}

// tally is the summary line. Lost are acknowledged things that are missing
// and leads that will never move again; doubled are second calls of one
// attempt, second calls at once to one number, calls beyond a cap, after a
// no, or in a burst.
type tally struct {
	Cycles          int   `json:"cycles"`
	Calls           int   `json:"calls"`
	Lost            int   `json:"lost"`
	Doubled         int   `json:"doubled"`
	FailedOpens     int   `json:"failed_opens"`
	UnknownsLeft    int   `json:"unknowns_left"`
	LongestRecovery int64 `json:"longest_recovery_ms"`

	atPoints int // cycles that died at the point they were meant for
	aimed    int // cycles that were meant for one
}

func (s *score) add(one *tally, passes map[string]uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sum.Cycles += one.Cycles
	s.sum.Calls += one.Calls
	s.sum.Lost += one.Lost
	s.sum.Doubled += one.Doubled
	s.sum.FailedOpens += one.FailedOpens
	s.sum.UnknownsLeft += one.UnknownsLeft
	s.sum.LongestRecovery = max(s.sum.LongestRecovery, one.LongestRecovery)
	s.sum.atPoints += one.atPoints
	s.sum.aimed += one.aimed
	for name, n := range passes {
		s.passes[name] += n
	}
}

func (s *score) line(t *testing.T) string {
	t.Helper()
	raw, err := json.Marshal(s.sum)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// points is the second line: how often each point was passed.
func (s *score) points(t *testing.T) string {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"died_at_points": s.sum.atPoints, "aimed_at_points": s.sum.aimed, "points": s.passes})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func (s *score) unpassed() []string {
	var missed []string
	for _, n := range crash.Names() {
		if s.passes[n.String()] == 0 && !slices.Contains(ofVerbs, n) {
			missed = append(missed, n.String())
		}
	}
	slices.Sort(missed)
	return missed
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
