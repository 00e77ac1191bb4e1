//go:build unix

package main

import (
	"net/url"
	"slices"
	"syscall"
	"time"
)

// settle lets everything under way come to its end: the carrier works again,
// the client stops, and time goes on until nobody is called and no attempt is
// in doubt.
func (w *world) settle() {
	w.Helper()
	w.cycle = "the end"
	w.faults("calm")
	if !w.open("") {
		w.FailNow()
	}
	w.client.close()
	w.quiet(false)
	w.tally.UnknownsLeft = len(w.openAttempts())
	if w.tally.UnknownsLeft > 0 {
		w.Errorf("%d attempts are still open: %+v", w.tally.UnknownsLeft, w.openAttempts()[0])
	}
}

// later kills the server once more and goes on days later, on a carrier that
// has kept its log.
func (w *world) later() {
	w.Helper()
	w.server.kill()
	if err := w.carrier.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		w.Fatal(err)
	}
	<-w.carrier.ended
	w.setClock(killStart.Add(killLater))
	w.startCarrier()
}

// finish lets every lead come to its end, and the server stop in order.
func (w *world) finish() {
	w.Helper()
	w.cycle = "the last start"
	if !w.open("") {
		w.FailNow()
	}
	w.quiet(true)
}

// picture is what the overview tells.
type picture struct {
	Attempts int `json:"attempts"`
	Calls    int `json:"calls_in_progress"`
	Pending  int `json:"pending"`
	Ready    int `json:"ready"`
}

// quiet waits until nothing has happened for a second and a half, as many
// virtual minutes: longer than any delay of the cadence but those for another
// day. No attempt may be open then, and at the end nothing pending.
func (w *world) quiet(end bool) {
	w.Helper()
	var last picture
	quiet := 0
	for moved := time.Now(); time.Since(moved) < time.Minute; {
		<-time.After(100 * time.Millisecond)
		var now picture
		call(w.T, "GET", w.url+"/v1/overview", "", nil, &now)
		if now.Attempts != last.Attempts {
			moved = time.Now() // however slow the machine is
		}
		if quiet++; now != last || now.Calls > 0 || now.Ready > 0 || end && now.Pending > 0 {
			quiet, last = 0, now
		}
		if (quiet >= 15 || end && quiet > 2) && len(w.openAttempts()) == 0 {
			return
		}
	}
	w.Errorf("%s: not at rest a minute after the last call: %+v", w.cycle, last)
}

// all reads every page of a list.
func all[T any](w *world, path string) []T {
	w.Helper()
	var out []T
	for cursor := ""; ; {
		var page struct {
			Items []T     `json:"items"`
			Next  *string `json:"next"`
		}
		call(w.T, "GET", w.url+path+cursor, "", nil, &page)
		out = append(out, page.Items...)
		if page.Next == nil {
			return out
		}
		cursor = "&cursor=" + url.QueryEscape(*page.Next)
	}
}

func (w *world) openAttempts() []attempt {
	w.Helper()
	var open []attempt
	for _, a := range all[attempt](w, "/v1/attempts?limit=1000") {
		if !slices.Contains([]string{"ended", "rejected", "not_placed", "returned"}, a.State) {
			open = append(open, a)
		}
	}
	return open
}
