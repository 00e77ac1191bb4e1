package simcarrier

import (
	"container/heap"
	"time"
)

// alarm is something that is to happen to a call at an instant.
type alarm struct {
	at    time.Time
	id    uint64 // order of setting, breaks ties
	ring  func(t *turn)
	index int // place in the timetable, -1 once it has left
}

// timetable is all that is still to happen, earliest first: thousands of
// calls need one sleeping goroutine and no timer of their own.
type timetable []*alarm

func (tt timetable) Len() int { return len(tt) }

func (tt timetable) Less(i, j int) bool {
	if !tt[i].at.Equal(tt[j].at) {
		return tt[i].at.Before(tt[j].at)
	}
	return tt[i].id < tt[j].id
}

func (tt timetable) Swap(i, j int) {
	tt[i], tt[j] = tt[j], tt[i]
	tt[i].index, tt[j].index = i, j
}

// Push is for container/heap.
func (tt *timetable) Push(x any) {
	a := x.(*alarm)
	a.index = len(*tt)
	*tt = append(*tt, a)
}

// Pop is for container/heap.
func (tt *timetable) Pop() any {
	old := *tt
	a := old[len(old)-1]
	old[len(old)-1] = nil
	*tt = old[:len(old)-1]
	a.index = -1
	return a
}

// set enters an alarm and wakes the timekeeper if it is the earliest now.
func (c *Carrier) set(at time.Time, ring func(t *turn)) *alarm {
	c.alarms++
	a := &alarm{at: at, id: c.alarms, ring: ring}
	heap.Push(&c.due, a)
	if a.index == 0 {
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
	return a
}

// unset takes alarms out; nil and those that rang are passed over.
func (c *Carrier) unset(alarms ...*alarm) {
	for _, a := range alarms {
		if a != nil && a.index >= 0 {
			heap.Remove(&c.due, a.index)
		}
	}
}

// keepTime lets everything happen when it is due. It is the only goroutine
// that waits on the clock.
func (c *Carrier) keepTime() {
	defer c.running.Done()
	for {
		c.ringDue()
		next, ok := c.NextDue()
		var reached <-chan struct{}
		stop := func() {}
		if ok {
			reached, stop = c.o.Clock.At(next)
		}
		select {
		case <-reached:
		case <-c.wake:
		case <-c.closing:
			stop()
			return
		}
		stop()
	}
}

// maxRing bounds how many alarms ring in one turn, so that requests get in
// between.
const maxRing = 256

// ringDue rings all alarms whose time has come. Each happens at its own
// instant, also when the timekeeper is late: a clock that jumps does not move
// what happens in between to the end of the jump.
func (c *Carrier) ringDue() {
	for more := true; more; {
		c.turn(func(t *turn) {
			now := t.now
			for range maxRing {
				if len(c.due) == 0 || c.due[0].at.After(now) {
					more = false
					return
				}
				a := heap.Pop(&c.due).(*alarm)
				t.now = a.at
				a.ring(t)
			}
		})
	}
}

// NextDue is when the carrier has something to do next on its own; false when
// no call is under way. Requests to the client are not on the timetable.
func (c *Carrier) NextDue() (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.due) == 0 {
		return time.Time{}, false
	}
	return c.due[0].at, true
}
