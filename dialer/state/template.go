package state

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// Template is a document that new cadences begin with.
type Template struct {
	ID        cadence.ID `cbor:"1,keyasint"`
	Name      string     `cbor:"2,keyasint"`
	Vertical  string     `cbor:"3,keyasint,omitempty"`
	Document  []byte     `cbor:"4,keyasint"`
	CreatedAt int64      `cbor:"5,keyasint"`
	UpdatedAt int64      `cbor:"6,keyasint"`
}

func (v *View) foldTemplate(f event.Fact) {
	switch f := f.(type) {
	case *event.TemplateSaved:
		t := v.templates.edit(f.ID)
		if t.CreatedAt == 0 {
			t.ID, t.CreatedAt = f.ID, f.At
		}
		t.Name, t.Vertical, t.Document, t.UpdatedAt = f.Name, f.Vertical, f.Document, f.At
		v.weight += 2 * len(f.Document)
		v.templates.put(f.ID, t)
	case *event.TemplateDeleted:
		v.templates.del(f.ID)
	}
}

// Template returns a template's row, nil when there is none.
func (v *View) Template(id cadence.ID) *Template { return v.templates.get(id) }

// Template reads a template's row.
func (q Rows) Template(id cadence.ID) (*Template, error) {
	return readRow[Template](q.R, idKey(tabTemplate, id))
}

// Templates calls fn for each template in the order of ids until it returns
// false.
func (q Rows) Templates(fn func(*Template) bool) error {
	return eachRow(q.R, tabTemplate, nil, func(_ []byte, t *Template) bool { return fn(t) })
}
