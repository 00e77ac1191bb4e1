package cadence

import (
	"maps"
	"slices"
	"unicode"
)

// Who hears a recorded or synthetic voice must be able to say no by pressing a
// key (47 CFR 64.1200(b)(3)), and a message left on a machine must name a number
// at which that can be done. A document may do both itself; what it leaves out
// is added when the message is played, so that no message goes without.

// OptOutKey is the key of a message that stands for a disposition of people who
// say no, "" when it has none. Of several it is the first.
func OptOutKey(c *Connect, isNo func(DispositionCode) bool) string {
	for _, key := range slices.Sorted(maps.Keys(c.Gather)) {
		if isNo(c.Gather[key]) {
			return key
		}
	}
	return ""
}

// FreeKey is the wanted key, or the first that the message does not use when it
// uses that one; "" when it uses all twelve.
func FreeKey(c *Connect, wanted string) string {
	for _, key := range append([]string{wanted}, "9", "0", "*", "#", "8", "7", "6", "5", "4", "3", "2", "1") {
		if _, used := c.Gather[key]; !used {
			return key
		}
	}
	return ""
}

// leastDigits is how many digits a telephone number has at least.
const leastDigits = 7

// NamesNumber reports whether a text names a telephone number: seven digits or
// more with nothing but signs and blanks between them.
func NamesNumber(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			if digits++; digits >= leastDigits {
				return true
			}
		case unicode.IsLetter(r):
			digits = 0
		}
	}
	return false
}
