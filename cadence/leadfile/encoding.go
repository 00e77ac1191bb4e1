package leadfile

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Encoding is how the characters of a file are written.
type Encoding string

// The encodings. Windows-1252 is assumed for files that are not UTF-8.
const (
	UTF8        Encoding = "utf-8"
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
	Windows1252 Encoding = "windows-1252"
)

// sampleBytes is how much of a file decides about its encoding.
const sampleBytes = 64 << 10

// broken is written where a character cannot be decoded. It is never valid
// UTF-8, so the row that holds it becomes an error.
const broken = 0xFF

// decode finds the encoding and returns the file as UTF-8. Characters that
// cannot be decoded later on are left for the rows to complain about.
func (r *Reader) decode() (*bufio.Reader, error) {
	raw := bufio.NewReaderSize(r.raw, sampleBytes)
	sample, err := raw.Peek(sampleBytes)
	if err != nil && !ended(err) {
		return nil, fmt.Errorf("read leads: %w", err)
	}
	if err := refuseBinary(sample); err != nil {
		return nil, err
	}
	var mark int
	r.encoding, mark = detect(sample, err != nil)
	if _, err := raw.Discard(mark); err != nil {
		return nil, fmt.Errorf("read leads: %w", err)
	}
	switch r.encoding {
	case UTF16LE, UTF16BE:
		return bufio.NewReaderSize(&decoder{src: raw, decode: utf16Decoder(r.encoding == UTF16BE)}, sampleBytes), nil
	case Windows1252:
		return bufio.NewReaderSize(&decoder{src: raw, decode: decode1252}, sampleBytes), nil
	default:
		return raw, nil
	}
}

// refuseBinary recognises the files people mistake for CSV.
func refuseBinary(sample []byte) error {
	for _, known := range []struct{ magic, name, remedy string }{
		{"PK\x03\x04", "a spreadsheet or zip archive", "export the sheet as CSV (UTF-8)"},
		{"\xd0\xcf\x11\xe0", "an old Excel workbook", "export the sheet as CSV (UTF-8)"},
		{"\x1f\x8b", "compressed with gzip", "unpack it first"},
		{"%PDF", "a PDF document", "export the list as CSV"},
		{"\xff\xfe\x00\x00", "written in UTF-32", "save it as UTF-8"},
		{"\x00\x00\xfe\xff", "written in UTF-32", "save it as UTF-8"},
	} {
		if bytes.HasPrefix(sample, []byte(known.magic)) {
			return &FileError{"file.kind", "the file is " + known.name, known.remedy}
		}
	}
	return nil
}

// detect looks for a byte order mark, then for the zeros that UTF-16 has in
// every other byte of Western text, then at whether the sample is UTF-8. whole
// says that the sample is all there is. mark is the length of the mark.
func detect(sample []byte, whole bool) (e Encoding, mark int) {
	switch {
	case bytes.HasPrefix(sample, []byte("\xef\xbb\xbf")):
		return UTF8, 3
	case bytes.HasPrefix(sample, []byte("\xff\xfe")):
		return UTF16LE, 2
	case bytes.HasPrefix(sample, []byte("\xfe\xff")):
		return UTF16BE, 2
	}
	var zeros [2]int
	for i, c := range sample {
		if c == 0 {
			zeros[i%2]++
		}
	}
	const many = 3 // at least a third of one half, and next to none of the other
	switch half := len(sample) / 2; {
	case half >= 2 && zeros[1]*many >= half && zeros[0]*10 <= zeros[1]:
		return UTF16LE, 0
	case half >= 2 && zeros[0]*many >= half && zeros[1]*10 <= zeros[0]:
		return UTF16BE, 0
	}
	if !whole {
		sample = cutPartial(sample)
	}
	if utf8.Valid(sample) {
		return UTF8, 0
	}
	return Windows1252, 0
}

// cutPartial takes off a last character of which only the beginning is there.
func cutPartial(sample []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(sample); n++ {
		if tail := sample[len(sample)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return sample[:len(sample)-n]
			}
			break
		}
	}
	return sample
}

// decoder turns another encoding into UTF-8, a block at a time.
type decoder struct {
	src io.Reader
	// decode appends the text of block to out and returns the bytes it could
	// not use yet. last says that no more will come.
	decode  func(out, block []byte, last bool) (text, rest []byte)
	pending []byte // undecoded, the end of buf
	text    []byte // decoded
	out     []byte // the part of text not yet handed out
	buf     [8 << 10]byte
	err     error
}

// Read implements io.Reader.
func (d *decoder) Read(p []byte) (int, error) {
	for len(d.out) == 0 && d.err == nil {
		have := copy(d.buf[:], d.pending)
		n, err := d.src.Read(d.buf[have:])
		d.err = err
		d.text, d.pending = d.decode(d.text[:0], d.buf[:have+n], err != nil)
		d.out = d.text
	}
	n := copy(p, d.out)
	d.out = d.out[n:]
	if n == 0 {
		return 0, d.err
	}
	return n, nil
}

func decode1252(out, block []byte, _ bool) (text, rest []byte) {
	for _, c := range block {
		switch r := charmap.Windows1252.DecodeByte(c); {
		case c < utf8.RuneSelf:
			out = append(out, c)
		case r == utf8.RuneError || r < 0xA0: // five codes have no character
			out = append(out, broken)
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return out, nil
}
