package dialer

import (
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
			if one.Callable, read, err = callable(rows, row, lanes[id], day, last); err != nil {
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
func callable(rows state.Rows, list *state.List, lanes []laneSeen, day, ends int64) (n int64, read int, err error) {
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
		var due int64
		err = rows.DueIn(l.number, func(at int64, _ cadence.ID) bool {
			if at >= ends || read >= MaxCallable {
				return false
			}
			due, read = due+1, read+1
			return true
		})
		if err != nil {
			return 0, read, err
		}
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
