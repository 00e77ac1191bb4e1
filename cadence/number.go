package cadence

import (
	"errors"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// MaxNumberBytes is the longest text ParseNumber looks at.
const MaxNumberBytes = 64

// ParseNumber reads a telephone number as people write it, for example
// "(303) 555-0142 x12". Numbers without a country code are read as of region
// (ISO 3166, in upper case); "" accepts only international ones. The extension
// is returned apart, digits only, "" when there is none.
//
// A North American number is accepted when it has the form the numbering plan
// prescribes, also in an area code too new for our metadata; any other must be
// valid in its country. Errors are *NumberError. They do not quote the number,
// so that they may be logged.
func ParseNumber(raw, region string) (n Number, ext string, err error) {
	text := strings.TrimSpace(raw)
	if n, ok := plainNumber(text, region); ok {
		return n, "", nil
	}
	if text, err = cleanNumber(text); err != nil {
		return "", "", err
	}
	return parseWritten(text, region)
}

// Region is the country or territory of a number (ISO 3166), "" when it is
// not known.
func Region(n Number) string { return window.Region(string(n)) }

// cleanNumber trims blanks and takes out invisible format characters, which
// contact lists put around numbers.
func cleanNumber(raw string) (string, error) {
	text := strings.TrimSpace(raw)
	switch {
	case text == "":
		return "", faultEmpty
	case len(text) > MaxNumberBytes:
		return "", faultLongText
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return "", faultControl
	case strings.ContainsFunc(text, isFormat):
		text = strings.Map(func(r rune) rune {
			if isFormat(r) {
				return -1
			}
			return r
		}, text)
		return cleanNumber(text)
	}
	return text, nil
}

func isFormat(r rune) bool { return r > unicode.MaxASCII && unicode.Is(unicode.Cf, r) }

// plainNumber is the fast way for the commonest forms: digits with the usual
// signs between them that make a North American number. It knows a subset of
// what parseWritten does and agrees with it.
func plainNumber(text, region string) (Number, bool) {
	const country, length = "+1", len("+13035550142")
	if text == "" || len(text) > MaxNumberBytes {
		return "", false
	}
	international := text[0] == '+'
	if !international && region != "US" && region != "CA" || isDecimal(text) {
		return "", false
	}
	var buf [length]byte
	digits := buf[:len(country)]
	copy(digits, country)
	for i, c := range []byte(text) {
		switch {
		case c >= '0' && c <= '9':
			if c == '1' && len(digits) == len(country) {
				international = false // the country code or the trunk prefix
				if i > 1 {
					return "", false
				}
				continue
			}
			if len(digits) == length || international {
				return "", false
			}
			digits = append(digits, c)
		case c == '+' && i == 0, c == ' ', c == '-', c == '.', c == '(', c == ')':
		default:
			return "", false
		}
	}
	if n := Number(digits); len(digits) == length && inPlan(n) {
		return n, true
	}
	return "", false
}

// inPlan reports whether an E.164 number has the form of the North American
// Numbering Plan: +1 NXX NXX XXXX with N from 2 to 9, the area code not N11.
func inPlan(n Number) bool {
	return len(n) == len("+13035550142") && n[2] >= '2' && n[5] >= '2' && n[3:5] != "11"
}

// extensionDigits is the most digits of an extension that ParseNumber takes.
const extensionDigits = 7

// extension finds "x12", "ext. 12", "#12" and the like at the end.
var extension = regexp.MustCompile(`(?i)[\s,;.-]*(?:\bext(?:ension|n)?|x|#)[\s.:=#]*(\d{1,7})$`)

// parseWritten asks the library.
func parseWritten(text, region string) (Number, string, error) {
	switch {
	case isScientific(text):
		return "", "", faultScientific
	case isDecimal(text):
		return "", "", faultDecimal
	}
	text = strings.TrimPrefix(text, "tel:")
	ext := ""
	if m := extension.FindStringSubmatchIndex(text); m != nil && m[0] > 0 {
		text, ext = text[:m[0]], text[m[2]:m[3]]
		if n, ok := plainNumber(text, region); ok {
			return n, ext, nil
		}
	}
	if strings.ContainsFunc(text, unicode.IsLetter) {
		return "", "", faultLetters
	}
	if region == "" {
		region = "ZZ"
	}
	parsed, err := phonenumbers.Parse(text, region)
	if err != nil {
		return "", "", faultOf(err)
	}
	if ext == "" {
		ext = parsed.GetExtension()
	}
	if len(ext) > extensionDigits { // a second number, which the library takes for one
		return "", "", faultLong
	}
	n := Number(phonenumbers.Format(parsed, phonenumbers.E164))
	if err := checkNumber(n, parsed); err != nil {
		return "", "", err
	}
	return n, ext, nil
}

func checkNumber(n Number, parsed *phonenumbers.PhoneNumber) error {
	switch phonenumbers.IsPossibleNumberWithReason(parsed) {
	case phonenumbers.TOO_SHORT, phonenumbers.IS_POSSIBLE_LOCAL_ONLY:
		return faultShort
	case phonenumbers.TOO_LONG:
		return faultLong
	case phonenumbers.INVALID_COUNTRY_CODE:
		return faultRegion
	case phonenumbers.INVALID_LENGTH:
		return faultInvalid
	case phonenumbers.IS_POSSIBLE:
	}
	if parsed.GetCountryCode() == 1 && inPlan(n) {
		return nil
	}
	if parsed.GetCountryCode() == 1 || !phonenumbers.IsValidNumber(parsed) {
		return faultInvalid
	}
	return nil
}

func faultOf(err error) error {
	switch {
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		return faultRegion
	case errors.Is(err, phonenumbers.ErrTooShortAfterIDD), errors.Is(err, phonenumbers.ErrTooShortNSN):
		return faultShort
	case errors.Is(err, phonenumbers.ErrNumTooLong):
		return faultLong
	}
	return faultInvalid
}

// scientific is how a spreadsheet shows a long number: 3.03556E+09.
var scientific = regexp.MustCompile(`^[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+$`)

func isScientific(text string) bool { return scientific.MatchString(text) }

// isDecimal reports whether the text is digits, a point, and one or two
// digits: a number column saved with decimals. Seven digits or more stand
// before the point, unlike in 303.555.0142. A comma is such a point when nothing
// but zeros follow: else it may be a pause before an extension.
func isDecimal(text string) bool {
	text = strings.TrimPrefix(text, "+")
	whole, part, found := strings.Cut(text, ".")
	if !found {
		whole, part, found = strings.Cut(text, ",")
		found = found && strings.Trim(part, "0") == ""
	}
	return found && len(whole) >= 7 && len(part) >= 1 && len(part) <= 2 && allDigits(whole) && allDigits(part)
}

func allDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
