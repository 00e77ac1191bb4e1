package cadence

import (
	"fmt"
	"strconv"
	"strings"
)

// FreeName is the name itself if it is not taken, else the first free one of
// "Name (2)", "Name (3)" and so on. A name that already ends in a number
// counts on from it. The result keeps to MaxNameRunes.
func FreeName(name string, taken func(string) bool) string {
	if !taken(name) {
		return name
	}
	base, n := numbered(name)
	for {
		suffix := fmt.Sprintf(" (%d)", n)
		runes := []rune(base)
		candidate := strings.TrimSpace(string(runes[:min(len(runes), MaxNameRunes-len(suffix))])) + suffix
		if !taken(candidate) {
			return candidate
		}
		n++
	}
}

// numbered splits "Name (2)" into its base and the number to try next.
func numbered(name string) (base string, next int) {
	open := strings.LastIndex(name, " (")
	if open <= 0 || !strings.HasSuffix(name, ")") {
		return name, 2
	}
	n, err := strconv.Atoi(name[open+2 : len(name)-1])
	if err != nil || n < 2 || n > 1_000_000 {
		return name, 2
	}
	return name[:open], n + 1
}
