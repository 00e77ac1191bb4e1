package apiclient

import (
	"context"
	"io"
	"net/url"
	"time"
)

// DNCImport is the import of an edition of a list of numbers.
type DNCImport struct {
	ID         string  `json:"id"`
	List       string  `json:"list"`
	Edition    int     `json:"edition"`
	AsOf       string  `json:"as_of"`
	State      string  `json:"state"`
	By         string  `json:"by"`
	Rows       int64   `json:"rows"`
	Listed     int64   `json:"listed"`
	Duplicates int64   `json:"duplicates"`
	Rejected   int64   `json:"rejected"`
	ErrorsURL  string  `json:"errors_url"`
	Digest     string  `json:"digest"`
	StartedAt  string  `json:"started_at"`
	EndedAt    *string `json:"ended_at"`
	Message    string  `json:"message"`
}

type dncAnswer struct {
	Import DNCImport `json:"import"`
}

// ImportDNC streams an edition. It returns when the file is with the server;
// the numbers follow (see WaitDNC).
func (c *Client) ImportDNC(ctx context.Context, query url.Values, body io.Reader) (DNCImport, error) {
	var a dncAnswer
	err := c.Upload(ctx, "/v1/dnc/imports", query, "text/csv", body, &a)
	return a.Import, err
}

// WaitDNC waits until an edition is whole or has failed, telling its progress.
func (c *Client) WaitDNC(ctx context.Context, im DNCImport, progress func(DNCImport)) (DNCImport, error) {
	t := time.NewTicker(pollEvery)
	defer t.Stop()
	for im.State == "running" {
		select {
		case <-ctx.Done():
			return im, ctx.Err()
		case <-t.C:
		}
		var a dncAnswer
		if err := c.Get(ctx, "/v1/dnc/imports/"+url.PathEscape(im.ID), nil, &a); err != nil {
			return im, err
		}
		im = a.Import
		progress(im)
	}
	return im, nil
}
