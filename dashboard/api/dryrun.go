package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/cloudwego/hertz/pkg/app"

	"github.com/carillon-dialer/carillon/cadence/leadfile"
	"github.com/carillon-dialer/carillon/dialer"
)

// dryRunItem is what an import of a file would meet.
type dryRunItem struct {
	AsOf       string       `json:"as_of"`
	Format     string       `json:"format"`
	Encoding   string       `json:"encoding"`
	Delimiter  string       `json:"delimiter"`
	Columns    []dryColumn  `json:"columns"`
	Fields     []string     `json:"fields"`
	Problem    *fileProblem `json:"problem"`
	Rows       int64        `json:"rows"`
	New        int64        `json:"new"`
	Existing   int64        `json:"existing"`
	Repeated   int64        `json:"repeated"`
	Rejected   int64        `json:"rejected"`
	Suppressed int64        `json:"suppressed"`
	Rejects    []rejectItem `json:"rejects"`
}

type dryColumn struct {
	Name    string   `json:"name"`
	Field   string   `json:"field"`
	Samples []string `json:"samples"`
}

type fileProblem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

// Files that are tried are held in memory, so a few are read beside each other.
// One that comes in slowly keeps its place; another waits for one this long.
const (
	triedAtOnce = 4
	tryFor      = 20 * time.Second
)

// dryRun reads a file of leads as an import would, and stores nothing.
func (a *API) dryRun(ctx context.Context, c *app.RequestContext) {
	r := &request{c: c}
	err := r.checkQuery()
	var req dialer.ImportRequest
	if err == nil {
		req, err = a.importRequest(r)
	}
	if err == nil {
		err = a.enterTry(ctx)
	}
	if err != nil {
		c.Response.SetConnectionClose() // the file is not read
		a.fail(c, err)
		return
	}
	defer func() { <-a.trying }()
	ans, err := a.tried(ctx, req, bodyOf(c))
	if err != nil {
		c.Response.SetConnectionClose()
		a.fail(c, err)
		return
	}
	a.send(c, ans)
}

func (a *API) enterTry(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tryFor)
	defer cancel()
	select {
	case a.trying <- struct{}{}:
		return nil
	case <-ctx.Done():
		return NewFault(dialer.CodeUnavailable, "", fmt.Sprintf("%d other files are being tried; try again in a minute, or import the file without a dry run", triedAtOnce))
	}
}

func (a *API) tried(ctx context.Context, req dialer.ImportRequest, body io.Reader) (answer, error) {
	file, err := io.ReadAll(io.LimitReader(body, dialer.MaxDryRunBytes+1))
	if err != nil {
		return answer{}, cutShort(err)
	}
	if len(file) > dialer.MaxDryRunBytes {
		return answer{}, NewFault(codeTooLarge, "", fmt.Sprintf("a dry run reads files of at most %d MiB; import the file without one, or split it", dialer.MaxDryRunBytes>>20))
	}
	look, err := leadfile.Look(bytes.NewReader(file), leadfile.Options{Format: leadfile.Format(req.Format), Mapping: req.Mapping, Region: req.Region})
	if err != nil {
		return answer{}, badFile(err)
	}
	out := dryRunItem{
		AsOf: a.asOf(), Format: string(look.Format), Encoding: string(look.Encoding), Columns: make([]dryColumn, len(look.Columns)), Fields: leadfile.Fields(), Rejects: []rejectItem{},
	}
	if look.Delimiter != 0 {
		out.Delimiter = string(rune(look.Delimiter))
	}
	for i, col := range look.Columns {
		out.Columns[i] = dryColumn{col.Name, col.Field, append([]string{}, col.Samples...)}
	}
	if out.Problem, err = problemOf(file, req); err != nil || out.Problem != nil {
		return answer{status: http.StatusOK, body: out}, err
	}
	found, err := a.op.DryRun(ctx, req, bytes.NewReader(file))
	if err != nil {
		return answer{}, err
	}
	out.Rows, out.New, out.Existing, out.Repeated = found.Rows, found.New, found.Existing, found.Repeated
	out.Rejected, out.Suppressed = found.Rejected, found.Suppressed
	for _, x := range found.Rejects {
		out.Rejects = append(out.Rejects, rejectItem{x.Line, x.Column, x.Code, x.Message})
	}
	return answer{status: http.StatusOK, body: out}, nil
}

// problemOf is why a file whose columns can be told cannot be imported with
// this mapping; nil when it can.
func problemOf(file []byte, req dialer.ImportRequest) (*fileProblem, error) {
	_, err := leadfile.Open(bytes.NewReader(file), leadfile.Options{Format: leadfile.Format(req.Format), Mapping: req.Mapping, Region: req.Region})
	if bad, ok := errors.AsType[*leadfile.FileError](err); ok {
		return &fileProblem{bad.Code, bad.Message, bad.Remedy}, nil
	}
	return nil, err
}

// badFile is the refusal of a file that cannot be read at all.
func badFile(err error) error {
	bad, ok := errors.AsType[*leadfile.FileError](err)
	if !ok {
		return err
	}
	field := ""
	if bad.Code == "file.mapping" {
		field = "mapping"
	}
	return invalid(field, bad.Message+"; "+bad.Remedy)
}
