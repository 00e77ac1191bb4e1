package apiclient

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"time"
)

func (c *Client) postRaw(ctx context.Context, path string, document []byte, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, oneLimit)
	defer cancel()
	return c.do(ctx, http.MethodPost, path, "application/json", bytes.NewReader(document), answer)
}

type importAnswer struct {
	Import Import `json:"import"`
}

// ImportLeads streams a list. It returns when the file is with the server; the
// rows follow (see WaitImport).
func (c *Client) ImportLeads(ctx context.Context, query url.Values, contentType string, body io.Reader) (Import, error) {
	var a importAnswer
	err := c.Upload(ctx, "/v1/leads/import", query, contentType, body, &a)
	return a.Import, err
}

// LeadsPreview is what an import of a file would meet.
type LeadsPreview struct {
	Format     string       `json:"format"`
	Columns    []FileColumn `json:"columns"`
	Problem    *FileProblem `json:"problem"`
	Rows       int64        `json:"rows"`
	New        int64        `json:"new"`
	Existing   int64        `json:"existing"`
	Repeated   int64        `json:"repeated"`
	Rejected   int64        `json:"rejected"`
	Suppressed int64        `json:"suppressed"`
	Rejects    []RowError   `json:"rejects"`
}

// FileColumn is a column of a file and the field that its values go to.
type FileColumn struct {
	Name    string   `json:"name"`
	Field   string   `json:"field"`
	Samples []string `json:"samples"`
}

// FileProblem is why a file cannot be imported.
type FileProblem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

// PreviewLeads sends a list for a dry run: nothing is stored.
func (c *Client) PreviewLeads(ctx context.Context, query url.Values, contentType string, body io.Reader) (LeadsPreview, error) {
	var a LeadsPreview
	return a, c.Upload(ctx, "/v1/leads/import/preview", query, contentType, body, &a)
}

// pollEvery is how often a running import is asked for its progress.
const pollEvery = 200 * time.Millisecond

// WaitImport waits until an import has ended, telling its progress.
func (c *Client) WaitImport(ctx context.Context, im Import, progress func(Import)) (Import, error) {
	t := time.NewTicker(pollEvery)
	defer t.Stop()
	for im.State == "running" || im.State == "undoing" {
		select {
		case <-ctx.Done():
			return im, ctx.Err()
		case <-t.C:
		}
		var a importAnswer
		if err := c.Get(ctx, "/v1/imports/"+url.PathEscape(im.ID), nil, &a); err != nil {
			return im, err
		}
		im = a.Import
		progress(im)
	}
	return im, nil
}

// Why the undo of an import leaves leads.
const (
	KeptCalled  = "called"
	KeptCaller  = "caller"
	KeptChanged = "changed"
	KeptHere    = "here_before"
)

// Kept is how many leads the undo of an import has left for one reason.
type Kept struct {
	Reason string `json:"reason"`
	Leads  int64  `json:"leads"`
}

// UndoImport takes an import back and waits until that is over.
func (c *Client) UndoImport(ctx context.Context, id string) (Import, error) {
	var a importAnswer
	if err := c.Post(ctx, "/v1/imports/"+url.PathEscape(id)+"/undo", nil, &a); err != nil {
		return a.Import, err
	}
	return c.WaitImport(ctx, a.Import, func(Import) {})
}
