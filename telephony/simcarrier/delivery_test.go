package simcarrier_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/telephony/simcarrier"
)

func TestRetriesFollowTheConnectionOverrides(t *testing.T) {
	for _, c := range []struct {
		fragment string
		status   int // 0 drops the connection
		tries    int
	}{
		{"", 500, 1},
		{"", 0, 1},
		{"#rc=2&rp=5xx", 500, 3},
		{"#rc=2&rp=5xx", 404, 1},
		{"#rc=1&rp=4xx", 404, 2},
		{"#rc=2&rp=ct,rt", 500, 1},
		{"#rc=1&rp=all", 0, 2},
		{"#rc=9&rp=5xx", 500, 2}, // out of range: the default of 1 stays
	} {
		t.Run(c.fragment, func(t *testing.T) {
			r := newRig(t, nil)
			r.setModel(`{"default":"busy"}`)
			r.answers(func(hook) (int, string) { return c.status, "" })
			p := r.params(to).SetStatusCallback(r.url("status") + c.fragment)
			r.place(p.SetStatusCallbackEvent([]string{"completed"}))
			r.run(time.Minute)
			hooks := r.hooksTo("status")
			if len(hooks) != c.tries {
				t.Fatalf("%d tries, want %d", len(hooks), c.tries)
			}
			for _, h := range hooks {
				if !h.Valid || h.Token != hooks[0].Token {
					t.Error("a retry must be signed and carry the token of the first try")
				}
			}
			var tries, results int
			for _, e := range r.entries() {
				if e.Ev == simcarrier.Webhook && e.HTTP == 0 {
					tries = max(tries, e.Try)
				} else if e.Ev == simcarrier.Webhook {
					results++
				}
			}
			if tries != c.tries || results != c.tries {
				t.Errorf("the log has try %d and %d results, want %d", tries, results, c.tries)
			}
		})
	}
}

func TestConnectionFailuresAreTriedAgainOnce(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"busy"}`)
	r.place(r.params(to).SetStatusCallback("http://127.0.0.1:1/twilio/status/x/y").SetStatusCallbackEvent([]string{"completed"}))
	r.run(time.Minute)
	var got []int
	for _, e := range r.entries() {
		if e.Ev == simcarrier.Webhook {
			got = append(got, e.HTTP)
		}
	}
	if len(got) != 4 || got[1] != -1 || got[3] != -1 {
		t.Errorf("webhook lines have http %v, want two tries without an answer", got)
	}
}

func TestCallbackGoesOutBeforeTheNext(t *testing.T) {
	r := newRig(t, nil)
	r.setModel(`{"default":"human","patience_ms":0,"setup_ms":0,"ring_ms":0}`)
	var inFlight, most atomic.Int32
	r.answers(func(h hook) (int, string) {
		if strings.Contains(h.Path, "/status/") {
			most.Store(max(most.Load(), inFlight.Add(1)))
			inFlight.Add(-1)
		}
		return 200, "<Response/>"
	})
	for range 20 {
		r.place(r.params(to))
	}
	r.run(time.Minute)
	if n := len(r.hooksTo("status")); n != 80 {
		t.Fatalf("%d callbacks", n)
	}
	next := map[string]int{}
	order := []string{"0", "1", "2", "3"}
	for _, h := range r.hooksTo("status") {
		sid := h.Form.Get("CallSid")
		if h.Form.Get("SequenceNumber") != order[next[sid]] {
			t.Fatalf("call %s: callback %s out of order", sid, h.Form.Get("SequenceNumber"))
		}
		next[sid]++
	}
}
