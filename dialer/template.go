package dialer

import (
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// MaxTemplates bounds the templates one instance keeps: a gallery that nobody
// can look through helps nobody.
const MaxTemplates = 200

// maxTemplateName bounds the name and the vertical of a template, in bytes.
const maxTemplateName = 200

// SaveTemplate keeps a document to begin new cadences with, or replaces what
// an existing template holds. Its reply is nothing.
type SaveTemplate struct {
	ID       cadence.ID
	New      bool
	Name     string
	Vertical string
	Document []byte // empty: the one it has
}

// DeleteTemplate removes a template.
type DeleteTemplate struct{ ID cadence.ID }

func (*SaveTemplate) message()   {}
func (*DeleteTemplate) message() {}

// templateDesk decides about templates; ok is false for other messages.
func (c *Core) templateDesk(now int64, v *state.View, m Message) (out Outcome, ok bool) {
	switch m := m.(type) {
	case *SaveTemplate:
		return c.saveTemplate(now, v, m), true
	case *DeleteTemplate:
		if v.Template(m.ID) == nil {
			return Outcome{Err: noTemplate()}, true
		}
		return Outcome{Facts: []event.Fact{&event.TemplateDeleted{ID: m.ID, At: now}}}, true
	}
	return out, false
}

func noTemplate() error { return refusal(CodeNotFound, "id", "there is no such template") }

func (c *Core) saveTemplate(now int64, v *state.View, m *SaveTemplate) Outcome {
	row := v.Template(m.ID)
	switch {
	case m.New && row != nil:
		return Outcome{Err: refusal(CodeConflict, "id", "there is already a template with this id")}
	case !m.New && row == nil:
		return Outcome{Err: noTemplate()}
	case m.Name == "" || len(m.Name) > maxTemplateName:
		return Outcome{Err: refusal(CodeInvalid, "name", fmt.Sprintf("a template's name has 1 to %d bytes", maxTemplateName))}
	case len(m.Vertical) > maxTemplateName:
		return Outcome{Err: refusal(CodeInvalid, "vertical", fmt.Sprintf("vertical has at most %d bytes", maxTemplateName))}
	}
	text := m.Document
	if len(text) == 0 && row != nil {
		text = row.Document
	}
	doc, problems := cadence.Parse(text)
	if doc == nil {
		return Outcome{Err: &Refusal{Code: CodeInvalid, Field: "document", Message: "the document cannot be read", Details: problems}}
	}
	cadence.Resolve(doc, c.known(v))
	if text = cadence.Export(doc); len(text) > maxDocumentBytes {
		return Outcome{Err: refusal(CodeInvalid, "document", "the document is longer than 512 KiB")}
	}
	return Outcome{Facts: []event.Fact{&event.TemplateSaved{ID: m.ID, Name: m.Name, Vertical: m.Vertical, Document: text, At: now}}}
}
