package event

import "github.com/carillon-dialer/carillon/cadence"

func init() {
	register(&ParcelOwed{}, &ParcelTaken{}, &ParcelsReceived{}, &EditionReached{}, &AskClosed{})
}

// ParcelOwed writes a message for another shard: it is owed until that shard
// has it. Seq counts what this shard sent to that one, from 1.
type ParcelOwed struct {
	To   uint16 `cbor:"1,keyasint"`
	Seq  uint64 `cbor:"2,keyasint"`
	Body []byte `cbor:"3,keyasint"`
}

// ParcelTaken notes that a message of another shard was decided in this turn.
type ParcelTaken struct {
	From uint16 `cbor:"1,keyasint"`
	Seq  uint64 `cbor:"2,keyasint"`
}

// ParcelsReceived notes that another shard has everything up to Through: it is
// not owed any more.
type ParcelsReceived struct {
	By      uint16 `cbor:"1,keyasint"`
	Through uint64 `cbor:"2,keyasint"`
}

// EditionReached counts what the office published, at the office and at every
// shard that has folded it.
type EditionReached struct {
	Edition uint64 `cbor:"1,keyasint"`
}

// AskClosed ends the wait of a stay that had ended while its ask was under
// way. Attempt is the intent the ask led to; it is being withdrawn.
type AskClosed struct {
	Enrollment cadence.ID `cbor:"1,keyasint"`
	Touch      cadence.ID `cbor:"2,keyasint"`
	Attempt    cadence.ID `cbor:"3,keyasint,omitzero"`
	At         int64      `cbor:"4,keyasint"`
}

func (*ParcelOwed) fact() uint16      { return 110 }
func (*ParcelTaken) fact() uint16     { return 111 }
func (*ParcelsReceived) fact() uint16 { return 112 }
func (*EditionReached) fact() uint16  { return 113 }
func (*AskClosed) fact() uint16       { return 114 }
