package state

import (
	"encoding/binary"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// ScrubList is an imported list of numbers. Edition is the one in force, 0
// before the first; Next the one that is being imported, 0 for none. The
// numbers of Next count as listed at once, those of editions before Edition do
// not count any more. Times are Unix ms.
type ScrubList struct {
	Name       string     `cbor:"1,keyasint"`
	Edition    uint32     `cbor:"2,keyasint,omitempty"`
	AsOf       int64      `cbor:"3,keyasint,omitempty"`
	At         int64      `cbor:"4,keyasint,omitempty"` // since when the edition is in force
	Count      uint64     `cbor:"5,keyasint,omitempty"`
	Sum        uint64     `cbor:"6,keyasint,omitempty"` // exclusive-or of TokenSum
	Digest     []byte     `cbor:"7,keyasint,omitempty"` // of the file
	Import     cadence.ID `cbor:"8,keyasint,omitzero"`
	Last       uint32     `cbor:"9,keyasint,omitempty"` // the highest edition there ever was
	Next       uint32     `cbor:"10,keyasint,omitempty"`
	NextImport cadence.ID `cbor:"11,keyasint,omitzero"`
	NextAsOf   int64      `cbor:"12,keyasint,omitempty"`
	NextCount  uint64     `cbor:"13,keyasint,omitempty"` // at this shard
	NextSum    uint64     `cbor:"14,keyasint,omitempty"` // at this shard
}

// Listed says on which lists a number is, whether or not it is anybody's.
type Listed struct {
	On []OnList `cbor:"1,keyasint"`
}

// OnList is a number's place on one list: the last edition that had it, and
// since when it has been there without a gap, Unix seconds.
type OnList struct {
	List    uint32 `cbor:"1,keyasint"`
	Edition uint32 `cbor:"2,keyasint"`
	Since   int64  `cbor:"3,keyasint"`
}

// Of is the number's place on a list, false when it is not on it.
func (l *Listed) Of(list uint32, s *ScrubList) (OnList, bool) {
	if l == nil {
		return OnList{}, false
	}
	for _, on := range l.On {
		if on.List == list {
			return on, on.Edition >= s.Edition
		}
	}
	return OnList{}, false
}

// In reports whether the number is in an edition of a list.
func (l *Listed) In(list, edition uint32) bool {
	return l != nil && slices.ContainsFunc(l.On, func(on OnList) bool { return on.List == list && on.Edition == edition })
}

func (v *View) foldScrub(f event.Fact) {
	switch f := f.(type) {
	case *event.ScrubOpened:
		s := v.scrubs.edit(f.List)
		s.Name, s.Next, s.Last = f.Name, f.Edition, f.Edition
		s.NextImport, s.NextAsOf, s.NextCount, s.NextSum = f.Import, f.AsOf, 0, 0
		v.scrubs.put(f.List, s)
		o := v.Office()
		o.ScrubLists = max(o.ScrubLists, f.List)
		v.office.put(struct{}{}, o)
	case *event.NumbersListed:
		v.foldListed(f)
	case *event.ScrubEnded:
		s := v.scrubs.edit(f.List)
		if f.Failed == "" {
			s.Edition, s.AsOf, s.At, s.Count, s.Sum, s.Digest, s.Import = f.Edition, f.AsOf, f.At, f.Count, f.Sum, f.Digest, s.NextImport
		}
		s.Next, s.NextImport, s.NextAsOf, s.NextCount, s.NextSum = 0, cadence.ID{}, 0, 0, 0
		v.scrubs.put(f.List, s)
	}
}

func (v *View) foldListed(f *event.NumbersListed) {
	s := v.scrubs.edit(f.List)
	event.EachToken(f.Tokens, func(t event.Token) {
		l := v.listed.edit(t)
		on, here := l.Of(f.List, s)
		if !here {
			on = OnList{List: f.List, Since: f.At / 1000}
		}
		on.Edition = f.Edition
		l.On = append(slices.DeleteFunc(slices.Clone(l.On), func(o OnList) bool { return o.List == f.List }), on)
		v.listed.put(t, l)
		if f.Edition == s.Next {
			s.NextCount++
			s.NextSum ^= TokenSum(t)
		}
	})
	v.scrubs.put(f.List, s)
	v.weight += 4 * len(f.Tokens)
}

// ScrubLists is how many scrub lists there are: they are numbered from 1.
func (v *View) ScrubLists() uint32 { return v.Office().ScrubLists }

// ScrubList returns a list by its number, nil when there is none.
func (v *View) ScrubList(n uint32) *ScrubList { return v.scrubs.get(n) }

// Listed returns what lists say of a number, nil when none does.
func (v *View) Listed(t event.Token) *Listed { return v.listed.get(t) }

// ScrubLists calls fn for each list in the order of numbers.
func (q Rows) ScrubLists(fn func(n uint32, s *ScrubList) bool) error {
	return eachRow(q.R, tabScrub, nil, func(k []byte, s *ScrubList) bool { return fn(binary.BigEndian.Uint32(k[3:]), s) })
}

// Listed reads what lists say of a number.
func (q Rows) Listed(t event.Token) (*Listed, error) {
	return readRow[Listed](q.R, idKey(tabListed, t.ID()))
}

// CountListed goes through all listed numbers and counts those of an edition,
// with the sum over them.
func (q Rows) CountListed(list, edition uint32) (count, sum uint64, err error) {
	err = eachRow(q.R, tabListed, nil, func(k []byte, l *Listed) bool {
		if l.In(list, edition) {
			count++
			sum ^= TokenSum(event.TokenOfID(cadence.ID(k[1:])))
		}
		return true
	})
	return count, sum, err
}
