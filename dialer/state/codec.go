package state

import (
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

var (
	encoder = must(cbor.CoreDetEncOptions().EncMode())
	decoder = must(cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		IndefLength:       cbor.IndefLengthForbidden,
		// What was written must be readable: bytes that are no text came in
		// from somewhere and must not keep the ledger from opening.
		UTF8: cbor.UTF8DecodeInvalid,
	}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return v
}

// Encode writes a row in deterministic CBOR with integer field keys.
func Encode(row any) []byte {
	b, err := encoder.Marshal(row)
	if err != nil {
		panic(fmt.Sprintf("BUG: encode %T: %v", row, err))
	}
	return b
}

// Decode reads a row. A field it does not know is an error: an older program
// must not rewrite what a newer one stored.
func Decode(b []byte, row any) error {
	if err := decoder.Unmarshal(b, row); err != nil {
		return fmt.Errorf("decode %T: %w", row, err)
	}
	return nil
}
