package state

import "github.com/carillon-dialer/carillon/dialer/event"

// CallerDays is how many days of figures a caller ID's row keeps.
const CallerDays = 14

// CallerID is the use of one of our numbers. Day is the day that Today counts:
// the house's day of its calls (event.Intended.Day), or the UTC day of calls
// that tell none; both count days from 1970-01-01 by date. Days are its
// figures, oldest first; those up to ClearDay are over and done with, because
// it has rested for them.
type CallerID struct {
	LastUse   int64       `cbor:"1,keyasint,omitempty"`
	Day       int64       `cbor:"2,keyasint,omitempty"`
	Today     int64       `cbor:"3,keyasint,omitempty"`
	RestUntil int64       `cbor:"4,keyasint,omitempty"`
	RestWhy   string      `cbor:"5,keyasint,omitempty"`
	Days      []CallerDay `cbor:"6,keyasint,omitempty"`
	ClearDay  int64       `cbor:"7,keyasint,omitempty"`
	RestBy    string      `cbor:"8,keyasint,omitempty"`
	RestedAt  int64       `cbor:"9,keyasint,omitempty"`
	RestRule  string      `cbor:"10,keyasint,omitempty"` // when RestBy is health
	Rester    string      `cbor:"11,keyasint,omitempty"` // who wanted it, when RestBy is operator
}

// CallerDay are what became of a number's calls of one day, counted when they
// end.
type CallerDay struct {
	Day      int64 `cbor:"1,keyasint"`
	Attempts int64 `cbor:"2,keyasint,omitempty"` // accepted by the carrier
	Answered int64 `cbor:"3,keyasint,omitempty"` // by a person
	Short    int64 `cbor:"4,keyasint,omitempty"` // of these, over within seconds
	Contacts int64 `cbor:"5,keyasint,omitempty"`
	Near     int64 `cbor:"6,keyasint,omitempty"` // attempts to numbers of its own exchange
}

// Add adds n times d.
func (c *CallerDay) Add(d CallerDay, n int64) {
	c.Attempts += n * d.Attempts
	c.Answered += n * d.Answered
	c.Short += n * d.Short
	c.Contacts += n * d.Contacts
	c.Near += n * d.Near
}

// Since sums the figures of the days after one.
func (c *CallerID) Since(day int64) (sum CallerDay) {
	for _, d := range c.Days {
		if d.Day > day {
			sum.Add(d, 1)
		}
	}
	return sum
}

// use counts one call more.
func (c *CallerID) use(f *event.Intended) {
	day := f.Day
	if day == 0 {
		day = f.At / dayMs
	}
	if day > c.Day || f.Day == 0 && day != c.Day {
		c.Day, c.Today = day, 0
	}
	if day == c.Day {
		c.Today++
	}
	c.LastUse = f.At
}

// unuse takes one call back.
func (c *CallerID) unuse(f *event.Intended) bool {
	day := f.Day
	if day == 0 {
		day = f.At / dayMs
	}
	if c.Day != day || c.Today == 0 {
		return false
	}
	c.Today--
	return true
}

// add adds n times figures to a day. A day that is no longer kept is not begun
// again.
func (c *CallerID) add(day int64, d CallerDay, n int64) {
	at := len(c.Days)
	for at > 0 && c.Days[at-1].Day >= day {
		at--
	}
	switch {
	case at < len(c.Days) && c.Days[at].Day == day:
		c.Days[at].Add(d, n)
		return
	case n < 0 || at == 0 && len(c.Days) >= CallerDays:
		return
	}
	d.Day = day
	days := make([]CallerDay, 0, CallerDays+1)
	days = append(append(append(days, c.Days[:at]...), d), c.Days[at:]...)
	c.Days = days[max(0, len(days)-CallerDays):]
}

// count adds an attempt's figures to its caller ID's day. Attempts of versions
// that named no day are not counted.
func (v *View) countCaller(a *Attempt, n int64) {
	if a.Day == 0 {
		return
	}
	c := v.callerIDs.edit(a.From)
	c.add(a.Day, a.callerDay(), n)
	v.callerIDs.put(a.From, c)
}

func (a *Attempt) callerDay() CallerDay {
	return CallerDay{
		Attempts: one(a.Accepted), Answered: one(a.Answered), Short: one(a.Answered && a.Short), Contacts: one(a.Contact),
		Near: one(a.Accepted && a.Near),
	}
}

func one(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
