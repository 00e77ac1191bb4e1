package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Layer is what one layer of tests said about a mutation.
type Layer struct {
	Name   string
	Caught bool
	Test   string // the first that failed, as package.Test; empty when none is named
	Took   time.Duration
	Tail   string
}

// Result is what became of a mutation. Err says that the mutation itself is no
// good: it does not compile, or the tests could not be run.
type Result struct {
	Mutation Mutation
	Layers   []Layer
	Err      error
}

// Verdict is the result in a few words.
func (r *Result) Verdict() string {
	if r.Err != nil {
		return "BROKEN: " + r.Err.Error()
	}
	for _, l := range r.Layers {
		if l.Caught {
			return fmt.Sprintf("caught by %s in %.1f s", l.Who(), l.Took.Seconds())
		}
	}
	return "SURVIVED"
}

// Who is the layer and its test that failed.
func (l *Layer) Who() string {
	if l.Test == "" {
		return l.Name
	}
	return l.Name + ": " + l.Test
}

// layers are the tests there are, from the quickest to the slowest. Arguments
// stand behind the packages.
var layers = map[string][]string{
	"simulator":  {"./dialer/sim", "-args", "-seeds", "60"},
	"acceptance": {"./cmd/internal/app", "./cmd/internal/demo"},
	"kill loop":  {"-tags", "crashpoints", "-run", "TestKillLoop", "./cmd/carillon", "-args", "-cycles", "20"},
}

// limit bounds one layer: a mutation that makes it hang is caught too.
const limit = "4m"

// try applies a mutation alone and runs layer after layer until one fails, or
// all of them.
func try(ctx context.Context, m Mutation, all bool) Result {
	r := Result{Mutation: m}
	overlay, remove, err := overlayOf(&m)
	if err != nil {
		r.Err = err
		return r
	}
	defer remove()
	caught := false
	for _, name := range m.layers() {
		if caught && !all {
			break
		}
		args := layers[name]
		switch {
		case name == "unit":
			args = append([]string{"-short"}, m.Unit...)
		case name == "kill loop" && len(m.At) > 0:
			args = append(slices.Clone(args), "-kill-at", strings.Join(m.At, ","))
		}
		if args == nil {
			r.Err = fmt.Errorf("there is no layer %q", name)
			return r
		}
		l, err := m.put(ctx, name, overlay, args)
		r.Layers = append(r.Layers, l)
		if err != nil {
			r.Err = err
			return r
		}
		caught = caught || l.Caught
	}
	return r
}

// put runs one layer: of the unit tests the one that is known to notice, at its
// full length, and all of them, shortly, when it does not.
func (m *Mutation) put(ctx context.Context, name, overlay string, args []string) (Layer, error) {
	if pkg, test, ok := m.first(); ok && name == "unit" {
		l, err := runLayer(ctx, name, overlay, []string{"-run", "^" + test + "$", "./" + pkg})
		if err != nil || l.Caught {
			return l, err
		}
	}
	return runLayer(ctx, name, overlay, args)
}

// layers are the names of the layers a mutation is put to, in order.
func (m *Mutation) layers() []string {
	var out []string
	if len(m.Unit) > 0 {
		out = append(out, "unit")
	}
	if m.Sim == nil || *m.Sim {
		out = append(out, "simulator")
	}
	return append(out, m.Beyond...)
}

// overlayOf writes the mutated file and the overlay that puts it in place.
func overlayOf(m *Mutation) (string, func(), error) {
	root, err := Root()
	if err != nil {
		return "", nil, err
	}
	text, err := m.Apply(root)
	if err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp("", "mutant-")
	if err != nil {
		return "", nil, err
	}
	remove := func() { _ = os.RemoveAll(dir) }
	mutated := filepath.Join(dir, filepath.Base(m.File))
	overlay := filepath.Join(dir, "overlay.json")
	spec, _ := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(root, m.File): mutated}})
	if err := errors.Join(os.WriteFile(mutated, text, 0o600), os.WriteFile(overlay, spec, 0o600)); err != nil {
		remove()
		return "", nil, err
	}
	return overlay, remove, nil
}

func runLayer(ctx context.Context, name, overlay string, args []string) (Layer, error) {
	began := time.Now()
	// A subprocess that the tests start with go build or go run sees the
	// mutation too. Compilers and worlds are short-lived: memory is cheaper to
	// them than collecting it.
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-overlay", overlay, "-vet=off", "-count", "1", "-failfast", "-timeout", limit}, args...)...) //nolint:gosec // our own tests
	cmd.Env = append(os.Environ(), "GOGC=400", "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+overlay))
	root, err := Root()
	if err != nil {
		return Layer{}, err
	}
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	l := Layer{Name: name, Took: time.Since(began), Tail: tail(out)}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return l, nil
	case !errors.As(err, &exit):
		return l, fmt.Errorf("run the %s layer: %w", name, err)
	case bytes.Contains(out, []byte("[build failed]")) || bytes.Contains(out, []byte("[setup failed]")):
		return l, errors.New("it does not compile")
	}
	l.Caught, l.Test = true, failedTest(out)
	return l, nil
}

// failedTest is the first top-level test that failed in what go test prints,
// as package.Test: the package stands on a line behind its tests.
func failedTest(out []byte) string {
	test := testLine.FindSubmatchIndex(out)
	if test == nil {
		return ""
	}
	name := string(out[test[2]:test[3]])
	if pkg := packageLine.FindSubmatch(out[test[1]:]); pkg != nil {
		return strings.TrimPrefix(string(pkg[1]), module) + "." + name
	}
	return name
}

var (
	testLine    = regexp.MustCompile(`(?m)^--- FAIL: (\w+)`)
	packageLine = regexp.MustCompile(`(?m)^FAIL\t(\S+)`)
)

const module = "github.com/carillon-dialer/carillon/"

// tail is the end of a test's output.
func tail(out []byte) string {
	const most = 1500
	if len(out) > most {
		out = out[len(out)-most:]
	}
	return string(out)
}
