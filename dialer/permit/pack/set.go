package pack

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence/window"
)

// Digest names a set of packs: the SHA-256 of its canonical form. The zero
// digest is no set.
type Digest [32]byte

// IsZero reports whether it names no set.
func (d Digest) IsZero() bool { return d == Digest{} }

// String is the digest in hexadecimal.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// Set is all packs in force together. It is immutable and may be used by
// several goroutines.
type Set struct {
	files     []*File
	body      []byte
	digest    Digest
	calendars map[string]*holidays
	countries map[string]bool // that some rule is about
	areas     map[string][]*time.Location
	infos     map[string]*Rule
}

// Load reads every *.yaml of the root and of overrides/ of all the folders; a
// file of a later one takes the place of one with its name. It returns either
// a set or all that is wrong.
func Load(folders ...fs.FS) (*Set, Problems) {
	s := &Set{}
	names, problems := list(folders)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		data, err := fs.ReadFile(names[name], name)
		if err != nil {
			problems = append(problems, Problem{File: name, Line: 1, Message: err.Error()})
			continue
		}
		f, wrong := decode(name, data)
		if problems = append(problems, wrong...); f != nil {
			s.files = append(s.files, f)
		}
	}
	if len(problems) == 0 {
		problems = s.complete()
	}
	if len(problems) == 0 {
		problems = s.unbounded()
	}
	if len(problems) == 0 {
		problems = s.contradictions()
	}
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	return s, nil
}

// list finds the files and the folder each is read from.
func list(folders []fs.FS) (map[string]fs.FS, Problems) {
	names := map[string]fs.FS{}
	for _, folder := range folders {
		for _, pattern := range []string{"*.yaml", overrides + "*.yaml"} {
			found, err := fs.Glob(folder, pattern)
			if err != nil {
				return nil, Problems{{File: pattern, Line: 1, Message: err.Error()}}
			}
			for _, name := range found {
				names[name] = folder
			}
		}
	}
	if len(names) == 0 || len(names) > MaxFiles {
		return nil, Problems{{File: "*.yaml", Line: 1, Message: fmt.Sprintf("%d pack files, want 1 to %d", len(names), MaxFiles), Remedy: "without rules nothing is dialed"}}
	}
	return names, nil
}

// Read reads the canonical form that Body returns. It fails on anything else,
// but looks neither for contradictions nor for a window that holds for every
// call: Load has, and a set that an earlier release took can still be read.
func Read(body []byte) (*Set, error) {
	s := &Set{}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s.files); err != nil {
		return nil, fmt.Errorf("rule packs: %w", err)
	}
	for _, f := range s.files {
		f.written()
	}
	if err := s.complete().Err(); err != nil {
		return nil, fmt.Errorf("rule packs: %w", err)
	}
	if !bytes.Equal(s.body, body) {
		return nil, errors.New("rule packs: not in the canonical form")
	}
	return s, nil
}

// complete checks the files, writes the canonical form and indexes the rules.
func (s *Set) complete() Problems {
	if len(s.files) == 0 {
		return Problems{{File: "*.yaml", Line: 1, Message: "there is no pack"}}
	}
	slices.SortFunc(s.files, func(a, b *File) int {
		return cmp.Or(last(a)-last(b), strings.Compare(a.Path, b.Path))
	})
	c := &checker{calendars: map[string]bool{}}
	rules := 0
	for _, f := range s.files {
		rules += len(f.Rules)
		for i := range f.Calendars {
			c.calendars[f.Calendars[i].ID] = true
		}
	}
	for _, f := range s.files {
		c.check(f)
	}
	if rules == 0 || rules > MaxRules {
		return Problems{{File: s.files[0].Path, Line: 1, Message: fmt.Sprintf("%d rules in all, want 1 to %d", rules, MaxRules)}}
	}
	if len(c.problems) > 0 {
		return c.problems
	}
	if problems := s.between(); len(problems) > 0 {
		return problems
	}
	body, err := json.Marshal(s.files)
	if err != nil {
		panic("BUG: pack: " + err.Error())
	}
	s.body, s.digest = body, sha256.Sum256(body)
	s.index()
	return nil
}

// last puts the rules of the house behind those of the law, which are named
// first when both refuse.
func last(f *File) int {
	if f.Pack == "house" {
		return 1
	}
	return 0
}

func (s *Set) index() {
	s.calendars, s.countries = map[string]*holidays{}, map[string]bool{}
	s.areas, s.infos = map[string][]*time.Location{}, map[string]*Rule{}
	for _, f := range s.files {
		for i := range f.Calendars {
			s.calendars[f.Calendars[i].ID] = &holidays{feasts: f.Calendars[i].Days}
		}
		for i := range f.Rules {
			r := &f.Rules[i]
			s.infos[r.ID] = r
			for _, country := range f.Applies.over(r.Applies).Country {
				s.countries[country] = true
			}
			if r.Kind == TZ {
				s.indexArea(r)
			}
		}
	}
}

func (s *Set) indexArea(r *Rule) {
	for _, npa := range r.Params.NPA {
		for _, name := range r.Params.Zones {
			zone, err := window.LoadZone(name)
			if err != nil {
				panic("BUG: pack: a checked zone: " + err.Error())
			}
			s.areas[npa] = append(s.areas[npa], zone)
		}
	}
}

// Digest names the set.
func (s *Set) Digest() Digest { return s.digest }

// Body is the canonical form. It must not be changed.
func (s *Set) Body() []byte { return s.body }

// Rule is what the set says of a rule id, nil when it has none. Of several
// versions of a rule it is the last one.
func (s *Set) Rule(id string) *Rule { return s.infos[id] }

// Rules calls fn for every rule with its applies completed by its pack's.
func (s *Set) Rules(fn func(*Rule, Applies)) {
	for _, f := range s.files {
		for i := range f.Rules {
			fn(&f.Rules[i], f.Applies.over(f.Rules[i].Applies))
		}
	}
}

// AreaZones are the zones that the packs add to those of an E.164 number's
// area code; none for most.
func (s *Set) AreaZones(e164 string) []*time.Location {
	if len(e164) < 5 || e164[:2] != "+1" {
		return nil
	}
	return s.areas[e164[2:5]]
}

// over completes a rule's own applies with those of its pack.
func (a Applies) over(own Applies) Applies {
	pick := func(own, from []string) []string {
		if len(own) > 0 {
			return own
		}
		return from
	}
	return Applies{
		Country: pick(own.Country, a.Country), State: pick(own.State, a.State), Purpose: pick(own.Purpose, a.Purpose),
		Line: pick(own.Line, a.Line), Voice: pick(own.Voice, a.Voice),
	}
}
