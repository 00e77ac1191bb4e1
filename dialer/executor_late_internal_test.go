package dialer

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/telephony"
)

// Late orders are given back without a wait at the gate, so that a queue that
// was held up once does not stay late for ever.
func TestLateOrdersTakeNoPlaceAtTheGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		returned := make(chan *Sent, 100)
		e, err := newExecutor(nil, clock.NewManual(time.Unix(0, 0)), clock.NewManual(time.Unix(0, 0)), 1, 1, func(s *Sent) { returned <- s }, func(int64) {})
		if err != nil {
			t.Fatal(err)
		}
		for n := range byte(100) {
			e.send(DialOrder{NotAfter: 0, Dial: telephony.Dial{Attempt: cadence.ID{n}}}, 0)
		}
		ctx, stop := context.WithCancel(t.Context())
		go e.run(ctx)
		began := time.Now()
		for range 100 {
			if s := <-returned; !s.Late {
				t.Errorf("sent: %+v", s)
			}
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("late orders waited %s at the gate", waited)
		}
		stop()
		if err := e.stop(); err != nil {
			t.Error(err)
		}
	})
}
