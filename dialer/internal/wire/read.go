package wire

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// maxItems bounds lists and maps, as the complete decoder's own bound does.
const maxItems = 131_072

// IntBits is the width of int and uint.
const IntBits = bits.UintSize

// Reader reads values one after another. The first that does not fit makes it
// fail for good; from then on every value is zero.
type Reader struct {
	b    []byte
	text string // of all bytes, made with the first text; texts are parts of it
	at   int
	bad  bool
	own  bool
}

// NewReader reads from b. Texts are copied one by one, so that none of them
// keeps all of b in memory.
func NewReader(b []byte) Reader { return Reader{b: b} }

// NewRowReader reads one row. All its texts share one copy of b, which lives
// as long as any of them.
func NewRowReader(b []byte) Reader { return Reader{b: b, own: true} }

// OK reports whether everything so far was read.
func (r *Reader) OK() bool { return !r.bad }

// Done reports whether everything was read and nothing is left.
func (r *Reader) Done() bool { return !r.bad && r.at == len(r.b) }

// Refuse makes the reader fail.
func (r *Reader) Refuse() { r.bad = true }

// head reads a head of the major type in its shortest form.
func (r *Reader) head(major byte) uint64 {
	got, n := r.anyHead()
	if got != major {
		r.bad = true
		return 0
	}
	return n
}

func (r *Reader) anyHead() (major byte, n uint64) {
	if r.bad || r.at >= len(r.b) {
		r.bad = true
		return 0, 0
	}
	c := r.b[r.at]
	r.at++
	major, n = c&0xe0, uint64(c&0x1f)
	if n <= small {
		return major, n
	}
	return major, r.argument(n)
}

// argument reads what stands behind a head, and refuses one that would have
// fitted into less.
func (r *Reader) argument(form uint64) uint64 {
	var n, least uint64
	rest := r.b[r.at:]
	switch {
	case form == by1 && len(rest) >= 1:
		n, least, r.at = uint64(rest[0]), small+1, r.at+1
	case form == by2 && len(rest) >= 2:
		n, least, r.at = uint64(binary.BigEndian.Uint16(rest)), math.MaxUint8+1, r.at+2
	case form == by4 && len(rest) >= 4:
		n, least, r.at = uint64(binary.BigEndian.Uint32(rest)), math.MaxUint16+1, r.at+4
	case form == by8 && len(rest) >= 8:
		n, least, r.at = binary.BigEndian.Uint64(rest), math.MaxUint32+1, r.at+8
	default:
		r.bad = true
		return 0
	}
	if n < least {
		r.bad = true
		return 0
	}
	return n
}

// Uint reads an unsigned integer of at most the given bits.
func (r *Reader) Uint(bits uint) uint64 {
	n := r.head(uintType)
	if bits < 64 && n>>bits != 0 {
		r.bad = true
		return 0
	}
	return n
}

// Int reads a signed integer of at most the given bits.
func (r *Reader) Int(bits uint) int64 {
	major, n := r.anyHead()
	if major > minusType || n>>(bits-1) != 0 {
		r.bad = true
		return 0
	}
	if major == minusType {
		return ^int64(n)
	}
	return int64(n)
}

// Bool reads true or false.
func (r *Reader) Bool() bool {
	if r.bad || r.at >= len(r.b) || r.b[r.at]|1 != simpleTrue {
		r.bad = true
		return false
	}
	r.at++
	return r.b[r.at-1] == simpleTrue
}

// null takes a null when one comes next.
func (r *Reader) null() bool {
	if r.bad || r.at >= len(r.b) || r.b[r.at] != simpleNull {
		return false
	}
	r.at++
	return true
}

// take reads the content of a byte string or text.
func (r *Reader) take(major byte) (from, to int) {
	n := r.head(major)
	if n > uint64(len(r.b)-r.at) {
		r.bad = true
	}
	if r.bad {
		return 0, 0
	}
	from = r.at
	r.at += int(n)
	return from, r.at
}

// Text reads a text.
func (r *Reader) Text() string {
	from, to := r.take(textType)
	if from == to {
		return ""
	}
	if !r.own {
		return string(r.b[from:to])
	}
	if r.text == "" {
		r.text = string(r.b)
	}
	return r.text[from:to]
}

// Bytes reads a byte string into a slice of its own, nil for null.
func (r *Reader) Bytes() []byte {
	if r.null() {
		return nil
	}
	from, to := r.take(bytesType)
	return append(make([]byte, 0, to-from), r.b[from:to]...)
}

// ID reads a byte string that fills id exactly.
func (r *Reader) ID(id []byte) {
	from, to := r.take(bytesType)
	if to-from != len(id) {
		r.bad = true
		return
	}
	copy(id, r.b[from:to])
}

// List reads the head of a list. some is false for null.
func (r *Reader) List() (n int, some bool) {
	if r.null() {
		return 0, false
	}
	return r.count(listType), true
}

// Map reads the head of a map.
func (r *Reader) Map() int { return r.count(mapType) }

// count never promises more items than there are bytes left.
func (r *Reader) count(major byte) int {
	n := r.head(major)
	if n > maxItems || n > uint64(len(r.b)-r.at) {
		r.bad = true
		return 0
	}
	return int(n)
}

// Field reads the number of a struct's next field, which must be above the
// last one. -1 ends a struct that cannot be read.
func (r *Reader) Field(last int) int {
	n := r.head(uintType)
	if r.bad || n > math.MaxInt32 || int(n) <= last {
		r.bad = true
		return -1
	}
	return int(n)
}

// Texts reads a map of texts, nil for null.
func Texts[K, V ~string](r *Reader) map[K]V {
	if r.null() {
		return nil
	}
	n := r.Map()
	m := make(map[K]V, n)
	var last K
	for i := range n {
		k := K(r.Text())
		if i > 0 && compareKeys(last, k) >= 0 {
			r.bad = true
		}
		if r.bad {
			break
		}
		m[k], last = V(r.Text()), k
	}
	return m
}
