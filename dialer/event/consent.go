package event

import "github.com/carillon-dialer/carillon/cadence"

func init() {
	register(&ConsentGiven{}, &ConsentEnded{}, &CallCounted{}, &CallUncounted{}, &PersonHeard{}, &LeadHeard{})
}

// ConsentGiven enters a consent of a number, at its home, or says anew what
// one that is there rests on. ID is made of what the consent is: whose, which
// kind, when, to whom and about what. Drops is a record that gives way because
// the number's row is full.
type ConsentGiven struct {
	Token  Token                 `cbor:"1,keyasint"`
	ID     cadence.ID            `cbor:"2,keyasint"`
	Record cadence.ConsentRecord `cbor:"3,keyasint"`
	By     string                `cbor:"4,keyasint"`
	At     int64                 `cbor:"5,keyasint"`
	Drops  cadence.ID            `cbor:"6,keyasint,omitzero"`
}

// ConsentEnded takes consents of a number back: the one of an ID, or, without
// one, what was given until At to a seller (empty: to anybody) for the calls
// of a scope. How is the way in which the person said so.
type ConsentEnded struct {
	Token  Token         `cbor:"1,keyasint"`
	ID     cadence.ID    `cbor:"2,keyasint,omitzero"`
	Scope  cadence.Scope `cbor:"3,keyasint,omitempty"`
	Seller string        `cbor:"4,keyasint,omitempty"`
	How    string        `cbor:"5,keyasint,omitempty"`
	Reason string        `cbor:"6,keyasint,omitempty"`
	By     string        `cbor:"7,keyasint"`
	At     int64         `cbor:"8,keyasint"`
}

// CallCounted lets an intent count in what the lead's numbers share, at the
// lead's home. At is the intent's time; calls before Since count no more.
type CallCounted struct {
	Enrollment cadence.ID `cbor:"1,keyasint"`
	Token      Token      `cbor:"2,keyasint"`
	At         int64      `cbor:"3,keyasint"`
	Since      int64      `cbor:"4,keyasint"`
}

// CallUncounted takes a counted intent of a stay back: no call was made.
type CallUncounted struct {
	Enrollment cadence.ID `cbor:"1,keyasint"`
	At         int64      `cbor:"2,keyasint"`
}

// PersonHeard keeps, at the lead's home, when somebody was last talked to and
// when an offer was last refused in a stay; 0 leaves it as it is.
type PersonHeard struct {
	Enrollment cadence.ID `cbor:"1,keyasint"`
	Talked     int64      `cbor:"2,keyasint,omitempty"`
	Refused    int64      `cbor:"3,keyasint,omitempty"`
}

// LeadHeard keeps, at the lead's home, when the lead was talked to and when an
// offer was refused in a call to us about Subject (the campaign; empty: about
// anything), whether or not a stay is open; 0 leaves it as it is.
type LeadHeard struct {
	Lead    cadence.ID `cbor:"1,keyasint"`
	Subject string     `cbor:"2,keyasint,omitempty"`
	Talked  int64      `cbor:"3,keyasint,omitempty"`
	Refused int64      `cbor:"4,keyasint,omitempty"`
}

func (*ConsentGiven) fact() uint16  { return 70 }
func (*ConsentEnded) fact() uint16  { return 71 }
func (*CallCounted) fact() uint16   { return 72 }
func (*CallUncounted) fact() uint16 { return 73 }
func (*PersonHeard) fact() uint16   { return 74 }
func (*LeadHeard) fact() uint16     { return 75 }
