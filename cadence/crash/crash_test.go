package crash_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/cadence/crash"
)

func TestNamesAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, n := range crash.Names() {
		s := n.String()
		if s == "" || seen[s] || strings.ContainsAny(s, ": ") {
			t.Errorf("point %d is named %q", n, s)
		}
		seen[s] = true
	}
}

func TestAnOrdinaryBuildHasNoPoints(t *testing.T) {
	for _, n := range crash.Names() {
		crash.Point(n) // with the tag and no variable it does nothing either
	}
}

// TestEveryPointIsInTheCode reads the sources: a point that is registered and
// nowhere passed, or one that is passed under something else than its name,
// would make the kill loop's table a lie.
func TestEveryPointIsInTheCode(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	registered, used := constants(t, "points.go"), map[string]bool{}
	err = fs.WalkDir(os.DirFS(root), ".", func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && p != "." && (strings.HasPrefix(e.Name(), ".") || e.Name() == "node_modules" || e.Name() == "testdata"):
			return fs.SkipDir
		case e.IsDir() || path.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") || strings.HasPrefix(p, "cadence/crash/"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, p), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "crash" {
					used[sel.Sel.Name] = true
				}
			}
			if call, ok := n.(*ast.CallExpr); ok && isPoint(call) {
				if _, ok := call.Args[0].(*ast.BasicLit); ok {
					t.Errorf("%s: a point is passed by number", p)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range registered {
		if !used[name] {
			t.Errorf("point %s is passed nowhere", name)
		}
	}
	if len(registered) != len(crash.Names()) {
		t.Errorf("%d constants, %d names", len(registered), len(crash.Names()))
	}
}

func isPoint(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Point" || len(call.Args) != 1 {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && pkg.Name == "crash"
}

// constants are the points' names in Go.
func constants(t *testing.T, file string) []string {
	t.Helper()
	syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, d := range syntax.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.CONST {
			continue
		}
		first := gen.Specs[0].(*ast.ValueSpec)
		if first.Names[0].Name != "Nowhere" {
			continue
		}
		for _, s := range gen.Specs {
			for _, n := range s.(*ast.ValueSpec).Names {
				if n.Name != "Nowhere" && n.Name != "count" {
					all = append(all, n.Name)
				}
			}
		}
	}
	return all
}
