package event_test

import (
	"fmt"
	"reflect"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/dialer/event"
)

// drawFact draws one fact of any registered kind with every field drawn.
func drawFact(t *rapid.T) event.Fact {
	all := event.Registered()
	f := all[rapid.IntRange(0, len(all)-1).Draw(t, "kind")]
	fill(t, reflect.ValueOf(f).Elem())
	return f
}

// fill draws a value. Empty slices and maps are nil, the form decoding gives
// fields that are left out.
func fill(t *rapid.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64().Draw(t, "int"))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(rapid.Uint64Max(1<<v.Type().Bits()-1).Draw(t, "uint"))
	case reflect.String:
		v.SetString(rapid.String().Draw(t, "text"))
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(t, field)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.Slice:
		if n := rapid.IntRange(0, 3).Draw(t, "len"); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				fill(t, v.Index(i))
			}
		}
	case reflect.Map:
		for range rapid.IntRange(0, 3).Draw(t, "entries") {
			if v.IsNil() {
				v.Set(reflect.MakeMap(v.Type()))
			}
			key, val := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(t, key)
			fill(t, val)
			v.SetMapIndex(key, val)
		}
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "there") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem())
		}
	default:
		panic(fmt.Sprintf("a fact holds a %s: say how to draw it", v.Kind()))
	}
}

// plain fills every field with something that is not its zero value, the same
// each time.
func plain(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(*n % 200))
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d", *n))
	case reflect.Struct:
		for _, field := range v.Fields() {
			plain(field, n)
		}
	case reflect.Array:
		for i := range v.Len() {
			plain(v.Index(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		plain(v.Index(0), n)
		plain(v.Index(1), n)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key").Convert(v.Type().Key()), reflect.ValueOf(fmt.Sprintf("value %d", *n)).Convert(v.Type().Elem()))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		plain(v.Elem(), n)
	default:
		panic(fmt.Sprintf("a fact holds a %s: say how to fill it", v.Kind()))
	}
}
