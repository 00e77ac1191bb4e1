package dialer

import (
	"time"

	"github.com/carillon-dialer/carillon/dialer/pacing"
)

// dayOf numbers the day of the house in which an instant lies, by its date,
// and says when it ends (Unix ms). Caller-ID caps and money are counted by it.
// A nil zone is UTC.
func dayOf(zone *time.Location, wall int64) (day, ends int64) {
	if zone == nil {
		zone = time.UTC
	}
	y, m, d := atMs(wall).In(zone).Date()
	date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return date.Unix() / int64(24*time.Hour/time.Second), time.Date(y, m, d+1, 0, 0, 0, 0, zone).UnixMilli()
}

// wallOf is what the pacer's rests and daily caps go by.
func (c *Core) wallOf(wall int64) pacing.Wall {
	day, ends := dayOf(c.rules.DayZone, wall)
	return pacing.Wall{At: atMs(wall), Day: day, Ends: atMs(ends)}
}
