package event

import "github.com/carillon-dialer/carillon/cadence"

func init() { register(&StayPaused{}) }

// StayPaused keeps an open enrollment from being called, or, with On unset,
// lets it go on. What is scheduled stays scheduled.
type StayPaused struct {
	Enrollment cadence.ID `cbor:"1,keyasint"`
	On         bool       `cbor:"2,keyasint,omitempty"`
	By         string     `cbor:"3,keyasint,omitempty"`
	At         int64      `cbor:"4,keyasint"`
}

func (*StayPaused) fact() uint16 { return 191 }
