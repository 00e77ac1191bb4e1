package api

import (
	"cmp"
	"context"
	"errors"
	"maps"
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

// attemptFilter is what a list of attempts is asked for.
type attemptFilter struct {
	lead, cadence cadence.ID
	code          cadence.DispositionCode
	state         string
	caller        cadence.Number
	step          string
	run           int    // 0: any
	counts        string // a figure that the call counts in, "" for any
	week          int    // hour of the week where the lead is, -1 for any
	from, to      int64
	among         map[cadence.ID]bool // cadences of a kind, nil for all
	campaign      string
}

// figures are what counts can name: whether a closed call counts in it.
var figures = map[string]func(*state.Attempt) bool{
	"attempts":    func(a *state.Attempt) bool { return a.Accepted },
	"completed":   func(a *state.Attempt) bool { return a.Completed },
	"answered":    func(a *state.Attempt) bool { return a.Answered },
	"contacts":    func(a *state.Attempt) bool { return a.Contact },
	"conversions": func(a *state.Attempt) bool { return a.Converted },
	"abandoned":   func(a *state.Attempt) bool { return a.Abandoned },
	"voicemails":  func(a *state.Attempt) bool { return a.Voicemail },
	"unconfirmed": func(a *state.Attempt) bool { return a.State == event.NotPlaced },
}

func (f *attemptFilter) matches(a *state.Attempt) bool {
	return (f.lead.IsZero() || a.Lead == f.lead) && (f.cadence.IsZero() || a.Cadence == f.cadence) && (f.among == nil || f.among[a.Cadence]) &&
		(f.campaign == "" || a.Campaign == f.campaign) &&
		(f.code == "" || a.Code == f.code) && (f.state == "" || a.State.String() == f.state) &&
		(f.caller == "" || a.From == f.caller) && (f.step == "" || a.StepKey == f.step) && (f.run == 0 || a.Run == f.run) &&
		(f.counts == "" || figures[f.counts](a)) && (f.week < 0 || int(projection.WeekHour(a.Local)) == f.week) && a.At >= f.from && (f.to == 0 || a.At < f.to)
}

func (a *API) attemptFilter(r *request) (f attemptFilter, err error) {
	if s := r.query("lead"); s != "" {
		if f.lead, err = parseID(cadence.KindLead, "lead", s); err != nil {
			return f, err
		}
	}
	if s := r.query("cadence"); s != "" {
		row, err := a.cadenceRef(s)
		if err != nil {
			return f, err
		}
		f.cadence = row.ID
	}
	if f.among, err = a.cadencesOf(r.query("type"), r.query("cadence_status")); err != nil {
		return f, err
	}
	if s := r.query("disposition"); s != "" {
		d, known := a.op.Dispositions().Resolve(cadence.DispositionCode(s))
		if !known {
			return f, invalid("disposition", "there is no disposition "+s)
		}
		f.code = d.Code
	}
	if s := r.query("caller_id"); s != "" {
		if f.caller, err = number("caller_id", s); err != nil {
			return f, err
		}
	}
	f.state, f.step, f.campaign = r.query("state"), r.query("step"), r.query("campaign")
	if err = f.drill(r); err != nil {
		return f, err
	}
	f.from, f.to, err = r.period()
	return f, err
}

// cadencesOf are the cadences whose answers go to a kind of target and that
// are in a status, as they are now and as the overview groups them; nil when
// neither is asked for.
func (a *API) cadencesOf(kind, status string) (map[cadence.ID]bool, error) {
	if kind == "" && status == "" {
		return nil, nil
	}
	if kind != "" && !projection.IsAnswerType(kind) {
		return nil, invalid("type", "type must be number, sip, message, agents, ai, mixed or none")
	}
	switch event.Status(status) {
	case "", event.Draft, event.Active, event.Inactive, event.Archived:
	default:
		return nil, invalid("cadence_status", "cadence_status must be draft, active, inactive or archived")
	}
	rows := a.op.Rows()
	all, err := projection.Cadences(rows)
	if err != nil {
		return nil, err
	}
	out := map[cadence.ID]bool{}
	for _, c := range all {
		doc, err := projection.Running(rows, c, a.docs)
		if err != nil {
			return nil, err
		}
		out[c.ID] = (kind == "" || projection.AnswerType(doc) == kind) && (status == "" || string(c.Status) == status)
	}
	return out, nil
}

// drill reads what the figures of a report are made of.
func (f *attemptFilter) drill(r *request) (err error) {
	f.week = -1
	if f.counts = r.query("counts"); f.counts != "" && figures[f.counts] == nil {
		return invalid("counts", "counts must be "+strings.Join(slices.Sorted(maps.Keys(figures)), ", "))
	}
	if s := r.query("run"); s != "" {
		if f.run, err = strconv.Atoi(s); err != nil || f.run < 1 {
			return invalid("run", "run must be 1 or more")
		}
	}
	day, hour := r.query("weekday"), r.query("hour")
	if day == "" && hour == "" {
		return nil
	}
	d, err := strconv.Atoi(day)
	if err != nil || d < 1 || d > 7 {
		return invalid("weekday", "weekday must be 1 (Monday) to 7 (Sunday), and hour beside it")
	}
	h, err := strconv.Atoi(hour)
	if err != nil || h < 0 || h > 23 {
		return invalid("hour", "hour must be 0 to 23, and weekday beside it")
	}
	f.week = (d-1)*24 + h
	return nil
}

// The parts of a list of attempts: the open ones come first.
const (
	partOpen   = "o"
	partClosed = "c"
)

// attemptPage gathers one page.
type attemptPage struct {
	limit int
	f     attemptFilter
	ids   []cadence.ID
	rows  []*state.Attempt
	next  *string
}

func (p *attemptPage) full() bool { return len(p.ids) >= p.limit }

func (p *attemptPage) stop(part string, at int64, id cadence.ID) {
	s := place{part, at, id}.text()
	p.next = &s
}

// listAttempts lists open attempts first, then closed ones, each newest first.
func (a *API) listAttempts(r *request) (answer, error) {
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	f, err := a.attemptFilter(r)
	if err != nil {
		return answer{}, err
	}
	from, set, err := r.place()
	if err != nil {
		return answer{}, err
	}
	if set && from.part != partOpen && from.part != partClosed {
		return answer{}, badCursor()
	}
	rows := a.op.Rows()
	p := attemptPage{limit: limit, f: f}
	if !set || from.part == partOpen {
		if err := p.open(rows, from, set); err != nil {
			return answer{}, err
		}
		from, set = place{}, false
	}
	if p.next == nil {
		if err := p.closed(rows, from, set); err != nil {
			return answer{}, err
		}
	}
	out := datedPage[attemptItem]{AsOf: a.asOf(), Items: []attemptItem{}, Next: p.next}
	n := newNames(rows)
	for i, row := range p.rows {
		it, err := attemptOf(n, p.ids[i], row)
		if err != nil {
			return answer{}, err
		}
		out.Items = append(out.Items, it)
	}
	return ok(out)
}

func (p *attemptPage) open(rows state.Rows, from place, set bool) error {
	var all []*state.Open
	if err := rows.Opens(func(o *state.Open) bool {
		if o.I.Rehearsal.IsZero() {
			all = append(all, o)
		}
		return true
	}); err != nil {
		return err
	}
	slices.SortFunc(all, func(x, y *state.Open) int {
		return cmp.Or(cmp.Compare(y.I.At, x.I.At), slices.Compare(y.I.Attempt[:], x.I.Attempt[:]))
	})
	var last *state.Open
	for _, o := range all {
		behind := o.I.At < from.at || o.I.At == from.at && slices.Compare(o.I.Attempt[:], from.id[:]) < 0
		row := openAsClosed(o)
		if set && !behind || !p.f.matches(row) {
			continue
		}
		if p.full() {
			p.stop(partOpen, last.I.At, last.I.Attempt)
			return nil
		}
		p.ids, p.rows, last = append(p.ids, o.I.Attempt), append(p.rows, row), o
	}
	return nil
}

func (p *attemptPage) closed(rows state.Rows, from place, set bool) error {
	scanned := 0
	var lastAt int64
	var lastID cadence.ID
	visit := func(id cadence.ID, a *state.Attempt) bool {
		if p.full() || scanned == maxScan {
			if scanned == 0 { // the page was filled by open ones: begin here
				p.stop(partClosed, a.At+1, cadence.ID{})
			} else {
				p.stop(partClosed, lastAt, lastID)
			}
			return false
		}
		scanned, lastAt, lastID = scanned+1, a.At, id
		if p.f.matches(a) {
			p.ids, p.rows = append(p.ids, id), append(p.rows, a)
		}
		return true
	}
	if !p.f.lead.IsZero() {
		before := int64(0)
		if set {
			before = from.at
		}
		return rows.AttemptsOfLead(p.f.lead, before, visit)
	}
	to := p.f.to
	if to == 0 {
		to = 1 << 53
	}
	if set {
		return rows.AttemptsBetween(p.f.from, from.at, from.id, visit)
	}
	return rows.AttemptsBetween(p.f.from, to, cadence.ID{}, visit)
}

// attemptDetail is one attempt with its permit and its dispositions.
type attemptDetail struct {
	attemptItem
	AsOf         string            `json:"as_of"`
	DueAt        string            `json:"due_at"`
	Detection    string            `json:"detection"`
	PutThrough   putThrough        `json:"put_through"`
	Cost         costItem          `json:"cost"`
	CallerID     callerChoice      `json:"caller_id"`
	Verdict      verdictItem       `json:"verdict"`
	Dispositions []dispositionItem `json:"dispositions"`
}

// putThrough is how long a person waited for somebody.
type putThrough struct {
	After   *float64 `json:"after"`
	Within  *float64 `json:"within"`
	Late    bool     `json:"late"`
	Message bool     `json:"message"`
}

func putThroughOf(x *state.Attempt) putThrough {
	seconds := func(ms int64) *float64 {
		if ms <= 0 {
			return nil
		}
		return new(float64(ms) / 1000)
	}
	return putThrough{After: seconds(x.Wait), Within: seconds(x.Within), Late: x.Late, Message: x.Told}
}

func (a *API) getAttempt(r *request) (answer, error) {
	id, err := r.id(cadence.KindAttempt)
	if err != nil {
		return answer{}, err
	}
	d, err := a.attempt(id)
	if err != nil {
		return answer{}, err
	}
	return ok(d)
}

// attempt reads an attempt whether it is open or closed.
func (a *API) attempt(id cadence.ID) (*attemptDetail, error) {
	rows := a.op.Rows()
	d := &attemptDetail{AsOf: a.asOf(), Dispositions: []dispositionItem{}}
	open, err := rows.Open(id)
	if err != nil {
		return nil, err
	}
	var row *state.Attempt
	reckoned := int64(0)
	if open != nil && open.I.Rehearsal.IsZero() {
		row, reckoned = openAsClosed(open), open.I.Cost
		if open.Posted != nil {
			d.Dispositions = append(d.Dispositions, posted(open.Posted))
		}
	} else {
		if row, err = rows.Attempt(id); err != nil {
			return nil, err
		}
		if row == nil || !row.Rehearsal.IsZero() { // a rehearsal is shown as one
			return nil, notFound("attempt")
		}
		if d.Dispositions, err = history(rows, id, row); err != nil {
			return nil, err
		}
	}
	if d.attemptItem, err = attemptOf(newNames(rows), id, row); err != nil {
		return nil, err
	}
	d.DueAt, d.Detection, d.PutThrough, d.Cost = at(row.Due), detectionOf(row.AMD), putThroughOf(row), costOf(row, reckoned)
	if d.CallerID, err = a.callerChoice(row); err != nil {
		return nil, err
	}
	replayed, err := a.op.Replay(row)
	if err != nil && !errors.Is(err, dialer.ErrNoVerdict) {
		return nil, err
	}
	d.Verdict = verdictShown(&replayed)
	return d, nil
}

// history lists every disposition a closed attempt was given, oldest first.
func history(rows state.Rows, id cadence.ID, row *state.Attempt) ([]dispositionItem, error) {
	var later []dispositionItem
	first := row.Code
	err := rows.Revisions(id, func(v *state.Revision) bool {
		if v.Why == "evidence" && v.Code == v.Was { // of how it went, not of what it came to
			return true
		}
		if len(later) == 0 {
			first = v.Was
		}
		later = append(later, dispositionItem{string(v.Code), by(v.Code, v.By), at(v.At), v.Note, maybe(v.CallbackAt), variables(v.Variables)})
		return true
	})
	out := []dispositionItem{}
	if first != "" {
		who := "system"
		if len(later) == 0 {
			who = row.By
		}
		out = append(out, dispositionItem{string(first), by(first, who), at(row.EndedAt), row.Note, nil, variables(nil)})
	}
	return append(out, later...), err
}

type dispositionRequest struct {
	Code       string            `json:"code"`
	Variables  map[string]string `json:"variables"`
	Note       string            `json:"note"`
	CallbackAt string            `json:"callback_at"`
}

// disposeAttempt is the only way in for what happens after the answer.
func (a *API) disposeAttempt(ctx context.Context, r *request) (answer, error) {
	id, err := r.id(cadence.KindAttempt)
	if err != nil {
		return answer{}, err
	}
	var in dispositionRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	m := &dialer.Dispose{Attempt: id, Code: cadence.DispositionCode(in.Code), Variables: in.Variables, Note: in.Note}
	if m.By, err = author(r, ""); err != nil {
		return answer{}, err
	}
	switch {
	case in.Code == "" || len(in.Code) > 64:
		return answer{}, invalid("code", "code is needed: a disposition code or an alias of one")
	case len(in.Note) > cadence.MaxFieldBytes:
		return answer{}, invalid("note", "note is longer than 8192 bytes")
	case len(in.Variables) > cadence.MaxLeadFields:
		return answer{}, invalid("variables", "variables has more than 200 members")
	}
	for k, v := range in.Variables {
		if len(k) > 256 || len(v) > cadence.MaxFieldBytes {
			return answer{}, invalid("variables."+k, "a variable's name has at most 256 bytes, its value 8192")
		}
	}
	if in.CallbackAt != "" {
		if m.CallbackAt, err = instant("callback_at", in.CallbackAt); err != nil {
			return answer{}, err
		}
	}
	if err := a.command(ctx, m); err != nil {
		return answer{}, err
	}
	d, err := a.attempt(id)
	return answer{status: http.StatusOK, body: d}, err
}
