package event

import "github.com/carillon-dialer/carillon/cadence"

func init() { register(&UndoOpened{}, &LeadRemoved{}, &UndoEnded{}) }

// UndoOpened begins to take an import back.
type UndoOpened struct {
	Import cadence.ID `cbor:"1,keyasint"`
	By     string     `cbor:"2,keyasint,omitempty"`
	At     int64      `cbor:"3,keyasint"`
}

// LeadRemoved takes a lead out that was never called, as if it had not come in.
// Its stays are over. External is the claim to drop, zero for none; Tokens are
// the numbers that name the lead, Unknown those of them that nobody else and
// nothing else needs.
type LeadRemoved struct {
	Lead     cadence.ID `cbor:"1,keyasint"`
	Import   cadence.ID `cbor:"2,keyasint"`
	External cadence.ID `cbor:"3,keyasint,omitzero"`
	Tokens   []Token    `cbor:"4,keyasint,omitempty"`
	Unknown  []Token    `cbor:"5,keyasint,omitempty"`
	At       int64      `cbor:"6,keyasint"`
}

// UndoEnded says what taking an import back has left, and why.
type UndoEnded struct {
	Import cadence.ID `cbor:"1,keyasint"`
	Kept   []Kept     `cbor:"2,keyasint,omitempty"`
	At     int64      `cbor:"3,keyasint"`
}

// Kept is how many leads were left for one reason.
type Kept struct {
	Reason string `cbor:"1,keyasint"`
	Leads  int64  `cbor:"2,keyasint"`
}

func (*UndoOpened) fact() uint16  { return 223 }
func (*LeadRemoved) fact() uint16 { return 224 }
func (*UndoEnded) fact() uint16   { return 225 }
