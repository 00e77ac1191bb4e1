//go:build unix

package main

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/carillon-dialer/carillon/cadence/crash"
)

// blow is one cycle: the server is started and dies.
func (w *world) blow(i int, b blow) {
	w.Helper()
	w.cycle = fmt.Sprintf("world %d, cycle %d (%s)", w.seed, i, b)
	w.tally.Cycles++
	w.faults(b.faults)
	if w.client != nil {
		w.client.favour(b.point)
	}
	switch b.how {
	case atPoint:
		w.dieAt(b)
	case atStart:
		w.dieStarting(b.after)
	case atMoment, afterStop, afterTerm:
		if w.open("") {
			w.die(b)
		}
	}
	if !w.killed() && b.how != afterTerm && !strings.HasPrefix(b.point.String(), "shutdown") {
		w.Fatalf("%s: the server ended by itself:\n%s", w.cycle, w.server.printed())
	}
}

// dieAt lets the server kill itself. One that does not pass the point in time
// is killed at that moment.
func (w *world) dieAt(b blow) {
	w.Helper()
	w.tally.aimed++
	patience := 4 * time.Second
	switch {
	case slices.Contains(ofOneProcess, b.point):
		patience = time.Second
	case b.point == crash.HighWaterBeforeSync || b.point == crash.HighWaterAfterSync:
		patience = 12 * time.Second
	}
	if !w.open(fmt.Sprintf("%s:%d:%s", b.point, b.hit, b.wait)) {
		w.tally.atPoints++
		return
	}
	if strings.HasPrefix(b.point.String(), "shutdown") {
		<-time.After(400 * time.Millisecond)
		w.signal(syscall.SIGTERM)
	}
	select {
	case <-w.server.ended:
		if w.killed() {
			w.tally.atPoints++
		}
	case <-time.After(patience):
		w.server.kill()
	}
}

// dieStarting kills a server that may not be listening yet.
func (w *world) dieStarting(after time.Duration) {
	w.server = start(w.T, w.binary, []string{crash.CountVariable + "=" + w.file("points")}, "serve", "--config", w.file("carillon.yaml"), "--clock", w.spec)
	<-time.After(after)
	w.server.kill()
}

// die ends a server that listens.
func (w *world) die(b blow) {
	w.Helper()
	switch b.how {
	case atMoment:
		<-time.After(b.after)
	case afterStop:
		<-time.After(400 * time.Millisecond)
		w.signal(syscall.SIGSTOP)
		<-time.After(b.after)
		w.signal(syscall.SIGCONT)
		w.stood += b.after
		<-time.After(700 * time.Millisecond)
	case afterTerm:
		<-time.After(600 * time.Millisecond)
		w.signal(syscall.SIGTERM)
		<-time.After(b.after)
	case atPoint, atStart:
	}
	w.server.kill()
}

func (w *world) signal(s syscall.Signal) {
	w.Helper()
	if err := w.server.cmd.Process.Signal(s); err != nil {
		w.Errorf("%s: %v: %v", w.cycle, s, err)
	}
}
