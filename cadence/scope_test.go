package cadence_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
)

func TestScopes(t *testing.T) {
	one, other := cadence.NewID(1, [14]byte{1}), cadence.NewID(1, [14]byte{2})
	for text, c := range map[string]struct {
		scope                cadence.Scope
		one, spring, neither bool
	}{
		"":                      {cadence.ScopeAll, true, true, true},
		"all":                   {cadence.ScopeAll, true, true, true},
		"call":                  {cadence.ScopeCall, true, true, true},
		"campaign:Spring":       {cadence.CampaignScope("Spring"), false, true, false},
		"cadence:" + one.Bare(): {cadence.ScopeOf(one), true, false, false},
		"cadence:" + one.Text(cadence.KindCadence): {cadence.ScopeOf(one), true, false, false},
	} {
		s, err := cadence.ParseScope(text)
		if err != nil || s != c.scope || s.Covers(one, "Autumn") != c.one || s.Covers(other, "Spring") != c.spring || s.Covers(other, "Autumn") != c.neither {
			t.Errorf("%q: %q, %v", text, s, err)
		}
		if again, err := cadence.ParseScope(s.String()); err != nil || again != s {
			t.Errorf("%q became %q, %v", s, again, err)
		}
	}
	for _, bad := range []string{"everything", "campaign:", "campaign: ", "cadence:", "cadence:x", "cadence:ld_" + one.Bare(), "campaign:" + strings.Repeat("x", cadence.MaxScopeBytes)} {
		if s, err := cadence.ParseScope(bad); !errors.Is(err, cadence.ErrScope) {
			t.Errorf("%.40q became %q", bad, s)
		}
	}
}

func TestScopeReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := cadence.ParseScope(rapid.String().Draw(t, "text"))
		if err != nil {
			return
		}
		if again, err := cadence.ParseScope(s.String()); err != nil || again != s {
			t.Fatalf("%q became %q, %v", s, again, err)
		}
	})
}
