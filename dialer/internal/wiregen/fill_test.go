package main_test

import (
	"fmt"
	"reflect"
	"time"

	"pgregory.net/rapid"
)

// fill draws a value, with nil and empty slices and maps, texts that are none,
// and lengths whose heads take one, two and three bytes.
func fill(t *rapid.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(whole.Draw(t, "int") >> (64 - v.Type().Bits()))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(whole.Draw(t, "uint")) >> (64 - v.Type().Bits()))
	case reflect.String:
		v.SetString(text(t))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("cbor") != "-" {
				fill(t, v.Field(i))
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*time.Location]() {
			v.Set(reflect.ValueOf(rapid.SampledFrom(zones).Draw(t, "zone")))
		} else if rapid.Bool().Draw(t, "some") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem())
		}
	case reflect.Slice:
		if n := length(t); n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				fill(t, v.Index(i))
			}
		}
	case reflect.Map:
		n := length(t)
		if n >= 0 {
			v.Set(reflect.MakeMap(v.Type()))
		}
		for range n {
			key, val := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(t, key)
			fill(t, val)
			v.SetMapIndex(key, val)
		}
	default:
		panic(fmt.Sprintf("a row holds a %s: say how to draw it", v.Kind()))
	}
}

// whole draws zero often, for fields that are left out when they are empty.
var whole = rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(-30, 300), rapid.Int64())

var zones = func() (all []*time.Location) {
	for _, name := range []string{"America/New_York", "America/Phoenix", "UTC"} {
		all = append(all, must(time.LoadLocation(name)))
	}
	return all
}()

// length draws the length of a slice or map, -1 for nil.
func length(t *rapid.T) int {
	return rapid.SampledFrom([]int{-1, 0, 1, 2, 3, 24}).Draw(t, "length")
}

func text(t *rapid.T) string {
	switch rapid.IntRange(0, 4).Draw(t, "text") {
	case 0:
		return ""
	case 1:
		return string(rapid.SliceOfN(rapid.Byte(), 0, 30).Draw(t, "bytes"))
	case 2:
		n := rapid.SampledFrom([]int{23, 24, 255, 256, 300}).Draw(t, "long")
		return fmt.Sprintf("%*d", n, n)
	}
	return rapid.String().Draw(t, "letters")
}
