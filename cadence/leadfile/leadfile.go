// Package leadfile reads lists of leads as CRM systems, spreadsheets and
// people export them: CSV in its many dialects and JSON lines. It streams: its
// memory does not grow with the file, whatever the file holds. What is wrong
// with a row is that row's error and does not stop the others.
package leadfile

import (
	"bufio"
	"fmt"
	"io"

	"github.com/carillon-dialer/carillon/cadence"
)

// Format is how a file is written.
type Format string

// The formats. Auto, the zero value, looks at the first character: JSON lines
// begin with a brace.
const (
	Auto  Format = ""
	CSV   Format = "csv"
	JSONL Format = "jsonl"
)

// Limits of a file. What goes beyond is an error of the row, or of the file
// when it is in the header.
const (
	MaxColumns   = 1000
	MaxRowBytes  = 1 << 20   // of a CSV row
	MaxLineBytes = 256 << 10 // of a JSON line
)

// Options say how to read a file. The zero value guesses everything.
type Options struct {
	Format Format
	// Mapping assigns columns (or JSON keys) to fields, and goes before the
	// guess: see Guess for the fields. Ignore drops a column, Extra keeps it
	// as an extra field under its own name.
	Mapping map[string]string
	// Region (ISO 3166) is that of numbers without a country code, where the
	// lead itself has no country.
	Region string
	// Delimiter is the CSV delimiter: comma, semicolon, tab or bar; 0 guesses.
	Delimiter byte
}

// Row is one lead of the file, or what is wrong with it. Line is where the row
// begins, counted from 1 and including the header: together with the file's
// digest it identifies the row. Lead is set when Err is nil; it has no ID.
// Consent is what the row says the person agreed to, for the row's numbers, nil
// when it says nothing; whether there is such a kind is for others to know.
type Row struct {
	Line    int
	Lead    cadence.Lead
	Consent *cadence.ConsentRecord
	Err     *RowError
}

// RowError says what is wrong with a row. Code is stable; Column is the name
// of the column or key, "" when it concerns the whole row. No text quotes a
// value of the file, so that errors may be logged.
type RowError struct {
	Line    int
	Column  string
	Code    string
	Message string
	Remedy  string
}

// Error names the line, the column and the message.
func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Message)
	}
	return fmt.Sprintf("line %d, column %q: %s", e.Line, e.Column, e.Message)
}

// FileError says why a file cannot be read at all.
type FileError struct {
	Code    string
	Message string
	Remedy  string
}

// Error is the message.
func (e *FileError) Error() string { return e.Message }

// Reader reads the rows of one file. It is used by one goroutine.
type Reader struct {
	next      func() (Row, error)
	raw       *counter
	format    Format
	encoding  Encoding
	delimiter byte
	columns   []Column
	err       error
}

// Open reads the beginning of a file and finds out how it is written. It fails
// with a *FileError when the file cannot hold leads, or with the error of r.
// The Reader reads ahead of the rows it has given.
func Open(r io.Reader, o Options) (*Reader, error) {
	if !knownDelimiter(o.Delimiter) && o.Delimiter != 0 {
		return nil, &FileError{"file.delimiter", "the delimiter must be a comma, semicolon, tab or bar", "leave it out to have it guessed"}
	}
	if err := checkMapping(o.Mapping); err != nil {
		return nil, err
	}
	reader := &Reader{raw: &counter{src: r}}
	text, err := reader.decode()
	if err != nil {
		return nil, err
	}
	if reader.format, err = findFormat(text, o.Format); err != nil {
		return nil, err
	}
	if reader.format == JSONL {
		reader.next = newJSONLines(text, o).next
		return reader, nil
	}
	rows, err := openCSV(text, o)
	if err != nil {
		return nil, err
	}
	reader.next, reader.delimiter, reader.columns = rows.next, rows.scan.delimiter, rows.columns
	return reader, nil
}

// Next returns the next row. At the end of the file it returns io.EOF, and
// the error of the underlying reader when that fails; both stay.
func (r *Reader) Next() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	row, err := r.next()
	if err != nil {
		if !ended(err) {
			err = fmt.Errorf("read leads: %w", err)
		}
		r.err = err
	}
	return row, err
}

// ended reports whether err is the end of the file. Readers promise the bare
// io.EOF; one that is wrapped tells of a file that was cut short.
func ended(err error) bool {
	return err == io.EOF //nolint:errorlint // a wrapped io.EOF is a failure, not the end
}

// Format is how the file is written: CSV or JSONL.
func (r *Reader) Format() Format { return r.format }

// Encoding is how its characters are written.
func (r *Reader) Encoding() Encoding { return r.encoding }

// Delimiter is the delimiter of a CSV file, else 0.
func (r *Reader) Delimiter() byte { return r.delimiter }

// Columns is how the columns of a CSV file are understood; none for JSONL.
func (r *Reader) Columns() []Column { return r.columns }

// Offset is how many bytes of the file have been read, for showing progress.
func (r *Reader) Offset() int64 { return r.raw.n }

// findFormat looks at the first character that is not blank.
func findFormat(text *bufio.Reader, want Format) (Format, error) {
	first := byte(0)
	for n := 1; n <= text.Size() && first == 0; n++ {
		peek, err := text.Peek(n)
		if len(peek) < n {
			if err != io.EOF {
				return "", fmt.Errorf("read leads: %w", err)
			}
			return "", &FileError{"file.empty", "the file is empty", "export it again, with a header line"}
		}
		if c := peek[n-1]; c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			first = c
		}
	}
	switch {
	case want == CSV || want == JSONL:
		return want, nil
	case want != Auto:
		return "", &FileError{"file.format", "the format must be csv or jsonl", "leave it out to have it guessed"}
	case first == '[':
		return "", &FileError{"file.json_array", "the file is one JSON array", "write one object per line"}
	case first == '{':
		return JSONL, nil
	}
	return CSV, nil
}

// counter counts the bytes that go through it.
type counter struct {
	src io.Reader
	n   int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.n += int64(n)
	return n, err
}
