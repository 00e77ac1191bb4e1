package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

type versionItem struct {
	Version     uint32 `json:"version"`
	PublishedAt string `json:"published_at"`
	Current     bool   `json:"current"`
	Steps       int    `json:"steps"`
	Changes     int    `json:"changes"`
}

type versionDetail struct {
	versionItem
	Document json.RawMessage `json:"document"`
}

// document reads a version's document; the number may be one there is not.
func (a *API) document(c *state.Cadence, n uint32) (*state.Version, *cadence.Document, error) {
	v, err := a.op.Rows().Version(c.ID, n)
	if err != nil {
		return nil, nil, err
	}
	if v == nil {
		f := notFound("version")
		f.Field = "n"
		return nil, nil, f
	}
	return v, a.docs.Of(v.Document), nil
}

func (a *API) versionOf(c *state.Cadence, n uint32) (*versionDetail, error) {
	v, doc, err := a.document(c, n)
	if err != nil {
		return nil, err
	}
	out := &versionDetail{versionItem{Version: n, PublishedAt: at(v.At), Current: n == c.Version, Steps: len(doc.Steps)}, v.Document}
	if n > 1 {
		_, before, err := a.document(c, n-1)
		if err != nil {
			return nil, err
		}
		out.Changes = len(cadence.Diff(before, doc))
	}
	return out, nil
}

// listVersions shows what was published, newest first.
func (a *API) listVersions(r *request) (answer, error) {
	c, err := a.pathCadence(r)
	if err != nil {
		return answer{}, err
	}
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	from := c.Version
	if s := r.query("cursor"); s != "" {
		n, err := strconv.ParseUint(s, 10, 32)
		if err != nil || n == 0 {
			return answer{}, badCursor()
		}
		from = min(from, uint32(n))
	}
	out := page[versionItem]{Items: []versionItem{}}
	for n := from; n > 0; n-- {
		if len(out.Items) == limit {
			next := strconv.FormatUint(uint64(n), 10)
			out.Next = &next
			break
		}
		v, err := a.versionOf(c, n)
		if err != nil {
			return answer{}, err
		}
		out.Items = append(out.Items, v.versionItem)
	}
	return ok(out)
}

// nth reads the number of a version from the path.
func (r *request) nth() (uint32, error) {
	n, err := strconv.ParseUint(r.param("n"), 10, 32)
	if err != nil || n == 0 {
		return 0, invalid("n", "n must be the number of a version, from 1")
	}
	return uint32(n), nil
}

func (a *API) getVersion(r *request) (answer, error) {
	c, err := a.pathCadence(r)
	if err != nil {
		return answer{}, err
	}
	n, err := r.nth()
	if err != nil {
		return answer{}, err
	}
	v, err := a.versionOf(c, n)
	if err != nil {
		return answer{}, err
	}
	return ok(v)
}

// restoreVersion publishes an older version's document as the newest one.
func (a *API) restoreVersion(ctx context.Context, r *request) (answer, error) {
	n, err := r.nth()
	if err != nil {
		return answer{}, err
	}
	return a.act(ctx, r, func(id cadence.ID) dialer.Message { return &dialer.PublishCadence{ID: id, Version: n} })
}

type change struct {
	Kind cadence.ChangeKind `json:"kind"`
	Step string             `json:"step"`
	Path string             `json:"path"`
	From string             `json:"from"`
	To   string             `json:"to"`
}

// diffCadence lists what lies between two documents of a cadence.
func (a *API) diffCadence(r *request) (answer, error) {
	c, err := a.pathCadence(r)
	if err != nil {
		return answer{}, err
	}
	from, err := a.side(r, c, "from", strconv.FormatUint(uint64(c.Version), 10))
	if err != nil {
		return answer{}, err
	}
	to, err := a.side(r, c, "to", "draft")
	if err != nil {
		return answer{}, err
	}
	stats, err := a.op.Rows().Stats(c.ID)
	if err != nil {
		return answer{}, err
	}
	out := struct {
		Version  uint32   `json:"version"`
		Enrolled int64    `json:"enrolled"`
		Changes  []change `json:"changes"`
	}{c.Version, stats.Active, []change{}}
	for _, d := range cadence.Diff(from, to) {
		out.Changes = append(out.Changes, change(d))
	}
	return ok(out)
}

// side is one of the documents to compare: "draft", or a version's number; 0 is
// nothing, for what was never published.
func (a *API) side(r *request, c *state.Cadence, field, otherwise string) (*cadence.Document, error) {
	text := r.query(field)
	if text == "" {
		text = otherwise
	}
	if text == "draft" {
		return a.docs.Of(c.Draft), nil
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return nil, invalid(field, field+" must be draft or the number of a version")
	}
	if n == 0 {
		return &cadence.Document{Format: cadence.Format, Name: c.Name, Audience: cadence.Audience{Type: "manual"}, Runs: cadence.Runs{Max: 1}}, nil
	}
	_, doc, err := a.document(c, uint32(n))
	if err != nil {
		return nil, invalid(field, "there is no version "+text)
	}
	return doc, nil
}

type kept struct {
	Reason string `json:"reason"`
	Leads  int    `json:"leads"`
}

// migrateCadence puts the leads that are in a cadence on its published version.
func (a *API) migrateCadence(ctx context.Context, r *request) (answer, error) {
	c, err := a.pathCadence(r)
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, bulkFor)
	defer cancel()
	moved, reasons := 0, map[string]int{}
	for after, more := (cadence.ID{}), true; more; {
		var batch []dialer.Message
		after, more, batch, err = a.staysBehind(c, after)
		if err != nil {
			return answer{}, err
		}
		_, errs := a.op.Each(ctx, batch)
		for _, e := range errs {
			var refusal *dialer.Refusal
			switch {
			case errors.As(e, &refusal):
				reasons[refusal.Message]++
			case e != nil:
				return answer{}, e
			default:
				moved++
			}
		}
	}
	out := struct {
		Version uint32 `json:"version"`
		Moved   int    `json:"moved"`
		Kept    []kept `json:"kept"`
	}{c.Version, moved, []kept{}}
	for _, reason := range []string{dialer.KeptCalling, dialer.KeptStep, dialer.KeptLeft} {
		if n := reasons[reason]; n > 0 {
			out.Kept = append(out.Kept, kept{reason, n})
		}
	}
	return answer{status: http.StatusOK, body: out}, nil
}

// staysBehind gathers a chunk of the enrollments that are on another version.
func (a *API) staysBehind(c *state.Cadence, after cadence.ID) (last cadence.ID, more bool, batch []dialer.Message, err error) {
	last = after
	err = a.op.Rows().Enrollments(after, func(id cadence.ID, e *state.Enrollment) bool {
		last = id
		if e.Cadence == c.ID && e.LeftAt == 0 && e.Version != c.Version {
			batch = append(batch, &dialer.MoveStay{Enrollment: id})
		}
		more = len(batch) == chunk
		return !more
	})
	return last, more, batch, err
}
