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
	ctx, cancel := context.WithTimeout(ctx, requestLimit)
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

// pollEvery is how often a running import is asked for its progress.
const pollEvery = 200 * time.Millisecond

// WaitImport waits until an import has ended, telling its progress.
func (c *Client) WaitImport(ctx context.Context, im Import, progress func(Import)) (Import, error) {
	t := time.NewTicker(pollEvery)
	defer t.Stop()
	for im.State == "running" {
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
