package event

import "github.com/carillon-dialer/carillon/cadence"

func init() { register(&ViewSaved{}, &ViewDeleted{}, &ViewPreferred{}) }

// ViewSaved keeps a view of one page's list under a name, or replaces one: the
// filters, order and columns of the page's address, as canonical JSON. Owner
// is whose it is, as the audit log names people; a shared one is everybody's.
type ViewSaved struct {
	ID     cadence.ID `cbor:"1,keyasint"`
	Owner  string     `cbor:"2,keyasint"`
	Page   string     `cbor:"3,keyasint"`
	Name   string     `cbor:"4,keyasint"`
	Search []byte     `cbor:"5,keyasint"`
	Shared bool       `cbor:"6,keyasint,omitempty"`
	At     int64      `cbor:"7,keyasint"`
}

// ViewDeleted removes a view. Whoever preferred it prefers none from then on.
type ViewDeleted struct {
	ID cadence.ID `cbor:"1,keyasint"`
	At int64      `cbor:"2,keyasint"`
}

// ViewPreferred says with which view a page opens for somebody; a zero View
// with none.
type ViewPreferred struct {
	Owner string     `cbor:"1,keyasint"`
	Page  string     `cbor:"2,keyasint"`
	View  cadence.ID `cbor:"3,keyasint,omitzero"`
	At    int64      `cbor:"4,keyasint"`
}

func (*ViewSaved) fact() uint16     { return 125 }
func (*ViewDeleted) fact() uint16   { return 126 }
func (*ViewPreferred) fact() uint16 { return 127 }
