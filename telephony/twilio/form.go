package twilio

import (
	"bytes"
	"errors"
	"slices"
	"sync"
)

// Bounds of a webhook's body. Twilio sends some 20 to 40 parameters in 1 to
// 2 kB.
const (
	MaxBody   = 64 << 10
	maxFields = 256
)

var (
	errFormTooLarge = errors.New("the body is larger than 64 KiB or has more than 256 parameters")
	errFormEscape   = errors.New("the body is not URL-encoded")
	errFormTwice    = errors.New("a parameter comes twice")
)

// field is one decoded parameter; both slices point into the form's text.
type field struct{ key, value []byte }

// form is a decoded body with its parameters in the order of their keys, the
// order in which they are signed.
type form struct {
	text    []byte
	fields  []field
	scratch []byte
}

var forms = sync.Pool{New: func() any {
	return &form{text: make([]byte, 0, 4<<10), fields: make([]field, 0, 64), scratch: make([]byte, 0, 4<<10)}
}}

// parse decodes like net/url.ParseQuery, semicolons refused, and sorts. A key
// that comes twice is errFormTwice: Twilio sends none, and a verifier that
// looks at one value while a reader takes the other could be fooled.
func (f *form) parse(body []byte) error {
	f.fields = f.fields[:0]
	if len(body) > MaxBody {
		return errFormTooLarge
	}
	f.text = append(f.text[:0], body...)
	sorted := true
	for rest := f.text; len(rest) > 0; {
		pair := rest
		if end := bytes.IndexByte(rest, '&'); end >= 0 {
			pair, rest = rest[:end], rest[end+1:]
		} else {
			rest = nil
		}
		if len(pair) == 0 {
			continue
		}
		if len(f.fields) == maxFields {
			return errFormTooLarge
		}
		var rawValue []byte
		if eq := bytes.IndexByte(pair, '='); eq >= 0 {
			pair, rawValue = pair[:eq], pair[eq+1:]
		}
		key, ok := unescape(pair)
		value, ok2 := unescape(rawValue)
		if !ok || !ok2 {
			return errFormEscape
		}
		if n := len(f.fields); n > 0 && sorted {
			sorted = bytes.Compare(f.fields[n-1].key, key) < 0
		}
		f.fields = append(f.fields, field{key, value})
	}
	if sorted {
		return nil // and none comes twice
	}
	return f.sort()
}

// sort brings the parameters in order.
func (f *form) sort() error {
	slices.SortFunc(f.fields, func(a, b field) int { return bytes.Compare(a.key, b.key) })
	for i := 1; i < len(f.fields); i++ {
		if bytes.Equal(f.fields[i-1].key, f.fields[i].key) {
			return errFormTwice
		}
	}
	return nil
}

// get returns a parameter's value; "" when it is absent or empty.
func (f *form) get(key string) string { return string(f.value(key)) }

// value is get without a copy.
func (f *form) value(key string) []byte {
	low, high := 0, len(f.fields)
	for low < high {
		if mid := (low + high) / 2; string(f.fields[mid].key) < key {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < len(f.fields) && string(f.fields[low].key) == key {
		return f.fields[low].value
	}
	return nil
}

// special are the bytes that are not what they say.
var special = [256]bool{';': true, '+': true, '%': true}

// unescape decodes in place: what is decoded is never longer.
func unescape(s []byte) ([]byte, bool) {
	i := 0
	for i < len(s) && !special[s[i]] {
		i++
	}
	if i == len(s) {
		return s, true
	}
	out := s[:i]
	for ; i < len(s); i++ {
		switch c := s[i]; c {
		case ';':
			return nil, false
		case '+':
			out = append(out, ' ')
		case '%':
			if i+2 >= len(s) {
				return nil, false
			}
			hi, lo := unhex(s[i+1]), unhex(s[i+2])
			if hi > 15 || lo > 15 {
				return nil, false
			}
			out = append(out, hi<<4|lo)
			i += 2
		default:
			out = append(out, c)
		}
	}
	return out, true
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}
