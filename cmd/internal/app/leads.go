package app

import (
	"io"

	"github.com/carillon-dialer/carillon/cadence/leadfile"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
)

// openRows reads a file of leads the way its job says.
func openRows(r io.Reader, job *event.ImportOpened) (dialer.RowReader, error) {
	file, err := leadfile.Open(r, leadfile.Options{Format: leadfile.Format(job.Format), Mapping: job.Mapping, Region: job.Region})
	if err != nil {
		return nil, err
	}
	return leadRows{file}, nil
}

// openNumbers reads a file of numbers for a scrub list.
func openNumbers(r io.Reader, job *event.ImportOpened) (dialer.NumberReader, error) {
	file, err := leadfile.OpenNumbers(r, job.Region)
	if err != nil {
		return nil, err
	}
	return numberRows{file}, nil
}

type numberRows struct{ file *leadfile.NumberReader }

// Next implements dialer.NumberReader.
func (n numberRows) Next() (dialer.NumberRow, error) {
	row, err := n.file.Next()
	if err != nil {
		return dialer.NumberRow{}, err
	}
	out := dialer.NumberRow{Line: int64(row.Line), Number: row.Number}
	if row.Err != nil {
		out.Reject = rejected(row.Err)
	}
	return out, nil
}

type leadRows struct{ file *leadfile.Reader }

// Next implements dialer.RowReader.
func (l leadRows) Next() (dialer.Row, error) {
	row, err := l.file.Next()
	if err != nil {
		return dialer.Row{}, err
	}
	out := dialer.Row{Line: int64(row.Line), Lead: row.Lead, Consent: row.Consent}
	if row.Err != nil {
		out.Reject = rejected(row.Err)
	}
	return out, nil
}

func rejected(e *leadfile.RowError) *event.RowRejected {
	reason := e.Message
	if e.Remedy != "" {
		reason += "; " + e.Remedy
	}
	return &event.RowRejected{Line: int64(e.Line), Column: e.Column, Code: e.Code, Message: reason}
}
