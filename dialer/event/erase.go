package event

import "github.com/carillon-dialer/carillon/cadence"

func init() { register(&LeadErased{}) }

// LeadErased takes a person out of the ledger: the lead goes, and of what stays
// nothing names them. A second one, for a lead that is gone, removes what has
// been noted since.
type LeadErased struct {
	Lead cadence.ID `cbor:"1,keyasint"`
	// Tokens are the numbers that name the lead. Those in Forgotten are nobody
	// else's: their E.164 goes, their caps and do-not-call marks stay.
	Tokens    []Token      `cbor:"2,keyasint,omitempty"`
	Forgotten []Token      `cbor:"3,keyasint,omitempty"`
	Attempts  []cadence.ID `cbor:"4,keyasint,omitempty"` // whose notes and variables go
	Answers   []string     `cbor:"5,keyasint,omitempty"` // kept answers that name the person
	By        string       `cbor:"6,keyasint,omitempty"`
	Reason    string       `cbor:"7,keyasint,omitempty"`
	At        int64        `cbor:"8,keyasint"`
	// External is the claim of the lead's external id, zero when it has none.
	// It goes: who comes back under it is a new lead.
	External cadence.ID `cbor:"9,keyasint,omitzero"`
}

func (*LeadErased) fact() uint16 { return 200 }
