package event

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
)

func init() {
	register(&ReturnCalled{}, &ReturnChanged{}, &ReturnEnded{}, &StayOnLine{}, &StayOffLine{})
}

// ReturnTarget is one place a return call goes to. Of is its place in the
// step's connect targets, from 1; 0 is none of them. RingMs is how long it
// rings.
type ReturnTarget struct {
	Kind   string         `cbor:"1,keyasint"` // owner, number, sip or message
	Number cadence.Number `cbor:"2,keyasint,omitempty"`
	SIP    string         `cbor:"3,keyasint,omitempty"`
	Text   string         `cbor:"4,keyasint,omitempty"`
	Audio  string         `cbor:"5,keyasint,omitempty"`
	RingMs int64          `cbor:"6,keyasint,omitempty"`
	Of     int            `cbor:"7,keyasint,omitempty"`
}

// ReturnCalled records that somebody calls one of our numbers, whom we take
// them for and what they are offered. Token and Number are zero when the number
// is withheld. Lead, Enrollment and what follows are set when the number is
// known and somebody was found for it; Attempt is the last one to the number.
type ReturnCalled struct {
	ID         cadence.ID     `cbor:"1,keyasint"`
	CallID     string         `cbor:"2,keyasint"`
	Token      Token          `cbor:"3,keyasint,omitzero"`
	Number     cadence.Number `cbor:"4,keyasint,omitempty"`
	Region     string         `cbor:"5,keyasint,omitempty"`
	To         cadence.Number `cbor:"6,keyasint"`
	Lead       cadence.ID     `cbor:"7,keyasint,omitzero"`
	Enrollment cadence.ID     `cbor:"8,keyasint,omitzero"`
	Cadence    cadence.ID     `cbor:"9,keyasint,omitzero"`
	Version    uint32         `cbor:"10,keyasint,omitempty"`
	Step       int            `cbor:"11,keyasint,omitempty"`
	Attempt    cadence.ID     `cbor:"12,keyasint,omitzero"`
	Greeting   string         `cbor:"13,keyasint"`
	Chain      []ReturnTarget `cbor:"14,keyasint"`
	Deadline   int64          `cbor:"15,keyasint"`
	At         int64          `cbor:"16,keyasint"`
}

// ReturnChanged merges one event or look into a return call. Every field is the
// merged result, so that folding is a copy.
type ReturnChanged struct {
	ID         cadence.ID              `cbor:"1,keyasint"`
	Target     int                     `cbor:"2,keyasint,omitempty"`
	LegStatus  telephony.Status        `cbor:"3,keyasint,omitempty"`
	LegID      string                  `cbor:"4,keyasint,omitempty"`
	LegMs      int64                   `cbor:"5,keyasint,omitempty"`
	Digits     string                  `cbor:"6,keyasint,omitempty"`
	Code       cadence.DispositionCode `cbor:"7,keyasint,omitempty"`
	Status     telephony.Status        `cbor:"8,keyasint,omitempty"`
	OptedOutAt int64                   `cbor:"9,keyasint,omitempty"`
	DurationMs int64                   `cbor:"10,keyasint,omitempty"`
	Deadline   int64                   `cbor:"11,keyasint"`
	At         int64                   `cbor:"12,keyasint"`
}

// ReturnEnded closes a return call. Contact is set when somebody took it, or
// the cadence's message was begun.
type ReturnEnded struct {
	ID      cadence.ID              `cbor:"1,keyasint"`
	Code    cadence.DispositionCode `cbor:"2,keyasint,omitempty"`
	Contact bool                    `cbor:"3,keyasint,omitempty"`
	At      int64                   `cbor:"4,keyasint"`
	Note    string                  `cbor:"5,keyasint,omitempty"`
	// Talked and Refused begin the silences that laws want behind a talk, for the
	// number and calls about Subject (the campaign; empty: about anything).
	Talked  bool   `cbor:"6,keyasint,omitempty"`
	Refused bool   `cbor:"7,keyasint,omitempty"`
	Subject string `cbor:"8,keyasint,omitempty"`
}

// StayOnLine records that a stay's lead is on the line with us: nothing of the
// stay is dialed until StayOffLine.
type StayOnLine struct {
	Enrollment cadence.ID `cbor:"1,keyasint"`
	Return     cadence.ID `cbor:"2,keyasint"`
	At         int64      `cbor:"3,keyasint"`
}

// StayOffLine ends StayOnLine. Code is set when the stay's open attempt or ask
// has still to end before the disposition of the return call can be routed.
type StayOffLine struct {
	Enrollment cadence.ID              `cbor:"1,keyasint"`
	Return     cadence.ID              `cbor:"2,keyasint"`
	Code       cadence.DispositionCode `cbor:"3,keyasint,omitempty"`
	At         int64                   `cbor:"4,keyasint"`
}

func (*ReturnCalled) fact() uint16  { return 160 }
func (*ReturnChanged) fact() uint16 { return 161 }
func (*ReturnEnded) fact() uint16   { return 162 }
func (*StayOnLine) fact() uint16    { return 163 }
func (*StayOffLine) fact() uint16   { return 164 }

// Message reports whether the target is something that is said, and so the end
// of the chain.
func (t *ReturnTarget) Message() bool { return t.Kind == string(cadence.ConnectMessage) }
