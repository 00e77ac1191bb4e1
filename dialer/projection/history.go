package projection

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// MaxCalls is how many calls a History keeps, the newest: 64 bytes each.
const MaxCalls = 3_000_000

// Marks of a call: what it counts as.
const (
	accepted = 1 << iota
	completed
	answered
	contact
	converted
	abandoned
	voicemail
	unconfirmed
)

// noHour is the week hour of a call whose lead's zone is unknown.
const noHour = 255

// call is what reports keep of a closed attempt. The small numbers are places
// in the names of the History.
type call struct {
	id, stay                  cadence.ID
	at                        int64
	cadence, step, code, from uint32
	run                       uint16
	position                  uint16 // of the step, from 0
	week                      uint8  // hour of the week where the lead is, Monday 0:00 is 0
	marks                     uint8
}

func (c *call) is(mark uint8) bool { return c.marks&mark != 0 }

// counts are the figures the call stands for.
func (c *call) counts() state.Counts {
	one := func(mark uint8) int64 {
		if c.is(mark) {
			return 1
		}
		return 0
	}
	return state.Counts{
		Intents: 1, Attempts: one(accepted), Completed: one(completed), Answered: one(answered), Contacts: one(contact),
		Conversions: one(converted), Abandoned: one(abandoned), Voicemails: one(voicemail), Unconfirmed: one(unconfirmed),
	}
}

// names gives each of a few values a small number.
type names[T comparable] struct {
	of  map[T]uint32
	all []T
}

func (n *names[T]) number(v T) uint32 {
	i, known := n.of[v]
	if !known {
		if n.of == nil {
			n.of = map[T]uint32{}
		}
		i = uint32(len(n.all))
		n.of[v], n.all = i, append(n.all, v)
	}
	return i
}

// hourMs is the span of calls that are kept together.
const hourMs = 3_600_000

// hour holds the calls that began in one hour.
type hour struct {
	calls  []call
	sorted bool
}

// History keeps the newest closed calls in memory, so that a report over any
// period is a walk over small rows. Filled from the rows once (Add), it follows
// what is told of later turns (Note, Catch). It is safe for concurrent use.
type History struct {
	mu       sync.Mutex
	most     int
	hours    map[int64]*hour // by their first instant
	held     int
	cadences names[cadence.ID]
	steps    names[string]
	codes    names[cadence.DispositionCode]
	numbers  names[cadence.Number]
	since    int64 // nothing before it is kept, 0: everything is
	reached  int64 // how far back the filling has come
	whole    bool

	told    sync.Mutex
	pending []cadence.ID
}

// NewHistory returns an empty projection that keeps at most so many calls.
func NewHistory(most int) *History { return &History{most: most, hours: map[int64]*hour{}} }

// Closed is a closed attempt with its id.
type Closed struct {
	ID  cadence.ID
	Row *state.Attempt
}

// Add takes calls that were read from the rows, newest first. One that is
// already there is left as it is: it was told of later. It reports whether
// older ones have room.
func (c *History) Add(rows []Closed) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(rows, false)
	if len(rows) > 0 {
		c.reached = rows[len(rows)-1].Row.At
	}
	return c.since == 0
}

// Complete says that every row there is has been added.
func (c *History) Complete() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whole = true
}

// Note is told of attempts that were closed or revised in a durable turn, and
// reports how many wait for Catch. It is quick: the engine's loop calls it.
func (c *History) Note(ids ...cadence.ID) int {
	c.told.Lock()
	defer c.told.Unlock()
	c.pending = append(c.pending, ids...)
	return len(c.pending)
}

// Catch reads what was told of since.
func (c *History) Catch(rows state.Rows) error {
	c.told.Lock()
	ids := c.pending
	c.pending = nil
	c.told.Unlock()
	if len(ids) == 0 {
		return nil
	}
	read := make([]Closed, 0, len(ids))
	for _, id := range ids {
		row, err := rows.Attempt(id)
		if err != nil {
			c.Note(ids...) // tried again with the next report
			return err
		}
		if row != nil {
			read = append(read, Closed{id, row})
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(read, true)
	return nil
}

// put keeps calls; over says whether they replace what is there.
func (c *History) put(rows []Closed, over bool) {
	byHour := map[int64]map[cadence.ID]call{}
	for _, r := range rows {
		if r.Row.At < c.since {
			continue
		}
		k := r.Row.At - r.Row.At%hourMs
		if byHour[k] == nil {
			byHour[k] = map[cadence.ID]call{}
		}
		byHour[k][r.ID] = c.callOf(r.ID, r.Row)
	}
	for k, fresh := range byHour {
		h := c.hours[k]
		if h == nil {
			h = &hour{}
			c.hours[k] = h
		}
		for i := range h.calls {
			if is, known := fresh[h.calls[i].id]; known {
				if over {
					h.calls[i] = is
				}
				delete(fresh, is.id)
			}
		}
		for _, is := range fresh {
			h.calls = append(h.calls, is)
		}
		c.held += len(fresh)
		h.sorted = h.sorted && len(fresh) == 0
	}
	c.trim()
}

// trim gives the oldest hours up while too many calls are kept.
func (c *History) trim() {
	for c.held > c.most && len(c.hours) > 1 {
		oldest := slices.Min(slices.Collect(maps.Keys(c.hours)))
		c.held -= len(c.hours[oldest].calls)
		delete(c.hours, oldest)
		c.since = oldest + hourMs
	}
}

func (c *History) callOf(id cadence.ID, a *state.Attempt) call {
	out := call{
		id: id, stay: a.Enrollment, at: a.At, cadence: c.cadences.number(a.Cadence), step: c.steps.number(a.StepKey),
		code: c.codes.number(a.Code), from: c.numbers.number(a.From), run: uint16(a.Run), position: uint16(a.Step), week: WeekHour(a.Local),
	}
	set := func(mark uint8, on bool) {
		if on {
			out.marks |= mark
		}
	}
	set(accepted, a.Accepted)
	set(completed, a.Completed)
	set(answered, a.Answered)
	set(contact, a.Contact)
	set(converted, a.Converted)
	set(abandoned, a.Abandoned)
	set(voicemail, a.Voicemail)
	set(unconfirmed, a.State == event.NotPlaced)
	return out
}

// WeekHour is the hour of the week of a local time as attempts keep it, Monday
// 0:00 being 0; 255 when it is none.
func WeekHour(local string) uint8 {
	t, err := time.Parse(time.RFC3339, local)
	if err != nil {
		return noHour
	}
	return uint8((int(t.Weekday())+6)%7*24 + t.Hour())
}

// between calls fn for the calls begun in [from, to), oldest first.
func (c *History) between(from, to int64, fn func(*call)) {
	keys := slices.Sorted(maps.Keys(c.hours))
	for _, k := range keys {
		if k+hourMs <= from || k >= to {
			continue
		}
		h := c.hours[k]
		if !h.sorted {
			slices.SortFunc(h.calls, func(a, b call) int { return cmp.Or(cmp.Compare(a.at, b.at), slices.Compare(a.id[:], b.id[:])) })
			h.sorted = true
		}
		for i := range h.calls {
			if one := &h.calls[i]; one.at >= from && one.at < to {
				fn(one)
			}
		}
	}
}
