package dialer

import (
	"context"
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
	e, err := newExecutor(nil, clock.NewManual(time.Unix(0, 0)), clock.NewManual(time.Unix(0, 0)), 1, 1, func(s *Sent) {
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

// A machine that was suspended wakes up with the monotonic reading it fell
// asleep with: an order that waited is late all the same, by the wall.
func TestOrderIsLateByEitherClock(t *testing.T) {
	start := time.Date(2026, 3, 3, 20, 58, 50, 0, time.UTC)
	for _, c := range []struct {
		name       string
		wall, mono time.Duration
		sent       bool
	}{
		{"in time", 29 * time.Second, 29 * time.Second, true},
		{"both", 30 * time.Second, 30 * time.Second, false},
		{"suspended", 10 * time.Minute, time.Second, false},
		{"wall set back", -time.Hour, 30 * time.Second, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			wall, real := clock.NewManual(start.Add(c.wall)), clock.NewManual(start)
			deadline := real.Mono() + 30*time.Second
			real.Advance(c.mono)
			line, late := &placed{}, false
			e, err := newExecutor(line, wall, real, 1, 1, func(s *Sent) { late = s.Late }, func(int64) {})
			if err != nil {
				t.Fatal(err)
			}
			defer e.pool.Release()
			o := DialOrder{Dial: telephony.Dial{Attempt: derive(1, "order", 1)}, NotAfter: start.Add(30 * time.Second).UnixMilli()}
			e.send(o, deadline)
			e.place(<-e.queue)
			if sent := line.calls == 1; sent != c.sent || late == c.sent {
				t.Errorf("sent %v, late %v", sent, late)
			}
		})
	}
}

// placed is a carrier that takes every call.
type placed struct {
	telephony.Carrier
	calls int
}

func (p *placed) Place(context.Context, telephony.Dial) (telephony.Placed, error) {
	p.calls++
	return telephony.Placed{CallID: "CA1"}, nil
}
