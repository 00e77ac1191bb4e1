package state

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// Office is the office's row; zero before the first fact.
func (v *View) Office() *Office { return v.office.edit(struct{}{}) }

// Cadence returns a cadence's row, nil when there is none.
func (v *View) Cadence(id cadence.ID) *Cadence { return v.cadences.get(id) }

// Version returns a published version, nil when there is none.
func (v *View) Version(id cadence.ID, n uint32) *Version { return v.versions.get(versionID{id, n}) }

// Packs returns a set of rule packs by its digest, nil when it never was in
// force.
func (v *View) Packs(digest event.Packs) *Packs { return v.packs.get(digest) }

// Stats returns a cadence's totals of leads.
func (v *View) Stats(id cadence.ID) *Stats { return v.stats.edit(id) }

// Lane returns a lane's row, nil when there is none.
func (v *View) Lane(n uint32) *Lane { return v.lanes.get(n) }

// Mark returns a lane's low mark in Unix milliseconds.
func (v *View) Mark(n uint32) int64 {
	if m := v.marks.get(n); m != nil {
		return m.At
	}
	return 0
}

// Lead returns a lead's row, nil when there is none.
func (v *View) Lead(id cadence.ID) *Lead { return v.leads.get(id) }

// External returns the lead that claimed an external id; zero when none did.
func (v *View) External(key cadence.ID) cadence.ID {
	if c := v.externals.get(key); c != nil {
		return cadence.ID(*c)
	}
	return cadence.ID{}
}

// Enrollment returns an enrollment's row, nil when there is none.
func (v *View) Enrollment(id cadence.ID) *Enrollment { return v.enrollments.get(id) }

// Number returns a number's row, nil when the number is not known.
func (v *View) Number(t event.Token) *Number { return v.numbers.get(t) }

// Open returns an open attempt, nil when it is not open.
func (v *View) Open(id cadence.ID) *Open { return v.opens.get(id) }

// Attempt returns a closed attempt, nil when there is none.
func (v *View) Attempt(id cadence.ID) *Attempt { return v.attempts.get(id) }

// Revision returns revision n of a closed attempt, nil when there is none.
func (v *View) Revision(id cadence.ID, n uint16) *Revision {
	key := revisionKey(id, n)
	b, ok := v.loose.get(key)
	if !ok {
		b, ok = v.flying.get(key)
	}
	if ok {
		r := new(Revision)
		if err := Decode(b, r); err != nil {
			panic(&Broken{err})
		}
		return r
	}
	r, err := readRow[Revision](v.base, key)
	if err != nil {
		panic(&Broken{err})
	}
	return r
}

// CallerID returns the use of one of our numbers.
func (v *View) CallerID(n cadence.Number) *CallerID { return v.callerIDs.edit(n) }

// List returns a list's row, nil when there is none.
func (v *View) List(id cadence.ID) *List { return v.lists.get(id) }

// Import returns an import's row, nil when there is none.
func (v *View) Import(id cadence.ID) *Import { return v.imports.get(id) }

// Answer returns the kept answer to an idempotent request, nil when none is.
func (v *View) Answer(key string) *Answer { return v.answers.get(key) }

// EachCadence calls fn for every cadence, in the order of ids.
func (v *View) EachCadence(fn func(*Cadence)) {
	v.cadences.each(tabCadence, idOf, func(_ []byte, r *Cadence) { fn(r) })
}

// EachLane calls fn for every lane, in the order of numbers.
func (v *View) EachLane(fn func(uint32, *Lane)) {
	v.lanes.each(tabLane, laneOf, func(k []byte, r *Lane) { fn(laneOf(k), r) })
}

// EachOpen calls fn for every open attempt, in the order of ids.
func (v *View) EachOpen(fn func(*Open)) {
	v.opens.each(tabOpen, idOf, func(_ []byte, r *Open) { fn(r) })
}

// EachCallerID calls fn for the use of every caller ID, in the order of
// numbers.
func (v *View) EachCallerID(fn func(cadence.Number, *CallerID)) {
	v.callerIDs.each(tabCallerID, callerOf, func(k []byte, r *CallerID) { fn(callerOf(k), r) })
}

// each walks a whole resident table in key order: what is durable, with the
// turn's changes over it. It is for small tables, which it leaves in memory as
// a whole.
func (t *rows[K, R]) each(tab byte, id func(key []byte) K, fn func(key []byte, row *R)) {
	if !t.whole {
		t.load(tab, id)
	}
	keys := make(map[string]*R, len(t.m))
	for k, c := range t.m {
		keys[string(t.key(nil, k))] = c.row
	}
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		if r := keys[k]; r != nil {
			fn([]byte(k), r)
		}
	}
}

// load reads what is not in memory yet.
func (t *rows[K, R]) load(tab byte, id func(key []byte) K) {
	from, to := prefix(tab)
	var split []*cell[K, R]
	err := t.base.Scan(from, to, func(key, val []byte) bool {
		k := id(key)
		if _, known := t.m[k]; known {
			return true
		}
		if t.halves != nil {
			split = append(split, &cell[K, R]{key: k})
			t.m[k] = split[len(split)-1]
			return true
		}
		row := new(R)
		if err := Decode(val, row); err != nil {
			panic(&Broken{err})
		}
		t.m[k] = &cell[K, R]{key: k, row: row}
		return true
	})
	if err != nil {
		panic(&Broken{err})
	}
	t.joinLoaded(split)
	t.whole = true
}

func idOf(key []byte) cadence.ID { return cadence.ID(key[1:]) }

func laneOf(key []byte) uint32 { return binary.BigEndian.Uint32(key[3:]) }

func callerOf(key []byte) cadence.Number { return cadence.Number(key[1:]) }
