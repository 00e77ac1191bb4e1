package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
)

// enrollmentItem is a lead's stay in a cadence.
type enrollmentItem struct {
	ID          string  `json:"id"`
	Lead        string  `json:"lead"`
	LeadName    string  `json:"lead_name"`
	Cadence     string  `json:"cadence"`
	CadenceName string  `json:"cadence_name"`
	Version     uint32  `json:"version"`
	State       string  `json:"state"`
	Step        string  `json:"step"`
	Run         int     `json:"run"`
	Due         *string `json:"due"`
	List        *string `json:"list"`
	EnteredAt   string  `json:"entered_at"`
	EndedAt     *string `json:"ended_at"`
	PausedAt    *string `json:"paused_at"`
	PausedBy    string  `json:"paused_by"`
	Reason      string  `json:"reason"`
}

// enrollmentStates are what stateOf tells: active, or how one can end.
var enrollmentStates = []string{
	stayActive, string(routing.FinalCompleted), string(routing.FinalExited), string(routing.FinalConverted), string(routing.FinalDNC),
	string(routing.FinalUnreachable), string(routing.FinalTransitioned), leftRemoved, "blocked",
}

const stayActive = "active"

// stateOf is where an enrollment stands: active, or how it ended.
func stateOf(e *state.Enrollment) string {
	if e.LeftAt == 0 {
		return stayActive
	}
	return e.Left
}

func enrollmentOf(n *names, id cadence.ID, e *state.Enrollment) (enrollmentItem, error) {
	it := enrollmentItem{
		ID: id.Text(cadence.KindEnrollment), Lead: e.Lead.Text(cadence.KindLead), Cadence: e.Cadence.Text(cadence.KindCadence),
		Version: e.Version, State: stateOf(e), Run: e.Run, List: maybeID(cadence.KindList, e.List), EnteredAt: at(e.EnteredAt),
		EndedAt: maybe(e.LeftAt), Reason: e.Reason,
	}
	if e.LeftAt == 0 {
		it.Step, it.PausedAt, it.PausedBy = e.StepKey, maybe(e.Paused), e.PausedBy
		if e.Touch.State == state.Waiting || e.Touch.State == state.AskedIt {
			it.Due = maybe(e.Touch.Due)
		}
	}
	var err error
	if it.CadenceName, err = n.cadence(e.Cadence); err != nil {
		return it, err
	}
	it.LeadName, err = n.lead(e.Lead)
	return it, err
}

// listEnrollments lists those of a lead, or goes through those of a cadence.
func (a *API) listEnrollments(r *request) (answer, error) {
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	after, err := r.after()
	if err != nil {
		return answer{}, err
	}
	if r.query("lead") == "" && r.query("cadence") == "" {
		return answer{}, invalid("lead", "name a lead or a cadence")
	}
	var of *state.Cadence
	if s := r.query("cadence"); s != "" {
		if of, err = a.cadenceRef(s); err != nil {
			return answer{}, err
		}
	}
	want, rule := r.query("state"), r.query("rule")
	if want != "" && !slices.Contains(enrollmentStates, want) {
		return answer{}, invalid("state", "state must be "+strings.Join(enrollmentStates, ", "))
	}
	p := enrollmentPage{limit: limit, names: newNames(a.op.Rows()), match: func(e *state.Enrollment) bool {
		return (of == nil || e.Cadence == of.ID) && (want == "" || want == stateOf(e)) && (rule == "" || rule == e.OutBy())
	}}
	if s := r.query("lead"); s != "" {
		id, err := parseID(cadence.KindLead, "lead", s)
		if err != nil {
			return answer{}, err
		}
		return p.ofLead(a.op.Rows(), id, after)
	}
	return p.all(a.op.Rows(), after)
}

type enrollmentPage struct {
	limit int
	names *names
	match func(*state.Enrollment) bool
	ids   []cadence.ID
	rows  []*state.Enrollment
	next  *string
}

// ofLead lists a lead's enrollments, oldest first.
func (p *enrollmentPage) ofLead(rows state.Rows, lead, after cadence.ID) (answer, error) {
	l, err := foundLead(rows, lead)
	if err != nil {
		return answer{}, err
	}
	skipping := !after.IsZero()
	for _, s := range l.Stays {
		if skipping {
			skipping = s.Enrollment != after
			continue
		}
		e, err := rows.Enrollment(s.Enrollment)
		if err != nil {
			return answer{}, err
		}
		if e == nil || !p.match(e) {
			continue
		}
		if len(p.ids) == p.limit {
			next := p.ids[len(p.ids)-1].Bare()
			p.next = &next
			break
		}
		p.ids, p.rows = append(p.ids, s.Enrollment), append(p.rows, e)
	}
	return p.answer()
}

func (p *enrollmentPage) all(rows state.Rows, after cadence.ID) (answer, error) {
	scanned, last := 0, cadence.ID{}
	err := rows.Enrollments(after, func(id cadence.ID, e *state.Enrollment) bool {
		if len(p.ids) == p.limit || scanned == maxScan {
			next := last.Bare()
			p.next = &next
			return false
		}
		scanned, last = scanned+1, id
		if p.match(e) {
			p.ids, p.rows = append(p.ids, id), append(p.rows, e)
		}
		return true
	})
	if err != nil {
		return answer{}, err
	}
	return p.answer()
}

func (p *enrollmentPage) answer() (answer, error) {
	out := page[enrollmentItem]{Items: []enrollmentItem{}, Next: p.next}
	for i, e := range p.rows {
		it, err := enrollmentOf(p.names, p.ids[i], e)
		if err != nil {
			return answer{}, err
		}
		out.Items = append(out.Items, it)
	}
	return ok(out)
}

// The status and reason of an enrollment that was ended through the API.
const (
	leftRemoved = "removed"
	leftReason  = "un-enrolled through the API"
)

func (a *API) unenroll(ctx context.Context, r *request) (answer, error) {
	id, err := r.id(cadence.KindEnrollment)
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	if err := a.command(ctx, &dialer.Leave{Enrollment: id, Status: leftRemoved, Reason: leftReason}); err != nil {
		return answer{}, err
	}
	return a.enrollment(id)
}

// enrollment is one as it stands.
func (a *API) enrollment(id cadence.ID) (answer, error) {
	rows := a.op.Rows()
	e, err := rows.Enrollment(id)
	if err != nil {
		return answer{}, err
	}
	if e == nil {
		return answer{}, notFound("enrollment")
	}
	it, err := enrollmentOf(newNames(rows), id, e)
	return answer{status: http.StatusOK, body: it}, err
}

// pauseEnrollment keeps a lead from being called in one cadence.
func (a *API) pauseEnrollment(ctx context.Context, r *request) (answer, error) {
	return a.pauseStay(ctx, r, true)
}

// resumeEnrollment lets it be called again.
func (a *API) resumeEnrollment(ctx context.Context, r *request) (answer, error) {
	return a.pauseStay(ctx, r, false)
}

func (a *API) pauseStay(ctx context.Context, r *request, on bool) (answer, error) {
	id, err := r.id(cadence.KindEnrollment)
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	if err := a.command(ctx, &dialer.PauseStay{Enrollment: id, On: on, By: r.caller().Author().Name}); err != nil {
		return answer{}, err
	}
	return a.enrollment(id)
}
