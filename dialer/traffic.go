package dialer

import (
	"fmt"
	"slices"

	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Parcel brings a message from another shard. A courier delivers it as often
// as it likes, in any order; it is decided once, and in the order of Seq.
type Parcel struct {
	From, To uint16
	Seq      uint64
	Body     []byte
}

// Receipt tells a sender that another shard has everything up to Seq, durably.
type Receipt struct {
	From, To uint16 // From has it, To sent it
	Seq      uint64
}

func (*Parcel) message()  {}
func (*Receipt) message() {}

// unpack takes a parcel when it is the next of its sender and when everything
// the sender knew of the office's decisions has come here too. Otherwise the
// parcel is left: it comes again.
func (c *Core) unpack(v *state.View, m *Parcel) Outcome {
	edition, p, err := unwrap(m.Body)
	switch {
	case m.Seq != v.Peer(m.From).Taken+1:
		return Outcome{}
	case err != nil:
		return Outcome{Err: fmt.Errorf("parcel %d of shard %d: %w", m.Seq, m.From, err)}
	case edition > v.Office().Edition:
		return Outcome{}
	}
	return Outcome{Facts: []event.Fact{&event.ParcelTaken{From: m.From, Seq: m.Seq}}, Sends: []Message{p}}
}

// receipt forgets what another shard has received.
func (c *Core) receipt(v *state.View, m *Receipt) Outcome {
	p := v.Peer(m.From)
	if m.Seq <= p.Has || m.Seq > p.Sent {
		return Outcome{}
	}
	return Outcome{Facts: []event.Fact{&event.ParcelsReceived{By: m.From, Through: m.Seq}}}
}

// away reports to which other shard a message has to travel.
func (c *Core) away(m Message) (parcel, uint16, bool) {
	if !c.rules.Homes.several() {
		return nil, 0, false
	}
	p, ok := m.(parcel)
	if !ok {
		return nil, 0, false
	}
	to := p.to(c.rules.Homes)
	return p, to, to != c.rules.Homes.Self
}

// owe writes a parcel for another shard. It leaves when the turn is durable.
func (s *Shard) owe(p parcel, to uint16) {
	edition := s.view.Office().Edition
	if _, ok := p.(*policy); ok {
		edition = 0 // it is what raises the edition
	}
	f := &event.ParcelOwed{To: to, Seq: s.view.Peer(to).Sent + 1, Body: wrap(edition, p)}
	s.fold(f)
	s.out.Parcels = append(s.out.Parcels, Parcel{From: s.core.rules.Homes.Self, To: to, Seq: f.Seq, Body: f.Body})
	if _, ok := p.(*ask); ok {
		s.spent = true // its channel is held until it is answered
	}
}

// heard remembers that a shard sent something, so that it gets a receipt.
func (s *Shard) heard(from uint16) {
	if !slices.Contains(s.senders, from) {
		s.senders = append(s.senders, from)
	}
}

// receipts are written from what is durable, so that nobody forgets what might
// still get lost here.
func (s *Shard) receipts() []Receipt {
	var out []Receipt
	for _, from := range s.senders {
		if seq := s.view.Peer(from).Taken; seq > 0 {
			out = append(out, Receipt{From: s.core.rules.Homes.Self, To: from, Seq: seq})
		}
	}
	s.senders = s.senders[:0]
	return out
}

// Owing reports which shards have not received everything that is durably
// owed to them.
func (s *Shard) Owing() []uint16 {
	var out []uint16
	s.view.EachPeer(func(shard uint16, p *state.Peer) {
		if p.Has < p.Sent {
			out = append(out, shard)
		}
	})
	return out
}

// OwedTo returns the oldest parcels a shard has not received, at most n.
func (s *Shard) OwedTo(shard uint16, n int) ([]Parcel, error) {
	var out []Parcel
	err := state.Rows{R: s.reader}.Owed(shard, func(o state.Owed) bool {
		out = append(out, Parcel{From: s.core.rules.Homes.Self, To: shard, Seq: o.Seq, Body: o.Body})
		return len(out) < n
	})
	return out, err
}
