package dialer

import (
	"sync"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// MaxCallable is how many waiting leads of one list are counted at most, and
// maxCallable of all that one question is about.
const (
	MaxCallable = 100_000
	maxCallable = 500_000
)

// ListDay is what a list's day of the house holds.
type ListDay struct {
	Released int64 // leads whose first call was asked for
	// Callable are leads with a call that is due before the day ends, as
	// cadences, hours and the list's settings are now. MaxCallable stands for
	// that many or more; -1 is not counted, because there was too much to count.
	Callable int64
}

// ListDays tells the day of lists, and when it ends.
func (e *Engine) ListDays(lists []cadence.ID) (days map[cadence.ID]ListDay, ends time.Time, err error) {
	rows := e.Rows()
	day, last := dayOf(e.o.Rules.DayZone, e.Now().UnixMilli())
	days, left := map[cadence.ID]ListDay{}, maxCallable
	lanes, err := lanesOf(rows, lists)
	if err != nil {
		return nil, time.Time{}, err
	}
	for _, id := range lists {
		row, err := rows.List(id)
		if err != nil {
			return nil, time.Time{}, err
		}
		if row == nil {
			continue
		}
		one := ListDay{Released: row.ReleasedOn(day), Callable: -1}
		if left > 0 {
			var read int
			if one.Callable, read, err = e.callable(rows, row, lanes[id], day, last); err != nil {
				return nil, time.Time{}, err
			}
			left -= read
		}
		days[id] = one
	}
	return days, atMs(last), nil
}

type laneSeen struct {
	number uint32
	row    state.Lane
}

// lanesOf finds the lanes of lists.
func lanesOf(rows state.Rows, lists []cadence.ID) (map[cadence.ID][]laneSeen, error) {
	out := map[cadence.ID][]laneSeen{}
	for _, id := range lists {
		out[id] = nil
	}
	err := rows.Lanes(func(n uint32, l *state.Lane) bool {
		if _, wanted := out[l.List]; wanted {
			out[l.List] = append(out[l.List], laneSeen{n, *l})
		}
		return true
	})
	return out, err
}

// callable counts what is due in a list's lanes before the day ends, and says
// how many rows were read for it.
func (e *Engine) callable(rows state.Rows, list *state.List, lanes []laneSeen, day, ends int64) (n int64, read int, err error) {
	if list.Paused {
		return 0, 0, nil
	}
	var fresh int64
	for _, l := range lanes {
		c, err := rows.Cadence(l.row.Cadence)
		if err != nil {
			return 0, read, err
		}
		if c == nil || !c.Dialing() {
			continue
		}
		due, took, err := e.waiting.count(rows, e.o.Real.Mono(), l.number, ends, MaxCallable-read)
		if err != nil {
			return 0, read, err
		}
		read += took
		if l.row.Class == event.Fresh {
			fresh += due
		} else {
			n += due
		}
	}
	if list.Release > 0 {
		fresh = min(fresh, max(0, list.Release-list.ReleasedOn(day)))
	}
	return n + fresh, read, nil
}

// How long a count of many rows is good for (real time), and what many is:
// pages of lists are asked for again with every change.
const (
	countedFor  = 10 * time.Second
	countedMany = 2000
)

// laneCounts remembers what was counted in long lanes. It is a cache; the zero
// value is empty, and it is safe for concurrent use: who asks while another
// counts waits for that.
type laneCounts struct {
	mu sync.Mutex
	of map[uint32]laneCount
}

type laneCount struct {
	due  int64
	ends int64         // before when
	at   time.Duration // monotonic
}

// count tells how much of a lane is due before an instant, most at the most,
// and how many rows were read for it.
func (c *laneCounts) count(rows state.Rows, now time.Duration, lane uint32, ends int64, most int) (due int64, read int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.of[lane]; ok && known.ends == ends && now-known.at < countedFor {
		return min(known.due, int64(most)), 0, nil
	}
	delete(c.of, lane)
	err = rows.DueTimes(lane, func(at int64) bool {
		if at >= ends || read >= most {
			return false
		}
		read++
		return true
	})
	if err == nil && read > countedMany {
		if c.of == nil {
			c.of = map[uint32]laneCount{}
		}
		c.of[lane] = laneCount{int64(read), ends, now}
	}
	return int64(read), read, err
}
