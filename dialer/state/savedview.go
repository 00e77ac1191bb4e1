package state

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// SavedView is a view of a page's list that somebody gave a name. Search is
// canonical JSON.
type SavedView struct {
	ID        cadence.ID `cbor:"1,keyasint"`
	Owner     string     `cbor:"2,keyasint"`
	Page      string     `cbor:"3,keyasint"`
	Name      string     `cbor:"4,keyasint"`
	Search    []byte     `cbor:"5,keyasint"`
	Shared    bool       `cbor:"6,keyasint,omitempty"`
	CreatedAt int64      `cbor:"7,keyasint"`
	UpdatedAt int64      `cbor:"8,keyasint"`
}

// Preferred is the view a page opens with for somebody.
type Preferred struct {
	View cadence.ID `cbor:"1,keyasint"`
}

func (v *View) foldSavedView(f event.Fact) {
	switch f := f.(type) {
	case *event.ViewSaved:
		row := v.views.edit(f.ID)
		if row.CreatedAt == 0 {
			row.ID, row.CreatedAt = f.ID, f.At
		}
		row.Owner, row.Page, row.Name, row.Search, row.Shared, row.UpdatedAt = f.Owner, f.Page, f.Name, f.Search, f.Shared, f.At
		v.weight += 2 * len(f.Search)
		v.views.put(f.ID, row)
	case *event.ViewDeleted:
		v.views.del(f.ID)
	case *event.ViewPreferred:
		key := preferredKey(f.Owner, f.Page)
		if f.View.IsZero() {
			v.unset(key)
		} else {
			v.setRow(key, &Preferred{f.View})
		}
	}
}

// preferredKey parts owner and page by a byte that stands in neither.
func preferredKey(owner, page string) []byte { return textKey(tabPreferred, page+"\x00"+owner) }

// SavedView returns a view's row, nil when there is none.
func (v *View) SavedView(id cadence.ID) *SavedView { return v.views.get(id) }

// EachSavedView calls fn for every saved view, in the order of ids.
func (v *View) EachSavedView(fn func(*SavedView)) {
	v.views.each(tabView, idOf, func(_ []byte, s *SavedView) { fn(s) })
}

// SavedView reads a saved view.
func (q Rows) SavedView(id cadence.ID) (*SavedView, error) {
	return readRow[SavedView](q.R, idKey(tabView, id))
}

// SavedViews calls fn for each saved view in the order of ids until it returns
// false.
func (q Rows) SavedViews(fn func(*SavedView) bool) error {
	return eachRow(q.R, tabView, nil, func(_ []byte, s *SavedView) bool { return fn(s) })
}

// Preferred is the view that a page opens with for somebody, zero for none. It
// may have been deleted since.
func (q Rows) Preferred(owner, page string) (cadence.ID, error) {
	row, err := readRow[Preferred](q.R, preferredKey(owner, page))
	if row == nil {
		return cadence.ID{}, err
	}
	return row.View, err
}
