package simcarrier_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

func TestThousandsOfCallsNeedNoGoroutines(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"human","patience_ms":0}`)
	before := runtime.NumGoroutine()
	const calls = 2000
	for i := range calls {
		p := r.params(fmt.Sprintf("+1%d55501%02d", 200+i/100, i%100))
		p.StatusCallback = nil
		p.Url = nil
		r.place(p.SetTwiml(`<Response><Pause length="60"/></Response>`))
	}
	r.run(25 * time.Second)
	s := r.carrier.Stats()
	if s.Live != calls {
		t.Fatalf("%d calls are live", s.Live)
	}
	if more := runtime.NumGoroutine() - before; more > 20 {
		t.Errorf("%d calls need %d goroutines", calls, more)
	}
	if s.Due > 3*calls {
		t.Errorf("%d things are due for %d calls", s.Due, calls)
	}
	r.run(5 * time.Minute)
	if s = r.carrier.Stats(); s.Live != 0 || s.Due != 0 || s.Ended["completed"] != calls {
		t.Errorf("afterwards: %+v", s)
	}
}

func TestOldCallsAreForgotten(t *testing.T) {
	r := newRig(t, func(o *simcarrier.Options) { o.Keep = 10 })
	r.setModel(`{"default":"busy"}`)
	for range 30 {
		r.place(r.params(to))
		r.run(10 * time.Second)
	}
	if s := r.carrier.Stats(); s.Known > 12 {
		t.Errorf("%d calls are remembered, want about 10", s.Known)
	}
	last := r.entries()
	n := 0
	for _, e := range last {
		n = max(n, e.N)
	}
	if n != 30 {
		t.Errorf("the count of calls to a number must outlive the calls: %d", n)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	_, err := simcarrier.New(simcarrier.Options{AccountSID: "x", CPS: -1, Model: simcarrier.Model{Default: simcarrier.Plan{Kind: "dead"}}})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"account SID", "auth token", "clock", "LogPath", "negative", "dead"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
}
