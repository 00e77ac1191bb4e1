package api

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
)

type problem = cadence.Problem

const timeForm = "2006-01-02T15:04:05.000Z07:00"

// at is an instant of Unix ms as the contract writes it.
func at(ms int64) string { return time.UnixMilli(ms).UTC().Format(timeForm) }

// maybe is at, null for 0.
func maybe(ms int64) *string {
	if ms == 0 {
		return nil
	}
	s := at(ms)
	return &s
}

func maybeTime(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return maybe(t.UnixMilli())
}

// maybeID is an id's text, null when it is unset.
func maybeID(k cadence.Kind, id cadence.ID) *string {
	if id.IsZero() {
		return nil
	}
	s := id.Text(k)
	return &s
}

// page is a list without a date.
type page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// datedPage is a list with figures.
type datedPage[T any] struct {
	AsOf  string  `json:"as_of"`
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

func (a *API) asOf() string { return at(a.op.Now().UnixMilli()) }

// names finds the names that ids stand for, each once.
type names struct {
	rows     state.Rows
	cadences map[cadence.ID]string
	leads    map[cadence.ID]string
}

func newNames(rows state.Rows) *names {
	return &names{rows, map[cadence.ID]string{}, map[cadence.ID]string{}}
}

func (n *names) cadence(id cadence.ID) (string, error) {
	if s, ok := n.cadences[id]; ok {
		return s, nil
	}
	row, err := n.rows.Cadence(id)
	if err == nil && row != nil {
		n.cadences[id] = row.Name
	}
	return n.cadences[id], err
}

func (n *names) lead(id cadence.ID) (string, error) {
	if s, ok := n.leads[id]; ok {
		return s, nil
	}
	row, err := n.rows.Lead(id)
	if err == nil && row != nil {
		n.leads[id] = leadName(&row.Lead)
	}
	return n.leads[id], err
}

// leadName is how a lead is called: the name, or the first and last name.
func leadName(l *cadence.Lead) string {
	switch {
	case l.Name != "":
		return l.Name
	case l.FirstName == "" || l.LastName == "":
		return l.FirstName + l.LastName
	}
	return l.FirstName + " " + l.LastName
}

// Instant is a time as the contract writes it.
func Instant(t time.Time) string { return at(t.UnixMilli()) }
