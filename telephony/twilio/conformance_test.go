package twilio_test

import (
	"fmt"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/telephonytest"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	f := newFarSide(t)
	c := f.client(t, func(o *twilio.Options) { o.HTTPTimeout = 5 * time.Second })
	numbers := 0
	telephonytest.Exercise(t, telephonytest.Harness{
		Carrier: c,
		From:    "+13035550100",
		Unknown: "CAffffffffffffffffffffffffffffffff",
		Now:     time.Now,
		Number: func() cadence.Number {
			numbers++ // 555-0101…0199 of as many area codes as needed
			return cadence.Number(fmt.Sprintf("+1%d55501%02d", 303+numbers/99, 1+numbers%99))
		},
		SetAnswer: func(to cadence.Number, a telephonytest.Answer) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.answers[to] = a
		},
		SetFault: func(x telephonytest.Fault) func() {
			if x == telephonytest.Down {
				_ = f.server.Close()
				_ = c.Close() // no connection is left that the client has not yet seen die
				return func() { f.start(t) }
			}
			f.mu.Lock()
			f.fault = x
			f.mu.Unlock()
			return func() {}
		},
		Calls: func(to cadence.Number) []telephony.Call {
			f.mu.Lock()
			defer f.mu.Unlock()
			var all []telephony.Call
			for _, c := range f.calls {
				if c.To == string(to) && c.Outbound {
					all = append(all, c.Call)
				}
			}
			return all
		},
		Judge: func(*testing.T, string) {}, // at once
		Await: func(t *testing.T, id string, s telephony.Status) {
			t.Helper()
			f.mu.Lock()
			defer f.mu.Unlock()
			if c := f.get(id); c == nil || c.Status != s {
				t.Fatalf("call %s is %+v, want %s", id, c, s)
			}
		},
	})
}
