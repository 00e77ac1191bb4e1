package pack

import (
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// prefixes are the beginnings of the E.164 numbers that a rule's series are: a
// series is written as it is dialed within its country, where some put a zero
// before it.
func (s *Set) prefixes(r *Rule) (all []string) {
	if len(r.Params.Series) == 0 {
		return nil
	}
	var applies Applies
	s.Rules(func(other *Rule, a Applies) {
		if other == r {
			applies = a
		}
	})
	for _, country := range applies.Country {
		for _, series := range r.Params.Series {
			all = append(all, "+"+callingCode(country)+strings.TrimLeft(series, "0"))
		}
	}
	return all
}

func callingCode(country string) string { return window.CallingCode(country) }

// Fits reports whether a number may be shown under a rule about caller IDs.
// away says that calls to it do not come to us. It allocates nothing.
func (l *Limit) Fits(number string, away bool) bool {
	if l.CallBack && away {
		return false
	}
	return len(l.Prefixes) == 0 || slices.ContainsFunc(l.Prefixes, func(p string) bool { return strings.HasPrefix(number, p) })
}
