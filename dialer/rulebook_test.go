package dialer_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// texts are the string constants of a package whose names begin with a prefix,
// by name: what the code says, so that no list can be forgotten.
func texts(t *testing.T, dir, prefix string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", dir, len(files), err)
	}
	found := map[string]string{}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			for i := 0; ok && i < len(v.Values); i++ {
				lit, isText := v.Values[i].(*ast.BasicLit)
				if !isText || lit.Kind != token.STRING || !strings.HasPrefix(v.Names[i].Name, prefix) {
					continue
				}
				if found[v.Names[i].Name], err = strconv.Unquote(lit.Value); err != nil {
					t.Fatal(err)
				}
			}
			return true
		})
	}
	if len(found) == 0 {
		t.Fatalf("%s has no constant %s…", dir, prefix)
	}
	return found
}

// Whatever a verdict, a waiting touch or a refused grant may name says what it
// is and what ends it.
func TestEveryRuleHasATextAndARemedy(t *testing.T) {
	set, problems := pack.Load(os.DirFS("../configs/compliance"))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	explained := func(where, rule string) {
		info, ok := dialer.RuleInfo(set, rule)
		if !ok || info.Title == "" || info.Unblock == "" || info.Kind == "" {
			t.Errorf("%s: %s is explained as %+v", where, rule, info)
		}
	}
	for where, rules := range map[string]map[string]string{
		"dialer": texts(t, ".", "Rule"), "permit": texts(t, "permit", "Rule"), "pacing": texts(t, "pacing", "Reason"), "window": texts(t, "../cadence/window", "Rule"),
	} {
		for name, rule := range rules {
			explained(where+"."+name, rule)
		}
	}
	explained("an attempt that came back", "carrier.rate_limited")
	judged := 0
	set.Rules(func(r *pack.Rule, _ pack.Applies) {
		switch r.Kind {
		case pack.CallerID, pack.Recording, pack.Retention, pack.TZ:
			// duties, and zones: no verdict names them
		default:
			judged++
			explained("the packs", r.ID)
		}
	})
	if judged < 50 {
		t.Errorf("%d rules of the packs were looked at", judged)
	}
	for name, reason := range texts(t, ".", "Reason") {
		if dialer.GateText(reason) == "" {
			t.Errorf("%s: the gate %s has no text", name, reason)
		}
	}
	if _, ok := dialer.RuleInfo(set, "no.such"); ok {
		t.Error("a rule that is none is explained")
	}
	if info, _ := dialer.RuleInfo(nil, permit.RuleSpendCap); !strings.Contains(info.Unblock, "dial.spend_cap") {
		t.Errorf("the spend cap: %+v", info)
	}
}
