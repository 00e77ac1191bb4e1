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
)

// On says whether this build dies at crash points.
const On = true

var points = struct {
	mu     sync.Mutex
	at     Name
	hit    int // 0: nowhere
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
	name, hit, _ := strings.Cut(s, ":")
	n, err := strconv.Atoi(hit)
	if err != nil || n < 1 {
		return fmt.Errorf("%q: want NAME:HIT with HIT from 1", s)
	}
	for _, p := range Names() {
		if p.String() == name {
			points.at, points.hit = p, n
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
	if n == points.at && points.passed[n] == points.hit {
		_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
		select {} // until it has arrived
	}
}
