package event

import "github.com/carillon-dialer/carillon/cadence"

func init() { register(&AdviceHidden{}) }

// AdviceHidden says that somebody looked at a recommendation and does not want
// to see it, or, with Shown, wants to see it again. ID is made of what the
// recommendation is about.
type AdviceHidden struct {
	ID    cadence.ID `cbor:"1,keyasint"`
	Shown bool       `cbor:"2,keyasint,omitempty"`
	By    string     `cbor:"3,keyasint"`
	At    int64      `cbor:"4,keyasint"`
}

func (*AdviceHidden) fact() uint16 { return 190 }
