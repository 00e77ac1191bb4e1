package sim

import (
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// noName is which no: a number has one of each scope.
type noName struct {
	token event.Token
	scope cadence.Scope
}

// within reports whether a call is what somebody said no to. It reads the
// scope's text by itself and does not ask the engine.
func within(i *event.Intended, s cadence.Scope) bool {
	kind, name, _ := strings.Cut(string(s), ":")
	switch kind {
	case "", "call":
		return true
	case "campaign":
		return i.Campaign == name
	}
	return i.Cadence.Bare() == name
}

// allowed judges an intent by what its number's people said: I6, no call after
// a no that was durable, nor after one that was acknowledged.
func (t *witness) allowed(f *event.Intended, a about) {
	for s := range t.scopes {
		if !within(f, s) {
			continue
		}
		t.checks++
		if t.dnc[noName{f.Token, s}] {
			t.broken("I6", a, "an intent to a number on the do-not-call list (scope %s)", s)
		}
		if t.holds(dncWish(f.Number, s)) {
			t.broken("I6", a, "an intent after the do-not-call was acknowledged (scope %s)", s)
		}
	}
}
