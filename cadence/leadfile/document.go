package leadfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/carillon-dialer/carillon/cadence"
)

// replacement is what the decoder writes for half a surrogate pair.
const replacement = string(utf8.RuneError)

// document reads one JSON value token by token, so that repeated keys are
// seen and nothing is built before it is checked. After a fault it reads no
// further.
type document struct {
	dec   *json.Decoder
	fault *RowError
}

func (d *document) fail(column, code, message, remedy string) {
	if d.fault == nil {
		d.fault = &RowError{Column: column, Code: code, Message: message, Remedy: remedy}
	}
}

// otherwise is the fault there is, or a new one.
func (d *document) otherwise(code, message, remedy string) *RowError {
	d.fail("", code, message, remedy)
	return d.fault
}

// token is the next token; nil after a fault, as for null.
func (d *document) token() json.Token {
	if d.fault != nil {
		return nil
	}
	t, err := d.dec.Token()
	switch {
	case err == nil:
		return t
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		d.fail("", "row.json", "the object is not closed on its line", "write one object per line")
	default:
		d.fail("", "row.json", fmt.Sprintf("not JSON, near character %d of the line", d.dec.InputOffset()), "correct the line")
	}
	return nil
}

// open reads the beginning of an object or list; null counts as absent.
func (d *document) open(key string, want json.Delim) bool {
	switch t := d.token(); t {
	case want:
		return true
	case nil:
	default:
		d.fail(key, "row.json", fmt.Sprintf("the value has to begin with %v", want), "correct it")
	}
	return false
}

// members calls value for each key of an object whose brace was read; value
// has to read what belongs to it. A key that stands twice is a fault.
func (d *document) members(value func(key string)) {
	seen := make(map[string]bool)
	for d.fault == nil && d.dec.More() {
		key, ok := d.token().(string)
		if !ok {
			return
		}
		switch {
		case len(key) > maxNameBytes || strings.ContainsAny(key, "\x00"+replacement):
			d.fail("", "row.json", fmt.Sprintf("a key is not readable text of at most %d bytes", maxNameBytes), "correct it")
			return
		case seen[key]:
			d.fail(key, "row.duplicate", "the key stands twice", "leave one of them out")
			return
		}
		seen[key] = true
		value(key)
	}
	d.token()
}

// elements calls value for each element of a list, likewise.
func (d *document) elements(key string, value func()) {
	if !d.open(key, '[') {
		return
	}
	for d.fault == nil && d.dec.More() {
		value()
	}
	d.token()
}

// scalar is the text of a string, number or boolean; "" for null.
func (d *document) scalar(key string, t json.Token) string {
	text := ""
	switch v := t.(type) {
	case nil:
	case string:
		text = v
	case json.Number:
		text = v.String()
	case bool:
		text = strconv.FormatBool(v)
	default:
		d.fail(key, "row.nested", "the value is a list or an object", "write a text, a number or a boolean")
	}
	switch {
	case len(text) > cadence.MaxFieldBytes:
		d.fail(key, faultFieldSize, faultTexts[faultFieldSize].message, faultTexts[faultFieldSize].remedy)
	case strings.Contains(text, "\x00"):
		d.fail(key, "row.nul", "the value holds a NUL character", "remove it")
	case strings.Contains(text, replacement):
		d.fail(key, "row.encoding", "the value holds a character that could not be decoded", "correct the escape")
	}
	return text
}
