package twilio

import (
	"bytes"
	"io"
	"net/url"
	"slices"
	"sync"
)

// formBody is a form as a request's body, in a pooled buffer.
type formBody struct {
	bytes.Reader
	text []byte
	keys []string
}

var formBodies = sync.Pool{New: func() any { return &formBody{text: make([]byte, 0, 2<<10), keys: make([]string, 0, 16)} }}

// newFormBody encodes as url.Values.Encode does, without its twenty
// allocations. The caller gives it back with free once the request is over.
func newFormBody(data url.Values) *formBody {
	b := formBodies.Get().(*formBody)
	b.text, b.keys = b.text[:0], b.keys[:0]
	for key := range data {
		b.keys = append(b.keys, key)
	}
	slices.Sort(b.keys)
	for _, key := range b.keys {
		for _, value := range data[key] {
			if len(b.text) > 0 {
				b.text = append(b.text, '&')
			}
			b.text = append(appendEscaped(b.text, key), '=')
			b.text = appendEscaped(b.text, value)
		}
	}
	b.Reset(b.text)
	return b
}

func (b *formBody) free() {
	clear(b.keys)
	b.Reset(nil)
	formBodies.Put(b)
}

// Close implements io.Closer and does nothing.
func (b *formBody) Close() error { return nil }

var _ io.ReadCloser = (*formBody)(nil)

const upperHex = "0123456789ABCDEF"

// appendEscaped is url.QueryEscape into a buffer.
func appendEscaped(out []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == '~':
			out = append(out, c)
		case c == ' ':
			out = append(out, '+')
		default:
			out = append(out, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return out
}
