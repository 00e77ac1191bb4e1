package badger

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// sealBytes is what a seal adds to a value.
const sealBytes = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal appends value and the CRC-32C over key and value. The key is covered so
// that a value under the wrong key is damage too.
func seal(to, key, value []byte) []byte {
	to = append(to, value...)
	return binary.BigEndian.AppendUint32(to, crc(key, value))
}

func crc(key, value []byte) uint32 {
	return crc32.Update(crc32.Update(0, castagnoli, key), castagnoli, value)
}

// unseal returns the value without its seal, or ErrDamaged.
func unseal(key, sealed []byte) ([]byte, error) {
	n := len(sealed) - sealBytes
	if n < 0 {
		return nil, fmt.Errorf("%w: value of key %x has %d bytes, too few for its checksum", ledger.ErrDamaged, key, len(sealed))
	}
	if got, want := crc(key, sealed[:n]), binary.BigEndian.Uint32(sealed[n:]); got != want {
		return nil, fmt.Errorf("%w: value of key %x has checksum %08x, stored was %08x", ledger.ErrDamaged, key, got, want)
	}
	return sealed[:n:n], nil
}
