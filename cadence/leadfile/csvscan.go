package leadfile

import (
	"bufio"
	"bytes"

	"github.com/carillon-dialer/carillon/cadence"
)

func knownDelimiter(c byte) bool { return c == ',' || c == ';' || c == '\t' || c == '|' }

// csvScanner cuts text into records as spreadsheets write them: fields may be
// quoted, quotes are doubled inside, and lines end with LF, CR LF or CR. It
// holds one record at a time and never more than its limits: what goes beyond
// is passed over, and the record says so.
type csvScanner struct {
	src       *bufio.Reader
	delimiter byte
	line      int  // of the next byte
	afterCR   bool // the last byte was CR

	record
}

// record is what a scan found. Its bytes are valid until the next scan.
type record struct {
	start int    // line it begins on
	text  []byte // all fields, one after the other
	ends  []int  // where each field ends in text
	fault string // why it cannot be used, one of the fault… codes
	at    int    // field of the fault, counted from 0
	ended bool   // its end of line was there
}

// What can be wrong with a record. The texts are codes of a RowError.
const (
	faultFieldSize = "row.field_too_long"
	faultRowSize   = "row.too_long"
	faultColumns   = "row.too_many_columns"
	faultQuote     = "row.quote"
	faultOpenQuote = "row.quote_not_closed"
)

func newCSVScanner(src *bufio.Reader, delimiter byte) *csvScanner {
	return &csvScanner{src: src, delimiter: delimiter, line: 1}
}

func (r *record) field(i int) []byte {
	from := 0
	if i > 0 {
		from = r.ends[i-1]
	}
	return r.text[from:r.ends[i]]
}

// blank reports whether the record is an empty line.
func (r *record) blank() bool { return len(r.ends) == 1 && len(r.text) == 0 && r.fault == "" }

// hollow reports whether the record has nothing but blanks in its fields, as
// spreadsheets write the rows below the last one that holds something.
func (r *record) hollow() bool { return r.fault == "" && len(bytes.TrimSpace(r.text)) == 0 }

func (r *record) blame(fault string, field int) {
	if r.fault == "" {
		r.fault, r.at = fault, field
	}
}

// state is where in a field the scanner is.
type state uint8

const (
	fieldStart state = iota
	plain
	quoted
	quoteSeen // inside quotes, after a quote: doubled, or the end
	spoiled   // after text behind a closing quote
)

// scan reads the next record that is not an empty line. It returns io.EOF
// after the last one, and the error of the source.
func (s *csvScanner) scan() error {
	for {
		if err := s.scanLine(); err != nil {
			return err
		}
		if !s.blank() {
			return nil
		}
	}
}

// scanHeld is scan, but passes over records of blank fields too.
func (s *csvScanner) scanHeld() error {
	for {
		if err := s.scan(); err != nil || !s.hollow() {
			return err
		}
	}
}

func (s *csvScanner) scanLine() error {
	if err := s.passLF(); err != nil {
		return err
	}
	s.record = record{text: s.text[:0], ends: s.ends[:0], start: s.line}
	fields, at, read := 0, fieldStart, false
	for {
		block, err := s.block()
		if err != nil {
			if !ended(err) || !read {
				return err
			}
			if at == quoted {
				s.blame(faultOpenQuote, fields)
			}
			s.endField(fields)
			return nil
		}
		used, done := 0, false
		for used < len(block) && !done {
			if at == plain || at == quoted {
				n := s.run(block[used:], at)
				s.keep(block[used:used+n], fields)
				s.afterCR = s.afterCR && n == 0
				if used += n; used == len(block) {
					break
				}
			}
			c := block[used]
			used++
			at, done = s.step(c, at, &fields)
		}
		read = read || used > 0
		s.discard(used)
		if done {
			s.ended = true
			return nil
		}
	}
}

// passLF passes over the LF of a CR LF whose CR ended the last record.
func (s *csvScanner) passLF() error {
	if !s.afterCR {
		return nil
	}
	next, err := s.src.Peek(1)
	if err != nil {
		return err
	}
	if next[0] == '\n' {
		s.discard(1)
	}
	s.afterCR = false
	return nil
}

// block is what the source has ready: at least a byte.
func (s *csvScanner) block() ([]byte, error) {
	if _, err := s.src.Peek(1); err != nil {
		return nil, err
	}
	return s.src.Peek(s.src.Buffered())
}

// discard passes over bytes that block has shown, which cannot fail.
func (s *csvScanner) discard(n int) {
	if _, err := s.src.Discard(n); err != nil {
		panic("BUG: leadfile: " + err.Error())
	}
}

// run is how many bytes at the front of the block are ordinary in a state.
func (s *csvScanner) run(block []byte, at state) int {
	if at == quoted {
		if n := bytes.IndexAny(block, "\"\r\n"); n >= 0 {
			return n
		}
		return len(block)
	}
	for i, c := range block {
		if c == s.delimiter || c == '\n' || c == '\r' {
			return i
		}
	}
	return len(block)
}

// step takes one byte and returns the state after it, and whether it ended
// the record.
func (s *csvScanner) step(c byte, at state, fields *int) (state, bool) {
	newline := s.count(c)
	switch {
	case at == quoted && c == '"':
		return quoteSeen, false
	case at == quoted:
		s.keep([]byte{c}, *fields)
		return quoted, false
	case newline:
		s.endField(*fields)
		return fieldStart, true
	case c == s.delimiter:
		s.endField(*fields)
		*fields++
		return fieldStart, false
	case at == fieldStart && c == '"':
		return quoted, false
	case at == quoteSeen && c == '"':
		s.keep([]byte{c}, *fields)
		return quoted, false
	case at == quoteSeen && c == ' ', at == spoiled:
		return at, false
	case at == quoteSeen:
		s.blame(faultQuote, *fields)
		return spoiled, false
	}
	s.keep([]byte{c}, *fields)
	return plain, false
}

// count keeps the line number and reports whether c ends a line. CR LF counts
// once.
func (s *csvScanner) count(c byte) bool {
	newline := c == '\r' || c == '\n'
	if newline && (c != '\n' || !s.afterCR) {
		s.line++
	}
	s.afterCR = c == '\r'
	return newline
}

// keep appends to the current field, within the limits.
func (s *csvScanner) keep(text []byte, field int) {
	from := 0
	if n := len(s.ends); n > 0 {
		from = s.ends[n-1]
	}
	switch {
	case len(text) == 0 || s.fault != "":
	case len(s.text)-from+len(text) > cadence.MaxFieldBytes:
		s.blame(faultFieldSize, field)
	case len(s.text)+len(text) > MaxRowBytes:
		s.blame(faultRowSize, field)
	default:
		s.text = append(s.text, text...)
	}
}

func (s *csvScanner) endField(field int) {
	if field >= MaxColumns {
		s.blame(faultColumns, field)
	}
	if s.fault == "" {
		s.ends = append(s.ends, len(s.text))
	}
}
