package leadfile_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence/leadfile"
)

// numbersIn reads a file of numbers as "line:number" and "line!code".
func numbersIn(text string) (string, error) {
	r, err := leadfile.OpenNumbers(strings.NewReader(text), "US")
	if err != nil {
		return "", err
	}
	var all []string
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return strings.Join(all, " "), nil
		}
		if err != nil {
			return strings.Join(all, " "), err
		}
		if row.Err != nil {
			all = append(all, fmt.Sprintf("%d!%s", row.Line, row.Err.Code))
		} else {
			all = append(all, fmt.Sprintf("%d:%s", row.Line, row.Number))
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"3035550142\n+13035550143\r\n\n(303) 555-0144":                        "1:+13035550142 2:+13035550143 4:+13035550144",
		"303,5550142\n303,5550143\n":                                          "1:+13035550142 2:+13035550143",
		"\ufeffName;Phone Number\nLead 00001;303-555-0142\nLead 00002;soon\n": "2:+13035550142 3!number.letters",
		"phone\n3035550142\n123\n":                                            "2:+13035550142 3!number.short",
		"\"3035550142\"\n=\"3035550143\"\n":                                   "1:+13035550142 2:+13035550143",
		"number,since\n3035550142,2020-01-01\n,\n":                            "2:+13035550142 3!number.empty",
		"id,phone_e164\n3035559999,+13035550142\n":                            "2:+13035550142",
		"Phone 1\n3035550142\n":                                               "2:+13035550142",
		"tel:+13035550142\ntel:+13035550143\n":                                "1:+13035550142 2:+13035550143",
		"Cell 3035550142\n3035550143\n":                                       "1!number.letters 2:+13035550143",
		"ID,Address 1,Phone\n4155550100,Main St,3035550142\n":                 "2:+13035550142",
		"sep=;\r\nname;phone\r\nLead 00001;3035550142\r\n":                    "3:+13035550142",
		"3035550142 x12\n+442079460123\n":                                     "1!number.extension 2:+442079460123",
		"\xff\xfe3\x000\x003\x005\x005\x005\x000\x001\x004\x002\x00\n\x00":    "1:+13035550142",
	} {
		got, err := numbersIn(text)
		if err != nil || got != want {
			t.Errorf("%q: %s, %v; want %s", text, got, err, want)
		}
	}
	for text, code := range map[string]string{
		"": "file.empty", "\n\n": "file.empty", "3035550142\n\"3035550143\n3035550144\n": "row.quote_not_closed",
		"PK\x03\x04": "file.kind",
	} {
		_, err := numbersIn(text)
		fault, ok := errors.AsType[*leadfile.FileError](err)
		if !ok || fault.Code != code {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Whatever the lines are, those that are numbers are read, each at its line.
func TestNumbersAmongGarbage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var text, want strings.Builder
		for line := range rapid.IntRange(1, 30).Draw(t, "lines") {
			if rapid.Bool().Draw(t, "number") {
				n := rapid.IntRange(0, 9999).Draw(t, "n")
				fmt.Fprintf(&text, "303555%04d\n", n)
				fmt.Fprintf(&want, "%d:+1303555%04d ", line+1, n)
			} else {
				text.WriteString(rapid.StringMatching(`[0-9a-z.@]{1,9}`).Draw(t, "garbage") + "\n")
			}
		}
		got, err := numbersIn("3035559999\n" + text.String())
		if err != nil {
			t.Fatal(err)
		}
		read := map[string]bool{}
		for one := range strings.FieldsSeq(got) {
			read[one] = true
		}
		for one := range strings.FieldsSeq(want.String()) {
			line, n, _ := strings.Cut(one, ":")
			var at int
			fmt.Sscan(line, &at)
			if !read[fmt.Sprintf("%d:%s", at+1, n)] {
				t.Fatalf("%s is not among %s", one, got)
			}
		}
	})
}

func FuzzNumbers(f *testing.F) {
	f.Add("phone\n3035550142\n")
	f.Add("303,5550142\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := numbersIn(text)
		if again, err2 := numbersIn(text); again != got || (err == nil) != (err2 == nil) {
			t.Fatalf("%q was read twice: %q and %q", text, got, again)
		}
	})
}
