package cadence

import (
	"fmt"
	"slices"
)

// Known is what the instance a document is checked for has. A nil function
// means there is no instance to ask (a file checked offline): names of that
// kind are then not looked up.
type Known struct {
	// Disposition resolves a code or an alias to the canonical code.
	Disposition func(DispositionCode) (canonical DispositionCode, ok bool)
	// Codes are all canonical codes a dialed call can end with, for finding
	// steps that are always left by another way. Empty: not looked at.
	Codes []DispositionCode
	// RetryDelay is a disposition's own default delay for retries. Nil: none
	// has one.
	RetryDelay func(DispositionCode) (Span, bool)
	// Callback is a disposition's own delay for calls back for which no time was
	// agreed, zero where it has none, and whether a time may be agreed with it at
	// all. Nil: not looked at.
	Callback func(DispositionCode) (delay Span, agreed bool)
	// No reports whether a disposition is of people who ask not to be called.
	// Nil: DNC is.
	No func(DispositionCode) bool
	// EngineOnly reports whether a disposition is the engine's own, which nobody
	// can mean by pressing a key. Nil: not looked at.
	EngineOnly func(DispositionCode) bool
	// Pool, Media and Cadence report whether a caller-ID pool, a stored audio
	// file ("media:sha256-…") or a cadence of that name is there.
	Pool    func(name string) bool
	Media   func(name string) bool
	Cadence func(name string) bool
	// Astray are those of the numbers that a step may be called from whose own
	// calls go elsewhere than to us, and those whose calls go to another owner.
	// Nil: nobody knows.
	Astray func(CallerID) (elsewhere, notOwned []Number)
	// Law is what rules of law say of a document that its author should know of
	// before anybody is called. Nil: not looked at.
	Law func(*Document) []LawNote
	// Countries are the ISO 3166 codes the instance dials. Empty: US.
	Countries []string
}

// Lookup finds another cadence's document by name.
type Lookup func(name string) (*Document, bool)

// DefaultPool is the pool of a step that names none.
const DefaultPool = "default"

// ReferenceKind is what a name in a document stands for.
type ReferenceKind string

// The kinds of thing a document refers to by name.
const (
	RefDisposition ReferenceKind = "disposition"
	RefPool        ReferenceKind = "pool"
	RefMedia       ReferenceKind = "media"
	RefCadence     ReferenceKind = "cadence"
)

// Reference is a name in a document and where it stands.
type Reference struct {
	Path string        `json:"path"`
	Kind ReferenceKind `json:"kind"`
	Name string        `json:"name"`
}

// References lists every name a document refers to, in the order they stand.
// The default pool is listed once, at the first step that uses it unnamed.
func References(doc *Document) []Reference {
	var refs references
	refs.connects("connect", doc.Connect)
	if doc.Runs.TransitionTo != "" {
		refs.add("runs.transition_to", RefCadence, doc.Runs.TransitionTo)
	}
	refs.routes("routes", doc.Routes)
	for i := range doc.Steps {
		refs.step(at("steps", i), &doc.Steps[i])
	}
	return refs.list
}

type references struct {
	list        []Reference
	defaultPool bool
}

func (r *references) add(path string, kind ReferenceKind, name string) {
	if kind == RefPool && name == DefaultPool {
		if r.defaultPool {
			return
		}
		r.defaultPool = true
	}
	r.list = append(r.list, Reference{Path: path, Kind: kind, Name: name})
}

func (r *references) step(path string, s *Step) {
	if s.Kind == StepCall && s.PlacedBy != placedByRep {
		r.pool(under(path, "caller_id"), s.CallerID)
	}
	for i, code := range s.Numbers.NextOn {
		r.add(at(path+".numbers.next_on", i), RefDisposition, string(code))
	}
	r.audio(path+".voicemail.audio", s.Voicemail.Audio)
	r.connects(path+".connect", s.Connect)
	r.routes(path+".routes", s.Routes)
}

func (r *references) pool(path string, id CallerID) {
	switch {
	case id.Strategy == StrategyFixed:
	case id.Pool == "":
		r.add(path, RefPool, DefaultPool)
	default:
		r.add(path+".pool", RefPool, id.Pool)
	}
}

func (r *references) audio(path, audio string) {
	if isMedia(audio) {
		r.add(path, RefMedia, audio)
	}
}

func (r *references) connects(path string, list []Connect) {
	for i := range list {
		c := &list[i]
		r.audio(at(path, i)+".audio", c.Audio)
		for _, key := range sortedKeys(c.Gather) {
			r.add(under(at(path, i)+".gather", key), RefDisposition, string(c.Gather[key]))
		}
	}
}

func (r *references) routes(path string, list []Route) {
	for i, route := range list {
		if route.On != "" {
			r.add(at(path, i)+".on", RefDisposition, string(route.On))
		}
		if route.Do == DoTransition && route.To != "" {
			r.add(at(path, i)+".to", RefCadence, route.To)
		}
	}
}

// Missing lists the references of a document that the instance does not have.
// A cadence that names itself is not missing.
func Missing(doc *Document, known Known) []Reference {
	var missing []Reference
	for _, ref := range References(doc) {
		if !known.has(ref) && (ref.Kind != RefCadence || ref.Name != doc.Name) {
			missing = append(missing, ref)
		}
	}
	return missing
}

func (k Known) has(ref Reference) bool {
	var lookup func(string) bool
	switch ref.Kind {
	case RefDisposition:
		if k.Disposition == nil {
			return true
		}
		_, ok := k.Disposition(DispositionCode(ref.Name))
		return ok
	case RefPool:
		lookup = k.Pool
	case RefMedia:
		lookup = k.Media
	case RefCadence:
		lookup = k.Cadence
	}
	return lookup == nil || lookup(ref.Name)
}

// canonical is the code an alias stands for, or the code itself.
func (k Known) canonical(code DispositionCode) DispositionCode {
	if k.Disposition != nil {
		if c, ok := k.Disposition(code); ok {
			return c
		}
	}
	return code
}

// foreign reports the countries dialed whose public holidays are not built in.
func (k Known) foreign() []string {
	var list []string
	for _, country := range k.Countries {
		if country != "US" && !slices.Contains(list, country) {
			list = append(list, country)
		}
	}
	return list
}

// Resolve replaces aliases of dispositions by the canonical codes, in place,
// and reports whether it changed anything. Documents are stored resolved.
func Resolve(doc *Document, known Known) bool {
	changed := false
	set := func(code *DispositionCode) {
		if c := known.canonical(*code); c != *code {
			*code, changed = c, true
		}
	}
	connects := func(list []Connect) {
		for i := range list {
			for key, code := range list[i].Gather {
				set(&code)
				list[i].Gather[key] = code
			}
		}
	}
	routes := func(list []Route) {
		for i := range list {
			set(&list[i].On)
		}
	}
	connects(doc.Connect)
	routes(doc.Routes)
	for i := range doc.Steps {
		s := &doc.Steps[i]
		for j := range s.Numbers.NextOn {
			set(&s.Numbers.NextOn[j])
		}
		connects(s.Connect)
		routes(s.Routes)
	}
	return changed
}

func (ref Reference) remedy() string {
	if ref.Kind == RefMedia {
		return "store the file (carillon media add FILE) and use the name that is answered"
	}
	return fmt.Sprintf("create the %s or name another", ref.Kind)
}

func (ref Reference) message() string {
	if ref.Kind == RefMedia { // its form is checked, and a hash is of no use when it is cut
		return fmt.Sprintf("there is no %s here", ref.Name)
	}
	return fmt.Sprintf("there is no %s %q here", ref.Kind, clip(ref.Name))
}
