package leadfile

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/carillon-dialer/carillon/cadence"
)

// NumberRow is one line of a file of numbers. Err is set when there is no
// number in it.
type NumberRow struct {
	Line   int
	Number cadence.Number
	Err    *RowError
}

// NumberReader reads a file of telephone numbers: one on each line, or the
// column of a CSV file, with or without a header. An area code and a local
// number in the first two columns, as the national list of the United States
// has them, are one number. It holds one line at a time and is used by one
// goroutine.
type NumberReader struct {
	scan   *csvScanner
	region string
	column int
	ahead  bool // the first record is scanned and not yet given
	err    error
}

// OpenNumbers reads the beginning of a file of numbers. Numbers without a
// country code are of region. It fails with a *FileError when the file cannot
// hold numbers, or with the error of r.
func OpenNumbers(r io.Reader, region string) (*NumberReader, error) {
	text, err := (&Reader{raw: &counter{src: r}}).decode()
	if err != nil {
		return nil, err
	}
	sample, err := text.Peek(sampleBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read numbers: %w", err)
	}
	line := 1
	delimiter, size, told := toldDelimiter(sample)
	if told {
		if _, err := text.Discard(size); err != nil {
			return nil, fmt.Errorf("read numbers: %w", err)
		}
		line = 2
	} else {
		delimiter = guessDelimiter(sample)
	}
	n := &NumberReader{scan: newCSVScanner(text, delimiter), region: region, ahead: true}
	n.scan.line = line
	for {
		if err := n.scan.scan(); err != nil {
			if ended(err) {
				return nil, &FileError{"file.empty", "the file is empty", "write one number on each line"}
			}
			return nil, fmt.Errorf("read numbers: %w", err)
		}
		if !n.scan.blank() {
			break
		}
	}
	if n.isHeader() {
		n.column, n.ahead = n.headed(), false
	}
	return n, nil
}

// localDigits is what a telephone number has at least: no name has so many.
const localDigits = 7

// isHeader reports whether the first record has names in it and no number. The
// name of a column may have a digit where another is called a number's: "Phone
// 1", "phone_e164", "Address 1". A number may begin with letters: "tel:+1303…".
func (n *NumberReader) isHeader() bool {
	named, digit, letters := false, false, false
	for i := range n.scan.ends {
		text := string(n.scan.field(i))
		digits := 0
		for _, r := range text {
			if unicode.IsDigit(r) {
				digits++
			}
			letters = letters || unicode.IsLetter(r)
		}
		if digits >= localDigits {
			return false
		}
		named, digit = named || numbersNamed(text), digit || digits > 0
	}
	return named || letters && !digit
}

// headed is the column that the header calls a telephone number's, else the
// first.
func (n *NumberReader) headed() int {
	for i := range n.scan.ends {
		if numbersNamed(string(n.scan.field(i))) {
			return i
		}
	}
	return 0
}

// numbersNamed reports whether a column of that name holds telephone numbers.
func numbersNamed(name string) bool {
	return strings.HasPrefix(fieldNamed(name), "phone") || fold(name) == "number"
}

// Next returns the next line that is not blank. At the end of the file it
// returns io.EOF, and the error of the underlying reader when that fails; both
// stay. A quote that is never closed is an error: nobody knows what is in it.
func (n *NumberReader) Next() (NumberRow, error) {
	for n.err == nil {
		if !n.ahead {
			if err := n.scan.scan(); err != nil {
				n.err = err
				if !ended(err) {
					n.err = fmt.Errorf("read numbers: %w", err)
				}
				break
			}
		}
		n.ahead = false
		switch {
		case n.scan.fault == faultOpenQuote:
			n.err = &FileError{faultOpenQuote, fmt.Sprintf("line %d: %s", n.scan.start, faultTexts[faultOpenQuote].message), faultTexts[faultOpenQuote].remedy}
		case !n.scan.blank():
			return n.row(), nil
		}
	}
	return NumberRow{}, n.err
}

func (n *NumberReader) row() NumberRow {
	row := NumberRow{Line: n.scan.start}
	if n.scan.fault != "" {
		t := faultTexts[n.scan.fault]
		row.Err = &RowError{Line: row.Line, Code: n.scan.fault, Message: t.message, Remedy: t.remedy}
		return row
	}
	number, ext, err := cadence.ParseNumber(n.text(), n.region)
	fault, bad := errors.AsType[*cadence.NumberError](err)
	switch {
	case bad:
		row.Err = &RowError{Line: row.Line, Code: fault.Code, Message: fault.Message, Remedy: fault.Remedy}
	case ext != "":
		row.Err = &RowError{Line: row.Line, Code: "number.extension", Message: "the number has an extension", Remedy: "list the number alone: all of its extensions are then on the list"}
	default:
		row.Number = number
	}
	return row
}

// text is the number as written, "" when the line has no such column.
func (n *NumberReader) text() string {
	if n.column >= len(n.scan.ends) {
		return ""
	}
	text := unwrap(strings.TrimSpace(string(n.scan.field(n.column))))
	if len(text) == 3 && n.column+1 < len(n.scan.ends) {
		if local := strings.TrimSpace(string(n.scan.field(n.column + 1))); len(local) == 7 {
			return text + local
		}
	}
	return text
}
