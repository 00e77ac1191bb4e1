package simcarrier_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/simcarrier"
	"github.com/carillon-dialer/carillon/telephony/telephonytest"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// exchange is a rig whose API can be taken down and up again.
type exchange struct {
	*rig
	addr   string
	client *twilio.Client
	server *http.Server
	plans  map[string][]simcarrier.Plan
}

func (x *exchange) up() {
	x.Helper()
	addr := x.addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	ln, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", addr)
	if err != nil {
		x.Fatal(err)
	}
	x.addr, x.server = ln.Addr().String(), &http.Server{Handler: x.carrier.Handler()}
	go func(s *http.Server) { _ = s.Serve(ln) }(x.server)
}

// forces is what each answer of the suite is here. How a bridged call goes is
// in the script that answered returns.
var forces = map[telephonytest.Answer]simcarrier.Kind{
	telephonytest.Human: simcarrier.Human, telephonytest.Machine: simcarrier.Beep, telephonytest.Bridged: simcarrier.Human, telephonytest.Rings: simcarrier.NoReply,
	telephonytest.Busy: simcarrier.Busy, telephonytest.NoAnswer: simcarrier.NoReply, telephonytest.Fails: simcarrier.Failed,
}

func TestConformanceThroughTheAdapter(t *testing.T) {
	x := &exchange{rig: newRig(t, nil), plans: map[string][]simcarrier.Plan{}}
	x.up()
	t.Cleanup(func() { _ = x.server.Close() })
	bridged := map[string]bool{}
	x.answers(func(h hook) (int, string) {
		x.mu.Lock()
		defer x.mu.Unlock()
		if bridged[h.Form.Get("To")] {
			return 200, "<Response><Dial>" + desk + "</Dial></Response>"
		}
		return 200, `<Response><Pause length="7200"/></Response>`
	})
	hooks, err := twilio.NewHooks(x.hooks.URL, bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	c, err := twilio.New(twilio.Options{AccountSID: account, AuthToken: token, BaseURL: "http://" + x.addr, Hooks: hooks})
	if err != nil {
		t.Fatal(err)
	}
	x.client = c
	t.Cleanup(func() { _ = c.Close() })
	numbers := 0
	telephonytest.Exercise(t, telephonytest.Harness{
		Carrier: c, From: from, Unknown: "CAffffffffffffffffffffffffffffffff", Now: x.clock.Now,
		Number: func() cadence.Number {
			numbers++
			return cadence.Number(fmt.Sprintf("+1%d55501%02d", 304+numbers/99, 1+numbers%99))
		},
		SetAnswer: func(to cadence.Number, a telephonytest.Answer) {
			zero := 0
			x.mu.Lock()
			bridged[string(to)] = a == telephonytest.Bridged
			x.mu.Unlock()
			x.plans[string(to)] = []simcarrier.Plan{{Kind: forces[a], PatienceMS: &zero}}
			x.plan(simcarrier.Plan{})
		},
		SetFault: x.fault,
		Calls:    x.calls,
		Await:    x.await,
		Judge:    x.judge,
	})
}

func (x *exchange) plan(otherwise simcarrier.Plan) {
	x.Helper()
	plans := map[string][]simcarrier.Plan{}
	maps.Copy(plans, x.plans)
	if otherwise.Kind != "" {
		plans = nil
	}
	if err := x.carrier.SetModel(simcarrier.Model{Numbers: plans, Default: otherwise}); err != nil {
		x.Fatal(err)
	}
}

func (x *exchange) fault(f telephonytest.Fault) func() {
	faults := simcarrier.Faults{}
	switch f {
	case telephonytest.Throttle:
		faults.HTTP429 = 1
	case telephonytest.Break:
		faults.HTTP5xx = 1
	case telephonytest.Drop:
		faults.DropResponse = 1
	case telephonytest.Stall:
		faults.Slow = simcarrier.Lag{P: 1, MS: [2]int{60_000, 60_000}}
	case telephonytest.Refuse:
		x.plan(simcarrier.Plan{Kind: simcarrier.Refused})
		return func() { x.plan(simcarrier.Plan{}) }
	case telephonytest.Down:
		_ = x.server.Close()
		_ = x.client.Close() // no connection is left that the client has not yet seen die
		return x.up
	}
	x.setFaults(faults)
	return func() { x.setFaults(simcarrier.Faults{}) }
}

// calls is the witness: what the log says was accepted.
func (x *exchange) calls(to cadence.Number) []telephony.Call {
	x.Helper()
	var all []telephony.Call
	for _, e := range x.entries() {
		if e.Ev == simcarrier.Accepted && e.Parent == "" && e.To == string(to) {
			all = append(all, telephony.Call{ID: e.Call, To: e.To, From: e.From})
		}
	}
	return all
}

// judge lets things happen until the machine's greeting is long over.
func (x *exchange) judge(t *testing.T, id string) {
	t.Helper()
	x.await(t, id, telephony.StatusInProgress)
	x.run(time.Minute)
}

// await lets things happen, one after the other, until the call has the
// status.
func (x *exchange) await(t *testing.T, id string, want telephony.Status) {
	t.Helper()
	for limit := x.clock.Now().Add(time.Hour); ; {
		x.settle()
		have := telephony.StatusQueued
		for _, e := range x.entries() {
			switch {
			case e.Call != id:
			case e.Ev == simcarrier.Ringing:
				have = telephony.StatusRinging
			case e.Ev == simcarrier.Answered:
				have = telephony.StatusInProgress
			case e.Ev == simcarrier.Ended:
				have = telephony.Status(e.Status)
			}
		}
		next, ok := x.carrier.NextDue()
		if have == want {
			return
		}
		if !ok || next.After(limit) {
			t.Fatalf("call %s is %s, want %s", id, have, want)
		}
		x.clock.Advance(next.Sub(x.clock.Now()))
	}
}
