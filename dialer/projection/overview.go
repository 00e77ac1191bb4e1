package projection

import (
	"cmp"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// Overview is what the overview page shows. Counts of calls are of the period
// that was tallied; everything else is as of now.
type Overview struct {
	TotalCadences int      `json:"total_cadences"` // in every status but archived
	AverageSteps  *float64 `json:"average_steps"`  // over active cadences
	Figures
	AverageAttempts *float64         `json:"average_attempts"` // of all time: see CadenceFigures
	Pending         int64            `json:"pending"`          // enrollments with a due touch
	ByType          []TypeFigures    `json:"by_type"`
	ByCadence       []CadenceFigures `json:"by_cadence"`
}

// TypeFigures are the figures of the cadences whose answers the same kind of
// target takes.
type TypeFigures struct {
	Type     string `json:"type"`
	Cadences int    `json:"cadences"`
	Figures
}

// CadenceFigures are the figures of one cadence. AverageAttempts is the mean
// of attempts up to and including the first contact, over the leads that had a
// contact; it is of all time, because a lead's attempts have no one date.
type CadenceFigures struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Type     string       `json:"type"`
	Status   event.Status `json:"status"`
	Steps    int          `json:"steps"`
	Enrolled int64        `json:"enrolled"` // leads in it now
	Figures
	AverageAttempts *float64 `json:"average_attempts"`
}

// NewOverview makes the overview from counters (see Tally and Meter) and the
// cadences' rows. Cadences come newest first, types by name.
func NewOverview(rows state.Rows, counts map[cadence.ID]state.Counts, docs *Documents) (*Overview, error) {
	all, err := Cadences(rows)
	if err != nil {
		return nil, err
	}
	b := overview{o: &Overview{ByCadence: []CadenceFigures{}, ByType: []TypeFigures{}}, types: map[string]*typeSum{}}
	for _, c := range all {
		stats, err := rows.Stats(c.ID)
		if err != nil {
			return nil, err
		}
		doc, err := Running(rows, c, docs)
		if err != nil {
			return nil, err
		}
		b.add(c, stats, doc, counts[c.ID])
	}
	return b.finish(counts), nil
}

// Running is the published document of a cadence, or its draft when it was
// never published; nil when that cannot be read.
func Running(rows state.Rows, c *state.Cadence, docs *Documents) (*cadence.Document, error) {
	if c.Version == 0 {
		return docs.Of(c.Draft), nil
	}
	v, err := rows.Version(c.ID, c.Version)
	if err != nil || v == nil {
		return nil, err
	}
	return docs.Of(v.Document), nil
}

// Cadences are all cadences, newest first.
func Cadences(rows state.Rows) ([]*state.Cadence, error) {
	var all []*state.Cadence
	err := rows.Cadences(func(c *state.Cadence) bool { all = append(all, c); return true })
	slices.SortFunc(all, func(a, b *state.Cadence) int {
		if d := cmp.Compare(b.CreatedAt, a.CreatedAt); d != 0 {
			return d
		}
		return slices.Compare(b.ID[:], a.ID[:])
	})
	return all, err
}

type typeSum struct {
	cadences int
	counts   state.Counts
}

type overview struct {
	o                     *Overview
	types                 map[string]*typeSum
	steps, active         int64
	contacted, toContacts int64
}

func (b *overview) add(c *state.Cadence, s state.Stats, doc *cadence.Document, n state.Counts) {
	steps := 0
	if doc != nil {
		steps = len(doc.Steps)
	}
	if c.Status != event.Archived {
		b.o.TotalCadences++
	}
	if c.Status == event.Active {
		b.active++
		b.steps += int64(steps)
	}
	b.o.Pending += s.Pending
	b.contacted += s.Contacted
	b.toContacts += s.ToContact
	kind := AnswerType(doc)
	t := b.types[kind]
	if t == nil {
		t = &typeSum{}
		b.types[kind] = t
	}
	t.cadences++
	t.counts.Add(n, 1)
	b.o.ByCadence = append(b.o.ByCadence, CadenceFigures{
		ID: c.ID.Text(cadence.KindCadence), Name: c.Name, Type: kind, Status: c.Status, Steps: steps, Enrolled: s.Active,
		Figures: FiguresOf(n), AverageAttempts: mean(s.ToContact, s.Contacted),
	})
}

func (b *overview) finish(counts map[cadence.ID]state.Counts) *Overview {
	b.o.Figures = FiguresOf(Sum(counts))
	b.o.AverageSteps = mean(b.steps, b.active)
	b.o.AverageAttempts = mean(b.toContacts, b.contacted)
	for kind, t := range b.types {
		b.o.ByType = append(b.o.ByType, TypeFigures{Type: kind, Cadences: t.cadences, Figures: FiguresOf(t.counts)})
	}
	slices.SortFunc(b.o.ByType, func(a, c TypeFigures) int { return cmp.Compare(a.Type, c.Type) })
	return b.o
}
