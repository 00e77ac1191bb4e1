package leadfile

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Decoder decodes UTF-16. A surrogate without its other half, and an odd
// last byte, become broken.
func utf16Decoder(bigEndian bool) func(out, block []byte, last bool) (text, rest []byte) {
	order := binary.ByteOrder(binary.LittleEndian)
	if bigEndian {
		order = binary.BigEndian
	}
	return func(out, block []byte, last bool) ([]byte, []byte) {
		for len(block) >= 2 {
			r := rune(order.Uint16(block))
			size := 2
			if utf16.IsSurrogate(r) {
				if len(block) < 4 && !last {
					break
				}
				r, size = joined(r, block, order)
			}
			block = block[size:]
			if r == utf8.RuneError && size == 2 {
				out = append(out, broken)
				continue
			}
			out = utf8.AppendRune(out, r)
		}
		if last && len(block) > 0 {
			return append(out, broken), nil
		}
		return out, block
	}
}

// joined is the character of a surrogate pair; RuneError and the size of one
// unit when the block does not begin with a pair.
func joined(first rune, block []byte, order binary.ByteOrder) (rune, int) {
	if len(block) >= 4 {
		if r := utf16.DecodeRune(first, rune(order.Uint16(block[2:]))); r != utf8.RuneError {
			return r, 4
		}
	}
	return utf8.RuneError, 2
}
