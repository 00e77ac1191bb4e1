package leadfile_test

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/leadfile"
)

var us = leadfile.Options{Region: "US"}

// readAll reads every row and fails on an error that is not a row's.
func readAll(t testing.TB, text string, o leadfile.Options) []leadfile.Row {
	t.Helper()
	r, err := leadfile.Open(strings.NewReader(text), o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return drain(t, r)
}

func drain(t testing.TB, r *leadfile.Reader) []leadfile.Row {
	t.Helper()
	var rows []leadfile.Row
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			if _, again := r.Next(); !errors.Is(again, io.EOF) {
				t.Errorf("after the end: %v", again)
			}
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}

// codes is each row's error code, "" where it is good.
func codes(rows []leadfile.Row) string {
	var all []string
	for _, r := range rows {
		code := "ok"
		if r.Err != nil {
			code = r.Err.Code
		}
		all = append(all, code)
	}
	return strings.Join(all, " ")
}

const crm = "Record Id;First Name;Last Name;Phone;Mobile;Email;Lead Status;State;Zip Code;Time Zone;Notes\r\n" +
	"z1;Lead;00001;(303) 555-0142 x12;+1 212 555 0100;lead1@example.com;New;Colorado;80202;america/denver;\"two\r\nlines; and a \"\"quote\"\"\"\r\n" +
	"z2;Lead;00002;;303.555.0143;;;co;;;\r\n" +
	"\r\n" +
	"z3;Lead;00003;;;;;;;;\r\n" +
	"z4;Lead;00004;3.03556E+09;;;;;;;\r\n" +
	"z5;Ren\u00e9e;00005;303-555-0144;;;;;;;=1+1\r\n"

func checkCRM(t *testing.T, rows []leadfile.Row) {
	t.Helper()
	if got := codes(rows); got != "ok ok lead.no_number number.scientific ok" {
		t.Fatalf("rows: %s", got)
	}
	var lines []int
	for _, r := range rows {
		lines = append(lines, r.Line)
		if r.Err != nil && (r.Err.Line != r.Line || r.Err.Remedy == "" || !strings.Contains(r.Err.Error(), r.Err.Message)) {
			t.Errorf("line %d: %+v", r.Line, r.Err)
		}
	}
	if !slices.Equal(lines, []int{2, 4, 6, 7, 8}) {
		t.Errorf("lines %v", lines)
	}
	first := rows[0].Lead
	if !slices.Equal(first.Numbers, []cadence.LeadNumber{
		{Number: "+13035550142", Extension: "12"}, {Number: "+12125550100", Type: cadence.Mobile},
	}) {
		t.Errorf("numbers %+v", first.Numbers)
	}
	if !maps.Equal(first.Fields, map[string]string{"Notes": "two\r\nlines; and a \"quote\""}) {
		t.Errorf("fields %q", first.Fields)
	}
	first.Numbers, first.Fields = nil, nil
	want := cadence.Lead{
		ExternalID: "z1", Name: "Lead 00001", FirstName: "Lead", LastName: "00001", Email: "lead1@example.com",
		Status: "New", State: "CO", PostalCode: "80202", Zone: "America/Denver",
	}
	if got, want := first, want; got.ExternalID != want.ExternalID || got.Name != want.Name || got.FirstName != want.FirstName ||
		got.LastName != want.LastName || got.Email != want.Email || got.Status != want.Status || got.State != want.State ||
		got.PostalCode != want.PostalCode || got.Zone != want.Zone {
		t.Errorf("lead %+v, want %+v", got, want)
	}
	if rows[3].Err.Column != "Phone" || rows[4].Lead.Fields["Notes"] != "=1+1" || rows[4].Lead.FirstName != "Ren\u00e9e" {
		t.Errorf("rows %+v, %+v", rows[3].Err, rows[4].Lead)
	}
}

func encode16(text string, big, mark bool) string {
	var b strings.Builder
	if mark {
		text = "\ufeff" + text
	}
	for _, u := range utf16.Encode([]rune(text)) {
		if big {
			b.WriteByte(byte(u >> 8))
		}
		b.WriteByte(byte(u))
		if !big {
			b.WriteByte(byte(u >> 8))
		}
	}
	return b.String()
}

func TestCRMExportInEveryEncoding(t *testing.T) {
	for name, c := range map[string]struct {
		text     string
		encoding leadfile.Encoding
	}{
		"utf-8":                 {crm, leadfile.UTF8},
		"utf-8 with a mark":     {"\xef\xbb\xbf" + crm, leadfile.UTF8},
		"windows-1252":          {strings.ReplaceAll(crm, "\u00e9", "\xe9"), leadfile.Windows1252},
		"utf-16le with a mark":  {encode16(crm, false, true), leadfile.UTF16LE},
		"utf-16be with a mark":  {encode16(crm, true, true), leadfile.UTF16BE},
		"utf-16le, no mark":     {encode16(crm, false, false), leadfile.UTF16LE},
		"utf-16be, no mark":     {encode16(crm, true, false), leadfile.UTF16BE},
		"told by Excel's line":  {"sep=;\r\n" + crm, leadfile.UTF8},
		"with blanks in front":  {"\r\n\r\n" + crm, leadfile.UTF8},
		"one byte at a time":    {crm, leadfile.UTF8},
		"the delimiter is told": {crm, leadfile.UTF8},
	} {
		t.Run(name, func(t *testing.T) {
			o, src := us, io.Reader(strings.NewReader(c.text))
			if strings.Contains(name, "one byte") {
				src = oneByte{src}
			}
			if strings.Contains(name, "told") {
				o.Delimiter = ';'
			}
			r, err := leadfile.Open(src, o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Encoding() != c.encoding || r.Delimiter() != ';' || r.Format() != leadfile.CSV {
				t.Errorf("found %s, %c, %s", r.Encoding(), r.Delimiter(), r.Format())
			}
			rows := drain(t, r)
			for i := range rows { // lines put in front count
				shift := strings.Count(c.text, "\n") - strings.Count(crm, "\n")
				if r.Encoding() == leadfile.UTF16BE || r.Encoding() == leadfile.UTF16LE {
					shift = 0
				}
				rows[i].Line -= shift
				if rows[i].Err != nil {
					rows[i].Err.Line -= shift
				}
			}
			checkCRM(t, rows)
			if r.Offset() != int64(len(c.text)) {
				t.Errorf("offset %d of %d", r.Offset(), len(c.text))
			}
		})
	}
}

type oneByte struct{ src io.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.src.Read(p[:min(1, len(p))]) }

func TestDialects(t *testing.T) {
	for name, text := range map[string]string{
		"comma": "phone,note\n3035550142,a\n", "semicolon": "phone;note\n3035550142;a\n",
		"tab": "phone\tnote\n3035550142\ta\n", "bar": "phone|note\n3035550142|a\n",
		"CR": "phone,note\r3035550142,a\r", "CR LF": "phone,note\r\n3035550142,a\r\n",
		"no end of line":             "phone,note\n3035550142,a",
		"mixed ends":                 "phone,note\r\n\n\r\r\n3035550142,a\r",
		"all quoted":                 "\"phone\",\"note\"\n\"3035550142\",\"a\"",
		"delimiter in a quoted name": "phone;\"note, a, b, c\"\n3035550142;a\n",
		"blanks behind quotes":       "\"phone\" ,note\n\"3035550142\" ,a\n",
		"an unnamed last column":     "phone,note,\n3035550142,a,\n",
		"trailing fields left out":   "phone,note,more,and more\n3035550142,a\n",
		"empty fields in excess":     "phone,note\n3035550142,a,,,\n",
		"rows of nothing around":     ",\r\nphone,note\r\n,\r\n3035550142,a\r\n , \r\n\"\",\"\"\r\n,,,\r\n",
		"text formula":               "phone,note\n\"=\"\"3035550142\"\"\",a\n",
	} {
		rows := readAll(t, text, us)
		if codes(rows) != "ok" || rows[0].Lead.Numbers[0].Number != "+13035550142" {
			t.Errorf("%s: %s %+v", name, codes(rows), rows)
			continue
		}
		if len(rows[0].Lead.Fields) != 1 {
			t.Errorf("%s: fields %q", name, rows[0].Lead.Fields)
		}
	}
}

func TestRowErrors(t *testing.T) {
	long := strings.Repeat("x", cadence.MaxFieldBytes)
	for _, c := range []struct{ name, text, codes, column string }{
		{"a field at the limit", "phone,note\n3035550142," + long + "\n", "ok", ""},
		{"a field beyond it", "phone,note\n3035550142," + long + "x\n3035550143,b\n", "row.field_too_long ok", "note"},
		{"the same, quoted", "phone,note\n3035550142,\"" + long + "\n\"\n3035550143,b\n", "row.field_too_long ok", "note"},
		{"more fields than columns", "phone,note\n3035550142,a,b\n3035550143,b\n", "row.columns ok", ""},
		{"far more fields", "phone\n" + strings.Repeat(",", 5000) + "\n3035550142\n", "row.too_many_columns ok", "column_1001"},
		{"cut off at the end", "phone,note\n3035550142,a\n3035550143", "ok row.cut_off", ""},
		{"text behind quotes", "phone,note\n3035550142,\"a\"b\n3035550143,b\n", "row.quote ok", "note"},
		{"a quote never closed", "phone,note\n3035550142,\"a\n3035550143,b\n", "row.quote_not_closed", "note"},
		{"bad UTF-8 beyond the sample", "phone,note\n" + strings.Repeat("3035550142,a\n", 6000) + "3035550142,\xff\n3035550142,b\n", "", "note"},
		{"half a character split over fields", "note,phone,more\n" + strings.Repeat("a,3035550142,b\n", 6000) + "\xc3,3035550142,\xa9\n", "", "note"},
		{"NUL", "phone,note\n3035550142,a\x00b\n3035550143,b\n", "row.nul ok", "note"},
		{"a bad second number", "phone,mobile\n3035550142,12\n", "number.short", "mobile"},
		{"a zone that is none", "phone,time zone\n3035550142,Mountain\n", "lead.zone", "time zone"},
		{"an abbreviation", "phone,time zone\n3035550142,EST\n", "lead.zone", "time zone"},
		{"a country that is none", "phone,country\n3035550142,Elbonia\n", "lead.country", "country"},
		{"eleven numbers", "p1,phone1,phone2,phone3,phone4,phone5,phone6,phone7,phone8,phone9,phone10,mobile\n" +
			"x,3035550100,3035550101,3035550102,3035550103,3035550104,3035550105,3035550106,3035550107,3035550108,3035550109,3035550110\n", "lead.too_many_numbers", ""},
		{"201 extra fields", "phone" + strings.Repeat(",", 201) + "\n3035550142" + strings.Repeat(",x", 201) + "\n", "lead.too_many_fields", "column_202"},
		{"a row beyond the limit", "phone" + strings.Repeat(",", 200) + "\n3035550142" + strings.Repeat(","+long, 200) + "\n3035550142\n", "row.too_long ok", "column_129"},
	} {
		rows := readAll(t, c.text, us)
		got := codes(rows)
		if c.codes == "" {
			c.codes, got = "row.encoding", strings.Join(slices.DeleteFunc(strings.Fields(got), func(s string) bool { return s == "ok" }), " ")
		}
		if got != c.codes {
			t.Errorf("%s: %s, want %s", c.name, got, c.codes)
		}
		for _, r := range rows {
			if r.Err != nil && r.Err.Column != c.column {
				t.Errorf("%s: blames column %q", c.name, r.Err.Column)
			}
		}
	}
}

func TestFileErrors(t *testing.T) {
	for _, c := range []struct {
		name, text, code string
		options          leadfile.Options
	}{
		{"nothing", "", "file.empty", us},
		{"blank lines", "\n\r\n \n", "file.empty", us},
		{"no phone column", "name,email\na,b\n", "file.no_phone", us},
		{"no header", "3035550142,Lead 00001\n", "file.no_phone", us},
		{"a name twice", "phone,Note,note\n", "file.duplicate_column", us},
		{"a million columns", "phone" + strings.Repeat(",x", 1_000_000), "file.too_many_columns", us},
		{"a huge name", "phone," + strings.Repeat("x", 300) + "\n", "file.header", us},
		{"an endless header", "phone," + strings.Repeat("x", 100_000) + "\n", "file.header", us},
		{"NUL in the header", "phone,a\x00\n", "file.header", us},
		{"a workbook", "PK\x03\x04rest", "file.kind", us},
		{"gzip", "\x1f\x8b\x08", "file.kind", us},
		{"a JSON array", " [{}]", "file.json_array", us},
		{"an unknown delimiter", "phone\n", "file.delimiter", leadfile.Options{Delimiter: '#'}},
		{"an unknown format", "phone\n", "file.format", leadfile.Options{Format: "xls"}},
		{"a mapping to nothing", "phone\n", "file.mapping", leadfile.Options{Mapping: map[string]string{"phone": "telephone"}}},
		{"a mapping from nothing", "phone\n", "file.mapping", leadfile.Options{Mapping: map[string]string{"fone": "phone"}}},
		{"a column twice", "phone,a\n", "file.mapping", leadfile.Options{Mapping: map[string]string{"a": "email", "A": "name"}}},
		{"a field twice", "phone,a,b\n", "file.mapping", leadfile.Options{Mapping: map[string]string{"a": "email", "b": "email"}}},
	} {
		_, err := leadfile.Open(strings.NewReader(c.text), c.options)
		fault, ok := errors.AsType[*leadfile.FileError](err)
		if !ok || fault.Code != c.code || fault.Remedy == "" {
			t.Errorf("%s: %+v (%v)", c.name, fault, err)
		}
	}
}

var errDisk = errors.New("disk on fire")

func TestReadErrorsAreTheFiles(t *testing.T) {
	broken := func(after string) io.Reader { return io.MultiReader(strings.NewReader(after), failing{}) }
	if _, err := leadfile.Open(broken(""), us); !errors.Is(err, errDisk) {
		t.Errorf("Open: %v", err)
	}
	for _, text := range []string{
		"phone\n" + strings.Repeat("3035550142\n", 20_000),
		strings.Repeat("{\"phone\":\"3035550142\"}\n", 20_000),
	} {
		r, err := leadfile.Open(broken(text), us)
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = r.Next()
		}
		if !errors.Is(err, errDisk) {
			t.Errorf("Next: %v", err)
		}
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errDisk }

func TestMapping(t *testing.T) {
	const padded = " fon "
	o := leadfile.Options{Region: "US", Mapping: map[string]string{
		padded: "phone.work", "Phone": leadfile.Ignore, "Mail": leadfile.Extra, "Who": "name", "email": "email",
	}}
	r, err := leadfile.Open(strings.NewReader("Fon,PHONE,mail,who,Name,Email\n3035550142,x,m,w,n,e\n"), o)
	if err != nil {
		t.Fatal(err)
	}
	var fields []string
	for _, c := range r.Columns() {
		fields = append(fields, c.Name+"="+c.Field)
	}
	if got := strings.Join(fields, " "); got != "Fon=phone.work PHONE=ignore mail=extra who=name Name=extra Email=email" {
		t.Errorf("columns %s", got)
	}
	lead := drain(t, r)[0].Lead
	if lead.Name != "w" || lead.Email != "e" || lead.Numbers[0].Type != cadence.Work || !maps.Equal(lead.Fields, map[string]string{"mail": "m", "Name": "n"}) {
		t.Errorf("lead %+v", lead)
	}
}

// What the mapping takes away from a column is free for the next one.
func TestGuessAmongColumnsThatAreNotMapped(t *testing.T) {
	o := leadfile.Options{Region: "US", Mapping: map[string]string{"ID": leadfile.Extra, "name": leadfile.Ignore}}
	lead := readAll(t, "ID,Record ID,Name,Full Name,Phone\n1,r1,x,Lead 00001,3035550142\n", o)[0].Lead
	if lead.ExternalID != "r1" || lead.Name != "Lead 00001" || !maps.Equal(lead.Fields, map[string]string{"ID": "1"}) {
		t.Errorf("lead %+v", lead)
	}
}

func TestGuess(t *testing.T) {
	header := []string{
		"Record ID", "First Name", "LAST_NAME", "E-mail", "Phone", "Mobile Phone Number", "Home Phone", "work phone", "Phone 2",
		"Other Phone", "State/Region", "ZIP/Postal Code", "Time Zone", "Country", "Lead Owner", "Lead Status", "Email", "Fax", "Favourite colour",
	}
	want := map[string]string{
		"Record ID": "external_id", "First Name": "first_name", "LAST_NAME": "last_name", "E-mail": "email", "Phone": "phone",
		"Mobile Phone Number": "phone.mobile", "Home Phone": "phone.home", "work phone": "phone.work", "Phone 2": "phone",
		"Other Phone": "phone.other", "State/Region": "state", "ZIP/Postal Code": "postal_code", "Time Zone": "zone",
		"Country": "country", "Lead Owner": "owner", "Lead Status": "status",
	}
	if got := leadfile.Guess(header); !maps.Equal(got, want) {
		t.Errorf("Guess = %v", got)
	}
	for _, field := range leadfile.Guess(header) {
		if !slices.Contains(leadfile.Fields(), field) {
			t.Errorf("guessed %q, which is no field", field)
		}
	}
}

func TestNumbersOfALead(t *testing.T) {
	rows := readAll(t, "phone,mobile,work phone,country\n"+
		"3035550142,+1 303 555 0142,3035550142 x7,USA\n"+
		",020 7946 0123,,United Kingdom\n", us)
	if codes(rows) != "ok ok" {
		t.Fatalf("%s: %+v", codes(rows), rows)
	}
	if got := rows[0].Lead.Numbers; !slices.Equal(got, []cadence.LeadNumber{
		{Number: "+13035550142", Type: cadence.Mobile}, {Number: "+13035550142", Type: cadence.Work, Extension: "7"},
	}) {
		t.Errorf("numbers %+v", got)
	}
	if got := rows[1].Lead; got.Country != "GB" || got.Numbers[0].Number != "+442079460123" {
		t.Errorf("lead %+v", got)
	}
}
