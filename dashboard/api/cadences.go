package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// command hands one command in and waits until it is durable.
func (a *API) command(ctx context.Context, m dialer.Message) error {
	ctx, cancel := context.WithTimeout(ctx, doFor)
	defer cancel()
	_, err := a.op.Do(ctx, m)
	return err
}

const partCadences = "c"

func (a *API) listCadences(r *request) (answer, error) {
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	audience, channel := r.query("audience"), r.query("channel")
	status, kind, q := r.query("status"), r.query("type"), strings.ToLower(r.query("q"))
	switch event.Status(status) {
	case "", event.Draft, event.Active, event.Inactive, event.Archived:
	default:
		return answer{}, invalid("status", "status must be draft, active, inactive or archived")
	}
	switch {
	case kind != "" && !projection.IsAnswerType(kind):
		return answer{}, badType()
	case audience != "" && audience != "manual" && audience != "view":
		return answer{}, invalid("audience", "audience must be manual or view")
	case channel != "" && !slices.Contains([]cadence.StepKind{cadence.StepCall, cadence.StepEmail, cadence.StepTask}, cadence.StepKind(channel)):
		return answer{}, invalid("channel", "channel must be call, email or task")
	}
	after, skipping, err := r.place()
	if err == nil && skipping && after.part != partCadences {
		err = badCursor()
	}
	if err != nil {
		return answer{}, err
	}
	rows := a.op.Rows()
	all, err := projection.Cadences(rows)
	if err != nil {
		return answer{}, err
	}
	k, err := a.checks()
	if err != nil {
		return answer{}, err
	}
	totals, err := a.totals()
	if err != nil {
		return answer{}, err
	}
	out := datedPage[cadenceItem]{AsOf: a.asOf(), Items: []cadenceItem{}}
	var last *state.Cadence
	for _, c := range all {
		if skipping && !older(c, after) || status != "" && status != string(c.Status) {
			continue
		}
		it, err := a.item(rows, k, c, totals[c.ID])
		if err != nil {
			return answer{}, err
		}
		if audience != "" && audience != it.Audience || channel != "" && !slices.Contains(it.Channels, cadence.StepKind(channel)) {
			continue
		}
		if kind != "" && kind != it.Type || !strings.Contains(strings.ToLower(it.Name+"\n"+it.Description), q) {
			continue
		}
		if len(out.Items) == limit {
			next := place{partCadences, last.CreatedAt, last.ID}.text()
			out.Next = &next
			break
		}
		out.Items, last = append(out.Items, it), c
	}
	return ok(out)
}

// older reports whether a cadence comes behind a place in the list.
func older(c *state.Cadence, p place) bool {
	if c.CreatedAt != p.at {
		return c.CreatedAt < p.at
	}
	return string(c.ID[:]) < string(p.id[:])
}

func (a *API) getCadence(r *request) (answer, error) {
	id, err := r.id(cadence.KindCadence)
	if err != nil {
		return answer{}, err
	}
	d, err := a.detail(id)
	if err != nil {
		return answer{}, err
	}
	return ok(d)
}

func (a *API) createCadence(ctx context.Context, r *request) (answer, error) {
	id := dialer.NewOfficeID()
	if err := a.command(ctx, &dialer.SaveCadence{ID: id, New: true, Document: r.body}); err != nil {
		return answer{}, located(err, r.body)
	}
	d, err := a.detail(id)
	return answer{status: http.StatusCreated, body: d}, err
}

// updateDraft replaces the draft, if it is still the one the edit began with.
func (a *API) updateDraft(ctx context.Context, r *request) (answer, error) {
	id, err := r.id(cadence.KindCadence)
	if err != nil {
		return answer{}, err
	}
	a.edits.Lock()
	defer a.edits.Unlock()
	if match := strings.Trim(r.header("If-Match"), `"`); match != "" {
		row, err := foundCadence(a.op.Rows(), id)
		if err != nil {
			return answer{}, err
		}
		if match != strconv.FormatUint(revisionOf(row.Draft), 10) {
			return answer{}, NewFault(dialer.CodeConflict, "If-Match", "the draft was changed since; load it again and repeat the edit")
		}
	}
	if err := a.command(ctx, &dialer.SaveCadence{ID: id, Document: r.body}); err != nil {
		return answer{}, located(err, r.body)
	}
	d, err := a.detail(id)
	return answer{status: http.StatusOK, body: d}, err
}

// located gives the problems of a refused document their place in the text.
func located(err error, text []byte) error {
	f, known := faultOf(err)
	if known && len(f.Details) > 0 {
		cadence.Locate(text, f.Details)
		return f
	}
	return err
}

func (a *API) deleteCadence(ctx context.Context, r *request) (answer, error) {
	id, err := r.id(cadence.KindCadence)
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	err = a.command(ctx, &dialer.DeleteCadence{ID: id})
	return answer{status: http.StatusNoContent}, err
}

// act carries out a command about the cadence in the path and shows it.
func (a *API) act(ctx context.Context, r *request, m func(cadence.ID) dialer.Message) (answer, error) {
	id, err := r.id(cadence.KindCadence)
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	if err := a.command(ctx, m(id)); err != nil {
		return answer{}, err
	}
	d, err := a.detail(id)
	return answer{status: http.StatusOK, body: d}, err
}

// noBody refuses a body where none is read: who sends one expects it to count.
// An empty object is let pass, since many clients send it by default.
func noBody(r *request) error {
	if len(r.body) == 0 {
		return nil
	}
	return decode(r.body, &struct{}{})
}

func (a *API) publishCadence(ctx context.Context, r *request) (answer, error) {
	return a.act(ctx, r, func(id cadence.ID) dialer.Message { return &dialer.PublishCadence{ID: id} })
}

func (a *API) activateCadence(ctx context.Context, r *request) (answer, error) {
	return a.act(ctx, r, to(event.Active))
}

func (a *API) deactivateCadence(ctx context.Context, r *request) (answer, error) {
	return a.act(ctx, r, to(event.Inactive))
}

func (a *API) archiveCadence(ctx context.Context, r *request) (answer, error) {
	return a.act(ctx, r, to(event.Archived))
}

func (a *API) unarchiveCadence(ctx context.Context, r *request) (answer, error) {
	return a.act(ctx, r, func(id cadence.ID) dialer.Message { return &dialer.SwitchCadence{ID: id, Unarchive: true} })
}

func to(s event.Status) func(cadence.ID) dialer.Message {
	return func(id cadence.ID) dialer.Message { return &dialer.SwitchCadence{ID: id, To: s} }
}

func (a *API) duplicateCadence(ctx context.Context, r *request) (answer, error) {
	id, err := r.id(cadence.KindCadence)
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	row, err := foundCadence(a.op.Rows(), id)
	if err != nil {
		return answer{}, err
	}
	copied := dialer.NewOfficeID()
	if err := a.command(ctx, &dialer.SaveCadence{ID: copied, New: true, Document: row.Draft, Rename: true}); err != nil {
		return answer{}, err
	}
	d, err := a.detail(copied)
	return answer{status: http.StatusCreated, body: d}, err
}

// validation is everything found in a document.
type validation struct {
	Publishable bool      `json:"publishable"`
	Problems    []problem `json:"problems"`
}

func (a *API) validate(text []byte) (answer, error) {
	k, err := a.checks()
	if err != nil {
		return answer{}, err
	}
	found := k.of(text)
	return ok(validation{!cadence.HasErrors(found), found})
}

func (a *API) validateDocument(_ context.Context, r *request) (answer, error) {
	return a.validate(r.body)
}

func (a *API) validateCadence(_ context.Context, r *request) (answer, error) {
	id, err := r.id(cadence.KindCadence)
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	row, err := foundCadence(a.op.Rows(), id)
	if err != nil {
		return answer{}, err
	}
	return a.validate(row.Draft)
}
