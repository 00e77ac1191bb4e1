package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Shipped is a template that comes with the program. Its id is a plain name.
type Shipped struct {
	ID       string
	Vertical string
	Document []byte
}

type templateItem struct {
	ID          string             `json:"id"`
	Name        string             `json:"name"`
	Description string             `json:"description"`
	Vertical    string             `json:"vertical"`
	BuiltIn     bool               `json:"built_in"`
	Steps       int                `json:"steps"`
	Type        string             `json:"type"`
	Channels    []cadence.StepKind `json:"channels"`
	CreatedAt   *string            `json:"created_at"`
}

type templateDetail struct {
	templateItem
	Document    json.RawMessage `json:"document"`
	Publishable bool            `json:"publishable"`
	Problems    []problem       `json:"problems"`
}

func (a *API) shippedItem(s *Shipped) templateItem {
	doc := a.docs.Of(s.Document)
	return templateItem{
		ID: s.ID, Name: doc.Name, Description: doc.Description, Vertical: s.Vertical, BuiltIn: true, Steps: len(doc.Steps),
		Type: projection.AnswerType(doc), Channels: channelsOf(doc),
	}
}

func (a *API) templateItem(t *state.Template) templateItem {
	doc := a.docs.Of(t.Document)
	return templateItem{
		ID: t.ID.Text(cadence.KindTemplate), Name: t.Name, Description: doc.Description, Vertical: t.Vertical, Steps: len(doc.Steps),
		Type: projection.AnswerType(doc), Channels: channelsOf(doc), CreatedAt: maybe(t.CreatedAt),
	}
}

// listTemplates shows the shipped ones, then the instance's own by name.
func (a *API) listTemplates(*request) (answer, error) {
	out := page[templateItem]{Items: []templateItem{}}
	for i := range a.shipped {
		out.Items = append(out.Items, a.shippedItem(&a.shipped[i]))
	}
	own := len(out.Items)
	err := a.op.Rows().Templates(func(t *state.Template) bool {
		out.Items = append(out.Items, a.templateItem(t))
		return true
	})
	slices.SortStableFunc(out.Items[own:], func(x, y templateItem) int { return strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)) })
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}

// template finds a template by the id in the path: a shipped one, or a row.
func (a *API) template(r *request) (*Shipped, *state.Template, error) {
	for i := range a.shipped {
		if a.shipped[i].ID == r.param("id") {
			return &a.shipped[i], nil, nil
		}
	}
	id, err := cadence.ParseID(cadence.KindTemplate, r.param("id"))
	if err != nil {
		return nil, nil, notFound("template")
	}
	row, err := a.op.Rows().Template(id)
	if err == nil && row == nil {
		err = notFound("template")
	}
	return nil, row, err
}

func (a *API) getTemplate(r *request) (answer, error) {
	shipped, row, err := a.template(r)
	if err != nil {
		return answer{}, err
	}
	d, err := a.templateDetail(shipped, row)
	if err != nil {
		return answer{}, err
	}
	return ok(d)
}

func (a *API) templateDetail(shipped *Shipped, row *state.Template) (*templateDetail, error) {
	d := &templateDetail{}
	if shipped != nil {
		d.templateItem, d.Document = a.shippedItem(shipped), shipped.Document
	} else {
		d.templateItem, d.Document = a.templateItem(row), row.Document
	}
	k, err := a.checks()
	if err != nil {
		return nil, err
	}
	d.Problems = k.of(d.Document)
	d.Publishable = !cadence.HasErrors(d.Problems)
	return d, nil
}

type templateRequest struct {
	Name     string          `json:"name"`
	Vertical string          `json:"vertical"`
	Document json.RawMessage `json:"document"`
	Cadence  string          `json:"cadence"`
}

// createTemplate keeps a document, or the draft of a cadence, as a template.
func (a *API) createTemplate(ctx context.Context, r *request) (answer, error) {
	var in templateRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	if (len(in.Document) > 0) == (in.Cadence != "") {
		return answer{}, invalid("document", "set exactly one of document and cadence")
	}
	if in.Cadence != "" {
		c, err := a.cadenceRef(in.Cadence)
		if err != nil {
			return answer{}, err
		}
		in.Document = c.Draft
	}
	a.edits.Lock()
	defer a.edits.Unlock()
	if err := a.roomFor(in.Name, cadence.ID{}, true); err != nil {
		return answer{}, err
	}
	id := dialer.NewOfficeID()
	if err := a.command(ctx, &dialer.SaveTemplate{ID: id, New: true, Name: in.Name, Vertical: in.Vertical, Document: in.Document}); err != nil {
		return answer{}, err
	}
	return a.savedTemplate(http.StatusCreated, id)
}

// roomFor refuses a name in use and one template too many.
func (a *API) roomFor(name string, except cadence.ID, added bool) error {
	n, taken := 0, false
	err := a.op.Rows().Templates(func(t *state.Template) bool {
		n, taken = n+1, taken || t.Name == name && t.ID != except
		return true
	})
	for i := range a.shipped {
		taken = taken || a.shippedItem(&a.shipped[i]).Name == name
	}
	switch {
	case err != nil:
		return err
	case taken:
		return NewFault(dialer.CodeConflict, "name", "there is already a template named "+name)
	case added && n >= dialer.MaxTemplates:
		return NewFault(dialer.CodeConflict, "", fmt.Sprintf("%d templates are kept at most; delete one first", dialer.MaxTemplates))
	}
	return nil
}

func (a *API) savedTemplate(status int, id cadence.ID) (answer, error) {
	row, err := a.op.Rows().Template(id)
	if err != nil {
		return answer{}, err
	}
	if row == nil {
		return answer{}, notFound("template")
	}
	d, err := a.templateDetail(nil, row)
	return answer{status: status, body: d}, err
}

type templatePatch struct {
	Name     *string `json:"name"`
	Vertical *string `json:"vertical"`
}

func builtIn() error {
	return NewFault(dialer.CodeConflict, "id", "a built-in template cannot be changed; make a cadence from it and save that as a template")
}

// patchTemplate renames one of the instance's own templates.
func (a *API) patchTemplate(ctx context.Context, r *request) (answer, error) {
	var in templatePatch
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	a.edits.Lock()
	defer a.edits.Unlock()
	shipped, row, err := a.template(r)
	switch {
	case err != nil:
		return answer{}, err
	case shipped != nil:
		return answer{}, builtIn()
	}
	m := &dialer.SaveTemplate{ID: row.ID, Name: row.Name, Vertical: row.Vertical}
	if in.Name != nil {
		m.Name = *in.Name
	}
	if in.Vertical != nil {
		m.Vertical = *in.Vertical
	}
	if err := a.roomFor(m.Name, row.ID, false); err != nil {
		return answer{}, err
	}
	if err := a.command(ctx, m); err != nil {
		return answer{}, err
	}
	return a.savedTemplate(http.StatusOK, row.ID)
}

func (a *API) deleteTemplate(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	shipped, row, err := a.template(r)
	switch {
	case err != nil:
		return answer{}, err
	case shipped != nil:
		return answer{}, builtIn()
	}
	err = a.command(ctx, &dialer.DeleteTemplate{ID: row.ID})
	return answer{status: http.StatusNoContent}, err
}
