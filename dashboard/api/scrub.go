package api

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cloudwego/hertz/pkg/app"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// scrubItem is the import of one edition of a list.
type scrubItem struct {
	ID         string  `json:"id"`
	List       string  `json:"list"`
	Edition    uint32  `json:"edition"`
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

type scrubAnswer struct {
	Import scrubItem `json:"import"`
}

// scrubList is an imported list and its edition in force.
type scrubList struct {
	Name    string  `json:"name"`
	Edition uint32  `json:"edition"`
	AsOf    *string `json:"as_of"`
	AgeDays *int64  `json:"age_days"`
	InForce *string `json:"in_force_since"`
	Count   uint64  `json:"count"`
	Sum     string  `json:"sum"`
	Digest  string  `json:"digest"`
	Running *string `json:"running_import"`
}

// scrubPage is all lists, with how many marks the internal one has.
type scrubPage struct {
	AsOf  string `json:"as_of"`
	Marks uint64 `json:"marks"`
	page[scrubList]
}

// defaultMaxRejects is how many lines of a file may be no numbers unless the
// request says otherwise.
const defaultMaxRejects = 1000

// importDNC streams an edition of a list to the engine.
func (a *API) importDNC(ctx context.Context, c *app.RequestContext) {
	a.stream(ctx, c, func(r *request) (taker, error) {
		req, err := scrubRequest(r)
		return func(ctx context.Context, body io.Reader) (answer, error) {
			id, err := a.op.StartScrub(ctx, req, body)
			if err != nil {
				return answer{}, cutShort(err)
			}
			shown, err := a.scrubShown(id)
			return answer{status: http.StatusAccepted, body: shown}, err
		}, err
	})
}

func scrubRequest(r *request) (dialer.ScrubRequest, error) {
	req := dialer.ScrubRequest{List: r.query("list"), Region: r.query("region"), MaxRejects: defaultMaxRejects}
	kind, _, _ := strings.Cut(string(r.c.Request.Header.ContentType()), ";")
	if kind = strings.ToLower(strings.TrimSpace(kind)); kind != "text/csv" && kind != "text/plain" {
		return req, invalid("Content-Type", "send the file as text/csv or text/plain")
	}
	if req.Region == "" {
		req.Region = "US"
	}
	if !countryName.MatchString(req.Region) {
		return req, invalid("region", "region must be two capital letters")
	}
	var err error
	if req.AsOf, err = moment(time.UTC, "as_of", r.query("as_of"), 0); err != nil {
		return req, err
	}
	if req.AsOf <= 0 {
		return req, invalid("as_of", "as_of must be the date of the list, such as 2026-03-01")
	}
	if s := r.query("max_rejects"); s != "" {
		if req.MaxRejects, err = strconv.ParseInt(s, 10, 64); err != nil || req.MaxRejects < 0 || req.MaxRejects > dialer.MaxScrubRejects {
			return req, invalid("max_rejects", fmt.Sprintf("max_rejects must be 0 to %d", dialer.MaxScrubRejects))
		}
	}
	req.By, err = author(r, r.query("by"))
	return req, err
}

func (a *API) getScrub(r *request) (answer, error) {
	id, err := r.id(cadence.KindImport)
	if err != nil {
		return answer{}, err
	}
	shown, err := a.scrubShown(id)
	if err != nil {
		return answer{}, err
	}
	return ok(shown)
}

func (a *API) scrubShown(id cadence.ID) (*scrubAnswer, error) {
	i, err := a.importRow(id)
	if err == nil && i.Job.Scrub == 0 {
		err = notFound("import")
	}
	if err != nil {
		return nil, err
	}
	name := ""
	err = a.op.Rows().ScrubLists(func(n uint32, s *state.ScrubList) bool {
		if n == i.Job.Scrub {
			name = s.Name
		}
		return name == ""
	})
	text := id.Text(cadence.KindImport)
	return &scrubAnswer{scrubItem{
		ID: text, List: name, Edition: i.Job.Edition, AsOf: at(i.Job.AsOf), State: i.State, By: i.Job.By, Rows: i.Rows, Listed: i.Accepted,
		Duplicates: i.Skipped, Rejected: i.Rejected, ErrorsURL: "/v1/dnc/imports/" + text + "/errors", Digest: hex.EncodeToString(i.Job.Digest),
		StartedAt: at(i.Job.At), EndedAt: maybe(i.EndedAt), Message: i.Error,
	}}, err
}

// listScrubs tells the age of every imported list.
func (a *API) listScrubs(*request) (answer, error) {
	now := a.op.Now()
	rows := a.op.Rows()
	office, err := rows.Office()
	if err != nil {
		return answer{}, err
	}
	out := scrubPage{AsOf: a.asOf(), Marks: office.DNC, page: page[scrubList]{Items: []scrubList{}}}
	err = rows.ScrubLists(func(_ uint32, s *state.ScrubList) bool {
		it := scrubList{Name: s.Name, Edition: s.Edition, Count: s.Count, Sum: fmt.Sprintf("%016x", s.Sum), Digest: hex.EncodeToString(s.Digest)}
		if s.Edition > 0 {
			days := int64(now.Sub(time.UnixMilli(s.AsOf)) / (24 * time.Hour))
			it.AsOf, it.InForce, it.AgeDays = maybe(s.AsOf), maybe(s.At), &days
		}
		if s.Next != 0 {
			running := s.NextImport.Text(cadence.KindImport)
			it.Running = &running
		}
		out.Items = append(out.Items, it)
		return true
	})
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}
