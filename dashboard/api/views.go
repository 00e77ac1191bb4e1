package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// viewPages are the pages whose lists can be kept as views, and what it takes
// to see them.
var viewPages = map[string]access.Grant{"leads": access.LeadsRead, "attempts": access.AttemptsRead, "cadences": access.CadencesRead}

// What a view keeps of an address: so many parameters, and so many values of
// one.
const (
	maxViewParams = 32
	maxViewText   = 500 // bytes
	maxViewValues = 50
)

var viewParam = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

type viewItem struct {
	ID        string          `json:"id"`
	Page      string          `json:"page"`
	Name      string          `json:"name"`
	Search    json.RawMessage `json:"search"`
	Shared    bool            `json:"shared"`
	Mine      bool            `json:"mine"`
	By        string          `json:"by"`
	Default   bool            `json:"default"`
	CreatedAt string          `json:"created_at"`
	UpdatedAt string          `json:"updated_at"`
}

// listViews lists the caller's own views and the shared ones of a page, or of
// all pages that the caller sees, by name.
func (a *API) listViews(r *request) (answer, error) {
	only := r.query("page")
	if _, known := viewPages[only]; only != "" && !known {
		return answer{}, badPage()
	}
	w := r.caller()
	var found []*state.SavedView
	err := a.op.Rows().SavedViews(func(s *state.SavedView) bool {
		if (only == "" || s.Page == only) && sees(w, s) {
			found = append(found, s)
		}
		return true
	})
	if err != nil {
		return answer{}, err
	}
	slices.SortFunc(found, func(x, y *state.SavedView) int {
		return cmp.Or(cmp.Compare(x.Page, y.Page), cmp.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)), slices.Compare(x.ID[:], y.ID[:]))
	})
	out := page[viewItem]{Items: make([]viewItem, len(found))}
	for i, s := range found {
		if out.Items[i], err = a.viewItem(w, s); err != nil {
			return answer{}, err
		}
	}
	return ok(out)
}

// sees reports whether a view is the caller's or shared, and of a page that the
// caller sees.
func sees(w *Caller, s *state.SavedView) bool {
	return (s.Shared || s.Owner == w.ID) && w.Grants.Has(viewPages[s.Page])
}

func (a *API) viewItem(w *Caller, s *state.SavedView) (viewItem, error) {
	first, err := a.op.Rows().Preferred(w.ID, s.Page)
	if err != nil {
		return viewItem{}, err
	}
	by := s.Owner
	if id, bad := cadence.ParseID(cadence.KindUser, s.Owner); bad == nil {
		u, err := a.op.Rows().User(id)
		if err != nil {
			return viewItem{}, err
		}
		if u != nil {
			by = u.Name
		}
	}
	return viewItem{
		ID: s.ID.Text(cadence.KindView), Page: s.Page, Name: s.Name, Search: s.Search, Shared: s.Shared, Mine: s.Owner == w.ID,
		By: by, Default: first == s.ID, CreatedAt: at(s.CreatedAt), UpdatedAt: at(s.UpdatedAt),
	}, nil
}

type viewRequest struct {
	Page   string          `json:"page"`
	Name   string          `json:"name"`
	Search json.RawMessage `json:"search"`
}

// createView keeps what a page shows as the caller's own view.
func (a *API) createView(ctx context.Context, r *request) (answer, error) {
	var in viewRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	grant, known := viewPages[in.Page]
	switch w := r.caller(); {
	case !known:
		return answer{}, badPage()
	case !w.Grants.Has(grant):
		return answer{}, NewFault(codeForbidden, "page", "this takes the grant "+string(grant))
	}
	name := strings.TrimSpace(in.Name)
	if name == "" {
		return answer{}, invalid("name", "a view needs a name")
	}
	search, err := viewSearch(in.Search)
	if err != nil {
		return answer{}, err
	}
	m := &dialer.SaveView{ID: dialer.NewOfficeID(), New: true, Owner: r.caller().ID, Page: in.Page, Name: name, Search: search}
	return a.savedView(ctx, r, http.StatusCreated, m)
}

// viewSearch checks what a view keeps of an address, and writes it canonically.
func viewSearch(raw json.RawMessage) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var all map[string]any
	if err := dec.Decode(&all); err != nil || all == nil {
		return nil, invalid("search", "search must be an object: the parameters of the page's address")
	}
	if len(all) > maxViewParams {
		return nil, invalid("search", "search has more than 32 parameters")
	}
	for k, v := range all {
		if !viewParam.MatchString(k) {
			return nil, invalid("search", "a parameter's name is lower-case letters, digits and _, beginning with a letter, at most 40")
		}
		if !viewValue(v) {
			return nil, invalid("search."+k, "search."+k+" must be text of at most 500 bytes, a number, a boolean, or a list of at most 50 texts")
		}
	}
	return json.Marshal(all)
}

func viewValue(v any) bool {
	switch v := v.(type) {
	case string:
		return len(v) <= maxViewText
	case bool, json.Number:
		return true
	case []any:
		return len(v) <= maxViewValues && !slices.ContainsFunc(v, func(one any) bool { s, text := one.(string); return !text || len(s) > maxViewText })
	}
	return false
}

func badPage() error { return invalid("page", "page must be leads, attempts or cadences") }

// savedView carries a change out and shows the view.
func (a *API) savedView(ctx context.Context, r *request, status int, m *dialer.SaveView) (answer, error) {
	if err := a.command(ctx, m); err != nil {
		return answer{}, err
	}
	row, err := a.op.Rows().SavedView(m.ID)
	if err == nil && row == nil {
		err = notFound("view")
	}
	if err != nil {
		return answer{}, err
	}
	it, err := a.viewItem(r.caller(), row)
	r.note(row.Page + ": " + row.Name)
	return answer{status: status, body: it}, err
}

// view is the view in the path, which is there only for whoever sees it.
func (a *API) view(r *request) (*state.SavedView, error) {
	id, err := r.id(cadence.KindView)
	if err != nil {
		return nil, err
	}
	row, err := a.op.Rows().SavedView(id)
	if err == nil && (row == nil || !sees(r.caller(), row)) {
		err = notFound("view")
	}
	return row, err
}

// changeable is view for whoever may change it: its owner, while nobody else
// sees it; a shared one is the house's.
func (a *API) changeable(r *request) (*state.SavedView, error) {
	row, err := a.view(r)
	if err == nil && row.Shared && !r.caller().Grants.Has(access.ViewsShare) {
		err = NewFault(codeForbidden, "", "the view is shared: changing it takes the grant "+string(access.ViewsShare))
	}
	return row, err
}

type viewPatch struct {
	Name   *string         `json:"name"`
	Search json.RawMessage `json:"search"`
}

// patchView renames a view, or keeps another search in it.
func (a *API) patchView(ctx context.Context, r *request) (answer, error) {
	var in viewPatch
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	row, err := a.changeable(r)
	if err != nil {
		return answer{}, err
	}
	m := &dialer.SaveView{ID: row.ID}
	if in.Name != nil {
		if m.Name = strings.TrimSpace(*in.Name); m.Name == "" {
			return answer{}, invalid("name", "a view needs a name")
		}
	}
	if len(in.Search) > 0 {
		if m.Search, err = viewSearch(in.Search); err != nil {
			return answer{}, err
		}
	}
	return a.savedView(ctx, r, http.StatusOK, m)
}

func (a *API) shareView(ctx context.Context, r *request) (answer, error) {
	return a.shared(ctx, r, true)
}

func (a *API) unshareView(ctx context.Context, r *request) (answer, error) {
	return a.shared(ctx, r, false)
}

// shared shows a view to everybody, or to its owner alone again.
func (a *API) shared(ctx context.Context, r *request, on bool) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	row, err := a.view(r)
	if err != nil {
		return answer{}, err
	}
	return a.savedView(ctx, r, http.StatusOK, &dialer.SaveView{ID: row.ID, Shared: &on})
}

func (a *API) deleteView(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	row, err := a.changeable(r)
	if err != nil {
		return answer{}, err
	}
	r.note(row.Page + ": " + row.Name)
	return answer{status: http.StatusNoContent}, a.command(ctx, &dialer.DeleteView{ID: row.ID})
}

type preferRequest struct {
	Page string  `json:"page"`
	View *string `json:"view"`
}

// preferView says with which view a page opens for the caller; without one,
// with none.
func (a *API) preferView(ctx context.Context, r *request) (answer, error) {
	var in preferRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	if _, known := viewPages[in.Page]; !known {
		return answer{}, badPage()
	}
	m := &dialer.PreferView{Owner: r.caller().ID, Page: in.Page}
	if in.View != nil {
		id, err := parseID(cadence.KindView, "view", *in.View)
		if err != nil {
			return answer{}, err
		}
		row, err := a.op.Rows().SavedView(id)
		if err == nil && (row == nil || !sees(r.caller(), row)) {
			err = notFound("view")
		}
		if err != nil {
			return answer{}, err
		}
		m.View = id
	}
	return answer{status: http.StatusNoContent}, a.command(ctx, m)
}
