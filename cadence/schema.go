package cadence

import (
	_ "embed"
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema (draft 2020-12) of the document, for editors and
// other programs. It describes the form; Validate also knows what names refer
// to. The caller owns the copy.
func Schema() []byte { return slices.Clone(schema) }
