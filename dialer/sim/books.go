package sim

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// books are the figures kept independently, straight from the facts.
type books struct {
	placed   map[cadence.ID]bool
	boundAt  map[cadence.ID]int64 // world time at which the engine knew the call
	posted   map[cadence.ID]bool
	flags    map[cadence.ID]state.Counts
	use      map[cadence.Number]map[int64]int64 // caller ID → UTC day → calls
	lastUse  map[cadence.Number]int64
	intents  int64
	returned int64
}

func newBooks() books {
	return books{
		placed: map[cadence.ID]bool{}, boundAt: map[cadence.ID]int64{}, posted: map[cadence.ID]bool{}, flags: map[cadence.ID]state.Counts{},
		use: map[cadence.Number]map[int64]int64{}, lastUse: map[cadence.Number]int64{},
	}
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

const dayMs = 86_400_000

// enter takes one fact. intents are those known so far.
func (b *books) enter(f event.Fact, intents map[cadence.ID]*event.Intended) {
	switch f := f.(type) {
	case *event.Intended:
		b.intents += bit(f.Rehearsal.IsZero())
		b.used(f, 1)
		b.lastUse[f.From] = f.At
	case *event.CallPlaced:
		if !rehearses(intents[f.Attempt]) {
			b.placed[f.Attempt] = true
		}
	case *event.AttemptReturned:
		if !f.Rehearsal {
			b.intents--
			b.returned++
		}
		if i := intents[f.Attempt]; i != nil {
			b.used(i, -1)
		}
	case *event.DispositionPosted:
		b.posted[f.Attempt] = true
	case *event.AttemptEnded:
		if rehearses(intents[f.Attempt]) {
			return
		}
		b.flags[f.Attempt] = state.Counts{
			Completed: bit(f.Completed), Answered: bit(f.Answered), Contacts: bit(f.Contact),
			Conversions: bit(f.Converted), Abandoned: bit(f.Abandoned), Voicemails: bit(f.Voicemail),
			Unconfirmed: bit(f.State == event.NotPlaced),
		}
	case *event.AttemptRevised:
		if rehearses(intents[f.Attempt]) {
			return
		}
		b.posted[f.Attempt] = true
		was := b.flags[f.Attempt]
		if f.Accepted {
			b.placed[f.Attempt] = true
			was.Unconfirmed = 0
		}
		if f.Drop != nil {
			was.Voicemails = bit(f.Drop.Cut == event.CutNone)
		}
		b.flags[f.Attempt] = state.Counts{
			Completed: bit(f.Completed), Answered: bit(f.Answered), Contacts: bit(f.Contact),
			Conversions: bit(f.Converted), Abandoned: bit(f.Abandoned), Voicemails: was.Voicemails, Unconfirmed: was.Unconfirmed,
		}
	}
}

// rehearses reports whether an attempt counts in no figure.
func rehearses(i *event.Intended) bool { return i != nil && !i.Rehearsal.IsZero() }

func (b *books) used(i *event.Intended, n int64) {
	if b.use[i.From] == nil {
		b.use[i.From] = map[int64]int64{}
	}
	b.use[i.From][i.At/dayMs] += n
}

// total is what the counters should say.
func (b *books) total() state.Counts {
	c := state.Counts{Intents: b.intents, Returned: b.returned, Attempts: int64(len(b.placed))}
	for _, f := range b.flags {
		c.Add(f, 1)
	}
	return c
}

// sane reports whether a closed attempt's figures can be: nobody is converted
// who was not spoken to, and nobody both spoken to and abandoned.
func sane(c state.Counts) bool {
	return c.Conversions <= c.Contacts && c.Contacts+c.Abandoned <= c.Answered && c.Answered <= c.Completed
}
