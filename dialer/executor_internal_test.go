package dialer

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/telephony"
)

// However many orders wait behind a carrier that hangs, one more turn's worth
// finds room: handing an order over never blocks the loop.
func TestOrdersNeverFillTheQueue(t *testing.T) {
	var returned int
	e, err := newExecutor(nil, clock.NewManual(time.Unix(0, 0)), 1, 1, func(s *Sent) {
		if s.Late {
			returned++
		}
	}, func(int64) {})
	if err != nil {
		t.Fatal(err)
	}
	defer e.pool.Release()
	sent := 0
	for ; !e.backed(); sent++ {
		id := derive(1, "order", uint64(sent))
		e.send(DialOrder{Dial: telephony.Dial{Attempt: id}}, time.Hour)
	}
	if room := cap(e.queue) - len(e.queue); room < turnDials {
		t.Fatalf("granting stops with room for %d orders; one turn may release %d", room, turnDials)
	}
	first := derive(1, "order", 0)
	if !e.takeBack(first) || e.takeBack(first) {
		t.Error("an order that waits is taken back once")
	}
	e.drop()
	if e.backed() || returned != sent-1 || len(e.claims) != 0 {
		t.Errorf("%d of %d orders given back, %d claims left, backed %v", returned, sent-1, len(e.claims), e.backed())
	}
	if e.takeBack(cadence.ID{}) {
		t.Error("an unknown attempt is taken back")
	}
}
