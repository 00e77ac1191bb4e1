package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds the nesting of a request's JSON.
const maxDepth = 32

// decode reads one JSON object strictly into the struct v points to: fields
// the struct does not have, fields that come twice or in another case, null,
// NUL, text that is not UTF-8, deep nesting and anything behind the object are
// refused, each by the name of the field. A map whose values are pointers
// takes null.
func decode(body []byte, v any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return invalid("", "the request has no body; send a JSON object")
	}
	if !utf8.Valid(body) {
		return invalid("", "the body is not UTF-8")
	}
	s := scanner{json.NewDecoder(bytes.NewReader(body))}
	s.dec.UseNumber()
	if err := s.value(reflect.TypeOf(v).Elem(), "", 0); err != nil {
		return readable(err)
	}
	if _, err := s.dec.Token(); !errors.Is(err, io.EOF) {
		return invalid("", "there is something behind the JSON object")
	}
	if err := json.Unmarshal(body, v); err != nil {
		return readable(err)
	}
	return nil
}

func readable(err error) error {
	var f *Fault
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &wrong):
		return invalid(wrong.Field, fmt.Sprintf("%s must be a %s, not a %s", name(wrong.Field), plainType(wrong.Type), wrong.Value))
	case errors.As(err, &syntax):
		return invalid("", fmt.Sprintf("the body is not JSON: byte %d: %s", syntax.Offset, syntax.Error()))
	}
	return invalid("", "the body is not JSON: it ends too early")
}

func name(field string) string {
	if field == "" {
		return "the body"
	}
	return field
}

func plainType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return plainType(t.Elem())
	case reflect.String:
		return "text"
	case reflect.Slice, reflect.Array:
		return "list"
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.Bool:
		return "boolean"
	case reflect.Float32, reflect.Float64:
		return "number"
	default:
		return "whole number"
	}
}

type scanner struct{ dec *json.Decoder }

// value walks one value beside the type it is for; t is nil where anything may
// stand, or where decoding will find the wrong type itself.
func (s scanner) value(t reflect.Type, path string, depth int) error {
	if depth > maxDepth {
		return invalid(path, fmt.Sprintf("%s is nested deeper than %d levels", name(path), maxDepth))
	}
	tok, err := s.dec.Token()
	if err != nil {
		return err
	}
	switch tok := tok.(type) {
	case nil:
		if t == nil || t.Kind() != reflect.Pointer {
			return invalid(path, name(path)+" must not be null")
		}
	case string:
		if strings.ContainsRune(tok, 0) {
			return invalid(path, name(path)+" holds a NUL character")
		}
	case json.Delim:
		if tok == '[' {
			return s.list(t, path, depth)
		}
		return s.object(t, path, depth)
	}
	return nil
}

func (s scanner) list(t reflect.Type, path string, depth int) error {
	var elem reflect.Type
	if t != nil && t.Kind() == reflect.Slice {
		elem = t.Elem()
	}
	for i := 0; s.dec.More(); i++ {
		if err := s.value(elem, fmt.Sprintf("%s[%d]", path, i), depth+1); err != nil {
			return err
		}
	}
	_, err := s.dec.Token()
	return err
}

func (s scanner) object(t reflect.Type, path string, depth int) error {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	seen := map[string]bool{}
	for s.dec.More() {
		tok, err := s.dec.Token()
		if err != nil {
			return err
		}
		key, ok := tok.(string)
		if !ok {
			return invalid(path, "a field's name must be text")
		}
		at := strings.TrimPrefix(path+"."+key, ".")
		if len(at) > 200 {
			at = at[:200]
		}
		if seen[key] {
			return invalid(at, at+" comes twice")
		}
		seen[key] = true
		elem, err := member(t, key, at)
		if err != nil {
			return err
		}
		if err := s.value(elem, at, depth+1); err != nil {
			return err
		}
	}
	_, err := s.dec.Token()
	return err
}

// member is the type of one field, or a fault when the type has no such one.
func member(t reflect.Type, key, at string) (reflect.Type, error) {
	switch {
	case t == nil:
		return nil, nil
	case t.Kind() == reflect.Map:
		if strings.ContainsRune(key, 0) {
			return nil, invalid(at, "a field's name holds a NUL character")
		}
		return t.Elem(), nil
	case t.Kind() != reflect.Struct:
		return nil, nil
	}
	for f := range t.Fields() {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == key {
			if f.Type.Kind() == reflect.Pointer {
				return f.Type.Elem(), nil // absent, not null
			}
			return f.Type, nil
		}
	}
	return nil, invalid(at, at+" is not a field of this request")
}
