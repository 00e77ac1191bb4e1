package dialer

import (
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// What one instance keeps of saved views at most: lists of them are read whole.
const (
	MaxViewsOf     = 100 // of one person's own, all pages together
	MaxSharedViews = 200
	MaxViews       = 10_000
)

const (
	// maxViewName bounds the name of a view, in bytes.
	maxViewName = 100
	// maxViewSearch bounds what a view keeps of an address, in bytes.
	maxViewSearch = 4096
)

// SaveView keeps a view, or changes one: what is left empty stays. Owner and
// Page are a new one's only. Its reply is nothing.
type SaveView struct {
	ID     cadence.ID
	New    bool
	Owner  string
	Page   string
	Name   string
	Search []byte // canonical JSON
	Shared *bool
}

// DeleteView removes a view.
type DeleteView struct{ ID cadence.ID }

// PreferView says with which view a page opens for somebody; zero with none.
type PreferView struct {
	Owner, Page string
	View        cadence.ID
}

func (*SaveView) message()   {}
func (*DeleteView) message() {}
func (*PreferView) message() {}

// viewDesk decides about saved views; ok is false for other messages.
func viewDesk(now int64, v *state.View, m Message) (out Outcome, ok bool) {
	switch m := m.(type) {
	case *SaveView:
		return saveView(now, v, m), true
	case *DeleteView:
		if v.SavedView(m.ID) == nil {
			return Outcome{Err: noView()}, true
		}
		return Outcome{Facts: []event.Fact{&event.ViewDeleted{ID: m.ID, At: now}}}, true
	case *PreferView:
		if !m.View.IsZero() {
			if row := v.SavedView(m.View); row == nil || row.Page != m.Page {
				return Outcome{Err: noView()}, true
			}
		}
		return Outcome{Facts: []event.Fact{&event.ViewPreferred{Owner: m.Owner, Page: m.Page, View: m.View, At: now}}}, true
	}
	return out, false
}

func noView() error { return refusal(CodeNotFound, "id", "there is no such view") }

func saveView(now int64, v *state.View, m *SaveView) Outcome {
	row := v.SavedView(m.ID)
	if m.New == (row != nil) {
		if m.New {
			return Outcome{Err: refusal(CodeConflict, "id", "there is already a view with this id")}
		}
		return Outcome{Err: noView()}
	}
	f := &event.ViewSaved{ID: m.ID, Owner: m.Owner, Page: m.Page, Name: m.Name, Search: m.Search, At: now}
	if row != nil {
		f.Owner, f.Page, f.Shared = row.Owner, row.Page, row.Shared
		if f.Name == "" {
			f.Name = row.Name
		}
		if len(f.Search) == 0 {
			f.Search = row.Search
		}
	}
	if m.Shared != nil {
		f.Shared = *m.Shared
	}
	switch {
	case f.Name == "" || len(f.Name) > maxViewName:
		return Outcome{Err: refusal(CodeInvalid, "name", fmt.Sprintf("a view's name has 1 to %d bytes", maxViewName))}
	case len(f.Search) == 0 || len(f.Search) > maxViewSearch:
		return Outcome{Err: refusal(CodeInvalid, "search", fmt.Sprintf("search takes at most %d bytes", maxViewSearch))}
	}
	if err := viewFits(v, f, row); err != nil {
		return Outcome{Err: err}
	}
	return Outcome{Facts: []event.Fact{f}}
}

// viewFits refuses a name in use among the views it stands with, and one view
// too many there. What was, nil for a new view, is counted already.
func viewFits(v *state.View, f *event.ViewSaved, was *state.SavedView) error {
	all, beside, taken := 0, 0, false
	v.EachSavedView(func(s *state.SavedView) {
		all++
		if s.ID == f.ID || s.Shared != f.Shared || !s.Shared && s.Owner != f.Owner {
			return
		}
		beside++
		taken = taken || s.Page == f.Page && s.Name == f.Name
	})
	most, whose := MaxViewsOf, "a person keeps at most"
	if f.Shared {
		most, whose = MaxSharedViews, "shared are at most"
	}
	switch {
	case taken:
		return refusal(CodeConflict, "name", "there is already a view named "+f.Name+" on this page")
	case was == nil && all >= MaxViews:
		return refusal(CodeConflict, "", fmt.Sprintf("this server keeps at most %d views; delete one first", MaxViews))
	case (was == nil || was.Shared != f.Shared) && beside >= most:
		return refusal(CodeConflict, "", fmt.Sprintf("%s %d views; delete one first", whose, most))
	}
	return nil
}
