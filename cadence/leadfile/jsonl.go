package leadfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// jsonLines reads leads from JSON lines: an object per line whose keys are
// column names or fields. Besides scalars a lead may hold what its own JSON
// has: "numbers", a list of {"number", "type", "extension"} or of texts, and
// "fields", an object of scalars. Nothing lies deeper.
type jsonLines struct {
	src     *bufio.Reader
	line    int
	buf     []byte
	mapping map[string]string // by key in lower case
	build   builder
}

func newJSONLines(src *bufio.Reader, o Options) *jsonLines {
	j := &jsonLines{src: src, mapping: make(map[string]string), build: builder{region: o.Region}}
	for key, field := range o.Mapping {
		j.mapping[strings.ToLower(strings.TrimSpace(key))] = field
	}
	return j
}

// errLineTooLong marks a line that was passed over.
var errLineTooLong = errors.New("line too long")

// readLine reads a line without its end, whose bytes are valid until the next
// call. A line beyond MaxLineBytes is passed over.
func (j *jsonLines) readLine() ([]byte, error) {
	j.line++
	j.buf = j.buf[:0]
	tooLong := false
	for {
		part, err := j.src.ReadSlice('\n')
		if len(j.buf)+len(part) > MaxLineBytes+len("\r\n") {
			tooLong = true
		} else {
			j.buf = append(j.buf, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && (!errors.Is(err, io.EOF) || len(j.buf) == 0 && !tooLong) {
			return nil, err
		}
		line := bytes.TrimSpace(j.buf)
		if tooLong || len(line) > MaxLineBytes {
			return nil, errLineTooLong
		}
		return line, nil
	}
}

func (j *jsonLines) next() (Row, error) {
	for {
		line, err := j.readLine()
		switch {
		case errors.Is(err, errLineTooLong):
			return j.failed(&RowError{Code: faultRowSize, Message: fmt.Sprintf("the line is longer than %d bytes", MaxLineBytes), Remedy: "write one lead per line"}), nil
		case err != nil:
			return Row{}, err
		case len(line) == 0:
			continue
		}
		if fault := checkText(line); fault != nil {
			return j.failed(fault), nil
		}
		j.build.start()
		if fault := j.object(line); fault != nil {
			return j.failed(fault), nil
		}
		return j.build.row(j.line), nil
	}
}

func (j *jsonLines) failed(fault *RowError) Row {
	fault.Line = j.line
	return Row{Line: j.line, Err: fault}
}

// object reads the one object of a line into the builder.
func (j *jsonLines) object(line []byte) *RowError {
	d := &document{dec: json.NewDecoder(bytes.NewReader(line))}
	d.dec.UseNumber()
	if d.token() != json.Delim('{') {
		return d.otherwise("row.json", "the line is not a JSON object", "write one object per line")
	}
	used := make(map[target]bool)
	d.members(func(key string) {
		to := j.target(key)
		if to > toExtra && !isPhone(to) {
			if used[to] {
				d.fail(key, "row.duplicate", "two keys give the same field", "leave one of them out")
			}
			used[to] = true
		}
		j.member(d, key, to)
	})
	if _, err := d.dec.Token(); d.fault == nil && !errors.Is(err, io.EOF) {
		d.fail("", "row.json", "there is text behind the object", "write one object per line")
	}
	return d.fault
}

// The keys of a lead's own JSON that hold more than one value. No column can be
// mapped to them.
const (
	manyNumbers = "numbers"
	manyFields  = "fields"
)

func (j *jsonLines) target(key string) target {
	switch field := j.field(key); field {
	case manyNumbers:
		return toNumbers
	case manyFields:
		return toFields
	default:
		return targets[field]
	}
}

// field is where a key's value goes.
func (j *jsonLines) field(key string) string {
	name := strings.ToLower(strings.TrimSpace(key))
	if field, ok := j.mapping[name]; ok {
		return field
	}
	if name == manyNumbers || name == manyFields {
		return name
	}
	if to, ok := targets[name]; ok && to > toExtra {
		return name
	}
	if field := fieldNamed(key); field != "" {
		return field
	}
	return Extra
}

// member reads the value of a key.
func (j *jsonLines) member(d *document, key string, to target) {
	switch to {
	case toNumbers:
		d.elements(key, func() { j.number(d, key) })
	case toFields:
		if d.open(key, '{') {
			fields := make(map[string]string)
			d.members(func(name string) { fields[name] = d.scalar(name, d.token()) })
			j.build.extras(fields)
		}
	default:
		j.build.set(to, key, d.scalar(key, d.token()))
	}
}

// number reads an element of "numbers".
func (j *jsonLines) number(d *document, key string) {
	p := phone{column: key}
	first := d.token()
	if first != json.Delim('{') {
		p.text = d.scalar(key, first)
	} else {
		d.members(func(name string) {
			value := d.scalar(key, d.token())
			switch name {
			case "number":
				p.text = value
			case "extension":
				p.extension = strings.TrimSpace(value)
			case "type":
				kind, ok := knownType(value)
				if !ok {
					d.fail(key, "row.json", "the number's type is not mobile, home, work or other", "correct it or leave it out")
				}
				p.kind = kind
			default:
				d.fail(key, "row.json", "a number has only number, type and extension", "leave other keys out")
			}
		})
	}
	if p.text = strings.TrimSpace(p.text); p.text != "" {
		j.build.phones = append(j.build.phones, p)
	}
}
