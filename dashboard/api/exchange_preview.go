package api

import (
	"context"
	"encoding/json"

	"github.com/carillon-dialer/carillon/cadence"
)

type importPreview struct {
	Name        string          `json:"name"`
	RenamedFrom *string         `json:"renamed_from"`
	Steps       int             `json:"steps"`
	Publishable bool            `json:"publishable"`
	Missing     []missing       `json:"missing"`
	Problems    []problem       `json:"problems"`
	Document    json.RawMessage `json:"document"`
}

// previewImport tells what an import of the same file would make, and stores
// nothing.
func (a *API) previewImport(_ context.Context, r *request) (answer, error) {
	docs, err := documents(r.body)
	if err != nil {
		return answer{}, err
	}
	renamed, err := a.free(docs)
	if err != nil {
		return answer{}, err
	}
	k, err := a.checks()
	if err != nil {
		return answer{}, err
	}
	out := struct {
		Items []importPreview `json:"items"`
	}{[]importPreview{}}
	for i, doc := range docs {
		text := cadence.Export(doc)
		one := importPreview{Name: doc.Name, Steps: len(doc.Steps), Missing: missingOf(doc, k.known), Problems: k.of(text), Document: text}
		for j := range one.Problems { // of the canonical text, which nobody has seen
			one.Problems[j].Line, one.Problems[j].Column = 0, 0
		}
		one.Publishable = !cadence.HasErrors(one.Problems)
		if renamed[i] != "" {
			one.RenamedFrom = &renamed[i]
		}
		out.Items = append(out.Items, one)
	}
	if len(docs) == 1 {
		cadence.Locate(r.body, out.Items[0].Problems)
	}
	return ok(out)
}

func missingOf(doc *cadence.Document, known cadence.Known) []missing {
	out := []missing{}
	for _, ref := range cadence.Missing(doc, known) {
		out = append(out, missing{ref.Kind, ref.Name, ref.Path})
	}
	return out
}
