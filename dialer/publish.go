package dialer

import (
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// published are the office's facts that every shard folds.
func published(f event.Fact) bool {
	switch f.(type) {
	case *event.CadenceDrafted, *event.CadencePublished, *event.CadenceSwitched, *event.CadenceHalted,
		*event.CadenceDeleted, *event.DialingSwitched, *event.ListOpened, *event.ListSet, *event.ScrubOpened, *event.ScrubEnded, *event.PacksSet,
		*event.MediaReady, *event.MediaDamaged, *event.MediaDeleted, *event.CampaignsOver:
		return true
	}
	return false
}

// publish sends what the office decided to all other shards, numbered, on the
// same way as everything else. A receipt for it says that the shard has folded
// it and withdrawn what it forbids.
func (c *Core) publish(v *state.View, out Outcome) Outcome {
	if !c.rules.Homes.several() {
		return out
	}
	var facts []event.Fact
	for _, f := range out.Facts {
		if published(f) {
			facts = append(facts, f)
		}
	}
	if len(facts) == 0 {
		return out
	}
	body, err := event.Encode(facts)
	if err != nil {
		panic(fmt.Sprintf("BUG: %v", err))
	}
	edition := v.Office().Edition + 1
	out.fact(&event.EditionReached{Edition: edition})
	var first []Message
	for shard := range c.rules.Homes.Shards {
		if shard != c.rules.Homes.Self {
			first = append(first, &policy{Shard: shard, Edition: edition, Facts: body})
		}
	}
	// Before all that follows from it: a parcel that waits for an edition must
	// not stand in that edition's way.
	out.Sends = append(first, out.Sends...)
	return out
}

// policy folds what the office published and withdraws what it forbids.
func (c *Core) policy(v *state.View, m *policy) Outcome {
	facts, err := event.Decode(m.Facts)
	if err != nil {
		panic(fmt.Sprintf("BUG: edition %d: %v", m.Edition, err))
	}
	out := Outcome{Facts: append(facts, &event.EditionReached{Edition: m.Edition})}
	for _, f := range facts {
		c.enforce(v, &out, f)
	}
	return out
}

// decreed is the outcome of a decision of the office that may forbid calls.
func (c *Core) decreed(v *state.View, f event.Fact) Outcome {
	out := Outcome{Facts: []event.Fact{f}}
	c.enforce(v, &out, f)
	return out
}

// enforce takes back the calls under way here that a decision of the office
// forbids: those queued or ringing are cancelled, live ones go on.
func (c *Core) enforce(v *state.View, out *Outcome, f event.Fact) {
	switch f := f.(type) {
	case *event.DialingSwitched:
		if f.Stopped {
			c.withdrawAll(v, out, "stopped", func(*state.Open) bool { return true })
		}
	case *event.CadenceSwitched:
		if f.Status != event.Active {
			c.withdrawAll(v, out, "deactivated", func(o *state.Open) bool { return o.I.Cadence == f.ID && o.I.Rehearsal.IsZero() })
		}
	case *event.CadenceHalted:
		if f.Halted {
			c.withdrawAll(v, out, "halted", func(o *state.Open) bool { return o.I.Cadence == f.ID })
		}
	case *event.ListSet:
		if f.Paused {
			c.withdrawAll(v, out, reasonListPaused, func(o *state.Open) bool { return o.I.List == f.ID })
		}
	case *event.PacksSet: // what has not left is judged anew; what has was lawful when it did
		v.EachOpen(func(o *state.Open) {
			if o.State == event.Intent {
				out.send(&withdraw{Attempt: o.I.Attempt, Reason: "packs", Unsent: true})
			}
		})
	}
}
