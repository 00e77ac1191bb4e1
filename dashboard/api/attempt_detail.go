package api

import (
	"errors"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// attemptDetail is one attempt with its permit and its dispositions.
type attemptDetail struct {
	attemptItem
	AsOf         string            `json:"as_of"`
	DueAt        string            `json:"due_at"`
	Detection    string            `json:"detection"`
	PutThrough   putThrough        `json:"put_through"`
	Cost         costItem          `json:"cost"`
	CallerID     callerChoice      `json:"caller_id"`
	Verdict      verdictItem       `json:"verdict"`
	Dispositions []dispositionItem `json:"dispositions"`
}

// putThrough is how long a person waited for somebody.
type putThrough struct {
	After   *float64 `json:"after"`
	Within  *float64 `json:"within"`
	Late    bool     `json:"late"`
	Message bool     `json:"message"`
}

func putThroughOf(x *state.Attempt) putThrough {
	seconds := func(ms int64) *float64 {
		if ms <= 0 {
			return nil
		}
		return new(float64(ms) / 1000)
	}
	return putThrough{After: seconds(x.Wait), Within: seconds(x.Within), Late: x.Late, Message: x.Told}
}

func (a *API) getAttempt(r *request) (answer, error) {
	id, err := r.id(cadence.KindAttempt)
	if err != nil {
		return answer{}, err
	}
	d, err := a.attempt(id)
	if err != nil {
		return answer{}, err
	}
	return ok(d)
}

// attempt reads an attempt whether it is open or closed.
func (a *API) attempt(id cadence.ID) (*attemptDetail, error) {
	rows := a.op.Rows()
	d := &attemptDetail{AsOf: a.asOf(), Dispositions: []dispositionItem{}}
	open, err := rows.Open(id)
	if err != nil {
		return nil, err
	}
	var row *state.Attempt
	reckoned := int64(0)
	if open != nil && open.I.Rehearsal.IsZero() {
		row, reckoned = openAsClosed(open), open.I.Cost
		if open.Posted != nil {
			d.Dispositions = append(d.Dispositions, posted(open.Posted))
		}
	} else {
		if row, err = rows.Attempt(id); err != nil {
			return nil, err
		}
		if row == nil || !row.Rehearsal.IsZero() { // a rehearsal is shown as one
			return nil, notFound("attempt")
		}
		if d.Dispositions, err = history(rows, id, row); err != nil {
			return nil, err
		}
	}
	if d.attemptItem, err = attemptOf(newNames(rows), id, row); err != nil {
		return nil, err
	}
	d.DueAt, d.Detection, d.PutThrough, d.Cost = at(row.Due), detectionOf(row.AMD), putThroughOf(row), costOf(row, reckoned)
	if d.CallerID, err = a.callerChoice(row); err != nil {
		return nil, err
	}
	replayed, err := a.op.Replay(row)
	if err != nil && !errors.Is(err, dialer.ErrNoVerdict) {
		return nil, err
	}
	d.Verdict = verdictShown(&replayed)
	return d, nil
}

// history lists every disposition a closed attempt was given, oldest first.
func history(rows state.Rows, id cadence.ID, row *state.Attempt) ([]dispositionItem, error) {
	var later []dispositionItem
	first := row.Code
	err := rows.Revisions(id, func(v *state.Revision) bool {
		if v.Why == "evidence" && v.Code == v.Was { // of how it went, not of what it came to
			return true
		}
		if len(later) == 0 {
			first = v.Was
		}
		later = append(later, dispositionItem{string(v.Code), by(v.Code, v.By), at(v.At), v.Note, maybe(v.CallbackAt), variables(v.Variables)})
		return true
	})
	out := []dispositionItem{}
	if first != "" {
		who := "system"
		if len(later) == 0 {
			who = row.By
		}
		out = append(out, dispositionItem{string(first), by(first, who), at(row.EndedAt), row.Note, nil, variables(nil)})
	}
	return append(out, later...), err
}
