package leadfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
)

const (
	outlineRows    = 100 // rows that an Outline looks at
	outlineSamples = 3   // values it shows of a column
	sampleLetters  = 60  // letters it shows of a value
)

// Outline is how a file is written and what its first rows hold, for somebody
// who is to say where its columns go. It is there also for a file of which
// nothing says yet which column holds the numbers.
type Outline struct {
	Format    Format
	Encoding  Encoding
	Delimiter byte // of CSV, else 0
	Columns   []Outlined
}

// Outlined is a column of a CSV file, or a key of JSON lines. Samples are some
// of its different values, without those that are blank.
type Outlined struct {
	Name    string
	Field   string // by the mapping, else by the guess, else Extra; "numbers" and "fields" for keys that hold several values
	Samples []string
}

// Look reads the beginning of a file. It fails like Open, but not for the lack
// of a column with telephone numbers.
func Look(r io.Reader, o Options) (*Outline, error) {
	if err := checkMapping(o.Mapping); err != nil {
		return nil, err
	}
	reader := &Reader{raw: &counter{src: r}}
	text, err := reader.decode()
	if err != nil {
		return nil, err
	}
	out := &Outline{Encoding: reader.encoding}
	if out.Format, err = findFormat(text, o.Format); err != nil {
		return nil, err
	}
	if out.Format == JSONL {
		err = out.lookJSON(newJSONLines(text, o))
	} else {
		err = out.lookCSV(text, o)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (x *Outline) lookCSV(text *bufio.Reader, o Options) error {
	rows, names, err := beginCSV(text, o)
	if err != nil {
		return err
	}
	columns, _, err := place(names, o.Mapping)
	if err != nil {
		return err
	}
	x.Delimiter = rows.scan.delimiter
	for _, c := range columns {
		x.Columns = append(x.Columns, Outlined{Name: c.Name, Field: c.Field})
	}
	for range outlineRows {
		if err := rows.scan.scan(); err != nil {
			return endOr(err)
		}
		for i := range min(len(rows.scan.ends), len(x.Columns)) {
			x.Columns[i].sample(rows.scan.field(i))
		}
	}
	return nil
}

// lookJSON passes over what is no object: the rows will complain about it.
func (x *Outline) lookJSON(lines *jsonLines) error {
	at := map[string]int{}
	for range outlineRows {
		line, err := lines.readLine()
		if err != nil && !errors.Is(err, errLineTooLong) {
			return endOr(err)
		}
		for key, value := range members(line) {
			i, known := at[key]
			if !known {
				if len(x.Columns) == MaxColumns {
					continue
				}
				i = len(x.Columns)
				at[key] = i
				x.Columns = append(x.Columns, Outlined{Name: key, Field: lines.field(key)})
			}
			x.Columns[i].sample(value)
		}
	}
	return nil
}

// members goes through an object's keys in their order, as far as it can be
// read. The values are texts, or JSON as it is written.
func members(line []byte) func(yield func(string, []byte) bool) {
	return func(yield func(string, []byte) bool) {
		dec := json.NewDecoder(bytes.NewReader(line))
		if t, err := dec.Token(); err != nil || t != json.Delim('{') {
			return
		}
		for dec.More() {
			t, err := dec.Token()
			key, ok := t.(string)
			var value json.RawMessage
			if err != nil || !ok || len(key) > maxNameBytes || dec.Decode(&value) != nil {
				return
			}
			var text string
			if json.Unmarshal(value, &text) == nil {
				value = json.RawMessage(text)
			}
			if !yield(key, value) {
				return
			}
		}
	}
}

// sample keeps a value that is not there yet.
func (c *Outlined) sample(value []byte) {
	value = bytes.TrimSpace(value)
	if len(c.Samples) == outlineSamples || len(value) == 0 || string(value) == "null" {
		return
	}
	text := []rune(strings.ReplaceAll(strings.ToValidUTF8(string(value[:min(len(value), cadence.MaxFieldBytes)]), "\uFFFD"), "\x00", "\uFFFD"))
	if len(text) > sampleLetters {
		text = append(text[:sampleLetters], '…')
	}
	if s := string(text); !slices.Contains(c.Samples, s) {
		c.Samples = append(c.Samples, s)
	}
}

// endOr is nil at the end of a file.
func endOr(err error) error {
	if ended(err) {
		return nil
	}
	return fmt.Errorf("read leads: %w", err)
}
