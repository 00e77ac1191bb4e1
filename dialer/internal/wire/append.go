// Package wire writes and reads the one form of CBOR (RFC 8949) that records
// and rows are stored in: core deterministic encoding (§4.2.1) of structs as
// maps from field number to value. The code that walks the structs is
// generated from their tags by package wiregen.
//
// Reading takes exactly what writing makes and nothing else. Whatever it
// refuses may still be CBOR of another form, or damage: the caller asks a
// complete decoder, which also says what is wrong.
package wire

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math"
	"slices"
)

// The major types used, as the upper three bits of a head.
const (
	uintType  = 0 << 5
	minusType = 1 << 5
	bytesType = 2 << 5
	textType  = 3 << 5
	listType  = 4 << 5
	mapType   = 5 << 5

	simpleFalse = 0xf4
	simpleTrue  = 0xf5
	simpleNull  = 0xf6
)

// Heads whose argument stands behind them in 1, 2, 4 or 8 bytes.
const (
	small = 23
	by1   = 24
	by2   = 25
	by4   = 26
	by8   = 27
)

func appendHead(b []byte, major byte, n uint64) []byte {
	if n <= small {
		return append(b, major|byte(n))
	}
	return appendLongHead(b, major, n)
}

func appendLongHead(b []byte, major byte, n uint64) []byte {
	switch {
	case n <= math.MaxUint8:
		return append(b, major|by1, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, major|by2), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, major|by4), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, major|by8), n)
}

// AppendUint appends an unsigned integer.
func AppendUint(b []byte, n uint64) []byte { return appendHead(b, uintType, n) }

// AppendInt appends a signed integer.
func AppendInt(b []byte, n int64) []byte {
	if n < 0 {
		return appendHead(b, minusType, uint64(^n))
	}
	return appendHead(b, uintType, uint64(n))
}

// AppendBool appends true or false.
func AppendBool(b []byte, v bool) []byte {
	if v {
		return append(b, simpleTrue)
	}
	return append(b, simpleFalse)
}

// AppendText appends a text. Its bytes are written as they are: what somebody
// sent in may be no UTF-8.
func AppendText[S ~string](b []byte, s S) []byte {
	return append(appendHead(b, textType, uint64(len(s))), s...)
}

// AppendBytes appends a byte string, null for nil.
func AppendBytes(b, p []byte) []byte {
	if p == nil {
		return append(b, simpleNull)
	}
	return append(appendHead(b, bytesType, uint64(len(p))), p...)
}

// AppendID appends an array of bytes, such as an id or a token.
func AppendID(b, id []byte) []byte {
	return append(appendHead(b, bytesType, uint64(len(id))), id...)
}

// AppendList appends the head of a list of n items, null for a nil list.
func AppendList(b []byte, n int, isNil bool) []byte {
	if isNil {
		return append(b, simpleNull)
	}
	return appendHead(b, listType, uint64(n))
}

// AppendTexts appends a map of texts in the order of its encoded keys: the
// shorter first, then by bytes.
func AppendTexts[M ~map[K]V, K, V ~string](b []byte, m M) []byte {
	if m == nil {
		return append(b, simpleNull)
	}
	b = appendHead(b, mapType, uint64(len(m)))
	for _, k := range slices.SortedFunc(maps.Keys(m), compareKeys) {
		b = AppendText(AppendText(b, k), m[k])
	}
	return b
}

func compareKeys[K ~string](x, y K) int {
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y))
}

// CloseMap writes the head of a map of n fields into the byte that was left
// for it at b[at], and makes room when it needs a second one.
func CloseMap(b []byte, at, n int) []byte {
	if n <= small {
		b[at] = mapType | byte(n)
		return b
	}
	var head [9]byte
	return slices.Replace(b, at, at+1, appendLongHead(head[:0], mapType, uint64(n))...)
}
