package api

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// cadenceItem is a cadence in a list.
type cadenceItem struct {
	ID          string             `json:"id"`
	Name        string             `json:"name"`
	Description string             `json:"description"`
	Status      event.Status       `json:"status"`
	Version     uint32             `json:"version"`
	Steps       int                `json:"steps"`
	Type        string             `json:"type"`
	Audience    string             `json:"audience"`
	Channels    []cadence.StepKind `json:"channels"`
	Enrolled    int64              `json:"enrolled"`
	projection.Figures
	CreatedAt   string `json:"created_at"`
	UpdatedAt   string `json:"updated_at"`
	Halted      bool   `json:"halted"`
	Publishable bool   `json:"publishable"`
}

// cadenceDetail is one cadence with its documents.
type cadenceDetail struct {
	cadenceItem
	AsOf      string          `json:"as_of"`
	Revision  uint64          `json:"revision"`
	Draft     json.RawMessage `json:"draft"`
	Published json.RawMessage `json:"published"`
	Problems  []problem       `json:"problems"`
}

// revisionOf is a fingerprint of a draft: the first 48 bits of its SHA-256,
// which a JSON number holds exactly.
func revisionOf(draft []byte) uint64 {
	sum := sha256.Sum256(draft)
	return binary.BigEndian.Uint64(sum[:8]) >> 16
}

// item shows a cadence. known is asked once per page.
func (a *API) item(rows state.Rows, k *checks, c *state.Cadence, n state.Counts) (cadenceItem, error) {
	doc, err := projection.Running(rows, c, a.docs)
	if err != nil {
		return cadenceItem{}, err
	}
	stats, err := rows.Stats(c.ID)
	if err != nil {
		return cadenceItem{}, err
	}
	it := cadenceItem{
		ID: c.ID.Text(cadence.KindCadence), Name: c.Name, Status: c.Status, Version: c.Version, Type: projection.AnswerType(doc),
		Enrolled: stats.Active, Figures: projection.FiguresOf(n), Channels: []cadence.StepKind{}, CreatedAt: at(c.CreatedAt), UpdatedAt: at(c.UpdatedAt), Halted: c.Halted,
	}
	if doc != nil {
		it.Steps, it.Audience, it.Channels = len(doc.Steps), doc.Audience.Type, channelsOf(doc)
	}
	if draft := a.docs.Of(c.Draft); draft != nil {
		it.Description = draft.Description
		if c.Status != event.Archived {
			it.Publishable, err = a.differs(rows, c)
			it.Publishable = it.Publishable && !cadence.HasErrors(k.of(c.Draft))
		}
	}
	return it, err
}

// channelsOf are the kinds of a document's steps, each once, in the order they
// come up.
func channelsOf(doc *cadence.Document) []cadence.StepKind {
	kinds := []cadence.StepKind{}
	for i := range doc.Steps {
		if k := doc.Steps[i].Kind; !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// differs reports whether the draft is not what is published.
func (a *API) differs(rows state.Rows, c *state.Cadence) (bool, error) {
	if c.Version == 0 {
		return true, nil
	}
	v, err := rows.Version(c.ID, c.Version)
	return v == nil || string(v.Document) != string(c.Draft), err
}

// detail shows a cadence with its documents.
func (a *API) detail(id cadence.ID) (*cadenceDetail, error) {
	rows := a.op.Rows()
	c, err := foundCadence(rows, id)
	if err != nil {
		return nil, err
	}
	k, err := a.checks()
	if err != nil {
		return nil, err
	}
	totals, err := a.totals()
	if err != nil {
		return nil, err
	}
	it, err := a.item(rows, k, c, totals[id])
	if err != nil {
		return nil, err
	}
	d := &cadenceDetail{cadenceItem: it, AsOf: a.asOf(), Revision: revisionOf(c.Draft), Draft: c.Draft, Problems: k.of(c.Draft)}
	if c.Version > 0 {
		v, err := rows.Version(id, c.Version)
		if err != nil {
			return nil, err
		}
		d.Published = v.Document
	}
	return d, nil
}

func (a *API) totals() (map[cadence.ID]state.Counts, error) {
	return a.meter.Totals(a.op.Rows(), a.op.Now(), a.real.Mono())
}
