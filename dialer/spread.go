package dialer

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/permit"
)

// RuleDayPart moved a due time because its route asks for another part of the
// day than that of the call before.
const RuleDayPart = "spread.day_part"

// hours are what due times are placed by: where the called person may be, and
// when they may be called there.
type hours struct {
	zones   []*time.Location
	windows []*window.Rule
	spread  time.Duration
}

// hoursBy are the hours of a ruling.
func hoursBy(r *ruling, spread time.Duration) hours {
	if r.pack == nil {
		return hours{}
	}
	return hours{zones: r.zones, windows: r.pack.Windows, spread: spread}
}

// opens reports whether calling hours begin at an instant.
func (h *hours) opens(at int64) bool {
	return len(h.zones) > 0 && window.Decide(atMs(at), h.zones, h.windows).OK && !window.Decide(atMs(at-1), h.zones, h.windows).OK
}

// spreadOut moves an instant of calling hours on to the lead's own place in
// the span over which waiting calls are spread, never into the minute before
// the hours end. The same lead has the same place every day.
func (h *hours) spreadOut(at int64, lead cadence.ID) int64 {
	if h.spread <= 0 {
		return at
	}
	w := window.Decide(atMs(at), h.zones, h.windows)
	if !w.OK {
		return at
	}
	room := min(ms(h.spread), w.NotAfter.UnixMilli()-ms(permit.Guard)-at)
	if room <= 1 {
		return at
	}
	var source rand.PCG
	source.Seed(binary.BigEndian.Uint64(lead[:8]), binary.BigEndian.Uint64(lead[8:]))
	source.Uint64() // ids differ in few bits: let them spread
	place, _ := bits.Mul64(source.Uint64(), uint64(room))
	return at + int64(place)
}

// open is the first instant from at on that the hours allow, and the rule that
// moved it there; "" when none did or none ever will.
func (h *hours) open(at int64) (opens int64, rule string) {
	if w := window.Decide(atMs(at), h.zones, h.windows); !w.OK && !w.Never {
		return ceilMs(w.Until), w.Rule
	}
	return at, ""
}

// The parts of the day, each up to its hour.
const (
	noon    = 12
	evening = 17
)

// dayPart is the part of a local day: 0 until noon, 1 until 17:00, 2 after.
func dayPart(local time.Time) int {
	switch h := local.Hour(); {
	case h < noon:
		return 0
	case h < evening:
		return 1
	}
	return 2
}

// nextPart is when the part of the day after that of an instant begins.
func nextPart(local time.Time) time.Time {
	y, m, d := local.Date()
	hour := [...]int{noon, evening, 24}[dayPart(local)]
	return time.Date(y, m, d, hour, 0, 0, 0, local.Location())
}

// partsAhead is how far another part of the day is looked for: a week.
const partsAhead = 3 * 7

// otherPart is the first instant from due on that the hours allow and that is
// in another part of the day than last, the call before it. When the hours
// have no other part within a week it is due itself: the route prefers, it
// does not insist.
func (h *hours) otherPart(due, last int64) (at int64, moved bool) {
	if len(h.zones) == 0 {
		return due, false
	}
	home := h.zones[0]
	avoid := dayPart(atMs(last).In(home))
	at = due
	for range partsAhead {
		opens, _ := h.open(at)
		if local := atMs(opens).In(home); dayPart(local) != avoid {
			return opens, opens != due
		}
		at = ceilMs(nextPart(atMs(opens).In(home)))
	}
	return due, false
}
