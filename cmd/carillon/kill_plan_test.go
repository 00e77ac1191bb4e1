//go:build unix

package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence/crash"
)

// blow is how one cycle ends.
type blow struct {
	how    manner
	point  crash.Name    // of atPoint
	hit    int           // of atPoint: the how manieth pass
	wait   time.Duration // of atPoint: how long it stands there before it dies
	after  time.Duration // of the others: when, from the listeners on or from the start
	faults string        // what the carrier does meanwhile
}

type manner string

const (
	atPoint   manner = "point"  // the server kills itself at a crash point
	atMoment  manner = "moment" // it is killed at some moment under load
	atStart   manner = "start"  // it is killed while it starts and recovers
	afterStop manner = "stop"   // it stands still for seconds, goes on, and is killed
	afterTerm manner = "term"   // it is told to end, and killed while it does
)

func (b blow) String() string {
	if b.how == atPoint {
		return fmt.Sprintf("%s hit %d after %v, carrier %s", b.point, b.hit, b.wait, b.faults)
	}
	return fmt.Sprintf("%s after %v, carrier %s", b.how, b.after, b.faults)
}

// Points that are passed only once in the life of a directory, only when the
// log is old enough to be trimmed, only by verbs and the first start, which
// TestKillVerbs kills at them, and at most once in the life of a process.
var (
	ofNewDirectory = []crash.Name{crash.LedgerBeforeMarker, crash.LedgerAfterMarker, crash.KeysBeforeWrite, crash.KeysAfterWrite}
	ofOldLog       = []crash.Name{crash.LogTrimBeforeCommit, crash.LogTrimAfterCommit}
	ofVerbs        = []crash.Name{
		crash.FileBeforeRename, crash.FileAfterRename, crash.BackupBeforeCheck, crash.RestoreBeforeFill, crash.RestoreFilled, crash.RestoreBeforeRename,
		crash.RestoreAfterRename, crash.BallastHalfLaid, crash.BallastLaid, crash.BallastBeforeRelease, crash.BallastAfterRelease,
	}
	ofOneProcess = []crash.Name{
		crash.LedgerStoreOpened, crash.LedgerExamined, crash.RecoverBeforeCommit, crash.RecoverAfterCommit, crash.ShutdownBeforeClose,
	}
)

// carriers are what the carrier may do to the server.
var carriers = map[string]string{
	"calm":     `{}`,
	"lossy":    `{"drop_response": 0.3, "drop_webhook": 0.1, "duplicate": 0.2, "reorder": 0.2}`,
	"failing":  `{"http_5xx": 0.3, "drop_webhook": 0.05, "duplicate": 0.05}`,
	"busy":     `{"http_429": 0.1, "duplicate": 0.1}`,
	"slow":     `{"slow": {"p": 0.3, "ms": [100, 1500]}, "delay": {"p": 0.3, "ms": [1000, 20000]}, "reorder": 0.2}`,
	"lagging":  `{"drop_response": 0.2, "list_lag": {"p": 0.5, "ms": [1000, 60000]}, "drop_webhook": 0.2}`,
	"grumbles": `{"drop_response": 0.02, "duplicate": 0.05, "reorder": 0.05, "drop_webhook": 0.02, "http_429": 0.005, "http_5xx": 0.01}`,
}

func pick[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }

// killAt makes the kill loop aim at some points only: with them a mistake that
// matters at one instant shows within a few cycles.
var killAt = flag.String("kill-at", "", "the points to die at, by name, separated by commas; all of a world's kills are then aimed, and stand there for a moment first")

// aims is every point with its first, second, seventh and a random hit, in an
// order that is the same for all worlds: each takes the next ones.
func aims() []blow {
	r := rand.New(rand.NewPCG(7, 11))
	var all []blow
	for _, p := range crash.Names() {
		if slices.Contains(slices.Concat(ofNewDirectory, ofOldLog, ofVerbs), p) || *killAt != "" && !slices.Contains(strings.Split(*killAt, ","), p.String()) {
			continue
		}
		hits := []int{1, 2, 7, 3 + r.IntN(150)}
		switch {
		case slices.Contains(ofOneProcess, p):
			hits = hits[:1]
		case rare(p):
			hits[3] = 3 + r.IntN(10)
		}
		for _, hit := range hits {
			wait := pick(r, []time.Duration{0, 30 * time.Millisecond})
			if *killAt != "" {
				wait = 200 * time.Millisecond
			}
			all = append(all, blow{how: atPoint, point: p, hit: hit, wait: wait})
		}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// rare reports whether a point is passed less than some ten times a second.
func rare(p crash.Name) bool {
	for _, kind := range []string{"effect", "dnc", "disposition", "look", "high_water.before_sync", "high_water.after_sync", "dnc_log", "shutdown", "import."} {
		if strings.HasPrefix(p.String(), kind) {
			return true
		}
	}
	return false
}

// planned are the cycles of one world: those of a new directory, then points
// and other deaths mixed two to one, and last those of an old log.
func planned(seed uint64, cycles int) (before, under, old []blow) {
	r := rand.New(rand.NewPCG(seed, 1))
	names := make([]string, 0, len(carriers))
	for name := range carriers {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, p := range ofNewDirectory {
		if i < cycles/5 && *killAt == "" {
			before = append(before, blow{how: atPoint, point: p, hit: 1, faults: "calm"})
		}
	}
	for i, p := range ofOldLog {
		if i < cycles/10 && *killAt == "" {
			old = append(old, blow{how: atPoint, point: p, hit: pick(r, []int{1, 2, 7}), faults: "calm"})
		}
	}
	all := aims()
	inWorld := killWorld - len(ofNewDirectory) - len(ofOldLog)
	at := int(seed-1) * (inWorld - inWorld/3)
	for i := range cycles - len(before) - len(old) {
		b := blow{how: pick(r, []manner{atMoment, atMoment, atStart, afterStop, afterTerm}), after: time.Duration(200+r.IntN(900)) * time.Millisecond}
		switch b.how {
		case atStart:
			b.after = time.Duration(5+r.IntN(150)) * time.Millisecond
		case afterStop:
			b.after = time.Duration(1500+r.IntN(2500)) * time.Millisecond
		case afterTerm:
			b.after = time.Duration(r.IntN(150)) * time.Millisecond
		case atMoment, atPoint:
		}
		if i%3 != 2 || *killAt != "" {
			b = all[at%len(all)]
			at++
		}
		b.faults = pick(r, names)
		under = append(under, b)
	}
	return before, under, old
}
