package state

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// Versions is what a state is written in. To and Cursor are set while a
// migration to fold version To is under way.
type Versions struct {
	Fold   int    `cbor:"1,keyasint"`
	Facts  int    `cbor:"2,keyasint"`
	Zones  string `cbor:"3,keyasint,omitempty"` // release of the tz database
	To     int    `cbor:"4,keyasint,omitempty"`
	Cursor []byte `cbor:"5,keyasint,omitempty"`
}

// lenient reads the versions of a ledger that a newer program may have
// written: fields it does not know are no reason not to see the number.
var lenient = must(cbor.DecOptions{DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden}.DecMode())

// ReadVersions reads what a state is written in. A state without a stamp is
// of fold version 1, which had none; an empty one is all zero.
func ReadVersions(r ledger.Reader) (Versions, error) {
	var v Versions
	b, err := r.Get([]byte{tabVersions})
	if err == nil {
		if err := lenient.Unmarshal(b, &v); err != nil {
			return v, fmt.Errorf("decode %T: %w", v, err)
		}
		return v, nil
	}
	if !errors.Is(err, ledger.ErrNotFound) {
		return v, err
	}
	err = r.ScanKeys(nil, nil, func([]byte) bool {
		v = Versions{Fold: 1, Facts: 1}
		return false
	})
	return v, err
}

// TokenSum is a number's share in the sum over a list of numbers: 64 bits of
// SHA-256 of its token.
func TokenSum(t event.Token) uint64 {
	sum := sha256.Sum256(t[:])
	return binary.BigEndian.Uint64(sum[:])
}

// MarkSum is the share of one do-not-call mark in the sum over all of them: 64
// bits of SHA-256 of the token and the text of the scope.
func MarkSum(t event.Token, s cadence.Scope) uint64 {
	sum := sha256.Sum256(append(t[:len(t):len(t)], s...))
	return binary.BigEndian.Uint64(sum[:])
}

// OfficeWrite is the office's row as a write, for migrations.
func OfficeWrite(o *Office) ledger.Write {
	return ledger.Write{Key: []byte{tabOffice}, Value: Encode(o)}
}
