package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// bundleFormat names a file with several documents.
const bundleFormat = "carillon.bundle/v1"

// maxBundle bounds the documents of one bundle.
const maxBundle = 100

type bundle struct {
	Format   string            `json:"format"`
	Cadences []json.RawMessage `json:"cadences"`
}

// exportCadence gives the draft, or with closure the draft and every cadence
// it can hand leads to, in canonical form.
func (a *API) exportCadence(r *request) (answer, error) {
	id, err := r.id(cadence.KindCadence)
	if err != nil {
		return answer{}, err
	}
	row, err := foundCadence(a.op.Rows(), id)
	if err != nil {
		return answer{}, err
	}
	out := answer{status: http.StatusOK, body: row.Draft, contentType: jsonType, disposition: `attachment; filename="` + fileName(row.Name) + `.json"`}
	switch r.query("closure") {
	case "", "false":
		return out, nil
	case "true":
		out.body, err = a.closure(row)
		return out, err
	}
	return answer{}, invalid("closure", "closure must be true or false")
}

func (a *API) closure(row *state.Cadence) ([]byte, error) {
	k, err := a.checks()
	if err != nil {
		return nil, err
	}
	b := bundle{Format: bundleFormat}
	for _, doc := range cadence.Closure(row.Name, k.lookup) {
		b.Cadences = append(b.Cadences, cadence.Export(doc))
	}
	compact, err := marshal(b)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = json.Indent(&out, compact, "", "  ")
	return out.Bytes(), err
}

// fileName makes a plain file name of a cadence's name.
func fileName(name string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			out.WriteRune(r)
		case out.Len() > 0 && !strings.HasSuffix(out.String(), "-"):
			out.WriteByte('-')
		}
	}
	if s := strings.Trim(out.String(), "-"); s != "" {
		return s
	}
	return "cadence"
}

type importedCadence struct {
	Cadence     *cadenceDetail `json:"cadence"`
	RenamedFrom *string        `json:"renamed_from"`
	Missing     []missing      `json:"missing"`
}

type missing struct {
	Kind cadence.ReferenceKind `json:"kind"`
	Name string                `json:"name"`
	Path string                `json:"path"`
}

// importCadences stores the documents of a file as drafts: all or none.
func (a *API) importCadences(ctx context.Context, r *request) (answer, error) {
	docs, err := documents(r.body)
	if err != nil {
		return answer{}, err
	}
	renamed, err := a.free(docs)
	if err != nil {
		return answer{}, err
	}
	ids := make([]cadence.ID, 0, len(docs))
	for _, doc := range docs {
		id := dialer.NewOfficeID()
		if err := a.command(ctx, &dialer.SaveCadence{ID: id, New: true, Document: cadence.Export(doc), Rename: true}); err != nil {
			a.undo(ctx, ids)
			return answer{}, err
		}
		ids = append(ids, id)
	}
	return a.imported(docs, ids, renamed)
}

// undo takes back the drafts of an import that failed halfway.
func (a *API) undo(ctx context.Context, ids []cadence.ID) {
	for _, id := range ids {
		if err := a.command(ctx, &dialer.DeleteCadence{ID: id}); err != nil {
			a.log.Warn("a draft of a failed import stays: " + id.Text(cadence.KindCadence))
		}
	}
}

// documents reads one document or the documents of a bundle, and lists every
// problem of all of them.
func documents(body []byte) ([]*cadence.Document, error) {
	var head struct {
		Format string `json:"format"`
	}
	if json.Unmarshal(body, &head) != nil || head.Format != bundleFormat {
		doc, found := cadence.Parse(body)
		if doc == nil {
			return nil, unreadable(found)
		}
		return []*cadence.Document{doc}, nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, readable(err)
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if key != "format" && key != "cadences" {
			return nil, invalid(key, key+" is not a field of a bundle; it has format and cadences")
		}
	}
	var b bundle
	if err := json.Unmarshal(body, &b); err != nil {
		return nil, readable(err)
	}
	if len(b.Cadences) == 0 || len(b.Cadences) > maxBundle {
		return nil, invalid("cadences", fmt.Sprintf("a bundle holds 1 to %d cadences", maxBundle))
	}
	var docs []*cadence.Document
	var all []problem
	for i, raw := range b.Cadences {
		doc, found := cadence.Parse(raw)
		for _, p := range found {
			p.Path = strings.TrimSuffix(fmt.Sprintf("cadences[%d].%s", i, p.Path), ".")
			p.Line, p.Column = 0, 0
			all = append(all, p)
		}
		docs = append(docs, doc)
	}
	if len(all) > 0 {
		cadence.Locate(body, all)
		return nil, unreadable(all)
	}
	return docs, nil
}

func unreadable(found []problem) error {
	f := invalid("", "the document cannot be read; see details")
	f.Details = found
	return f
}

// free renames documents whose name is in use, and what hands leads to them
// within the same file.
func (a *API) free(docs []*cadence.Document) (renamed []string, err error) {
	taken := map[string]bool{}
	if err := a.op.Rows().Cadences(func(c *state.Cadence) bool { taken[c.Name] = true; return true }); err != nil {
		return nil, err
	}
	renamed = make([]string, len(docs))
	became := map[string]string{}
	for i, doc := range docs {
		free := cadence.FreeName(doc.Name, func(n string) bool { return taken[n] })
		taken[free] = true
		if free != doc.Name {
			renamed[i] = doc.Name
			if _, twice := became[doc.Name]; !twice {
				became[doc.Name] = free
			}
			doc.Name = free
		}
	}
	for _, doc := range docs {
		follow(doc, became)
	}
	return renamed, nil
}

// follow points a document's transitions at the new names.
func follow(doc *cadence.Document, became map[string]string) {
	to := func(name *string) {
		if n, ok := became[*name]; ok {
			*name = n
		}
	}
	to(&doc.Runs.TransitionTo)
	routes := func(rs []cadence.Route) {
		for i := range rs {
			if rs[i].Do == cadence.DoTransition {
				to(&rs[i].To)
			}
		}
	}
	routes(doc.Routes)
	for i := range doc.Steps {
		routes(doc.Steps[i].Routes)
	}
}

func (a *API) imported(docs []*cadence.Document, ids []cadence.ID, renamed []string) (answer, error) {
	known, err := a.op.Known()
	if err != nil {
		return answer{}, err
	}
	out := struct {
		Items []importedCadence `json:"items"`
	}{}
	for i, id := range ids {
		d, err := a.detail(id)
		if err != nil {
			return answer{}, err
		}
		one := importedCadence{Cadence: d, Missing: []missing{}}
		if renamed[i] != "" {
			one.RenamedFrom = &renamed[i]
		}
		for _, ref := range cadence.Missing(docs[i], known) {
			one.Missing = append(one.Missing, missing{ref.Kind, ref.Name, ref.Path})
		}
		out.Items = append(out.Items, one)
	}
	return answer{status: http.StatusCreated, body: out}, nil
}
