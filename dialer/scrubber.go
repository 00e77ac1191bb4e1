package dialer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

const (
	// scrubBatch is how many lines of a file of numbers go into one message.
	scrubBatch = 500
	// scrubsAhead is how many such messages may be under way. Together they
	// are what one turn holds, so that calls wait for no more than that.
	scrubsAhead = 4
	// MaxScrubRejects is how many lines that are no numbers a file may be
	// allowed at most.
	MaxScrubRejects = 100_000
)

// NumberRow is one line of a file of numbers. Reject is set when there is no
// number in it.
type NumberRow struct {
	Line   int64
	Number cadence.Number
	Reject *event.RowRejected
}

// NumberReader reads a file of numbers line by line and ends with io.EOF. Any
// other error ends the import.
type NumberReader interface{ Next() (NumberRow, error) }

// OpenNumbers begins to read a file of numbers. An error means that the file as
// a whole cannot be read.
type OpenNumbers func(r io.Reader, job *event.ImportOpened) (NumberReader, error)

// ScrubRequest is an edition of a scrub list to take in.
type ScrubRequest struct {
	List       string
	AsOf       int64  // Unix ms
	Region     string // of numbers without a country code
	MaxRejects int64  // more lines that are no numbers end the import
	By         string
}

// StartScrub spools body and returns the import's id once the job is durable,
// or that of an import before that took the same file of the same date. The
// numbers follow in the background.
func (e *Engine) StartScrub(ctx context.Context, req ScrubRequest, body io.Reader) (cadence.ID, error) {
	m := e.imports
	job := event.ImportOpened{ID: officeID(), Region: req.Region, Format: "numbers", AsOf: req.AsOf, MaxRejects: req.MaxRejects, By: req.By}
	if err := m.spool(&job, body); err != nil {
		return cadence.ID{}, err
	}
	crash.Point(crash.ImportSpooled)
	reply, err := e.Do(ctx, &OpenScrub{Name: req.List, Job: job})
	opened, _ := reply.(OpenedScrub)
	var refused *Refusal
	if err == nil && opened.Known || errors.As(err, &refused) || errors.Is(err, ErrBusy) {
		os.Remove(m.path(job.ID)) // best effort: a spool without a job is swept at the next start
	}
	m.poke() // the job may be durable also after an error
	return opened.Import, err
}

// scrub feeds a file of numbers from behind line to its end, compares what the
// ledger holds with it, and closes the import.
func (m *importer) scrub(ctx context.Context, job *event.ImportOpened, line int64) {
	end := &EndScrub{Import: job.ID}
	read, err := m.feedNumbers(ctx, job, line)
	if err == nil {
		end.Count, end.Sum, err = m.verify(job, read)
	}
	if ctx.Err() != nil || errors.Is(err, ErrStopped) {
		return // the next start goes on
	}
	if err != nil {
		end.Error = err.Error()
	}
	if _, err := m.e.do(ctx, Command, end); err != nil {
		return
	}
	crash.Point(crash.ImportBeforeRemove)
	m.done(job, end.Error)
}

// numbersRead is what a file of numbers holds: all its lines, and the sum over
// its numbers, repeats included.
type numbersRead struct {
	rows, rejected int64
	sum            uint64
}

func (m *importer) feedNumbers(ctx context.Context, job *event.ImportOpened, line int64) (read numbersRead, err error) {
	f, err := os.Open(m.path(job.ID))
	if err != nil {
		return read, fmt.Errorf("the spooled file is gone: %w", err)
	}
	defer f.Close()
	rows, err := m.e.o.OpenNumbers(f, job)
	if err != nil {
		return read, err
	}
	slots := make(chan struct{}, scrubsAhead)
	defer awaitAll(slots)
	batch := &ScrubRows{Import: job.ID}
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			if batch.Line == 0 {
				return read, nil
			}
			return read, m.hand(ctx, slots, batch)
		}
		if err != nil {
			return read, err
		}
		token := m.e.Token(row.Number)
		if read.add(&row, token); read.rejected > job.MaxRejects {
			return read, fmt.Errorf("more than %d lines are no telephone numbers, the last of them line %d: %s", job.MaxRejects, row.Line, row.Reject.Message)
		}
		if row.Line <= line {
			continue
		}
		batch.Line = row.Line
		if row.Reject != nil {
			batch.Rejects = append(batch.Rejects, *row.Reject)
		} else {
			batch.Tokens = append(batch.Tokens, token)
		}
		if len(batch.Tokens)+len(batch.Rejects) == scrubBatch {
			if err := m.hand(ctx, slots, batch); err != nil {
				return read, err
			}
			batch = &ScrubRows{Import: job.ID}
		}
	}
}

func (r *numbersRead) add(row *NumberRow, t event.Token) {
	r.rows++
	if row.Reject != nil {
		r.rejected++
	} else {
		r.sum += state.TokenSum(t)
	}
}

// verify holds the ledger against the file: every line was taken once, with
// its number, and the edition's numbers are there, one by one.
func (m *importer) verify(job *event.ImportOpened, read numbersRead) (count, sum uint64, err error) {
	rows := m.e.Rows()
	imp, err := rows.Import(job.ID)
	if err != nil {
		return 0, 0, err
	}
	if imp.Rows != read.rows || imp.Sum != read.sum {
		return 0, 0, fmt.Errorf("the file has %d lines, sum %016x; %d were taken in, sum %016x", read.rows, read.sum, imp.Rows, imp.Sum)
	}
	if count, sum, err = rows.CountListed(job.Scrub, job.Edition); err == nil && count != uint64(imp.Accepted) {
		err = fmt.Errorf("%d numbers were taken in, and %d are on the list", imp.Accepted, count)
	}
	return count, sum, err
}
