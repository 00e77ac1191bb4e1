package event

import "github.com/carillon-dialer/carillon/cadence"

func init() { register(&TemplateSaved{}, &TemplateDeleted{}, &StayMoved{}) }

// TemplateSaved keeps a document to begin new cadences with, or replaces one.
// Document is the canonical JSON.
type TemplateSaved struct {
	ID       cadence.ID `cbor:"1,keyasint"`
	Name     string     `cbor:"2,keyasint"`
	Vertical string     `cbor:"3,keyasint,omitempty"`
	Document []byte     `cbor:"4,keyasint"`
	At       int64      `cbor:"5,keyasint"`
}

// TemplateDeleted removes a template. Cadences made from it stay as they are.
type TemplateDeleted struct {
	ID cadence.ID `cbor:"1,keyasint"`
	At int64      `cbor:"2,keyasint"`
}

// StayMoved puts a waiting enrollment on another version of its cadence, at
// the step of the same key.
type StayMoved struct {
	ID       cadence.ID `cbor:"1,keyasint"`
	Version  uint32     `cbor:"2,keyasint"`
	Step     int        `cbor:"3,keyasint,omitempty"`
	Campaign string     `cbor:"4,keyasint"`
	At       int64      `cbor:"5,keyasint"`
}

func (*TemplateSaved) fact() uint16   { return 180 }
func (*TemplateDeleted) fact() uint16 { return 181 }
func (*StayMoved) fact() uint16       { return 182 }
