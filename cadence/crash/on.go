//go:build crashpoints && unix

package crash

import (
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// On says whether this build dies at crash points.
const On = true

var points = struct {
	mu     sync.Mutex
	at     Name
	hit    int // 0: nowhere
	wait   time.Duration
	passed [count]int
	before [count]uint64 // by earlier processes
	file   *os.File
}{}

// What the environment asks for has to be there: a run that silently kills
// nobody would prove nothing.
func init() {
	if s := os.Getenv(Variable); s != "" {
		if err := aim(s); err != nil {
			panic(Variable + ": " + err.Error())
		}
	}
	if path := os.Getenv(CountVariable); path != "" {
		if err := countIn(path); err != nil {
			panic(CountVariable + ": " + err.Error())
		}
	}
}

func aim(s string) error {
	parts := strings.Split(s+":0s", ":")
	if len(parts) < 3 {
		return fmt.Errorf("%q: want NAME:HIT or NAME:HIT:WAIT", s)
	}
	name := parts[0]
	n, err := strconv.Atoi(parts[1])
	if err != nil || n < 1 {
		return fmt.Errorf("%q: want a HIT from 1", s)
	}
	wait, err := time.ParseDuration(parts[2])
	if err != nil {
		return fmt.Errorf("%q: %w", s, err)
	}
	for _, p := range Names() {
		if p.String() == name {
			points.at, points.hit, points.wait = p, n, wait
			return nil
		}
	}
	return fmt.Errorf("there is no point %q", name)
}

func countIn(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	raw := make([]byte, 8*int(count))
	n, _ := f.ReadAt(raw, 0) // a new file is short: the rest was never passed
	clear(raw[n:])
	for i := range points.before {
		points.before[i] = binary.LittleEndian.Uint64(raw[8*i:])
	}
	points.file = f
	return nil
}

// Point marks an instant, and is the last one when the environment says so.
// Nothing that is still in this process's memory survives it.
func Point(n Name) {
	if n == Nowhere {
		return
	}
	if !passed(n) {
		return
	}
	time.Sleep(points.wait)
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
	select {} // until it has arrived
}

// passed counts a pass and reports whether it is the one to die at.
func passed(n Name) bool {
	points.mu.Lock()
	defer points.mu.Unlock()
	points.passed[n]++
	if points.file != nil {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], points.before[n]+uint64(points.passed[n]))
		if _, err := points.file.WriteAt(b[:], 8*int64(n)); err != nil {
			panic("count a crash point: " + err.Error())
		}
	}
	return n == points.at && points.passed[n] == points.hit
}
