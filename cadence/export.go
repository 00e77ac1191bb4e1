package cadence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// Export is the canonical text of a document: the fields in the order of the
// model, maps by key, two blanks of indent, defaults left out, one line end at
// the end. Equal documents give equal bytes, and Parse of the result gives
// what Normalize gives.
func Export(doc *Document) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(Normalize(doc)); err != nil {
		panic(fmt.Sprintf("BUG: export cadence %q: %v", doc.Name, err))
	}
	return out.Bytes()
}

// Normalize returns a deep copy in which every default is its zero value, no
// list or map is empty rather than absent, and the days of a window are in
// the order of the week. It says the same as the original.
func Normalize(doc *Document) *Document {
	tidied, _ := reflect.TypeAssert[*Document](tidy(reflect.ValueOf(doc)))
	if tidied.Steps == nil {
		tidied.Steps = []Step{} // the one list that is always written
	}
	if r := tidied.TimeRestrictions; r != nil {
		normalizeHours(r)
		if r.Zone == "" && r.Windows == nil && !r.Holidays {
			tidied.TimeRestrictions = nil
		}
	}
	if c := tidied.Caps; c != nil && len(c.Lead) == 0 && c.Daily == 0 {
		tidied.Caps = nil
	}
	unset(&tidied.Purpose, PurposeSales)
	unset(&tidied.Runs.Then, ThenIdle)
	unset(&tidied.ReEntry, "never")
	for i := range tidied.Steps {
		normalizeStep(&tidied.Steps[i])
	}
	return tidied
}

func normalizeHours(r *TimeRestrictions) {
	unset(&r.Zone, ZoneLead)
	for i := range r.Windows {
		w := &r.Windows[i]
		slices.SortStableFunc(w.Days, func(a, b string) int {
			return slices.Index(weekdays, a) - slices.Index(weekdays, b)
		})
		if slices.Equal(w.Days, weekdays) {
			w.Days = nil
		}
	}
}

func normalizeStep(s *Step) {
	unset(&s.PlacedBy, placedByDialer)
	unset(&s.Anchor, AnchorPrevious)
	unset(&s.CallerID.Strategy, StrategyRandom)
	unset(&s.CallerID.Pool, DefaultPool)
	unset(&s.RingFor, DefaultRing)
	unset(&s.Detection.Mode, DetectSync)
	unset(&s.Detection.Timeout, DefaultDetection)
	if s.Rep != nil && *s.Rep == (RepCall{}) {
		s.Rep = nil
	}
	if ai := s.Advanced.AI; ai != nil && reflect.ValueOf(*ai).IsZero() {
		s.Advanced.AI = nil
	}
}

// DefaultRing is how long a call rings when its step does not say.
var DefaultRing = Span{N: 25, Unit: Seconds}

// DefaultDetection is how long detection of answering machines may take when a
// step does not say: the carriers' own default.
var DefaultDetection = Span{N: 30, Unit: Seconds}

func unset[T comparable](field *T, def T) {
	if *field == def {
		var zero T
		*field = zero
	}
}

// tidy copies a value deeply; empty lists and maps become nil and spans of
// nothing lose their unit.
func tidy(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(tidy(v.Elem()))
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = reflect.Append(out, tidy(v.Index(i)))
		}
	case reflect.Map:
		if v.Len() > 0 {
			out.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for _, key := range v.MapKeys() {
				out.SetMapIndex(key, tidy(v.MapIndex(key)))
			}
		}
	case reflect.Struct:
		if span, ok := reflect.TypeAssert[Span](v); ok && span.IsZero() {
			break
		}
		for i := range v.NumField() {
			out.Field(i).Set(tidy(v.Field(i)))
		}
	default:
		out.Set(v)
	}
	return out
}
