package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
)

//go:embed dossier.html
var dossierText string

var dossierTemplate = template.Must(template.New("dossier").Funcs(template.FuncMap{"remark": remark, "allowed": allowed}).Parse(dossierText))

// The marks between which the page holds the canonical JSON.
const (
	dossierOpens  = `<script type="application/json" id="dossier">`
	dossierCloses = `</script>`
)

// dossierPage is a dossier for printing. It is one file, needs nothing from
// anywhere, and holds the canonical JSON it was made of.
func dossierPage(d *dossier, canonical []byte) ([]byte, error) {
	var b bytes.Buffer
	err := dossierTemplate.Execute(&b, map[string]any{
		"D": d, "Digest": DigestOf(canonical),
		// < > and & are escaped in it, so nothing in it ends the element.
		"JSON": template.HTML(dossierOpens + string(canonical) + dossierCloses), //nolint:gosec // see above
	})
	return b.Bytes(), err
}

// ReadDossier takes a dossier out of a file that the server has written, JSON or
// page, with the digest that is written in it.
func ReadDossier(file []byte) (digest string, canonical []byte, err error) {
	if _, rest, page := bytes.Cut(file, []byte(dossierOpens)); page {
		raw, _, _ := bytes.Cut(rest, []byte(dossierCloses))
		_, after, found := bytes.Cut(file, []byte(`<code id="digest">`))
		said, _, _ := bytes.Cut(after, []byte(`</code>`))
		if !found {
			return "", nil, errors.New("the page holds no digest")
		}
		canonical, err = Canonical(raw)
		return string(said), canonical, err
	}
	var d Dossier
	dec := json.NewDecoder(bytes.NewReader(file))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return "", nil, fmt.Errorf("it is no dossier: %w", err)
	}
	canonical, err = Canonical(d.Dossier)
	return d.Digest, canonical, err
}
