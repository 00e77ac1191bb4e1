package cadence

import (
	"errors"
	"fmt"
	"strings"
)

// Scope says what a no, or the end of a consent, is about. Its text is stored:
// it is empty for everything, "call", "campaign:NAME" or "cadence:ID" with the
// bare id.
type Scope string

const (
	// ScopeAll is everything, on every channel.
	ScopeAll Scope = ""
	// ScopeCall is all calls; other channels stay open.
	ScopeCall Scope = "call"
	// MaxScopeBytes is the longest text of a scope.
	MaxScopeBytes = 300

	scopeAllWord  = "all"
	scopeCampaign = "campaign:"
	scopeCadence  = "cadence:"
)

// ErrScope is returned for a text that names no scope.
var ErrScope = errors.New("the scope must be all, call, campaign:NAME or cadence:ID")

// CampaignScope is one campaign: one subject, in the words of the law.
func CampaignScope(name string) Scope { return Scope(scopeCampaign + name) }

// ScopeOf is one cadence.
func ScopeOf(id ID) Scope { return Scope(scopeCadence + id.Bare()) }

// ParseScope reads what String writes; the empty text is ScopeAll.
func ParseScope(text string) (Scope, error) {
	name, campaign := strings.CutPrefix(text, scopeCampaign)
	switch {
	case text == "" || text == scopeAllWord:
		return ScopeAll, nil
	case text == string(ScopeCall):
		return ScopeCall, nil
	case campaign && strings.TrimSpace(name) != "" && len(text) <= MaxScopeBytes:
		return CampaignScope(name), nil
	}
	rest, one := strings.CutPrefix(text, scopeCadence)
	if !one {
		return "", fmt.Errorf("%w; it is %.50q", ErrScope, text)
	}
	id, err := ParseID(KindCadence, rest)
	if err != nil {
		if id, err = ParseBareID(rest); err != nil {
			return "", fmt.Errorf("%w; %.50q is no id of a cadence", ErrScope, rest)
		}
	}
	return ScopeOf(id), nil
}

// Covers reports whether a call of a cadence, which belongs to a campaign, is
// within the scope.
func (s Scope) Covers(id ID, campaign string) bool {
	switch s {
	case ScopeAll, ScopeCall:
		return true
	}
	if name, ok := strings.CutPrefix(string(s), scopeCampaign); ok {
		return name == campaign
	}
	return s == ScopeOf(id)
}

// Cadence is the cadence that the scope is, false for any other scope.
func (s Scope) Cadence() (ID, bool) {
	rest, ok := strings.CutPrefix(string(s), scopeCadence)
	if !ok {
		return ID{}, false
	}
	id, err := ParseBareID(rest)
	return id, err == nil
}

// String is the scope for people and programs.
func (s Scope) String() string {
	if id, ok := s.Cadence(); ok {
		return scopeCadence + id.Text(KindCadence)
	}
	if s == ScopeAll {
		return scopeAllWord
	}
	return string(s)
}
