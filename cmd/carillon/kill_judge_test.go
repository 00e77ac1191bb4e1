//go:build unix

package main

import (
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

// inFlight is how long after a no a call may still arrive that had left
// before it (real time): a request lives ten seconds at most.
const inFlight = 10 * time.Second

// judge compares what the carrier saw and what the client was told with what
// the server knows.
func (w *world) judge() {
	w.Helper()
	known := map[string]attempt{}
	for _, a := range all[attempt](w, "/v1/attempts?limit=1000") {
		known[strings.TrimPrefix(a.ID, "at_")] = a
	}
	w.judgeKept(known)
	w.stopInOrder()
	entries, err := simcarrier.ReadLog(w.file("carrier.jsonl"))
	if err != nil {
		w.Fatal(err)
	}
	w.judgeCalls(entries, known)
	w.judgePace(entries)
	if w.tally.Calls < 10*w.tally.Cycles {
		w.Errorf("only %d calls in %d cycles: the loop proves nothing", w.tally.Calls, w.tally.Cycles)
	}
}

// lost and doubled count what must not be, and say it.
func (w *world) lost(format string, args ...any) {
	w.Helper()
	w.tally.Lost++
	if w.tally.Lost <= 20 {
		w.Errorf("lost: "+format, args...)
	}
}

func (w *world) doubled(format string, args ...any) {
	w.Helper()
	w.tally.Doubled++
	if w.tally.Doubled <= 20 {
		w.Errorf("doubled: "+format, args...)
	}
}

// judgeKept looks for everything that was acknowledged.
func (w *world) judgeKept(known map[string]attempt) {
	w.Helper()
	acks := &w.client.acks
	type enrollment struct {
		LeadName string `json:"lead_name"`
		State    string `json:"state"`
	}
	stays := map[string]string{}
	for _, e := range all[enrollment](w, "/v1/enrollments?limit=1000&cadence="+w.client.cadence) {
		stays[e.LeadName] = e.State
	}
	for i := range acks.leads {
		switch state := stays[leadName(i)]; state {
		case "":
			w.lost("%s was enrolled and is not", leadName(i))
		case "active":
			w.lost("%s never comes to an end", leadName(i))
		}
	}
	listed := map[string]bool{}
	for _, n := range all[struct {
		Number string `json:"number"`
	}](w, "/v1/dnc?limit=1000") {
		listed[n.Number] = true
	}
	for i := range acks.dnc {
		if !listed[killNumber(i)] {
			w.lost("%s was put on the do-not-call list and is not there", killNumber(i))
		}
	}
	for id, note := range acks.disposed {
		if a := known[strings.TrimPrefix(id, "at_")]; a.Disposition != "INTERESTED" || a.By != "api" {
			w.lost("the disposition of %s (%s): %+v", id, note, a)
		}
	}
	for id, rows := range acks.imports {
		var job struct {
			Import struct {
				State    string `json:"state"`
				Rows     int    `json:"rows"`
				Accepted int    `json:"accepted"`
			} `json:"import"`
		}
		if err := try(w.T, "GET", w.url+"/v1/imports/"+id, "", nil, &job); err != nil || job.Import.State != "done" || job.Import.Accepted != rows {
			w.lost("import %s of %d rows: %+v %v", id, rows, job.Import, err)
		}
	}
}

// stopInOrder ends the server, which has nothing to do, and has its directory
// looked over.
func (w *world) stopInOrder() {
	w.Helper()
	w.signal(syscall.SIGTERM)
	select {
	case <-w.server.ended:
		if !w.server.cmd.ProcessState.Success() {
			w.Errorf("the last stop: %v\n%s", w.server.cmd.ProcessState, w.server.printed())
		}
	case <-time.After(20 * time.Second):
		w.Errorf("the server does not stop")
		w.server.kill()
	}
	doctor := start(w.T, w.binary, nil, "doctor", "--data", w.file("data"))
	<-doctor.ended
	if !doctor.cmd.ProcessState.Success() {
		w.lost("doctor: %s", doctor.printed())
	}
}

// judgeCalls reads the carrier's log: one call for an attempt, one at a time
// to a number, none beyond the cap or after a no, none outside the hours, and
// none of which the server knows nothing.
func (w *world) judgeCalls(entries []simcarrier.Entry, known map[string]attempt) {
	w.Helper()
	tokens, live := map[string]int{}, map[string]string{}
	calls, heard := map[string][]time.Time{}, map[string]bool{}
	for _, e := range entries {
		if e.Ev == simcarrier.Webhook && e.HTTP == 200 {
			heard[e.Call] = true
		}
	}
	for _, e := range entries {
		switch {
		case e.Parent != "":
		case e.Ev == simcarrier.Accepted:
			w.tally.Calls++
			if tokens[e.Token]++; tokens[e.Token] > 1 {
				w.doubled("attempt %s was placed %d times", e.Token, tokens[e.Token])
			}
			if other, ok := live[e.To]; ok {
				w.doubled("attempts %s and %s called %s at once", other, e.Token, e.To)
			}
			live[e.To] = e.Token
			calls[e.To] = append(calls[e.To], e.T)
			a, ok := known[e.Token]
			switch {
			case ok && a.CallID == e.Call:
			case ok && a.State == "not_placed" && !heard[e.Call]: // nothing of the call ever reached the server
			default:
				w.lost("call %s of attempt %s: the server knows %+v", e.Call, e.Token, a)
			}
			if !lawful(e.To, e.T) {
				w.doubled("%s was called at %s", e.To, e.T)
			}
		case e.Ev == simcarrier.Ended:
			delete(live, e.To)
		}
	}
	for token, a := range known {
		if a.CallID != "" && tokens[token] == 0 {
			w.Errorf("attempt %s has a call the carrier never made: %+v", token, a)
		}
	}
	for to, at := range calls {
		for i := range at {
			if i >= killCap && at[i].Sub(at[i-killCap]) < 24*time.Hour {
				w.doubled("%s was called %d times within %s", to, killCap+1, at[i].Sub(at[i-killCap]))
			}
		}
	}
	w.judgeNos(calls)
}

// judgeNos counts calls after a no: at most the one that was under way.
func (w *world) judgeNos(calls map[string][]time.Time) {
	w.Helper()
	acks := &w.client.acks
	for _, nos := range []map[int]time.Time{acks.dnc, acks.removed} {
		for i, no := range nos {
			after := slices.DeleteFunc(slices.Clone(calls[killNumber(i)]), func(t time.Time) bool { return !t.After(no) })
			if len(after) > 1 || len(after) == 1 && after[0].Sub(no) > inFlight*killSpeed {
				w.doubled("%s said no at %s and was called at %v", killNumber(i), no, after)
			}
		}
	}
}

// lawful is a second opinion about the hour, written without the engine's.
func lawful(to string, at time.Time) bool {
	zones, _, _ := window.Candidates(to)
	for _, z := range zones {
		if h := at.In(z).Hour(); h < 8 || h >= 21 {
			return false
		}
	}
	return len(zones) > 0
}

// judgePace looks for bursts: twice the rate within a second is one, whatever
// was killed or stood still before. The slack is for a machine that is busy
// with other things.
func (w *world) judgePace(entries []simcarrier.Entry) {
	w.Helper()
	var at []int64
	for _, e := range entries {
		if e.Ev != simcarrier.Accepted || e.Parent != "" {
			continue
		}
		if len(at) > 0 && e.RealMS < at[len(at)-1] {
			at = at[:0] // another start of the carrier has another origin
		}
		at = append(at, e.RealMS)
		if i := len(at) - 1 - 2*killCPS; i >= 0 && e.RealMS-at[i] < 1000 {
			w.doubled("more than %d calls within %d ms before %s", 2*killCPS, e.RealMS-at[i], e.T)
			at = at[:0]
		}
	}
}
