package dialer

import (
	"context"
	"errors"
	"io"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

const (
	// MaxDryRunBytes bounds a file that is tried and not imported: about
	// 300,000 leads.
	MaxDryRunBytes = 32 << 20
	// dryRunRejects is how many of the rows that cannot be leads are told.
	dryRunRejects = 200
	// dryRunPause is after how many rows it is looked whether anybody waits.
	dryRunPause = 1024
)

// DryRun is what an import of a file would meet. Every row is one of New,
// Existing, Repeated and Rejected. Nothing is stored, and what is counted is
// as of the moment at which the row was read.
type DryRun struct {
	Rows     int64
	New      int64 // would make a lead
	Existing int64 // about a lead that is here: on_duplicate decides
	Repeated int64 // about a lead of an earlier row of the file: likewise
	Rejected int64 // cannot be a lead
	// Suppressed are rows, of the first three, of whose numbers none may be
	// called: each is on the do-not-call list or on an imported one. They are
	// imported all the same, and not called.
	Suppressed int64
	Rejects    []event.RowRejected // the first of Rejected
}

// DryRun reads a file as an import would, and tells what it would meet. It
// returns a *Refusal when the file cannot be read at all.
func (e *Engine) DryRun(ctx context.Context, req ImportRequest, body io.Reader) (*DryRun, error) {
	rows, err := e.o.OpenRows(body, &event.ImportOpened{Region: req.Region, Format: req.Format, Mapping: req.Mapping})
	if err != nil {
		return nil, &Refusal{Code: CodeInvalid, Message: err.Error()}
	}
	t, err := e.newTrial(req.Cadence)
	if err != nil {
		return nil, err
	}
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return &t.out, nil
		}
		if err == nil {
			err = t.take(&row)
		}
		if err == nil && t.out.Rows%dryRunPause == 0 {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
	}
}

// trial tries the rows of one file.
type trial struct {
	e        *Engine
	rows     state.Rows
	now      int64
	into     cadence.ID // the cadence that do-not-call marks are judged for; zero: none
	campaign string
	external map[cadence.ID]bool    // claims of external ids of earlier rows
	numbers  map[event.Token]string // numbers of earlier rows, with the external id of the first
	out      DryRun
}

func (e *Engine) newTrial(into cadence.ID) (*trial, error) {
	t := &trial{e: e, rows: e.Rows(), now: e.Now().UnixMilli(), into: into, external: map[cadence.ID]bool{}, numbers: map[event.Token]string{}}
	if into.IsZero() {
		return t, nil
	}
	row, err := t.rows.Cadence(into)
	if err != nil {
		return nil, err
	}
	if row == nil {
		return nil, refusal(CodeNotFound, "cadence", "there is no such cadence")
	}
	if row.Version == 0 {
		return nil, refusal(CodeConflict, "cadence", "publish the cadence before enrolling leads in it")
	}
	p, err := e.plans.get(t.rows, into, row.Version)
	if err == nil {
		t.campaign = p.Doc.CampaignName()
	}
	return t, err
}

// take counts one row.
func (t *trial) take(row *Row) error {
	t.out.Rows++
	why, err := t.misfit(row)
	if err != nil {
		return err
	}
	if why != nil {
		t.out.Rejected++
		if len(t.out.Rejects) < dryRunRejects {
			t.out.Rejects = append(t.out.Rejects, event.RowRejected{Line: row.Line, Column: why.column, Code: why.code, Message: why.message})
		}
		return nil
	}
	repeated := t.repeated(&row.Lead)
	existing, err := t.existing(&row.Lead)
	switch {
	case err != nil:
		return err
	case repeated:
		t.out.Repeated++
	case existing:
		t.out.Existing++
	default:
		t.out.New++
	}
	suppressed, err := t.suppressed(&row.Lead)
	if suppressed {
		t.out.Suppressed++
	}
	return err
}

// misfit is why a row cannot be a lead, nil when it can.
func (t *trial) misfit(row *Row) (*misfit, error) {
	switch {
	case row.Reject != nil:
		return &misfit{row.Reject.Column, row.Reject.Code, row.Reject.Message}, nil
	case len(row.Lead.Numbers) == 0:
		return noNumber, nil
	case row.Consent != nil:
		if why := consentMisfit(row.Consent, t.now); why != nil {
			return why, nil
		}
	}
	if bad := bounded(&row.Lead); bad != nil {
		return bad, nil
	}
	for _, n := range row.Lead.Numbers {
		known, err := t.rows.Number(t.e.Token(n.Number))
		if err != nil {
			return nil, err
		}
		if known == nil || len(known.Leads) < MaxLeadsOfNumber {
			continue
		}
		if here, err := t.existing(&row.Lead); err != nil || !here {
			return tooShared(len(known.Leads)), err
		}
	}
	return nil, nil
}

// repeated reports whether an earlier row of the file is about the same lead,
// and keeps what later ones are told from.
func (t *trial) repeated(l *cadence.Lead) bool {
	key, again := externalKey(l.ExternalID), false
	if l.ExternalID != "" {
		again = t.external[key]
		t.external[key] = true
	}
	for _, n := range l.Numbers {
		token := t.e.Token(n.Number)
		ext, known := t.numbers[token]
		if !known {
			t.numbers[token] = l.ExternalID
		}
		again = again || known && (ext == "" || l.ExternalID == "" || ext == l.ExternalID)
	}
	return again
}

// existing reports whether the row is about a lead that is here, by the rules
// of travel.
func (t *trial) existing(l *cadence.Lead) (bool, error) {
	if l.ExternalID != "" {
		id, err := t.e.LeadByExternal(l.ExternalID)
		if err != nil {
			return false, err
		}
		if !id.IsZero() {
			known, err := t.rows.Lead(id)
			return known != nil, err
		}
	}
	for _, n := range l.Numbers {
		m := &intake{Lead: *l, Token: t.e.Token(n.Number)}
		row, err := t.rows.Number(m.Token)
		if err != nil {
			return false, err
		}
		if row == nil {
			continue
		}
		for _, id := range row.Leads {
			known, err := t.rows.Lead(id)
			if err != nil || known != nil && m.isAbout(known) {
				return err == nil, err
			}
		}
	}
	return false, nil
}

// suppressed reports whether no number of a lead may be called.
func (t *trial) suppressed(l *cadence.Lead) (bool, error) {
	for _, n := range l.Numbers {
		token := t.e.Token(n.Number)
		row, err := t.rows.Number(token)
		if err != nil {
			return false, err
		}
		if row != nil && noOf(row, t.into, t.campaign).On {
			continue
		}
		lists, err := listsOf(t.rows, token)
		if err != nil {
			return false, err
		}
		on := false
		for i := range lists {
			on = on || lists[i].On
		}
		if !on {
			return false, nil
		}
	}
	return true, nil
}
