package state

import (
	"encoding/binary"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// CadenceDay is how many calls of a cadence were made to this shard's numbers
// in one of the house's days: its intents, but for those that were returned.
type CadenceDay struct {
	Calls int64 `cbor:"1,keyasint,omitempty"`
}

// cadenceDayID names a day of a cadence.
type cadenceDayID struct {
	day int64
	id  cadence.ID
}

func cadenceDayKey(b []byte, k cadenceDayID) []byte {
	b = binary.BigEndian.AppendUint32(append(b, tabCadenceDay), uint32(k.day))
	return append(b, k.id[:]...)
}

// countDay counts an intent in its cadence's day, or with -1 one that was given
// back. Intents of releases that did not count say no day.
func (v *View) countDay(i *event.Intended, n int64) {
	if i.CapDay == 0 {
		return
	}
	k := cadenceDayID{i.CapDay, i.Cadence}
	d := v.cadenceDays.edit(k)
	d.Calls += n
	v.cadenceDays.put(k, d)
}

// CadenceCalls is how many calls of a cadence count in a day of the house.
func (v *View) CadenceCalls(day int64, id cadence.ID) int64 {
	return v.cadenceDays.edit(cadenceDayID{day, id}).Calls
}

// CadenceCalls is the same of what is committed.
func (q Rows) CadenceCalls(day int64, id cadence.ID) (int64, error) {
	d, err := readRow[CadenceDay](q.R, cadenceDayKey(nil, cadenceDayID{day, id}))
	if err != nil || d == nil {
		return 0, err
	}
	return d.Calls, nil
}
