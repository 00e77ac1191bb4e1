package state

import "github.com/carillon-dialer/carillon/dialer/event"

// Peer is what a shard knows of its traffic with another one. Sequences count
// from 1 in each direction.
type Peer struct {
	Sent  uint64 `cbor:"1,keyasint,omitempty"` // the last parcel owed to it
	Has   uint64 `cbor:"2,keyasint,omitempty"` // what it said it has
	Taken uint64 `cbor:"3,keyasint,omitempty"` // the last parcel of it that was decided here
}

// Owed is a parcel on its way.
type Owed struct {
	To   uint16
	Seq  uint64
	Body []byte
}

func (v *View) foldParcel(f event.Fact) {
	switch f := f.(type) {
	case *event.ParcelOwed:
		p := v.peers.edit(f.To)
		if f.Seq != p.Sent+1 {
			bug("parcel %d to shard %d follows %d", f.Seq, f.To, p.Sent)
		}
		p.Sent = f.Seq
		v.peers.put(f.To, p)
		v.set(appendOwedKey(v.key[:0], f.To, f.Seq), f.Body)
		v.weight += 2 * len(f.Body)
	case *event.ParcelTaken:
		p := v.peers.edit(f.From)
		if f.Seq != p.Taken+1 {
			bug("parcel %d of shard %d follows %d", f.Seq, f.From, p.Taken)
		}
		p.Taken = f.Seq
		v.peers.put(f.From, p)
	case *event.ParcelsReceived:
		p := v.peers.edit(f.By)
		if f.Through > p.Sent {
			bug("shard %d has parcel %d, and only %d were sent", f.By, f.Through, p.Sent)
		}
		for ; p.Has < f.Through; p.Has++ {
			v.unset(appendOwedKey(v.key[:0], f.By, p.Has+1))
		}
		v.peers.put(f.By, p)
	case *event.EditionReached:
		o := v.Office()
		o.Edition = f.Edition
		v.office.put(struct{}{}, o)
	}
}

// Peer returns the traffic with another shard; zero when there was none.
func (v *View) Peer(shard uint16) *Peer { return v.peers.edit(shard) }

// EachPeer calls fn for the traffic with every shard, in the order of shards.
func (v *View) EachPeer(fn func(shard uint16, p *Peer)) {
	v.peers.each(tabPeer, peerOf, func(k []byte, p *Peer) { fn(peerOf(k), p) })
}

// Owed calls fn for the parcels a shard has not received, in the order they
// were sent in, until it returns false.
func (q Rows) Owed(to uint16, fn func(Owed) bool) error {
	from, end := appendOwedKey(nil, to, 0), appendOwedKey(nil, to, ^uint64(0))
	return q.R.Scan(from, end, func(k, body []byte) bool {
		return fn(Owed{To: to, Seq: owedSeq(k), Body: append([]byte(nil), body...)})
	})
}

// Peers calls fn for the traffic with every shard.
func (q Rows) Peers(fn func(shard uint16, p *Peer) bool) error {
	return eachRow(q.R, tabPeer, nil, func(k []byte, p *Peer) bool { return fn(peerOf(k), p) })
}
