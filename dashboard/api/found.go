package api

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// foundCadence reads a cadence that somebody named; that there is none is a
// fault of theirs.
func foundCadence(rows state.Rows, id cadence.ID) (*state.Cadence, error) {
	row, err := rows.Cadence(id)
	if err == nil && row == nil {
		err = notFound("cadence")
	}
	return row, err
}

// foundLead reads a lead that somebody named.
func foundLead(rows state.Rows, id cadence.ID) (*state.Lead, error) {
	row, err := rows.Lead(id)
	if err == nil && row == nil {
		err = notFound("lead")
	}
	return row, err
}

// pathCadence reads the cadence in the path.
func (a *API) pathCadence(r *request) (*state.Cadence, error) {
	id, err := r.id(cadence.KindCadence)
	if err != nil {
		return nil, err
	}
	return foundCadence(a.op.Rows(), id)
}

// pathLead reads the lead in the path.
func (a *API) pathLead(r *request) (*state.Lead, error) {
	id, err := r.id(cadence.KindLead)
	if err != nil {
		return nil, err
	}
	return foundLead(a.op.Rows(), id)
}
