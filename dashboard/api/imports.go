package api

import (
	"context"
	"errors"
	"hash"
	"io"
	"net/http"
	"strings"

	"github.com/cloudwego/hertz/pkg/app"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

type importItem struct {
	ID        string  `json:"id"`
	List      string  `json:"list"`
	State     string  `json:"state"`
	Rows      int64   `json:"rows"`
	Accepted  int64   `json:"accepted"`
	Rejected  int64   `json:"rejected"`
	ErrorsURL string  `json:"errors_url"`
	Created   int64   `json:"created"`
	Updated   int64   `json:"updated"`
	Skipped   int64   `json:"skipped"`
	Enrolled  int64   `json:"enrolled"`
	StartedAt string  `json:"started_at"`
	EndedAt   *string `json:"ended_at"`
	Message   string  `json:"message"`

	Removed  int64      `json:"removed"`
	Kept     []keptItem `json:"kept"`
	UndoneAt *string    `json:"undone_at"`
	UndoneBy string     `json:"undone_by"`
}

// keptItem is why the undo of an import left leads.
type keptItem struct {
	Reason string `json:"reason"`
	Leads  int64  `json:"leads"`
}

// keptHere is the reason for leads that an import did not make: they were there
// before it, and what it changed stays.
const keptHere = "here_before"

type importAnswer struct {
	Import importItem `json:"import"`
}

func (a *API) importRow(id cadence.ID) (*state.Import, error) {
	row, err := a.op.Rows().Import(id)
	if err == nil && row == nil {
		err = notFound("import")
	}
	return row, err
}

func (a *API) importShown(id cadence.ID) (*importAnswer, error) {
	i, err := a.importRow(id)
	if err == nil && i.Job.Scrub != 0 {
		err = notFound("import")
	}
	if err != nil {
		return nil, err
	}
	text := id.Text(cadence.KindImport)
	kept := []keptItem{}
	for _, k := range i.Kept {
		kept = append(kept, keptItem{k.Reason, k.Leads})
	}
	if i.State == state.ImportUndone && i.Updated > i.Repeated {
		kept = append(kept, keptItem{keptHere, i.Updated - i.Repeated})
	}
	return &importAnswer{importItem{
		Removed: i.Removed, Kept: kept, UndoneAt: maybe(i.UndoneAt), UndoneBy: i.UndoneBy,
		ID: text, List: i.Job.List.Text(cadence.KindList), State: i.State, Rows: i.Rows, Accepted: i.Accepted + i.Updated + i.Skipped,
		Rejected: i.Rejected, ErrorsURL: "/v1/imports/" + text + "/errors", Created: i.Accepted, Updated: i.Updated, Skipped: i.Skipped,
		Enrolled: i.Enrolled, StartedAt: at(i.Job.At), EndedAt: maybe(i.EndedAt), Message: i.Error,
	}}, nil
}

func (a *API) getImport(r *request) (answer, error) {
	id, err := r.id(cadence.KindImport)
	if err != nil {
		return answer{}, err
	}
	shown, err := a.importShown(id)
	if err != nil {
		return answer{}, err
	}
	return ok(shown)
}

// undoImport begins to take an import back.
func (a *API) undoImport(ctx context.Context, r *request) (answer, error) {
	id, err := r.id(cadence.KindImport)
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, doFor)
	defer cancel()
	if err := a.op.UndoImport(ctx, id, CallerOf(r.c).Author().Name); err != nil {
		return answer{}, err
	}
	shown, err := a.importShown(id)
	return answer{status: http.StatusAccepted, body: shown}, err
}

// importLeads streams a file of leads to the engine.
func (a *API) importLeads(ctx context.Context, c *app.RequestContext) {
	a.stream(ctx, c, func(r *request) (taker, error) {
		req, err := a.importRequest(r)
		return func(ctx context.Context, body io.Reader) (answer, error) { return a.startImport(ctx, req, body) }, err
	})
}

// taker takes a streamed body.
type taker func(ctx context.Context, body io.Reader) (answer, error)

// stream answers a request whose body is too large to be held. It reads the
// body itself, so it keeps its own order: an idempotent repeat is recognised by
// the digest of what was streamed.
func (a *API) stream(ctx context.Context, c *app.RequestContext, prepare func(*request) (taker, error)) {
	r := &request{c: c}
	err := r.checkQuery()
	var key string
	if err == nil {
		key, err = idempotencyKey(c)
	}
	var take taker
	if err == nil {
		take, err = prepare(r)
	}
	if err != nil {
		c.Response.SetConnectionClose()
		a.fail(c, err)
		return
	}
	sum := newHash(c)
	body := io.TeeReader(bodyOf(c), sum)
	ctx = context.WithoutCancel(ctx)
	a.keyed(ctx, c, key, func() bool { return a.importReplayed(c, key, body, sum) }, func() []byte { return sum.Sum(nil) },
		func() (answer, error) { return take(ctx, body) })
}

// importReplayed reads the file again only when there is a kept answer to
// compare it with.
func (a *API) importReplayed(c *app.RequestContext, key string, body io.Reader, sum hash.Hash) bool {
	kept, err := a.op.Rows().Answer(key)
	if err == nil && a.expired(kept) {
		return false
	}
	if err == nil {
		_, err = io.Copy(io.Discard, io.LimitReader(body, dialer.MaxImportBytes+1))
	}
	if err != nil {
		a.fail(c, err)
		return true
	}
	return a.replayed(c, key, sum.Sum(nil))
}

func bodyOf(c *app.RequestContext) io.Reader {
	if c.Request.IsBodyStream() {
		return c.RequestBodyStream()
	}
	return strings.NewReader(string(c.Request.Body()))
}

func (a *API) startImport(ctx context.Context, req dialer.ImportRequest, body io.Reader) (answer, error) {
	id, err := a.op.StartImport(ctx, req, body)
	if err != nil {
		return answer{}, cutShort(err)
	}
	shown, err := a.importShown(id)
	return answer{status: http.StatusAccepted, body: shown}, err
}

// cutShort says that a body was not whole, where that is why.
func cutShort(err error) error {
	var refusal *dialer.Refusal
	if !errors.As(err, &refusal) && errors.Is(err, io.ErrUnexpectedEOF) {
		return invalid("", "the file ended before its announced length")
	}
	return err
}

// importRequest reads the parameters of an import.
func (a *API) importRequest(r *request) (dialer.ImportRequest, error) {
	req := dialer.ImportRequest{
		Name: r.query("name"), Source: r.query("source"), LeadType: r.query("lead_type"), OnDuplicate: r.query("on_duplicate"), Region: r.query("region"),
	}
	kind, _, _ := strings.Cut(string(r.c.Request.Header.ContentType()), ";")
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "text/csv":
		req.Format = "csv"
	case "application/x-ndjson":
		req.Format = "jsonl"
	default:
		return req, invalid("Content-Type", "send the file as text/csv or application/x-ndjson")
	}
	if req.OnDuplicate == "" {
		req.OnDuplicate = dialer.OnDuplicateUpdate
	}
	if req.Region == "" {
		req.Region = "US"
	}
	if req.Name == "" {
		req.Name = "Import of " + a.op.Now().UTC().Format("2006-01-02 15:04")
	}
	switch {
	case req.OnDuplicate != dialer.OnDuplicateUpdate && req.OnDuplicate != dialer.OnDuplicateSkip && req.OnDuplicate != dialer.OnDuplicateReject:
		return req, invalid("on_duplicate", "on_duplicate must be update, skip or reject")
	case !countryName.MatchString(req.Region):
		return req, invalid("region", "region must be two capital letters")
	case len(req.Name) > 200:
		return req, invalid("name", "name is longer than 200 bytes")
	case len(req.Source) > 200:
		return req, invalid("source", "source is longer than 200 bytes")
	case len(req.LeadType) > 100:
		return req, invalid("lead_type", "lead_type is longer than 100 bytes")
	}
	if s := r.query("mapping"); s != "" {
		if err := decode([]byte(s), &req.Mapping); err != nil {
			f, _ := faultOf(err)
			return req, invalid("mapping", "mapping: "+f.Message)
		}
	}
	if s := r.query("cadence"); s != "" {
		row, err := a.cadenceRef(s)
		if err != nil {
			return req, err
		}
		req.Cadence = row.ID
	}
	return req, nil
}
