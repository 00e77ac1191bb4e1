package event

import "github.com/carillon-dialer/carillon/cadence"

func init() { register(&ListSet{}, &ListReleased{}, &LeadTallied{}) }

// ListSet says how the leads of a list are called from now on: not at all while
// it is paused, those of a higher priority first, and at most Release new ones
// a day (0: as many as can be).
type ListSet struct {
	ID       cadence.ID `cbor:"1,keyasint"`
	Paused   bool       `cbor:"2,keyasint,omitempty"`
	Priority int        `cbor:"3,keyasint,omitempty"`
	Release  int64      `cbor:"4,keyasint,omitempty"`
	At       int64      `cbor:"5,keyasint"`
}

// ListReleased counts leads of a list whose first call is asked for on a day of
// the house; N is negative for those that were not called after all.
type ListReleased struct {
	List cadence.ID `cbor:"1,keyasint"`
	Day  int64      `cbor:"2,keyasint"`
	N    int64      `cbor:"3,keyasint"`
}

// Tally is what a lead counts as among the leads of its list: a set of bits.
type Tally uint8

// What is counted. The first three once for each lead; the last two are how its
// last stay ended, until it enters another one.
const (
	TallyAttempted Tally = 1 << iota
	TallyContacted
	TallyConverted
	TallyExhausted
	TallyBlocked
)

// LeadTallied counts a lead among those of its list, or, with Gone, no longer.
// The stay keeps what was counted for it. Rule is what blocked it.
type LeadTallied struct {
	List       cadence.ID `cbor:"1,keyasint"`
	Enrollment cadence.ID `cbor:"2,keyasint"`
	As         Tally      `cbor:"3,keyasint"`
	Gone       bool       `cbor:"4,keyasint,omitempty"`
	Rule       string     `cbor:"5,keyasint,omitempty"`
}

func (*ListSet) fact() uint16      { return 220 }
func (*ListReleased) fact() uint16 { return 221 }
func (*LeadTallied) fact() uint16  { return 222 }
