package dialer

import (
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Item is one message with whoever waits for its answer. Done, when set, is
// called once, after the turn is durable.
type Item struct {
	Message Message
	Done    func(reply any, err error)
	urgency Urgency // of the inbox it came from
}

// Released is what may leave once a turn is durable.
type Released struct {
	Dials    []DialOrder
	Looks    []Look
	Owed     []Owed
	Parcels  []Parcel  // for other shards
	Receipts []Receipt // for what other shards sent
	Facts    []event.Fact
	Changes  state.Changes
	Verdicts []permit.Verdict
	Left     []Item            // what the turn had no room for: the next one's first items
	Lines    []projection.Line // of the attempts that the turn changed
	done     []waiting
}

// waiting is somebody who is told once the turn is durable.
type waiting struct {
	done  func(reply any, err error)
	reply any
	err   error
}

// Owed is an effect to be carried out, any number of times.
type Owed struct {
	Attempt cadence.ID
	Effect  event.Effect
	CallID  string
}

// Finish tells everybody who waited.
func (r *Released) Finish() {
	for _, w := range r.done {
		w.done(w.reply, w.err)
	}
}

// dropDial takes the order of an attempt out, and reports whether there was one.
func (r *Released) dropDial(id cadence.ID) bool {
	i := slices.IndexFunc(r.Dials, func(d DialOrder) bool { return d.Dial.Attempt == id })
	if i >= 0 {
		r.Dials = slices.Delete(r.Dials, i, i+1)
	}
	return i >= 0
}
