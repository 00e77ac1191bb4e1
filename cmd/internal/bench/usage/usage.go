// Package usage is what a process has used of the machine.
package usage

import (
	"bytes"
	"fmt"
	"os"
	"runtime/metrics"
	"strconv"
	"time"
)

// Memory is a reading of /proc/PID/status, in bytes.
type Memory struct {
	RSS     int64 // resident, with mapped files
	RSSAnon int64 // resident and the process's own
	Peak    int64 // highest RSS
}

// MemoryOf reads the memory of a process. It needs Linux.
func MemoryOf(pid int) (m Memory, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return m, fmt.Errorf("read the memory of process %d: %w", pid, err)
	}
	for line := range bytes.Lines(status) {
		for name, to := range map[string]*int64{"VmRSS:": &m.RSS, "RssAnon:": &m.RSSAnon, "VmHWM:": &m.Peak} {
			rest, ours := bytes.CutPrefix(line, []byte(name))
			if !ours {
				continue
			}
			n, err := strconv.ParseInt(string(bytes.TrimSuffix(bytes.TrimSpace(rest), []byte(" kB"))), 10, 64)
			if err != nil {
				return m, fmt.Errorf("read the memory of process %d: %q: %w", pid, line, err)
			}
			*to = n << 10
		}
	}
	return m, nil
}

// GC is the processor time that this process's garbage collector took.
func GC() time.Duration {
	s := []metrics.Sample{{Name: "/cpu/classes/gc/total:cpu-seconds"}}
	metrics.Read(s)
	return time.Duration(s[0].Value.Float64() * float64(time.Second))
}
