// Package apiclient talks to a running server's public API, for the command
// line and the demo. It knows the contract and nothing of the server's inside.
package apiclient

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client talks to one server.
type Client struct {
	base string
	key  string
	http *http.Client
}

// New returns a client of the server at a base URL such as
// "http://127.0.0.1:8080".
func New(server string) (*Client, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("server %q is not a URL like http://127.0.0.1:8080", server)
	}
	return &Client{base: strings.TrimRight(server, "/"), http: &http.Client{}}, nil
}

// With returns a client that sends a key along; "" is none.
func (c *Client) With(key string) *Client {
	with := *c
	with.key = key
	return &with
}

// Error is what a server answered instead of doing it.
type Error struct {
	Status  int       `json:"-"`
	Code    string    `json:"code"`
	Message string    `json:"message"`
	Field   string    `json:"field"`
	Details []Problem `json:"details"`
}

// Problem is one thing that is wrong with a document.
type Problem struct {
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Path     string `json:"path"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Message  string `json:"message"`
	Remedy   string `json:"remedy,omitempty"`
}

// String is one line for people.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", p.Line)
	}
	if p.Path != "" {
		fmt.Fprintf(&b, "%s: ", p.Path)
	}
	b.WriteString(p.Message)
	if p.Remedy != "" {
		b.WriteString("; " + p.Remedy)
	}
	return b.String()
}

// Error is one line; problems are joined to it.
func (e *Error) Error() string {
	said := e.Message
	if e.Field != "" && !strings.Contains(said, e.Field) {
		said = e.Field + ": " + said
	}
	for _, p := range e.Details {
		said += "\n  " + p.String()
	}
	return said
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 64 << 20

// Bounds of a request. A server answers what is about one thing within seconds,
// and what is about many leads within ten minutes.
const (
	oneLimit  = 30 * time.Second
	manyLimit = 11 * time.Minute
)

// Get reads path into answer.
func (c *Client) Get(ctx context.Context, path string, query url.Values, answer any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	ctx, cancel := context.WithTimeout(ctx, oneLimit)
	defer cancel()
	return c.do(ctx, http.MethodGet, path, "", nil, answer)
}

// Post sends body as JSON; nil sends nothing. It may be sent once only: the
// key that makes a repeat harmless is drawn here.
func (c *Client) Post(ctx context.Context, path string, body, answer any) error {
	return c.post(ctx, oneLimit, path, body, answer)
}

// PostMany is Post about many leads, which may take minutes.
func (c *Client) PostMany(ctx context.Context, path string, body, answer any) error {
	return c.post(ctx, manyLimit, path, body, answer)
}

func (c *Client) post(ctx context.Context, limit time.Duration, path string, body, answer any) error {
	var r io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		r = bytes.NewReader(raw)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return c.do(ctx, http.MethodPost, path, "application/json", r, answer)
}

// Delete takes away what path and query name.
func (c *Client) Delete(ctx context.Context, path string, query url.Values) error {
	ctx, cancel := context.WithTimeout(ctx, oneLimit)
	defer cancel()
	return c.do(ctx, http.MethodDelete, path+"?"+query.Encode(), "", nil, nil)
}

// Upload streams a file; it takes as long as it takes.
func (c *Client) Upload(ctx context.Context, path string, query url.Values, contentType string, body io.Reader, answer any) error {
	return c.do(ctx, http.MethodPost, path+"?"+query.Encode(), contentType, body, answer)
}

func (c *Client) do(ctx context.Context, method, path, contentType string, body io.Reader, answer any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return err
	}
	if method != http.MethodGet {
		req.Header.Set("Idempotency-Key", "cli-"+rand.Text())
	}
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if refused, ok := errors.AsType[*url.Error](err); ok {
			err = refused.Err
		}
		return fmt.Errorf("no server answers at %s: %w", c.base, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("read the answer of %s: %w", c.base, err)
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return c.explain(refusal(resp.StatusCode, raw))
	}
	if out, ok := answer.(*[]byte); ok {
		*out = raw
		return nil
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(raw, answer); err != nil {
		return fmt.Errorf("%s does not answer like a Carillon server: %w", c.base, err)
	}
	return nil
}

// explain says what to do about a server that wants to know who asks.
func (c *Client) explain(err error) error {
	var e *Error
	if !errors.As(err, &e) || e.Status != http.StatusUnauthorized {
		return err
	}
	said := *e
	said.Message = "the server takes a key: set CARILLON_KEY to an API key, or, on the server's own computer, name its data directory's operator.key with --key-file"
	if c.key != "" {
		said.Message = "the server does not know this key, or it has expired or was revoked"
	}
	said.Field = ""
	return &said
}

func refusal(status int, raw []byte) error {
	var body struct {
		Error *Error `json:"error"`
	}
	if json.Unmarshal(raw, &body) != nil || body.Error == nil || body.Error.Message == "" {
		return fmt.Errorf("the server answered %d %s", status, http.StatusText(status))
	}
	body.Error.Status = status
	return body.Error
}
