package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/carillon-dialer/carillon/"

// source is one Go file of the repository.
type source struct {
	path    string // from the root, with slashes
	test    bool
	syntax  *ast.File
	imports []string // of ours, from the root
}

func sources(t *testing.T) []source {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	var all []source
	err = fs.WalkDir(os.DirFS(root), ".", func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "node_modules" || e.Name() == "testdata" || p != "." && strings.HasPrefix(e.Name(), ".") || p == "data" || p == "bin"):
			return fs.SkipDir
		case e.IsDir() || path.Ext(p) != ".go":
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, p), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		s := source{path: p, test: strings.HasSuffix(p, "_test.go"), syntax: file}
		for _, im := range file.Imports {
			name, err := strconv.Unquote(im.Path.Value)
			if err != nil {
				return err
			}
			if ours, ok := strings.CutPrefix(name, module); ok {
				s.imports = append(s.imports, ours)
			}
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("only %d files found: the walk is wrong", len(all))
	}
	return all
}

// layers may import what stands to their left, and their own.
var layers = []string{"cadence", "telephony", "routing", "dialer", "dashboard", "cmd"}

func layer(p string) int { return slices.Index(layers, strings.SplitN(p, "/", 2)[0]) }

func TestImportsPointOneWay(t *testing.T) {
	for _, s := range sources(t) {
		own := layer(s.path)
		for _, im := range s.imports {
			switch {
			case strings.HasPrefix(im, "configs"):
				if own != len(layers)-1 && !strings.HasPrefix(s.path, "configs/") {
					t.Errorf("%s imports %s; only cmd reads the configuration", s.path, im)
				}
			case strings.HasPrefix(s.path, "configs/"):
				if layer(im) != 0 {
					t.Errorf("%s imports %s; configs may see cadence only", s.path, im)
				}
			case own < 0:
				t.Errorf("%s lies in no layer", s.path)
			case layer(im) > own:
				t.Errorf("%s imports %s, which lies above it", s.path, im)
			}
		}
	}
}

// seen is what a folder may import of ours, as prefixes; its own folder counts
// too. Files of tests are free within their layer.
var seen = map[string][]string{
	"cadence/window":         {},
	"cadence/clock":          {},
	"cadence/crash":          {},
	"cadence":                {"cadence/window"},
	"cadence/leadfile":       {"cadence", "cadence/window"},
	"dialer/wheel":           {},
	"dialer/ledger":          {},
	"dialer/ledger/badger":   {"cadence/crash", "dialer/ledger"},
	"dialer/ledger/memory":   {"dialer/ledger"},
	"dialer/permit":          {"cadence", "cadence/window", "dialer/permit/pack"},
	"dialer/permit/pack":     {"cadence/window"},
	"dialer/pacing":          {"cadence"},
	"dialer/internal/wire":   {},
	"dialer/event":           {"cadence", "telephony", "routing", "dialer/internal/wire"},
	"dialer/state":           {"cadence", "cadence/window", "telephony", "routing", "dialer/event", "dialer/internal/wire", "dialer/ledger"},
	"dialer/dnclog":          {"cadence", "cadence/crash", "dialer/event", "dialer/ledger", "dialer/state"},
	"dialer/upgrade":         {"cadence", "cadence/window", "dialer/event", "dialer/ledger", "dialer/state"},
	"dialer/sim/statute":     {}, // a second opinion: it sees nothing of ours
	"dialer/projection":      {"cadence", "cadence/window", "telephony", "routing", "dialer/pacing", "dialer/event", "dialer/ledger", "dialer/state"},
	"telephony":              {"cadence"},
	"telephony/twilio":       {"cadence", "cadence/clock", "cadence/crash", "telephony"},
	"telephony/audio":        {},
	"telephony/simcarrier":   {"cadence", "cadence/clock", "telephony", "telephony/audio"},
	"routing":                {"cadence", "cadence/window", "telephony"},
	"cmd/internal/desk":      {"cadence/clock", "telephony/simcarrier"},
	"cmd/internal/durable":   {"cadence/crash"},
	"cmd/internal/sample":    {"cadence", "cadence/window"},
	"cmd/internal/apiclient": {},
}

func TestFoldersSeeOnlyWhatTheyMay(t *testing.T) {
	met := map[string]bool{}
	for _, s := range sources(t) {
		folder := path.Dir(s.path)
		allowed, ruled := seen[folder]
		met[folder] = true
		if !ruled || s.test {
			continue
		}
		for _, im := range s.imports {
			if im != folder && !slices.Contains(allowed, im) {
				t.Errorf("%s imports %s; %s may see %v", s.path, im, folder, allowed)
			}
		}
	}
	for folder := range seen {
		if !met[folder] {
			t.Errorf("there is no folder %s any more: drop its rule", folder)
		}
	}
}

func TestNothingImportsTheSimulator(t *testing.T) {
	for _, s := range sources(t) {
		if slices.Contains(s.imports, "dialer/sim") && !s.test && layer(s.path) < layer("cmd") {
			t.Errorf("%s imports the simulator", s.path)
		}
	}
}

// wall are the functions that read or wait for the time of day.
var wall = []string{"Now", "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Since", "Until"}

// mayReadTheClock is the one place for it, and the ledger's guard of the disk.
func mayReadTheClock(p string) bool {
	return strings.HasPrefix(p, "cadence/clock/") || p == "dialer/ledger/badger/realtime.go" ||
		p == "cadence/crash/on.go" // how long a dying process stands still
}

func TestOnlyTheClockReadsTheTime(t *testing.T) {
	for _, s := range sources(t) {
		ruled := layer(s.path) >= 0 && slices.Contains([]string{"cadence", "routing", "dialer"}, layers[layer(s.path)])
		if !ruled || s.test || mayReadTheClock(s.path) || strings.Contains(s.path, "/ledgertest/") {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains(wall, sel.Sel.Name) {
				t.Errorf("%s uses time.%s; take a clock.Clock or the instant", s.path, sel.Sel.Name)
			}
			return true
		})
	}
}
