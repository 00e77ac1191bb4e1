package dialer

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
)

func denver(t *testing.T) hours {
	t.Helper()
	zone, err := window.LoadZone("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	span, err := window.ParseSpan(nil, "08:00", "21:00")
	if err != nil {
		t.Fatal(err)
	}
	return hours{zones: []*time.Location{zone}, windows: []*window.Rule{{ID: "hours", Week: window.NewWeek(span)}}, spread: 5 * time.Minute}
}

// The place is within the span, within the hours less the guard, the same for
// the same lead, and spread evenly.
func TestSpreadOut(t *testing.T) {
	h := denver(t)
	opens := time.Date(2026, 3, 3, 8, 0, 0, 0, h.zones[0]).UnixMilli()
	if !h.opens(opens) || h.opens(opens+1) || h.opens(opens-1) {
		t.Fatal("the hours begin at another time")
	}
	halves := [2]int{}
	for i := range 1000 {
		lead := cadence.ID{14: byte(i >> 8), 15: byte(i)}
		at := h.spreadOut(opens, lead)
		if at < opens || at >= opens+ms(h.spread) || at != h.spreadOut(opens, lead) {
			t.Fatalf("lead %d at %d", i, at-opens)
		}
		halves[(at-opens)*2/ms(h.spread)]++
	}
	if halves[0] < 420 || halves[0] > 580 {
		t.Errorf("halves %v", halves)
	}
	rapid.Check(t, func(rt *rapid.T) {
		h.spread = time.Duration(rapid.Int64Range(0, int64(30*time.Hour)).Draw(rt, "spread"))
		at := opens + rapid.Int64Range(-ms(48*time.Hour), ms(48*time.Hour)).Draw(rt, "at")
		var lead cadence.ID
		copy(lead[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(rt, "lead"))
		got := h.spreadOut(at, lead)
		before, after := window.Decide(atMs(at), h.zones, h.windows), window.Decide(atMs(got), h.zones, h.windows)
		if got < at || got > at+ms(h.spread) {
			rt.Fatalf("moved by %d of %s", got-at, h.spread)
		}
		if got != at && (!before.OK || !after.OK || after.NotAfter.Sub(atMs(got)) <= permit.Guard) {
			rt.Fatalf("moved to %s", atMs(got).In(h.zones[0]))
		}
	})
}

// Another part is later than due, within the hours, and another part.
func TestOtherPart(t *testing.T) {
	h := denver(t)
	rapid.Check(t, func(rt *rapid.T) {
		last := time.Date(2026, 3, 3, 8, 0, 0, 0, h.zones[0]).Add(time.Duration(rapid.IntRange(0, 12*60).Draw(rt, "minute")) * time.Minute)
		due := last.UnixMilli() + rapid.Int64Range(0, ms(72*time.Hour)).Draw(rt, "delay")
		at, _ := h.otherPart(due, last.UnixMilli())
		local := atMs(at).In(h.zones[0])
		if at < due || !window.Decide(atMs(at), h.zones, h.windows).OK || dayPart(local) == dayPart(last) {
			rt.Fatalf("after %s due %s: %s", last, atMs(due).In(h.zones[0]), local)
		}
	})
}
