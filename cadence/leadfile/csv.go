package leadfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/carillon-dialer/carillon/cadence"
)

// maxNameBytes is the longest name of a column.
const maxNameBytes = 256

// csvRows reads leads from CSV.
type csvRows struct {
	scan    *csvScanner
	columns []Column
	targets []target
	build   builder
}

// openCSV reads the header and says where each column goes.
func openCSV(text *bufio.Reader, o Options) (*csvRows, error) {
	rows, names, err := beginCSV(text, o)
	if err != nil {
		return nil, err
	}
	if rows.columns, rows.targets, err = assign(names, o.Mapping); err != nil {
		return nil, err
	}
	return rows, nil
}

// beginCSV reads the header.
func beginCSV(text *bufio.Reader, o Options) (*csvRows, []string, error) {
	sample, err := text.Peek(sampleBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("read leads: %w", err)
	}
	line, delimiter := 1, o.Delimiter
	if told, size, ok := toldDelimiter(sample); ok {
		if _, err := text.Discard(size); err != nil {
			return nil, nil, fmt.Errorf("read leads: %w", err)
		}
		line, sample = 2, sample[size:]
		if delimiter == 0 {
			delimiter = told
		}
	}
	if delimiter == 0 {
		delimiter = guessDelimiter(sample)
	}
	rows := &csvRows{scan: newCSVScanner(text, delimiter), build: builder{region: o.Region}}
	rows.scan.line = line
	names, err := rows.header()
	return rows, names, err
}

// header reads the names of the columns.
func (c *csvRows) header() ([]string, error) {
	err := c.scan.scanHeld()
	switch {
	case errors.Is(err, io.EOF):
		return nil, &FileError{"file.empty", "the file is empty", "export it again, with a header line"}
	case err != nil:
		return nil, fmt.Errorf("read leads: %w", err)
	case c.scan.fault == faultColumns:
		return nil, &FileError{"file.too_many_columns", fmt.Sprintf("the file has more than %d columns", MaxColumns), "export only the columns you need"}
	case c.scan.fault != "":
		return nil, &FileError{"file.header", "the header line cannot be read: " + faultTexts[c.scan.fault].message, faultTexts[c.scan.fault].remedy}
	}
	var names []string
	for i := range c.scan.ends {
		name := bytes.TrimSpace(c.scan.field(i))
		if !utf8.Valid(name) || bytes.IndexByte(name, 0) >= 0 || len(name) > maxNameBytes {
			return nil, &FileError{"file.header", fmt.Sprintf("the name of column %d is not readable text of at most %d bytes", i+1, maxNameBytes), "save the file as UTF-8, with a header line"}
		}
		if len(name) == 0 {
			name = fmt.Appendf(nil, "column_%d", i+1)
		}
		names = append(names, string(name))
	}
	return names, nil
}

// next reads a row.
func (c *csvRows) next() (Row, error) {
	if err := c.scan.scanHeld(); err != nil {
		return Row{}, err
	}
	line := c.scan.start
	if fault := c.check(); fault != nil {
		fault.Line = line
		return Row{Line: line, Err: fault}, nil //nolint:nilerr // the row carries its fault; the file reads on
	}
	c.build.start()
	text, from := string(c.scan.text), 0
	for i, end := range c.scan.ends {
		value := text[from:end]
		from = end
		if i >= len(c.targets) || c.targets[i] == toNothing || value == "" {
			continue
		}
		c.build.set(c.targets[i], c.columns[i].Name, value)
	}
	return c.build.row(line), nil
}

// check looks at the record as a whole.
func (c *csvRows) check() *RowError {
	r := &c.scan.record
	if r.fault != "" {
		t := faultTexts[r.fault]
		return &RowError{Column: c.name(r.at), Code: r.fault, Message: t.message, Remedy: t.remedy}
	}
	for i := len(c.columns); i < len(r.ends); i++ {
		if len(bytes.TrimSpace(r.field(i))) > 0 {
			return &RowError{Code: "row.columns", Message: fmt.Sprintf("the row has %d fields, the header %d", len(r.ends), len(c.columns)), Remedy: "quote fields that hold the delimiter"}
		}
	}
	if len(r.ends) < len(c.columns) && !r.ended {
		return &RowError{Code: "row.cut_off", Message: "the file ends in the middle of this row", Remedy: "export or upload the file again"}
	}
	for i := range r.ends {
		if column, fault := c.name(i), checkText(r.field(i)); fault != nil {
			fault.Column = column
			return fault
		}
	}
	return nil
}

// name is a column's name, or its number when the header does not have it.
func (c *csvRows) name(i int) string {
	if i < len(c.columns) {
		return c.columns[i].Name
	}
	return fmt.Sprintf("column_%d", i+1)
}

// checkText refuses what no field may hold.
func checkText(value []byte) *RowError {
	for _, b := range value {
		if b >= utf8.RuneSelf {
			if !utf8.Valid(value) {
				return &RowError{Code: "row.encoding", Message: "the field holds bytes that are no text in the file's encoding", Remedy: "save the file as UTF-8"}
			}
			break
		}
	}
	if bytes.IndexByte(value, 0) >= 0 {
		return &RowError{Code: "row.nul", Message: "the field holds a NUL character", Remedy: "remove it, or save the file as UTF-8"}
	}
	return nil
}

type faultText struct{ message, remedy string }

var faultTexts = map[string]faultText{
	faultFieldSize: {fmt.Sprintf("the field is longer than %d bytes", cadence.MaxFieldBytes), "shorten it, or leave the column out"},
	faultRowSize:   {fmt.Sprintf("the row is longer than %d bytes", MaxRowBytes), "leave columns out"},
	faultColumns:   {fmt.Sprintf("the row has more than %d columns", MaxColumns), "quote fields that hold the delimiter"},
	faultQuote:     {"there is text behind a closing quote", "double the quotes inside a quoted field"},
	faultOpenQuote: {"a quoted field is not closed before the end of the file: all rows from here on are in it", "close the quote, or double quotes inside a quoted field"},
}

// toldDelimiter reads the line "sep=;" that Excel takes as an instruction, and
// its length.
func toldDelimiter(sample []byte) (delimiter byte, size int, ok bool) {
	const head = "sep="
	if len(sample) <= len(head)+1 || !strings.EqualFold(string(sample[:len(head)]), head) || !knownDelimiter(sample[len(head)]) {
		return 0, 0, false
	}
	for _, end := range []string{"\r\n", "\n", "\r"} {
		if bytes.HasPrefix(sample[len(head)+1:], []byte(end)) {
			return sample[len(head)], len(head) + 1 + len(end), true
		}
	}
	return 0, 0, false
}

// guessDelimiter is the candidate that stands most often in the first line
// outside quotes; the comma when there is none.
func guessDelimiter(sample []byte) byte {
	const candidates = ",;\t|"
	var counts [len(candidates)]int
	inQuotes := false
	for _, c := range bytes.TrimLeft(sample, "\r\n") {
		if c == '"' {
			inQuotes = !inQuotes
		}
		if inQuotes {
			continue
		}
		if c == '\n' || c == '\r' {
			break
		}
		if i := strings.IndexByte(candidates, c); i >= 0 {
			counts[i]++
		}
	}
	best := 0
	for i, n := range counts {
		if n > counts[best] {
			best = i
		}
	}
	return candidates[best]
}
