package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudwego/hertz/pkg/app"
	"go.uber.org/zap"
)

// Answer is what a handler says. Body is encoded as JSON, or sent as it is
// when it is bytes; nil is no body.
type answer struct {
	status      int
	body        any
	contentType string // of bytes
	disposition string
}

func ok(body any) (answer, error) { return answer{status: http.StatusOK, body: body}, nil }

type (
	reader func(r *request) (answer, error)
	writer func(ctx context.Context, r *request) (answer, error)
)

// request is one request as a handler reads it.
type request struct {
	c    *app.RequestContext
	body []byte
}

func (r *request) param(name string) string  { return r.c.Param(name) }
func (r *request) query(name string) string  { return string(r.c.QueryArgs().Peek(name)) }
func (r *request) header(name string) string { return string(r.c.Request.Header.Peek(name)) }

const (
	jsonType = "application/json; charset=utf-8"
	yamlType = "application/yaml; charset=utf-8"
)

// read answers a request that changes nothing.
func (a *API) read(h reader) app.HandlerFunc {
	return func(_ context.Context, c *app.RequestContext) {
		r := &request{c: c}
		if err := r.checkQuery(); err != nil {
			a.fail(c, err)
			return
		}
		ans, err := h(r)
		if err != nil {
			a.fail(c, err)
			return
		}
		a.send(c, ans)
	}
}

// write answers a request that may change something. Once it has been read it
// is carried out, also when the client goes away.
func (a *API) write(h writer) app.HandlerFunc {
	return func(ctx context.Context, c *app.RequestContext) {
		r := &request{c: c}
		err := r.checkQuery()
		if err == nil {
			r.body, err = readBody(c)
		}
		if err != nil {
			a.fail(c, err)
			return
		}
		ctx = context.WithoutCancel(ctx)
		a.once(ctx, c, requestHash(c, r.body), func() (answer, error) { return h(ctx, r) })
	}
}

// checkQuery refuses parameters that the route does not have, that come twice,
// and text no one can read.
func (r *request) checkQuery() error {
	var err error
	seen := map[string]bool{}
	takes := parameters[string(r.c.Method())+" "+r.c.FullPath()]
	r.c.QueryArgs().VisitAll(func(k, v []byte) {
		key := string(k)
		switch {
		case !slices.Contains(takes, key):
			err = unknownParameter(key, takes)
		case seen[key]:
			err = invalid(key, key+" comes twice in the query")
		case bytes.IndexByte(v, 0) >= 0 || !validText(v):
			err = invalid(key, key+" is not plain text")
		case len(v) > 8192:
			err = invalid(key, key+" is longer than 8192 bytes")
		}
		seen[key] = true
	})
	return err
}

// readBody reads a JSON body of at most MaxBody bytes.
func readBody(c *app.RequestContext) ([]byte, error) {
	var body []byte
	if c.Request.IsBodyStream() {
		b, err := io.ReadAll(io.LimitReader(c.RequestBodyStream(), MaxBody+1))
		if err != nil {
			return nil, invalid("", "the body could not be read to its end")
		}
		body = b
	} else {
		body = c.Request.Body()
	}
	if len(body) > MaxBody {
		c.Response.SetConnectionClose()
		return nil, NewFault(codeTooLarge, "", "the body is larger than 1 MiB")
	}
	if len(body) == 0 {
		return nil, nil
	}
	kind, _, _ := strings.Cut(string(c.Request.Header.ContentType()), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
		return nil, invalid("Content-Type", "send the body as application/json")
	}
	return body, nil
}

func (a *API) send(c *app.RequestContext, ans answer) {
	status, body, kind := a.encode(ans)
	if ans.disposition != "" {
		c.Response.Header.Set("Content-Disposition", ans.disposition)
	}
	respond(c, status, kind, body)
}

func respond(c *app.RequestContext, status int, kind string, body []byte) {
	c.Response.Header.Set("Cache-Control", "no-store")
	c.SetStatusCode(status)
	if len(body) == 0 {
		return
	}
	c.Response.Header.SetContentType(kind)
	c.Response.SetBodyRaw(body)
}

// encode is the answer as bytes. An answer that cannot be encoded is a bug and
// becomes an internal fault.
func (a *API) encode(ans answer) (status int, body []byte, kind string) {
	switch b := ans.body.(type) {
	case nil:
		return ans.status, nil, ""
	case []byte:
		return ans.status, b, ans.contentType
	}
	body, err := marshal(ans.body)
	if err != nil {
		a.log.Error("BUG: an answer cannot be encoded", zap.Error(err))
		f, _ := faultOf(err)
		body, _ = marshal(envelope{f})
		return f.Status, body, jsonType
	}
	return ans.status, body, jsonType
}

// marshal writes JSON without HTML escapes: names and scripts stay readable.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}

type envelope struct {
	Error *Fault `json:"error"`
}

// fail answers an error in the one error shape and logs what nobody foresaw.
func (a *API) fail(c *app.RequestContext, err error) {
	status, body := a.faultBody(c, err)
	respond(c, status, jsonType, body)
}

func (a *API) faultBody(c *app.RequestContext, err error) (int, []byte) {
	f, known := faultOf(err)
	if errors.Is(err, context.DeadlineExceeded) {
		c.Set(undecidedKey, true)
	}
	if !known {
		a.log.Error("request failed", zap.String("route", c.FullPath()), zap.Error(err))
	}
	return f.Status, FaultBody(f)
}

// FaultBody is a fault in the one error shape, as JSON.
func FaultBody(f *Fault) []byte {
	shown := *f
	if shown.Details == nil {
		shown.Details = []problem{}
	}
	body, err := marshal(envelope{&shown})
	if err != nil {
		panic("BUG: a fault must be JSON: " + err.Error())
	}
	return body
}
