package api

import (
	"context"
	"errors"
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

const (
	// maxNamed bounds the leads one request may name.
	maxNamed = 10_000
	// maxSkipped bounds the skipped leads that are listed; all are counted.
	maxSkipped = 10_000
	// chunk is how many leads of a list are handed in at once.
	chunk = 4096
)

// who names the leads of a bulk request: exactly one field is set.
type who struct {
	LeadIDs     []string
	ExternalIDs []string
	List        string
}

type enrollRequest struct {
	Cadence     string   `json:"cadence"`
	LeadIDs     []string `json:"lead_ids"`
	ExternalIDs []string `json:"external_ids"`
	List        string   `json:"list"`
	StartStep   string   `json:"start_step"`
}

type unenrollRequest struct {
	Cadence     string   `json:"cadence"`
	LeadIDs     []string `json:"lead_ids"`
	ExternalIDs []string `json:"external_ids"`
	List        string   `json:"list"`
}

// skipped is a lead for which nothing was done, by the name it was sent with.
type skipped struct {
	Lead   string `json:"lead"`
	Reason string `json:"reason"`
}

// tally is what a bulk request came to.
type tally struct {
	done    int
	skipped []skipped
	total   int
}

func (t *tally) skip(lead, reason string) {
	t.total++
	if len(t.skipped) < maxSkipped {
		t.skipped = append(t.skipped, skipped{lead, reason})
	}
}

// target is a lead of a bulk request.
type target struct {
	id   cadence.ID
	sent string
}

// enroll puts leads into a cadence. A lead that cannot enter is skipped with
// the engine's reason.
func (a *API) enroll(ctx context.Context, r *request) (answer, error) {
	var in enrollRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	row, err := a.cadenceRef(in.Cadence)
	if err != nil {
		return answer{}, err
	}
	t, err := a.each(ctx, who{in.LeadIDs, in.ExternalIDs, in.List}, func(t target) (dialer.Message, string, error) {
		return &dialer.Enroll{Lead: t.id, Cadence: row.ID, StartStep: in.StartStep}, "", nil
	})
	if err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"enrolled": t.done, "skipped": t.skipped, "skipped_total": t.total})
}

// unenrollMany takes leads out of a cadence.
func (a *API) unenrollMany(ctx context.Context, r *request) (answer, error) {
	var in unenrollRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	row, err := a.cadenceRef(in.Cadence)
	if err != nil {
		return answer{}, err
	}
	t, err := a.each(ctx, who{in.LeadIDs, in.ExternalIDs, in.List}, func(t target) (dialer.Message, string, error) {
		return a.leaving(t.id, row.ID)
	})
	if err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"removed": t.done, "skipped": t.skipped, "skipped_total": t.total})
}

func (a *API) leaving(lead, from cadence.ID) (dialer.Message, string, error) {
	l, err := a.op.Rows().Lead(lead)
	if err != nil {
		return nil, "", err
	}
	if l == nil {
		return nil, "no_such_lead", nil
	}
	for _, s := range l.Stays {
		if s.Cadence == from && s.LeftAt == 0 {
			return &dialer.Leave{Enrollment: s.Enrollment, Status: leftRemoved, Reason: leftReason}, "", nil
		}
	}
	return nil, "not_enrolled", nil
}

// each makes a message for every lead and hands them in, a chunk at a time.
// make may skip a lead with a reason.
func (a *API) each(ctx context.Context, w who, message func(target) (dialer.Message, string, error)) (*tally, error) {
	ctx, cancel := context.WithTimeout(ctx, bulkFor)
	defer cancel()
	t := &tally{skipped: []skipped{}}
	next, err := a.targets(w, t)
	if err != nil {
		return nil, err
	}
	for {
		batch, err := next()
		if err != nil || len(batch) == 0 {
			return t, err
		}
		if err := a.hand(ctx, batch, t, message); err != nil {
			return nil, err
		}
	}
}

func (a *API) hand(ctx context.Context, batch []target, t *tally, message func(target) (dialer.Message, string, error)) error {
	var ms []dialer.Message
	var of []target
	for _, one := range batch {
		m, why, err := message(one)
		if err != nil {
			return err
		}
		if why != "" {
			t.skip(one.sent, why)
			continue
		}
		ms, of = append(ms, m), append(of, one)
	}
	replies, errs := a.op.Each(ctx, ms)
	for i := range ms {
		var refusal *dialer.Refusal
		switch e, _ := replies[i].(dialer.EnrollResult); {
		case errors.As(errs[i], &refusal):
			t.skip(of[i].sent, refusal.Message)
		case errs[i] != nil:
			return fmt.Errorf("after %d leads: %w", t.done, errs[i])
		case e.Skipped != "":
			t.skip(of[i].sent, e.Skipped)
		default:
			t.done++
		}
	}
	return nil
}

// targets gives the leads a chunk at a time; an empty chunk is the end.
func (a *API) targets(w who, t *tally) (func() ([]target, error), error) {
	set := 0
	for _, given := range []bool{w.LeadIDs != nil, w.ExternalIDs != nil, w.List != ""} {
		if given {
			set++
		}
	}
	n := len(w.LeadIDs) + len(w.ExternalIDs)
	switch {
	case set != 1, w.List == "" && n == 0:
		return nil, invalid("lead_ids", "set exactly one of lead_ids, external_ids and list")
	case n > maxNamed:
		return nil, invalid("lead_ids", fmt.Sprintf("at most %d leads can be named at once; use a list", maxNamed))
	case w.List != "":
		return a.ofList(w.List)
	case w.LeadIDs != nil:
		return onceOnly(byID(w.LeadIDs))
	}
	return onceOnly(a.byExternal(w.ExternalIDs, t))
}

func onceOnly(all []target, err error) (func() ([]target, error), error) {
	return func() ([]target, error) { now := all; all = nil; return now, nil }, err
}

func byID(texts []string) ([]target, error) {
	out := make([]target, len(texts))
	for i, s := range texts {
		id, err := parseID(cadence.KindLead, fmt.Sprintf("lead_ids[%d]", i), s)
		if err != nil {
			return nil, err
		}
		out[i] = target{id, s}
	}
	return out, nil
}

func (a *API) byExternal(texts []string, t *tally) ([]target, error) {
	var out []target
	for i, s := range texts {
		if s == "" || len(s) > 256 {
			return nil, invalid(fmt.Sprintf("external_ids[%d]", i), "an external id has 1 to 256 bytes")
		}
		id, err := a.op.LeadByExternal(s)
		if err != nil {
			return nil, err
		}
		if id.IsZero() {
			t.skip(s, "no_such_lead")
			continue
		}
		out = append(out, target{id, s})
	}
	return out, nil
}

// ofList goes through all leads and gives those of one list.
func (a *API) ofList(text string) (func() ([]target, error), error) {
	list, err := parseID(cadence.KindList, "list", text)
	if err != nil {
		return nil, err
	}
	row, err := a.op.Rows().List(list)
	if err != nil {
		return nil, err
	}
	if row == nil {
		f := notFound("list")
		f.Field = "list"
		return nil, f
	}
	var after cadence.ID
	return func() ([]target, error) {
		var out []target
		err := a.op.Rows().Leads(after, func(l *state.Lead) bool {
			after = l.Lead.ID
			if l.List == list {
				out = append(out, target{after, after.Text(cadence.KindLead)})
			}
			return len(out) < chunk
		})
		return out, err
	}, nil
}
