package api

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// leadItem is a lead with its own numbers.
type leadItem struct {
	ID         string               `json:"id"`
	ExternalID string               `json:"external_id"`
	Name       string               `json:"name"`
	FirstName  string               `json:"first_name"`
	LastName   string               `json:"last_name"`
	Email      string               `json:"email"`
	Status     string               `json:"status"`
	Owner      string               `json:"owner"`
	Zone       string               `json:"zone"`
	PostalCode string               `json:"postal_code"`
	State      string               `json:"state"`
	Country    string               `json:"country"`
	Numbers    []cadence.LeadNumber `json:"numbers"`
	Fields     map[string]string    `json:"fields"`
}

// leadRow is a lead in a list.
type leadRow struct {
	leadItem
	CreatedAt string  `json:"created_at"`
	CalledAt  *string `json:"called_at"`
}

// leadDetail is one lead with its enrollments.
type leadDetail struct {
	leadItem
	AsOf        string           `json:"as_of"`
	CreatedAt   string           `json:"created_at"`
	UpdatedAt   string           `json:"updated_at"`
	Enrollments []enrollmentItem `json:"enrollments"`
}

func leadOf(l *cadence.Lead) leadItem {
	it := leadItem{
		ID: l.ID.Text(cadence.KindLead), ExternalID: l.ExternalID, Name: l.Name, FirstName: l.FirstName, LastName: l.LastName,
		Email: l.Email, Status: l.Status, Owner: l.Owner, Zone: l.Zone, PostalCode: l.PostalCode, State: l.State, Country: l.Country,
		Numbers: l.Numbers, Fields: l.Fields,
	}
	if it.Numbers == nil {
		it.Numbers = []cadence.LeadNumber{}
	}
	if it.Fields == nil {
		it.Fields = map[string]string{}
	}
	return it
}

// leadRow shows a lead in a list; its last call is one key more to read.
func (a *API) leadRow(l *state.Lead) (leadRow, error) {
	called, err := a.op.Rows().LastCall(l.Lead.ID)
	return leadRow{leadOf(&l.Lead), at(l.CreatedAt), maybe(called)}, err
}

// listLeads finds leads by number or external id, lists them in an order, or
// goes through all of them in the order of ids.
func (a *API) listLeads(r *request) (answer, error) {
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	match, err := leadFilter(r)
	if err != nil {
		return answer{}, err
	}
	if r.nobodys(cadence.KindList, "list") {
		return ok(datedPage[leadRow]{AsOf: a.asOf(), Items: []leadRow{}})
	}
	if r.query("sort") != "" || r.query("called") != "" {
		return a.sortedLeads(r, limit)
	}
	if r.query("number") != "" || r.query("external_id") != "" {
		return a.namedLeads(r, match)
	}
	if behind, some, err := a.searchable(r); some || err != nil {
		if err != nil {
			return answer{}, err
		}
		return a.searchLeads(projection.Folded(r.query("q")), behind, limit, match)
	}
	after, err := r.after()
	if err != nil {
		return answer{}, err
	}
	out := datedPage[leadRow]{AsOf: a.asOf(), Items: []leadRow{}}
	scanned, last := 0, cadence.ID{}
	var failed error
	err = a.op.Rows().Leads(after, func(l *state.Lead) bool {
		if len(out.Items) == limit || scanned == maxScan {
			next := last.Bare()
			out.Next = &next
			return false
		}
		scanned, last = scanned+1, l.Lead.ID
		if match(l) {
			var row leadRow
			row, failed = a.leadRow(l)
			out.Items = append(out.Items, row)
		}
		return failed == nil
	})
	if err = cmp.Or(err, failed); err != nil {
		return answer{}, err
	}
	return ok(out)
}

// leadFilter is what q and list ask for.
func leadFilter(r *request) (func(*state.Lead) bool, error) {
	q := projection.Folded(r.query("q"))
	var list cadence.ID
	if s := r.query("list"); s != "" {
		id, err := parseID(cadence.KindList, "list", s)
		if err != nil {
			return nil, err
		}
		list = id
	}
	return func(l *state.Lead) bool {
		return (list.IsZero() || l.List == list) && (q == "" || begins(&l.Lead, q))
	}, nil
}

// begins reports whether something a lead is known by starts with q, which is
// folded.
func begins(l *cadence.Lead, q string) bool {
	return slices.ContainsFunc(projection.Texts(l), func(s string) bool { return strings.HasPrefix(s, q) })
}

// namedLeads finds leads by what names them exactly.
func (a *API) namedLeads(r *request, match func(*state.Lead) bool) (answer, error) {
	rows := a.op.Rows()
	ids, err := a.namedIDs(r)
	if err != nil {
		return answer{}, err
	}
	out := datedPage[leadRow]{AsOf: a.asOf(), Items: []leadRow{}}
	for _, id := range ids {
		l, err := rows.Lead(id)
		if err != nil {
			return answer{}, err
		}
		if l == nil || !match(l) {
			continue
		}
		row, err := a.leadRow(l)
		if err != nil {
			return answer{}, err
		}
		out.Items = append(out.Items, row)
	}
	return ok(out)
}

func (a *API) namedIDs(r *request) ([]cadence.ID, error) {
	var ids []cadence.ID
	if s := r.query("number"); s != "" {
		n, err := number("number", s)
		if err != nil {
			return nil, err
		}
		row, err := a.op.Rows().Number(a.op.Token(n))
		if err != nil || row == nil {
			return nil, err
		}
		ids = row.Leads
	}
	ext := r.query("external_id")
	if ext == "" {
		return ids, nil
	}
	id, err := a.op.LeadByExternal(ext)
	if err != nil || id.IsZero() || r.query("number") != "" && !slices.Contains(ids, id) {
		return nil, err
	}
	return []cadence.ID{id}, nil
}

func (a *API) lead(id cadence.ID) (*leadDetail, error) {
	rows := a.op.Rows()
	l, err := foundLead(rows, id)
	if err != nil {
		return nil, err
	}
	d := &leadDetail{leadItem: leadOf(&l.Lead), AsOf: a.asOf(), CreatedAt: at(l.CreatedAt), UpdatedAt: at(l.UpdatedAt), Enrollments: []enrollmentItem{}}
	n := newNames(rows)
	for _, s := range l.Stays {
		e, err := rows.Enrollment(s.Enrollment)
		if err != nil {
			return nil, err
		}
		if e == nil {
			continue
		}
		it, err := enrollmentOf(n, s.Enrollment, e)
		if err != nil {
			return nil, err
		}
		d.Enrollments = append(d.Enrollments, it)
	}
	return d, nil
}

func (a *API) getLead(r *request) (answer, error) {
	id, err := r.id(cadence.KindLead)
	if err != nil {
		return answer{}, err
	}
	d, err := a.lead(id)
	if err != nil {
		return answer{}, err
	}
	return ok(d)
}

// signalRequest is what happened to a lead outside.
type signalRequest struct {
	Signal string `json:"signal"`
	At     string `json:"at"`
}

// signalLead stores a signal and says which enrollments it ended.
func (a *API) signalLead(ctx context.Context, r *request) (answer, error) {
	id, err := r.id(cadence.KindLead)
	if err != nil {
		return answer{}, err
	}
	var in signalRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	if !signalName.MatchString(in.Signal) {
		return answer{}, invalid("signal", "signal must be lower-case letters, digits and _, beginning with a letter, at most 64")
	}
	happened := a.op.Now().UnixMilli()
	if in.At != "" {
		if happened, err = instant("at", in.At); err != nil {
			return answer{}, err
		}
	}
	before, err := a.openStays(id)
	if err != nil {
		return answer{}, err
	}
	if err := a.command(ctx, &dialer.Signal{Lead: id, Name: in.Signal, At: happened}); err != nil {
		return answer{}, err
	}
	exited := []string{}
	for _, stay := range before {
		e, err := a.op.Rows().Enrollment(stay)
		if err != nil {
			return answer{}, err
		}
		if e != nil && e.LeftAt != 0 && e.Reason == "signal: "+in.Signal {
			exited = append(exited, stay.Text(cadence.KindEnrollment))
		}
	}
	return ok(map[string]any{"lead": id.Text(cadence.KindLead), "signal": in.Signal, "at": at(happened), "exited": exited})
}

func (a *API) openStays(id cadence.ID) ([]cadence.ID, error) {
	l, err := foundLead(a.op.Rows(), id)
	if err != nil {
		return nil, err
	}
	var open []cadence.ID
	for _, s := range l.Stays {
		if s.LeftAt == 0 {
			open = append(open, s.Enrollment)
		}
	}
	return open, nil
}
