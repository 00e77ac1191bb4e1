package cadence

import (
	"fmt"
	"strings"
)

// Parse says whether a lead that left may enter again, and after how long:
// false for never, true and the wait (zero for always) otherwise. The error
// says what is allowed.
func (r ReEntry) Parse() (again bool, wait Span, err error) {
	switch r {
	case "", "never":
		return false, Span{}, nil
	case "always":
		return true, Span{}, nil
	}
	text, ok := strings.CutPrefix(string(r), "after ")
	if !ok {
		return false, Span{}, fmt.Errorf("re_entry %q: want never, always or after a delay", clip(string(r)))
	}
	wait, err = ParseSpan(text)
	if err != nil {
		return false, Span{}, fmt.Errorf("re_entry: %w", err)
	}
	if wait.IsZero() {
		return false, Span{}, fmt.Errorf("re_entry %q: after no time is always", clip(string(r)))
	}
	return true, wait, nil
}
