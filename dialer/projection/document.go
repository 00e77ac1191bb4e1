package projection

import (
	"crypto/sha256"
	"sync"

	"github.com/carillon-dialer/carillon/cadence"
)

// maxDocuments bounds the cache of parsed documents; past it the cache starts
// anew.
const maxDocuments = 4096

// Documents keeps parsed documents by their text, since pages ask for the same
// ones again and again. The zero value is ready; it is safe for concurrent
// use. What it returns is shared and must not be changed.
type Documents struct {
	mu sync.Mutex
	m  map[[32]byte]*cadence.Document
}

// Of is the parsed document, nil when the text is not one.
func (d *Documents) Of(raw []byte) *cadence.Document {
	if len(raw) == 0 {
		return nil
	}
	key := sha256.Sum256(raw)
	d.mu.Lock()
	defer d.mu.Unlock()
	if doc, ok := d.m[key]; ok {
		return doc
	}
	if d.m == nil || len(d.m) >= maxDocuments {
		d.m = map[[32]byte]*cadence.Document{}
	}
	doc, _ := cadence.Parse(raw)
	d.m[key] = doc
	return doc
}

// The answer types that are no connect kind.
const (
	TypeMixed = "mixed"
	TypeNone  = "none"
)

// AnswerType says who takes the answer: the kind of the first connect target,
// mixed when a step's own first target is of another kind, none without a
// target.
func AnswerType(doc *cadence.Document) string {
	if doc == nil {
		return TypeNone
	}
	kind := ""
	take := func(chain []cadence.Connect) {
		switch {
		case len(chain) == 0:
		case kind == "":
			kind = string(chain[0].To)
		case kind != string(chain[0].To):
			kind = TypeMixed
		}
	}
	take(doc.Connect)
	for i := range doc.Steps {
		take(doc.Steps[i].Connect)
	}
	if IsAnswerType(kind) {
		return kind
	}
	return TypeNone
}

// IsAnswerType reports whether AnswerType can answer this.
func IsAnswerType(kind string) bool {
	switch cadence.ConnectKind(kind) {
	case cadence.ConnectNumber, cadence.ConnectSIP, cadence.ConnectMessage, cadence.ConnectAgents, cadence.ConnectAI, TypeMixed, TypeNone:
		return true
	}
	return false
}
