package sim

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// books are the figures kept independently, straight from the facts.
type books struct {
	placed   map[cadence.ID]bool
	at       map[cadence.ID]int64
	flags    map[cadence.ID]state.Counts
	intents  int64
	returned int64
}

func newBooks() books {
	return books{placed: map[cadence.ID]bool{}, at: map[cadence.ID]int64{}, flags: map[cadence.ID]state.Counts{}}
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (b *books) enter(f event.Fact) {
	switch f := f.(type) {
	case *event.Intended:
		b.at[f.Attempt] = f.At
		b.intents++
	case *event.CallPlaced:
		b.placed[f.Attempt] = true
	case *event.AttemptReturned:
		delete(b.at, f.Attempt)
		b.intents--
		b.returned++
	case *event.AttemptEnded:
		b.flags[f.Attempt] = state.Counts{
			Completed: bit(f.Completed), Answered: bit(f.Answered), Contacts: bit(f.Contact),
			Conversions: bit(f.Converted), Abandoned: bit(f.Abandoned), Voicemails: bit(f.Voicemail),
			Unconfirmed: bit(f.State == event.NotPlaced),
		}
	case *event.AttemptRevised:
		was := b.flags[f.Attempt]
		if f.Accepted {
			b.placed[f.Attempt] = true
			was.Unconfirmed = 0
		}
		b.flags[f.Attempt] = state.Counts{
			Completed: bit(f.Completed), Answered: bit(f.Answered), Contacts: bit(f.Contact),
			Conversions: bit(f.Converted), Abandoned: bit(f.Abandoned), Voicemails: was.Voicemails, Unconfirmed: was.Unconfirmed,
		}
	}
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
