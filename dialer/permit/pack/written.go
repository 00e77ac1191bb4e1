package pack

import "reflect"

// written marks the fields of a file that was read from its canonical form as
// written, so that it can be checked like one with lines.
func (f *File) written() {
	mark(reflect.ValueOf(f).Elem())
}

func mark(v reflect.Value) {
	switch v.Kind() { //nolint:exhaustive // what the model is made of
	case reflect.Slice:
		for i := range v.Len() {
			mark(v.Index(i))
		}
	case reflect.Struct:
		at := lines{"": 1}
		for i := range v.NumField() {
			name := v.Type().Field(i).Tag.Get("yaml")
			if name == "" {
				continue
			}
			if !v.Field(i).IsZero() {
				at[name] = 1
			}
			mark(v.Field(i))
		}
		if field := v.FieldByName("At"); field.IsValid() {
			field.Set(reflect.ValueOf(at))
		}
	}
}

// IsZero reports whether nothing is said, wherever it stands.
func (a Applies) IsZero() bool {
	a.At = nil
	return reflect.ValueOf(a).IsZero()
}

// IsZero reports whether there is no parameter, wherever they stand.
func (p Params) IsZero() bool {
	p.At = nil
	return reflect.ValueOf(p).IsZero()
}
