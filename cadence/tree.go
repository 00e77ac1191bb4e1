package cadence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode/utf8"
)

// Limits of a document's text. Beyond them it is not read at all.
const (
	MaxDocumentBytes = 1 << 20
	MaxDocumentDepth = 32
)

// value is one JSON value with the place it was read from.
type value struct {
	offset  int
	kind    valueKind
	text    string // of a string, or a number as written
	members []member
	items   []*value
}

type valueKind string

const (
	isObject valueKind = "an object"
	isArray  valueKind = "a list"
	isString valueKind = "text"
	isNumber valueKind = "a number"
	isBool   valueKind = "true or false"
	isNull   valueKind = "null"
)

type member struct {
	name   string
	offset int
	value  *value
}

// errStopped ends reading after a problem that leaves no place to go on from.
var errStopped = errors.New("reading stopped")

// reader turns text into values and keeps every problem it meets.
type reader struct {
	findings
	data  []byte
	lines []int // offset of each line's first byte
	dec   *json.Decoder
}

func newReader(data []byte) *reader {
	r := &reader{data: data, lines: []int{0}}
	for i, c := range data {
		if c == '\n' {
			r.lines = append(r.lines, i+1)
		}
	}
	return r
}

// place is the line and column of an offset, both counted from 1.
func (r *reader) place(offset int) (line, column int) {
	line = sort.SearchInts(r.lines, offset+1)
	return line, offset - r.lines[line-1] + 1
}

func (r *reader) errorAt(offset int, path, code, message, remedy string) {
	line, column := r.place(min(max(offset, 0), len(r.data)))
	r.add(Problem{
		Path: path, Line: line, Column: column, Severity: SeverityError,
		Code: code, Message: message, Remedy: remedy,
	})
}

// read returns the document's root value, or nil when the text is not JSON.
// The tree may be partial when problems were found.
func (r *reader) read() *value {
	start, ok := r.checkBytes()
	if !ok {
		return nil
	}
	// The decoder sees blanks in place of a byte order mark, so that its
	// offsets stay those of the file.
	text := append(bytes.Repeat([]byte(" "), start), r.data[start:]...)
	r.dec = json.NewDecoder(bytes.NewReader(text))
	r.dec.UseNumber()
	root, err := r.value("", 0)
	if err != nil {
		return root
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		r.errorAt(r.next(int(r.dec.InputOffset())), "", "trailing_data", "there is more text after the document", "one file holds one cadence")
	}
	return root
}

// checkBytes looks at what is wrong with the text before it is read as JSON.
// It returns where the text begins, and false when it is not worth reading.
func (r *reader) checkBytes() (start int, ok bool) {
	if len(r.data) > MaxDocumentBytes {
		r.errorAt(0, "", "too_large", fmt.Sprintf("the document is %d bytes; at most %d are read", len(r.data), MaxDocumentBytes), "")
		return 0, false
	}
	if bytes.HasPrefix(r.data, []byte("\xef\xbb\xbf")) {
		r.errorAt(0, "", "byte_order_mark", "the file begins with a byte order mark", "save it as UTF-8 without BOM")
		start = 3
	}
	if i := bytes.IndexByte(r.data, 0); i >= 0 {
		r.errorAt(i, "", "nul", "the file holds a NUL byte", "save it as UTF-8 text")
		return start, false
	}
	for i := start; i < len(r.data); {
		c, size := utf8.DecodeRune(r.data[i:])
		if c == utf8.RuneError && size == 1 {
			r.errorAt(i, "", "encoding", "the file is not UTF-8", "save it as UTF-8")
			return start, false
		}
		i += size
	}
	if len(bytes.TrimSpace(r.data[start:])) == 0 {
		r.errorAt(0, "", "empty", "the document is empty", "")
		return start, false
	}
	return start, true
}

// next is the offset of the next token at or after offset.
func (r *reader) next(offset int) int {
	for offset < len(r.data) && strings.IndexByte(" \t\r\n,:", r.data[offset]) >= 0 {
		offset++
	}
	return offset
}

// token reads one token and where it began.
func (r *reader) token(path string) (json.Token, int, error) {
	offset := r.next(int(r.dec.InputOffset()))
	token, err := r.dec.Token()
	if err == nil {
		return token, offset, nil
	}
	message := "the text ends in the middle of the document"
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = max(int(syntax.Offset)-1, 0)
		message = "not JSON: " + syntax.Error()
	} else {
		offset = len(r.data)
	}
	r.errorAt(offset, path, "syntax", message, "")
	return nil, offset, errStopped
}

func (r *reader) value(path string, depth int) (*value, error) {
	token, offset, err := r.token(path)
	if err != nil {
		return nil, err
	}
	v := &value{offset: offset}
	switch t := token.(type) {
	case json.Delim:
		if depth >= MaxDocumentDepth {
			r.errorAt(offset, path, "too_deep", fmt.Sprintf("nested more than %d deep", MaxDocumentDepth), "")
			return v, errStopped
		}
		if t == '{' {
			return v, r.object(v, path, depth)
		}
		return v, r.array(v, path, depth)
	case string:
		v.kind, v.text = isString, t
		r.checkText(v, path)
	case json.Number:
		v.kind, v.text = isNumber, t.String()
	case bool:
		v.kind = isBool
		if t {
			v.text = "true"
		}
	default:
		v.kind = isNull
	}
	return v, nil
}

func (r *reader) object(v *value, path string, depth int) error {
	v.kind = isObject
	seen := map[string]int{}
	for r.dec.More() {
		token, offset, err := r.token(path)
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder lets nothing else stand here
		inner := under(path, name)
		if first, twice := seen[name]; twice {
			line, _ := r.place(first)
			r.errorAt(offset, inner, "duplicate_key", fmt.Sprintf("%q is given twice; first on line %d", clip(name), line), "keep one of them")
		}
		seen[name] = offset
		child, err := r.value(inner, depth+1)
		if child != nil {
			v.members = append(v.members, member{name: name, offset: offset, value: child})
		}
		if err != nil {
			return err
		}
	}
	_, _, err := r.token(path)
	return err
}

func (r *reader) array(v *value, path string, depth int) error {
	v.kind = isArray
	for r.dec.More() {
		child, err := r.value(at(path, len(v.items)), depth+1)
		if child != nil {
			v.items = append(v.items, child)
		}
		if err != nil {
			return err
		}
	}
	_, _, err := r.token(path)
	return err
}

// checkText refuses what JSON can escape but text must not hold.
func (r *reader) checkText(v *value, path string) {
	if strings.ContainsRune(v.text, 0) {
		r.errorAt(v.offset, path, "nul", "the text holds a NUL character", "remove it")
	}
	if !strings.ContainsRune(v.text, utf8.RuneError) {
		return
	}
	// The decoder writes U+FFFD for half of a surrogate pair; only when the
	// source has that character itself is it what was meant.
	raw := bytes.ToLower(r.data[v.offset:int(r.dec.InputOffset())])
	if !bytes.ContainsRune(raw, utf8.RuneError) && !bytes.Contains(raw, []byte(`\ufffd`)) {
		r.errorAt(v.offset, path, "encoding", "the text holds half of a surrogate pair", "write the character itself, in UTF-8")
	}
}
