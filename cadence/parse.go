package cadence

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Parse reads a document strictly: unknown fields, duplicate keys, wrong
// types, null, trailing data, a byte order mark, text that is not UTF-8, NUL,
// nesting beyond MaxDocumentDepth and more than MaxDocumentBytes are all
// problems, listed with their place in the order they stand. The document is
// nil if there is any problem. Parse looks at the form only; see Validate.
func Parse(data []byte) (*Document, []Problem) {
	doc, _, problems := parse(data)
	if len(problems) > 0 {
		return nil, problems
	}
	return doc, nil
}

// parse also returns what could be read of a faulty document, and its tree;
// both are nil when there is nothing to go on with.
func parse(data []byte) (*Document, *value, []Problem) {
	r := newReader(data)
	root := r.read()
	if root == nil {
		return nil, nil, r.problems
	}
	doc := &Document{}
	r.fill(root, reflect.ValueOf(doc).Elem(), "")
	inOrder(r.problems)
	return doc, root, r.problems
}

var (
	spanType   = reflect.TypeFor[Span]()
	policyType = reflect.TypeFor[NumberPolicy]()
)

// fill copies a value into a Go value of the model, field by field.
func (r *reader) fill(v *value, into reflect.Value, path string) {
	switch {
	case v.kind == "":
		return // a value that reading stopped at; its problem is listed
	case v.kind == isNull:
		r.errorAt(v.offset, path, "type", "null is no value here", "leave the field out")
		return
	case into.Type() == spanType:
		r.fillSpan(v, into, path)
		return
	case into.Type() == policyType:
		r.fillPolicy(v, into, path)
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		r.fill(v, into.Elem(), path)
	case reflect.Struct:
		r.fillStruct(v, into, path)
	case reflect.Slice:
		r.fillSlice(v, into, path)
	case reflect.Map:
		r.fillMap(v, into, path)
	case reflect.String:
		if r.want(v, isString, path) {
			into.SetString(v.text)
		}
	case reflect.Bool:
		if r.want(v, isBool, path) {
			into.SetBool(v.text == "true")
		}
	case reflect.Int:
		r.fillInt(v, into, path)
	default:
		panic(fmt.Sprintf("BUG: the model holds a %s at %s", into.Kind(), path))
	}
}

// want reports whether the value is of a kind, and says so where it is not.
func (r *reader) want(v *value, kind valueKind, path string) bool {
	if v.kind == kind {
		return true
	}
	r.errorAt(v.offset, path, "type", fmt.Sprintf("want %s, have %s", kind, v.kind), "")
	return false
}

func (r *reader) fillStruct(v *value, into reflect.Value, path string) {
	if !r.want(v, isObject, path) {
		return
	}
	known := fieldsOf(into.Type())
	for _, m := range v.members {
		i, ok := known.index[m.name]
		if !ok {
			r.errorAt(m.offset, under(path, m.name), "unknown_field", fmt.Sprintf("there is no field %q here", clip(m.name)), "the fields are "+known.names)
			continue
		}
		r.fill(m.value, into.Field(i), under(path, m.name))
	}
}

func (r *reader) fillSlice(v *value, into reflect.Value, path string) {
	if !r.want(v, isArray, path) {
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(v.items), len(v.items)))
	for i, item := range v.items {
		r.fill(item, into.Index(i), at(path, i))
	}
}

func (r *reader) fillMap(v *value, into reflect.Value, path string) {
	if !r.want(v, isObject, path) {
		return
	}
	into.Set(reflect.MakeMapWithSize(into.Type(), len(v.members)))
	for _, m := range v.members {
		inner := under(path, m.name)
		if strings.ContainsRune(m.name, 0) {
			r.errorAt(m.offset, inner, "nul", "the name holds a NUL character", "remove it")
		}
		item := reflect.New(into.Type().Elem()).Elem()
		r.fill(m.value, item, inner)
		into.SetMapIndex(reflect.ValueOf(m.name).Convert(into.Type().Key()), item)
	}
}

func (r *reader) fillInt(v *value, into reflect.Value, path string) {
	if !r.want(v, isNumber, path) {
		return
	}
	n, err := strconv.ParseInt(v.text, 10, 32)
	if err != nil {
		r.errorAt(v.offset, path, "type", fmt.Sprintf("%s is not a whole number in range", clip(v.text)), "")
		return
	}
	into.SetInt(n)
}

func (r *reader) fillSpan(v *value, into reflect.Value, path string) {
	if !r.want(v, isString, path) {
		return
	}
	span, err := ParseSpan(v.text)
	if err != nil {
		r.errorAt(v.offset, path, "span", err.Error(), "write it as 30m, 4h, 2d, 1w, 3bd or 1mo")
		return
	}
	into.Set(reflect.ValueOf(span))
}

func (r *reader) fillPolicy(v *value, into reflect.Value, path string) {
	const remedy = `write "primary", "in_order" or {"next_on": ["BUSY"]}`
	var policy NumberPolicy
	switch v.kind {
	case isString:
		if err := policy.fromWord(v.text); err != nil {
			r.errorAt(v.offset, path, "numbers", err.Error(), remedy)
		}
	case isObject:
		var list struct {
			NextOn []DispositionCode `json:"next_on"`
		}
		r.fillStruct(v, reflect.ValueOf(&list).Elem(), path)
		if len(v.members) == 0 || list.NextOn != nil && len(list.NextOn) == 0 {
			r.errorAt(v.offset, path, "numbers", "next_on names no disposition", remedy)
		}
		policy.NextOn = list.NextOn
	case isArray, isNumber, isBool, isNull:
		r.errorAt(v.offset, path, "type", fmt.Sprintf("want text or an object, have %s", v.kind), remedy)
	}
	into.Set(reflect.ValueOf(policy))
}

// fields are the JSON names of a struct of the model.
type fields struct {
	index map[string]int
	names string
}

var fieldCache sync.Map // reflect.Type → fields

func fieldsOf(t reflect.Type) fields {
	if known, ok := fieldCache.Load(t); ok {
		return known.(fields)
	}
	f := fields{index: map[string]int{}}
	var names []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		f.index[name] = i
		names = append(names, name)
	}
	f.names = strings.Join(names, ", ")
	fieldCache.Store(t, f)
	return f
}
