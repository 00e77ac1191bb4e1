package event

import "github.com/carillon-dialer/carillon/cadence"

func init() {
	register(&StaffAdded{}, &StaffRemoved{}, &StaffVerified{}, &StaffMissed{}, &RehearsalAsked{}, &RehearsalRefused{})
}

// StaffAdded makes a number one of the house's own people's. Nothing is
// rehearsed to it before StaffVerified.
type StaffAdded struct {
	Token  Token          `cbor:"1,keyasint"`
	Number cadence.Number `cbor:"2,keyasint"`
	Name   string         `cbor:"3,keyasint"` // of whoever answers there
	By     string         `cbor:"4,keyasint"`
	At     int64          `cbor:"5,keyasint"`
}

// StaffRemoved takes a number out again. Forgotten says that it was an erased
// lead's and is nobody's now: its E.164 goes.
type StaffRemoved struct {
	Token     Token  `cbor:"1,keyasint"`
	By        string `cbor:"2,keyasint"`
	At        int64  `cbor:"3,keyasint"`
	Forgotten bool   `cbor:"4,keyasint,omitempty"`
}

// StaffVerified records that somebody repeated the code that a call to the
// number spoke.
type StaffVerified struct {
	Token Token  `cbor:"1,keyasint"`
	By    string `cbor:"2,keyasint"`
	At    int64  `cbor:"3,keyasint"`
}

// StaffMissed counts a wrong code.
type StaffMissed struct {
	Token Token `cbor:"1,keyasint"`
	At    int64 `cbor:"2,keyasint"`
}

// RehearsalAsked records that one call to a staff number is wanted: a rehearsal
// of a step, or one that speaks a code. It waits in Lane until Expires.
// Document names what is played, for ever; Text is it where no row holds it yet.
type RehearsalAsked struct {
	ID       cadence.ID     `cbor:"1,keyasint"`
	Token    Token          `cbor:"2,keyasint"`
	Number   cadence.Number `cbor:"3,keyasint"`
	Region   string         `cbor:"4,keyasint,omitempty"`
	Cadence  cadence.ID     `cbor:"5,keyasint,omitzero"`
	Version  uint32         `cbor:"6,keyasint,omitempty"` // 0: the draft
	Document cadence.ID     `cbor:"7,keyasint"`
	Text     []byte         `cbor:"8,keyasint,omitempty"`
	Step     int            `cbor:"9,keyasint,omitempty"`
	StepKey  string         `cbor:"10,keyasint"`
	Code     string         `cbor:"11,keyasint,omitempty"` // set: the call speaks it
	Until    int64          `cbor:"12,keyasint,omitempty"` // how long the code is good
	Lane     uint32         `cbor:"13,keyasint"`
	Expires  int64          `cbor:"14,keyasint"`
	By       string         `cbor:"15,keyasint"`
	At       int64          `cbor:"16,keyasint"`
}

// RehearsalRefused ends a rehearsal for which no call is placed, and says why.
// Until is when a rule would allow one, 0 when waiting does not help.
type RehearsalRefused struct {
	ID     cadence.ID `cbor:"1,keyasint"`
	Rule   string     `cbor:"2,keyasint"`
	Detail string     `cbor:"3,keyasint,omitempty"`
	Until  int64      `cbor:"4,keyasint,omitempty"`
	At     int64      `cbor:"5,keyasint"`
}

func (*StaffAdded) fact() uint16       { return 210 }
func (*StaffRemoved) fact() uint16     { return 211 }
func (*StaffVerified) fact() uint16    { return 212 }
func (*StaffMissed) fact() uint16      { return 213 }
func (*RehearsalAsked) fact() uint16   { return 214 }
func (*RehearsalRefused) fact() uint16 { return 215 }
