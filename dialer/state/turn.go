package state

import "github.com/carillon-dialer/carillon/dialer/ledger"

// Sealed is a turn that has ended, in its stored form. Nothing of it changes
// until Land, so that it may be committed on another goroutine while the next
// turn is decided on top of it.
type Sealed struct {
	Changes Changes
	Writes  []ledger.Write // in no particular order
}

// table is what a turn's end asks of each table.
type table interface {
	writes(out []ledger.Write, b []byte) ([]ledger.Write, []byte)
	seal()
	land()
}

func (v *View) tables() [35]table {
	return [...]table{
		&v.office, &v.stamps, &v.cadences, &v.versions, &v.packs, &v.stats, &v.buckets, &v.lanes, &v.marks, &v.leads, &v.externals,
		&v.enrollments, &v.numbers, &v.opens, &v.attempts, &v.callerIDs, &v.spends, &v.lists, &v.imports, &v.answers,
		&v.peers, &v.media, &v.scrubs, &v.listed, &v.users, &v.sessions, &v.keys, &v.templates, &v.erased, &v.returns,
		&v.staff, &v.rehearsals, &v.lives, &v.cadenceDays, &v.views,
	}
}

// Writes are the open turn's changes, in no particular order. Their bytes are
// used again after Settle.
func (v *View) Writes() []ledger.Write {
	out := make([]ledger.Write, len(v.loose.writes), v.Size()+64)
	copy(out, v.loose.writes)
	for _, t := range v.tables() {
		out, v.bytes = t.writes(out, v.bytes)
	}
	return out
}

// Seal ends the turn. The View goes on with the next one, which sees all of
// this one; what base does not hold yet stays in memory until Land. Only one
// turn may be sealed at a time.
func (v *View) Seal() *Sealed {
	if len(v.held) > 0 {
		bug("a turn is sealed before the last one has landed")
	}
	s := &Sealed{Changes: v.changes, Writes: v.Writes()}
	for _, t := range v.tables() {
		t.seal()
	}
	v.loose, v.flying = v.flying, v.loose
	v.bytes, v.held = v.held, v.bytes
	v.weight, v.changes = 0, Changes{}
	return s
}

// Land says that the sealed turn is durable: base holds it now.
func (v *View) Land() {
	for _, t := range v.tables() {
		t.land()
	}
	v.flying.clear()
	if v.held = v.held[:0]; cap(v.held) > keptBytes {
		v.held = nil
	}
}

// Settle ends a turn whose Writes are durable already.
func (v *View) Settle() Changes {
	c := v.Seal().Changes
	v.Land()
	return c
}
