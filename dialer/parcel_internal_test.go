package dialer

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/state"
)

// filled is a parcel of a kind with a value in every field.
func filled(kind uint8) parcel {
	v := reflect.New(parcelKinds[kind])
	n := 0
	fillIn(v.Elem(), &n)
	p, _ := reflect.TypeAssert[parcel](v)
	return p
}

func fillIn(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fillIn(v.Field(i), n)
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			fillIn(v.Index(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fillIn(v.Index(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillIn(v.Elem(), n)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key"), reflect.ValueOf("value"))
	case reflect.String:
		v.SetString(string(rune('a' + *n%26)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(int64(*n))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(*n % 200))
	default:
		panic("a parcel holds a " + v.Kind().String())
	}
}

func kindsInOrder() []uint8 {
	var all []uint8
	for k := range parcelKinds {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// Every kind of parcel comes out as it went in, and the same bytes every time.
func TestParcelsTravelWhole(t *testing.T) {
	for _, k := range kindsInOrder() {
		p := filled(k)
		b := wrap(7, p)
		edition, q, err := unwrap(b)
		if err != nil || edition != 7 || !reflect.DeepEqual(p, q) {
			t.Errorf("%T: %+v became %+v of edition %d, %v", p, p, q, edition, err)
		}
		if !bytes.Equal(b, wrap(7, q)) {
			t.Errorf("%T has two encodings", p)
		}
	}
}

// A parcel that is not understood whole is not taken.
func TestForeignParcels(t *testing.T) {
	body := state.Encode(&mark{Reason: "asked"})
	for name, b := range map[string][]byte{
		"nothing":          nil,
		"an unknown kind":  state.Encode(&wrapped{Kind: 200, Body: body}),
		"an unknown field": state.Encode(&wrapped{Kind: 6, Body: body}),
		"no body":          state.Encode(&wrapped{Kind: 7}),
		"half a body":      state.Encode(&wrapped{Kind: 7, Body: body[:len(body)-1]}),
	} {
		if _, p, err := unwrap(b); err == nil {
			t.Errorf("%s is read as %+v", name, p)
		}
	}
}

func FuzzParcel(f *testing.F) {
	for _, k := range kindsInOrder() {
		f.Add(wrap(3, filled(k)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		edition, p, err := unwrap(b)
		if err != nil {
			return
		}
		again := wrap(edition, p)
		e2, p2, err := unwrap(again)
		if err != nil || e2 != edition || !bytes.Equal(again, wrap(e2, p2)) {
			t.Fatalf("%T is not stable: %v", p, err)
		}
	})
}
