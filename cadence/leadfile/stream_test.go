package leadfile_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence/leadfile"
)

// endless makes a file while it is read: head, then rows, then nothing. It
// holds one row at a time.
type endless struct {
	head string
	rows int
	row  func(i int) string
	made int
	text string
}

func (e *endless) Read(p []byte) (int, error) {
	for e.text == "" {
		switch {
		case e.head != "":
			e.text, e.head = e.head, ""
		case e.made < e.rows:
			e.text = e.row(e.made)
			e.made++
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, e.text)
	e.text = e.text[n:]
	return n, nil
}

func csvRow(i int) string {
	return fmt.Sprintf("x%d,Lead %05d,+1303555%04d,lead%d@example.com,CO,\"quoted, %d\"\r\n", i, i, 100+i%100, i, i)
}

const csvHead = "Record Id,Name,Phone,Email,State,Note\r\n"

func jsonRow(i int) string {
	return fmt.Sprintf("{\"id\":\"x%d\",\"name\":\"Lead %05d\",\"phone\":\"+1303555%04d\",\"note\":%d}\n", i, i, 100+i%100, i)
}

func liveBytes() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Memory must not grow with the file: what is alive after many rows is what
// was alive after the first, within a megabyte.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	const rows = 200_000
	for name, file := range map[string]*endless{
		"csv":  {head: csvHead, rows: rows, row: csvRow},
		"json": {rows: rows / 4, row: jsonRow},
	} {
		r, err := leadfile.Open(file, us)
		if err != nil {
			t.Fatal(err)
		}
		good, first := 0, uint64(0)
		for {
			row, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || row.Err != nil {
				t.Fatal(err, row.Err)
			}
			if good++; good == 1000 {
				first = liveBytes()
			}
		}
		if last := liveBytes(); good != file.rows || last > first+1<<20 {
			t.Errorf("%s: %d of %d rows, %d bytes alive, %d after the first thousand", name, good, file.rows, last, first)
		}
		runtime.KeepAlive(r)
	}
}

// A field of 100 MB is that row's error, and costs no more memory than any.
func TestHugeFieldIsPassedOver(t *testing.T) {
	const chunk = 1 << 20
	filler := strings.Repeat("x", chunk)
	for name, parts := range map[string][2]string{
		"csv, plain":  {"phone,note\n3035550142,", "\n3035550143,a\n"},
		"csv, quoted": {"phone,note\n3035550142,\"", "\"\n3035550143,a\n"},
		"json":        {`{"phone":"3035550142","note":"`, "\"}\n{\"phone\":\"3035550143\"}\n"},
	} {
		file := &endless{head: parts[0], rows: 101, row: func(i int) string {
			if i == 100 {
				return parts[1]
			}
			return filler
		}}
		before := liveBytes()
		var m0, m1 runtime.MemStats
		runtime.ReadMemStats(&m0)
		r, err := leadfile.Open(file, us)
		if err != nil {
			t.Fatal(err)
		}
		rows := drain(t, r)
		runtime.ReadMemStats(&m1)
		if got := codes(rows); got != "row.field_too_long ok" && got != "row.too_long ok" {
			t.Errorf("%s: %s", name, got)
		}
		if made := m1.TotalAlloc - m0.TotalAlloc; made > 4<<20 {
			t.Errorf("%s: allocated %d bytes (%d alive before)", name, made, before)
		}
	}
}

// Whatever encoding/csv writes must be read back as it was.
func TestReadsWhatEncodingCSVWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching("[ -~\u00e9\n\r\",;]{0,12}")
		columns := rapid.IntRange(1, 4).Draw(t, "columns")
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Comma = rapid.SampledFrom([]rune{',', ';', '\t', '|'}).Draw(t, "comma")
		w.UseCRLF = rapid.Bool().Draw(t, "crlf")
		header := []string{"phone"}
		for i := range columns {
			header = append(header, fmt.Sprintf("f%d", i))
		}
		records := [][]string{header}
		for range rapid.IntRange(0, 4).Draw(t, "rows") {
			record := []string{"+13035550142"}
			for range columns {
				record = append(record, text.Draw(t, "field"))
			}
			records = append(records, record)
		}
		if err := w.WriteAll(records); err != nil {
			t.Fatal(err)
		}
		r, err := leadfile.Open(strings.NewReader(b.String()), us)
		if err != nil {
			t.Fatalf("Open(%q): %v", b.String(), err)
		}
		line := 1 + strings.Count(strings.Join(header, ""), "\n")
		for _, record := range records[1:] {
			row, err := r.Next()
			if err != nil || row.Err != nil {
				t.Fatalf("%q: %v, %v", record, err, row.Err)
			}
			for i, want := range record[1:] {
				if w.UseCRLF { // the writer turns LF into CR LF
					want = strings.ReplaceAll(strings.ReplaceAll(want, "\r", ""), "\n", "\r\n")
				}
				if got := row.Lead.Fields[header[i+1]]; got != want && strings.TrimSpace(want) != "" {
					t.Fatalf("in %q: field %q, want %q", b.String(), got, want)
				}
			}
			if row.Line <= line-1 {
				t.Fatalf("line %d after %d", row.Line, line)
			}
			line = row.Line + 1
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Fatalf("at the end: %v", err)
		}
	})
}

func benchRead(b *testing.B, file func(rows int) *endless, o leadfile.Options) {
	const rows = 20_000
	b.ReportAllocs()
	for b.Loop() {
		r, err := leadfile.Open(file(rows), o)
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = r.Next()
		}
		if !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
}

// prepared is the same rows, made before they are measured.
func prepared(head string, row func(int) string) func(int) *endless {
	var all strings.Builder
	for i := range 20_000 {
		all.WriteString(row(i))
	}
	return func(int) *endless { return &endless{head: head + all.String()} }
}

func BenchmarkCSV(b *testing.B) { benchRead(b, prepared(csvHead, csvRow), us) }

func BenchmarkJSONL(b *testing.B) { benchRead(b, prepared("", jsonRow), us) }
