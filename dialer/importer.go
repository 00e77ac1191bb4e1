package dialer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// MaxImportBytes bounds one file of leads.
const MaxImportBytes = 4 << 30

// importAhead is how many rows of a file may wait in the inbox.
const importAhead = 2048

// ErrTooLarge is returned for a file above MaxImportBytes.
var ErrTooLarge = errors.New("the file is larger than 4 GiB; split it")

// Row is one row of a file of leads. Reject is set when it cannot be a lead.
type Row struct {
	Line    int64
	Lead    cadence.Lead
	Consent *cadence.ConsentRecord // for the row's numbers, nil when it says nothing of one
	Reject  *event.RowRejected
}

// RowReader reads a file of leads row by row and ends with io.EOF. Any other error
// ends the import.
type RowReader interface{ Next() (Row, error) }

// OpenRows begins to read a file the way its job says. An error means that the
// file as a whole cannot be read.
type OpenRows func(r io.Reader, job *event.ImportOpened) (RowReader, error)

// ImportRequest is a file of leads to take in.
type ImportRequest struct {
	Cadence     cadence.ID // to enroll in; zero: none
	Name        string     // of the list
	Source      string
	LeadType    string
	OnDuplicate string // update, skip or reject
	Region      string // for numbers without a country code
	Format      string // csv, jsonl or empty to find out
	Mapping     map[string]string
}

// importer spools files and feeds their rows to the loop, one file after the
// other. A file stays in the spool until its import has ended, so that a
// restart goes on behind the last row that is durable.
type importer struct {
	e    *Engine
	dir  string
	open OpenRows
	wake chan struct{}
}

func newImporter(e *Engine, dir string) (*importer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("import spool: %w", err)
	}
	m := &importer{e: e, dir: dir, open: e.o.OpenRows, wake: make(chan struct{}, 1)}
	m.sweep() // before anybody can spool a file whose job is not durable yet
	return m, nil
}

func (m *importer) path(id cadence.ID) string { return filepath.Join(m.dir, id.Bare()+".spool") }

// StartImport spools body, checks that it can be read at all, and returns the
// import's id once the job is durable. The rows follow in the background.
func (e *Engine) StartImport(ctx context.Context, req ImportRequest, body io.Reader) (cadence.ID, error) {
	id, list := officeID(), officeID()
	m := e.imports
	job := event.ImportOpened{
		ID: id, List: list, Cadence: req.Cadence, OnDuplicate: req.OnDuplicate, Region: req.Region, Format: req.Format, Mapping: req.Mapping,
	}
	if err := m.spool(&job, body); err != nil {
		return cadence.ID{}, err
	}
	crash.Point(crash.ImportSpooled)
	opened := event.ListOpened{ID: list, Name: req.Name, Source: req.Source, LeadType: req.LeadType}
	if _, err := e.Do(ctx, &OpenImport{Job: job, List: opened}); err != nil {
		var refused *Refusal
		if errors.As(err, &refused) || errors.Is(err, ErrBusy) {
			os.Remove(m.path(id)) // best effort: a spool without a job is swept at the next start
		} else {
			m.poke() // the job may be durable all the same
		}
		return cadence.ID{}, err
	}
	m.poke()
	return id, nil
}

func (m *importer) poke() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

func officeID() cadence.ID {
	var rest [14]byte
	rand.Read(rest[:]) // never fails since Go 1.24
	return cadence.NewID(cadence.OfficeSlot, rest)
}

// NewOfficeID draws an id for a cadence, list or import.
func NewOfficeID() cadence.ID { return officeID() }

// spool writes the file, synced, and fills in its size and digest.
func (m *importer) spool(job *event.ImportOpened, body io.Reader) (err error) {
	f, err := os.OpenFile(m.path(job.ID), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("import spool: %w", err)
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(body, MaxImportBytes+1))
	if err != nil {
		return fmt.Errorf("import spool: %w", err)
	}
	if n > MaxImportBytes {
		return ErrTooLarge
	}
	job.Bytes, job.Digest = n, h.Sum(nil)
	if err := f.Sync(); err != nil {
		return fmt.Errorf("import spool: %w", err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("import spool: %w", err)
	}
	return m.readable(f, job)
}

func (m *importer) readable(f io.Reader, job *event.ImportOpened) (err error) {
	if job.AsOf != 0 { // of a scrub list
		_, err = m.e.o.OpenNumbers(f, job)
	} else {
		_, err = m.open(f, job)
	}
	if err != nil {
		return &Refusal{Code: CodeInvalid, Message: err.Error()}
	}
	return nil
}

// run takes the files that are not done, again and again.
func (m *importer) run(ctx context.Context) {
	for ctx.Err() == nil {
		i, err := m.next()
		if err != nil {
			m.e.log.Error("imports cannot be read", zap.Error(err))
			return
		}
		if i == nil {
			select {
			case <-ctx.Done():
			case <-m.wake:
			}
			continue
		}
		if i.State == state.ImportUndoing {
			m.undo(ctx, i)
		} else {
			m.take(ctx, &i.Job, i.Line)
		}
	}
}

// sweep removes spooled files whose job never became durable.
func (m *importer) sweep() {
	files, err := filepath.Glob(filepath.Join(m.dir, "*.spool"))
	if err != nil {
		return
	}
	for _, f := range files {
		id, err := cadence.ParseBareID(trimExt(filepath.Base(f)))
		if err != nil {
			continue
		}
		if row, err := m.e.Rows().Import(id); err == nil && (row == nil || row.State != "running") {
			os.Remove(f)
		}
	}
}

func trimExt(name string) string { return name[:len(name)-len(filepath.Ext(name))] }

// next is the oldest import that is not done, nil when all are.
func (m *importer) next() (oldest *state.Import, err error) {
	err = m.e.Rows().Imports(func(i *state.Import) bool {
		if (i.State == state.ImportRunning || i.State == state.ImportUndoing) && (oldest == nil || i.Job.At < oldest.Job.At) {
			oldest = i
		}
		return true
	})
	return oldest, err
}

// take feeds one file from behind line to its end.
func (m *importer) take(ctx context.Context, job *event.ImportOpened, line int64) {
	if job.Scrub != 0 {
		m.scrub(ctx, job, line)
		return
	}
	err := m.feed(ctx, job, line)
	if ctx.Err() != nil || errors.Is(err, ErrStopped) {
		return // the next start goes on
	}
	end := &EndImport{Import: job.ID}
	if err != nil {
		end.Error = err.Error()
	}
	if _, err := m.e.do(ctx, Command, end); err != nil {
		return
	}
	crash.Point(crash.ImportBeforeRemove)
	m.done(job, end.Error)
}

// done leaves the file of an import that has ended.
func (m *importer) done(job *event.ImportOpened, failed string) {
	os.Remove(m.path(job.ID))
	m.e.log.Info("import ended", zap.String("import_id", job.ID.Bare()), zap.String("error", failed))
}

func (m *importer) feed(ctx context.Context, job *event.ImportOpened, line int64) error {
	f, err := os.Open(m.path(job.ID))
	if err != nil {
		return fmt.Errorf("the spooled file is gone: %w", err)
	}
	defer f.Close()
	rows, err := m.open(f, job)
	if err != nil {
		return err
	}
	slots := make(chan struct{}, importAhead)
	defer awaitAll(slots)
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if row.Line <= line {
			continue
		}
		if err := m.put(ctx, slots, &ImportRow{Import: job.ID, Line: row.Line, Lead: row.Lead, Consent: row.Consent, Reject: row.Reject}); err != nil {
			return err
		}
	}
}

// awaitAll waits for what is under way.
func awaitAll(slots chan struct{}) {
	for range cap(slots) {
		slots <- struct{}{}
	}
}

// put waits for room and hands one row in.
func (m *importer) put(ctx context.Context, slots chan struct{}, row *ImportRow) error {
	if row.Reject != nil {
		row.Reject.Import = row.Import
	}
	return m.hand(ctx, slots, row)
}

// hand waits for room and hands a message in. Its slot is free again when it
// is durable.
func (m *importer) hand(ctx context.Context, slots chan struct{}, row Message) error {
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		err := m.e.inbox.put(Bulk, Item{Message: row, Done: func(any, error) { <-slots }})
		if err == nil {
			return nil
		}
		if !errors.Is(err, ErrBusy) {
			<-slots
			return err
		}
		reached, stop := m.e.o.Real.At(m.e.o.Real.Now().Add(busyPause))
		<-reached
		stop()
	}
}
