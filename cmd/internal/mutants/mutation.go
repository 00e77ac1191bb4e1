package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed mutations.yaml
var list []byte

// Mutation is one deliberate mistake: Find, which occurs exactly once in File,
// becomes Replace. Unit names the packages whose own tests may notice, First
// the test among them that is asked before the others, as package.Test. Beyond
// lists further layers, tried in order when those and the simulator did not. At
// names the crash points at which the kill loop is to look, all when empty.
type Mutation struct {
	Name    string   `yaml:"name"`
	What    string   `yaml:"what"`
	File    string   `yaml:"file"`
	Find    string   `yaml:"find"`
	Replace string   `yaml:"replace"`
	Unit    []string `yaml:"unit"`
	First   string   `yaml:"first"`
	Sim     *bool    `yaml:"sim"`
	Beyond  []string `yaml:"beyond"`
	At      []string `yaml:"at"`
}

// Load reads the list, or those of it whose name contains only. Every mutation
// is checked first: one that does not fit the code any more proves nothing.
func Load(only string) ([]Mutation, error) {
	var all []Mutation
	if err := yaml.UnmarshalWithOptions(list, &all, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("mutations.yaml: %w", err)
	}
	root, err := Root()
	if err != nil {
		return nil, err
	}
	var out []Mutation
	var errs []error
	seen := map[string]bool{}
	for _, m := range all {
		if seen[m.Name] {
			errs = append(errs, fmt.Errorf("%s: named twice", m.Name))
		}
		seen[m.Name] = true
		if _, err := m.Apply(root); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", m.Name, err))
		}
		if strings.Contains(m.Name, only) {
			out = append(out, m)
		}
	}
	return out, errors.Join(errs...)
}

// Apply returns the mutated file.
func (m *Mutation) Apply(root string) ([]byte, error) {
	if m.Name == "" || m.What == "" || m.Find == m.Replace {
		return nil, errors.New("name, what, and a change are needed")
	}
	b, err := os.ReadFile(filepath.Join(root, m.File))
	if err != nil {
		return nil, err
	}
	find := strings.TrimRight(m.Find, "\n")
	if n := strings.Count(string(b), find); n != 1 {
		return nil, fmt.Errorf("its text occurs %d times in %s, not once", n, m.File)
	}
	return []byte(strings.Replace(string(b), find, strings.TrimRight(m.Replace, "\n"), 1)), nil
}

// first is the test that is asked before the others, and its package's folder.
func (m *Mutation) first() (pkg, test string, ok bool) {
	i := strings.LastIndexByte(m.First, '.')
	if i < 0 {
		return "", "", false
	}
	return m.First[:i], m.First[i+1:], true
}

// Root is the folder of go.mod, at or above the working directory.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = up
	}
}
