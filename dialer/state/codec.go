package state

import (
	"fmt"
	"reflect"

	"github.com/fxamacker/cbor/v2"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/internal/wire"
)

// Row is what can be stored: its encoding is generated from the tags of its
// fields (go generate ./dialer).
type Row interface{ AppendCBOR(b []byte) []byte }

// readable is a Row that generated code also reads.
type readable interface{ ReadCBOR(r *wire.Reader) }

// Encode writes a row in deterministic CBOR with integer field keys.
func Encode(row Row) []byte { return row.AppendCBOR(make([]byte, 0, 256)) }

// Decode reads a row into a zero value. A field it does not know is an error:
// an older program must not rewrite what a newer one stored.
func Decode(b []byte, row any) error {
	if x, ok := row.(readable); ok {
		r := wire.NewRowReader(b)
		if x.ReadCBOR(&r); r.Done() {
			return nil
		}
		reflect.ValueOf(row).Elem().SetZero()
	}
	if err := decoder.Unmarshal(b, row); err != nil {
		return fmt.Errorf("decode %T: %w", row, err)
	}
	return nil
}

// decoder knows all of CBOR. It has the last word on what generated code
// refuses: it takes the forms Encode does not write, and names what is wrong.
var decoder = must(cbor.DecOptions{
	DupMapKey:         cbor.DupMapKeyEnforcedAPF,
	ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
	IndefLength:       cbor.IndefLengthForbidden,
	// What was written must be readable: bytes that are no text came in
	// from somewhere and must not keep the ledger from opening.
	UTF8: cbor.UTF8DecodeInvalid,
}.DecMode())

func must[T any](v T, err error) T {
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return v
}

// claim is the row that binds an external id to a lead: nothing but its id.
type claim cadence.ID

// AppendCBOR appends the encoding to b.
func (c *claim) AppendCBOR(b []byte) []byte { return wire.AppendID(b, c[:]) }

// ReadCBOR reads what AppendCBOR wrote.
func (c *claim) ReadCBOR(r *wire.Reader) { r.ID(c[:]) }
