package cadence_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
)

func TestParseNumber(t *testing.T) {
	for _, c := range []struct{ raw, region, number, ext, code string }{
		{"+13035550142", "", "+13035550142", "", ""},
		{"+13035550142", "DE", "+13035550142", "", ""},
		{"3035550142", "US", "+13035550142", "", ""},
		{"13035550142", "US", "+13035550142", "", ""},
		{"(303) 555-0142", "US", "+13035550142", "", ""},
		{"303.555.0142", "CA", "+13035550142", "", ""},
		{" 1-303-555-0142 ", "US", "+13035550142", "", ""},
		{"(303) 555-0142 x12", "US", "+13035550142", "12", ""},
		{"303-555-0142 ext. 12", "US", "+13035550142", "12", ""},
		{"+1 303 555 0142 Extension: 0012", "", "+13035550142", "0012", ""},
		{"303-555-0142#7", "US", "+13035550142", "7", ""},
		{"tel:+1-303-555-0142;ext=12", "", "+13035550142", "12", ""},
		{"\u202a+1 303 555 0142\u202c", "", "+13035550142", "", ""},
		{"\ufeff3035550142", "US", "+13035550142", "", ""},
		{"011 44 20 7946 0123", "US", "+442079460123", "", ""},
		{"020 7946 0123", "GB", "+442079460123", "", ""},
		{"+61 412 345 678", "US", "+61412345678", "", ""},
		{"+39 06 698 1234", "US", "+39066981234", "", ""},
		{"８００５５５０１４２", "US", "+18005550142", "", ""},
		{"3.03556E+09", "US", "", "", "number.scientific"},
		{"3,03556e+09", "US", "", "", "number.scientific"},
		{"+4.42079E+11", "", "", "", "number.scientific"},
		{"3E9", "US", "", "", "number.scientific"},
		{"3035550142.0", "US", "", "", "number.decimal"},
		{"1303555014.2", "US", "", "", "number.decimal"},
		{"+13035550142.00", "US", "", "", "number.decimal"},
		{"3035550142,00", "US", "", "", "number.decimal"},
		{"+13035550142,0", "US", "", "", "number.decimal"},
		{"3035550142;3035550143", "US", "", "", "number.long"},
		{"3035550142,3035550143", "US", "", "", "number.invalid"},
		{"303-555-0142, 303-555-0143", "US", "", "", "number.invalid"},
		{"303-555-0142; 303-555-0143", "US", "", "", "number.invalid"},
		{"3035550142,,12", "US", "+13035550142", "12", ""},
		{"", "US", "", "", "number.empty"},
		{" \t\u200b ", "US", "", "", "number.empty"},
		{"5550142", "US", "", "", "number.short"},
		{"911", "US", "", "", "number.short"},
		{"12", "US", "", "", "number.short"},
		{"303-555-0142 / 303-555-0143", "US", "", "", "number.long"},
		{"30355501421", "US", "", "", "number.long"},
		{"1-800-FLOWERS", "US", "", "", "number.letters"},
		{"303-555-0142 or 303-555-0143", "US", "", "", "number.letters"},
		{"3035550142x", "US", "", "", "number.letters"},
		{"N/A", "US", "", "", "number.letters"},
		{"303\x00555-0142", "US", "", "", "number.characters"},
		{"303\n555-0142", "US", "", "", "number.characters"},
		{"303-555-01\xff42", "US", "", "", "number.characters"},
		{strings.Repeat("3", 65), "US", "", "", "number.text_too_long"},
		{"3035550142", "", "", "", "number.country"},
		{"3035550142", "XX", "", "", "number.country"},
		{"+999 303 555", "US", "", "", "number.country"},
		{"1035550142", "US", "", "", "number.invalid"},
		{"3030550142", "US", "", "", "number.invalid"},
		{"911 555 0142", "US", "", "", "number.invalid"},
		{"+33 0 0000 0000", "", "", "", "number.invalid"},
		{"-", "US", "", "", "number.invalid"},
		{"=1+1", "US", "", "", "number.invalid"},
	} {
		n, ext, err := cadence.ParseNumber(c.raw, c.region)
		code := ""
		if fault, ok := errors.AsType[*cadence.NumberError](err); ok {
			code = fault.Code
			if fault.Message == "" || fault.Remedy == "" {
				t.Errorf("%s: no message or no remedy", code)
			}
		} else if err != nil {
			t.Errorf("ParseNumber(%q): %v is not a NumberError", c.raw, err)
		}
		if string(n) != c.number || ext != c.ext || code != c.code {
			t.Errorf("ParseNumber(%q, %q) = %q, %q, %q; want %q, %q, %q", c.raw, c.region, n, ext, code, c.number, c.ext, c.code)
		}
	}
}

// Numbers reserved for fiction are what the demo dials: all of them must be
// accepted, in every area code in use.
func TestFictitiousNumbersAreAccepted(t *testing.T) {
	table, err := os.ReadFile("window/npa.tsv")
	if err != nil {
		t.Fatal(err)
	}
	codes := 0
	for line := range strings.Lines(string(table)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		codes++
		for _, last := range []int{100, 142, 199} {
			want := fmt.Sprintf("+1%s5550%d", line[:3], last)
			for _, raw := range []string{want, want[2:], want + " x1"} {
				if n, _, err := cadence.ParseNumber(raw, "US"); err != nil || string(n) != want {
					t.Fatalf("ParseNumber(%q) = %q, %v", raw, n, err)
				}
			}
		}
	}
	if codes < 400 {
		t.Errorf("only %d area codes", codes)
	}
}

func TestRegion(t *testing.T) {
	for n, want := range map[cadence.Number]string{
		"+13035550142": "US", "+14165550142": "CA", "+18765550142": "JM", "+442079460123": "GB", "+9999999": "", "": "",
	} {
		if got := cadence.Region(n); got != want {
			t.Errorf("Region(%s) = %q", n, got)
		}
	}
}

// The fast way must not accept, or read differently, what the library reads
// otherwise: the same text with full-width digits, which only the slow way
// takes, has to give the same number.
func TestPlainNumbersAgreeWithTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := drawNumberText(t)
		region := rapid.SampledFrom([]string{"US", "CA", "GB", ""}).Draw(t, "region")
		n, ext, err := cadence.ParseNumber(raw, region)
		slow, _, slowErr := cadence.ParseNumber(wide.Replace(raw), region)
		if n != slow || (err == nil) != (slowErr == nil) || ext != "" {
			t.Fatalf("ParseNumber(%q, %q) = %q, %v; with wide digits %q, %v", raw, region, n, err, slow, slowErr)
		}
		if err != nil {
			return
		}
		parsed, err := phonenumbers.Parse(raw, region)
		if err != nil || phonenumbers.Format(parsed, phonenumbers.E164) != string(n) {
			t.Fatalf("ParseNumber(%q, %q) = %q, library says %v, %v", raw, region, n, parsed, err)
		}
	})
}

var wide = strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３", "4", "４", "5", "５", "6", "６", "7", "７", "8", "８", "9", "９")

func drawNumberText(t *rapid.T) string {
	if rapid.Bool().Draw(t, "wild") {
		return rapid.StringMatching(`[+(]?[0-9 ().-]{7,16}[0-9]`).Draw(t, "text")
	}
	sign := rapid.SampledFrom([]string{"", " ", "-", ".", ") ", " - ", "("})
	return rapid.SampledFrom([]string{"", "+1", "1", "+", "+ 1 ", "1-", "(", "+1 (", "0", "01", "+11", "11"}).Draw(t, "head") +
		rapid.StringMatching(`[0-9]{3}`).Draw(t, "npa") + sign.Draw(t, "s1") +
		rapid.StringMatching(`[0-9]{3}`).Draw(t, "nxx") + sign.Draw(t, "s2") +
		rapid.StringMatching(`[0-9]{3,5}`).Draw(t, "line")
}

func FuzzParseNumber(f *testing.F) {
	for _, seed := range []string{
		"(303) 555-0142 x12", "+13035550142", "3.03556E+09", "303\x00", "tel:+1-303-555-0142;ext=12", "+44 20 7946 0123",
		"\u202a303 555 0142", "0118005550142", "+1", "x1", "#", "++1", "+1 303 555 0142 ext 12345678", "٣٠٣٥٥٥٠١٤٢",
	} {
		f.Add(seed, "US")
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, raw, region string) {
		n, ext, err := cadence.ParseNumber(raw, region)
		if err != nil {
			if _, ok := errors.AsType[*cadence.NumberError](err); !ok || n != "" || ext != "" {
				t.Fatalf("ParseNumber(%q, %q) = %q, %q, %v", raw, region, n, ext, err)
			}
			return
		}
		again, _, err := cadence.ParseNumber(string(n), "")
		if err != nil || again != n {
			t.Fatalf("%q gives %q, which gives %q, %v", raw, n, again, err)
		}
		if len(n) < 4 || len(n) > 16 || n[0] != '+' || strings.Trim(string(n[1:]), "0123456789") != "" || strings.Trim(ext, "0123456789") != "" {
			t.Fatalf("ParseNumber(%q, %q) = %q, %q", raw, region, n, ext)
		}
	})
}

func BenchmarkParseNumber(b *testing.B) {
	for _, raw := range []string{"+13035550142", "(303) 555-0142", "(303) 555-0142 x12"} {
		b.Run(strings.ReplaceAll(raw, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := cadence.ParseNumber(raw, "US"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
