// Package api holds the server's HTTP contract and, beside it, the handlers
// that answer it.
package api

import _ "embed"

//go:embed openapi.yaml
var spec []byte

// Spec is the OpenAPI 3.1 document that describes every route, as YAML. The
// caller gets a copy of its own.
func Spec() []byte { return append([]byte(nil), spec...) }
