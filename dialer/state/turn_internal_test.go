package state

import (
	"reflect"
	"testing"
)

// A table that a turn's end does not know would never be written.
func TestEveryTableEndsWithItsTurn(t *testing.T) {
	v, known := NewView(nil), 0
	for field := range reflect.TypeFor[View]().Fields() {
		if reflect.PointerTo(field.Type).Implements(reflect.TypeFor[table]()) {
			known++
		}
	}
	if known != len(v.tables()) || known == 0 {
		t.Errorf("a View has %d tables, a turn ends %d", known, len(v.tables()))
	}
}
