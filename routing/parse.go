package routing

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/carillon-dialer/carillon/cadence"
)

// Limits of a dispositions file. A set is loaded at start and handed to people
// to choose from: beyond these it is a mistake.
const (
	MaxFileBytes    = 1 << 20
	MaxDispositions = 500
	MaxRetries      = 99
)

type fileShape struct {
	Schema       int          `yaml:"schema"`
	Dispositions []entryShape `yaml:"dispositions"`
}

type entryShape struct {
	Code       string     `yaml:"code"`
	Label      string     `yaml:"label"`
	Aliases    []string   `yaml:"aliases"`
	Scope      Scope      `yaml:"scope"`
	Live       bool       `yaml:"live"`
	Contact    bool       `yaml:"contact"`
	Conversion bool       `yaml:"conversion"`
	Completed  bool       `yaml:"completed"`
	DNC        bool       `yaml:"dnc"`
	Refusal    bool       `yaml:"refusal"`
	Callback   bool       `yaml:"callback"`
	Final      bool       `yaml:"final"`
	Retryable  bool       `yaml:"retryable"`
	Machine    bool       `yaml:"machine"`
	System     bool       `yaml:"system"`
	Ours       bool       `yaml:"ours"`
	Route      routeShape `yaml:"route"`
}

type routeShape struct {
	Do    cadence.Action `yaml:"do"`
	Delay string         `yaml:"delay"`
	Max   int            `yaml:"max"`
}

// ParseDispositions reads a dispositions file. Unknown and repeated keys are
// errors. All errors of meaning are reported together, each with its line.
func ParseDispositions(data []byte) (*Set, error) {
	if len(data) > MaxFileBytes {
		return nil, fmt.Errorf("dispositions: %d bytes, at most %d are read", len(data), MaxFileBytes)
	}
	var f fileShape
	dec := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict())
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("dispositions: %w", withLine(err))
	}
	if err := dec.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, errors.New("dispositions: more than one document in the file")
	}
	if f.Schema != 1 {
		return nil, fmt.Errorf("dispositions: schema %d, this version reads schema 1", f.Schema)
	}
	if n := len(f.Dispositions); n == 0 || n > MaxDispositions {
		return nil, fmt.Errorf("dispositions: %d entries, want 1 to %d", n, MaxDispositions)
	}
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, fmt.Errorf("dispositions: %w", withLine(err))
	}
	return build(f.Dispositions, tree)
}

func build(entries []entryShape, tree *ast.File) (*Set, error) {
	s := &Set{index: make(map[string]int, 4*len(entries))}
	var errs []error
	for i := range entries {
		d, err := entries[i].disposition()
		if err == nil {
			err = s.add(d)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("line %d: disposition %q: %w", lineOf(tree, i), entries[i].Code, err))
		}
	}
	for _, code := range engineCodes {
		if _, ok := s.index[string(code)]; !ok {
			errs = append(errs, fmt.Errorf("disposition %q is missing: the engine gives it", code))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("dispositions: %w", err)
	}
	return s, nil
}

var engineCodes = []cadence.DispositionCode{
	NoAnswer, Busy, AnsweringMachine, VoicemailLeft, Fax, Disconnected, Congestion,
	Blocked, Abandoned, Connected, Failed, Unconfirmed, Cancelled,
}

func (s *Set) add(d Disposition) error {
	at := len(s.list)
	names := append([]string{string(d.Code)}, d.Aliases...)
	for _, n := range names {
		if _, taken := s.index[n]; taken {
			return fmt.Errorf("%q names two dispositions or the same one twice", n)
		}
		s.index[n] = at
	}
	s.list = append(s.list, d)
	return nil
}

// lineOf finds the line of the i-th entry, for messages; 0 when the tree does
// not have it.
func lineOf(tree *ast.File, i int) int {
	path, err := yaml.PathString("$.dispositions[" + strconv.Itoa(i) + "]")
	if err != nil {
		return 0
	}
	node, err := path.FilterFile(tree)
	if err != nil || node.GetToken() == nil {
		return 0
	}
	return node.GetToken().Position.Line
}

// withLine puts "line N" before the YAML library's own account.
func withLine(err error) error {
	if at := yamlPosition.FindStringSubmatch(err.Error()); at != nil {
		return fmt.Errorf("line %s: %w", at[1], err)
	}
	return err
}

// The library begins its messages with [line:column].
var yamlPosition = regexp.MustCompile(`^\[(\d+):\d+\]`)
