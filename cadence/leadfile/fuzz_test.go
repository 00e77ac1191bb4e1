package leadfile_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/leadfile"
)

// checkFile reads a file and checks what holds for every file.
func checkFile(t *testing.T, data []byte, o leadfile.Options) {
	r, err := leadfile.Open(bytes.NewReader(data), o)
	if err != nil {
		if _, ok := errors.AsType[*leadfile.FileError](err); !ok {
			t.Fatalf("Open: %v is no FileError", err)
		}
		return
	}
	last := 0
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
		if row.Line <= last || row.Line > len(data)+1 {
			t.Fatalf("line %d after %d", row.Line, last)
		}
		last = row.Line
		if row.Err != nil {
			if row.Err.Line != row.Line || row.Err.Code == "" || row.Err.Message == "" || row.Err.Remedy == "" {
				t.Fatalf("error %+v", row.Err)
			}
			continue
		}
		checkLead(t, &row.Lead)
	}
}

func checkLead(t *testing.T, l *cadence.Lead) {
	if n := len(l.Numbers); n == 0 || n > cadence.MaxLeadNumbers || len(l.Fields) > cadence.MaxLeadFields {
		t.Fatalf("%d numbers, %d fields", n, len(l.Fields))
	}
	for _, n := range l.Numbers {
		if again, _, err := cadence.ParseNumber(string(n.Number), ""); err != nil || again != n.Number {
			t.Fatalf("number %q: %v", n.Number, err)
		}
	}
	texts := []string{l.ExternalID, l.Name, l.FirstName, l.LastName, l.Email, l.Status, l.Owner, l.PostalCode, l.State, l.Country}
	for name, value := range l.Fields {
		texts = append(texts, name, value)
	}
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") || len(text) > 2*cadence.MaxFieldBytes+1 {
			t.Fatalf("text %q", text)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		crm, encode16(crm, true, true), encode16(crm, false, false), "sep=|\nphone|a\n3035550142|\"x\ny\"",
		"phone,phone2\r3035550142,+442079460123\r", "phone\n\"", "phone,n\n3035550142,\"a\"b\n", "phone\n3.03556E+09\n",
		"\xff\xfe", "phone\n\xe9\n", "phone,time zone,country,state\n3035550142,EST,USA,co\n", "\x00p\x00h", "phone,,\n3035550142,,x,y",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkFile(t, data, leadfile.Options{Region: "US", Format: leadfile.CSV})
		checkFile(t, data, us)
	})
}

func FuzzJSONL(f *testing.F) {
	for _, seed := range []string{
		`{"phone":"3035550142","a":1}`, `{"numbers":[{"number":"3035550142","type":"home"}],"fields":{"a":true}}`,
		`{"phone":3.03556E+09}`, `{"phone":"3035550142","phone":""}`, `{"a":[[[`, "{}\n\n{}", `{"phone":"\ud800"}`, `{"numbers":null,"fields":null,"phone":null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkFile(t, data, leadfile.Options{Region: "US", Format: leadfile.JSONL})
	})
}
