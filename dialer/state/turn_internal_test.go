package state

import (
	"reflect"
	"testing"
)

// A table that a turn's end does not know would never be written.
func TestEveryTableEndsWithItsTurn(t *testing.T) {
	v := NewView(nil)
	view, known := reflect.TypeFor[View](), 0
	for i := range view.NumField() {
		if reflect.PointerTo(view.Field(i).Type).Implements(reflect.TypeFor[table]()) {
			known++
		}
	}
	if ends := v.tables(); known != len(ends) || known == 0 {
		t.Errorf("a View has %d tables, a turn ends %d", known, len(ends))
	}
}
